"""Letters that are shown again under another UID or in another folder. Peer: the caller's unit of work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from intake.edges.mailboxes import Envelope
from storage.records.mailbox import NewSighting, SightingRecord
from storage.unit_of_work import UnitOfWork


def with_known_letters(
    work: UnitOfWork,
    sightings: Sequence[NewSighting],
    envelopes: Sequence[Envelope],
    earlier: Mapping[str, SightingRecord],
) -> list[NewSighting]:
    """`sightings` of a folder whose UIDs were given anew, in order, with the letters that surely are the ones seen before.

    `envelopes`: of the same letters, in the same order. `earlier`: a sighting for each fingerprint known. The body of any
    other is fetched: of one that had gone before it came, of those that cannot be told apart, of one not described at all.
    One of these that was listed a little before, and taken for the one seen then, is fetched as well.
    """
    shown = Counter(sighting.fingerprint for sighting in sightings)
    uids = {sighting.uid for sighting in sightings}
    for place in {(each.account, each.folder, each.uidvalidity) for each in sightings}:
        for twin in work.sightings.alike(*place, fingerprints=shown.keys()):
            if twin.uid not in uids:
                shown[twin.fingerprint] += 1
                work.sightings.retry_body(twin.id)
    return [
        _known_again(sighting, earlier.get(sighting.fingerprint))
        if envelope.header.strip() and shown[sighting.fingerprint] == 1
        else sighting
        for sighting, envelope in zip(sightings, envelopes, strict=True)
    ]


def _known_again(sighting: NewSighting, earlier: SightingRecord | None) -> NewSighting:
    if earlier is None or earlier.letter_sha256 is None:
        return sighting
    return replace(sighting, letter_sha256=earlier.letter_sha256, outcome=None)


def look_again(work: UnitOfWork, sha256: str, *, role: str) -> str:
    """A letter of the junk folder that is shown in one of this `role` now: somebody may have taken it out of there.

    In the inbox it counts as any other: what was left alone, or put aside without a word, because of where it lay is
    looked at once more. Returns what had become of it so far, empty for a letter nobody knows.
    """
    known = work.letters.get(sha256)
    if known is None or (known.folder_role, role) != ("junk", "inbox"):
        return known.outcome if known is not None else ""
    work.letters.change(sha256, folder_role="inbox")
    if not work.outgoing.of_letter(sha256):
        if known.outcome == "not_a_submission":
            work.letters.set_outcome(sha256, "collected")
        elif known.outcome == "quarantined":
            work.letters.change(sha256, answered=None)
    return known.outcome
