"""Files and letters judged offline, as the worker would judge them; nothing is recorded or sent.

Peers: the files given and an executor. Files together are one submission without a
receipt time; letters together are one conversation in order of receipt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from intake.calls import Call
from intake.casework.files import FoundFile, attached_letters, read_files
from intake.casework.fold import CaseState, fold
from intake.casework.forwarded import behalf_of, told_on_behalf
from intake.casework.joining import Joining
from intake.casework.known_case import KnownCase
from intake.casework.machines import machine_reason
from intake.casework.parts import NOT_PARTED, part_letter
from intake.casework.sorting import sort_letter
from intake.checks import judge
from intake.edges.executors import Executor
from intake.edges.executors.tree import Node, found_files, read_tree
from intake.edges.wrapping import is_left_out
from intake.errors import NoSuchPathError, OperatorError
from intake.model import IgnoredReason, Judgement, Letter, ReadFile, Revision
from parsers.facts import LetterFacts, SharedFile
from parsers.limits import Limits

LETTER_SUFFIX = ".eml"


@dataclass(frozen=True, slots=True)
class JudgedCase:
    """One case with its verdict."""

    revision: Revision
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class JudgedLetter:
    """One letter of a conversation and what it did."""

    name: str
    received_at: datetime
    ignored: IgnoredReason | None
    cases: tuple[int, ...]
    """Indexes into `Appraisal.cases`; empty when ignored."""
    shares: tuple[SharedFile, ...] = ()
    """Files it only links to."""
    on_behalf_of: str = ""
    """Whose letter it is, of one that an organizer passed on: address, else name; empty for any other."""


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What `intake check` found."""

    call: Call
    cases: tuple[JudgedCase, ...] = ()
    letters: tuple[JudgedLetter, ...] = ()
    unassigned: tuple[ReadFile, ...] = ()


@dataclass(slots=True)
class _OpenCase:
    """A case of the conversation while its letters come in."""

    letters: list[Letter] = field(default_factory=list)
    """Each as far as it is about this case."""


class AppraiseDesk:
    """Judges what lies on the disk."""

    def __init__(self, executor: Executor, *, limits: Limits, jobs: Path) -> None:
        """`jobs`: an empty folder for files being read."""
        self._executor = executor
        self._limits = limits
        self._jobs = jobs
        self._read = 0

    def appraise(self, paths: Sequence[Path], call: Call, *, received_at: datetime | None = None) -> Appraisal:
        """The verdict on `paths`: letters as a conversation, everything else as one submission.

        `received_at`: when the material arrived, for all of it. Raises: OperatorError when there is nothing to judge.
        """
        folders = {file: path for path in paths if path.is_dir() for file in _files_of(path)}
        files = [file for path in paths for file in _files_of(path)]
        if not files:
            raise OperatorError("没有找到可以核对的文件。请写明文件、文件夹、压缩包或 .eml 来信的路径。")
        letters = [path for path in files if path.suffix.lower() == LETTER_SUFFIX]
        others = [path for path in files if path.suffix.lower() != LETTER_SUFFIX]
        appraisal = self._conversation(letters, call, received_at) if letters else Appraisal(call)
        if others:
            judged, unassigned = self._submission(others, call, received_at, folders=folders)
            appraisal = replace(
                appraisal,
                cases=(*appraisal.cases, *judged),
                unassigned=(*appraisal.unassigned, *unassigned),
            )
        return appraisal

    # --- bare files

    def _submission(
        self, paths: Sequence[Path], call: Call, received_at: datetime | None, *, folders: Mapping[Path, Path]
    ) -> tuple[list[JudgedCase], tuple[ReadFile, ...]]:
        """The cases the files make, and what cannot be placed. `folders`: the folder given for each file that lay in one."""
        found: list[FoundFile] = []
        for path in paths:
            root = self._tree(path, letter=False)
            lay_in = path.parent.relative_to(folders[path]).as_posix() if path in folders else "."
            top = FoundFile(path.name, "attachment", root.reading, folder=lay_in if lay_in != "." else "")
            found += [top, *_inside(top, found_files(root))]
        # Containers are compared by what they are, so a file inside a zip still counts as from an archive.
        letter = Letter(
            sha256="",
            received_at=received_at or datetime.now(UTC),
            facts=LetterFacts(),
            files=read_files(found),
        )
        parted = part_letter(letter, call.signs)
        cases = []
        for share in [part.letter for part in parted.parts] or [letter]:
            state = fold([share], call.signs, closes_at=call.campaign.closes_at)
            assert state.current is not None  # one letter, one revision
            cases.append(_judged(replace(state.current, received_at=received_at), call))
        return cases, parted.unassigned

    # --- letters

    def _conversation(self, paths: Sequence[Path], call: Call, received_at: datetime | None) -> Appraisal:
        read = [(path, _passed_on(self._letter(path, received_at), call, received_at)) for path in paths]
        read.sort(key=lambda pair: (pair[1].received_at, pair[1].sha256))
        cases: list[_OpenCase] = []
        letters: list[JudgedLetter] = []
        unassigned: list[ReadFile] = []
        seen: set[str] = set()
        for path, letter in read:
            known = [self._known(index, case, call) for index, case in enumerate(cases)]
            sorting = sort_letter(letter, call.signs, cases=known)
            ignored = "same_again" if letter.sha256 in seen else sorting.ignored
            seen.add(letter.sha256)
            parted = part_letter(letter, call.signs, cases=known) if ignored is None else NOT_PARTED
            unassigned += parted.unassigned
            shares: list[tuple[Joining | None, Letter]]
            shares = [(part.joining, part.letter) for part in parted.parts] or [(sorting.joining, letter)]
            touched: tuple[int, ...] = ()
            if ignored is None:
                touched = tuple(_case_of(joining, cases) for joining, _ in shares)
                for index, (_, share) in zip(touched, shares, strict=True):
                    cases[index].letters.append(share)
            letters.append(
                JudgedLetter(
                    path.name, letter.received_at, ignored, touched, letter.facts.shares, _first_sender(letter)
                )
            )
        judged = [_judged_state(self._state(case, call), call) for case in cases]
        return Appraisal(call, cases=tuple(judged), letters=tuple(letters), unassigned=tuple(unassigned))

    def _letter(self, path: Path, received_at: datetime | None) -> Letter:
        root = self._tree(path, letter=True)
        facts = root.reading.letter
        if facts is None or not _is_letter(facts):
            raise OperatorError(f"{path.name} 不是可以读取的来信（.eml）。请用邮箱的“另存为 eml”重新导出。")
        return Letter(
            sha256=root.reading.sha256,
            received_at=received_at or _received(facts, path),
            facts=facts,
            files=read_files(found_files(root)),
            attached=attached_letters(found_files(root)),
        )

    def _known(self, index: int, case: _OpenCase, call: Call) -> KnownCase:
        state = self._state(case, call)
        verdict = _judged_state(state, call).judgement.verdict
        return KnownCase(
            number=str(index),
            addresses=state.addresses,
            title=state.title,
            unit=state.unit,
            state=verdict,
            files=state.files,
            lacks=state.lacks,
            linked=tuple(link.file for link in state.linked),
        )

    def _state(self, case: _OpenCase, call: Call) -> CaseState:
        return fold(case.letters, call.signs, closes_at=call.campaign.closes_at)

    def _tree(self, path: Path, *, letter: bool) -> Node:
        self._read += 1
        job = self._jobs / f"{self._read:05d}"
        try:
            return read_tree(path, job, executor=self._executor, limits=self._limits, letter=letter)
        except OSError as error:  # of the disk or of rights: what is wrong inside a file is a reading
            why = error.strerror or type(error).__name__
            raise OperatorError(f"打不开 {path}（{why}）。请检查文件的访问权限和磁盘空间。") from error


