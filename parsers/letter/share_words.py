"""What letters say about a shared file: its name, size, end of life and 提取码. Pure.

Every function takes a short piece of text and finds what is stated in it; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
"""Chinese providers state their own time and no zone."""

_EXTENSIONS = (
    r"docx?|docm|dotx?|wps|wpt|pdf|odt|rtf|ofd|txt|xlsx?|et|pptx?|dps|zip|rar|7z|tar|gz|tgz|z\d\d|jpe?g|png|heic|heif|webp|"
    r"gif|bmp|tiff?|raw|cr2|nef|mp4|mov|avi|wmv|mkv|mp3|wav|m4a|eml|html?"
)
_SIZE = r"(?P<number>\d{1,7}(?:[.,]\d{1,3})?)\s?(?P<unit>[KMGT]i?B?|B|bytes?|字节|位元組)"
_SIZED = re.compile(rf"(?<![\w.]){_SIZE}(?![\w.])", re.IGNORECASE)
_UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_ROW = re.compile(
    rf"(?P<name>(?<![ \t])[ \t](?=[ \t]*+[(（])|[^()（）][^\n]{{0,200}}?(?<![ \t]))[ \t]*+[(（]\s*+(?:{_SIZE})\s*+(?:[,，、]\s*+(?P<end>[^()（）\n]{{0,60}}))?[)）]",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(
    rf"[^\s，。；：、,;:!！?？「」『』“”\"'《》<>【】\[\]|｜/\\]{{1,120}}\.(?:{_EXTENSIONS})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_BRACKETED = (
    re.compile(
        r"(?:分享|分享了|共享|传输|傳送|文件|檔案|链接|发送)[^「『“\[【《\n]{0,24}[「『“\[【]\s*+([^「」『』“”\[\]【】\n]{1,120}?)\s*+[」』”\]】]"
    ),
    re.compile(r"[「『]([^「」『』\n]{1,120}?)[」』]"),
)
_LABELLED = re.compile(
    r"(?:分享(?:给您|给你)?的?(?:文件|檔案)|文件分享|文件名称?|檔名|檔案名稱|附件名称|名称|标题|标題|File ?name)\s*[:：]\s*(?P<name>[^\n]{1,160}?)(?=\s*(?:https?://|链接|下载地址|$))",
    re.IGNORECASE,
)
_BRANDED = re.compile(
    r"【[^】\n]{0,16}(?:金山文档|WPS|腾讯文档|飞书|企业微信|钉钉|石墨)[^】\n]{0,16}】\s*(?P<name>[^\n]{1,160}?)(?=\s*(?:https?://|$))"
)
_NAMELESS = re.compile(
    r"(?:点击|立即|进入|直接|批量|全部|打开|查看|在线|极速|普通|高速|推荐客户端|保存到|转存|复制)?(?:下载(?:附件|文件|页面|地址|链接|全部)?|预览|查看|打开|链接|"
    r"分享链接|网盘链接|网盘|百度网盘|下載(?:附件|檔案|頁面)?|download|view|open|click here|点击这里|此处|这里|附件|文件|转存|转存网盘|保存|收藏|超链接|链接地址)",
    re.IGNORECASE,
)
_BRAND = re.compile(r"(?:网盘|云盘|網盤|微信|小程序|钉钉|飞书|邮箱)$|APP", re.IGNORECASE)
_WEEKDAY = r"(?:\s*+[(（]?\s*+(?:星期|周|週)[一二三四五六日天]\s*+[)）]?)?"
_TIME = r"(?:\s*+(?P<half>上午|下午|中午|晚上|凌晨|早上|AM|PM)?\s*+(?P<hour>\d{1,2})\s*+[:：时點点]\s*+(?P<minute>\d{1,2})?)?"
_DAY = re.compile(
    rf"(?P<year>20\d{{2}})\s*+[年./-]\s*+(?P<month>\d{{1,2}})\s*+[月./-]\s*+(?P<day>\d{{1,2}})\s*+日?{_WEEKDAY}{_TIME}",
    re.IGNORECASE,
)
_SHORT_DAY = re.compile(
    rf"(?<![\d年])(?P<month>\d{{1,2}})\s*+月\s*+(?P<day>\d{{1,2}})\s*+[日号號]{_WEEKDAY}{_TIME}", re.IGNORECASE
)
_MONTHS = {
    name: n
    for n, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_ENGLISH_DAY = re.compile(
    r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>20\d{2})"
    r"(?:,?\s+(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?\s*(?P<half>AM|PM)?)?",
    re.IGNORECASE,
)
_ENDS = r"到期|过期|過期|失效|有效期|截止|有效|前下载|前下載|过期时间|expir|available until|valid"
_ABOUT_END = re.compile(_ENDS, re.IGNORECASE)
_NEVER = re.compile(
    r"无限期|無限期|永久有效|长期有效|永不过期|永久保存|有效期\s*+[:：]?\s*+永久|never expires|no expiration",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"(?:有效期|有效时间|保留|保存|失效|过期|expires? in|valid for)\s*+(?:为|是|[:：])?\s*+(?P<first>\d{1,3})\s*+(?P<first_unit>天|日|小时|小時|个月|個月|days?|hours?)|"
    r"(?<![\d月年/.-])(?P<second>\d{1,3})\s*+(?P<second_unit>天|日|小时|小時|个月|個月|days?|hours?)\s*+(?:内|內|之内|后|後)?\s*+(?:有效|失效|过期|過期|到期)",
    re.IGNORECASE,
)
_HOURS = {"天": 24, "日": 24, "day": 24, "小时": 1, "小時": 1, "hour": 1, "个月": 720, "個月": 720}
_CODE = re.compile(
    r"(?:提取码|提取碼|提取密码|提取密碼|访问码|訪問碼|访问密码|訪問密碼|分享码|分享密码|取件码|提货码|验证码|传输口令|口令|密令|(?<![压縮缩包件开])密码|(?<![壓縮包件開])密碼|"
    r"access code|passcode|password|\bpwd)\s*+(?:为|是|為)?\s*+[:：=]?\s*+[“\"「【\[]?\s*+(?P<code>[0-9A-Za-z]{3,12})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_OWN_CODE = re.compile(r"提取码|提取碼|提取密码|提取密碼|访问码|訪問碼|访问密码|分享码|取件码", re.IGNORECASE)
_LONGEST_LINE = 1_000


def row_of(text: str) -> re.Match[str] | None:
    """A file's row as mail services print it, `name (86.2M, 2022年12月20日 10:12 到期)`; groups name, number, unit, end."""
    line = text[:_LONGEST_LINE]
    return _ROW.search(line) if "(" in line or "（" in line else None


