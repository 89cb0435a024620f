"""Units and containers the bombs share."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

MB = 1_000_000


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip as any program writes it."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            # OpenDocument is known by a first member that is not packed.
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return into.getvalue()
