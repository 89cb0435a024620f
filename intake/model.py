"""The nouns of the house, one name each. Pure data; no I/O, no sentences.

A letter (`Letter`) brings files; readers turn them into `ReadFile`s; casework puts
those together as a `Revision` of a case; checks look at a revision and return
`Finding`s; together they are a `Judgement`. What we write back is an `OutgoingMail`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from parsers.facts import Address, DocumentFacts, Format, LetterFacts, PhotoFacts, ProblemCode, SharedFile

Severity = Literal["fix", "human", "note"]
"""`fix`: surely missing or wrong. `human`: the machine cannot tell. `note`: advice, blocks nothing."""

Verdict = Literal["accepted", "needs_human", "needs_fix"]

Role = Literal["case", "form", "stamped_copy", "cover_letter", "summary_sheet", "duplicate", "attachment"]
"""What a document is to its case. Only `case` opens one."""

Source = Literal["attachment", "archive", "embedded", "inline"]
"""How a photo came. Bare paths on the command line are attachments."""

WhyNotCounted = Literal["same_picture", "too_small", "logo", "signature", "tracking_pixel", "unreadable"]

IgnoredReason = Literal[
    "auto_reply",
    "bounce",
    "list",
    "own",
    "question",
    "courtesy",
    "unrelated",
    "no_campaign",
    "nothing_attached",
    "encrypted",
    "same_again",
    "draft",
    "withdrawal",
    "dispute",
    "orders",
    "unconfirmed",
]
"""Why a letter opens no case. It does not say whether it is answered."""

LetterOutcome = Literal[
    "collected",
    "filed",
    "not_a_submission",
    "quarantined",
    "oversize",
    "body_unavailable",
    "gone_before_fetch",
    "before_opening",
    "purged",
]

FolderRole = Literal["inbox", "junk", "sent"]

OutgoingState = Literal["queued", "handing_over", "sent", "retry_at", "failed", "unknown", "held", "cancelled"]

UNSENT: frozenset[OutgoingState] = frozenset({"queued", "held", "retry_at"})
"""States of a letter of ours of which nothing has left: it can still be taken back."""

MailKind = Literal[
    "receipt",  # accepted: 收件回执
    "awaiting",  # a part came, its sender has announced the rest: 已收到文字材料,待收照片
    "fix_request",  # needs_fix: 材料补充完善提示
    "being_checked",  # needs_human, quarantine, reader failure
    "late",  # arrived after the close
    "same_again",  # the same content once more
    "answer",  # a question, answered from the campaign's rules
    "decision",  # an organizer overruled; the case's state changed
    "reminder",  # what is still open, before it is due
    "draft_review",  # remarks on a draft, no verdict and no number
    "confirm_withdrawal",  # asks whether a case shall really be taken back
    "withdrawn",  # says that a case was taken back
    "disputed",  # a person checks again what the submitter objects to
    "correction",  # an earlier letter of ours was wrong, or the rule has changed: what holds instead
    "confirm_replacement",  # asks whether new material shall really stand in place of a complete case's
    "notice",  # one thing its reader should know: another address wrote of the case, what came with theirs
    "receipts",  # several complete cases of one sender in one letter: 报送清单
    "summary",  # what one address is answered beyond a day's ceiling, in one letter
    "extension",  # a later end than the one told before
    "moved",  # the case belongs to another campaign; it replaces what was said
    "merged",  # two cases are one
    "parted",  # what was put together for the time being is two cases
    "case_notice",  # to organizers: one case that needs a person now
    "orders",  # to an organizer: what became of the orders in an answer
    "digest",
    "sign_in",  # to an organizer: a one-time link to the page
    "alarm",
]

FindingValue = int | str | float | None | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, as data. Sentences are made from it in `intake.replies`, per language."""

    rule: str
    """Id of the rule in the campaign file."""
    check: str
    """Name of the check, `word_count`."""
    code: str
    """What was found, in one word of the check's own closed list: `too_many_words`."""
    severity: Severity
    file: str | None = None
    """Name of the file meant, as the submitter knows it; None when the whole submission is meant."""
    values: Mapping[str, FindingValue] = field(default_factory=dict)
    """Numbers and names the sentence needs: {"max": 3000, "found": 3128, "over": 128}."""
    evidence: str | None = None
    """The line of the submission that shows it, at most 120 characters."""
    audience: Literal["submitter", "organizers"] = "submitter"
    """`organizers`: shown in digest and case record only, never in a letter to the submitter."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text document that was read."""

    name: str
    sha256: str
    size_bytes: int
    format: Format
    role: Role
    facts: DocumentFacts
    source: Source = "attachment"
    folder: str = ""
    """Where the submitter had put it: the archives, forwarded letters and folders it lay in, "/"-separated; empty in the letter itself."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that was read."""

    name: str
    sha256: str
    size_bytes: int
    facts: PhotoFacts
    source: Source = "attachment"
    counted: bool = True
    why_not: WhyNotCounted | None = None
    same_as: str | None = None
    """Name of the counted picture it repeats, with `same_picture`."""
    container: str | None = None
    """Name of the document or archive that holds it."""
    shown_px: tuple[int, int] | None = None
    """Width and height at which the letter or document shows it, when it says so, in CSS pixels."""
    folder: str = ""
    """As of a `Document`; one inside a document lies where the document does."""
    container_sha256: str | None = None
    """Of the document or archive that holds it: names may be repeated."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that could not be read here, and why."""

    name: str
    sha256: str
    size_bytes: int
    format: Format
    code: ProblemCode
    role: Role = "attachment"
    source: Source = "attachment"
    folder: str = ""
    """As of a `Document`."""


