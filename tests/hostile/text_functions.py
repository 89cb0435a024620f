"""Every function that is handed what strangers wrote, and texts that make careless ones slow.

Functions are found by what they ask for: all public ones of the packages below whose arguments can be made of a text
are driven, and so are the ways a whole letter goes. One that takes a text and something this module cannot make is left,
and what it takes has to be named in `ELSEWHERE`.
"""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from intake.casework.threads import OurReferences
from intake.model import Letter
from intake.orders.order import Vocabulary
from parsers.facts import Address, Block, LetterFacts, Reading
from parsers.letter.share_places import Place
from parsers.limits import DEFAULT_LIMITS
from parsers.reading import read_letter_file
from parsers.text.run_in_headings import Series
from tests.hostile.growth import Work
from tests.hostile.patterns import modules
from tests.intake.casework import samples

PACKAGES = (
    "intake.calls", "intake.casework", "intake.checks", "intake.edges.executors.tree", "intake.edges.mailboxes.headers",
    "intake.edges.receipt_time", "intake.edges.transports.smtp_answers", "intake.edges.workbook", "intake.edges.wrapping",
    "intake.figures", "intake.orders", "intake.replies.compose", "intake.replies.envelope", "intake.replies.marks",
    "intake.unlinking", "intake.wording", "parsers",
)  # fmt: skip
"""What strangers write is looked at here, and nowhere else but through these."""

UNITS: Mapping[str, str] = {
    "one character": "一",
    "one letter": "a",
    "digits": "1",
    "spaces": " ",
    "empty lines": "\n",
    "short lines": "一\n",
    "brackets": "（",
    "both brackets": "《》",
    "nested quotes": ">",
    "quoted lines": "> > 一\n",
    "headings": "一、背景与起因\n",
    "numbers": "1.1.",
    "dates": "2022年12月5日 ",
    "two scripts": "a一",
    "sentences": "一。",
    "labels": "发件人：",
    "label lines": "主题：一\n",
    "addresses": "a@b.c,",
    "links": "https://pan.baidu.com/s/1 ",
    "names of files": "案例.docx\n",
    "tags": "<b>",
    "commas": "，",
    "tabs": "一\t",
    "dashes": "-",
    "encoded words": "=?a?b?",
    "case numbers": "HL22-0017 ",
}
"""What a text repeats, by what it is."""

_NOW_AT = datetime(2022, 12, 5, tzinfo=UTC)
_ZONE = ZoneInfo("Asia/Shanghai")


def _lines(text: str) -> list[str]:
    return text.splitlines() or [text]


def _blocks(text: str) -> list[Block]:
    return [Block(text=line) for line in _lines(text)]


def letter_of(text: str) -> LetterFacts:
    """A letter whose subject, sender, text and history say nothing else."""
    sender = Address(name=text[:500], address="a@example.org")
    return LetterFacts(subject=text[:998], sender=sender, text=text, quoted=text, signature=text[:2000])


def _letter(text: str) -> Letter:
    return Letter("a" * 64, samples.START, letter_of(text))


_MADE: Mapping[str, Callable[[str], Any]] = {
    "str": lambda text: text,
    "str | None": lambda text: text,
    "bytes": lambda text: text.encode(),
    "bytes | str": lambda text: text,
    "Sequence[str]": _lines,
    "Iterable[str]": _lines,
    "Collection[str]": _lines,
    "tuple[str, ...]": lambda text: tuple(_lines(text)),
    "list[str]": _lines,
    "Sequence[bytes]": lambda text: text.encode().splitlines(keepends=True),
    "Iterable[bytes]": lambda text: text.encode().splitlines(keepends=True),
    "Block": lambda text: Block(text=text),
    "Sequence[Block]": _blocks,
    "LetterFacts": letter_of,
    "Letter": _letter,
    "Sequence[Letter]": lambda text: [_letter(text)],
    "Document": lambda text: samples.document("案例.docx", _lines(text)),
    "Sequence[ReadFile]": lambda text: [samples.document(f"{text[:100]}.docx", _lines(text))],
    "Place": lambda text: Place(url="https://pan.baidu.com/s/1", line=0, column=0, label=text, name=text),
}
"""What strangers' text stands in, made of a text."""

_GIVEN: Mapping[str, Callable[[], Any]] = {
    "bool": lambda: False,
    "bool | None": lambda: False,
    "int": lambda: 1_000,
    "int | None": lambda: 1_000,
    "float": lambda: 1.0,
    "datetime": lambda: _NOW_AT,
    "datetime | None": lambda: _NOW_AT,
    "ZoneInfo": lambda: _ZONE,
    "Limits": lambda: DEFAULT_LIMITS,
    "CampaignSigns": lambda: samples.HULI,
    "OurReferences": OurReferences,
    "Sequence[KnownCase]": lambda: (),
    "Series": lambda: Series(ranks=frozenset({20, 40}), leads=frozenset({"背景"})),
    "Vocabulary": lambda: Vocabulary(_NOW_AT, _ZONE, prefix="HL22", case="HL22-0017", may_confirm=True),
    "ShareProvider": lambda: "qq_mail",
    "Stage": lambda: "data",
    "Sequence[Finding]": lambda: (),
    "Mapping[str, str]": dict,
    "Mapping[str, int]": dict,
    "frozenset[str]": frozenset,
}
"""What else functions want to be given, the same each time."""
_BOUNDED: Mapping[str, Any] = {
    "choices: Sequence[str]": samples.HULI.categories,
    "names: Iterable[str]": ("金安社区", "金安", ""),
    "prefix: str": "HL22",
    "received: Sequence[str]": ("小网格办成大事情", "楼道里的议事会"),
}
"""Arguments that are of text, but never as long as a stranger likes: what the campaign file says, the cases of one sender."""


