"""What an OFD shows comes out as text in lines and paragraphs, with its pages, pictures and what cannot be read."""

from __future__ import annotations

import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import ofdkit
import pytest

from parsers.documents.ofd import read_ofd
from parsers.errors import LimitError, ParserError
from parsers.facts import DocumentFacts, Problem, Reading
from parsers.limits import DEFAULT_LIMITS, Limits
from parsers.reading import read_file

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus" / "ofd"
NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
BODY = "金安社区组织居民议事，形成共识后分步实施，先易后难，"


def text(words: str, *, x: float = 30, y: float, size: float = 5.6, more: str = 'Font="1"', code: str = "") -> str:
    """A TextObject with one TextCode, its characters one size apart unless `code` says otherwise."""
    steps = code or f'DeltaX="g {len(words) - 1} {size}"' if len(words) > 1 else code
    return (
        f'<ofd:TextObject ID="9" Boundary="{x} {y} 150 10" Size="{size}" {more}>'
        f'<ofd:TextCode X="0" Y="{size}" {steps}>{words}</ofd:TextCode></ofd:TextObject>'
    )


def image(x: float, y: float, width: float, height: float) -> str:
    return f'<ofd:ImageObject ID="8" Boundary="{x} {y} {width} {height}" ResourceID="20"/>'


