"""`intake ledger OUT.xlsx`: the whole ledger as a workbook."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from intake.bootstrap import Records, make_ledgers
from intake.cli.folder import records_of
from intake.errors import OperatorError
from intake.ledger import Places


def make_ledger(folder: Path, out: Path, *, masked: bool) -> int:
    """Write it and say what is in it; exit status 0."""
    out = out.absolute()
    if out.suffix.lower() != ".xlsx":
        out = out.with_name(f"{out.name}.xlsx")
    if not out.parent.is_dir():
        raise OperatorError(f"没有文件夹 {out.parent}。请先建好，或换一个位置。")
    with records_of(folder) as records, _without_looking_for_circles():
        if sys.stderr.isatty():
            print("正在汇总台账……", file=sys.stderr)
        places = Places() if masked else Places(letter=_letters_beside(records, out))
        try:
            matter = make_ledgers(records).write(out, at=records.clock.now(), masked=masked, places=places)
        except OSError as error:
            raise OperatorError(
                f"不能写入 {out}（{error.strerror or error}）。如果它正在 Excel 或 WPS 里打开，请先关闭再运行一次。"
            ) from error
    cases = sum(1 for case in matter.cases if matter.trial or not case.test)
    print(f"{out}（案例{cases}件，来信{len(matter.letters)}封，文件{len(matter.files)}个）")
    if not masked:
        print("台账里有联系电话，请注意保管；外发时用 intake ledger --masked，电话和身份证号只留前三位和后两位。")
    return 0


@contextmanager
def _without_looking_for_circles() -> Iterator[None]:
    """Millions of small objects are made, none of them part of a circle: looking for some took a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _letters_beside(records: Records, out: Path) -> Callable[[str], str]:
    """Leads to a stored letter, from where the ledger lies; the whole path when it lies on another drive."""
    letters = records.letters
    try:
        way = os.path.relpath(letters.root, out.parent)  # looked for once, not for each of thousands of letters
    except ValueError:
        way = str(letters.root)
    shown = Path(way).as_posix()
    start = quote(shown, safe="/:") if "%" in shown or "#" in shown else shown
    return lambda sha256: f"{start}/{letters.place(sha256)}"