def _passed_on(letter: Letter, call: Call, received_at: datetime | None) -> Letter:
    """What an organizer or co-organizer passed on, as the letter of whom it was from; any other as it is."""
    is_machine = machine_reason(letter.facts, own_addresses=(), own_marker="") is not None
    behalf = None if is_machine else behalf_of(letter, call.signs)
    if behalf is None:
        return letter
    told = told_on_behalf(letter, behalf, call.signs)
    return told if received_at is None else replace(told, received_at=received_at)


def _first_sender(letter: Letter) -> str:
    sender = letter.facts.sender
    return (sender.address or sender.name) if letter.forwarded_by is not None and sender is not None else ""


def _files_of(path: Path) -> list[Path]:
    """The file itself, or every file of a folder by name, what systems leave there left out.

    Raises: OperatorError when there is no such path.
    """
    if path.is_dir():
        return sorted(each for each in path.rglob("*") if each.is_file() and not is_left_out(each.name))
    if not path.is_file():
        raise NoSuchPathError(path)
    return [path]


def _is_letter(facts: LetterFacts) -> bool:
    """Whether it has any of the fields every mail program writes; other files become letters by their name only."""
    return any((facts.sender, facts.date_at, facts.received, facts.message_id, facts.subject))


def _received(facts: LetterFacts, path: Path) -> datetime:
    """The topmost Received header, else Date, else the file's own time."""
    top = next((hop.at for hop in facts.received if hop.at is not None), None)
    return top or facts.date_at or datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _inside(top: FoundFile, files: Sequence[FoundFile]) -> Iterator[FoundFile]:
    """`files` as they lie in `top`, each container again the one that was yielded for it."""
    placed: dict[int, FoundFile] = {}
    for file in files:
        container = placed[id(file.container)] if file.container is not None else top
        placed[id(file)] = replace(file, container=container)
        yield placed[id(file)]


def _case_of(joining: Joining | None, cases: list[_OpenCase]) -> int:
    number = joining.case_number if joining is not None else None
    if number is not None:
        return int(number)
    cases.append(_OpenCase())
    return len(cases) - 1


def _judged_state(state: CaseState, call: Call) -> JudgedCase:
    assert state.current is not None  # a case is opened with its first letter
    return _judged(state.current, call)


def _judged(revision: Revision, call: Call) -> JudgedCase:
    return JudgedCase(revision, judge(call.checks, revision))
