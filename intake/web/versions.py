"""The versions of a case in words: what each holds, and what a newer one has changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from intake.web.views import Entry, file_words, moment
from intake.wording import clean_line
from storage.records.casebook import RevisionRecord

_NAMES_SHOWN = 12


def version_entries(revisions: Sequence[RevisionRecord], zone: ZoneInfo) -> list[Entry]:
    """Each version as something that happened to the case, in order; none for a case of one version."""
    if len(revisions) < 2:
        return []
    entries = []
    for before, revision in zip((None, *revisions), revisions, strict=False):
        at = revision.received_at or revision.at
        detail = holds(revision) if before is None else "；".join(changes(before, revision))
        entries.append(Entry(at, moment(at, zone), "version", f"第{revision.ordinal}版材料", detail))
    return entries


def holds(revision: RevisionRecord) -> str:
    """What a version holds, in one line."""
    return _listed(_files(revision)) or "没有文件"


def changes(before: RevisionRecord | None, after: RevisionRecord) -> list[str]:
    """What `after` holds that `before` did not, and the other way round; one line when only the words differ."""
    old, new = (_files(before) if before is not None else []), _files(after)
    known_before, known_after = {sha256 for sha256, _ in old}, {sha256 for sha256, _ in new}
    lines = []
    if added := _listed([file for file in new if file[0] not in known_before]):
        lines.append(f"新增：{added}")
    if gone := _listed([file for file in old if file[0] not in known_after]):
        lines.append(f"不再有：{gone}")
    return lines or ["文件没有增减，信里的文字有变化"]


def _files(revision: RevisionRecord) -> list[tuple[str, str]]:
    """Hash and name with role of each file."""
    stored: Sequence[Mapping[str, object]] = revision.summary.get("files", ())
    return [(str(file.get("sha256", "")), _named(file)) for file in stored]


def _named(file: Mapping[str, object]) -> str:
    role, name = file_words(file)
    return f"{role} {name}" if role and role != "附件" else clean_line(name)


def _listed(files: Sequence[tuple[str, str]]) -> str:
    names = [name for _, name in files]
    more = f"等{len(names)}个文件" if len(names) > _NAMES_SHOWN else ""
    return "、".join(names[:_NAMES_SHOWN]) + more
