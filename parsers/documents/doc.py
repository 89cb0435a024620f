"""Reads Word binary documents (.doc of Word 6 to 2003, .wps and .doc of Kingsoft) by way of .docx.

An office program converts them where there is one; a pure Python converter stands in for
Word 97 and later. Both end in the same structure reader, so a case counts the same in either format.
"""

from __future__ import annotations

import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from parsers.documents.converted import read_through_office, retold
from parsers.documents.doc_header import WordHeader, read_word_header
from parsers.documents.docx import read_docx
from parsers.documents.office import ConversionError, find_office, reader_version
from parsers.errors import LimitError, ParserError
from parsers.facts import Problem, ProblemCode, Reading
from parsers.limits import Limits

READER = "doc/1"

_LIBRARY = "msdoc2docx"
_SAID_LEAST = 20
_LOST_LEAST = 300
_LOST_SHARE = 0.5
"""Characters the header tells of and we have not; field codes and deletions are among those, hence the wide margins."""


def doc_reader_version() -> str:
    """The reader's version with the program it works through."""
    return reader_version(READER)


def read_doc(path: Path, job: Path, limits: Limits) -> Reading:
    """Text, structure and counts of a Word binary document; the pictures it shows become members in `job`.

    Args:
        path: The file, any name.
        job: Existing folder that receives the members.
        limits: Ceilings for conversion, sizes and counts.

    Returns:
        A reading of format "doc"; `converted_by` names the program in between. Beside its facts
        stands the problem `garbled_text` when most of what its header tells of did not come out,
        else the problems of `read_docx`.

    Raises:
        ParserError: `encrypted`; `damaged` (its container is broken); `unsupported_format` (a generation
            or a peculiarity that is not understood here); `timed_out` or `reader_failed` (our program's trouble).
        LimitError: The file asks for more than `limits` allow.
    """
    header = read_word_header(path)
    if header.is_encrypted:
        raise ParserError("encrypted", "Word binary document")
    reading = _read(path, job, limits, header)
    document = reading.document
    if document is None or not header.macros:
        return reading
    return reading.model_copy(update={"document": document.model_copy(update={"macros": True})})


def _read(path: Path, job: Path, limits: Limits, header: WordHeader) -> Reading:
    """Through the office program; where there is none, or it gives nothing or oddly little, through the library."""
    if find_office() is None:
        return _read_alone(path, job, limits, header)
    try:
        reading = _read_through_office(path, job, limits, header)
    except ConversionError as error:
        return _read_after(error, path, job, limits, header)
    if _says_little(reading, header) or _is_empty(reading):
        return _seconded(reading, path, job, limits, header)
    return reading


def _read_alone(path: Path, job: Path, limits: Limits, header: WordHeader) -> Reading:
    """Through the library, with nobody to second it: what it alone refuses or finds empty is for a person to see."""
    try:
        reading = read_doc_through_library(path, job, limits, header)
    except LimitError:
        raise
    except ParserError as error:
        raise ParserError("unsupported_format" if error.code == "damaged" else error.code, error.detail) from error
    says_nothing = _is_empty(reading) and header.characters > _SAID_LEAST
    return _doubted(reading, header) if says_nothing or _says_little(reading, header) else reading


def _read_through_office(path: Path, job: Path, limits: Limits, header: WordHeader) -> Reading:
    return read_through_office(
        path,
        job,
        limits,
        reader=doc_reader_version(),
        format_="doc",
        suffix=".doc",
        import_filter=header.import_filter,
    )


def _read_after(failure: ConversionError, path: Path, job: Path, limits: Limits, header: WordHeader) -> Reading:
    """Through the library, when the office program failed."""
    try:
        return read_doc_through_library(path, job, limits, header)
    except LimitError:
        raise
    except ParserError as error:
        # What two readers that know nothing of each other refuse is the file's own fault, and never if ours crashed.
        trouble: ProblemCode = "timed_out" if failure.why == "timed_out" else "reader_failed"
        code = error.code if failure.why == "refused" else trouble
        raise ParserError(code, f"{failure}; {error.detail}") from error


def _seconded(reading: Reading, path: Path, job: Path, limits: Limits, header: WordHeader) -> Reading:
    """`reading`, which says little: without doubt when the library finds no more, else with it.

    A converter that skips what it does not understand would make a broken document a short one.
    """
    with tempfile.TemporaryDirectory(prefix="second-", dir=job) as folder:
        try:
            second = read_doc_through_library(path, Path(folder), limits, header)
        except ParserError:
            return _doubted(reading, header)
    return reading if _characters(second) <= _characters(reading) + _SAID_LEAST else _doubted(reading, header)


def read_doc_through_library(
    path: Path, job: Path, limits: Limits, header: WordHeader, *, password: str | None = None
) -> Reading:
    """As `read_doc`, by the pure Python converter alone, which also opens encrypted documents with their password."""
    if not header.is_word_97:
        raise ParserError("unsupported_format", "a generation before Word 97, which only an office program reads")
    import doc2docx
    from doc2docx.cfb import CompoundFileLimits
    from doc2docx.errors import Doc2DocxError, EncryptedDocumentError, InvalidCompoundFile, StreamNotFound

    folder = Path(tempfile.mkdtemp(prefix="doc-", dir=job))
    ceilings = CompoundFileLimits(max_input_bytes=limits.file_bytes, max_stream_bytes=limits.file_bytes)
    try:
        doc2docx.convert(path, folder / "document.docx", limits=ceilings, password=password)
        reading = read_docx(folder / "document.docx", job, limits)
    except EncryptedDocumentError as error:
        raise ParserError("encrypted", "Word binary document") from error
    except (InvalidCompoundFile, StreamNotFound) as error:
        raise ParserError("damaged", str(error)) from error
    except Doc2DocxError as error:
        raise ParserError("unsupported_format", f"{type(error).__name__}: {error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    by = f"{_LIBRARY} {version(_LIBRARY)}"
    return retold(reading, path, reader=doc_reader_version(), format_="doc", by=by)


def _characters(reading: Reading) -> int:
    """Characters of the main text that came out, with paragraph marks."""
    blocks = reading.document.blocks if reading.document else ()
    return sum(len(block.text) + 1 for block in blocks if block.part in {"main", "form"})


def _is_empty(reading: Reading) -> bool:
    return reading.problem is not None and reading.problem.code == "empty"


def _says_little(reading: Reading, header: WordHeader) -> bool:
    lost = header.characters - _characters(reading)
    return lost > max(_LOST_LEAST, header.characters * _LOST_SHARE)


def _doubted(reading: Reading, header: WordHeader) -> Reading:
    detail = f"{_characters(reading)} of {header.characters} characters came out"
    return reading.model_copy(update={"problem": Problem(code="garbled_text", detail=detail)})