ReadFile = Document | Photo | Problem


@dataclass(frozen=True, slots=True)
class LinkedFile:
    """Material that a letter only links to: on a drive, or as a mail service's large attachment. Nobody has seen it here."""

    file: SharedFile
    received_at: datetime
    """When the letter with the link arrived; this time holds for the material."""
    needed: bool = False
    """The case lacks text or photos: they may be behind the link."""


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Another case of the campaign whose text is nearly the same."""

    number: str
    title: str
    similarity: float
    """0 to 1, of normalised text."""
    same_sender: bool
    unit: str = ""
    """The other case's unit; empty when unknown."""
    recommender: str = ""
    """The street or bureau that sent one of the two, when a community sent the other; empty when that is not clear."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One immutable set of files of a case, with what the checks may know about it."""

    files: tuple[ReadFile, ...]
    """In order of arrival, then of their place in the letter."""
    received_at: datetime | None
    """When the letter that completed this set arrived; None for bare paths (deadline not judged)."""
    closes_at: datetime | None
    """Exclusive end of the intake for this case, extensions included; None when the campaign names none."""
    title: str = ""
    category: str | None = None
    """The category the submitter wrote down, one of the campaign's; None when not written."""
    level: str | None = None
    letter_text: str = ""
    """What the letters themselves say, oldest first."""
    resembles: tuple[Resemblance, ...] = ()
    linked: tuple[LinkedFile, ...] = ()
    """What was only linked to and has not come as a file since, in the order it was named."""
    files_at: datetime | None = None
    """When the files themselves arrived, if a link had announced them: `received_at` is the link's then."""
    reported: tuple[str, ...] = ()
    """Titles of the campaign's other cases that came from the addresses of this one, oldest first."""
    unplaced: tuple[ReadFile, ...] = ()
    """Files of its letters that may belong to this case or to another that came with it."""
    on_paper: bool = False
    """Paper of it was handed over at a desk."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """The readable documents, in order."""
        return tuple(f for f in self.files if isinstance(f, Document))

    @property
    def photos(self) -> tuple[Photo, ...]:
        """All readable pictures, counted or not, in order."""
        return tuple(f for f in self.files if isinstance(f, Photo))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The files that could not be read, in order."""
        return tuple(f for f in self.files if isinstance(f, Problem))

    @property
    def case_documents(self) -> tuple[Document, ...]:
        """The readable documents whose role is `case`, in order; empty when none."""
        return tuple(d for d in self.documents if d.role == "case")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one revision, with everything that explains it."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    """All of them, waived ones left out, in the order of the campaign's rules."""
    settled: tuple[str, ...] = ()
    """Ids of the rules that were judged and raised neither `fix` nor `human`: what is already fine."""
    waived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Authentication:
    """What a trusted host says of who really sent a letter: RFC 8601 results in lower case, empty when not stated."""

    host: str
    spf: str = ""
    dkim: str = ""
    dmarc: str = ""

    @property
    def failed(self) -> bool:
        """Whether the owner of the sender's domain disowns the letter."""
        return self.dmarc == "fail"


DeliveryChannel = Literal["onsite", "usb", "paper", "chat"]
"""How a delivery came that no letter brought: handed over, on a stick, on paper, by a chat program."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was handed over at a desk, and whom it is from: stored as a letter that we wrote ourselves."""

    channel: DeliveryChannel
    received_by: str
    """Who took it in."""
    place: str = ""
    on_paper: bool = False
    """Paper came as well, or nothing else."""
    unit: str = ""
    title: str = ""
    contact: str = ""
    phone: str = ""
    remark: str = ""
    address: str = ""
    """Who is told by mail how the case stands; empty: nobody."""
    name: str = ""
    references: tuple[str, ...] = ()
    """Message-IDs of the conversation that mail belongs to."""
    registered_by: str = ""
    """Who put it on record, when that is not who took it in."""
    password: str = field(default="", repr=False)
    """As typed by whoever registered it: tried on its locked files; never told, printed or logged."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A collected letter with its facts: what casework reasons about."""

    sha256: str
    received_at: datetime
    facts: LetterFacts
    folder_role: FolderRole = "inbox"
    files: tuple[ReadFile, ...] = ()
    """Every file it brought, archives and documents opened; roles not yet assigned (`attachment`)."""
    unplaced: tuple[ReadFile, ...] = ()
    """Of a letter with several cases, seen as the letter of one of them: files that may be of any."""
    attached: tuple[LetterFacts, ...] = ()
    """What the letters say that lie in it as files, in order; those inside archives are not among them."""
    forwarded_by: Address | None = None
    """Who passed it on, when it is told on behalf of its first sender: `facts` are that sender's then."""
    authentication: Authentication | None = None
    """None when no trusted host says anything: nothing is known then, good or bad."""
    delivered: Delivery | None = None
    """None for what came by mail."""

    @property
    def is_disowned(self) -> bool:
        """Whether it failed DMARC: somebody else may have written it under this name."""
        return self.authentication is not None and self.authentication.failed


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A finished letter, before and after it is sent. Its bytes never change."""

    kind: MailKind
    to_address: str
    message_id: str
    """Without angle brackets: kind.id.token@domain."""
    token: str
    """Random; stands in the body as 回执码."""
    subject: str
    raw: bytes
    """The whole RFC 5322 message, CRLF line ends."""