def said_name(text: str) -> str:
    """The file's name in a line of a share text; empty when the line gives none."""
    line = text[:_LONGEST_LINE].strip()
    if row := row_of(line):
        name = clean_name(row["name"])
        if name:
            return name
    for pattern in (_LABELLED, _BRANDED):
        if found := pattern.search(line):
            return clean_name(found["name"])
    bracketed = (found[1] for pattern in _BRACKETED for found in pattern.finditer(line))
    named = next((name for name in bracketed if not _NAMELESS.fullmatch(name) and not _BRAND.search(name)), "")
    if named:
        return clean_name(named)
    file_name = _FILE_NAME.search(line)
    return clean_name(file_name[0]) if file_name else ""


def clean_name(text: str) -> str:
    """`text` as a name: one line, without bullets, labels and a closing mark; empty when it only says 下载."""
    name = " ".join(text.split())
    name = re.sub(r"^(?:[•·●▪\-—>*]|\d{1,2}[.、．]\s|附件\s*[:：]|文件\s*[:：]|下载\s*[:：])+\s*", "", name).strip(
        " \t,，;；:：|"
    )
    return "" if _NAMELESS.fullmatch(name) or re.match(r"https?:", name, re.IGNORECASE) else name[:200]


def has_file_name(text: str) -> bool:
    """Whether something in `text` ends as file names do."""
    return _FILE_NAME.search(text[:_LONGEST_LINE]) is not None


def said_size(text: str) -> int | None:
    """The first size in `text`, in bytes (units of 1024); None when there is none."""
    found = _SIZED.search(text[:_LONGEST_LINE])
    return size_of(found["number"], found["unit"]) if found else None


