"""What it means that an office program gave no document. Pure."""

from __future__ import annotations

from typing import Literal


class ConversionError(Exception):
    """The office program gave no document. `why` tells whose fault that can be."""

    def __init__(self, why: Literal["refused", "failed", "timed_out"], detail: str = "") -> None:
        """`refused`: it ran well and could not load the file; `failed`: it crashed or wrote nonsense."""
        super().__init__(detail or why)
        self.why = why
