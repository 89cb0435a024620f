"""Which pictures count as photos of a case. Pure.

Every picture of a set is looked at once; what is not counted says why. When in doubt a
picture counts: certificates, notice boards, screenshots, collages and before-and-after
pairs are photos, and a submitter asked for a sixth photo he has sent is worse served
than an organizer who meets a logo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intake.model import Photo, ReadFile, Source, WhyNotCounted
from parsers.facts import PhotoFacts
from parsers.photos.sameness import same_picture, similar_picture

_PIXEL_PX = 10
"""Both sides at most this: a tracking or spacer pixel; no thumbnail is that small."""
_SMALL_PX = 200
"""Longer side below this: icons and emoticons are 16 to 192 px, the thumbnails of messengers 240 px and more."""
_SHOWN_SMALL_PX = 64
"""A document shows nothing meant to be looked at smaller than this (1.7 cm at 96 dpi) on its longer side."""
_RIBBON_RATIO = 6.0
_RIBBON_PX = 200
"""A strip six times as long as high, and lower than this, is a divider or a letterhead; a panorama is higher."""
_FLAT_COLOURS = 24
_FLAT_PX = 640
"""Few colours and small: a logo, a QR code, a seal. Photographs show hundreds of colours, a page of text is larger."""
_LOGO_PX = 400
_LOGO_FLAT_PERCENT = 75
"""Smaller still and mostly of five colours: a logo with soft edges. A certificate this small could not be read."""
_CUT_OUT_PX = 1200
_CUT_OUT_PERCENT = 30
"""Seals and logos stand on nothing; of a screenshot no more than corners and a shadow let the ground through."""
_STICKER_PX = 320
"""A moving picture this small comes from a chat."""
_SIGNATURE_PX = 320
_SIGNATURE_SHOWN_PX = 160
"""An inline picture this small, or shown so small, belongs to a mail signature; inline photos of phones are larger."""
_MOVING_KINDS = ("gif", "webp", "png", "avif")
_DRAWN_KINDS = ("emf", "wmf", "svg")
"""Clip art and charts: no camera writes them."""

MOST_COMPARED = 40
"""A picture is held against so many others by its looks: hundreds of frames of one film must not hold up everybody's
letters. Beyond that only the same bytes are the same picture."""

_PREFERENCE: dict[Source, int] = {"attachment": 0, "inline": 1, "archive": 2, "embedded": 3}
"""Of the same picture come twice, the one counted: what was sent on purpose first."""


def count_photos(files: Sequence[ReadFile]) -> tuple[ReadFile, ...]:
    """`files` in the same order, with `counted`, `why_not` and `same_as` set on every `Photo`.

    The result depends on the pictures and their order alone: counting twice changes nothing.
    """
    places = [place for place, file in enumerate(files) if isinstance(file, Photo)]
    judged: dict[int, Photo] = {}
    kept: list[Photo] = []
    for place in sorted(places, key=lambda at: (_rank(files[at]), at)):
        photo = files[place]
        assert isinstance(photo, Photo)
        why_not = _why_not(photo)
        twin = _twin(photo, kept) if why_not is None else None
        if twin is not None:
            why_not = "same_picture"
        judged[place] = replace(
            photo, counted=why_not is None, why_not=why_not, same_as=twin.name if twin is not None else None
        )
        if why_not is None:
            kept.append(photo)
    return tuple(judged.get(place, file) for place, file in enumerate(files))


def counted_photos(files: Sequence[ReadFile]) -> tuple[Photo, ...]:
    """The photos of `files` that count, in order; `files` need not have been counted before."""
    return tuple(file for file in count_photos(files) if isinstance(file, Photo) and file.counted)


def _rank(file: ReadFile) -> int:
    return _PREFERENCE[file.source]


def _twin(photo: Photo, kept: Sequence[Photo]) -> Photo | None:
    by_bytes = next((each for each in kept if each.sha256 == photo.sha256), None)
    return by_bytes or next((each for each in kept[-MOST_COMPARED:] if is_same_picture(photo, each)), None)


def is_same_picture(a: Photo, b: Photo) -> bool:
    """Whether two pictures are one: the same bytes, or the same view resized or recompressed."""
    return a.sha256 == b.sha256 or same_picture(a.facts, b.facts)


def _why_not(photo: Photo) -> WhyNotCounted | None:
    facts = photo.facts
    if facts.kind in _DRAWN_KINDS:
        return "logo"
    longer, shorter = max(facts.width_px, facts.height_px), min(facts.width_px, facts.height_px)
    if shorter <= 0:
        return "unreadable"
    if longer <= _PIXEL_PX or shorter <= 3:
        return "tracking_pixel"
    if photo.source == "inline" and _is_of_a_signature(photo, longer):
        return "signature"
    if longer < _SMALL_PX or (photo.shown_px is not None and 0 < max(photo.shown_px) < _SHOWN_SMALL_PX):
        return "too_small"
    if shorter < _RIBBON_PX and longer >= _RIBBON_RATIO * shorter:
        return "logo"
    if facts.frames > 1 and facts.kind in _MOVING_KINDS and longer <= _STICKER_PX:
        return "too_small"
    return "logo" if _is_drawn(facts, longer) else None


def _is_drawn(facts: PhotoFacts, longer: int) -> bool:
    """Whether a picture is a logo, a seal or a QR code, told by its colours. Where the reader looked at none: False."""
    if not facts.colours:
        return False
    if facts.transparent_percent >= _CUT_OUT_PERCENT and longer <= _CUT_OUT_PX:
        return True
    few = facts.colours <= _FLAT_COLOURS and longer <= _FLAT_PX
    return few or (facts.flat_percent >= _LOGO_FLAT_PERCENT and longer <= _LOGO_PX)


def _is_of_a_signature(photo: Photo, longer: int) -> bool:
    shown = max(photo.shown_px) if photo.shown_px is not None else 0
    return longer <= _SIGNATURE_PX or 0 < shown <= _SIGNATURE_SHOWN_PX


def similar_photos(files: Sequence[ReadFile]) -> dict[int, str]:
    """For counted photos of `files`, by place: the name of an earlier counted one to be looked at beside it.

    Shots in a row, crops, stamped copies: two photos, which people may want to see side by side. Empty when none are.
    """
    found: dict[int, str] = {}
    earlier: list[Photo] = []
    for place, file in enumerate(files):
        if not (isinstance(file, Photo) and file.counted):
            continue
        near = next((photo for photo in earlier[-MOST_COMPARED:] if similar_picture(photo.facts, file.facts)), None)
        if near is not None:
            found[place] = near.name
        earlier.append(file)
    return found
