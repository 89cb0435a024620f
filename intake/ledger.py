"""The ledger filled from the records, as a file and as what goes with a digest.

Peers: the database, the file system. What its sheets look like is the affair of `intake.figures`.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from intake.briefing.expected import roster_of, rosters
from intake.calls import Call
from intake.checks.attest import Attest
from intake.edges.records import finding_from_json
from intake.edges.workbook import write_workbook
from intake.figures.ledger import ledger_name, ledger_sheets
from intake.figures.ledger_matter import LedgerCase, LedgerFile, LedgerFinding, LedgerLetter, LedgerMatter
from intake.figures.ledger_words import DECISIONS
from intake.figures.roster_report import RosterMatter
from intake.model import Finding
from intake.replies import describe_finding
from intake.replies.envelope import Attachment
from intake.wording import clean_text
from storage.records import Json
from storage.records.casebook import CaseRecord, DecisionRecord, JudgementRecord
from storage.rows.ledger import AnswerLine, FileLine, FileMeasure, LetterLine
from storage.store import Store
from storage.unit_of_work import View

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_BYTES = 8 * 1024 * 1024
"""Above this a workbook is not sent by mail."""
_DECISIONS_SHOWN = 3
_TEST = "测试-"


def _nowhere(*_: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Places:
    """Where cells of a ledger lead to, relative to the workbook; empty: nowhere."""

    case: Callable[[str], str] = _nowhere
    """By registered number: its folder."""
    file: Callable[[str, str], str] = _nowhere
    """By registered number and hash."""
    letter: Callable[[str], str] = _nowhere
    """By hash."""


@dataclass(frozen=True, slots=True)
class LedgerCopy:
    """What goes with a digest."""

    note: str
    """One sentence for the digest: what is attached, or where the ledger is to be had."""
    attachment: Attachment | None = None


class Ledgers:
    """Writes ledgers over the records of one intake."""

    def __init__(
        self,
        store: Store,
        calls: Mapping[str, Call],
        *,
        mailbox: str,
        zone: str,
        trial: bool,
        restored_mark: str,
        folder: Path,
    ) -> None:
        """`trial`: the service gives trial numbers. `restored_mark`: the mark that tells of a restore.

        `folder`: the working folder, where a roster may lie.
        """
        self._folder = folder
        self._store = store
        self._calls = calls
        self._mailbox = mailbox
        self._zone = zone
        self._trial = trial
        self._restored_mark = restored_mark

    def write(self, path: Path, *, at: datetime, masked: bool = False, places: Places | None = None) -> LedgerMatter:
        """Write the ledger as of now to `path`, whole or not at all; what it tells.

        Raises: StorageError, OSError.
        """
        with self._store.read() as view:
            matter = self.matter(view, at=at, places=places or Places())
        self._write(path, matter, masked=masked)
        return matter

    def copy(self, folder: Path, *, at: datetime) -> LedgerCopy:
        """The masked ledger for a digest, written in a folder of its own below `folder`.

        Raises: StorageError, OSError.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="ledger-", dir=folder, ignore_cleanup_errors=True) as own:
            path = Path(own) / "ledger.xlsx"
            matter = self.write(path, at=at, masked=True)
            size_bytes = path.stat().st_size
            if size_bytes > LARGEST_BYTES:
                return LedgerCopy("台账超过8MB，没有附上：在工作文件夹运行 intake ledger 台账.xlsx 取得。")
            content = path.read_bytes()
        note = "附件为台账，电话和身份证号已隐去中间几位；完整的在工作文件夹运行 intake ledger 台账.xlsx 取得。"
        return LedgerCopy(note, Attachment(ledger_name(matter), WORKBOOK, content))

    def matter(self, view: View, *, at: datetime, places: Places) -> LedgerMatter:
        """What the records hold, seen in one unit of work."""
        restored = view.service.get_mark(self._restored_mark)
        gathered = _Gathered(view, self._calls, places)
        return LedgerMatter(
            written_at=at,
            zone=self._zone,
            campaigns=tuple(call.campaign.title for call in self._calls.values()),
            mailbox=self._mailbox,
            signature=next(iter(self._calls.values())).campaign.signature,
            cases=tuple(gathered.cases()),
            files=tuple(gathered.files()),
            letters=tuple(gathered.letters()),
            unfetched=tuple(view.ledger.unfetched().items()),
            findings=tuple(gathered.listed_findings()),
            last_numbers=tuple(sorted(gathered.last_numbers().items())),
            restored_at=datetime.fromisoformat(restored) if restored else None,
            rosters=self._rosters(view, at),
            trial=self._trial,
        )

    def _rosters(self, view: View, at: datetime) -> tuple[RosterMatter, ...]:
        roster, _trouble = roster_of(self._folder)
        test = None if self._trial else False
        cases = {campaign: view.figures.units(campaign, test=test) for campaign in self._calls} if roster else {}
        return rosters(view, cases, self._calls, roster, at=at, address=self._mailbox)

    def _write(self, path: Path, matter: LedgerMatter, *, masked: bool) -> None:
        sheets = ledger_sheets(matter, masked=masked)
        title = f"{'、'.join(matter.campaigns)}台账"
        write_workbook(path, sheets, zone=matter.zone, at=matter.written_at, title=title, author=matter.signature)


