"""Compares headings and sections with a person's labels: `python -m bench.sections [--held-out] [--list]`.

The tuning half is always scored; the held-out half only when asked, once, after tuning.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bench.section_documents import write_document
from bench.section_labels import (
    CORPUS,
    Composed,
    CorpusLabels,
    Half,
    HeadingLabel,
    Pair,
    Place,
    calls,
    composed,
    corpus_labels,
    half,
    line_key,
    pairs,
    place_of,
    plain,
)
from intake.checks.required_sections import RequiredSections
from intake.model import Document, Revision
from parsers.facts import Block, DocumentFacts, Heading
from parsers.limits import DEFAULT_LIMITS
from parsers.reading import read_file
from parsers.text.lines import split_lines

_MAIN_PARTS = ("main", "form")


@dataclass
class Score:
    """Right ones, needless ones and overlooked ones, with a line for each mistake."""

    right: int = 0
    needless: int = 0
    overlooked: int = 0
    documents: int = 0
    mistakes: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """1.0 when nothing was claimed."""
        return self.right / (self.right + self.needless) if self.right + self.needless else 1.0

    @property
    def recall(self) -> float:
        """1.0 when nothing was to be found."""
        return self.right / (self.right + self.overlooked) if self.right + self.overlooked else 1.0


@dataclass
class SectionScore(Score):
    """Sections found, and how the others were answered."""

    levels_right: int = 0
    levels: int = 0
    titles_right: int = 0
    false_fixes: int = 0
    """`fix` where a person would not ask: the worst mistake."""
    fixes: int = 0
    """`fix` where a person would ask."""
    unsure: Counter[str] = field(default_factory=Counter)
    """`human` by what a person says: there, open, missing."""


@dataclass(frozen=True)
class Scores:
    """All figures of one half."""

    composed: Score
    corpus_chinese: Score
    corpus_other: Score
    unread: tuple[str, ...]
    sections: SectionScore
    pairs: Score


def main() -> int:
    """Exit status 0; the figures are for people."""
    parser = argparse.ArgumentParser(prog="python -m bench.sections", description=__doc__)
    parser.add_argument(
        "--held-out", action="store_true", help="score the half that is not looked at while tuning as well"
    )
    parser.add_argument("--afterwards", action="store_true", help="score the cases written after that")
    parser.add_argument("--list", action="store_true", help="name each mistake of the halves shown")
    asked = parser.parse_args()
    halves: tuple[Half, ...] = ("tuning", "held-out") if asked.held_out else ("tuning",)
    for one in halves:
        _show(one, score(one), listed=asked.list)
    if asked.afterwards:
        headings, sections = score_documents(composed("afterwards"))
        rows = (("headings, composed cases", headings), ("sections of composed cases", sections))
        print("\nwritten after the held-out half was opened")
        _show_rows(rows)
        _show_sections(sections, listed=rows if asked.list else ())
    return 0


def score(which: Half) -> Scores:
    """The figures of one half. Corpus documents that are absent or have no reader are named in `unread`."""
    headings, sections = score_cases(which)
    chinese, other, unread = _score_corpus(which)
    asked = [pair for pair in pairs() if half(pair.heading) == which]
    return Scores(headings, chinese, other, unread, sections, score_pairs(asked))


def score_cases(which: Half) -> tuple[Score, SectionScore]:
    """Headings and sections of the composed documents of one half."""
    return score_documents(document for document in composed() if half(document.name) == which)


def score_documents(documents: Iterable[Composed]) -> tuple[Score, SectionScore]:
    """Headings and sections of composed documents."""
    headings, sections = Score(), SectionScore()
    with tempfile.TemporaryDirectory() as folder:
        for document in documents:
            facts = read_composed_facts(document, Path(folder))
            score_headings(headings, document.name, facts, document.headings)
            score_sections(sections, document, facts)
    return headings, sections


def read_composed_facts(document: Composed, folder: Path) -> DocumentFacts:
    """What the readers say of a composed document."""
    facts = _read(write_document(document, folder))
    assert facts is not None
    return facts


def _read(path: Path) -> DocumentFacts | None:
    with tempfile.TemporaryDirectory() as job:
        return read_file(path, Path(job), DEFAULT_LIMITS).document


def _score_corpus(which: Half) -> tuple[Score, Score, tuple[str, ...]]:
    chinese, other, unread = Score(), Score(), []
    for labels in corpus_labels():
        if half(labels.file) != which:
            continue
        path = CORPUS / labels.file
        facts = _read(path) if path.is_file() else None
        if facts is None:
            unread.append(labels.file)
            continue
        of_language = chinese if _is_chinese(facts) else other
        score_headings(of_language, labels.file, facts, labels.headings, labels=labels)
    return chinese, other, tuple(unread)


def _is_chinese(facts: DocumentFacts) -> bool:
    text = "".join(block.text for block in facts.blocks)
    return sum("\u3400" <= character <= "\u9fff" for character in text) > len(text) / 10


def score_headings(
    score: Score,
    name: str,
    facts: DocumentFacts,
    wanted: Sequence[HeadingLabel],
    *,
    labels: CorpusLabels | None = None,
) -> None:
    """Add one document's headings to `score`."""
    score.documents += 1
    aside = labels.either if labels else frozenset()
    found = [place for place in places(facts, until=labels.until if labels else None) if place not in aside]
    asked = Counter(label.place for label in wanted)
    claimed = Counter(found)
    score.right += (asked & claimed).total()
    words = {line_key(text): text for text in _texts(facts)}
    for sign, places_of in (("needless", claimed - asked), ("overlooked", asked - claimed)):
        setattr(score, sign, getattr(score, sign) + places_of.total())
        score.mistakes += [f"{sign}: {name}: {words.get(place.key, place.key)[:60]}" for place in places_of]


