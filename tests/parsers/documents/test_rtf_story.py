"""RTF read by itself: what is printed, once, with its structure. Expectations by hand, from the specification 1.9.1."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.documents import rtf
from parsers.documents.rtf_story import RtfStory
from parsers.errors import LimitError
from parsers.facts import Block
from parsers.limits import DEFAULT_LIMITS
from tests.parsers.documents.docx_files import png

_START = (
    r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset134 SimSun;}{\f1\fcharset0 Arial;}{\f2\fcharset136 MingLiU;}}"
)


def blocks(body: str) -> list[Block]:
    return RtfStory(1_000, lambda *_: None).read((_START + body + "}").encode("ascii"))


def texts(body: str) -> list[str]:
    return [block.text for block in blocks(body)]


def gb(text: str) -> str:
    """As Word writes it: every byte as a hexadecimal escape."""
    return "".join(rf"\'{byte:02x}" for byte in text.encode("gb18030"))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (rf"\f0 {gb('社区治理')}\par", "社区治理"),
        (r"\f2 \'aa\'c0\'b0\'cf\par", "社區"),
        (r"\f0 \'81A\par", "丄"),
        (r"\uc1\u31038?\u21306?\par", "社区"),
        (r"\uc2\u-10174\'3f\'3f\u-8265\'3f\'3f\par", "𠮷"),
        (r"\uc1\u-10174?\u-8265?\par", "𠮷"),
        (r"{\uc0\u31038\u21306}\par", "社区"),
        (r"a\tab b\line c\par", "a\tb\nc"),
        (r"\ldblquote\u31038?\rdblquote\emdash\{x\}\\\par", "“社”—{x}\\"),
        (r"x\~y\_z\-w\par", "x\u00a0y-zw"),
    ],
    ids=["gbk", "big5", "second byte as a letter", "unicode", "two units", "𠮷", "no fallback", "signs", "named", "symbols"],
)  # fmt: skip
def test_character_is_printed_as_its_writer_saw_it(body: str, expected: str) -> None:
    assert texts(body) == [expected]


@pytest.mark.parametrize(
    "body",
    [
        r"{\header page head\par}seen\par",
        r"{\footer {\field{\*\fldinst PAGE}{\fldrslt 1}}\par}seen\par",
        r"{\info{\title hidden title}{\author A}}seen\par",
        r"{\*\generator Msftedit;}{\*\unknown {nested} text}seen\par",
        r"{\field{\*\fldinst HYPERLINK http://x}{\fldrslt seen}}\par",
        r"{\v not printed}{\deleted gone}seen\par",
        r"se{\*\atnid X}{\*\annotation a remark}en\par",
        r"{\shp{\shprslt old drawing}}seen\par",
        r"{\pict\bin5 {}{\\}seen\par",
        r"\cs7\*\cs7 seen\par",
    ],
    ids=["header", "page number", "info", "unknown", "field", "hidden", "comment", "old shape", "binary", "stray star"],
)
def test_only_what_is_printed_is_read(body: str) -> None:
    assert texts(body) == ["seen"]


def test_paragraph_keeps_its_style_its_number_and_its_look() -> None:
    body = (
        r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 heading 2;}}"
        r"\pard\s1{\listtext\pard\plain 1.\tab}\b\fs32 One\b0\par"
        r"\pard\plain\s2 Two\par\pard\plain\qc\b Lead\b0  rest\par\pard\plain Plain\par"
    )

    found = blocks(body)

    assert found == [
        Block(text="One", label="1.", style="heading 1", outline_level=1, bold=True, size_pt=16.0),
        Block(text="Two", style="heading 2", outline_level=2),
        Block(text="Lead rest", style="Normal", centred=True, bold_lead=4),
        Block(text="Plain", style="Normal"),
    ]


def test_cells_know_their_place_and_a_text_between_parts_two_tables() -> None:
    row = r"\trowd\cellx1\cellx2\pard\intbl {}\cell {}\cell\row"
    body = row.format("a", "b") + row.format("c", "") + r"\pard between\par" + row.format("d", "e") + r"\pard end\par"

    found = [(block.text, block.table, block.row, block.column) for block in blocks(body)]

    assert found == [
        ("a", 0, 0, 0),
        ("b", 0, 0, 1),
        ("c", 0, 1, 0),
        ("between", None, None, None),
        ("d", 1, 0, 0),
        ("e", 1, 0, 1),
        ("end", None, None, None),
    ]


def test_notes_stand_last_and_boxes_after_their_paragraph() -> None:
    body = (
        r"main{\footnote\pard\plain foot}{\footnote\ftnalt end}"
        r"{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt\pard in the box\par}}{\shprslt twice}}\par next\par"
    )

    found = [(block.text, block.part) for block in blocks(body)]

    assert found == [
        ("main", "main"),
        ("in the box", "text_box"),
        ("next", "main"),
        ("foot", "footnote"),
        ("end", "endnote"),
    ]


def test_picture_is_written_once_with_the_size_it_is_shown_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rtf, "find_office", lambda: None)
    job, path = tmp_path / "job", tmp_path / "a.rtf"
    job.mkdir()
    shown = (
        rf"{{\*\shppict{{\pict\pngblip\picwgoal1500\pichgoal750 {png().hex()}}}}}{{\nonshppict{{\pict {png().hex()}}}}}"
    )
    path.write_bytes((_START + shown + shown + r"\par}").encode("ascii"))

    reading = rtf.read_rtf(path, job, DEFAULT_LIMITS)

    assert reading.document is not None
    assert reading.document.pictures == 2
    assert [(member.repeats, member.shown_px) for member in reading.members] == [(2, (100, 50))]
    assert [file.read_bytes() for file in job.iterdir()] == [png()]
    assert reading.problem is None


@pytest.mark.parametrize("body", ["{" * 600, "x" * 1_001], ids=["deep", "long"])
def test_what_is_beyond_a_limit_is_refused(body: str) -> None:
    with pytest.raises(LimitError):
        blocks(body)


@pytest.mark.parametrize("body", ["}}}}", r"\bin999999999 x", r"{\pict abc", r"\u", "\\", r"{\*", r"\'zz\'4"])
def test_broken_syntax_ends_in_blocks(body: str) -> None:
    assert all(isinstance(block, Block) for block in blocks(body))
