"""Whose case it is, taken out of what judges read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "××"
_PLACES = re.compile(r".{1,100}?(?:省|市|自治区|社区|街道|区|县|镇|乡|村)")
_OWN = ("社区", "街道", "镇", "乡", "村")
"""Places that tell one submitter from another; district and city are the same for all."""


def names_to_hide(unit: str, *others: str) -> tuple[str, ...]:
    """The unit, its places (榕荫社区), their bare names (榕荫) and `others` (the contact); longest first, each once."""
    found = {unit, *others}
    for place in _PLACES.findall(unit):
        ending = next((each for each in _OWN if place.endswith(each)), None)
        if ending is not None:
            found |= {place, place.removesuffix(ending)}
    return tuple(sorted((name for name in found if len(name) > 1), key=lambda name: (-len(name), name)))


def hide_names(text: str, names: Iterable[str]) -> str:
    """`text` with ×× for every one of `names`; of a place its kind stays (××社区)."""
    for name in filter(None, names):  # "" stands between any two characters: forty would fill the memory
        ending = next((each for each in _OWN if name.endswith(each)), "")
        text = text.replace(name, HIDDEN + ending)
    return text
