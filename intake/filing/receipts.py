"""The receipt for what was handed over at a desk, made of the letter that stands for it and the cases it is part of. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake.calls import Call
from intake.casework.standing import WITHDRAWN
from intake.edges.wrapping import CHANNELS
from intake.figures.ledger_words import STATES
from intake.figures.onsite_receipt import Receipt, ReceiptCase, material_lines
from intake.model import Document, Finding, Letter, Photo
from intake.replies.matter import CaseReport
from intake.replies.sentences import Voice, found_line
from intake.wording import CHINESE_DATES, clean_line, clean_text, clean_title, write_size
from parsers.text.passwords import without_passwords
from storage.records.casebook import CaseRecord

RECEIPT = "receipt"
"""In the evidence of a letter that stands for a delivery: the receipt given for it, as `receipt_to_json` wrote it."""

UNNUMBERED = "登记时给出"
"""In place of a number that is not given yet."""
_FILES_SHOWN = 20
_KINDS = {
    "case": "案例正文",
    "form": "报名表",
    "stamped_copy": "盖章件",
    "cover_letter": "报送函",
    "summary_sheet": "汇总表",
}
_STANDING = {
    "accepted": "材料齐全，已转组委会初审；本回执不代表入选",
    "needs_fix": "材料已登记，以下内容请予补充完善",
    "needs_human": "材料已登记，以下内容由工作人员核对",
}
_TAKES_NO_PART = "案例已撤回，不参加本次征集，材料留存备查；要恢复参加的，请告知工作人员"


@dataclass(frozen=True, slots=True)
class Registered:
    """One case a delivery is part of."""

    case: CaseRecord
    report: CaseReport | None
    """How it stands; None when it cannot be said, as of a case taken back."""
    again: bool
    """It held everything before."""
    tells: bool
    """A letter of ours on it waits to go out."""
    was_withdrawn: bool = False
    """It took no part before this came."""

    @property
    def line_on_taking_part(self) -> str:
        """For whoever registers it: that the case takes no part, or does again; empty for one never taken back."""
        if self.case.state == WITHDRAWN:
            return (
                f"{self.case.number} 已撤回，不参加征集；这份材料只留存备查。"
                f"要恢复参加的，请办理“重新核对”：打开案例页选这一项，或运行 intake cases reopen {self.case.number}。"
            )
        return f"{self.case.number} 此前已撤回；登记这份材料后恢复参加征集。" if self.was_withdrawn else ""


def make_receipt(call: Call, letter: Letter, cases: Sequence[Registered], *, numbered: bool = True) -> Receipt:
    """What whoever handed `letter` over takes home. `numbered`: False while the cases have no numbers yet."""
    delivered, head, zone = letter.delivered, call.letterhead, call.campaign.timezone
    assert delivered is not None
    taken_in = (
        ("送交方式", CHANNELS[delivered.channel]),
        ("收到时间", CHINESE_DATES.write_moment(letter.received_at, zone)),
        ("接收人", clean_line(delivered.received_by)),
        ("地点", clean_line(delivered.place)),
        ("备注", clean_line(without_passwords(delivered.remark))),
    )
    how = f"补充材料可发送到{head.sender_address}并写明登记编号，也可交工作人员登记。" if _wants_more(cases) else ""
    contact = "，".join(part for part in (head.contact, f"电话：{head.phone}" if head.phone else "") if part)
    return Receipt(
        campaign=head.title,
        taken_in=tuple((label, value) for label, value in taken_in if value),
        material=_material(letter, cases),
        cases=tuple(_case(each, call, numbered=numbered) for each in cases),
        signed=head.signature,
        day=CHINESE_DATES.write_plain_day(letter.received_at, zone),
        help=how + (f"联系人：{contact}" if contact else ""),
    )


def _wants_more(cases: Sequence[Registered]) -> bool:
    return any(each.report is not None and each.report.verdict == "needs_fix" for each in cases)


def _case(registered: Registered, call: Call, *, numbered: bool) -> ReceiptCase:
    case, report = registered.case, registered.report
    rows = (
        ("登记编号", case.number if numbered else UNNUMBERED),
        ("案例名称", clean_title(case.title)),
        ("报送单位", clean_text(case.unit)),
        ("类别", clean_text(case.category or "")),
        ("字数", f"{report.words.value}字" if report is not None and report.words is not None else ""),
        ("图片", f"{report.photos_counted}张" if report is not None and report.photos_counted else ""),
    )
    open_findings = [each for each in report.findings if each.severity != "note"] if report is not None else []
    return ReceiptCase(
        rows=tuple((label, value) for label, value in rows if value),
        standing=_STANDING[report.verdict] if report is not None else _without_verdict(case),
        points=tuple(dict.fromkeys(_point(each, call) for each in open_findings)),
    )


def _without_verdict(case: CaseRecord) -> str:
    return _TAKES_NO_PART if case.state == WITHDRAWN else STATES.get(case.state, case.state)


def _point(finding: Finding, call: Call) -> str:
    """What is open, without what a letter says of how to answer it."""
    voice = Voice(call.language, call.letterhead, call.language.say("you.person"))
    if finding.code == "case_missing":
        return "案例正文：还没有收到。"
    label = call.language.say(f"check.{finding.check}") if finding.rule else ""
    said = call.language.sentence(found_line(finding, voice))
    return f"{label}：{said}" if label else said


def _material(letter: Letter, cases: Sequence[Registered]) -> tuple[str, ...]:
    """What came this time, by what it is in its case."""
    kinds = {file.sha256: file.kind for each in cases if each.report for file in each.report.files}
    names = []
    for file in letter.files:
        if isinstance(file, Photo):
            continue
        unread = "" if isinstance(file, Document) else "暂时未能打开，由工作人员核对"
        about = (_KINDS.get(kinds.get(file.sha256, ""), ""), write_size(file.size_bytes), unread)
        names.append((clean_text(file.name), "，".join(part for part in about if part)))
    if len(names) > _FILES_SHOWN:
        names[_FILES_SHOWN:] = [(f"另有{len(names) - _FILES_SHOWN}个文件", "")]
    loose = sum(isinstance(file, Photo) and file.source != "embedded" for file in letter.files)
    on_paper = letter.delivered is not None and letter.delivered.on_paper
    return material_lines(names, loose, on_paper=on_paper)
