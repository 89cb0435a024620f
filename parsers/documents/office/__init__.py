"""An office program as a converter: one file at a time, in a cage of its own, to .docx.

`converted_to_docx` is the door; `find_office` tells whether there is a program at all. A reader that is shut in starts none
itself: it asks (`asking`), and the process that forked it has the file converted (`broker`).
"""

from parsers.documents.office.conversion import converted_to_docx
from parsers.documents.office.failure import ConversionError
from parsers.documents.office.program import OfficeProgram, find_office, reader_version

__all__ = ["ConversionError", "OfficeProgram", "converted_to_docx", "find_office", "reader_version"]
