"""What LibreOffice makes of documents: their text, and what it counts and shows beside it. Kept by file hash and version."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from bench.corpus.index import CorpusFile
from bench.corpus.programs import run, said

OFFICE_CLASSES = ("docx", "docx_wps_oracle", "doc", "rtf", "odt")
_BATCH = 40
_SECONDS_PER_FILE = 20


@dataclass(frozen=True)
class Export:
    """One way of saving."""

    option: str
    """For `--convert-to`."""
    suffix: str
    """Of what is kept."""
    keep: Callable[[bytes], bytes]
    """What is kept of the saved file."""


def _parts_of_odt(saved: bytes) -> bytes:
    """The statistics, the text and the headers of an OpenDocument text as one XML document: pictures are not kept."""
    whole = etree.Element("odt")
    with zipfile.ZipFile(io.BytesIO(saved)) as package:
        for name in ("meta.xml", "content.xml", "styles.xml"):
            whole.append(etree.fromstring(package.read(name), etree.XMLParser(huge_tree=True, resolve_entities=False)))
    return etree.tostring(whole)


TEXT = Export("txt:Text (encoded):UTF8", "txt", lambda saved: saved)
ODT = Export("odt", "odt.xml", _parts_of_odt)


def find_saving_office(cache: Path) -> SavingOffice | None:
    """The office program of this machine; None when there is none."""
    program = shutil.which("soffice")
    return None if program is None else SavingOffice(program, cache)


class SavingOffice:
    """Saves documents in other formats, in batches; results are kept under `cache`."""

    def __init__(self, program: str, cache: Path) -> None:
        self._program = program
        self._cache = cache
        cache.mkdir(parents=True, exist_ok=True)
        self._version = said([program, "--version"]).split()[1]
        self.name = f"LibreOffice {self._version}"

    def saved(self, files: Sequence[CorpusFile], export: Export) -> dict[str, bytes]:
        """What was kept of each file by its name; empty for one that cannot be opened."""
        keys = {file.name: self._cache / f"{file.sha256}.lo-{self._version}.{export.suffix}" for file in files}
        missing = [file for file in files if not keys[file.name].exists()]
        for start in range(0, len(missing), _BATCH):
            self._convert(missing[start : start + _BATCH], export, keys)
        return {name: key.read_bytes() for name, key in keys.items()}

    def _convert(self, files: Sequence[CorpusFile], export: Export, keys: dict[str, Path]) -> None:
        """Convert a batch; when it is stuck, each file by itself."""
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            given = {file.name: work / "in" / f"{n:04d}{file.path.suffix}" for n, file in enumerate(files)}
            (work / "in").mkdir()
            for file in files:
                shutil.copyfile(file.path, given[file.name])
            command = [self._program, f"-env:UserInstallation=file://{work}/profile", "--headless", "--convert-to"]
            command += [export.option, "--outdir", f"{work}/out", *map(str, given.values())]
            done = run(command, seconds=_SECONDS_PER_FILE * len(files))
            ending = export.option.partition(":")[0]
            made = {file.name: work / "out" / f"{given[file.name].stem}.{ending}" for file in files}
            for file in files:
                path = made[file.name]
                if path.exists() and (done or path.stat().st_size):
                    keys[file.name].write_bytes(export.keep(path.read_bytes()))
                elif len(files) > 1:
                    self._convert([file], export, keys)
                else:
                    keys[file.name].write_bytes(b"")
