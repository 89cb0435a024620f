"""What readers find in a file: facts, never verdicts. Pure data that survives a round trip through JSON.

A `Reading` is everything one file told us. It holds names and numbers and text,
never the file's content and never an opinion: whether 3,128 字 are too many is
for `intake.checks`. Stored readings carry `SCHEMA_VERSION`; adding a field with
a default keeps it, anything else raises it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

SCHEMA_VERSION = 1

Format = Literal[
    "docx", "doc", "pdf", "odt", "ofd", "rtf", "wps", "txt", "html", "sheet", "image", "archive", "letter", "other"
]
"""What a file is by its bytes. `other`: nothing this house can read."""

ProblemCode = Literal[
    "unsupported_format",  # known or unknown, but no reader here
    "encrypted",  # asks for a password
    "damaged",  # certainly not what its bytes claim: cut off, broken inside
    "part_missing",  # one or some volumes of an archive that was split over several files
    "no_text",  # opens, but holds pictures of text only (scan)
    "garbled_text",  # opens, but its characters cannot be mapped to text ((cid:n), private use)
    "empty",  # zero bytes, or a document without any text or picture
    "over_limit",  # larger, deeper or more than `Limits` allow
    "timed_out",  # our reader took too long            } our trouble:
    "killed",  # our reader was stopped or crashed      } never the
    "reader_failed",  # our reader raised something odd } submitter's fault
]
OUR_TROUBLE: frozenset[ProblemCode] = frozenset({"timed_out", "killed", "reader_failed"})

Part = Literal["main", "form", "text_box", "footnote", "endnote"]
"""Where a block of text stands. `form`: a 报名表 inside the case document, not counted with the text."""

Origin = Literal["attachment", "inline", "archive", "embedded", "body"]
"""How a member came: a MIME attachment, shown inline in the letter, inside an archive, inside a document, the letter's own text."""


class Facts(BaseModel):
    """Base of every record here: frozen, closed, JSON in and out."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Measure(Facts):
    """A count with the range that honest doubt leaves. `low <= value <= high`; equal when there is none."""

    value: int
    low: int
    high: int
    reason: Literal["exact", "ambiguous_marks", "pdf_text", "ocr"] = "exact"

    @classmethod
    def exact(cls, value: int) -> Measure:
        """A measure nobody doubts."""
        return cls(value=value, low=value, high=value)


class TextCounts(Facts):
    """The three numbers of Word's 字数统计 dialog for one part. Units: words (字数), characters, characters."""

    words: Measure
    characters: Measure
    characters_with_spaces: Measure


class Block(Facts):
    """One paragraph or table cell, in reading order."""

    text: str
    part: Part = "main"
    label: str = ""
    """The automatic number as printed ("一、"), which is not in `text`."""
    style: str = ""
    """The style's name as stored ("heading 1", "标题 1"); empty when unknown."""
    outline_level: int | None = None
    """1 to 9 when the paragraph or its style is a heading level, else None."""
    bold: bool = False
    """Every printed character is bold."""
    bold_lead: int = 0
    """Characters at the start of `text` that are bold while what follows is not; 0 when there are none or it is unknown."""
    centred: bool = False
    size_pt: float | None = None
    """Largest font size in the block, in points; None when unknown."""
    page: int | None = None
    """1-based; None where pages are not known (docx)."""
    table: int | None = None
    row: int | None = None
    column: int | None = None
    """0-based position when the block is a table cell, else None."""


class Heading(Facts):
    """A block (or the run-in start of one) that opens a part of the text."""

    block: int
    """Index into `DocumentFacts.blocks`."""
    text: str
    """As printed, with its number ("一、背景与起因"), without a run-in heading's text."""
    title: str
    """`text` without number and edge punctuation ("背景与起因")."""
    level: int
    """1 is the highest level found in this document."""
    signal: Literal[
        "style", "outline", "numbered", "auto_numbered", "bold", "cell", "run_in", "larger", "bracketed", "bare"
    ]
    """Why it is taken for a heading; the strongest reason."""
    words: int
    """字数 under it up to the next heading of the same or a higher level, sub-headings' text included."""


class FormField(Facts):
    """One label and value of a form, with where it was read."""

    name: Literal["title", "unit", "contact", "phone", "email", "category", "level", "author", "other"]
    label: str
    value: str
    block: int
    """Index of the value's block."""


