"""Reads every file of the collection and compares: `python -m bench.corpus [--only CLASS …] [--every N]`.

Exit status 0 when no reader of ours failed and every difference to another reader is explained
in explained.tsv by a person who looked; 1 otherwise.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.corpus.compare import Difference, differences, recall
from bench.corpus.index import CLASSES, EXPLAINED_WORDS, FILES, CorpusFile, corpus_files, explained
from bench.corpus.office import ODT, OFFICE_CLASSES, find_saving_office
from bench.corpus.others import OtherReaders, letter_by_stdlib
from bench.corpus.ours import Told, tell_all
from bench.corpus.words import counted, words_table
from parsers.limits import Limits

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
CACHE = ROOT / "bench" / "out" / "corpus"
LIMITS = Limits(cpu_seconds=60, wall_seconds=90)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.corpus", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="where the collection lies")
    parser.add_argument("--only", nargs="+", choices=CLASSES, default=CLASSES, metavar="CLASS")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth file of a class")
    parser.add_argument("--ocr", action="store_true", help="recognise scans too (extra ocr; seconds a page)")
    parser.add_argument("--words", action="store_true", help="字数 beside LibreOffice's own count instead")
    asked = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    files = _chosen(corpus_files(asked.corpus), asked.only, asked.every)
    if not files:
        console.print(f"0 of {FILES:,} checked: the collection is not here ({asked.corpus})")
        return 0
    if asked.words:
        return _compare_words(files, console)
    began = time.monotonic()
    others = OtherReaders(CACHE)
    texts = others.texts(files)
    told = list(tell_all(files, LIMITS, recognise=asked.ocr))
    found = [each for one in told for each in _differences(one, texts)]
    known = explained()
    open_questions = [each for each in found if each.file not in known]
    console.print(_table(told, texts, found, open_questions, others.names))
    for each in open_questions:
        console.print(f"[red]{each.file}[/]: {each.what}", markup=True)
    failed = sum(one.failed for one in told)
    console.print(
        f"{len(told):,} of {FILES:,} checked in {time.monotonic() - began:.0f} s; {failed} failed; {len(found)} differences,"
        f" {len(found) - len(open_questions)} explained, {len(open_questions)} open"
    )
    return 1 if failed or open_questions else 0


def _compare_words(files: Sequence[CorpusFile], console: Console) -> int:
    """Compare 字数; exit status as `main`'s."""
    office = find_saving_office(CACHE)
    if office is None:
        console.print("LibreOffice is not installed: there is nothing to compare 字数 with")
        return 0
    documents = [file for file in files if file.kind in OFFICE_CLASSES]
    saved = office.saved(documents, ODT)
    found = list(counted(list(tell_all(documents, LIMITS)), saved))
    known = explained(EXPLAINED_WORDS)
    outside = [one for one in found if one.is_outside]
    unexplained = [one for one in outside if one.file.name not in known]
    console.print(words_table(found))
    for one in unexplained:
        console.print(
            f"[red]{one.file.name}[/]: {office.name} {one.theirs}, ours {one.ours} + {one.added}", soft_wrap=True
        )
    console.print(f"{len(found)} documents, {len(outside)} outside the band, {len(unexplained)} not explained")
    return 1 if unexplained else 0


def _chosen(files: Sequence[CorpusFile], only: Sequence[str], every: int) -> list[CorpusFile]:
    by_class: dict[str, list[CorpusFile]] = defaultdict(list)
    for file in files:
        by_class[file.kind].append(file)
    return [file for kind in CLASSES if kind in only for file in by_class[kind][::every]]


def _differences(told: Told, texts: dict[str, str]) -> list[Difference]:
    letter = letter_by_stdlib(told.file.path) if told.file.kind in ("email", "email_dsn") else None
    return list(differences(told, texts.get(told.file.name), letter))


def _table(
    told: Sequence[Told],
    texts: dict[str, str],
    found: Sequence[Difference],
    open_questions: Sequence[Difference],
    names: dict[str, str],
) -> Table:
    table = Table(
        "class",
        "files",
        "read",
        "cannot read",
        "failed",
        "seconds",
        "a file, worst",
        "text recall",
        "against",
        "differ",
        "open",
    )
    for kind in CLASSES:
        of_kind = [one for one in told if one.file.kind == kind]
        if not of_kind:
            continue
        reasons = Counter(one.problem for one in of_kind if one.problem is not None)
        shares = [
            share
            for one in of_kind
            if one.file.name in texts and one.text and (share := recall(texts[one.file.name], one.text)) is not None
        ]
        table.add_row(
            kind,
            f"{len(of_kind)}",
            f"{sum(one.problem is None for one in of_kind)}",
            ", ".join(f"{count} {reason}" for reason, count in reasons.most_common()),
            f"{sum(one.failed for one in of_kind)}",
            f"{sum(one.seconds for one in of_kind):.1f}",
            f"{statistics.median(one.seconds for one in of_kind):.2f}, {max(one.seconds for one in of_kind):.1f}",
            _spread(shares),
            names.get(
                kind, "the index" if kind in ("image", "archive") else "email (stdlib)" if "email" in kind else ""
            ),
            f"{sum(each.file.startswith(kind + '/') for each in found)}",
            f"{sum(each.file.startswith(kind + '/') for each in open_questions)}",
        )
    return table


def _spread(shares: Sequence[float]) -> str:
    if not shares:
        return ""
    return f"{statistics.mean(shares):.1%} mean, {statistics.median(shares):.1%} median of {len(shares)}"


if __name__ == "__main__":
    sys.exit(main())
