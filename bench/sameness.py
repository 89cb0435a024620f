"""Measures when two pictures are taken for one: `python -m bench.sameness [FOLDER]`. Both kinds of error, by kind of pair.

Pictures come from a folder of samples (sub-folders `image` and `docx`), are changed the way people change them, and read
by the product's own reader. The half chosen by a hash of their names was not looked at while thresholds were set.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from bench.picture_pairs import (
    Base,
    Variant,
    edited_variants,
    load_bases,
    other_shots,
    pages_of_one_form,
    same_variants,
    saved,
    scaled,
)
from parsers.facts import PhotoFacts
from parsers.limits import DEFAULT_LIMITS
from parsers.photos.photo import read_photo
from parsers.photos.sameness import same_picture, similar_picture

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "corpus"
MOST_PX = 1600
FORMS = 24


@dataclass
class Tally:
    """Pairs of one kind: how many, how many taken for one, how many for worth a look side by side."""

    pairs: int = 0
    same: int = 0
    similar: int = 0

    def add(self, a: PhotoFacts, b: PhotoFacts) -> None:
        """Count one pair."""
        self.pairs += 1
        self.same += same_picture(a, b)
        self.similar += similar_picture(a, b)


@dataclass
class Half:
    """All kinds of pairs of one half of the pictures."""

    copies: dict[str, Tally] = field(default_factory=dict)
    edited: dict[str, Tally] = field(default_factory=dict)
    shots: dict[str, Tally] = field(default_factory=dict)
    others: dict[str, Tally] = field(default_factory=dict)


@dataclass(frozen=True)
class _Seen:
    """One picture's facts and those of its variants."""

    name: str
    held_out: bool
    photograph: bool
    itself: PhotoFacts
    copies: tuple[tuple[str, PhotoFacts], ...]
    edited: tuple[tuple[str, PhotoFacts], ...]
    shots: tuple[tuple[str, PhotoFacts], ...]


def main() -> int:
    """Exit status 0 when there was something to measure."""
    parser = argparse.ArgumentParser(prog="python -m bench.sameness", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SAMPLES)
    folder = parser.parse_args().folder
    bases = load_bases(folder)
    if not bases:
        print(f"0 pictures checked: nothing found in {folder}")
        return 1
    with ProcessPoolExecutor() as processes:
        seen = [one for one in processes.map(_see, enumerate(bases)) if one is not None]
        forms = list(processes.map(_see_form, range(FORMS)))
    halves = {False: Half(), True: Half()}
    for held_out, half in halves.items():
        _count(half, [one for one in seen if one.held_out == held_out and not _is_blank(one)])
        _count_forms(half, forms[held_out::2])
        mine = [one for one in seen if one.held_out == held_out]
        photographs = sum(one.photograph for one in mine)
        blank = sum(_is_blank(one) for one in mine)
        title = "held out" if held_out else "thresholds were set on"
        print(
            f"\n== the half {title}: {photographs} photographs, {len(mine) - photographs - blank} pages, drawings and"
            f" screenshots; {blank} too blank to be known again but by their bytes"
        )
        _print(half)
    return 0


def _see(numbered: tuple[int, Base]) -> _Seen | None:
    number, base = numbered
    longest = max(base.picture.size)
    picture = scaled(base.picture, MOST_PX / longest) if longest > MOST_PX else base.picture
    itself = _facts(saved(picture, quality=92))
    return _Seen(
        name=base.name,
        held_out=base.held_out,
        photograph=base.photograph,
        itself=itself,
        copies=_read(same_variants(picture)),
        edited=_read(edited_variants(picture)),
        shots=_read(other_shots(picture, number)) if base.photograph else (),
    )


def _see_form(seed: int) -> tuple[tuple[str, PhotoFacts], ...]:
    return _read(pages_of_one_form(seed))


def _read(variants: Iterable[Variant]) -> tuple[tuple[str, PhotoFacts], ...]:
    return tuple((kind, _facts(data)) for kind, data in variants)


def _facts(data: bytes) -> PhotoFacts:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        facts = read_photo(Path(file.name), Path(file.name).parent, DEFAULT_LIMITS).photo
    if facts is None:
        raise RuntimeError("a picture written here cannot be read")
    return facts


def _is_blank(one: _Seen) -> bool:
    return not same_picture(one.itself, one.itself)


def _count(half: Half, seen: list[_Seen]) -> None:
    for one in seen:
        what = "photo" if one.photograph else "page"
        for kind, facts in one.copies:
            half.copies.setdefault(f"{what}: {kind}", Tally()).add(one.itself, facts)
        for kind, facts in one.edited:
            half.edited.setdefault(f"{what}: {kind}", Tally()).add(one.itself, facts)
        for kind, facts in one.shots[1:]:
            half.shots.setdefault(kind, Tally()).add(one.shots[0][1], facts)
    for a, b in _unlike(seen):
        kind = "two photos" if a.photograph and b.photograph else "others"
        half.others.setdefault(kind, Tally()).add(a.itself, b.itself)
        if same_picture(a.itself, b.itself):
            print(f"taken for one: {a.name} | {b.name}", file=sys.stderr)


def _count_forms(half: Half, forms: list[tuple[tuple[str, PhotoFacts], ...]]) -> None:
    for pages in forms:
        for (_, a), (_, b) in itertools.combinations(pages, 2):
            half.shots.setdefault("certificates of one form, other names", Tally()).add(a, b)


def _unlike(seen: list[_Seen]) -> Iterator[tuple[_Seen, _Seen]]:
    """Every two pictures that are not the same file in other versions (flag.png, flag-alpha.png)."""
    for a, b in itertools.combinations(seen, 2):
        if a.name[:24] != b.name[:24] or a.photograph:
            yield a, b


def _print(half: Half) -> None:
    for title, tallies, wrong in (
        ("copies, to be one", half.copies, "not one"),
        ("edited, in doubt two, to be noticed", half.edited, "one"),
        ("other shots, to be two", half.shots, "one"),
        ("other pictures, to be two", half.others, "one"),
    ):
        total: Counter[str] = Counter()
        print(f"\n{title:<50} {'pairs':>6} {wrong:>8} {'noticed':>8}")
        for kind, tally in tallies.items():
            errors = tally.pairs - tally.same if wrong == "not one" else tally.same
            total.update(pairs=tally.pairs, errors=errors, similar=tally.similar)
            print(f"  {kind:<48} {tally.pairs:>6} {errors:>8} {tally.similar:>8}")
        print(f"  {'all':<48} {total['pairs']:>6} {total['errors']:>8} {total['similar']:>8}")


if __name__ == "__main__":
    sys.exit(main())
