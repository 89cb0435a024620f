"""How far a PDF's 字数 lies from that of the Word file it was made of: `python -m bench.pdf_band [--corpus FOLDER]`.

LibreOffice prints every document as PDF, both are read, and the differences are shown by class. What stands in
`parsers.text.count_doubt` comes from here: no more than 1 in 100 may lie outside the range that a count claims.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.pdf_documents import all_layouts, compose
from parsers.facts import DocumentFacts, Measure
from parsers.limits import DEFAULT_LIMITS
from parsers.reading import read_file

_BATCH = 12
_BATCH_SECONDS = 180
_FEWEST_WORDS = 200


class Pair(NamedTuple):
    """One text, counted twice."""

    group: str
    name: str
    word: DocumentFacts
    pdf: DocumentFacts

    @property
    def counted(self) -> int:
        """字数 of the Word file: main text and form, as in the PDF."""
        return _main(self.word).value

    @property
    def printed(self) -> Measure:
        return _main(self.pdf)

    @property
    def percent(self) -> float:
        return 100 * (self.printed.value - self.counted) / self.counted

    @property
    def inside(self) -> bool:
        return self.printed.low <= self.counted <= self.printed.high


def _main(facts: DocumentFacts) -> Measure:
    parts = [facts.counts[part].words for part in ("main", "form") if part in facts.counts]
    return Measure(
        value=sum(part.value for part in parts),
        low=sum(part.low for part in parts),
        high=sum(part.high for part in parts),
    )


def main() -> int:
    """Exit status 0 when 99 of 100 composed documents lie inside their range."""
    parser = argparse.ArgumentParser(prog="python -m bench.pdf_band", description=__doc__)
    parser.add_argument("--each", type=int, default=8, help="composed documents of every layout")
    parser.add_argument("--corpus", type=Path, help="a folder with docx/ and odt/ below it")
    asked = parser.parse_args()
    office = shutil.which("soffice")
    if office is None:
        print("LibreOffice is not installed: nothing was measured")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        pairs = list(_pairs(Path(folder), office, each=asked.each, corpus=asked.corpus))
    _show(pairs)
    composed = [pair for pair in pairs if not pair.group.startswith("corpus")]
    return 0 if sum(pair.inside for pair in composed) >= 0.99 * len(composed) else 1


def _pairs(folder: Path, office: str, *, each: int, corpus: Path | None) -> Iterable[Pair]:
    sources: list[tuple[str, Path]] = []
    for layout, seed in all_layouts(each):
        path = folder / f"{layout}-{seed}.docx"
        path.write_bytes(compose(layout, seed))
        sources.append((layout, path))
    if corpus is not None:
        found = [*sorted(corpus.glob("docx/*")), *sorted(corpus.glob("odt/*"))]
        for number, path in enumerate(found):
            copy = folder / f"{number:04d}{path.suffix}"
            shutil.copyfile(path, copy)
            sources.append((f"corpus {path.suffix.lower()}", copy))
    _print_all([path for _, path in sources], folder / "printed", office)
    for group, path in sources:
        printed = folder / "printed" / f"{path.stem}.pdf"
        word, pdf = _facts(path, folder), _facts(printed, folder) if printed.exists() else None
        if word is not None and pdf is not None and _main(word).value >= _FEWEST_WORDS:
            yield Pair(group, path.name, word, pdf)


def _print_all(paths: Sequence[Path], out: Path, office: str) -> None:
    """Print as PDF, some at a time; a batch that hangs on a hostile file is given up."""
    profile = (out.parent / "profile").as_uri()
    for start in range(0, len(paths), _BATCH):
        batch = [str(path) for path in paths[start : start + _BATCH]]
        command = [
            office,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(out),
        ]
        try:
            subprocess.run([*command, *batch], capture_output=True, timeout=_BATCH_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            print(f"given up: {', '.join(batch)}")


def _facts(path: Path, folder: Path) -> DocumentFacts | None:
    with tempfile.TemporaryDirectory(dir=folder) as job:
        reading = read_file(path, Path(job), DEFAULT_LIMITS)
    return reading.document if reading.problem is None else None


def _show(pairs: Sequence[Pair]) -> None:
    print(
        f"{'class':<16}{'files':>6}{'exact':>7}{'inside':>8}{'least':>9}{'median':>9}{'most':>9}{'width':>8}  headings P / R"
    )
    for group in dict.fromkeys(pair.group for pair in pairs):
        of_group = [pair for pair in pairs if pair.group == group]
        percents = sorted(pair.percent for pair in of_group)
        exact = sum(pair.printed.value == pair.counted for pair in of_group)
        inside = sum(pair.inside for pair in of_group)
        width = sum((pair.printed.high - pair.printed.low) / pair.counted for pair in of_group) * 100 / len(of_group)
        precision, recall = _heading_rates(of_group)
        print(
            f"{group:<16}{len(of_group):>6}{exact:>7}{inside:>8}{percents[0]:>+8.2f}%{percents[len(percents) // 2]:>+8.2f}%"
            f"{percents[-1]:>+8.2f}%{width:>7.1f}%  {precision:.3f} / {recall:.3f}"
        )
    for pair in pairs:
        if not pair.inside:
            low, high = pair.printed.low, pair.printed.high
            print(
                f"outside: {pair.group} {pair.name}: {pair.counted} in Word, {pair.printed.value} ({low} to {high}) in PDF"
            )


def _heading_rates(pairs: Sequence[Pair]) -> tuple[float, float]:
    """Of the headings found in the PDF those that Word has, and of Word's those found."""
    found = [{heading.title for heading in pair.pdf.headings} for pair in pairs]
    wanted = [{heading.title for heading in pair.word.headings} for pair in pairs]
    both = sum(len(a & b) for a, b in zip(found, wanted, strict=True))
    return both / max(1, sum(map(len, found))), both / max(1, sum(map(len, wanted)))


if __name__ == "__main__":
    sys.exit(main())