def size_of(number: str, unit: str) -> int:
    """A printed size in bytes."""
    return round(float(number.replace(",", ".")) * _UNITS.get(unit[:1].upper(), 1))


def said_end(text: str, *, sent_at: datetime | None) -> tuple[datetime | None, str]:
    """Until when the share is good (exclusive, UTC), and the words that say so; (None, "") when nothing does.

    A day without a time ends with it; 7天有效 counts from `sent_at`. A time without a zone is China's.
    """
    line = text[:_LONGEST_LINE]
    if never := _NEVER.search(line):
        return None, never[0]
    if not _ABOUT_END.search(line):
        return None, ""
    for pattern in (_DAY, _ENGLISH_DAY, _SHORT_DAY):
        for day in pattern.finditer(line):
            around = line[max(0, day.start() - 16) : day.end() + 10]
            at = _moment(day, sent_at) if _ABOUT_END.search(around) else None
            if at is not None:
                return at, _words(line, day)
    if span := _SPAN.search(line):
        number, unit = (span["first"], span["first_unit"]) if span["first"] else (span["second"], span["second_unit"])
        hours = int(number) * _HOURS[unit.lower().rstrip("s")]
        return (sent_at + timedelta(hours=hours) if sent_at is not None else None), span[0].strip()
    return None, ""


def end_of_epoch(text: str | None) -> datetime | None:
    """A moment from seconds or milliseconds since 1970, as providers put it into attributes; None for 0, -1 and nonsense."""
    if text is None or not re.fullmatch(r"\d{9,13}", text.strip()):
        return None
    seconds = int(text) / (1000 if len(text.strip()) > 11 else 1)
    return datetime.fromtimestamp(seconds, UTC) if 946_684_800 <= seconds < 4_102_444_800 else None


def said_code(text: str) -> str:
    """The 提取码 in `text`; empty when there is none. A 解压密码 opens the archive, not the link."""
    found = _CODE.search(text[:_LONGEST_LINE])
    return found["code"] if found else ""


def names_a_code(text: str) -> bool:
    """Whether `text` states a code by a word that only shares use."""
    return _OWN_CODE.search(text[:_LONGEST_LINE]) is not None and bool(said_code(text))


def _moment(day: re.Match[str], sent_at: datetime | None) -> datetime | None:
    """The end that a matched day states; the day's own end when it has no time. Without a year, the next such day."""
    fields = day.groupdict()
    try:
        if fields.get("year"):
            return _end_on(int(fields["year"]), fields)
        if sent_at is None:
            return None
        year = sent_at.astimezone(CHINA).year
        at = _end_on(year, fields)
        return at if at > sent_at else _end_on(year + 1, fields)
    except (ValueError, OverflowError):
        return None


def _end_on(year: int, fields: Mapping[str, str | None]) -> datetime:
    """Raises: ValueError when there is no such day."""
    month = fields["month"] or ""
    number = int(month) if month.isdigit() else _MONTHS[month[:3].lower()]
    date = datetime(year, number, int(fields["day"] or 0), tzinfo=CHINA)
    if not fields["hour"]:
        return (date + timedelta(days=1)).astimezone(UTC)
    hour, half = int(fields["hour"]), (fields["half"] or "").upper()
    if half in {"下午", "晚上", "PM"} and hour < 12:
        hour += 12
    elif half in {"AM", "凌晨"} and hour == 12:
        hour = 0
    return (date + timedelta(hours=hour, minutes=int(fields["minute"] or 0))).astimezone(UTC)


def _words(line: str, day: re.Match[str]) -> str:
    """The date with the word that makes it an end, as written."""
    before = re.search(rf"(?:{_ENDS})[^\d\n]{{0,12}}$", line[max(0, day.start() - 24) : day.start()], re.IGNORECASE)
    after = re.match(rf"\s{{0,2}}(?:以前|之前|前)?\s?(?:{_ENDS})\w{{0,2}}", line[day.end() :], re.IGNORECASE)
    start = day.start() - (len(before[0]) if before else 0)
    return " ".join(line[start : day.end() + (after.end() if after else 0)].split())
