"""The files of one letter as one or several cases. Pure.

Where several documents are cases of their own, everything else goes to the case it lies
with, names, or repeats: by folder, by text, by unit, title or number in its name, by the
same picture. What says two things, or nothing, is unassigned: never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from intake.casework.leads import find_leads
from intake.casework.naming import Register
from intake.casework.photos import MOST_COMPARED, count_photos, is_same_picture
from intake.casework.roles import assign_roles
from intake.casework.sameness import RECOGNISED_AGAIN, RELATED, shingles, version_similarity
from intake.casework.signs import CampaignSigns
from intake.casework.titles import is_generic_title, title_of_name
from intake.casework.units import same_unit, units_in
from intake.casework.wording import main_text, main_words, stem
from intake.model import Document, Letter, Photo, Problem, ReadFile

Leads = tuple[str, ...]
"""SHA-256 of the documents that make one case of a letter, in order; empty: the letter is not divided."""

_LONG_WORDS = 800
"""字数 from which a text that lies with no case may be one itself, beside others that surely are."""
_OF_THE_LETTER = frozenset({"cover_letter", "summary_sheet"})
"""Roles that speak of all cases of a letter: kept with the first."""
_CASE_FORMATS = frozenset({"docx", "doc", "pdf", "odt", "ofd", "rtf", "wps", "archive", "letter"})


@dataclass(frozen=True, slots=True)
class Group:
    """The files of one case."""

    leads: Leads
    files: tuple[ReadFile, ...]
    """In the letter's order; roles assigned beside each other once the letter is divided."""
    evidence: tuple[str, ...] = ()
    """Why its files are together, once each."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """A letter's files by case."""

    groups: tuple[Group, ...]
    """In the order of their first documents; one with empty `leads` when the letter is not divided."""
    unassigned: tuple[ReadFile, ...] = ()
    """Documents, and photos that count, that may be of any of the cases; roles assigned. Empty when not divided."""


def group_files(files: Sequence[ReadFile], signs: CampaignSigns) -> Grouping:
    """The cases that `files` of one letter make, and what cannot be placed."""
    sorted_files = assign_roles(files, sections=signs.sections)
    leads = find_leads(sorted_files, signs.sections)
    if len(leads) < 2:
        return Grouping((Group((), tuple(files)),))
    found = divide(files, leads, signs)
    more = tuple((file.sha256,) for file in found.unassigned if _may_be_a_case(file, signs))
    return divide(files, (*leads, *dict.fromkeys(more)), signs) if more else found


def divide(files: Sequence[ReadFile], leads: Sequence[Leads], signs: CampaignSigns) -> Grouping:
    """`files` by the cases whose documents are `leads`: the same leads and files, the same groups.

    Files that came out of a letter after it was divided (a password was found) go the same way.
    """
    counted = count_photos(assign_roles(files, sections=signs.sections))
    room = _Room(counted, leads)
    room.place_documents()
    room.place_photos()
    groups = tuple(
        Group(
            each,
            tuple(file for place, file in enumerate(counted) if room.home.get(place) == at),
            tuple(dict.fromkeys(room.why[place] for place in range(len(files)) if room.home.get(place) == at)),
        )
        for at, each in enumerate(leads)
    )
    left = (file for place, file in enumerate(counted) if place not in room.home)
    unassigned = tuple(file for file in left if not isinstance(file, Photo) or file.counted)
    return Grouping(groups, unassigned)


def share_of(letter: Letter, grouping: Grouping, leads: Leads) -> Letter:
    """`letter` as far as it is about the case of `leads`: its files, and the lines that name no other case.

    The letter itself when it was not divided. A case the letter no longer holds gives one without files.
    """
    if not leads:
        return letter
    at = next((at for at, group in enumerate(grouping.groups) if set(group.leads) & set(leads)), None)
    if at is None:
        return replace(letter, files=(), unplaced=grouping.unassigned)
    register = Register.of([group.files for group in grouping.groups], ["" for _ in grouping.groups])
    own = [unit for file in grouping.groups[at].files if file.sha256 in leads for unit in units_in(stem(file.name))]

    def concerns(line: str) -> bool:
        if register.named_in(line) not in (None, at):
            return False
        # A bureau that sends for its communities signs for none of them.
        return not own or all(any(same_unit(unit, mine) for mine in own) for unit in units_in(line))

    facts = letter.facts
    said = {
        "subject": facts.subject if register.named_in(facts.subject) in (None, at) else "",
        "text": "\n".join(filter(concerns, facts.text.splitlines())),
        "signature": "\n".join(filter(concerns, facts.signature.splitlines())),
    }
    return replace(
        letter,
        facts=facts.model_copy(update=said),
        files=grouping.groups[at].files,
        unplaced=grouping.unassigned,
    )


