"""The ledger (台账): sheets of cases, files, letters, findings and figures, and what became of every number. Pure.

Organizers read Chinese; the words are here and not in a language file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intake.figures import ledger_words as words
from intake.figures.ledger_figures import figures_sheet
from intake.figures.ledger_matter import LedgerCase, LedgerFile, LedgerFinding, LedgerLetter, LedgerMatter
from intake.figures.ledger_roster import roster_sheet
from intake.figures.masking import mask_numbers, mask_phone
from intake.figures.numbering import unused_numbers
from intake.figures.sheets import Cell, Column, Link, Sheet, Tone
from intake.wording import CHINESE_DATES

_CODE = Column("登记编号", width=15, personal="")
_AT = 19


def ledger_sheets(matter: LedgerMatter, *, masked: bool) -> tuple[Sheet, ...]:
    """案例, 文件, 来信, 核对意见, 统计, 编号说明, in this order, each there even when it is empty; 报送进度 with a roster.

    `masked`: telephone and ID numbers are hidden in every cell; for copies that leave by mail.
    """
    shown = [case for case in matter.cases if matter.trial or not case.test]
    sheets = (
        _cases_sheet(shown, matter),
        _files_sheet(matter.files),
        _letters_sheet(matter.letters),
        _findings_sheet(matter.findings),
        figures_sheet(matter, shown),
        _numbers_sheet(matter),
        *([roster_sheet(matter.rosters)] if matter.rosters else ()),
    )
    return tuple(_masked(sheet) for sheet in sheets) if masked else sheets


def ledger_name(matter: LedgerMatter) -> str:
    """What the file is called: 台账2022年12月15日.xlsx."""
    return f"台账{CHINESE_DATES.write_plain_day(matter.written_at, matter.zone)}.xlsx"


# --- sheets


_CASES = (
    _CODE,
    Column("题目", width=32, wraps=True),
    Column("单位", width=22, wraps=True),
    Column("联系人", width=9),
    Column("电话", width=14, personal="phone"),
    Column("类别", width=11),
    Column("状态", width=13),
    Column("收到时间", "moment", _AT),
    Column("字数", "number", 7),
    Column("计入照片", "number", 9),
    Column("须补充完善", width=38, wraps=True),
    Column("需人工核对", width=30, wraps=True),
    Column("组委会决定", width=26, wraps=True),
    Column("逾期", width=6),
    Column("层级", width=10),
    Column("发件地址", width=26),
    Column("最近来信", "moment", _AT),
    Column("来信封数", "number", 9),
    Column("版次", "number", 6),
    Column("材料件数", "number", 9),
    Column("建议核对", width=30, wraps=True),
    Column("单独截止", "moment", _AT),
    Column("核对时间", "moment", _AT),
    Column("备注", width=24, wraps=True),
    Column("材料", width=8),
)
_PRINTED = 13
"""Columns of it that go on paper: up to the organizers' decision."""


def _cases_sheet(cases: Sequence[LedgerCase], matter: LedgerMatter) -> Sheet:
    several = len(matter.campaigns) > 1
    columns = (_CASES[0], Column("活动", width=24, wraps=True), *_CASES[1:]) if several else _CASES
    rows = tuple(_with_campaign(_case_row(case), case) if several else _case_row(case) for case in cases)
    toned = _toned("状态", columns, words.STATE_TONES)
    return Sheet("案例", columns, rows, frozen=2, coloured=toned, printed=_PRINTED + several)


def _with_campaign(row: tuple[Cell, ...], case: LedgerCase) -> tuple[Cell, ...]:
    return (row[0], case.campaign, *row[1:])


def _case_row(case: LedgerCase) -> tuple[Cell, ...]:
    remarks = ["试运行登记，不计入统计"] * case.test + ["字数为识别结果，仅供参考"] * case.about
    if case.state in words.NOT_IN_USE:
        remarks.append(words.NOT_IN_USE[case.state])
    return (
        case.number,
        case.title,
        case.unit,
        case.contact,
        case.phone,
        case.category or ("" if case.state == "purged" else "未注明"),
        words.STATES.get(case.state, case.state),
        case.opened_at,
        case.words,
        case.photos,
        case.to_complete,
        case.to_check,
        case.decision,
        "逾期" if case.late else "",
        case.level,
        case.address,
        case.last_at,
        case.letters or None,
        case.revision,
        case.files,
        case.advice,
        case.closes_at,
        case.judged_at,
        "；".join(remarks),
        Link("打开", case.link) if case.link else "",
    )


_FILES = (
    _CODE,
    Column("文件名", width=40),
    Column("用途", width=16),
    Column("格式", width=9),
    Column("大小（KB）", "number", 11),
    Column("字数", "number", 8),
    Column("像素", width=12, personal=""),
    Column("读取情况", width=18),
    Column("收到时间", "moment", _AT),
    Column("未登记来信的发件人", width=24),
    Column("所在压缩包、文档或文件夹", width=28),
)
_DIGEST_SHOWN = 12
"""Hex digits: enough to tell letters apart and to name one to `intake replay`."""


def _files_sheet(files: Sequence[LedgerFile]) -> Sheet:
    return Sheet("文件", _FILES, tuple(_file_row(file) for file in files), frozen=2)