def _texts(facts: DocumentFacts) -> Iterator[str]:
    for block in facts.blocks:
        yield from block.text.split("\n")
    yield from (heading.text for heading in facts.headings)


def places(facts: DocumentFacts, *, until: Place | None = None) -> Iterator[Place]:
    """Where each heading of a document stands."""
    lines, origins = split_lines(facts.blocks)
    kept = [index for index, line in enumerate(lines) if line.part in _MAIN_PARTS]
    texts = [lines[index].text for index in kept]
    end = _end(texts, until)
    for heading in facts.headings:
        at = [place for place, index in enumerate(kept) if origins[index] == heading.block]
        text = _without_label(heading, facts.blocks[heading.block])
        index = next((i for i in at if plain(texts[i]).startswith(plain(text))), at[0])
        if index <= end:
            yield place_of(texts, index, text)


def _end(texts: Sequence[str], until: Place | None) -> int:
    if until is None:
        return len(texts)
    return [index for index, text in enumerate(texts) if line_key(text) == until.key][until.nth]


def _without_label(heading: Heading, block: Block) -> str:
    return heading.text.removeprefix(block.label) if block.label else heading.text


def score_sections(score: SectionScore, document: Composed, facts: DocumentFacts) -> None:
    """Add what the check says of one document's sections, and the levels of its headings."""
    score.documents += 1
    check, call = _check(document.call), calls()[document.call]
    judged = Document(document.name, "0" * 64, 1, "docx", "case", facts)
    findings = check.findings(Revision((judged,), None, None))
    fixes = {str(one.values["section"]) for one in findings if one.severity == "fix"}
    unsure = {
        name for one in findings if one.code == "sections_unrecognised" for name in _names(one.values["sections"])
    }
    placed = dict(zip(facts.headings, places(facts), strict=True))
    answers = {label.place: label.answers for label in document.headings}
    for number, found in enumerate(check.sections_in(judged)):
        name, truth = call.sections[number], _truth(document, number)
        taken = found.heading is not None and number in answers.get(placed[found.heading], ())
        if found.is_there and (taken or truth == "open"):
            score.right += truth == "there"
        elif found.is_there:
            _mistake(score, "needless", f"{document.name}: {name} <- {found.heading.text if found.heading else ''}")
        elif truth == "there":
            _mistake(score, "overlooked", f"{document.name}: {name}")
        if name in fixes and truth in {"there", "open"}:
            score.false_fixes += 1
            score.mistakes.append(f"FALSE FIX: {document.name}: {name}")
        score.fixes += name in fixes and truth in {"missing", "empty"}
        score.unsure[truth] += name in unsure
    _score_levels(score, document, facts)
    _score_title(score, document, facts)


