"""Whether a JPEG that stops before its end mark lost any of its picture. Pure.

Some phones, editors and gateways drop the last two bytes, the mark itself. Every viewer shows such
a photo whole, so nobody is asked to send it again.
"""

from __future__ import annotations

import io

from PIL import Image

_END = b"\xff\xd9"
_FILLER = b"\x55" * 64
"""Bits a decoder takes for more of the picture wherever it still expects some."""
_TAIL_PX = (256, 256)


def lacks_only_its_end(data: bytes) -> bool:
    """True when nothing but the end mark is missing.

    The picture is completed in two ways; where the decoder still waits for picture data the two
    come out different, where it has all it needs it passes over what follows. Costs two decodings.
    """
    stump = data.rstrip(b"\xff")
    try:
        return _decoded(stump + _END) == _decoded(stump + _FILLER + _END)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- the decoder gives up: more is wrong than the missing mark
        return False


def completed(data: bytes) -> bytes:
    """`data` with its end mark."""
    return data.rstrip(b"\xff") + _END


def _decoded(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
        picture.draft(picture.mode, _TAIL_PX)
        picture.load()
        return picture.tobytes()
