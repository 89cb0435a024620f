"""The ledger's sheet of figures: counts by state, category and outcome, and day by day with a chart. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import zip_longest
from zoneinfo import ZoneInfo

from intake.figures import ledger_words as words
from intake.figures.ledger_matter import LedgerCase, LedgerMatter
from intake.figures.sheets import Cell, Chart, Column, Sheet
from intake.wording import CHINESE_DATES

_DAYS_SHOWN = 400
_COLUMNS = (
    Column("项目", width=14),
    Column("内容", width=26),
    Column("数量", "number", 9),
    Column("说明", width=44, wraps=True),
    Column("", width=3),
    Column("日期", "day", 14),
    Column("来信", "number", 8),
    Column("新登记案例", "number", 11),
    Column("材料齐全", "number", 10),
)
_ORDER = tuple(words.STATES)


def figures_sheet(matter: LedgerMatter, cases: Sequence[LedgerCase]) -> Sheet:
    """Counts on the left, days on the right; `cases` are those the ledger lists."""
    left = [*_about(matter), *_of_cases(cases), *_of_letters(matter)]
    days = _days(matter, cases)
    nothing: tuple[Cell, ...] = ()
    rows = tuple(
        (*(a or (None,) * 4), None, *(b or (None,) * 4)) for a, b in zip_longest(left, days, fillvalue=nothing)
    )
    chart = Chart("每日来信与登记", labels=5, series=(6, 7, 8), rows=len(days), at=(1, 10))
    return Sheet("统计", _COLUMNS, rows, filters=False, charts=(chart,) if days else ())


def _about(matter: LedgerMatter) -> list[tuple[Cell, ...]]:
    return [
        ("台账", "生成时间", None, CHINESE_DATES.write_moment(matter.written_at, matter.zone)),
        ("台账", "邮箱", None, matter.mailbox),
        *(("台账", "活动", None, title) for title in matter.campaigns),
    ]


def _of_cases(cases: Sequence[LedgerCase]) -> list[tuple[Cell, ...]]:
    standing = [case for case in cases if case.state not in words.NOT_IN_USE]
    states = Counter(case.state for case in cases)
    categories = Counter(case.category or "未注明" for case in standing)
    complete = Counter(case.category or "未注明" for case in standing if case.state == "accepted")
    return [
        ("案例", "合计", len(standing), "已撤回、已合并、已清除的不计"),
        *(
            ("案例状态", words.STATES.get(state, state), states[state], "")
            for state in sorted(states, key=lambda each: _ORDER.index(each) if each in _ORDER else len(_ORDER))
        ),
        *(("案例类别", name, count, f"其中材料齐全{complete[name]}件") for name, count in _by_count(categories)),
        ("照片", "计入", sum(case.photos or 0 for case in standing), ""),
        ("逾期", "截止后收到", sum(case.late for case in standing), "由组委会研究确定"),
    ]


def _of_letters(matter: LedgerMatter) -> list[tuple[Cell, ...]]:
    outcomes = Counter(words.OUTCOMES.get(letter.outcome, letter.outcome) for letter in matter.letters)
    ignored = Counter(
        words.IGNORED.get(letter.ignored, letter.ignored)
        for letter in matter.letters
        if letter.ignored and letter.outcome != "purged"
    )
    return [
        ("来信", "合计", len(matter.letters), ""),
        *(("来信结果", name, count, "") for name, count in _by_count(outcomes)),
        *(("未登记原因", name, count, "") for name, count in _by_count(ignored)),
        *(
            ("未收取", words.UNFETCHED.get(name, name), count, "只登记，不在来信表里")
            for name, count in matter.unfetched
        ),
        ("文件", "合计", len(matter.files), "压缩包里的、文档里的图片都分别计算"),
    ]


def _days(matter: LedgerMatter, cases: Sequence[LedgerCase]) -> list[tuple[Cell, ...]]:
    letters = _per_day((letter.received_at for letter in matter.letters), matter.zone)
    opened = _per_day((case.opened_at for case in cases), matter.zone)
    complete = _per_day(
        (case.judged_at for case in cases if case.state == "accepted" and case.judged_at is not None), matter.zone
    )
    known = sorted(letters.keys() | opened.keys() | complete.keys())
    if not known:
        return []
    length = (known[-1] - known[0]).days + 1
    # Days without anything are shown too, unless one stray date would make a table of years.
    span = known if length > _DAYS_SHOWN else [known[0] + timedelta(days=ahead) for ahead in range(length)]
    return [(day, letters[day], opened[day], complete[day]) for day in span]


def _per_day(times: Iterable[datetime], zone: str) -> Counter[date]:
    clock = ZoneInfo(zone)
    return Counter(at.astimezone(clock).date() for at in times)


def _by_count(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
