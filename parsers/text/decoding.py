"""Bytes to text for mail bodies, names and text files from Chinese mailboxes. Pure.

Rejected: trusting labels (gb2312 is what GB18030 bytes are labelled with), and
single-byte charsets as an answer: they decode every file, wrongly. A Western
label is believed only for bytes that no Chinese charset explains better.
"""

from __future__ import annotations

import codecs
import functools
import re

from parsers.text.script import to_traditional

_GB = "gb18030"
_ALIASES = {
    "gb2312": _GB, "gb_2312_80": _GB, "gb231280": _GB, "euc_cn": _GB, "x_euc_cn": _GB, "csgb2312": _GB,
    "gbk": _GB, "x_gbk": _GB, "cp936": _GB, "ms936": _GB, "936": _GB, "windows_936": _GB, "chinese": _GB,
    "gb_18030": _GB, "gb18030_2000": _GB, "x_gb18030": _GB, "csgb18030": _GB,
    "big5": "big5hkscs", "big_5": "big5hkscs", "x_big5": "big5hkscs", "cn_big5": "big5hkscs", "csbig5": "big5hkscs",
    "big5_hkscs": "big5hkscs", "cp950": "big5hkscs", "950": "big5hkscs", "x_x_big5": "big5hkscs",
    "unicode_1_1_utf_8": "utf_8", "utf8mb4": "utf_8", "x_unicode": "utf_16", "unicode": "utf_16",
    "hz_gb_2312": "hz", "windows_874": "cp874", "ks_c_5601_1987": "cp949", "shift_jis": "cp932", "x_sjis": "cp932",
}  # fmt: skip
_WESTERN = frozenset({"ascii", "iso8859-1", "iso8859-15", "cp1252", "latin-1"})
"""Names as `codecs.lookup` gives them: what mailers write when they do not know."""
_NOT_FOR_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its BOM begins with the other's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", _GB),
)
_FREQUENT = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
    "相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展"
    "五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战"
    "先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白"
    "教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且"
    "街村居邻案征网格智慧背景做法效探讨经验创新服务协商小院楼物业附件请查您好谢址邮箱电话单位照片"
    "，。、：；！？（）《》“”‘’—…·「」"
)
"""The characters that make up most of any modern Chinese text, and its punctuation: mojibake has few of them."""
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
"""NUL ends text in many stores; lone surrogates (UTF-7 can spell them) have no UTF-8."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")


def decode_text(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """The text of `data` and the charset it was read with; NULs and a byte order mark are taken out.

    Ladder: byte order mark; the declared charset, strictly (gb2312 and gbk read as
    GB18030, Western labels distrusted); UTF-8, strictly; then whichever of GB18030,
    Big5 and UTF-16 without mark reads strictly and looks most like Chinese; last, the
    best of them with U+FFFD for what cannot be read.

    Args:
        data: The bytes, transfer encoding already undone.
        declared: A charset label as the sender wrote it; unknown ones are ignored.

    Source: RFC 2045 §5.2 for the label; measured on letters labelled gb2312 with GB18030 bytes.
    """
    for bom, charset in _BOMS:
        if data.startswith(bom):
            return _clean(data[len(bom) :].decode(charset, "replace")), charset
    if data.isascii() and b"\x00" not in data and not _is_seven_bit_label(declared):
        return data.decode("ascii"), "utf-8"
    label = _codec_name(declared)
    if label and label not in _WESTERN and (text := _strict(data, label)) is not None:
        return _clean(text), label
    if (text := _as_utf8(data)) is not None:
        return _clean(text), "utf-8"
    if (guess := _most_chinese(data, western=label in _WESTERN)) is not None:
        return guess
    if label in _WESTERN:
        # Declared, and no multi-byte charset explains it: a European name or address.
        return _clean(data.decode("cp1252", "replace")), "cp1252"
    return _with_losses(data, label)


def _codec_name(declared: str | None) -> str | None:
    """Python's name for a charset label, None when it names no text charset."""
    label = re.sub(r"[^a-z0-9]+", "_", (declared or "").strip().lower()).strip("_")
    if not label:
        return None
    try:
        info = codecs.lookup(_ALIASES.get(label, label))
    except (LookupError, ValueError):
        return None
    is_text = getattr(info, "_is_text_encoding", True)
    return info.name if is_text and info.name not in _NOT_FOR_TEXT else None


def _is_seven_bit_label(declared: str | None) -> bool:
    """Whether ASCII bytes may stand for something else: HZ, ISO-2022, UTF-7."""
    return (_codec_name(declared) or "").startswith(("hz", "iso2022", "utf-7"))


def _strict(data: bytes, charset: str) -> str | None:
    """The text when every byte reads, None otherwise; a character cut off at the end of a longer text is forgiven."""
    try:
        return data.decode(charset)
    except UnicodeError:
        if len(data) <= 64:
            return None
    try:
        return codecs.getincrementaldecoder(charset)().decode(data, final=False)
    except UnicodeError:
        return None


def _as_utf8(data: bytes) -> str | None:
    """The text when it is UTF-8, and not two GBK characters that happen to be valid UTF-8 (一 is D2 BB)."""
    text = _strict(data, "utf-8")
    if text is None or "\x00" in text:
        return None
    # No list of characters: each is an object of 76 bytes, and a letter may hold millions.
    if (
        "\x7f" < max(text, default="") <= "\u07ff"
        and (chinese := _strict(data, _GB)) is not None
        and _likeness(chinese) > 0.5
    ):
        return None
    return text


def _most_chinese(data: bytes, *, western: bool) -> tuple[str, str] | None:
    """The strict reading that looks most like Chinese; None when nothing reads, or only by chance."""
    candidates = [("utf-8", "utf-8"), (_GB, _GB), ("big5hkscs", "big5hkscs"), ("big5hkscs", "cp950")]
    if len(data) % 2 == 0:
        candidates += [("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be")]
    best: tuple[float, str, str] | None = None
    for name, codec in candidates:
        text = _strict(data, codec)
        if text is None:
            continue
        score = _likeness(text)
        # UTF-16 reads almost any bytes: only text that looks right, or NULs that nothing else explains, speak for it.
        if name.startswith("utf-16") and score < 0.3:
            continue
        if best is None or score > best[0]:
            best = (score, text, name)
    if best is None or (western and best[0] < 0.2):
        return None
    return _clean(best[1]), best[2]


def _with_losses(data: bytes, label: str | None) -> tuple[str, str]:
    """The reading with the fewest characters lost; the declared charset and UTF-8 go first among equals."""
    names = [name for name in (label, "utf-8", _GB, "big5hkscs") if name]
    readings = [(data.decode(name, "replace"), name) for name in names]
    text, name = min(readings, key=lambda reading: reading[0].count("\ufffd"))
    return _clean(text), name


def _likeness(text: str) -> float:
    """0 to 1: the share of frequent Chinese characters among all that are not ASCII; controls count against it."""
    frequent = _frequent()
    sample = text[:20_000]
    wide = [character for character in sample if character > "\x7f"]
    strange = len(_CONTROL.findall(sample))
    if not wide:
        return 1.0 if not strange else 0.0
    return sum(character in frequent for character in wide) / (len(wide) + strange)


@functools.cache
def _frequent() -> frozenset[str]:
    return frozenset(_FREQUENT) | frozenset(to_traditional(_FREQUENT))


def _clean(text: str) -> str:
    return _UNSTORABLE.sub("", text).removeprefix("\ufeff")
