"""What the control words and charsets of RTF stand for. Pure. Source: Rich Text Format Specification 1.9.1."""

from __future__ import annotations

SKIPPED = frozenset({
    "colortbl", "filetbl", "info", "template", "listtable", "listoverridetable", "revtbl", "themedata", "datastore",
    "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "annotation", "fldinst",
    "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "objdata", "nonshppict", "shprslt", "sp", "pntxta", "pntxtb",
    "xe", "rxe", "tc", "tcn", "bkmkstart", "bkmkend", "nonesttables",
})  # fmt: skip
"""Groups that print nothing, or print again what stands elsewhere."""
STARRED = frozenset({"shppict", "shpinst", "listtext", "pntext", "footnote"})
"""Groups marked as newer that are understood nevertheless; all others so marked are skipped."""
SIGNS = {
    "tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "emspace": "\u2003", "enspace": "\u2002",
}  # fmt: skip
"""Control words that print one character."""
SYMBOLS = {"~": "\u00a0", "_": "-", "\\": "\\", "{": "{", "}": "}"}
"""Control symbols that print one character."""
CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
"""Codecs by the charset of a font; others go by the file's code page."""
CODE_PAGES = {936: "gb18030", 950: "big5hkscs", 932: "cp932", 949: "cp949", 65001: "utf-8", 10000: "mac_roman"}