def write_ofd(path: Path, *pages: str, template: str = "", composite: str = "", encrypted: bool = False) -> Path:
    """A document of A4 pages; font 1 is plain, font 2 bold, picture 20 a PNG, unit 30 what `composite` holds."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:

        def part(name: str, inner: str, root: str) -> None:
            package.writestr(name, f"<ofd:{root} {NAMESPACE}>{inner}</ofd:{root}>")

        part("OFD.xml", "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>", "OFD")
        listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
        part(
            "Doc_0/Document.xml",
            "<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
            '<ofd:PublicRes>PublicRes.xml</ofd:PublicRes><ofd:TemplatePage ID="50" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
            f"</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>",
            "Document",
        )
        package.writestr(
            "Doc_0/PublicRes.xml",
            f'<ofd:Res {NAMESPACE} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="1" FontName="仿宋"/>'
            '<ofd:Font ID="2" FontName="宋体" Bold="true"/></ofd:Fonts><ofd:MultiMedias><ofd:MultiMedia ID="20" Type="Image">'
            "<ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias><ofd:CompositeGraphicUnits>"
            f'<ofd:CompositeGraphicUnit ID="30" Width="1" Height="1"><ofd:Content>{composite}</ofd:Content>'
            "</ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>",
        )
        package.writestr("Doc_0/Res/a.png", PNG)
        uses = '<ofd:Template TemplateID="50"/>' if template else ""
        part("Doc_0/Tpls/Tpl_0/Content.xml", f"<ofd:Content><ofd:Layer>{template}</ofd:Layer></ofd:Content>", "Page")
        for number, page in enumerate(pages):
            content = f"{uses}<ofd:Content><ofd:Layer>{page}</ofd:Layer></ofd:Content>"
            part(f"Doc_0/Pages/Page_{number}/Content.xml", content, "Page")
        if encrypted:
            package.writestr("Encryptions.xml", "<Encryptions/>")
    return path


def read(tmp_path: Path, *pages: str, template: str = "", composite: str = "") -> Reading:
    job = Path(tempfile.mkdtemp(dir=tmp_path))
    path = write_ofd(tmp_path / "案例.ofd", *pages, template=template, composite=composite)
    return read_ofd(path, job, DEFAULT_LIMITS)


def facts_of(reading: Reading) -> DocumentFacts:
    assert reading.document is not None
    return reading.document


def texts(reading: Reading) -> list[str]:
    return [block.text for block in facts_of(reading).blocks]


def test_lines_make_paragraphs_and_headings_stand_out(tmp_path: Path) -> None:
    page = (
        text("网格里的小喇叭", x=60, y=30, size=7.8, more='Font="2"')
        + text("一、背景与起因", x=41.2, y=50, more='Font="2"')
        + text(BODY, x=41.2, y=60)
        + text(BODY, y=70)
        + text("重点解决停车难。", y=80)
    )

    facts = facts_of(read(tmp_path, page))

    assert [(block.text, block.bold, block.size_pt) for block in facts.blocks] == [
        ("网格里的小喇叭", True, 22.0),
        ("一、背景与起因", True, 16.0),
        (BODY + BODY + "重点解决停车难。", False, 16.0),
    ]
    assert (facts.title, [heading.title for heading in facts.headings]) == ("网格里的小喇叭", ["背景与起因"])
    assert (facts.pages, facts.pages_without_text, facts.counts["main"].words.value) == (1, 0, 74)


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (text("甲乙", y=30) + text("丙丁", x=41.2, y=30), ["甲乙丙丁"]),
        (text("甲 乙", y=30), ["甲 乙"]),
        (text("2011年3月", y=30, code='DeltaX="g 3 2.8 5.6 2.8"'), ["2011年3月"]),
        (text("HelloWorld", y=30, code='DeltaX="g 4 2.8 6.0 g 4 2.8"'), ["Hello World"]),
        (text("上行下行", y=30, code='DeltaX="5.6 -5.6 5.6" DeltaY="0 30 0"'), ["上行", "下行"]),
        (text("竖排文字", y=30, code='DeltaY="g 3 5.6"'), ["竖排文字"]),
        ('<ofd:PageBlock ID="3"><ofd:PageBlock ID="4">' + text("深处", y=30) + "</ofd:PageBlock></ofd:PageBlock>", ["深处"]),
        (text("看不见", y=30, more='Font="1" Visible="false"') + text("看得见", y=50), ["看得见"]),
        (text("正文在此处", y=50) + text("水印", y=90, more='Font="1" CTM="0.7 -0.7 0.7 0.7 0 0"'), ["正文在此处"]),
        (text("旋转", y=30, more='Font="1" CTM="0 1 -1 0 0 0"'), ["旋转"]),
        ('<ofd:CompositeObject ID="7" Boundary="10 10 100 100" ResourceID="30"/>', ["拼装"]),
    ],
    ids=["runs", "space", "widths", "gap", "steps down", "stacked", "blocks", "hidden", "watermark", "turned", "composite"],
)  # fmt: skip
def test_glyphs_are_put_together_by_their_places(page: str, shown: list[str], tmp_path: Path) -> None:
    assert texts(read(tmp_path, page, composite=text("拼装", y=30))) == shown


def test_what_a_template_shows_is_not_the_text(tmp_path: Path) -> None:
    header = text("湖里区民政局", y=10)

    beside_text = read(tmp_path, text(BODY, y=60), template=header)
    alone = read(tmp_path, image(10, 10, 30, 30), template=header)

    assert texts(beside_text) == [BODY]
    assert texts(alone) == ["湖里区民政局"]


def test_page_numbers_and_running_headers_are_not_counted(tmp_path: Path) -> None:
    pages = [text("征集案例汇编", y=8) + text(BODY, y=60) + text(f"— {n} —", x=95, y=280, size=4.9) for n in (1, 2, 3)]

    assert texts(read(tmp_path, *pages)) == [BODY, BODY, BODY]


def test_pictures_become_members_with_size_and_repeats(tmp_path: Path) -> None:
    reading = read(
        tmp_path, text(BODY, y=30) + image(30, 60, 101.6, 50.8) + image(30, 130, 25.4, 25.4), image(0, 9, 9, 9)
    )

    assert (facts_of(reading).pictures, facts_of(reading).pages_without_text, reading.problem) == (3, 1, None)
    assert [(m.name, m.shown_px, m.repeats, m.size_bytes) for m in reading.members] == [
        ("a.png", (384, 192), 3, len(PNG))
    ]


def test_a_scan_has_no_text_whatever_is_stamped_on_it(tmp_path: Path) -> None:
    reading = read(tmp_path, image(0, 0, 210, 297) + image(90, 200, 40, 40) + text("扫描全能王", y=285))

    assert (reading.problem, facts_of(reading).pictures) == (Problem(code="no_text", detail="1 pages"), 1)


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("", Problem(code="empty", detail="blank pages")),
        ('<ofd:PathObject ID="5" Boundary="0 0 9 9"/>' * 30, Problem(code="no_text", detail="1 pages")),
        (text("\ue001\ue002\ue003\ue004\ue005\ue006", y=30), Problem(code="garbled_text", detail="6 of 6 characters")),
    ],
    ids=["blank", "outlines", "private use"],
)
def test_pages_that_say_nothing_are_named(page: str, problem: Problem, tmp_path: Path) -> None:
    assert read(tmp_path, page).problem == problem


def test_a_missing_page_costs_only_itself(tmp_path: Path) -> None:
    path = write_ofd(tmp_path / "a.ofd", text(BODY, y=30), text("第二页", y=30))
    short = tmp_path / "b.ofd"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(short, "w") as package:
        for name in whole.namelist():
            if "Page_1" not in name:
                package.writestr(name, whole.read(name))

    reading = read_ofd(short, tmp_path, DEFAULT_LIMITS)

    assert (texts(reading), facts_of(reading).pages, facts_of(reading).pages_without_text) == ([BODY], 2, 1)
    assert reading.problem is None


def test_an_encrypted_document_is_named(tmp_path: Path) -> None:
    path = write_ofd(tmp_path / "a.ofd", "", encrypted=True)

    assert read_file(path, tmp_path, DEFAULT_LIMITS).problem == Problem(code="encrypted", detail="Encryptions.xml")


@pytest.mark.parametrize(
    "ofd",
    [
        b'<?xml version="1.0" encoding="GBK"?><OFD><!--' + "喆".encode("gbk") + b"--><DocBody><DocRoot>/Doc_0/Document.xml</DocRoot></DocBody></OFD>",
        b"<ofd:OFD><ofd:DocBody><ofd:DocRoot>Doc_0\\Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        b'<o:OFD xmlns:o="http://www.ofdspec.org"><o:DocBody><o:DocRoot>doc_0/document.xml</o:DocRoot></o:DocBody></o:OFD>',
    ],
    ids=["gbk and absolute", "undeclared prefix and backslash", "older namespace and case"],
)  # fmt: skip
def test_writers_ways_with_xml_and_paths_are_understood(ofd: bytes, tmp_path: Path) -> None:
    path = write_ofd(tmp_path / "a.ofd", text("网格", y=30))
    other = tmp_path / "b.ofd"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(other, "w") as package:
        for name in whole.namelist():
            package.writestr(name, ofd if name == "OFD.xml" else whole.read(name))

    assert texts(read_ofd(other, tmp_path, DEFAULT_LIMITS)) == ["网格"]


@pytest.mark.parametrize(
    ("page", "composite", "limits"),
    [
        (text("四个字呢", y=30), "", Limits(text_characters=3)),
        ('<ofd:CompositeObject ID="7" ResourceID="30"/>', '<ofd:CompositeObject ID="7" ResourceID="30"/>', DEFAULT_LIMITS),
        ("<ofd:PageBlock>" * 20 + "</ofd:PageBlock>" * 20, "", DEFAULT_LIMITS),
        ('<ofd:PathObject ID="1"/>' * 200_001, "", Limits(member_ratio=100_000)),
    ],
    ids=["text", "a composite that holds itself", "deep", "too many objects"],
)  # fmt: skip
def test_a_document_beyond_its_limits_is_refused(page: str, composite: str, limits: Limits, tmp_path: Path) -> None:
    path = write_ofd(tmp_path / "a.ofd", page, composite=composite)

    with pytest.raises(LimitError):
        read_ofd(path, tmp_path, limits)


def test_an_absurd_run_of_steps_costs_nothing(tmp_path: Path) -> None:
    page = text("甲乙", y=30, code='DeltaX="g 999999999 1e300 nan inf"')

    assert "".join(texts(read(tmp_path, page))) == "甲乙"


def test_pages_beyond_the_limit_are_said_to_be_missing(tmp_path: Path) -> None:
    path = write_ofd(tmp_path / "a.ofd", *[text("网格", y=30)] * 3)

    reading = read_ofd(path, tmp_path, Limits(pages=2))

    assert reading.problem == Problem(code="over_limit", detail="3 pages; the limit is 2")
    assert facts_of(reading).pages == 3


def test_a_zip_without_a_document_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.ofd"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("OFD.xml", "<OFD><DocBody/></OFD>")

    with pytest.raises(ParserError) as raised:
        read_ofd(path, tmp_path, DEFAULT_LIMITS)

    assert raised.value.code == "damaged"


FEWER = {
    "ofdrw__draw_param_ref.ofd": 56,  # a running header on the pages of a list
    "ofdrw__keyword.ofd": 11,  # a slanting watermark, and a digit drawn twice
    "ofdrw__n.ofd": 6,  # — 1 — and — 2 —
    "ofdrw__testImageNotFound.ofd": 2,  # a page number
    "ofdrw__v4signed.ofd": 0,
    "ofdrw__文字横向-数科.ofd": 8,  # four characters drawn twice, and their shadows
}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not here")
def test_every_character_another_reader_finds_on_the_pages_is_in_our_text(tmp_path: Path) -> None:
    lost = {}
    for number, file in enumerate(sorted(CORPUS.iterdir())):
        job = tmp_path / str(number)
        job.mkdir()
        ours = Counter("".join("".join(texts(read_file(file, job, DEFAULT_LIMITS))).split()))
        with ofdkit.open(file) as document:
            runs = [run.text for page in document.pages for run in page.runs if not run.from_template]
        lost[file.name] = sum((Counter("".join("".join(runs).split())) - ours).values())

    assert {name: count for name, count in lost.items() if count > FEWER.get(name, 0)} == {}
    assert len(lost) == 25
