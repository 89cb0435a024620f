"""What reading a letter found, put down: facts of every file, and a row for each place a file lies in.

Peer: the caller's unit of work.
"""

from __future__ import annotations

from datetime import datetime

from intake.edges.executors.tree import Node
from intake.edges.records import Readings
from storage.records import NewFile
from storage.unit_of_work import UnitOfWork


def put_tree(work: UnitOfWork, readings: Readings, sha256: str, tree: Node, *, at: datetime) -> None:
    """Store the fresh readings of `tree`, the letter `sha256`, and its files in place of those known before."""
    for node in tree.walk():
        if node.fresh:
            work.readings.put(readings.record(node.reading, at=at))
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
