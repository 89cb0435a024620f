"""A case as the fold of its letters: whatever order they were processed in, the same state. Pure.

Letters are taken in the order (received_at, SHA-256), each once. A letter with a case of
its own replaces the text; photos are added; a form, a summary sheet or a stamped copy
takes the place of the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from intake.casework.addresses import related_addresses
from intake.casework.identity import Identity, identify, merge_identities
from intake.casework.known_case import Lack
from intake.casework.linked import announced_at, has_text, still_linked
from intake.casework.package import is_case, package_of
from intake.casework.photos import count_photos, is_same_picture
from intake.casework.pictures_meant import PictureWish, wish_in
from intake.casework.sameness import SAME_TEXT, SAME_WORK, content_key, shingles, similarity, version_similarity
from intake.casework.signs import CampaignSigns
from intake.casework.wording import main_text
from intake.model import Document, Letter, LinkedFile, Photo, Problem, ReadFile, Revision, Role

_ONE_OF_A_KIND: frozenset[Role] = frozenset({"form", "stamped_copy"})
"""Roles of which the latest counts; cover letters and summary sheets may be several."""
_HIDES_PICTURES = frozenset({"archive", "doc", "docx", "pdf", "wps", "odt", "rtf", "ofd", "letter"})
"""Formats in which photos may lie that nobody could see yet."""


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case after all its letters."""

    files: tuple[ReadFile, ...] = ()
    """The current set: roles assigned, photos counted; in order of arrival, then of their place in the letter."""
    identity: Identity = field(default_factory=Identity)
    revisions: tuple[Revision, ...] = ()
    """One for each letter that changed something, oldest first; empty only without letters."""
    changed_by: tuple[str, ...] = ()
    """SHA-256 of the letter behind each revision, same length and order."""
    lacks: tuple[Lack, ...] = ()
    addresses: frozenset[str] = frozenset()
    """The senders of its letters, lower-case."""
    related: frozenset[str] = frozenset()
    """Other addresses that may speak for it, lower-case: see `related_addresses`."""
    content_key: str = ""
    linked: tuple[LinkedFile, ...] = ()
    """What its letters only linked to and has not come as a file since."""
    unplaced: tuple[ReadFile, ...] = ()
    """Files of its letters that may be of this case or of another that came with it."""
    announced_at: datetime | None = None
    """When a link announced what the case still lacks: the receipt time of whatever brings it. None when none did."""

    wishes: tuple[PictureWish, ...] = ()
    """What its letters want done with single pictures, oldest first."""
    on_paper: bool = False
    """Paper of it was handed over at a desk."""

    @property
    def title(self) -> str:
        """Its title; empty when unknown."""
        return self.identity.title.value if self.identity.title is not None else ""

    @property
    def unit(self) -> str | None:
        """The sender's unit; None when unknown."""
        return self.identity.unit.value if self.identity.unit is not None else None

    @property
    def category(self) -> str | None:
        """The category as the submitter wrote it; None when not written."""
        return self.identity.category.value if self.identity.category is not None else None

    @property
    def text_at(self) -> datetime | None:
        """When the letter that brought the current text arrived; None without a text."""
        current = {file.sha256 for file in self.files if is_case(file)}
        held = (each for each in self.revisions if {file.sha256 for file in each.files if is_case(file)} == current)
        return next((each.received_at for each in held), None) if current else None

    @property
    def current(self) -> Revision | None:
        """The latest revision; None only without letters."""
        return self.revisions[-1] if self.revisions else None


