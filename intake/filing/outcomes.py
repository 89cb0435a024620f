"""What is written down of a filed letter: its outcome, why, and whether a person should look.

Peer: the caller's unit of work.
"""

from __future__ import annotations

from collections.abc import Sequence

from intake.calls import Call
from intake.edges.records import DELIVERY, NEVER, ON_BEHALF, PROVISIONAL
from intake.model import IgnoredReason
from parsers.facts import SharedFile
from storage.records.correspondence import LetterRecord
from storage.unit_of_work import UnitOfWork


class Outcomes:
    """Records what became of letters."""

    def __init__(self, *, test_mode: bool) -> None:
        """`test_mode`: a trial run; its letters and cases are told apart for good."""
        self.test_mode = test_mode

    def file(
        self,
        work: UnitOfWork,
        record: LetterRecord,
        call: Call,
        *,
        evidence: Sequence[str],
        answer: bool,
        for_person: bool,
        test: bool | None = None,
        provisional: bool = False,
    ) -> None:
        """A submission or a part of one. `test`: of its case; by default that of this run.

        `provisional`: joined to a case of another address until a person has looked.
        """
        work.letters.set_outcome(record.sha256, "filed")
        work.letters.change(
            record.sha256,
            campaign=call.campaign.id,
            test=self.test_mode if test is None else test,
            evidence=_as_stored(record, evidence, for_person=for_person) | ({PROVISIONAL: True} if provisional else {}),
            answered=None if answer else NEVER,
        )

    def ignore(
        self,
        work: UnitOfWork,
        record: LetterRecord,
        ignored: IgnoredReason,
        *,
        evidence: Sequence[str],
        call: Call | None = None,
        answer: bool = False,
        for_person: bool = False,
        shares: Sequence[SharedFile] = (),
    ) -> None:
        """No submission, for the reason `ignored`. `shares`: what it only linked to, for a person to fetch."""
        work.letters.set_outcome(record.sha256, "not_a_submission", reason="; ".join(evidence), ignored=ignored)
        work.letters.change(
            record.sha256,
            campaign=call.campaign.id if call is not None else None,
            evidence=_as_stored(record, evidence, for_person=for_person, shares=shares),
            answered=None if answer else NEVER,
            test=self.test_mode,
        )

    def show_to_a_person(self, work: UnitOfWork, record: LetterRecord, *, shown: bool = True) -> None:
        """Ask for a person's look at a letter whose outcome is on record, or (`shown` false) no longer."""
        stored = work.letters.get(record.sha256)
        evidence = dict(stored.evidence or {}) if stored is not None else {}
        work.letters.change(record.sha256, evidence={**evidence, "for_person": shown})


def _as_stored(
    record: LetterRecord, lines: Sequence[str], *, for_person: bool, shares: Sequence[SharedFile] = ()
) -> dict[str, object]:
    links = {"links": [share.model_dump(mode="json", exclude_defaults=True) for share in shares]} if shares else {}
    behalf = (record.evidence or {}).get(ON_BEHALF)
    told = [behalf["evidence"]] if behalf else []
    kept = {key: stored for key in (ON_BEHALF, DELIVERY) if (stored := (record.evidence or {}).get(key))}
    return {"lines": [*lines, *told], "for_person": for_person, **links, **kept}
