"""`python -m parsers.documents.ocr FILE PAGES PIXELS`: one scan in, its Reading as JSON out. Started by `launch`.

Ends when its standard input does, that is when the process that started it is gone.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from pathlib import Path

from parsers.documents.ocr.scan import read_scan
from parsers.errors import ParserError
from parsers.limits import Limits

_BEHIND_OTHERS = 10
"""Letters that hold text are read first."""


def main(arguments: list[str]) -> int:
    """Exit status 0 with a Reading on standard output, 1 when the file cannot be read."""
    path, limits = Path(arguments[0]), Limits.model_validate_json(arguments[1])
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(AttributeError, OSError):
        os.nice(_BEHIND_OTHERS)
    try:
        reading = read_scan(path, limits)
    except ParserError as error:
        sys.stderr.write(f"{error.code}\n")
        return 1
    sys.stdout.buffer.write(reading.model_dump_json().encode())
    sys.stdout.buffer.flush()
    return 0


def _end_with_parent() -> None:
    os.read(0, 1)  # the descriptor itself: a buffered reader's lock would be waited for at the end
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
