"""Opens Word documents that ask for a password, when one of the passwords a letter stated fits."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path

from parsers.documents.converted import retold
from parsers.documents.doc import READER as DOC_READER
from parsers.documents.doc import read_doc, read_doc_through_library
from parsers.documents.doc_header import read_word_header
from parsers.documents.docx import READER as DOCX_READER
from parsers.documents.docx import read_docx
from parsers.documents.office import reader_version
from parsers.documents.sniff import sniff
from parsers.errors import LimitError, ParserError
from parsers.facts import Reading
from parsers.limits import Limits

_OLE = b"\xd0\xcf\x11\xe0"


def unlock_docx(path: Path, job: Path, limits: Limits, passwords: tuple[str, ...]) -> Reading:
    """As `read_docx`; a package inside an OLE file is decrypted with the first password that fits.

    Raises:
        ParserError: `encrypted` when none fits; `unsupported_format` when something else than a Word document is inside.
        LimitError: The file asks for more than `limits` allow.
    """
    with path.open("rb") as file:
        if file.read(len(_OLE)) != _OLE:
            return read_docx(path, job, limits)
    with tempfile.TemporaryDirectory(prefix="unlocked-", dir=job) as folder:
        package = Path(folder) / "document.docx"
        if not any(_decrypts(path, package, password) for password in passwords):
            raise ParserError("encrypted", f"{len(passwords)} passwords tried")
        if (inside := sniff(package)).kind != "docx":
            raise ParserError("unsupported_format", inside.kind)
        return retold(read_docx(package, job, limits), path, reader=DOCX_READER, format_="docx", by="")


def unlock_doc(path: Path, job: Path, limits: Limits, passwords: tuple[str, ...]) -> Reading:
    """As `read_doc`; an encrypted document is read through the library that can decrypt it.

    Raises:
        ParserError: `encrypted` when no password fits; else as `read_doc`.
        LimitError: The file asks for more than `limits` allow.
    """
    header = read_word_header(path)
    if not header.is_encrypted:
        return read_doc(path, job, limits)
    for password in passwords:
        try:
            reading = read_doc_through_library(path, job, limits, header, password=password)
        except LimitError:
            raise
        except ParserError as error:
            if error.code != "encrypted":
                raise
            continue
        return reading.model_copy(update={"reader": reader_version(DOC_READER)})
    raise ParserError("encrypted", f"{len(passwords)} passwords tried")


def _decrypts(path: Path, target: Path, password: str) -> bool:
    """Whether `password` opens the file; what is inside lies at `target` then."""
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    with path.open("rb") as locked:
        try:
            office = msoffcrypto.OfficeFile(locked)
            office.load_key(password=password, verify_password=True)
            with target.open("wb") as opened:
                office.decrypt(opened)
        except (InvalidKeyError, DecryptionError, FileFormatError, ParseError):
            return False
        # Ciphers the library does not know, and headers that lie: to the sender it is locked as before.
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, struct.error):
            return False
    return True
