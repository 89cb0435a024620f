"""A folder handed over to people, brought up to date again and again: only what changed is written, nothing is lost.

Peer: the file system. What somebody changed in it, and what no longer belongs, is set aside, never overwritten.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from intake.figures.export_plan import ASIDE
from intake.figures.file_names import numbered

MANIFEST = "清单.json"
SUMS = "SHA256SUMS"
"""As `sha256sum --check` reads it."""
_SCHEMA = 1
_PIECE_BYTES = 1 << 20
_STORED = frozenset({".jpg", ".jpeg", ".png", ".heic", ".zip", ".rar", ".7z", ".docx", ".xlsx", ".pdf", ".mp4"})
"""Compressed already."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A file of the folder, as written."""

    sha256: str
    size_bytes: int
    owner: str = ""
    """The case it belongs to; empty for what belongs to all."""


class Delivery:
    """The folder and its manifest. Paths are relative to it, "/"-separated."""

    def __init__(self, root: Path) -> None:
        """Raises: OSError, ValueError when its manifest is none of ours."""
        self.root = root
        self._files: dict[str, Delivered] = {}
        self.folders: dict[str, str] = {}
        """The folder of each case an earlier export wrote, by its number."""
        self.written = 0
        """Files new or changed in this run."""
        path = root / MANIFEST
        if path.is_file():
            stored = json.loads(path.read_text("utf-8"))
            if stored.get("schema_version") != _SCHEMA:
                raise ValueError(f"{MANIFEST}: schema_version {stored.get('schema_version')!r}")
            self._files = {name: Delivered(**each) for name, each in stored["files"].items()}
            self.folders = dict(stored["folders"])
            if any(PurePosixPath(name).is_absolute() or ".." in name.split("/") for name in self._names()):
                raise ValueError(f"{MANIFEST}: a path leads out of the folder")

    def _names(self) -> tuple[str, ...]:
        return (*self._files, *self.folders.values())

    def move_folder(self, owner: str, folder: str) -> None:
        """Let a case's folder be called `folder` from now on. Raises: OSError."""
        before = self.folders.get(owner)
        self.folders[owner] = folder
        if before in (None, folder) or not (self.root / str(before)).is_dir():
            return
        target = self.root / folder
        if target.exists() and not _is_same(self.root / str(before), target):
            return  # somebody made it: files are set aside and written one by one
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.root / str(before)).rename(target)
        self._files = {_moved(name, str(before), folder): each for name, each in self._files.items()}
        _remove_if_empty((self.root / str(before)).parent)

    @property
    def is_ours(self) -> bool:
        """Whether the folder may be written to: an export is there already, or nothing at all."""
        return (self.root / MANIFEST).is_file() or all(_is_nothing(path) for path in self.root.iterdir())

    def missing(self, owner: str, wanted: Mapping[str, str], *, keep: Collection[str] = ()) -> dict[str, str]:
        """Those of `wanted` (path to hash) that are still to be written; what stood elsewhere was moved to its place.

        What the case no longer holds is set aside, but for paths in `keep`; so is a file that was changed since it was
        written. Raises: OSError.
        """
        mine = {
            name: each
            for name, each in self._files.items()
            if each.owner == owner and f"/{ASIDE}/" not in name and name not in keep
        }
        open_paths = {}
        for name, sha256 in wanted.items():
            if self._is_there(name, sha256):
                # Also what an export that was broken off wrote.
                self._files[name] = Delivered(sha256, (self.root / name).stat().st_size, owner)
            else:
                open_paths[name] = sha256
        # All aside first, so that two files may change places.
        aside = [self._set_aside(owner, name) for name in {**dict.fromkeys(mine.keys() - wanted.keys()), **open_paths}]
        for place in filter(None, aside):
            found = next((each for each, sha256 in open_paths.items() if self._is_there(place, sha256)), None)
            if found is not None:
                del open_paths[found]
                self._move(place, found, owner)
        return open_paths

    def add(self, owner: str, path: str) -> None:
        """Record a file that was just written. Raises: OSError."""
        file = self.root / path
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        self._files[path] = Delivered(digest, file.stat().st_size, owner)
        self.written += 1

    def put(self, owner: str, path: str, content: bytes) -> None:
        """Write a file of our own, unless it stands there with this content. Raises: OSError."""
        file = self.root / path
        known = self._files.get(path)
        digest = hashlib.sha256(content).hexdigest()
        if known is not None and known.sha256 == digest and self._is_untouched(path, known):
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f".{digest[:12]}.part")
        try:
            part.write_bytes(content)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
        self._files[path] = Delivered(digest, len(content), owner)
        self.written += 1

    def holds(self, path: str) -> bool:
        """Whether a file stands there as it was written."""
        known = self._files.get(path)
        return known is not None and self._is_untouched(path, known)

    def close(self) -> None:
        """Write the manifest and the checksums. Raises: OSError."""
        self._files = {name: each for name, each in sorted(self._files.items()) if (self.root / name).is_file()}
        manifest = {
            "schema_version": _SCHEMA,
            "folders": dict(sorted(self.folders.items())),
            "files": {name: asdict(each) for name, each in self._files.items()},
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        sums = "".join(f"{each.sha256}  {name}\n" for name, each in self._files.items())
        for name, content in ((SUMS, sums), (MANIFEST, text)):
            part = self.root / f".{name}.part"
            part.write_text(content, encoding="utf-8", newline="\n")
            part.replace(self.root / name)

    def pack(self, target: Path) -> Iterator[str]:
        """Put everything into one zip beside the folder; yields each name as it is done. Raises: OSError."""
        return pack_folder(self.root, (*self._files, SUMS, MANIFEST), target)

    def _is_untouched(self, name: str, known: Delivered) -> bool:
        path = self.root / name
        return path.is_file() and path.stat().st_size == known.size_bytes and self._is_there(name, known.sha256)

    def _is_there(self, name: str, sha256: str) -> bool:
        path = self.root / name
        if not path.is_file():
            return False
        with path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest() == sha256

    def _move(self, old: str, new: str, owner: str) -> None:
        (self.root / new).parent.mkdir(parents=True, exist_ok=True)
        (self.root / old).rename(self.root / new)
        if self._files.pop(old, None) is not None:
            self.written -= 1
        self.add(owner, new)
        _remove_if_empty((self.root / old).parent)

    def _set_aside(self, owner: str, name: str) -> str | None:
        """Whatever lies at `name` goes to the case's folder of old versions, under a name that is free; where it is then."""
        path = self.root / name
        known = self._files.pop(name, None)
        if not path.is_file():
            return None
        folder = self.root / self.folders.get(owner, "") / ASIDE
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / numbered(path.name, [each.name for each in folder.iterdir()])
        path.rename(place)
        moved = place.relative_to(self.root).as_posix()
        if known is not None:
            self.add(owner, moved)
        _remove_if_empty(path.parent)
        return moved


def pack_folder(root: Path, names: Iterable[str], target: Path) -> Iterator[str]:
    """Put files of a folder into one zip, whole or not at all; yields each name as it is done. Raises: OSError."""
    part = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
            for name in names:
                path = root / name
                how = zipfile.ZIP_STORED if path.suffix.lower() in _STORED else zipfile.ZIP_DEFLATED
                packed.write(path, f"{root.name}/{name}", how)
                yield name
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _is_nothing(path: Path) -> bool:
    """What desktops leave in any folder they show."""
    return path.is_file() and (path.name.startswith(".") or path.name.lower() in {"thumbs.db", "desktop.ini"})


def _moved(name: str, before: str, after: str) -> str:
    return f"{after}{name[len(before) :]}" if name.startswith(f"{before}/") else name


def _is_same(one: Path, other: Path) -> bool:
    """Two spellings of one folder, where upper and lower case are alike."""
    return one.samefile(other)


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
