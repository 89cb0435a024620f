"""What a scripted letter carries, by the short names of `tests/conversations/README.md`: bytes made here, always the same.

case grid_ledger without 探讨与评论 as pdf named 案例.pdf
photos 1-5
zip of case grid_ledger named 金安/案例.docx; photos 1-5 named 金安/{n}.jpg named 材料.zip
"""

from __future__ import annotations

import io
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from PIL import Image

from intake.demo.cases import CaseText, Section, load_case
from intake.demo.documents import DOCX, PDF, ZIP, case_docx, case_pdf, form_docx
from parsers.documents.office import find_office
from tests.e2e.conversation_script import ScriptError
from tests.e2e.material import JPEG, photo
from tests.letters import File
from tests.parsers.documents.office_files import save_as

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FIXED_TIME = (2022, 12, 1, 8, 0, 0)
_ORIGINAL_PX = (1600, 1200)
_SLOGANS = ("一本账，记下千家事", "一张网，兜住万家忧", "一颗心，换来邻里亲", "一条路，越走越宽广")
_UNFINISHED = "试点由XX社区居民某某负责，联系电话13800000000。"
_NOT_CHINESE = re.compile(r"[^\u4e00-\u9fff，。；：、]")

_OPTIONS = {
    "named": re.compile(r" named (\S+)$"),
    "format": re.compile(r" as (docx|doc|pdf|txt|scan|pages)\b"),
    "without": re.compile(r" without (\S+)"),
    "words": re.compile(r" of (\d+) words"),
    "inside": re.compile(r" with photos (\d+)-(\d+) inside"),
    "titled": re.compile(r" titled (\S+)"),
    "reworded": re.compile(r" (reworded)\b"),
    "traditional": re.compile(r" in (traditional) script"),
    "commented": re.compile(r" (commented)\b"),
    "slogans": re.compile(r" under (slogans)\b"),
    "placeholders": re.compile(r" with (placeholders)\b"),
    "then": re.compile(r" then (\w+)"),
    "form_in_front": re.compile(r" (after its form)\b"),
}
_ARCHIVE = re.compile(
    r"(?P<kind>zip|7z|rar) of (?P<inside>.+?) named (?P<name>\S+\.(?:zip|7z|rar))(?: locked with (?P<password>\S+))?"
)


@cache
def files_of(line: str) -> tuple[File, ...]:
    """The files a `+` line stands for, in order; at least one. Raises: ScriptError."""
    if packed := _ARCHIVE.fullmatch(line):
        members = [file for each in packed["inside"].split("; ") for file in files_of(each.strip())]
        if packed["kind"] == "zip":
            return (File(packed["name"], _zip(members), ZIP),)
        if packed["kind"] == "rar":
            return (File(packed["name"], _rar(members), "application/vnd.rar"),)
        return (File(packed["name"], _seven_zip(members, packed["password"]), "application/x-7z-compressed"),)
    rest, chosen = f" {line}", {}
    for name, pattern in _OPTIONS.items():
        if found := pattern.search(rest):
            chosen[name] = found.groups()
            rest = rest[: found.start()] + rest[found.end() :]
    kind, _, what = rest.strip().partition(" ")
    maker = _KINDS.get(kind)
    if maker is None:
        raise ScriptError(f"no files are called “{line}”")
    return maker(what.strip(), chosen)


Chosen = dict[str, tuple[str, ...]]


def _name(chosen: Chosen, default: str) -> str:
    return chosen.get("named", (default,))[0]


# --- texts


def _case(what: str, chosen: Chosen) -> tuple[File, ...]:
    text = _text(what, chosen)
    form = chosen.get("format", ("docx",))[0]
    if form == "pdf":
        return (File(_name(chosen, f"{what}案例.pdf"), case_pdf(text), PDF),)
    if form == "txt":
        return (File(_name(chosen, f"{what}案例.txt"), "\n".join(text.lines).encode(), "text/plain"),)
    if form == "scan":
        return (File(_name(chosen, f"{what}案例（盖章）.pdf"), _scan(text), PDF),)
    if form == "pages":
        pages = _pages(text)
        return tuple(File(f"IMG_{9000 + n}.jpg", _jpeg(page), JPEG) for n, page in enumerate(pages, 1))
    data = _word(text, chosen)
    if form == "doc":
        return (File(_name(chosen, f"{what}案例.doc"), _old_word(data), "application/msword"),)
    return (File(_name(chosen, f"{what}案例.docx"), data, DOCX),)