def _file_row(file: LedgerFile) -> tuple[Cell, ...]:
    return (
        "、".join(file.numbers),
        Link(file.name or "（无文件名）", file.link) if file.link else file.name or "（无文件名）",
        _use(file),
        words.FORMATS.get(file.format, file.format.upper()),
        round(max(file.size_bytes, 1) / 1024, 1) or 0.1,
        file.words,
        f"{file.pixels[0]}×{file.pixels[1]}" if file.pixels else "",
        words.PROBLEMS.get(file.problem, "未能读取") if file.problem else "",
        file.received_at,
        "" if file.numbers else file.sender,
        file.place,
    )


def _use(file: LedgerFile) -> str:
    if file.role is not None:
        return words.ROLES.get(file.role, file.role) + ("（未计入）" if file.counted is False else "")
    if not file.numbers:
        return ""
    return "" if file.format in ("archive", "letter") else "未采用或已替换"


_LETTERS = (
    Column("收到时间", "moment", _AT),
    Column("发件人", width=16),
    Column("地址", width=28),
    Column("主题", width=44),
    Column("结果", width=18),
    Column("登记编号", width=16, personal=""),
    Column("答复", width=22),
    Column("答复时间", "moment", _AT),
    Column("答复情况", width=14),
    Column("说明", width=40),
    Column("大小（KB）", "number", 11),
    Column("备注", width=14),
    Column("原件编号", width=15, personal=""),
)


def _letters_sheet(letters: Sequence[LedgerLetter]) -> Sheet:
    return Sheet("来信", _LETTERS, tuple(_letter_row(letter) for letter in letters), frozen=1)


def _letter_row(letter: LedgerLetter) -> tuple[Cell, ...]:
    kind, state, at = letter.answers[-1] if letter.answers else ("", "", None)
    told = "、".join(dict.fromkeys(words.ANSWERS.get(each[0], each[0]) for each in letter.answers))
    remarks = ["试运行"] * letter.test + ["垃圾箱"] * (letter.folder_role == "junk")
    short = letter.sha256[:_DIGEST_SHOWN]
    return (
        letter.received_at,
        letter.sender_name,
        letter.sender_address,
        letter.subject or "（无主题）",
        _outcome(letter),
        "、".join(letter.numbers),
        told or ("工作人员已答复" if letter.by_hand else ""),
        at,
        words.MAIL_STATES.get(state, state) if kind else "",
        letter.reason,
        round(max(letter.size_bytes, 1) / 1024, 1) or 0.1,
        "；".join(remarks),
        Link(short, letter.link) if letter.link else short,
    )


def _outcome(letter: LedgerLetter) -> str:
    if letter.ignored and letter.outcome != "purged":
        return words.IGNORED.get(letter.ignored, letter.ignored)
    return words.OUTCOMES.get(letter.outcome, letter.outcome)


_FINDINGS = (
    _CODE,
    Column("题目", width=34),
    Column("核对项目", width=12),
    Column("性质", width=12),
    Column("核对意见", width=60, wraps=True),
    Column("依据", width=40, wraps=True),
    Column("文件", width=28),
    Column("规则代号", width=14, personal=""),
    Column("核对时间", "moment", _AT),
)


def _findings_sheet(findings: Sequence[LedgerFinding]) -> Sheet:
    rows = tuple(
        (
            finding.number,
            finding.title,
            finding.check,
            words.SEVERITIES[finding.severity],
            finding.says,
            finding.evidence,
            finding.file,
            finding.rule,
            finding.judged_at,
        )
        for finding in findings
    )
    return Sheet("核对意见", _FINDINGS, rows, frozen=2, coloured=_toned("性质", _FINDINGS, words.SEVERITY_TONES))


_NUMBERS = (
    Column("编号自", width=18, personal=""),
    Column("至", width=18, personal=""),
    Column("个数", "number", 8),
    Column("说明", width=60, wraps=True),
)


def _numbers_sheet(matter: LedgerMatter) -> Sheet:
    restored = "恢复备份时跳过，没有使用，以免与已经告知的编号重复"
    if matter.restored_at is not None:
        restored += f"（{CHINESE_DATES.write_plain_day(matter.restored_at, matter.zone)}恢复）"
    found = unused_numbers(
        matter.last_numbers, matter.cases, skipped=restored, trial="" if matter.trial else "试运行时使用，不是正式编号"
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple((each.first, each.last, each.count, each.why) for each in found)
    rows = rows or (("", "", None, "给出的编号都在使用。"),)
    return Sheet("编号说明", _NUMBERS, rows, filters=False)


def _toned(
    title: str, columns: Sequence[Column], tones: Sequence[tuple[str, Tone]]
) -> tuple[tuple[int, str, Tone], ...]:
    at = next(place for place, column in enumerate(columns) if column.title == title)
    return tuple((at, word, tone) for word, tone in tones)


# --- masking


def _masked(sheet: Sheet) -> Sheet:
    hidden = {at: column.personal for at, column in enumerate(sheet.columns) if column.personal}
    rows = tuple(tuple(_masked_cell(cell, hidden.get(at, "")) for at, cell in enumerate(row)) for row in sheet.rows)
    return replace(sheet, rows=rows)


def _masked_cell(cell: Cell, personal: str) -> Cell:
    if not personal or not isinstance(cell, str | Link):
        return cell
    mask = mask_phone if personal == "phone" else mask_numbers
    return mask(cell) if isinstance(cell, str) else replace(cell, text=mask(cell.text))
