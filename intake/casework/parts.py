"""A letter with several cases, part by part: which known case each belongs to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from intake.casework.grouping import Grouping, Leads, divide, group_files, share_of
from intake.casework.joining import Joining, join
from intake.casework.known_case import KnownCase
from intake.casework.likeness import likeness_of
from intake.casework.package import holds_material, package_of
from intake.casework.sameness import RELATED, same_again
from intake.casework.senders import unit_names
from intake.casework.signs import CampaignSigns
from intake.casework.threads import NO_REFERENCES, OurReferences
from intake.model import Letter, ReadFile

_NAMED = 8
"""Files named in an evidence line."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a letter brings of one case."""

    leads: Leads
    """The documents by which it is told from the others; see `grouping.divide`."""
    letter: Letter
    """The letter as far as it is about this case."""
    joining: Joining
    again: bool = False
    """It brings nothing that its case does not hold already."""


@dataclass(frozen=True, slots=True)
class PartedLetter:
    """A letter with several cases."""

    parts: tuple[Part, ...] = ()
    """In the order of their first documents, each of another case; empty when the letter is about one case."""
    unassigned: tuple[ReadFile, ...] = ()
    """Files that may be of any of them."""

    @property
    def for_person(self) -> bool:
        """Whether a person should look: something could not be placed, or a part not joined for certain."""
        return bool(self.unassigned) or not all(part.joining.certain for part in self.parts)

    @property
    def open_questions(self) -> tuple[str, ...]:
        """What a person has to settle, one line each; empty when nothing."""
        names = "、".join(file.name for file in self.unassigned[:_NAMED])
        unsure = (line for part in self.parts if not part.joining.certain for line in part.joining.evidence)
        unplaced = f"{len(self.unassigned)}个文件未能确定属于哪一个案例：{names}"
        return (*((unplaced,) if names else ()), *dict.fromkeys(unsure))


NOT_PARTED = PartedLetter()


def part_letter(
    letter: Letter, signs: CampaignSigns, *, cases: Sequence[KnownCase] = (), ours: OurReferences = NO_REFERENCES
) -> PartedLetter:
    """The several cases of `letter`, each joined to a known one or new.

    No weak sign joins several texts to one case: only those near its text go there, the others are new and shown.
    """
    grouping = group_files(letter.files, signs)
    if len(grouping.groups) < 2:
        return PartedLetter()
    joined = [
        _joined(share_of(letter, grouping, group.leads), group.leads, signs, cases, ours) for group in grouping.groups
    ]
    merged = _one_part_a_case(joined, signs, cases)
    if len(merged) != len(joined):
        grouping = divide(letter.files, [part.leads for part in merged], signs)
        merged = [replace(part, letter=share_of(letter, grouping, part.leads)) for part in merged]
    return PartedLetter(tuple(_noted(part, signs, cases) for part in merged), _still_open(grouping, merged, cases))


def _joined(share: Letter, leads: Leads, signs: CampaignSigns, cases: Sequence[KnownCase], ours: OurReferences) -> Part:
    files = package_of(share, signs)
    return Part(leads, share, join(share, files, cases=cases, ours=ours, units=unit_names(share, files, signs)))


def _one_part_a_case(parts: Sequence[Part], signs: CampaignSigns, cases: Sequence[KnownCase]) -> list[Part]:
    """Of parts that were joined to one case: those whose text is near its text as one part, the others new cases."""
    by_case: dict[str, list[int]] = {}
    for at, part in enumerate(parts):
        if part.joining.case_number is not None:
            by_case.setdefault(part.joining.case_number, []).append(at)
    result: dict[int, Part] = dict(enumerate(parts))
    for number, places in by_case.items():
        if len(places) < 2:
            continue
        known = next(case for case in cases if case.number == number)
        near = [
            at for at in places if (likeness_of(package_of(parts[at].letter, signs), known.files) or 0.0) >= RELATED
        ]
        for at in places:
            if at not in near:
                unsure = Joining(None, parts[at].joining.evidence, certain=False, candidates=(number,))
                result[at] = replace(parts[at], joining=unsure)
        for at in near[1:]:
            first = result[near[0]]
            result[near[0]] = replace(first, leads=(*first.leads, *result.pop(at).leads))
    return [result[at] for at in sorted(result)]


def _noted(part: Part, signs: CampaignSigns, cases: Sequence[KnownCase]) -> Part:
    known = next((case for case in cases if case.number == part.joining.case_number), None)
    material = [file for file in package_of(part.letter, signs) if holds_material((file,))]
    return replace(part, again=known is not None and same_again(material, known.files))


def _still_open(grouping: Grouping, parts: Sequence[Part], cases: Sequence[KnownCase]) -> tuple[ReadFile, ...]:
    """What cannot be placed, left out what one of the known cases holds already."""
    numbers = {part.joining.case_number for part in parts}
    known = [file for case in cases if case.number in numbers for file in case.files]
    return tuple(file for file in grouping.unassigned if not same_again((file,), known))
