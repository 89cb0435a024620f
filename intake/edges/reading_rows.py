"""What reading a letter found, put down: facts of every file, and a row for each place a file lies in.

Peer: the caller's unit of work.
"""

from __future__ import annotations

from datetime import datetime

from intake.edges.executors.tree import Node
from intake.edges.receipt_time import received_at
from intake.edges.records import DELIVERY, Readings
from storage.records.contents import NewFile
from storage.records.correspondence import LetterRecord
from storage.unit_of_work import UnitOfWork


def put_letter(
    work: UnitOfWork, readings: Readings, letter: LetterRecord, tree: Node, *, own_hosts: frozenset[str], at: datetime
) -> None:
    """As `put_tree`, and what lists show of the letter itself; its receipt time may move back, never forward.

    Of what was handed over at a desk lists show what was said there, not the letter it was wrapped in.
    """
    put_tree(work, readings, letter.sha256, tree, at=at)
    facts = tree.reading.letter
    if facts is None or DELIVERY in (letter.evidence or {}):
        return
    work.letters.note_received(letter.sha256, received_at(letter, facts, own_hosts))
    work.letters.change(
        letter.sha256,
        message_id=facts.message_id,
        from_address=facts.sender.address if facts.sender else None,
        from_name=facts.sender.name if facts.sender else "",
        subject=facts.subject,
    )


def put_tree(work: UnitOfWork, readings: Readings, sha256: str, tree: Node, *, at: datetime) -> None:
    """Store the fresh readings of `tree`, the letter `sha256`, and its files in place of those known before.

    Of every file one reading is kept: which of two is the later could not be told after the clock was set back. One that was
    on record when the letter was read may have gone with another letter, purged meanwhile: it is put down again.
    """
    nodes = tuple(tree.walk())
    on_record = work.readings.latest(node.reading.sha256 for node in nodes if not node.fresh)
    for node in nodes:
        if node.fresh or node.reading.sha256 not in on_record:
            work.readings.put_in_place(readings.record(node.reading, at=at))
    work.files.replace_for_letter(sha256, file_rows(tree))


def file_rows(tree: Node) -> list[NewFile]:
    """One row per file in document order; `parent` is the index of the row it lies in, None for the letter."""
    rows: list[NewFile] = []

    def add(node: Node, parent: int | None) -> None:
        for child in node.children:
            member = child.member
            assert member is not None  # only the letter itself has none
            rows.append(
                NewFile(
                    sha256=child.reading.sha256,
                    size_bytes=child.reading.size_bytes,
                    locator=member.locator,
                    name=member.name,
                    origin=member.origin,
                    format=child.reading.format,
                    folder=member.folder,
                    parent=parent,
                    content_id=member.content_id,
                    shown=member.shown_px,
                    media_type=member.media_type,
                    repeats=member.repeats,
                )
            )
            add(child, len(rows) - 1)

    add(tree, None)
    return rows