class DocumentFacts(Facts):
    """What a text document says."""

    title: str | None = None
    """The document's own title line, None when no line stands out."""
    title_block: int | None = None
    blocks: tuple[Block, ...] = ()
    headings: tuple[Heading, ...] = ()
    """In document order; empty when none; those of part `main` only."""
    counts: dict[Part, TextCounts] = {}
    """One entry per part that occurs; `main` always."""
    pictures: int = 0
    """Pictures shown on the pages, each showing counted."""
    pages: int | None = None
    pages_without_text: int = 0
    fields: tuple[FormField, ...] = ()
    """Form fields in reading order; empty when the document holds no form."""
    comments: int = 0
    """Of people; those of ours in a marked copy are not among them."""
    own_comments: int = 0
    """Comments of ours: it is a marked copy that came back."""
    tracked_changes: int = 0
    macros: bool = False
    ocr: bool = False
    """The text was made out by a recogniser, ours or the scanning program's: near it, never certain."""


class PhotoFacts(Facts):
    """What a picture file is. Sizes are as shown, that is after the EXIF orientation is applied."""

    kind: Literal[
        "jpeg", "png", "webp", "heic", "avif", "tiff", "bmp", "gif", "jp2", "psd", "ico", "emf", "wmf", "svg", "other"
    ]
    width_px: int
    height_px: int
    mode: str = ""
    """Pillow's mode of the stored picture: RGB, L, CMYK, P, RGBA …"""
    orientation: int = 1
    """EXIF orientation 1 to 8."""
    dpi: int | None = None
    taken_at_local: str | None = None
    """EXIF DateTimeOriginal as written ("2022:12:01 09:30:00"); the camera's local time, zone unknown."""
    frames: int = 1
    colour_space: str = ""
    """As the file names it: "sRGB", "Adobe RGB", "Display P3" or a profile's own name; empty when it names none."""
    exif: bool = False
    """It holds what a camera writes: maker, model, exposure or capture time. Chats and editors take that out."""
    difference_hash: str = ""
    perceptual_hash: str = ""
    """No longer written; in stored readings of photo/1."""
    grey_grid: str = ""
    """Mean greys of the upright picture on a 32 x 32 grid, row by row, two hex digits each (photo/1: 16 x 16)."""
    colours: int = 0
    """Distinct colours (5 bits a channel) in a 64 x 64 thumbnail: logos and icons have few."""
    flat_percent: int = 0
    """Share of that thumbnail in its five commonest colours; 0 when not looked at."""
    transparent_percent: int = 0
    """Share of it that shows what lies behind: seals and logos are cut out, photographs and screenshots never."""
    page_words: int | None = None
    """字数 recognised on a picture that looks like a page of text; None when it does not, or was not looked at."""


class ArchiveFacts(Facts):
    """What an archive holds."""

    kind: Literal["zip", "rar", "7z", "tar", "gz", "other"]
    entries: int = 0
    encrypted: bool = False
    name_encoding: str = ""
    """The charset its member names were decoded with."""
    skipped: tuple[str, ...] = ()
    """Names left out on purpose: folders' own entries, __MACOSX, ~$ owner files, Thumbs.db."""
    volumes: int = 1
    """Files the archive was read from: more than one when it was split."""


class Address(Facts):
    """A mailbox as written in a header. `address` keeps its case; compare lower-cased."""

    name: str = ""
    address: str


class ReceivedHop(Facts):
    """One Received header: who took the letter in, and when. Source: RFC 5321 §4.4."""

    by: str
    at: datetime | None
    """Aware; None when the date cannot be read."""


ShareProvider = Literal[
    "qq_mail",
    "exmail",
    "netease_mail",
    "dashi_163",
    "aliyun_mail",
    "139_mail",
    "sina_mail",
    "outlook_onedrive",
    "gmail_drive",
    "icloud",
    "weiyun",
    "tencent_docs",
    "wps",
    "kdocs",
    "baidu_pan",
    "aliyun_drive",
    "quark",
    "tianyi",
    "139_cloud",
    "feishu",
    "wecom",
    "dingtalk",
    "wenshushu",
    "cowtransfer",
    "wechat_article",
    "other",
]
"""Where a file lies that a letter only links to."""