def fold(
    letters: Sequence[Letter],
    signs: CampaignSigns,
    *,
    closes_at: datetime | None,
) -> CaseState:
    """The case its `letters` make. They may come in any order and more than once.

    `closes_at` is handed on to every revision as it is.
    """
    state = CaseState()
    texts: list[str] = []
    for letter in _in_order(letters):
        package = package_of(letter, signs)
        wish = wish_in(letter, package, state.files)
        files = _take_in(state.files, package)
        identity = merge_identities(state.identity, identify(letter, package, signs), signs)
        addresses = state.addresses | _addresses(letter)
        related = state.related | related_addresses(letter, package, organizers=signs.forwarders)
        if letter.facts.text.strip():
            texts.append(letter.facts.text.strip())
        files_changed = _traits(files) != _traits(state.files)
        complete = not {"text", "photos"} & set(_lacks(files, signs))
        linked = _linked(state, letter, package, files, complete=complete)
        unplaced = tuple(file for file in (*state.unplaced, *letter.unplaced) if not _is_there(file, files))
        changed = files_changed or linked != state.linked
        held_at = state.announced_at if changed else None
        state = replace(
            state,
            files=files,
            identity=identity,
            addresses=addresses,
            related=related - addresses,
            wishes=state.wishes if wish is None else (*state.wishes, wish),
            linked=linked,
            unplaced=unplaced,
            announced_at=None if complete else announced_at(state.announced_at, linked),
            on_paper=state.on_paper or (letter.delivered is not None and letter.delivered.on_paper),
        )
        if changed or not state.revisions or _choices(state.revisions[-1]) != _chosen(identity):
            state = _with_revision(
                state,
                letter,
                # A link beside complete material brings nothing that could be late.
                changed=files_changed or (changed and not complete),
                held_at=held_at,
                files_at=letter.received_at if held_at is not None and files_changed else None,
                closes_at=closes_at,
                letter_text="\n\n".join(texts),
            )
    return replace(state, lacks=_lacks(state.files, signs), content_key=content_key(state.files))


def _in_order(letters: Sequence[Letter]) -> list[Letter]:
    return sorted(
        {letter.sha256: letter for letter in letters}.values(), key=lambda each: (each.received_at, each.sha256)
    )


def _with_revision(
    state: CaseState,
    letter: Letter,
    *,
    changed: bool,
    held_at: datetime | None,
    files_at: datetime | None,
    closes_at: datetime | None,
    letter_text: str,
) -> CaseState:
    before = state.current
    # A category answered after the close does not make material late that came in time.
    received_at = letter.received_at if changed or before is None else before.received_at
    category, level = _chosen(state.identity)
    revision = Revision(
        files=state.files,
        received_at=held_at or received_at,
        closes_at=closes_at,
        title=state.title,
        category=category,
        level=level,
        letter_text=letter_text,
        linked=state.linked,
        unplaced=state.unplaced,
        files_at=files_at,
        on_paper=state.on_paper,
    )
    return replace(state, revisions=(*state.revisions, revision), changed_by=(*state.changed_by, letter.sha256))


# --- taking a letter's package into the set


def superseded(current: tuple[ReadFile, ...], package: Sequence[ReadFile]) -> tuple[ReadFile, ...]:
    """The files of a case that a package (roles assigned) would take the place of, in their order; pictures are none."""
    left = {(file.sha256, file.name) for file in _take_in(current, tuple(package))}
    return tuple(file for file in current if not isinstance(file, Photo) and (file.sha256, file.name) not in left)


def _take_in(current: tuple[ReadFile, ...], package: tuple[ReadFile, ...]) -> tuple[ReadFile, ...]:
    if not current:
        return package
    brought = _seen_beside(current, package)
    kept = _without_superseded(current, brought)
    added = [file for file in brought if not _is_there(file, kept)]
    return count_photos((*kept, *added))


def _seen_beside(current: tuple[ReadFile, ...], package: tuple[ReadFile, ...]) -> tuple[ReadFile, ...]:
    """`package` with the roles its files have beside the current text: a PDF of it, a stamped scan of it."""
    texts = [file for file in current if isinstance(file, Document) and is_case(file)]
    if not texts:
        return package
    alone = not any(isinstance(file, Document) and is_case(file) for file in package)

    def role(file: ReadFile) -> ReadFile:
        if isinstance(file, Problem) and is_case(file) and alone and file.code == "no_text":
            return replace(file, role="stamped_copy")
        if isinstance(file, Document) and is_case(file) and file.facts.ocr and not _all_scans(texts):
            return replace(file, role="stamped_copy")
        if isinstance(file, Document) and is_case(file) and file.format == "pdf":
            twins = (text for text in texts if text.format != "pdf" and _same_text(text, file))
            return replace(file, role="duplicate") if any(twins) else file
        return file

    return tuple(role(file) for file in package)


def _all_scans(texts: Sequence[Document]) -> bool:
    """A recognised text takes the place of another such, never that of one its author wrote."""
    return all(text.facts.ocr for text in texts)