def _text(what: str, chosen: Chosen) -> CaseText:
    text = load_case(what)
    if "without" in chosen:
        kept = tuple(section for section in text.sections if section.heading != chosen["without"][0])
        if len(kept) == len(text.sections):
            raise ScriptError(f"{what} has no part “{chosen['without'][0]}”")
        text = CaseText(text.title, text.byline, kept)
    if "words" in chosen:
        text = _of_words(text, int(chosen["words"][0]))
    if "titled" in chosen:
        text = CaseText(chosen["titled"][0], text.byline, text.sections)
    if "reworded" in chosen:  # one sentence of each part is said anew: the same work to any reader
        sections = tuple(
            Section(each.heading, (f"{each.heading}一节经再次核实后补充如下。", *each.paragraphs))
            for each in text.sections
        )
        text = CaseText(text.title, text.byline, sections)
    if "slogans" in chosen:
        sections = tuple(Section(new, each.paragraphs) for new, each in zip(_SLOGANS, text.sections, strict=True))
        text = CaseText(text.title, text.byline, sections)
    if "placeholders" in chosen:
        first = Section(text.sections[0].heading, (*text.sections[0].paragraphs, _UNFINISHED))
        text = CaseText(text.title, text.byline, (first, *text.sections[1:]))
    if "then" in chosen:
        other = load_case(chosen["then"][0])
        text = CaseText(text.title, text.byline, (*text.sections, Section(other.title, other.byline), *other.sections))
    return _in_traditional_script(text) if "traditional" in chosen else text


def _in_traditional_script(text: CaseText) -> CaseText:
    from opencc import OpenCC

    turn = OpenCC("s2t").convert
    sections = tuple(Section(turn(each.heading), tuple(map(turn, each.paragraphs))) for each in text.sections)
    return CaseText(turn(text.title), tuple(map(turn, text.byline)), sections)