class _Gathered:
    """Every table read once, put together by what refers to what."""

    def __init__(self, view: View, calls: Mapping[str, Call], places: Places) -> None:
        rows = view.ledger
        self._calls = calls
        self._places = places
        self._cases = [case for call in calls for case in view.cases.list(campaign=call)]
        self._numbers = {case.id: case.number for case in self._cases}
        self._letters = {each.sha256: each for each in rows.letters() if each.campaign in (None, *calls)}
        self._measures = rows.measures()
        self._files = rows.files()
        self._judgements = rows.judgements()
        self._revisions = {each.case_id: each for each in rows.revisions()}
        self._last_numbers = rows.last_numbers()
        self._findings = {
            case.id: _shown(self._judgements[case.id]) for case in self._cases if case.id in self._judgements
        }
        self._says = {
            case.id: [_describe(finding, calls[case.campaign]) for finding in self._findings.get(case.id, ())]
            for case in self._cases
        }
        self._of_case: dict[int, list[LetterLine]] = defaultdict(list)
        self._with_letter: dict[str, list[int]] = defaultdict(list)
        for join in rows.joins():
            if join.case_id in self._numbers:
                self._with_letter[join.letter_sha256].append(join.case_id)
                if join.letter_sha256 in self._letters:
                    self._of_case[join.case_id].append(self._letters[join.letter_sha256])
        self._decisions: dict[int, list[DecisionRecord]] = defaultdict(list)
        self._undone = view.orders.undone_decisions()
        for decision in rows.decisions():
            self._decisions[decision.case_id].append(decision)
        self._answers: dict[str, list[AnswerLine]] = defaultdict(list)
        for answer in rows.answers():
            self._answers[answer.letter_sha256].append(answer)

    def cases(self) -> Iterator[LedgerCase]:
        """By campaign, oldest first."""
        return (self._case(case) for case in self._cases)

    def _case(self, case: CaseRecord) -> LedgerCase:
        letters = self._of_case[case.id]
        revision = self._revisions.get(case.id)
        files: tuple[Json, ...] = tuple(revision.summary.get("files", ())) if revision is not None else ()
        texts = [self._measures.get(file["sha256"], _UNREAD) for file in files if file["role"] == "case"]
        measure = next((each for each in texts if each.words is not None), _UNREAD)
        judgement = self._judgements.get(case.id)
        return LedgerCase(
            number=case.number,
            state=case.state,
            opened_at=case.opened_at,
            campaign=self._calls[case.campaign].campaign.title,
            title=case.title,
            unit=case.unit,
            contact=case.contact,
            phone=case.phone,
            address=case.sender_address,
            category=case.category,
            level=case.level,
            last_at=max((letter.received_at for letter in letters), default=None),
            letters=len(letters),
            revision=revision.ordinal if revision is not None else None,
            words=measure.words,
            about=measure.about,
            photos=sum(1 for file in files if file.get("counted")) if revision is not None else None,
            files=len(files) if revision is not None else None,
            to_complete=self._said(case.id, "fix"),
            to_check=self._said(case.id, "human"),
            advice=self._said(case.id, "note"),
            late=any(finding.code == "late" for finding in self._findings.get(case.id, ())),
            decision=self._decided(case.id),
            closes_at=case.closes_at,
            judged_at=judgement.at if judgement is not None else None,
            test=case.test,
            link=self._places.case(case.number),
        )

    def _said(self, case_id: int, severity: str) -> str:
        found = zip(self._findings.get(case_id, ()), self._says[case_id], strict=True)
        return "\n".join(dict.fromkeys(says for finding, says in found if finding.severity == severity))

    def _decided(self, case_id: int) -> str:
        last = self._decisions[case_id][-_DECISIONS_SHOWN:]
        return "\n".join(map(self._decision, last))

    def _decision(self, made: DecisionRecord) -> str:
        undone = self._undone.get(made.id)
        why = f"：{made.why}" if made.why else ""
        taken_back = f"（{undone.who}已撤销）" if undone is not None else ""
        return f"{made.who}{DECISIONS.get(made.kind, made.kind)}{made.rule or ''}{why}{taken_back}"

    def listed_findings(self) -> Iterator[LedgerFinding]:
        """By case, in the order of the campaign's rules; of cases that have not been cleared."""
        for case in self._cases:
            judgement = self._judgements.get(case.id)
            if judgement is None:
                continue
            for finding, says in zip(self._findings[case.id], self._says[case.id], strict=True):
                yield self._finding(case, judgement, finding, says)

    def _finding(self, case: CaseRecord, judgement: JudgementRecord, finding: Finding, says: str) -> LedgerFinding:
        return LedgerFinding(
            number=case.number,
            title=case.title,
            check=self._calls[case.campaign].language.say(f"check.{finding.check}"),
            rule=finding.rule,
            severity=finding.severity,
            file=finding.file or "",
            says=says,
            evidence=finding.evidence or "",
            judged_at=judgement.at,
        )

    def letters(self) -> Iterator[LedgerLetter]:
        """Oldest received first."""
        for letter in self._letters.values():
            answers = self._answers.get(letter.sha256, ())
            yield LedgerLetter(
                sha256=letter.sha256,
                received_at=letter.received_at,
                sender_name=letter.from_name,
                sender_address=letter.from_address or "",
                subject=letter.subject,
                outcome=letter.outcome,
                ignored=letter.ignored,
                numbers=tuple(self._numbers[case_id] for case_id in self._with_letter.get(letter.sha256, ())),
                reason=letter.reason,
                answers=tuple((each.kind, each.state, each.sent_at or each.created_at) for each in answers),
                by_hand=letter.answered == "by_hand",
                size_bytes=letter.size_bytes,
                folder_role=letter.folder_role,
                test=letter.test,
                link=self._places.letter(letter.sha256),
            )

    def files(self) -> Iterator[LedgerFile]:
        """By time of their letter, in reading order."""
        roles = {
            case_id: {file["sha256"]: file for file in revision.summary.get("files", ())}
            for case_id, revision in self._revisions.items()
        }
        by_letter: dict[str, list[FileLine]] = defaultdict(list)
        for file in self._files:
            by_letter[file.letter_sha256].append(file)
        for letter in self._letters.values():
            around = {file.id: file for file in by_letter.get(letter.sha256, ())}
            cases = self._with_letter.get(letter.sha256, ())
            for file in around.values():
                yield self._file(file, letter, around, {case_id: roles.get(case_id, {}) for case_id in cases})

    def _file(
        self,
        file: FileLine,
        letter: LetterLine,
        around: Mapping[int, FileLine],
        roles: Mapping[int, Mapping[str, Json]],
    ) -> LedgerFile:
        of = [case_id for case_id, known in roles.items() if file.sha256 in known]
        part = roles[of[0]][file.sha256] if of else {}
        numbers = tuple(self._numbers[case_id] for case_id in (of or (roles if len(roles) == 1 else ())))
        measure = self._measures.get(file.sha256, _UNREAD)
        pixels = (measure.width_px, measure.height_px)
        return LedgerFile(
            name=file.name,
            format=file.format,
            size_bytes=file.size_bytes,
            sha256=file.sha256,
            received_at=letter.received_at,
            numbers=numbers,
            role=part.get("role"),
            counted=part.get("counted"),
            words=measure.words,
            pixels=pixels if pixels[0] is not None and pixels[1] is not None else None,  # type: ignore[arg-type]  # both
            problem=measure.problem,
            sender=letter.from_name or letter.from_address or "",
            place=_place(file, around),
            link=self._places.file(numbers[0], file.sha256) if of else "",
        )

    def last_numbers(self) -> dict[str, int]:
        """By prefix of the listed campaigns, also one they had before."""
        own = {call.campaign.number_prefix for call in self._calls.values()}
        known = own | {f"{_TEST}{prefix}" for prefix in own} | {n.rpartition("-")[0] for n in self._numbers.values()}
        return {prefix: last for prefix, last in self._last_numbers.items() if prefix in known}


_UNREAD = FileMeasure(None, None, about=False, width_px=None, height_px=None)


def _shown(judgement: JudgementRecord) -> list[Finding]:
    """What was found; that a rule is left to human judges is the same for every case and no finding to look at."""
    return [finding for each in judgement.findings if (finding := finding_from_json(each)).check != Attest.name]


def _describe(finding: Finding, call: Call) -> str:
    return describe_finding(finding, call.language, call.letterhead)


def _place(file: FileLine, around: Mapping[int, FileLine]) -> str:
    parts = [file.folder]
    seen = around.get(file.parent_id or -1)
    while seen is not None:
        parts += [clean_text(seen.name), seen.folder]
        seen = around.get(seen.parent_id or -1)
    return "/".join(part for part in reversed(parts) if part)
