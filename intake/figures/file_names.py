"""Names for files and folders that every system takes, Windows first. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

PART_BYTES = 150
"""UTF-8 bytes of one name; Windows ends a whole path at 260 characters, Linux a name at 255 bytes."""

_FULL_WIDTH = str.maketrans('<>:"/\\|?*#%', "〈〉：”／＼｜？＊＃％")
"""Windows forbids all but the last two; those lead a link of a workbook astray."""
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?=$|[. ])", re.IGNORECASE)
"""Source: Microsoft, Naming Files, Paths, and Namespaces."""
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_STARTS_SOMETHING = frozenset(
    [
        "exe",
        "com",
        "bat",
        "cmd",
        "scr",
        "pif",
        "cpl",
        "msi",
        "msp",
        "msc",
        "lnk",
        "url",
        "hta",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "wsh",
        "ws",
        "ps1",
        "psm1",
        "jar",
        "reg",
        "chm",
        "scf",
        "inf",
        "gadget",
        "application",
        "appref-ms",
        "iso",
        "img",
        "vhd",
        "dll",
        "ocx",
        "sh",
        "desktop",
    ]
)
"""Endings at which a double click would start what a stranger sent."""
_NOT_OPENED = ".不要打开"


def safe_name(text: str, limit_bytes: int = PART_BYTES) -> str:
    """`text` as the name of a file or folder; its ending is kept when it is cut. Never empty, "." or "..".

    What would be started by a double click gets an ending that nothing starts.
    """
    visible = "".join(
        " " if char.isspace() else char for char in text if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    name = " ".join(unicodedata.normalize("NFC", visible).translate(_FULL_WIDTH).split()).strip(" .")
    name = name.lstrip("~")  # owner files of Office begin so, and are hidden
    if name.rpartition(".")[2].lower() in _STARTS_SOMETHING and "." in name:
        name = f"{name[: -1 - len(name.rpartition('.')[2])]}.{name.rpartition('.')[2]}{_NOT_OPENED}"
    name = _cut(name, limit_bytes)
    if _RESERVED.match(name):
        name = f"_{name}"
    return name or "未命名"


def numbered(name: str, taken: Iterable[str]) -> str:
    """`name`, or with the first free number before its ending; letters of either case are the same to Windows."""
    used = {each.casefold() for each in taken}
    ending = _ending(name)
    stem = name[: len(name) - len(ending)]
    tried, count = name, 1
    while tried.casefold() in used:
        count += 1
        tried = f"{stem}({count}){ending}"
    return tried


def _ending(name: str) -> str:
    if name.endswith(_NOT_OPENED):
        inner = _ENDING.search(name.removesuffix(_NOT_OPENED))
        return (inner.group() if inner else "") + _NOT_OPENED
    found = _ENDING.search(name)
    return found.group() if found and found.start() else ""


def _cut(name: str, limit_bytes: int) -> str:
    if len(name.encode()) <= limit_bytes:
        return name
    ending = _ending(name)
    kept = name[: len(name) - len(ending)].encode()[: limit_bytes - len(ending.encode()) - 3].decode(errors="ignore")
    return f"{kept.rstrip(' .')}…{ending}"
