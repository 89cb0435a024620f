"""What other readers say of the same files: LibreOffice, poppler, 7-Zip's and ExifTool's notes, Python's own modules.

None of it comes from our readers. Text is asked of programs that happen to be installed; what
they gave is kept in the bench's own folder, keyed by the file's hash and the program's version.
"""

from __future__ import annotations

import email
import email.header
import email.policy
import html
import importlib.metadata
import re
import shutil
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from bench.corpus.index import CorpusFile
from bench.corpus.office import OFFICE_CLASSES, TEXT, find_saving_office
from bench.corpus.programs import run, said

_PDFMINER_SECONDS = 60
_SCARCE_CHARACTERS = 40
"""Less than a line: poppler may lack the character maps of fonts that are not embedded."""
_PDFMINER = """import sys
from pdfminer.high_level import extract_text
open(sys.argv[2], "w", encoding="utf-8").write(extract_text(sys.argv[1]))"""
_UNMAPPED = re.compile(r"\(cid:\d+\)")
"""What pdfminer writes for a glyph it knows no character for."""


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
        found |= self._office([file for file in files if file.kind in OFFICE_CLASSES])
        pdfs = [file for file in files if file.kind == "pdf"]
        found |= self._poppler(pdfs)
        scarce = [file for file in pdfs if len(found.get(file.name, "").strip()) < _SCARCE_CHARACTERS]
        for name, text in self._pdfminer(scarce).items():
            found[name] = max(found.get(name, ""), text, key=len)
        found |= self._ofd([file for file in files if file.kind == "ofd"])
        return {name: text for name, text in found.items() if text.strip()}

    def _office(self, files: Sequence[CorpusFile]) -> dict[str, str]:
        office = find_saving_office(self._cache)
        if office is None or not files:
            return {}
        self.names |= dict.fromkeys(OFFICE_CLASSES, office.name)
        return {name: saved.decode("utf-8", "replace") for name, saved in office.saved(files, TEXT).items()}

    # --- PDF

    def _poppler(self, files: Sequence[CorpusFile]) -> dict[str, str]:
        program = shutil.which("pdftotext")
        if program is None or not files:
            return {}
        version = said([program, "-v"]).split()[2]
        self.names["pdf"] = f"pdftotext {version}"
        found = {}
        for file in files:
            key = self._key(file, f"poppler-{version}")
            if not key.exists() and not run([program, "-enc", "UTF-8", str(file.path), str(key)], seconds=60):
                key.write_bytes(b"")
            found[file.name] = key.read_text("utf-8", "replace") if key.exists() else ""
        return found

    def _pdfminer(self, files: Sequence[CorpusFile]) -> dict[str, str]:
        """pdfminer's text, without the glyphs it knows no character for."""
        version = importlib.metadata.version("pdfminer.six")
        if files:
            self.names["pdf"] = ", ".join(filter(None, (self.names.get("pdf"), f"pdfminer {version}")))
        found = {}
        for file in files:
            key = self._key(file, f"pdfminer-{version}")
            command = [sys.executable, "-c", _PDFMINER, str(file.path), str(key)]
            if not key.exists() and not run(command, seconds=_PDFMINER_SECONDS):
                key.write_bytes(b"")
            found[file.name] = _UNMAPPED.sub("", key.read_text("utf-8", "replace"))
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
        return self._cache / f"{file.sha256}.{reader}.txt"


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
