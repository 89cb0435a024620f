"""Every demand a call makes of photos: at, below and above its limit, where nothing is known, and inside documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from config.errors import ConfigError
from intake.model import Finding, Photo
from tests.intake.checks.revisions import document, photo, revision, rule

MB = 1_048_576


def shot(name: str = "1.jpg", *, size_bytes: int = 2_000_000, source: Any = "attachment", **facts: Any) -> Photo:
    plain = photo(name)
    return replace(plain, size_bytes=size_bytes, source=source, facts=plain.facts.model_copy(update=facts))


def told(photo: Photo, **keys: Any) -> list[tuple[str, str]]:
    return [(one.code, one.severity) for one in rule("photo_quality", **keys).findings(revision(document(), photo))]


@pytest.mark.parametrize(
    ("keys", "facts", "outcome"),
    [
        ({"min_long_px": 1920}, {"width_px": 1080, "height_px": 1920}, []),
        ({"min_long_px": 1920}, {"width_px": 1919, "height_px": 1080}, [("photo_long_edge", "fix")]),
        ({"min_short_px": 1080}, {"width_px": 1080, "height_px": 1920}, []),
        ({"min_short_px": 1080}, {"width_px": 1920, "height_px": 1079}, [("photo_short_edge", "fix")]),
        ({"max_long_px": 1024}, {"width_px": 1024, "height_px": 768}, []),
        ({"max_long_px": 1024}, {"width_px": 768, "height_px": 1025}, [("photo_long_edge_over", "note")]),
        ({"min_megapixels": 5}, {"width_px": 2592, "height_px": 1944}, []),
        ({"min_megapixels": 5}, {"width_px": 2560, "height_px": 1920}, []),  # sold as 500万像素
        ({"min_megapixels": 5}, {"width_px": 2400, "height_px": 1800}, [("photo_megapixels", "fix")]),
        ({"exact_px": [1920, 1080]}, {"width_px": 1920, "height_px": 1080}, []),
        ({"exact_px": [1920, 1080]}, {"width_px": 1080, "height_px": 1920}, [("photo_exact", "fix")]),
        ({"exact_px": [1920, 1080]}, {"width_px": 1921, "height_px": 1080}, [("photo_exact", "fix")]),
        ({"min_mb": 2}, {"size_bytes": 2_000_000}, []),
        ({"min_mb": 2}, {"size_bytes": 1_999_999}, [("photo_few_bytes", "fix")]),
        ({"max_mb": 0.2}, {"size_bytes": 209_715}, []),
        ({"max_mb": 0.2}, {"size_bytes": 209_716}, [("photo_many_bytes", "fix")]),
        ({"min_dpi": 300}, {"dpi": 300}, []),
        ({"min_dpi": 300}, {"dpi": 72}, [("photo_dpi", "note")]),
        ({"min_dpi": 300}, {"dpi": None}, []),
        ({"colours": "RGB"}, {"mode": "RGB", "colour_space": "Display P3"}, []),
        ({"colours": "RGB"}, {"mode": "P"}, []),
        ({"colours": "RGB"}, {"mode": "CMYK"}, [("photo_colour", "fix")]),
        ({"colours": ["rgb", "灰度"]}, {"mode": "L"}, []),
        ({"colours": "sRGB"}, {"mode": "RGB"}, []),
        ({"colours": "sRGB"}, {"mode": "RGB", "colour_space": "sRGB"}, []),
        ({"colours": "sRGB"}, {"mode": "RGB", "colour_space": "Adobe RGB"}, [("photo_colour", "fix")]),
        ({"colours": "RGB"}, {"mode": ""}, []),
        ({"taken_from": date(2025, 1, 1)}, {"taken_at_local": "2025:01:01 00:00:00"}, []),
        ({"taken_from": date(2025, 1, 1)}, {"taken_at_local": "2024:12:31 23:59:59"}, [("photo_taken", "human")]),
        ({"taken_until": date(2025, 1, 1)}, {"taken_at_local": "2025:01:02 00:00:00"}, [("photo_taken", "human")]),
        ({"taken_from": date(2025, 1, 1)}, {"taken_at_local": None}, []),
        ({"taken_from": date(2025, 1, 1)}, {"taken_at_local": "2022:13:41 09:30:00"}, []),
        ({"keeps_exif": True}, {"exif": True}, []),
        ({"keeps_exif": True}, {"taken_at_local": "2025:01:01 00:00:00"}, []),
        ({"keeps_exif": True}, {}, [("photo_no_exif", "fix")]),
        ({"place": "files"}, {}, []),
        ({"place": "document"}, {}, [("photo_outside_document", "fix")]),
    ],
)
def test_a_photo_beside_what_is_asked(keys: dict[str, Any], facts: dict[str, Any], outcome: object) -> None:
    assert told(shot(**facts), **keys) == outcome


@pytest.mark.parametrize(
    ("keys", "facts", "outcome"),
    [
        ({"min_long_px": 1920, "min_mb": 1}, {"width_px": 640, "height_px": 480, "size_bytes": 90_000}, "human"),
        ({"colours": "RGB", "keeps_exif": True}, {"mode": "CMYK"}, "human"),
        ({"min_mb": 1}, {"size_bytes": 1_000_000}, None),
        ({"max_mb": 1}, {"size_bytes": 9_000_000}, "note"),
        ({"place": "document"}, {}, None),
        ({"place": "files"}, {}, "fix"),
    ],
)
def test_what_a_document_may_have_shrunk_is_never_the_writers_fault(
    keys: dict[str, Any], facts: dict[str, Any], outcome: str | None
) -> None:
    found = told(shot("image1.jpeg", source="embedded", **facts), **keys)

    assert [severity for _, severity in found] == ([outcome] if outcome else [])


def test_a_photo_that_is_in_the_document_too_is_in_the_document() -> None:
    attached = shot("广场.jpg")
    inside = replace(shot("image1.jpeg", source="embedded"), counted=False, why_not="same_picture", same_as="广场.jpg")

    assert rule("photo_quality", place="document").findings(revision(document(), attached, inside)) == ()


def test_every_demand_not_met_is_told_with_its_figures() -> None:
    asks = rule("photo_quality", min_long_px=1920, min_mb=1.5, min_megapixels=5)

    found = asks.findings(revision(document(), shot("活动.jpg", width_px=1280, height_px=720, size_bytes=MB // 2)))

    size = {"width": 1280, "height": 720}
    assert found == (
        told_of("photo_long_edge", **size, min=1920),
        told_of("photo_megapixels", **size, found_wan=92, min_wan=500, megapixels=5),
        told_of("photo_few_bytes", found=0.5, min=1.5),
    )


def told_of(code: str, **values: Any) -> Finding:
    return Finding("photo_quality", "photo_quality", code, "fix", file="活动.jpg", values=values)


def test_pictures_that_do_not_count_are_not_judged() -> None:
    logo = replace(shot(width_px=10, height_px=10), counted=False, why_not="logo")

    asks = rule("photo_quality", min_long_px=1920)

    assert asks.findings(revision(document(), logo)) == ()
    assert not asks.judges(revision(document(), logo))
    assert asks.judges(revision(document(), shot()))


def test_a_soft_phrase_makes_notes() -> None:
    assert told(shot(width_px=640, height_px=480), min_long_px=1920, severity="note") == [("photo_long_edge", "note")]


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ({}, "没有写明要求"),
        ({"colours": "RBG"}, "没有“RBG”这种颜色模式"),
        ({"min_mb": 3, "max_mb": 2}, "min_mb 大于 max_mb"),
        ({"min_long_px": 3000, "max_long_px": 2000}, "min_long_px 大于 max_long_px"),
        ({"taken_from": date(2025, 2, 1), "taken_until": date(2025, 1, 1)}, "taken_from 大于 taken_until"),
        ({"min_long_px": 0}, "min_long_px"),
        ({"exact_px": [1920]}, "exact_px"),
    ],
)
def test_demands_that_make_no_sense_are_refused_by_name(keys: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        rule("photo_quality", **keys)

    assert complaint in str(caught.value)
