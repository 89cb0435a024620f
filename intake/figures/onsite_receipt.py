"""The receipt for what was handed over at a desk: as text, and as a page to print and sign. Pure but for its template.

It is read in Chinese, by whoever handed it over and by whoever took it in. It says what came and how the case
stands by the rules; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template

HEADING = "现场接收回执"


@dataclass(frozen=True, slots=True)
class ReceiptCase:
    """One case on the receipt; every text is finished, escaping is done here."""

    rows: tuple[tuple[str, str], ...]
    """登记编号, 案例名称 … with their values, in order; none empty."""
    standing: str
    """How it stands, one sentence."""
    points: tuple[str, ...] = ()
    """What is still to be completed or looked at, one sentence each."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that is on paper."""

    campaign: str
    taken_in: tuple[tuple[str, str], ...]
    """收到时间, 接收人 … with their values."""
    material: tuple[str, ...]
    """What was handed over, one line each; empty for paper alone."""
    cases: tuple[ReceiptCase, ...]
    signed: str
    """落款."""
    day: str
    help: str = ""
    """Whom to ask; empty when the campaign names nobody."""


def receipt_to_json(receipt: Receipt) -> dict[str, Any]:
    """The receipt as it is kept with its letter: what was told is what is printed again."""
    return asdict(receipt)


def receipt_from_json(stored: Any) -> Receipt | None:
    """What `receipt_to_json` wrote; None for a letter that has no receipt."""
    if not stored:
        return None
    cases = tuple(
        ReceiptCase(_pairs(case["rows"]), str(case["standing"]), tuple(case["points"])) for case in stored["cases"]
    )
    kept = {**stored, "taken_in": _pairs(stored["taken_in"]), "material": tuple(stored["material"]), "cases": cases}
    return Receipt(**kept)


def _pairs(stored: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(label), str(value)) for label, value in stored)


def receipt_text(receipt: Receipt) -> str:
    """The receipt as plain text, one newline at the end."""
    lines = [receipt.campaign, f"【{HEADING}】"]
    for case in receipt.cases:
        lines += [f"{label}：{value}" for label, value in case.rows]
        lines += [f"核对情况：{case.standing}"]
        lines += [f"  {number}. {point}" for number, point in enumerate(case.points, 1)]
    lines += [f"{label}：{value}" for label, value in receipt.taken_in]
    if receipt.material:
        lines += ["本次收到：", *(f"  · {line}" for line in receipt.material)]
    return "\n".join([*lines, *filter(None, (receipt.help, receipt.signed)), receipt.day]) + "\n"


def receipt_page(receipt: Receipt) -> str:
    """The receipt as one page of UTF-8 HTML for A4 paper; nothing is fetched, nothing runs."""
    return _template().render(receipt=receipt, heading=HEADING)


def material_lines(names: Sequence[tuple[str, str]], photos: int, *, on_paper: bool) -> tuple[str, ...]:
    """What was handed over. `names`: documents and what is known of each; `photos`: pictures that count."""
    lines = [f"{name}（{about}）" if about else name for name, about in names]
    if photos:
        lines.append(f"照片{photos}张")
    return (*lines, *(["纸质材料"] if on_paper else []))


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = files("intake.figures").joinpath("templates", "onsite_receipt.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source)
