"""A small stand-in for a text, to find near-identical ones among many without reading them all. Pure.

The bottom-k sketch of a text's shingles: the share of the k smallest values that two
texts have in common estimates their Jaccard similarity (A. Broder, 1997). With k = 64
the estimate is off by about 0.06 (one standard deviation), so it only chooses whom to
compare in full.
"""

from __future__ import annotations

import zlib

from intake.casework.sameness import Shingles

Sketch = tuple[int, ...]
"""Ascending, unique; shorter than `SKETCH_SIZE` only for very short texts."""

SKETCH_SIZE = 64
WORTH_COMPARING = 24
"""Shared values from which two texts are compared in full: an estimated similarity of 0.4 or more,
far below the limit for `near_identical`."""


def sketch(shingles: Shingles) -> Sketch:
    """The sketch of a text; empty for a blank one."""
    # Shingles are CRC values already, but of overlapping text: a second hash spreads them evenly.
    return tuple(sorted({zlib.crc32(value.to_bytes(4, "big")) for value in shingles})[:SKETCH_SIZE])
