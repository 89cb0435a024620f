from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from intake.casework.photos import count_photos, counted_photos, similar_photos
from intake.model import Photo, ReadFile, WhyNotCounted
from tests.intake.casework.samples import document, photo, photos


def judged(*files: ReadFile) -> list[tuple[str, bool, WhyNotCounted | None, str | None]]:
    return [
        (file.name, file.counted, file.why_not, file.same_as) for file in count_photos(files) if isinstance(file, Photo)
    ]


@pytest.mark.parametrize(
    ("values", "why_not"),
    [
        ({"width_px": 4000, "height_px": 3000}, None),
        ({"width_px": 1, "height_px": 1, "source": "inline"}, "tracking_pixel"),
        ({"width_px": 600, "height_px": 2}, "tracking_pixel"),
        ({"width_px": 199, "height_px": 150}, "too_small"),
        ({"width_px": 200, "height_px": 150}, None),
        ({"width_px": 240, "height_px": 180}, None),
        ({"width_px": 32, "height_px": 32}, "too_small"),
        ({"width_px": 2000, "height_px": 1500, "source": "embedded", "shown_px": (48, 36)}, "too_small"),
        ({"width_px": 2000, "height_px": 1500, "source": "embedded", "shown_px": (64, 48)}, None),
        ({"width_px": 2000, "height_px": 1500, "shown_px": (0, 0)}, None),
        ({"width_px": 1200, "height_px": 150}, "logo"),
        ({"width_px": 1200, "height_px": 210}, None),
        ({"width_px": 6000, "height_px": 900}, None),
        ({"width_px": 400, "height_px": 400, "colours": 6, "kind": "png"}, "logo"),
        ({"width_px": 640, "height_px": 300, "colours": 24, "kind": "png"}, "logo"),
        ({"width_px": 641, "height_px": 300, "colours": 24, "kind": "png"}, None),
        ({"width_px": 640, "height_px": 300, "colours": 25, "kind": "png"}, None),
        ({"width_px": 400, "height_px": 400, "colours": 0, "kind": "png"}, None),
        ({"width_px": 400, "height_px": 400, "flat_percent": 75}, "logo"),
        ({"width_px": 400, "height_px": 400, "flat_percent": 74}, None),
        ({"width_px": 401, "height_px": 400, "flat_percent": 95}, None),
        ({"width_px": 800, "height_px": 800, "transparent_percent": 30, "kind": "png"}, "logo"),
        ({"width_px": 800, "height_px": 800, "transparent_percent": 29, "kind": "png"}, None),
        ({"width_px": 1201, "height_px": 800, "transparent_percent": 60, "kind": "png"}, None),
        ({"width_px": 240, "height_px": 240, "frames": 12, "kind": "gif"}, "too_small"),
        ({"width_px": 480, "height_px": 480, "frames": 12, "kind": "gif"}, None),
        ({"width_px": 300, "height_px": 300, "frames": 2, "kind": "heic"}, None),
        ({"width_px": 900, "height_px": 700, "kind": "emf"}, "logo"),
        ({"width_px": 900, "height_px": 700, "kind": "svg", "source": "embedded"}, "logo"),
        ({"width_px": 320, "height_px": 200, "source": "inline"}, "signature"),
        ({"width_px": 321, "height_px": 200, "source": "inline"}, None),
        ({"width_px": 900, "height_px": 300, "source": "inline", "shown_px": (160, 53)}, "signature"),
        ({"width_px": 4000, "height_px": 3000, "source": "inline", "shown_px": (300, 225)}, None),
        ({"width_px": 320, "height_px": 240}, None),
        ({"width_px": 0, "height_px": 0}, "unreadable"),
    ],
)
def test_photo_counts_unless_it_is_plainly_no_photo(values: dict[str, Any], why_not: WhyNotCounted | None) -> None:
    assert judged(photo(1, "a.jpg", **values)) == [("a.jpg", why_not is None, why_not, None)]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("荣誉证书.jpg", {"width_px": 1080, "height_px": 1527, "colours": 90}),
        ("系统截图.png", {"width_px": 1080, "height_px": 2340, "colours": 18, "kind": "png"}),
        ("九宫格拼图.jpg", {"width_px": 3000, "height_px": 3000, "colours": 1500}),
        ("公告栏.jpg", {"width_px": 1280, "height_px": 960, "colours": 300}),
        ("黑白老照片.jpg", {"width_px": 800, "height_px": 600, "colours": 30}),
        ("微信图片.jpg", {"width_px": 300, "height_px": 225}),
        ("电子证书.png", {"width_px": 800, "height_px": 566, "colours": 60, "flat_percent": 88, "kind": "png"}),
        ("窗口截图.png", {"width_px": 1900, "height_px": 1200, "transparent_percent": 22, "kind": "png"}),
    ],
)
def test_certificates_screenshots_collages_are_photos(name: str, values: dict[str, Any]) -> None:
    assert judged(photo(1, name, **values)) == [(name, True, None, None)]