def _score_levels(score: SectionScore, document: Composed, facts: DocumentFacts) -> None:
    levels = {label.place: label.level for label in document.headings}
    for heading, place in zip(facts.headings, places(facts), strict=True):
        if place in levels:
            score.levels += 1
            score.levels_right += heading.level == levels[place]
            if heading.level != levels[place]:
                score.mistakes.append(f"level {heading.level}: {document.name}: {heading.text}")


def _score_title(score: SectionScore, document: Composed, facts: DocumentFacts) -> None:
    title = next(line.text for line in document.lines if line.mark == "T")
    score.titles_right += facts.title is not None and facts.title.startswith(title)
    if facts.title is None or not facts.title.startswith(title):
        score.mistakes.append(f"title: {document.name}: {facts.title}")


def _names(value: object) -> Iterable[str]:
    return value if isinstance(value, tuple) else ()


def _truth(document: Composed, number: int) -> str:
    for name, group in (("missing", document.missing), ("empty", document.empty), ("open", document.open)):
        if number in group:
            return name
    return "there"


def _mistake(score: Score, sign: str, what: str) -> None:
    setattr(score, sign, getattr(score, sign) + 1)
    score.mistakes.append(f"{sign}: {what}")


@cache
def _check(call: str) -> RequiredSections:
    asked = calls()[call]
    rule = {"id": "sections", "check": "required_sections", "as": asked.as_, "sections": list(asked.sections)}
    return RequiredSections.model_validate(rule)


def score_pairs(asked: Sequence[Pair]) -> Score:
    """Which sections single headings are taken for. Where people differ, only a wrong section is a mistake."""
    score = Score(documents=len(asked))
    for pair in asked:
        heading = Heading(block=0, text=pair.heading, title=pair.heading, level=1, signal="bold", words=100)
        facts = DocumentFacts(blocks=(Block(text=pair.heading),), headings=(heading,))
        judged = Document("案例.docx", "0" * 64, 1, "docx", "case", facts)
        found = {n for n, one in enumerate(_check(pair.call).sections_in(judged)) if one.is_there}
        for number in found - pair.answers:
            _mistake(score, "needless", f"{pair.call}: {pair.heading} -> {calls()[pair.call].sections[number]}")
        if pair.certain:
            score.right += len(found & pair.answers)
            for number in pair.answers - found:
                _mistake(score, "overlooked", f"{pair.call}: {pair.heading} -> {calls()[pair.call].sections[number]}")
    return score


def _show(which: Half, scores: Scores, *, listed: bool) -> None:
    print(f"\n{which} half")
    rows = (
        ("headings, composed cases", scores.composed),
        ("headings, corpus, Chinese", scores.corpus_chinese),
        ("headings, corpus, other", scores.corpus_other),
        ("sections of composed cases", scores.sections),
        ("headings beside sections", scores.pairs),
    )
    _show_rows(rows)
    print(f"not read here: {', '.join(scores.unread) or 'none'}")
    _show_sections(scores.sections, listed=rows if listed else ())


def _show_rows(rows: Iterable[tuple[str, Score]]) -> None:
    print(f"{'':28}{'documents':>10}{'right':>7}{'needless':>10}{'overlooked':>12}{'precision':>11}{'recall':>8}")
    for name, one in rows:
        figures = f"{one.documents:10}{one.right:7}{one.needless:10}{one.overlooked:12}"
        print(f"{name:28}{figures}{one.precision:11.3f}{one.recall:8.3f}")


def _show_sections(of: SectionScore, *, listed: Iterable[tuple[str, Score]]) -> None:
    print(f"titles right: {of.titles_right} of {of.documents}; levels: {of.levels_right} of {of.levels}")
    print(f"fix where a person would: {of.fixes}, where not: {of.false_fixes}")
    print(f"human, by what a person says: {dict(of.unsure)}")
    for _, one in listed:
        print(*one.mistakes, sep="\n")


if __name__ == "__main__":
    raise SystemExit(main())
