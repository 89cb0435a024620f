"""Rows of files inside letters, and of what readers found in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from storage import tables
from storage.dialects import insert_or_update
from storage.records.contents import FileRecord, NewFile, ReadingKey, ReadingRecord
from storage.rows.mapping import Rows, as_row, chunks

_files = tables.files
_readings = tables.readings


class FileRows(Rows):
    """The files of each letter, in reading order."""

    def replace_for_letter(self, letter_sha256: str, files: Sequence[NewFile]) -> tuple[FileRecord, ...]:
        """Record `files` as all that the letter holds, in place of what was recorded; return them, same order.

        A file's `parent` is the index of an earlier one in `files`.
        """
        self._connection.execute(delete(_files).where(_files.c.letter_sha256 == letter_sha256))
        ids: list[int] = []
        for index, file in enumerate(files):
            row = as_row(file)
            parent = row.pop("parent")
            if parent is not None and not 0 <= parent < index:
                raise ValueError(f"file {index} names {parent} as its parent, which does not come before it")
            row["parent_id"] = None if parent is None else ids[parent]
            row["letter_sha256"] = letter_sha256
            ids.append(self._insert(_files, row))
        return self.of_letter(letter_sha256)

    def of_letter(self, letter_sha256: str) -> tuple[FileRecord, ...]:
        """The letter's files, in reading order; empty when none."""
        return self._all(
            FileRecord, select(_files).where(_files.c.letter_sha256 == letter_sha256).order_by(_files.c.id)
        )

    def of_letters(self, letters: Iterable[str]) -> dict[str, list[FileRecord]]:
        """By letter, its files in reading order; letters without files are left out."""
        found: dict[str, list[FileRecord]] = {}
        for some in chunks(dict.fromkeys(letters)):
            chosen = select(_files).where(_files.c.letter_sha256.in_(some)).order_by(_files.c.id)
            for file in self._all(FileRecord, chosen):
                found.setdefault(file.letter_sha256, []).append(file)
        return found

    def hashes_of(self, letters: Iterable[str]) -> dict[str, frozenset[str]]:
        """By letter, the hashes of the files in it; letters without files are left out."""
        found: dict[str, set[str]] = {}
        for some in chunks(dict.fromkeys(letters)):
            chosen = select(_files.c.letter_sha256, _files.c.sha256).where(_files.c.letter_sha256.in_(some))
            for letter, sha256 in self._connection.execute(chosen):
                found.setdefault(letter, set()).add(sha256)
        return {letter: frozenset(hashes) for letter, hashes in found.items()}

    def with_content(self, sha256: str) -> tuple[FileRecord, ...]:
        """Everywhere a file with these bytes came, in order of arrival here; empty when nowhere."""
        return self._all(FileRecord, select(_files).where(_files.c.sha256 == sha256).order_by(_files.c.id))


class ReadingRows(Rows):
    """Stored facts by (file hash, reader, limits): nothing is read twice."""

    def get(self, key: ReadingKey) -> ReadingRecord | None:
        """The reading, None when the file was not read so."""
        return self.get_many([key]).get(key)

    def get_many(self, keys: Iterable[ReadingKey]) -> dict[ReadingKey, ReadingRecord]:
        """The readings there are for `keys`; missing ones are left out."""
        wanted = frozenset(keys)
        found: dict[ReadingKey, ReadingRecord] = {}
        for some in chunks(sorted({key.file_sha256 for key in wanted})):
            chosen = select(_readings).where(_readings.c.file_sha256.in_(some))
            found |= {r.key: r for r in self._all(ReadingRecord, chosen) if r.key in wanted}
        return found

    def latest(self, file_sha256s: Iterable[str]) -> dict[str, ReadingRecord]:
        """By file, the reading recorded last, whichever reader and limits made it; unread files are left out."""
        found: dict[str, ReadingRecord] = {}
        for some in chunks(dict.fromkeys(file_sha256s)):
            chosen = select(_readings).where(_readings.c.file_sha256.in_(some)).order_by(_readings.c.at)
            found |= {reading.file_sha256: reading for reading in self._all(ReadingRecord, chosen)}
        return found

    def made_by(
        self, file_sha256s: Iterable[str], *, reader: str, limits_key: str, since_at: datetime | None = None
    ) -> frozenset[str]:
        """Those of the files that have a reading by `reader` under these limits; recorded from `since_at` on, if given."""
        mine = [_readings.c.reader == reader, _readings.c.limits_key == limits_key]
        mine += [_readings.c.at >= since_at] if since_at is not None else []
        return frozenset(
            sha256
            for some in chunks(dict.fromkeys(file_sha256s))
            for sha256 in self._connection.execute(
                select(_readings.c.file_sha256).where(_readings.c.file_sha256.in_(some), *mine)
            ).scalars()
        )

    def put_in_place(self, reading: ReadingRecord) -> None:
        """Record a reading in place of all others of the file: what an earlier program found is of no more use."""
        others = (_readings.c.reader != reading.reader) | (_readings.c.limits_key != reading.limits_key)
        self._connection.execute(delete(_readings).where(_readings.c.file_sha256 == reading.file_sha256, others))
        self.put(reading)

    def put(self, reading: ReadingRecord) -> None:
        """Record a reading in place of an earlier one with the same key."""
        insert_or_update(self._connection, _readings, as_row(reading))