def test_before_and_after_pair_counts_twice() -> None:
    assert [each.name for each in counted_photos((photo(1, "改造前.jpg"), photo(2, "改造后.jpg")))] == [
        "改造前.jpg",
        "改造后.jpg",
    ]


def test_same_picture_attached_zipped_and_embedded_counts_once_as_attachment() -> None:
    embedded = photo(1, "image1.jpeg", width_px=1000, height_px=750, source="embedded", container="案例.docx")
    zipped = photo(1, "照片/1.jpg", width_px=3000, height_px=2250, source="archive", container="照片.zip")
    attached = photo(1, "活动.jpg", width_px=800, height_px=600)

    assert judged(embedded, zipped, attached) == [
        ("image1.jpeg", False, "same_picture", "活动.jpg"),
        ("照片/1.jpg", False, "same_picture", "活动.jpg"),
        ("活动.jpg", True, None, None),
    ]


def test_same_picture_of_one_source_keeps_the_first() -> None:
    assert judged(photo(1, "a.jpg"), photo(1, "b.jpg", width_px=2000, height_px=1500)) == [
        ("a.jpg", True, None, None),
        ("b.jpg", False, "same_picture", "a.jpg"),
    ]


def test_burst_shots_taken_at_other_seconds_are_two_photos() -> None:
    first = photo(1, "a.jpg", taken_at_local="2022:12:01 09:30:00")
    second = photo(1, "b.jpg", taken_at_local="2022:12:01 09:30:01", width_px=4001)

    assert [each.name for each in counted_photos((first, second))] == ["a.jpg", "b.jpg"]


def test_picture_without_a_fingerprint_is_the_same_only_by_its_bytes() -> None:
    plain = photo(1, "a.jpg")
    vague = replace(plain, facts=plain.facts.model_copy(update={"grey_grid": ""}))
    other = replace(vague, name="b.jpg", sha256="f" * 64)
    again = replace(vague, name="c.jpg")

    assert judged(vague, other, again) == [
        ("a.jpg", True, None, None),
        ("b.jpg", True, None, None),
        ("c.jpg", False, "same_picture", "a.jpg"),
    ]


def test_thumbnail_in_the_letter_does_not_hide_the_picture_itself() -> None:
    small = photo(1, "缩略图.jpg", width_px=160, height_px=120)
    large = photo(1, "原图.jpg", source="archive")

    assert judged(small, large) == [("缩略图.jpg", False, "too_small", None), ("原图.jpg", True, None, None)]


def test_counting_twice_changes_nothing_and_leaves_documents_alone() -> None:
    files: tuple[ReadFile, ...] = (document(), *photos(1, 2), photo(1, "again.jpg", width_px=1000, height_px=750))

    once = count_photos(files)

    assert count_photos(once) == once
    assert once[0] == files[0]


def test_nothing_to_count_gives_nothing() -> None:
    assert count_photos(()) == ()


def test_shots_in_a_row_count_and_are_noticed_beside_the_first() -> None:
    first = photo(1, "a.jpg")
    greys = bytes.fromhex(first.facts.grey_grid)
    moved = bytes(min(255, grey + 60) if at % 32 == 7 else grey for at, grey in enumerate(greys))
    aside = replace(
        first, name="b.jpg", sha256="b" * 64, facts=first.facts.model_copy(update={"grey_grid": moved.hex()})
    )

    counted = count_photos((first, photo(2, "c.jpg"), aside))

    assert judged(*counted) == [("a.jpg", True, None, None), ("c.jpg", True, None, None), ("b.jpg", True, None, None)]
    assert similar_photos(counted) == {2: "a.jpg"}


def test_what_does_not_count_is_not_noticed_either() -> None:
    assert similar_photos(count_photos((photo(1, "a.jpg"), photo(1, "again.jpg")))) == {}
