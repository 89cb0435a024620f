"""What a letter of ours is about, as data: filled by the desks, read by `compose`. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from config.campaign import LatePolicy
from intake.model import Document, Finding, Photo, ReadFile, Revision, Role, Verdict, WhyNotCounted
from parsers.facts import Format, Measure, ProblemCode, SharedFile

ReplyKind = Literal[
    "receipt",
    "awaiting",
    "fix_request",
    "being_checked",
    "late",
    "same_again",
    "answer",
    "decision",
    "reminder",
    "draft_review",
    "confirm_withdrawal",
    "withdrawn",
    "disputed",
    "correction",
    "confirm_replacement",
    "notice",
    "receipts",
    "summary",
    "extension",
    "moved",
    "merged",
    "parted",
]
"""The kinds of `MailKind` that go to submitters."""

Topic = Literal[
    "length",
    "sections",
    "photos",
    "deadline",
    "format",
    "category",
    "level",
    "how_to_submit",
    "received",
    "draft_received",
    "nothing_attached",
    "only_linked",
    "encrypted",
    "other",
]
"""What a letter asks, or what an answer must say. `draft_received`: of what was asked for only a draft came. `nothing_attached`: it speaks of an attachment that is not
there. `only_linked`: it is behind links. `encrypted`: it is locked, and we hold no key. `other`: nothing the campaign's rules answer."""


@dataclass(frozen=True, slots=True)
class CallRule:
    """One rule of the campaign as far as letters speak of it."""

    id: str
    check: str
    quote: str = ""
    """The call's own phrase; empty when the call has none."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every letter of one campaign shares."""

    title: str
    """Of the campaign, whole."""
    subject_tag: str
    """Short name, in the subject between 【 and 】: 湖里区案例征集."""
    signature: str
    """落款: the organizer's full name."""
    zone: str
    """IANA name: Asia/Shanghai."""
    sender_address: str
    """The mailbox that takes submissions."""
    contact: str = ""
    phone: str = ""
    closes_at: datetime | None = None
    """Exclusive end of the intake, aware; None when the call names none."""
    late_policy: LatePolicy = "organizers_decide"
    rules: tuple[CallRule, ...] = ()
    """In the order of the campaign file."""
    categories: tuple[str, ...] = ()
    """The campaign's categories, numbered from 1 in this order; empty when it has none."""

    def quote_of(self, rule_id: str) -> str:
        """The call's phrase of a rule; empty when the rule is unknown or has none."""
        return next((rule.quote for rule in self.rules if rule.id == rule_id), "")

    def quotes_for(self, check: str) -> tuple[str, ...]:
        """The call's phrases of all rules of one check, in order, once each; empty when none."""
        return tuple(dict.fromkeys(rule.quote for rule in self.rules if rule.check == check and rule.quote))


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One file as a letter names it."""

    name: str
    kind: Role | Literal["photo"]
    format: Format
    size_bytes: int
    sha256: str
    words: Measure | None = None
    """字数 of the main text; None for what holds no text or could not be read."""
    problem: ProblemCode | None = None
    counted: bool = True
    """For photos: whether it counts."""
    why_not: WhyNotCounted | None = None
    same_as: str | None = None


@dataclass(frozen=True, slots=True)
class CaseReport:
    """How one case stands after the letter."""

    number: str
    """登记编号; empty for a draft, which is not registered."""
    title: str
    verdict: Verdict
    received_at: datetime
    """When the case's latest material arrived, aware."""
    unit: str | None = None
    category: str | None = None
    """The category the submitter wrote down; None when not chosen."""
    findings: tuple[Finding, ...] = ()
    """In the order of the campaign's rules; those for organizers are never written out."""
    settled: tuple[str, ...] = ()
    """Ids of the rules that are fine."""
    files: tuple[ReportFile, ...] = ()
    """All files of the revision, in order of arrival."""
    revision: int = 1
    closed: tuple[Finding, ...] = ()
    """Findings of the last revision that this one has settled; empty unless it is a repair."""
    unchanged: tuple[str, ...] = ()
    """Names of marked copies that came back with the text they had before."""
    reply_by_at: datetime | None = None
    """Exclusive end for completing this case when it is not the letter's own; for letters that tell it of each."""
    is_waiting: bool = False
    """Not judged yet, since more may be under way; `verdict` says nothing then."""
    is_withdrawn: bool = False
    """Its sender took it back; `verdict` says nothing then."""

    @property
    def state(self) -> str:
        """How it stands in one word: the verdict, `waiting`, or `withdrawn`."""
        if self.is_withdrawn:
            return "withdrawn"
        return "waiting" if self.is_waiting else self.verdict

    @property
    def is_repair(self) -> bool:
        """Whether it settles something we had asked for. A second letter that came before we asked is no repair."""
        return bool(self.closed)

    @property
    def photos_counted(self) -> int:
        """How many pictures count."""
        return sum(1 for file in self.files if file.kind == "photo" and file.counted)

    @property
    def words(self) -> Measure | None:
        """字数 of the case text; None when there is none that was read."""
        return next((file.words for file in self.files if file.kind == "case" and file.words is not None), None)