class _Room:
    """The files of one letter while they find their cases."""

    def __init__(self, files: Sequence[ReadFile], leads: Sequence[Leads]) -> None:
        self.home: dict[int, int] = {}
        self.why: dict[int, str] = {}
        self._files = files
        self._cases = len(leads)
        of_lead = {sha256: at for at, each in enumerate(leads) for sha256 in each}
        for place, file in enumerate(files):
            if not isinstance(file, Photo) and file.sha256 in of_lead:
                self._put(place, of_lead[file.sha256], "案例正文")
        self._leads = dict(self.home)
        self._folders = self._cases_by_folder()
        self._register = self._names()

    def place_documents(self) -> None:
        """Every document and unreadable file; the names of forms then help to find photos."""
        waiting = [place for place, file in enumerate(self._files) if not isinstance(file, Photo)]
        for place in waiting:
            if place not in self.home:
                self._place_document(place)
        self._register = self._names()

    def place_photos(self) -> None:
        """Photos: with the document that holds them, by folder or name, else with the same picture."""
        photos = [(place, file) for place, file in enumerate(self._files) if isinstance(file, Photo)]
        documents = {
            file.sha256: self.home.get(place) for place, file in enumerate(self._files) if not isinstance(file, Photo)
        }
        for place, photo in photos:
            if photo.source == "embedded" and photo.container_sha256 in documents:
                self._put(place, documents[photo.container_sha256], "文档内图片")
            else:
                self._place_by_place_or_name(place)
        known = [(self.home[place], photo) for place, photo in photos if place in self.home][-MOST_COMPARED * 2 :]
        for place, photo in photos:
            if place not in self.home and photo.source != "embedded":
                twins = {case for case, other in known if is_same_picture(photo, other)}
                self._put(place, twins.pop() if len(twins) == 1 else None, "与案例内图片相同")

    def _place_document(self, place: int) -> None:
        file = self._files[place]
        if isinstance(file, Document) and file.role in ("case", "duplicate", "stamped_copy", "attachment"):
            self._put(place, self._by_text(file), "文字相同")
        if place not in self.home:
            self._place_by_place_or_name(place)
        if place not in self.home and not isinstance(file, Photo) and file.role in _OF_THE_LETTER:
            self._put(place, 0, "与全部案例有关")

    def _by_text(self, document: Document) -> int | None:
        mine = shingles(main_text(document))
        least = RECOGNISED_AGAIN if document.facts.ocr else RELATED
        likes: dict[int, float] = {}
        for place, case in self._leads.items():
            lead = self._files[place]
            if isinstance(lead, Document):
                alike = version_similarity(mine, shingles(main_text(lead)))
                likes[case] = max(alike, likes.get(case, 0.0))
        near = [case for case, alike in likes.items() if alike >= least]
        return near[0] if len(near) == 1 else None

    def _place_by_place_or_name(self, place: int) -> None:
        file = self._files[place]
        lies_with, named = self._by_folder(file.folder), self._by_name(file)
        if lies_with is not None and named is not None and lies_with != named:
            return  # it lies with one and names another
        self._put(
            place, lies_with if lies_with is not None else named, "同一文件夹" if lies_with is not None else "名称相符"
        )

    def _by_name(self, file: ReadFile) -> int | None:
        texts = [stem(file.name), *reversed(file.folder.split("/"))]
        if isinstance(file, Document) and file.role == "form":
            fields = [field for name in ("title", "unit") for field in file.facts.fields if field.name == name]
            texts = [*(field.value for field in fields), *texts]
        named = (self._register.named_in(text) for text in texts if text)
        first = next((case for case in named if case is not None), None)
        return first if first is not None else self._register.named_by_words(stem(file.name))

    def _by_folder(self, folder: str) -> int | None:
        """The case of the nearest folder around that holds any case; None when it holds several."""
        for around in _around(folder):
            cases = self._folders.get(around, set())
            if cases:
                return next(iter(cases)) if len(cases) == 1 else None
        return None

    def _cases_by_folder(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for place, case in self._leads.items():
            for around in _around(self._files[place].folder):
                found.setdefault(around, set()).add(case)
        return found

    def _names(self) -> Register:
        own = [
            [self._files[place] for place, home in sorted(self.home.items()) if home == case and self._tells(place)]
            for case in range(self._cases)
        ]
        return Register.of(own, [self._own_folder(case) for case in range(self._cases)])

    def _tells(self, place: int) -> bool:
        file = self._files[place]
        return place in self._leads or (not isinstance(file, Photo) and file.role == "form")

    def _own_folder(self, case: int) -> str:
        """The outermost folder that holds this case's documents and no other's; empty when there is none."""
        lead = next(place for place, home in self._leads.items() if home == case)
        own = [around for around in _around(self._files[lead].folder) if around and self._folders[around] == {case}]
        return own[-1] if own else ""

    def _put(self, place: int, case: int | None, why: str) -> None:
        if case is not None:
            self.home[place], self.why[place] = case, why


def _may_be_a_case(file: ReadFile, signs: CampaignSigns) -> bool:
    """Whether a file that lies with none of several cases may be one more: called like one, and able to be one."""
    called = units_in(file.name) or units_in(file.folder) or not is_generic_title(title_of_name(file.name), signs)
    if not called or isinstance(file, Photo):
        return False
    (alone,) = assign_roles([file], sections=signs.sections)
    if isinstance(alone, Photo) or alone.role != "case":
        return False
    if isinstance(file, Problem):
        return file.format in _CASE_FORMATS
    return main_words(file) >= _LONG_WORDS


def _around(folder: str) -> Iterable[str]:
    """The folder, then each around it, the letter itself ("") last."""
    parts = folder.split("/") if folder else []
    for end in range(len(parts), 0, -1):
        yield "/".join(parts[:end])
    yield ""
