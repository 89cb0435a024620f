"""Takes the pictures of our letters that stand in `docs/screenshots/`, with Chromium, from the golden letters.

`python -m docs.screenshots` writes them: on a phone (390 px), light and dark, and on a desk (1000 px). Look at them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).with_name("screenshots")
GOLDEN = Path(__file__).parents[1] / "tests" / "intake"
SHOWN = {
    "letter-fix-request": (GOLDEN / "replies" / "golden" / "fix_request.html", 2080),
    "letter-receipt": (GOLDEN / "replies" / "golden" / "receipt.html", 1060),
    "digest": (GOLDEN / "figures" / "golden" / "full_day.html", 2460),
}
"""Picture to its golden letter and height in CSS pixels."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FRAMES = ((390, "light"), (390, "dark"), (1000, "light"), (1000, "dark"))
_COLOURS = {"digest": 96}
_FEW_COLOURS = 32


def main() -> int:
    """Write one picture for each letter, the four ways side by side; the exit status."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        print("there is no Chromium here", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        for name, (letter, height) in SHOWN.items():
            sheet = Path(folder, f"{name}.html")
            sheet.write_text(_sheet(letter, height), encoding="utf-8")
            picture = Path(folder, f"{name}.png")
            _take(browser, sheet, picture, height=height)
            with Image.open(picture) as taken:
                small = taken.convert("RGB").quantize(_COLOURS.get(name, _FEW_COLOURS))
                small.save(FOLDER / f"{name}.png", optimize=True)
    return 0


def _sheet(letter: Path, height: int) -> str:
    """A page with the letter in frames of each width and colour scheme."""
    frames = "".join(
        f'<iframe src="{letter.as_uri()}" style="width:{width}px;height:{height}px;border:0;color-scheme:{scheme};background:Canvas"></iframe>'
        for width, scheme in _FRAMES
    )
    return f'<body style="margin:0;display:flex;gap:12px;background:#bbb">{frames}</body>'


def _take(browser: str, page: Path, picture: Path, *, height: int) -> None:
    width = sum(width for width, _ in _FRAMES) + 12 * (len(_FRAMES) - 1)
    command = [
        *(browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
        *(
            "--allow-file-access-from-files",
            f"--window-size={width},{height}",
            f"--screenshot={picture}",
            page.as_uri(),
        ),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    sys.exit(main())