@dataclass(frozen=True, slots=True)
class AnsweredLetter:
    """The letter we answer."""

    subject: str
    received_at: datetime
    """Aware."""
    message_id: str | None = None
    references: tuple[str, ...] = ()
    """Without angle brackets, oldest first."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a `notice` tells."""

    about: Literal["claimed", "joined", "forwarded"]
    """`claimed`: another address quoted the case's number. `joined`: what came was filed with a case of another
    address. `forwarded`: what came was filed on behalf of whom it was from."""
    address: str = ""
    """The other address, as far as its reader may know it; empty when the notice names none."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an organizer changed that earlier letters said otherwise."""

    closes_at: datetime | None = None
    """`extension`: the new end, exclusive."""
    former_numbers: tuple[str, ...] = ()
    """`moved`, `merged` (`parted` has none): numbers that were told before and are not used any more."""


@dataclass(frozen=True, slots=True)
class Correction:
    """That an earlier letter of ours said something of a case that does not hold."""

    told_at: datetime
    """When that letter was written, aware."""
    withdrawn: tuple[Finding, ...] = ()
    """What it said and is said no more, in its order."""
    why: str = ""
    """The organizers' reason in their words; may be empty."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why we write, to whom, and when."""

    kind: ReplyKind
    letter: AnsweredLetter
    now_at: datetime
    """The date of our letter, aware."""
    token: str
    """回执码: random, given by the desk."""
    addressee: str | None = None
    """The unit's or person's name, when known for certain; None gives 您好."""
    is_unit: bool = False
    test: bool = False
    files: tuple[ReportFile, ...] = ()
    """`being_checked` without a case: what the letter brought."""
    topics: tuple[Topic, ...] = ()
    """`answer`: what was asked, in order."""
    linked: tuple[SharedFile, ...] = ()
    """`only_linked`: the files the letter links to, in its order."""
    unassigned: tuple[ReportFile, ...] = ()
    """Files that came with several cases and may be of any of them."""
    attached: tuple[str, ...] = ()
    """Names of the marked copies that go with the letter."""
    notice: Notice | None = None
    """What a `notice` tells; None for every other kind."""
    change: Change | None = None
    """What an `extension`, `moved` or `merged` tells; None for every other kind."""
    reply_by_at: datetime | None = None
    """Exclusive end for completing the material when it is not the campaign's close."""
    correction: Correction | None = None
    """What a `correction` withdraws; None for every other kind."""
    together: tuple[AnsweredLetter, ...] = ()
    """`summary`: all letters it answers, oldest first."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A finished letter without its envelope. Both forms say the same."""

    subject: str
    text: str
    """Plain text, "\\n" line ends, one at the end; no hard wraps."""
    html: str
    language: str = "zh-CN"


def list_files(revision: Revision) -> tuple[ReportFile, ...]:
    """The files of a revision as a letter names them, in the same order."""
    return tuple(describe_file(file) for file in revision.files)


def describe_file(file: ReadFile) -> ReportFile:
    """One read file as a letter names it."""
    if isinstance(file, Document):
        main = file.facts.counts.get("main")
        return ReportFile(
            name=file.name,
            kind=file.role,
            format=file.format,
            size_bytes=file.size_bytes,
            sha256=file.sha256,
            words=main.words if main else None,
        )
    if isinstance(file, Photo):
        return ReportFile(
            name=file.name,
            kind="photo",
            format="image",
            size_bytes=file.size_bytes,
            sha256=file.sha256,
            counted=file.counted,
            why_not=file.why_not,
            same_as=file.same_as,
        )
    return ReportFile(
        name=file.name,
        kind=file.role,
        format=file.format,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        problem=file.code,
    )
