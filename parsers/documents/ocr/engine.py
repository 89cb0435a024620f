"""The recogniser: one picture of a page in, pieces of text with their places out. Wraps RapidOCR (PP-OCR models).

The models lie in the installed package and are named by their paths, so nothing is ever looked for elsewhere.
"""

from __future__ import annotations

import functools
import math
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

_THREADS = 1
"""Two take 7 to 9 seconds of processor time a page instead of 6, waiting for each other, and keep a core from the readers."""
_LONGEST_SIDE_PX = 2_000
_UPRIGHT_SCORE = 0.75
"""A page lying on its side or head is read with a mean certainty of 0.3 to 0.7, an upright one with 0.9 and more."""
_FEWEST_PIECES = 3
_LONG_BOX = 4.0
"""Only lines of some length tell their slant."""

_Box = list[tuple[float, float]]
"""Four corners in pixels, clockwise from the top left."""


class Piece(NamedTuple):
    """A run of text as found, in pixels from the top left corner of the picture."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    score: float
    """The recogniser's own certainty, 0 to 1."""


class Recognised(NamedTuple):
    """What one picture says, and its size when turned so that it can be read."""

    pieces: tuple[Piece, ...]
    width_px: int
    height_px: int

    @property
    def score(self) -> float:
        """Mean certainty by character; 0.0 when nothing was found."""
        characters = sum(len(piece.text) for piece in self.pieces)
        return sum(len(piece.text) * piece.score for piece in self.pieces) / characters if characters else 0.0


def recognise(picture: Image.Image) -> Recognised:
    """The text of `picture`, turned by quarters when it is surer that way.

    Pieces come in no particular order; empty when there is no text.
    """
    upright = _recognise(picture)
    if upright.score >= _UPRIGHT_SCORE or len(upright.pieces) < _FEWEST_PIECES:
        return upright
    turns = (Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270)
    return max(upright, *(_recognise(picture.transpose(turn)) for turn in turns), key=lambda read: read.score)


def _recognise(picture: Image.Image) -> Recognised:
    import numpy as np

    pixels = np.asarray(picture.convert("RGB"))[:, :, ::-1]  # the models were trained on BGR
    found = _rows(_engine()(pixels))
    straight = _Straightened([box for box, _, _ in found])
    pieces = tuple(Piece(text.strip(), *straight.extent(box), score) for box, text, score in found if text.strip())
    return Recognised(pieces, picture.width, picture.height)


class _Straightened:
    """Turns boxes back by the slant that they have in common: slanted lines would reach into each other's rows."""

    def __init__(self, boxes: Sequence[_Box]) -> None:
        slants = [math.atan2(box[1][1] - box[0][1], box[1][0] - box[0][0]) for box in boxes if _is_long(box)]
        slant = statistics.median(slants) if slants else 0.0
        self._cos, self._sin = math.cos(slant), math.sin(slant)

    def extent(self, box: _Box) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of a box after turning about the corner of the picture."""
        xs = [x * self._cos + y * self._sin for x, y in box]
        ys = [y * self._cos - x * self._sin for x, y in box]
        return min(xs), min(ys), max(xs), max(ys)


def _is_long(box: _Box) -> bool:
    return abs(box[1][0] - box[0][0]) > _LONG_BOX * abs(box[3][1] - box[0][1])


def _rows(found: Any) -> list[tuple[_Box, str, float]]:
    if getattr(found, "boxes", None) is None or not found.txts:
        return []
    boxes = [[(float(x), float(y)) for x, y in box] for box in found.boxes]
    return list(zip(boxes, found.txts, map(float, found.scores), strict=True))


@functools.cache
def _engine() -> Any:
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": _LONGEST_SIDE_PX,
            "Global.use_cls": False,  # tells 0 from 180 degrees piece by piece; `recognise` does it by page, and surer
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(_model(models, "det")),
            "Rec.model_path": str(_model(models, "rec")),
        }
    )


def _model(models: Path, task: str) -> Path:
    """The one model for `task` that the package brings along."""
    return max(models.glob(f"*_{task}_*.onnx"))
