"""Passwords that people state for what they send: in the letter, in a file's name, in a note beside it. Pure.

Everything found is only tried on a locked file, so that a wrong candidate costs a moment and a missed one a letter.
"""

from __future__ import annotations

import re
import unicodedata

MOST = 20
"""Candidates taken from one text."""
_LONGEST = 64
_LONGEST_TYPED = 200
"""As many characters as the field for it takes: what was typed is not left untried because nobody states so much."""

_WORD = r"(?:解压|压缩包?|打开|文件|文档|附件|开启|解密|解壓|壓縮包?|打開|檔案)?(?:密\s?码|密\s?碼|口令|解压码|解壓碼)"
_ENGLISH = r"\b(?:password|passwd|passcode|pwd|psw|pw)\b"
_LINK = r"\s{0,9}(?:统一|統一|都|均|一律)?\s{0,9}(?:为|為|是|设为|設為|：|:|=|＝|\bis\b|->|→)\s{0,9}[:：=]?\s{0,9}"
_QUOTED = r"[“\"'‘「『【《\[<(（](?P<quoted>[^”\"'’」』】》\]>)）\n]{1,64})[”\"'’」』】》\]>)）]"
_PLAIN = r"(?P<plain>[!-~！-～]{1,64}|[\w·\-]{1,24})"
_STATED = re.compile(rf"(?:{_WORD}|{_ENGLISH}){_LINK}(?:{_QUOTED}|{_PLAIN})", re.IGNORECASE)
_BARE = re.compile(rf"(?:{_WORD}|{_ENGLISH})\s?(?P<plain>[A-Za-z0-9@#!$%&*._\-]{{3,64}})", re.IGNORECASE)
_BEFORE = re.compile(
    rf"(?P<plain>[A-Za-z0-9@#!$%&*._\-]{{3,64}}+)\s{{0,9}}(?:[(（]\s{{0,9}}{_WORD}\s{{0,9}}[)）]|(?:是|为|為)\s{{0,9}}{_WORD})"
)
_TIMES = re.compile(r"(?P<times>\d|[两兩二三四五六七八九十])\s?个\s?(?P<what>[A-Za-z0-9])(?![A-Za-z0-9])")
_NUMBERS = {"两": 2, "兩": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_TRAILING = "，。；、,.;:!！?？)）]】>》\"'”’"
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,4}$")
_NONE_STATED = re.compile(r"(?:无|無|没有|沒有|空|多少|什么|什麼|啥|几|幾|哪|不对|不對|错|錯).{0,8}")
"""密码：无, 密码是多少: nothing is stated, but asked or denied."""


def find_passwords(text: str) -> tuple[str, ...]:
    """What `text` states as a password, most explicit first, each once, at most `MOST`; empty when nothing.

    解压密码：1234, 密码为“案例2022”, password is abc, 1234（解压密码）, 密码是6个8. Full-width letters come back as typed and
    as half-width ones; what may be the sentence's own punctuation comes back with and without it.
    """
    found: list[str] = []
    for pattern in (_STATED, _BARE, _BEFORE):
        for match in pattern.finditer(text):
            stated = (match.groupdict().get("quoted") or match["plain"]).strip()
            found += _variants(stated)
            found += _spelt_out(text[match.start() : match.end() + 4])
    usable = (
        each
        for each in found
        if each and each.isprintable() and len(each) <= _LONGEST and not _NONE_STATED.fullmatch(each)
    )
    return tuple(dict.fromkeys(usable))[:MOST]


def find_passwords_in_name(name: str) -> tuple[str, ...]:
    """What a file's name states as a password, its extension left out: 案例(密码1234).zip."""
    stem = _EXTENSION.sub("", name)
    return find_passwords(stem.replace("_", " "))


def typed_passwords(field: str) -> tuple[str, ...]:
    """What somebody typed where nothing but a password is asked for, likeliest first, each once; empty for nothing.

    As typed and in half-width letters, and what it states when it is a sentence nevertheless; of several in one field,
    parted by spaces, commas, 、 or 或, each.
    """
    whole = field.strip()
    apart = re.split(r"[\s、，,；;或/]+", whole)
    candidates = [whole, unicodedata.normalize("NFKC", whole), *find_passwords(whole), *apart]
    usable = (each for each in candidates if each and each.isprintable() and len(each) <= _LONGEST_TYPED)
    return tuple(dict.fromkeys(usable))[:MOST]


def without_passwords(text: str, *, instead: str = "（已隐去）") -> str:
    """`text` with `instead` in the place of everything that `find_passwords` finds stated in it."""
    spans = sorted(
        match.span("quoted") if match.groupdict().get("quoted") else match.span("plain")
        for pattern in (_STATED, _BARE, _BEFORE)
        for match in pattern.finditer(text)
    )
    pieces, at = [], 0
    for start, end in spans:
        aloud = _TIMES.match(text, start)
        stated = aloud[0] if aloud else text[start:end].rstrip(_TRAILING)
        if start < at or not stated or _NONE_STATED.fullmatch(stated):
            continue
        pieces += [text[at:start], instead]
        at = start + len(stated)
    return "".join([*pieces, text[at:]])


def _variants(stated: str) -> list[str]:
    plain = stated.rstrip(_TRAILING)
    half = unicodedata.normalize("NFKC", plain)
    # "1234，其他问题": a run of Latin marks ends where the sentence goes on.
    lead = re.match(r"[!-+\--~]+", half)
    return [plain, half, *([lead[0].rstrip(_TRAILING)] if lead else []), stated]


def _spelt_out(passage: str) -> list[str]:
    """六个8, 6个0: as said aloud."""
    match = _TIMES.search(passage)
    if match is None:
        return []
    times = int(match["times"]) if match["times"].isdigit() else _NUMBERS[match["times"]]
    return [match["what"] * times]
