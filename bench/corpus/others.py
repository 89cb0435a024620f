"""What other readers say of the same files: LibreOffice, poppler, 7-Zip's and ExifTool's notes, Python's own modules.

None of it comes from our readers. Text is asked of programs that happen to be installed; what
they gave is kept in the bench's own folder, keyed by the file's hash and the program's version.
"""

from __future__ import annotations

import email
import email.header
import email.policy
import hashlib
import html
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from bench.corpus.index import CorpusFile

_BATCH = 40
_SECONDS_PER_FILE = 20
_OFFICE = ("docx", "docx_wps_oracle", "doc", "rtf", "odt")


class OtherReaders:
    """Texts by other programs, kept under `cache`."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        cache.mkdir(parents=True, exist_ok=True)
        self.names: dict[str, str] = {}
        """Which program spoke for a class: {"pdf": "pdftotext 22.12.0"}; a class without one is missing."""

    def texts(self, files: Sequence[CorpusFile]) -> dict[str, str]:
        """Text by file name, where another reader gave any; files it cannot open are missing."""
        found: dict[str, str] = {}
        found |= self._office([file for file in files if file.kind in _OFFICE])
        found |= self._poppler([file for file in files if file.kind == "pdf"])
        found |= self._ofd([file for file in files if file.kind == "ofd"])
        return {name: text for name, text in found.items() if text.strip()}

    # --- LibreOffice

    def _office(self, files: Sequence[CorpusFile]) -> dict[str, str]:
        program = shutil.which("soffice")
        if program is None or not files:
            return {}
        version = _said([program, "--version"]).split()[1]
        self.names |= dict.fromkeys(_OFFICE, f"LibreOffice {version}")
        keys = {file.name: self._key(file, f"lo-{version}") for file in files}
        missing = [file for file in files if not keys[file.name].exists()]
        for start in range(0, len(missing), _BATCH):
            self._convert(program, missing[start : start + _BATCH], keys)
        return {name: key.read_text("utf-8", "replace") for name, key in keys.items()}

    def _convert(self, program: str, files: Sequence[CorpusFile], keys: dict[str, Path]) -> None:
        """Convert a batch; when it is stuck, each file by itself. What gives nothing is kept as empty."""
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            given = {file.name: work / "in" / f"{n:04d}{file.path.suffix}" for n, file in enumerate(files)}
            (work / "in").mkdir()
            for file in files:
                shutil.copyfile(file.path, given[file.name])
            command = [program, f"-env:UserInstallation=file://{work}/profile", "--headless", "--convert-to"]
            command += ["txt:Text (encoded):UTF8", "--outdir", f"{work}/out", *map(str, given.values())]
            done = _run(command, seconds=_SECONDS_PER_FILE * len(files))
            made = {file.name: work / "out" / f"{given[file.name].stem}.txt" for file in files}
            if len(files) > 1 and (not done or not all(path.exists() for path in made.values())):
                for file in files:
                    if made[file.name].exists():
                        shutil.copyfile(made[file.name], keys[file.name])
                    else:
                        self._convert(program, [file], keys)
                return
            for name, path in made.items():
                keys[name].write_bytes(path.read_bytes() if path.exists() else b"")

    # --- PDF

    def _poppler(self, files: Sequence[CorpusFile]) -> dict[str, str]:
        program = shutil.which("pdftotext")
        if program is None:
            return self._pdfium(files)
        version = _said([program, "-v"]).split()[2]
        self.names["pdf"] = f"pdftotext {version}"
        found = {}
        for file in files:
            key = self._key(file, f"poppler-{version}")
            if not key.exists() and not _run([program, "-enc", "UTF-8", str(file.path), str(key)], seconds=60):
                key.write_bytes(b"")
            found[file.name] = key.read_text("utf-8", "replace") if key.exists() else ""
        return found

    def _pdfium(self, files: Sequence[CorpusFile]) -> dict[str, str]:
        """pdfium's own text: the engine below our reader, without anything we make of its characters."""
        import pypdfium2

        self.names["pdf"] = f"pdfium {pypdfium2.PYPDFIUM_INFO.version}"
        found = {}
        for file in files:
            try:
                with pypdfium2.PdfDocument(file.path) as document:
                    found[file.name] = "\n".join(page.get_textpage().get_text_range() for page in document)
            except pypdfium2.PdfiumError:
                continue
        return found

    # --- OFD

    def _ofd(self, files: Sequence[CorpusFile]) -> dict[str, str]:
        """Every TextCode of every page, by a regular expression over the XML. Source: GB/T 33190-2016 §11.3."""
        if files:
            self.names["ofd"] = "TextCode by pattern"
        found = {}
        for file in files:
            try:
                with zipfile.ZipFile(file.path) as package:
                    pages = [name for name in package.namelist() if re.search(r"Pages/.*\.xml$", name)]
                    xml = "".join(package.read(name).decode("utf-8", "replace") for name in pages)
            except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
                continue
            codes = re.findall(r"<(?:\w+:)?TextCode[^>]*>([^<]*)<", xml)
            found[file.name] = html.unescape("\n".join(codes))
        return found

    def _key(self, file: CorpusFile, reader: str) -> Path:
        digest = hashlib.sha256(file.path.read_bytes()).hexdigest()
        return self._cache / f"{digest}.{reader}.txt"


def letter_by_stdlib(path: Path) -> tuple[str, int] | None:
    """Subject and number of attachments as Python's compat32 parser sees them; None where it gives up.

    The parts of an encoded subject are joined before they are decoded, which the newer policy does not do.
    """
    try:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.compat32)
        parts = email.header.decode_header(message.get("Subject", ""))
        subject = str(email.header.make_header(parts))
    except (LookupError, UnicodeError, ValueError, email.errors.MessageError):
        return None
    files = sum(part.get_content_disposition() == "attachment" for part in message.walk())
    return " ".join(subject.split()), files


def _said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout or done.stderr


def _run(command: list[str], *, seconds: float) -> bool:
    """Whether it ended well in time; what it started is ended with it."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        import os
        import signal

        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False