class SharedFile(Facts):
    """A file that is not in the letter: a mail service's large attachment, or a link to a drive. Never fetched."""

    provider: ShareProvider
    url: str = ""
    """http(s); empty when the letter names the file but its link was lost (plain text made from HTML)."""
    name: str = ""
    """As the letter says it; empty when it does not."""
    size_bytes: int | None = None
    """As stated, rounded as the provider rounds; None when it is not stated."""
    expires_at: datetime | None = None
    """Exclusive, aware: the link is good before this moment. None when no end is stated, or when it never ends."""
    expires_said: str = ""
    """The letter's words about it: 2022年12月20日 10:12 到期, 7天有效, 无限期; empty when it says nothing."""
    code: str = ""
    """提取码, 访问码 or the like; empty when none is stated."""
    evidence: str = ""
    """The line it was recognised by, at most 120 characters."""


class LetterFacts(Facts):
    """What the letter itself says: headers decoded, bodies as text, no files."""

    subject: str = ""
    sender: Address | None = None
    """The From mailbox (the first when several); None when there is none."""
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    message_id: str | None = None
    """Without angle brackets; None when absent or empty."""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    """Message-IDs without angle brackets, oldest first."""
    date_at: datetime | None = None
    """The Date header, aware; None when absent or unreadable."""
    received: tuple[ReceivedHop, ...] = ()
    """Topmost (latest) first."""
    text: str = ""
    """What the writer wrote now: plain text, or the HTML as text, without quoted history and signature."""
    quoted: str = ""
    """The quoted history below it; empty when none."""
    leading_characters: int | None = None
    """How many characters of `text` stand above the first quoted line: all when none is quoted. None when not looked at."""
    signature: str = ""
    links: tuple[str, ...] = ()
    """http(s) targets in text and HTML, in order, once each."""
    shares: tuple[SharedFile, ...] = ()
    """Files offered as links only, in the order of the letter, each once; those of quoted history are not among them."""
    control: dict[str, str] = {}
    """Headers that tell machines from people, lower-case name to decoded value, only those present:
    auto-submitted precedence list-id list-unsubscribe return-path x-auto-response-suppress x-autoreply
    x-autorespond x-loop feedback-id x-failed-recipients authentication-results
    content-type (type and report-type only) disposition-notification, and every x-intake-*."""
    report: str = ""
    """For multipart/report: "delivery-status", "disposition-notification" …; else empty."""
    encrypted: Literal["", "smime", "pgp", "provider"] = ""
    """Set when what the writer wrote cannot be read without a key: S/MIME, OpenPGP, or a mail service's own
    password-protected letter. What could be read nevertheless stands in the other fields."""
    signed: Literal["", "smime", "pgp"] = ""
    """The letter carries a digital signature of this kind. It was not verified."""


class Member(Facts):
    """A file taken out of another, written to the job folder."""

    locator: str
    """Where it lies in its parent, stable over re-reading: MIME part path ("2.1"), archive index and name, package path."""
    name: str
    """Its decoded name, NFC, without folders; may be empty or repeated."""
    folder: str = ""
    """Folders inside the archive, "/"-separated; empty otherwise."""
    stored_as: str
    """File name inside the job folder, chosen by the reader; never from the sender."""
    size_bytes: int
    sha256: str
    origin: Origin
    media_type: str = ""
    """As declared by the sender; not to be believed."""
    content_id: str | None = None
    shown_px: tuple[int, int] | None = None
    """Width and height at which HTML or the document shows the picture, when it says so, in CSS pixels."""
    repeats: int = 1
    """How often the document shows this picture (the file stands once)."""


class Problem(Facts):
    """Why a file could not be read. `detail` is for the operator, never for the submitter."""

    code: ProblemCode
    detail: str = ""


class Reading(Facts):
    """All that one file told us. Exactly one of the four facts is set unless there is a `problem`
    (then facts may still stand beside it, as far as reading came).
    """

    schema_version: int = SCHEMA_VERSION
    reader: str
    """Name and version of the reader, "docx/1"; with the limits and the hash it is the key of a stored reading."""
    format: Format
    sha256: str
    size_bytes: int
    letter: LetterFacts | None = None
    document: DocumentFacts | None = None
    photo: PhotoFacts | None = None
    archive: ArchiveFacts | None = None
    problem: Problem | None = None
    members: tuple[Member, ...] = ()
    converted_by: str = ""
    """The program that turned the file into the format it was read as ("LibreOffice 7.4.7.2"); empty when read as it is."""