FILES = frozenset({
    "Path", "Sequence[Path]", "MemberSink", "Package", "OfdPackage", "etree._Element", "etree._Element | None", "mmap.mmap",
    "zipfile.ZipFile", "Entry", "Paragraph", "Box | None", "Cage", "OfficeProgram", "PastedPicture", "WrittenFile",
    "list[PastedPicture]", "list[WrittenFile]",
})  # fmt: skip
"""A file or a part of one: whoever takes it is driven with hostile files (`tests.hostile.bombs`)."""
OURS = frozenset({
    "Alarm", "Behalf", "CaseReport", "Chart", "Delivery", "Grouping", "Iterable[LedgerCase]", "Iterable[datetime]", "Joining",
    "Judgement", "KnownCase", "KnownCase | None", "Leads", "LetterRecord", "LineContext", "Mapping[str, Any]",
    "Mapping[str, Asked]", "Mapping[tuple[str, str], int]", "Neighbours", "Sequence[Call]", "Sequence[Candidate]",
    "Sequence[HumanItem]", "Sequence[KnownLetter]", "Sequence[Leads]", "Sequence[LinkLine]", "Sequence[LinkedFile]",
    "Sequence[Photo]", "Sequence[Section]", "Sequence[SheetPicture]", "Sequence[tuple[str, int]]", "ValidationError",
    "Written", "tuple[Campaign, ...]", "tuple[ReadFile, ...]",
})  # fmt: skip
"""What the service itself has made before, of bounded size or by functions that are driven."""
ELSEWHERE = FILES | OURS


class Driven(NamedTuple):
    """One function, with how its arguments are made of a text."""

    name: str
    call: Callable[..., Any]
    wants: tuple[tuple[str, str], ...]
    """Names and annotations of its arguments, those with a default left out."""

    def work(self, text: str) -> Work:
        """One call with a text, its arguments made beforehand."""
        values = {name: _value(name, want, text) for name, want in self.wants}
        call, parameters = self.call, inspect.signature(self.call).parameters
        places = [
            values.pop(name) for name, _ in self.wants if parameters[name].kind is not inspect.Parameter.KEYWORD_ONLY
        ]

        def work() -> object:
            try:
                found = call(*places, **values)
                return list(found) if inspect.isgenerator(found) else found
            except Exception as error:  # noqa: BLE001 -- nonsense may be refused, in its time; what is raised is not asked here
                return error

        return work


def _value(name: str, want: str, text: str) -> Any:
    if (bounded := _BOUNDED.get(f"{name}: {want}")) is not None:
        return bounded
    return _MADE[want](text) if want in _MADE else _GIVEN[want]()


def text_functions() -> tuple[tuple[Driven, ...], tuple[str, ...]]:
    """The functions that can be driven, and the names of those that take a text and nothing tells where they are."""
    driven, left = [], []
    for name, call in _functions():
        parameters = inspect.signature(call).parameters.values()
        wants = tuple(
            (each.name, str(each.annotation))
            for each in parameters
            if each.default is each.empty and each.kind not in {each.VAR_POSITIONAL, each.VAR_KEYWORD}
        )
        if not any(want in _MADE for _, want in wants):
            continue
        if all(want in _MADE or want in _GIVEN for _, want in wants):
            driven.append(Driven(name, call, wants))
        elif not any(want in ELSEWHERE for _, want in wants):
            left.append(name)
    return (*driven, *WHOLE_LETTERS), tuple(left)


def _read_plain(text: str) -> Reading:
    return _read(b"text/plain", text)


def _read_html(text: str) -> Reading:
    return _read(b"text/html", "<p>" + text.replace("\n", "</p><p>") + "</p>")


def _read(kind: bytes, body: str) -> Reading:
    head = b"From: a@example.org\r\nSubject: =?a?b?\r\nContent-Type: " + kind + b"; charset=utf-8\r\n\r\n"
    with tempfile.TemporaryDirectory() as folder:
        path, job = Path(folder) / "letter.eml", Path(folder) / "job"
        path.write_bytes(head + body.encode())
        job.mkdir()
        return read_letter_file(path, job, DEFAULT_LIMITS)


WHOLE_LETTERS = (
    Driven("whole.plain_letter", _read_plain, (("text", "str"),)),
    Driven("whole.html_letter", _read_html, (("text", "str"),)),
)
"""The way of a whole letter through its reader: what is linear step by step may be repeated by what goes around it."""


def _functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in modules():
        if not any(module.__name__ == each or module.__name__.startswith(f"{each}.") for each in PACKAGES):
            continue
        for name, value in vars(module).items():
            own = getattr(value, "__module__", None) == module.__name__
            if own and not name.startswith("_") and (inspect.isfunction(value) or hasattr(value, "cache_info")):
                yield f"{module.__name__}.{name}", inspect.unwrap(value)
