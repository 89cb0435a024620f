"""How well scans are read, and at what cost: `python -m bench.ocr [--pages N]`. Needs the extra `ocr`.

The demo's cases are printed, photographed in several ways (clean, grey and noisy, turned, out of focus, small), and
recognised page by page in a process of its own; characters wrong, missing or too many are counted by edit distance.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageEnhance, ImageFilter
from rapidfuzz.distance import Levenshtein

from intake.demo.cases import load_case
from intake.demo.documents import case_pdf
from parsers.documents.ocr import is_installed

_DPI = 150


def _clean(page: Image.Image, _: random.Random) -> Image.Image:
    return page


def _noisy(page: Image.Image, chance: random.Random) -> Image.Image:
    """Grey paper, grain and a shadow across the page."""
    grain = Image.effect_noise(page.size, 45).convert("L").point(lambda grey: (grey - 128) // 2 + 128)
    shadow = Image.linear_gradient("L").resize(page.size).point(lambda grey: 150 + grey // 3)
    grey = ImageChops.multiply(page.convert("L"), shadow)
    return ImageChops.add(grey, grain, scale=1, offset=-128 - chance.randrange(10))


def _turned(page: Image.Image, chance: random.Random) -> Image.Image:
    """Held a few degrees off, on a darker table."""
    return page.convert("L").rotate(chance.uniform(-4, 4), expand=True, fillcolor=90, resample=Image.Resampling.BICUBIC)


def _blurred(page: Image.Image, chance: random.Random) -> Image.Image:
    return ImageEnhance.Contrast(_turned(page, chance).filter(ImageFilter.GaussianBlur(1.3))).enhance(0.7)


def _small(page: Image.Image, _: random.Random) -> Image.Image:
    """As chat programs shrink it, and saved badly."""
    kept = io.BytesIO()
    page.convert("L").resize((page.width // 2, page.height // 2), Image.Resampling.LANCZOS).save(
        kept, "JPEG", quality=40
    )
    return Image.open(kept)


def _upside_down(page: Image.Image, _: random.Random) -> Image.Image:
    return page.rotate(180)


def _on_its_side(page: Image.Image, _: random.Random) -> Image.Image:
    return page.rotate(90, expand=True)


_WAYS: dict[str, Callable[[Image.Image, random.Random], Image.Image]] = {
    "clean 150 dpi": _clean,
    "noisy": _noisy,
    "turned 4°": _turned,
    "blurred": _blurred,
    "small 75 dpi": _small,
    "upside down": _upside_down,
    "on its side": _on_its_side,
}


def main() -> int:
    """Exit status 0 when clean pages are read with at most 1 character in 100 wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.ocr", description=__doc__)
    parser.add_argument("--pages", type=int, default=6, help="pages for each way of photographing")
    asked = parser.parse_args()
    if not is_installed():
        print("The extra `ocr` is not installed: nothing was measured")
        return 1
    pages = list(_pages(asked.pages))
    print(f"{'pages':<16}{'characters':>11}{'right':>9}{'字数 off':>9}{'s a page':>10}{'peak MB':>9}")
    worst = 0.0
    for name, photograph in _WAYS.items():
        wrong, characters, off, seconds, peak_bytes = _measure(pages, photograph)
        print(
            f"{name:<16}{characters:>11}{100 * (1 - wrong / characters):>8.2f}%{100 * off / characters:>+8.2f}%"
            f"{seconds / len(pages):>10.1f}{peak_bytes / 1e6:>9.0f}"
        )
        worst = max(worst, wrong / characters if name.startswith("clean") else 0.0)
    return 0 if worst <= 0.01 else 1


def _pages(most: int) -> Iterable[tuple[Image.Image, str]]:
    """Pages of the demo's cases with their text, spread over the cases."""
    names = sorted(entry.name.removesuffix(".txt") for entry in files("intake.demo").joinpath("texts").iterdir())
    for name in names[:most]:
        with pypdfium2.PdfDocument(case_pdf(load_case(name))) as document:
            page = document[0]
            text = "".join(page.get_textpage().get_text_range().split())
            yield page.render(scale=_DPI / 72).to_pil().convert("RGB"), text


def _measure(
    pages: list[tuple[Image.Image, str]], photograph: Callable[[Image.Image, random.Random], Image.Image]
) -> tuple[int, int, int, float, int]:
    """Wrong characters, characters in all, how many more were read than stand there, seconds, most memory."""
    wrong = characters = off = 0
    seconds, peak = 0.0, 0
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        for number, (page, text) in enumerate(pages):
            path = Path(folder) / f"{number}.jpg"
            photograph(page, chance).convert("RGB").save(path, quality=85)
            read, spent, used = _recognised(path)
            wrong += Levenshtein.distance(text, read)
            characters += len(text)
            off += len(read) - len(text)
            seconds, peak = seconds + spent, max(peak, used)
    return wrong, characters, off, seconds, peak


def _recognised(path: Path) -> tuple[str, float, int]:
    """The text of one picture without spaces, the seconds it took, and the most memory of any process so far."""
    command = [sys.executable, "-m", "parsers.documents.ocr", str(path), "{}"]
    heard, held = os.pipe()
    started = time.monotonic()
    try:
        done = subprocess.run(command, stdin=heard, capture_output=True, check=True)
    finally:
        os.close(heard)
        os.close(held)
    blocks = json.loads(done.stdout)["document"]["blocks"]
    text = "".join("".join(block["text"].split()) for block in blocks)
    return text, time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


if __name__ == "__main__":
    sys.exit(main())