def _without_superseded(current: tuple[ReadFile, ...], brought: tuple[ReadFile, ...]) -> tuple[ReadFile, ...]:
    gone = _superseded_cases(current, brought)
    if gone:
        # The twins of a text go with it.
        gone |= {at for at, file in enumerate(current) if not isinstance(file, Photo) and file.role == "duplicate"}
    names = {current[at].name for at in gone}
    illustrated = any(isinstance(file, Photo) and file.source == "embedded" for file in brought)
    latest = {file.role for file in brought if not isinstance(file, Photo)} & _ONE_OF_A_KIND
    sheets = {file.name for file in brought if not isinstance(file, Photo) and file.role != "case"}
    again = {(file.sha256, file.role) for file in brought if not isinstance(file, Photo)}
    kept: list[ReadFile] = []
    for at, file in enumerate(current):
        if at in gone:
            continue
        if isinstance(file, Photo):
            # A text sent again without its pictures does not take them back.
            if illustrated and file.source == "embedded" and file.container in names:
                continue
        elif (file.sha256, file.role) not in again and (
            file.role in latest or (file.role != "case" and file.name in sheets)
        ):
            continue
        kept.append(file)
    return tuple(kept)


def _superseded_cases(current: tuple[ReadFile, ...], brought: tuple[ReadFile, ...]) -> set[int]:
    """Places of the current cases that `brought` replaces: all, unless several stand and new ones match only some.

    A case sent again unchanged stays where it is and replaces nothing.
    """
    cases = {at: file for at, file in enumerate(current) if is_case(file)}
    known = {file.sha256 for file in cases.values()}
    new = [file for file in brought if is_case(file) and file.sha256 not in known]
    again = {file.sha256 for file in brought if is_case(file)} & known
    old = {at: file for at, file in cases.items() if file.sha256 not in again}
    if not new or len(cases) == 1:
        return set(old) if new else set()
    matched = {at for at, file in old.items() if any(_is_version(file, each) for each in new)}
    unreadable = {at for at, file in old.items() if isinstance(file, Problem)}
    if matched:
        return matched | unreadable
    return set() if again else set(old)


def _is_version(old: ReadFile, new: ReadFile) -> bool:
    if isinstance(old, Document) and isinstance(new, Document):
        return version_similarity(shingles(main_text(old)), shingles(main_text(new))) >= SAME_WORK
    return old.sha256 == new.sha256 or old.name == new.name


def _same_text(a: Document, b: Document) -> bool:
    return similarity(shingles(main_text(a)), shingles(main_text(b))) >= SAME_TEXT


def _is_there(file: ReadFile, kept: tuple[ReadFile, ...]) -> bool:
    """Sent again: the same file in the same role, or a picture that is there already."""
    if isinstance(file, Photo):
        return any(isinstance(each, Photo) and is_same_picture(file, each) for each in kept)
    return any(not isinstance(each, Photo) and each.sha256 == file.sha256 and each.role == file.role for each in kept)


def _linked(
    state: CaseState,
    letter: Letter,
    package: tuple[ReadFile, ...],
    files: tuple[ReadFile, ...],
    *,
    complete: bool,
) -> tuple[LinkedFile, ...]:
    if not state.linked and not letter.facts.shares:
        return ()
    text_came = has_text(files) and not has_text(state.files)
    return still_linked(state.linked, letter, package, text_came=text_came, complete=complete)


# --- what follows from the set


def _traits(files: tuple[ReadFile, ...]) -> list[tuple[str, str, str]]:
    """What makes two sets the same set; a file that only changed its place is no change."""
    return sorted((file.sha256, file.name, "photo" if isinstance(file, Photo) else file.role) for file in files)


def _choices(revision: Revision) -> tuple[str | None, str | None]:
    return revision.category, revision.level


def _chosen(identity: Identity) -> tuple[str | None, str | None]:
    category, level = identity.category, identity.level
    return (category.value if category is not None else None, level.value if level is not None else None)


def _lacks(files: tuple[ReadFile, ...], signs: CampaignSigns) -> tuple[Lack, ...]:
    lacks: list[Lack] = []
    if not any(is_case(file) for file in files):
        lacks.append("text")
    counted = sum(1 for file in files if isinstance(file, Photo) and file.counted)
    hidden = any(isinstance(file, Problem) and file.format in _HIDES_PICTURES for file in files)
    if counted < signs.photos_min and not hidden:
        lacks.append("photos")
    if signs.form_wanted and not _has_form(files):
        lacks.append("form")
    return tuple(lacks)


def _has_form(files: tuple[ReadFile, ...]) -> bool:
    return any(
        not isinstance(file, Photo)
        and (file.role == "form" or (isinstance(file, Document) and bool(file.facts.fields)))
        for file in files
    )


def _addresses(letter: Letter) -> frozenset[str]:
    sender = letter.facts.sender
    return frozenset({sender.address.casefold()}) if sender is not None and sender.address else frozenset()
