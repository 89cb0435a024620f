"""What the pages of an OFD refer to by number: fonts, pictures, composite drawings. Source: GB/T 33190-2016, 7.9."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from parsers.documents.ofd_package import OfdPackage, children
from parsers.errors import LimitError, ParserError

_BOLD_NAMES = ("bold", "heavy", "demi", "粗")
_BLACK_NAMES = ("simhei", "heiti", "黑体", "小标宋", "xiaobiaosong", "fzxbs", "fzhei")
"""Faces that Chinese documents set headings in, and their file names."""


class Face(NamedTuple):
    """What a font says of the text set in it."""

    bold: bool = False
    black: bool = False
    """A face used for headings."""


@dataclass(slots=True)
class Resources:
    """By ID. Those of a page stand before those of its document."""

    faces: dict[str, Face] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    """Part names; a picture whose part is missing is not among them."""
    composites: dict[str, etree._Element] = field(default_factory=dict)

    def load(self, package: OfdPackage, part: str | None) -> None:
        """Add what a resource part defines; one that is missing or broken defines nothing.

        Raises:
            LimitError: It is too large.
        """
        if part is None:
            return
        try:
            root = package.xml(part)
        except LimitError:
            raise
        except ParserError:
            return
        base = root.get("BaseLoc", "")
        for font in root.iterfind("Fonts/Font"):
            self.faces[font.get("ID", "")] = _face(font)
        for media in root.iterfind("MultiMedias/MultiMedia"):
            if media.get("Type", "Image").lower() == "image":
                file = (media.findtext("MediaFile") or "").strip()
                found = package.resolve(part, posixpath.join(base, file)) or package.resolve(part, file)
                if file and found is not None:
                    self.pictures[media.get("ID", "")] = found
        for unit in root.iterfind("CompositeGraphicUnits/CompositeGraphicUnit"):
            self.composites[unit.get("ID", "")] = unit

    def with_own(self, package: OfdPackage, parts: list[str]) -> Resources:
        """These and what the parts of one page define; itself when there are none."""
        if not parts:
            return self
        both = Resources(dict(self.faces), dict(self.pictures), dict(self.composites))
        for part in parts:
            both.load(package, part)
        return both


def load_resources(package: OfdPackage, part: str, common: etree._Element | None) -> Resources:
    """What PublicRes and DocumentRes of one document define."""
    resources = Resources()
    for element in children(common, "PublicRes", "DocumentRes"):
        resources.load(package, package.resolve(part, element.text))
    return resources


def _face(font: etree._Element) -> Face:
    name = f"{font.get('FontName', '')} {font.get('FamilyName', '')}".lower()
    return Face(
        bold=font.get("Bold", "").lower() == "true" or any(word in name for word in _BOLD_NAMES),
        black=any(word in name for word in _BLACK_NAMES),
    )
