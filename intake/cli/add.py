"""`intake add`: what is handed over at a desk (paper, a stick, photos from a chat), registered like any letter."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import typer

from intake import bootstrap
from intake.bootstrap import make_deliver_desk
from intake.calls import Call
from intake.cli.folder import records_of
from intake.desks.deliver import Brought, DeliverDesk, Registered
from intake.edges.wrapping import CHANNELS
from intake.errors import OperatorError
from intake.figures.ledger_words import STATES
from intake.figures.onsite_receipt import Receipt, ReceiptCase, material_lines, receipt_page, receipt_text
from intake.filing.deliveries import Match
from intake.model import Delivery, Document, Finding, Photo
from intake.replies.sentences import Voice, found_line
from intake.wording import CHINESE_DATES, clean_line, clean_text, clean_title, write_size

_MATCHES_SHOWN = 8
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


@dataclass(frozen=True, slots=True)
class Told:
    """What was said on the command line beside the delivery itself."""

    number: str = ""
    anew: bool = False
    campaign: str = ""
    received_at: str = ""
    mails: bool = True
    receipt: Path | None = None


def add_delivery(folder: Path, paths: Sequence[Path], delivered: Delivery, told: Told) -> int:
    """Register it and print the receipt; exit status 0, or 1 when cases on record may be meant and none was chosen."""
    _check(paths, delivered, told)
    with records_of(folder) as records:
        executor = bootstrap.make_offline_executor()
        try:
            desk = make_deliver_desk(records, executor)
            call = desk.call_of(told.campaign, told.number)
            at = _time(told.received_at, call) or records.clock.now()
            if sys.stderr.isatty():
                print("正在读取文件……", file=sys.stderr)
            brought = desk.read(paths, delivered, call, received_at=at)
        finally:
            executor.close()
        number: str | None = told.number or None
        if number is None and not desk.names_its_case(brought):
            raise OperatorError(
                "还不知道这些材料是哪个单位、哪个案例的。请用 --case 写登记编号，或用 --unit 写报送单位。"
            )
        if number is None and not told.anew:
            matches = desk.matches(brought)
            if matches and not sys.stdin.isatty():
                _propose(matches)
                print("补充到其中一件：加 --case 登记编号。确实是另一个案例：加 --new。", flush=True)
                print("还没有登记。")
                return 1
            number = _asked(matches) if matches else None
        _register(desk, brought, number, told)
    return 0


def _check(paths: Sequence[Path], delivered: Delivery, told: Told) -> None:
    if delivered.channel not in CHANNELS:
        raise OperatorError(f"不认识的送交方式“{delivered.channel}”。可以写：{'、'.join(CHANNELS)}。")
    if told.number and told.anew:
        raise OperatorError("--case 是补充到已有案例，--new 是另立一件，两个只写一个。")
    if not paths and not delivered.on_paper:
        raise OperatorError("没有文件。请写明文件或文件夹；只收到纸质材料的，加 --paper。")
    if not paths and not told.number and not (delivered.unit and delivered.title):
        raise OperatorError(
            "只有纸质材料时，请用 --unit 写单位，用 --title 写案例名称；已经登记过的用 --case 写登记编号。"
        )
    if delivered.address and "@" not in delivered.address:
        raise OperatorError(f"“{clean_line(delivered.address)}”不是邮箱地址。")
    if told.receipt is not None and told.receipt.exists():
        raise OperatorError(f"{told.receipt} 已经存在。请换一个文件名，不会覆盖原来的回执。")


def _time(written: str, call: Call) -> datetime | None:
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise OperatorError(f'看不懂收到时间“{written[:40]}”。请写成 "2022-12-19 10:00"。') from None
    return at if at.tzinfo else at.replace(tzinfo=call.campaign.zone)


def _propose(matches: Sequence[Match]) -> None:
    print("可能是已经登记的案例：")
    for at, match in enumerate(matches[:_MATCHES_SHOWN], 1):
        case = match.case
        why = "材料完全相同" if match.same_content else match.why
        title = clean_title(case.title) or "（没有题目）"
        state = STATES.get(case.state, case.state)
        print(f"  {at}. {case.number}  {title}  {clean_text(case.unit)}  {state}  （{why}）")
    if len(matches) > _MATCHES_SHOWN:
        print(f"  另有{len(matches) - _MATCHES_SHOWN}件，见 intake cases list")


def _asked(matches: Sequence[Match]) -> str | None:
    """The case chosen at the screen; None for a new one."""
    _propose(matches)
    while True:
        answer = typer.prompt("补充到第几件？另立一件请写 0", default="1").strip()
        if answer == "0":
            return None
        if answer.isdecimal() and 1 <= int(answer) <= min(len(matches), _MATCHES_SHOWN):
            return matches[int(answer) - 1].case.number
        print("请写前面的序号，或 0。")


def _register(desk: DeliverDesk, brought: Brought, number: str | None, told: Told) -> None:
    registered = desk.register(brought, number, tells=told.mails)
    receipt = _receipt(brought, registered)
    for each in registered:
        what = "材料与已登记的相同，没有新的内容" if each.again else ("已补充登记" if number else "已登记")
        state = STATES.get(each.case.state, each.case.state)
        print(f"{each.case.number} {what}。现在状态：{state}。")
        if each.tells:
            print("  告知报送人的信已放入待发，运行中的 intake run 会发出。")
    print(f"\n{receipt_text(receipt)}", end="")
    if told.receipt is not None:
        try:
            with told.receipt.open("x", encoding="utf-8", newline="\n") as file:
                file.write(receipt_page(receipt))
        except OSError as error:
            raise OperatorError(
                f"已登记，但不能写入 {told.receipt}（{error.strerror}）。上面的回执可以直接打印。"
            ) from error
        print(f"\n可打印的回执：{told.receipt.absolute()}（用浏览器打开，按 Ctrl+P 打印）")


# --- the receipt


def _receipt(brought: Brought, registered: Sequence[Registered]) -> Receipt:
    call, letter = brought.call, brought.letter
    delivered, head, zone = letter.delivered, call.letterhead, call.campaign.timezone
    assert delivered is not None
    taken_in = (
        ("送交方式", CHANNELS[delivered.channel]),
        ("收到时间", CHINESE_DATES.write_moment(letter.received_at, zone)),
        ("接收人", clean_line(delivered.received_by)),
        ("地点", clean_line(delivered.place)),
        ("备注", clean_line(delivered.remark)),
    )
    how = (
        f"补充材料可发送到{head.sender_address}并写明登记编号，也可交工作人员登记。" if _wants_more(registered) else ""
    )
    contact = "，".join(part for part in (head.contact, f"电话：{head.phone}" if head.phone else "") if part)
    return Receipt(
        campaign=head.title,
        taken_in=tuple((label, value) for label, value in taken_in if value),
        material=_material(brought, registered),
        cases=tuple(_case(each, call) for each in registered),
        signed=head.signature,
        day=CHINESE_DATES.write_plain_day(letter.received_at, zone),
        help=how + (f"联系人：{contact}" if contact else ""),
    )


def _wants_more(registered: Sequence[Registered]) -> bool:
    return any(each.report is not None and each.report.verdict == "needs_fix" for each in registered)


def _case(registered: Registered, call: Call) -> ReceiptCase:
    case, report = registered.case, registered.report
    rows = (
        ("登记编号", case.number),
        ("案例名称", clean_title(case.title)),
        ("报送单位", clean_text(case.unit)),
        ("类别", clean_text(case.category or "")),
        ("字数", f"{report.words.value}字" if report is not None and report.words is not None else ""),
        ("图片", f"{report.photos_counted}张" if report is not None and report.photos_counted else ""),
    )
    open_findings = [each for each in report.findings if each.severity != "note"] if report is not None else []
    return ReceiptCase(
        rows=tuple((label, value) for label, value in rows if value),
        standing=_STANDING[report.verdict] if report is not None else STATES.get(case.state, case.state),
        points=tuple(_point(each, call) for each in open_findings),
    )


def _point(finding: Finding, call: Call) -> str:
    """What is open, without what a letter says of how to answer it."""
    voice = Voice(call.language, call.letterhead, call.language.say("you.person"))
    if finding.code == "case_missing":
        return "案例正文：还没有收到。"
    label = call.language.say(f"check.{finding.check}") if finding.rule else ""
    said = call.language.sentence(found_line(finding, voice))
    return f"{label}：{said}" if label else said


def _material(brought: Brought, registered: Sequence[Registered]) -> tuple[str, ...]:
    """What came this time, by what it is in its case."""
    files = brought.letter.files
    kinds = {file.sha256: file.kind for each in registered if each.report for file in each.report.files}
    names = []
    for file in files:
        if isinstance(file, Photo):
            continue
        unread = "" if isinstance(file, Document) else "暂时未能打开，由工作人员核对"
        about = (_KINDS.get(kinds.get(file.sha256, ""), ""), write_size(file.size_bytes), unread)
        names.append((clean_text(file.name), "，".join(part for part in about if part)))
    if len(names) > _FILES_SHOWN:
        names[_FILES_SHOWN:] = [(f"另有{len(names) - _FILES_SHOWN}个文件", "")]
    loose = sum(isinstance(file, Photo) and file.source != "embedded" for file in files)
    on_paper = brought.letter.delivered is not None and brought.letter.delivered.on_paper
    return material_lines(names, loose, on_paper=on_paper)
