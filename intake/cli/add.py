"""`intake add`: what is handed over at a desk (paper, a stick, photos from a chat), registered like any letter."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from intake import bootstrap
from intake.bootstrap import make_deliver_desk
from intake.cli.folder import records_of
from intake.cli.progress import sign_of_life
from intake.cli.times import receipt_time
from intake.desks.deliver import Brought, DeliverDesk
from intake.edges.wrapping import CHANNELS, is_mail_address
from intake.errors import OperatorError
from intake.figures.ledger_words import STATES
from intake.figures.onsite_receipt import receipt_page, receipt_text
from intake.filing.deliveries import Match
from intake.model import Delivery
from intake.wording import clean_line, clean_text, clean_title

_MATCHES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Told:
    """What was said on the command line beside the delivery itself."""

    number: str = ""
    anew: bool = False
    campaign: str = ""
    received_at: str = ""
    mails: bool = True
    receipt: Path | None = None
    dry_run: bool = False


def add_delivery(folder: Path, paths: Sequence[Path], delivered: Delivery, told: Told) -> int:
    """Register it and print the receipt; exit status 0, or 1 when cases on record may be meant and none was chosen."""
    _check(paths, delivered, told)
    with records_of(folder) as records, tempfile.TemporaryDirectory(prefix="intake-add-") as work:
        executor = bootstrap.make_offline_executor()
        try:
            desk = make_deliver_desk(records, executor)
            call = desk.call_of(told.campaign, told.number)
            at = receipt_time(told.received_at, call.campaign.zone) or records.clock.now()
            letter = Path(work) / "delivery.eml"
            with sign_of_life("正在读取文件…"):
                desk.wrap(paths, delivered, call, received_at=at, into=letter)
                brought = desk.read(letter, delivered, call, received_at=at)
        finally:
            executor.close()
        number: str | None = told.number or None
        if number is None and not desk.names_its_case(brought):
            raise OperatorError(
                "还不知道这些材料是哪个单位、哪个案例的。请用 --case 写登记编号，或用 --unit 写报送单位。"
            )
        matches = desk.matches(brought) if number is None and not told.anew else ()
        if told.dry_run:
            _try_out(desk, brought, number, matches)
            return 0
        if matches and not sys.stdin.isatty():
            _propose(matches)
            print("补充到其中一件：加 --case 登记编号。确实是另一个案例：加 --new。", flush=True)
            print("还没有登记。")
            return 1
        if matches:
            number = _asked(matches)
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
    if delivered.address and not is_mail_address(delivered.address):
        raise OperatorError(f"“{clean_line(delivered.address)}”不是邮箱地址。只写地址本身，如 zhang@example.cn。")
    if told.receipt is not None and told.receipt.exists():
        raise OperatorError(f"{told.receipt} 已经存在。请换一个文件名，不会覆盖原来的回执。")


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


def _try_out(desk: DeliverDesk, brought: Brought, number: str | None, matches: Sequence[Match]) -> None:
    """Say what registering would do."""
    if matches:
        _propose(matches)
        print("下面是另立一件时的情况；补充到其中一件的情况，请加 --case 登记编号 再看。\n")
    tried = desk.try_out(brought, number)
    for each in tried.cases:
        where = f"补充到 {each.case.number}" if number else "另立一件"
        state = STATES.get(each.case.state, each.case.state)
        print(f"{where}{'（材料与已登记的相同，没有新的内容）' if each.again else ''}。登记后的状态：{state}。")
        if each.line_on_taking_part:
            print(f"  {each.line_on_taking_part}")
    print(f"\n{receipt_text(tried.receipt)}")
    print("这是预演，没有登记，没有发信。")


def _register(desk: DeliverDesk, brought: Brought, number: str | None, told: Told) -> None:
    done = desk.register(brought, number, tells=told.mails)
    for each in done.cases:
        what = "材料与已登记的相同，没有新的内容" if each.again else ("已补充登记" if number else "已登记")
        state = STATES.get(each.case.state, each.case.state)
        print(f"{each.case.number} {what}。现在状态：{state}。")
        if each.line_on_taking_part:
            print(f"  {each.line_on_taking_part}")
        if each.tells:
            print("  告知报送人的信已放入待发，运行中的 intake run 会发出。")
    print(f"\n{receipt_text(done.receipt)}", end="")
    if told.receipt is not None:
        try:
            with told.receipt.open("x", encoding="utf-8", newline="\n") as file:
                file.write(receipt_page(done.receipt))
        except OSError as error:
            raise OperatorError(
                f"已登记，但不能写入 {told.receipt}（{error.strerror}）。上面的回执可以直接打印。"
            ) from error
        print(f"\n可打印的回执：{told.receipt.absolute()}（用浏览器打开，按 Ctrl+P 打印）")