def _of_words(text: CaseText, words: int) -> CaseText:
    """`text` in `words` 字: Chinese characters and marks alone, of which Word counts each as one."""
    title = _NOT_CHINESE.sub("", text.title)
    byline = tuple(_NOT_CHINESE.sub("", line) for line in text.byline[:1])
    sections = [
        Section(each.heading, tuple(_NOT_CHINESE.sub("", p) for p in each.paragraphs)) for each in text.sections
    ]
    told = len(title) + sum(map(len, byline)) + sum(len(each.heading) for each in sections)
    share = -(-(words - told) // len(sections))
    left, made = words - told, []
    for each in sections:
        prose = "".join(each.paragraphs)
        size = min(share, left)
        made.append(Section(each.heading, ((prose * (size // len(prose) + 1))[:size],)))
        left -= size
    return CaseText(title, byline, tuple(made))


def _old_word(data: bytes) -> bytes:
    """The document as the office program saves it for Word 97."""
    office = find_office()
    assert office is not None  # the script says that it needs soffice
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "case.docx"
        source.write_bytes(data)
        return save_as(source, "doc:MS Word 97", office, Path(folder) / "doc").read_bytes()


def _word(text: CaseText, chosen: Chosen) -> bytes:
    pictures = None
    if "inside" in chosen:
        first, last = map(int, chosen["inside"])
        pictures = {f"图{n} 活动现场": _photo_bytes(n) for n in range(first, last + 1)}
    data = case_docx(text, "headings", pictures=pictures)
    if not {"form_in_front", "commented"} & set(chosen):
        return data
    document = Document(io.BytesIO(data))
    if "commented" in chosen:
        document.add_comment(document.paragraphs[-1].runs, text="请核对数据。", author="王科", initials="王")
    if "form_in_front" in chosen:
        _put_form_in_front(document, text)
    kept = io.BytesIO()
    document.save(kept)
    return _with_fixed_times(kept.getvalue())


def _put_form_in_front(document: WordDocument, text: CaseText) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label, value in _form_rows(text):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    heading = document.add_paragraph("2022年湖里区社区治理创新案例报名表")
    body = document.element.body
    body.insert(0, table._tbl)
    body.insert(0, heading._p)


def _form_rows(text: CaseText) -> tuple[tuple[str, str], ...]:
    return (
        ("案例名称", text.title),
        ("报送单位", text.byline[0]),
        ("案例类别", "网格治理"),
        ("联系人", "林小榕"),
        ("联系电话", "0592-5550101"),
        ("填表日期", "2022年12月5日"),
    )


def _form(what: str, chosen: Chosen) -> tuple[File, ...]:
    data = form_docx("2022年湖里区社区治理创新案例报名表", _form_rows(_text(what, chosen)))
    return (File(_name(chosen, "报名表.docx"), data, DOCX),)


def _report(_what: str, chosen: Chosen) -> tuple[File, ...]:
    data = case_docx(load_case("weekly_report"), "bold")
    return (File(_name(chosen, "社区工作周报（12.5-12.9）.docx"), data, DOCX),)


def _cover_letter(_what: str, chosen: Chosen) -> tuple[File, ...]:
    document = Document()
    for line in (
        "关于报送社区治理创新案例的函", "区征集组委会：", "根据征集启事要求，现将我社区案例随函报送，请予审阅。",
        "附件：案例正文一份、照片五张", "湖里区江头街道榕荫社区居民委员会", "2022年12月5日",
    ):  # fmt: skip
        document.add_paragraph(line)
    kept = io.BytesIO()
    document.save(kept)
    return (File(_name(chosen, "报送函.docx"), _with_fixed_times(kept.getvalue()), DOCX),)


def _sheet(what: str, chosen: Chosen) -> tuple[File, ...]:
    """`sheet of a, b`: a 汇总表 that lists the titles of these cases."""
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "汇总表"
    page.append(["序号", "案例名称", "报送单位", "案例类别"])
    for number, name in enumerate(what.removeprefix("of ").split(", "), 1):
        text = load_case(name)
        page.append([number, text.title, text.byline[0], "网格治理"])
    kept = io.BytesIO()
    book.save(kept)
    return (File(_name(chosen, "汇总表.xlsx"), _with_fixed_times(kept.getvalue()), SHEET),)


# --- pictures


def _photos(what: str, chosen: Chosen) -> tuple[File, ...]:
    numbers, _, manner = what.partition(" ")
    first, _, last = numbers.partition("-")
    make = {"": _photo_bytes, "shrunk": _shrunk, "recompressed": _recompressed}.get(manner)
    if make is None:
        raise ScriptError(f"photos may be shrunk or recompressed, not “{manner}”")
    pattern = _name(chosen, "照片{n}.jpg")
    return tuple(File(pattern.replace("{n}", str(n)), make(n), JPEG) for n in range(int(first), int(last or first) + 1))


def _photo_bytes(number: int) -> bytes:
    return photo(number).data


def _shrunk(number: int) -> bytes:
    with Image.open(io.BytesIO(_photo_bytes(number))) as picture:
        return _jpeg(picture.resize((400, 300)))


def _recompressed(number: int) -> bytes:
    with Image.open(io.BytesIO(_photo_bytes(number))) as picture:
        return _jpeg(picture, quality=35)


def _logo(_what: str, chosen: Chosen) -> tuple[File, ...]:
    kept = io.BytesIO()
    Image.new("RGB", (48, 48), (200, 30, 30)).save(kept, "PNG")
    return (File(_name(chosen, "image001.png"), kept.getvalue(), "image/png", shown_px=(48, 48)),)


@cache
def _pages(text: CaseText) -> tuple[Image.Image, ...]:
    """The pages of `text` as a scanner or a phone gives them."""
    import pypdfium2

    with pypdfium2.PdfDocument(case_pdf(text)) as document:
        return tuple(page.render(scale=1.2).to_pil().convert("RGB") for page in document)


def _scan(text: CaseText) -> bytes:
    first, *others = _pages(text)
    kept = io.BytesIO()
    first.save(kept, "PDF", save_all=True, append_images=others, resolution=86)
    return re.sub(rb"D:\d{14}Z?", b"D:20221201080000", kept.getvalue())


def _jpeg(picture: Image.Image, *, quality: int = 60) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=quality)
    return kept.getvalue()


# --- other files


def _damaged(what: str, chosen: Chosen) -> tuple[File, ...]:
    """A Word file of which a third arrived."""
    data = case_docx(load_case(what), "headings")
    return (File(_name(chosen, f"{what}案例.docx"), data[: len(data) // 3], DOCX),)


def _empty(_what: str, chosen: Chosen) -> tuple[File, ...]:
    return (File(_name(chosen, "案例.docx"), b"", DOCX),)


def _unknown(_what: str, chosen: Chosen) -> tuple[File, ...]:
    return (File(_name(chosen, "案例.ceb"), b"Founder CEB 3.0\0" + bytes(range(256)) * 20),)


def _zip(members: list[File]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for member in members:
            archive.writestr(zipfile.ZipInfo(member.name, _FIXED_TIME), member.data)
    return kept.getvalue()


def _seven_zip(members: list[File], password: str | None) -> bytes:
    import py7zr

    kept = io.BytesIO()
    with py7zr.SevenZipFile(kept, "w", password=password) as archive:
        for member in members:
            archive.writestr(member.data, member.name)
    return kept.getvalue()


def _rar(members: list[File]) -> bytes:
    """A RAR 4 archive of stored files, names in UTF-8. Source: the technical note of the unrar distribution."""
    made = b"Rar!\x1a\x07\x00" + _rar_block(0x73, 0, b"\0" * 6)
    for member in members:
        name, size = member.name.encode(), len(member.data)
        fields = struct.pack(
            "<IIBIIBBHI", size, size, 2, zlib.crc32(member.data), 0x55814000, 20, 0x30, len(name), 0x20
        )
        made += _rar_block(0x74, 0x8200, fields + name) + member.data
    return made + _rar_block(0x7B, 0x4000, b"")


def _rar_block(kind: int, flags: int, fields: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def _with_fixed_times(data: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            raw = old.read(entry)
            if entry.filename == "docProps/core.xml":
                raw = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z?", b"2022-12-01T08:00:00Z", raw)
            new.writestr(zipfile.ZipInfo(entry.filename, _FIXED_TIME), raw, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


_KINDS: dict[str, Callable[[str, Chosen], tuple[File, ...]]] = {
    "case": _case,
    "form": _form,
    "report": _report,
    "letter": _cover_letter,
    "sheet": _sheet,
    "photo": _photos,
    "photos": _photos,
    "logo": _logo,
    "damaged": _damaged,
    "empty": _empty,
    "unknown": _unknown,
}
