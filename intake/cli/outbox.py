"""`intake outbox …`, `pause`, `resume`: what goes out."""

from __future__ import annotations

from collections.abc import Sequence
from email import message_from_bytes, policy
from pathlib import Path

from intake.cli.folder import records_of
from intake.cli.tables import print_table
from intake.desks.release import Step, move_mails, pause, release_queue, resume, write_again_to
from intake.errors import OperatorError
from intake.figures.ledger_words import MAIL_STATES
from storage.records.correspondence import OutgoingRecord

_HERE = "命令行"
"""Who gave an order here, as it is kept."""


def list_mails(folder: Path, *, state: str) -> int:
    """List outgoing letters, newest last; exit status 0."""
    if state and state not in MAIL_STATES:
        raise OperatorError(f"没有“{state}”这种状态。可以写：{'、'.join(MAIL_STATES)}。")
    with records_of(folder) as records, records.store.read() as view:
        chosen = [state] if state else list(MAIL_STATES)
        mails = sorted((mail for one in chosen for mail in view.outgoing.by_state(one)), key=lambda mail: mail.id)
        zone = records.settings.zone
        rows = [
            (
                mail.id,
                MAIL_STATES[mail.state],
                mail.to_address,
                mail.subject,
                f"{mail.created_at.astimezone(zone):%m-%d %H:%M}",
                _trouble(mail),
            )
            for mail in mails
        ]
    print_table("去信", ("编号", "状态", "收件人", "主题", "写于", "说明"), rows)
    return 0


def show_mail(folder: Path, outgoing_id: int) -> int:
    """Print one letter as its reader sees it; exit status 0."""
    with records_of(folder) as records, records.store.read() as view:
        mail = view.outgoing.get(outgoing_id)
    if mail is None:
        raise OperatorError(f"没有编号为 {outgoing_id} 的去信。请用 intake outbox list 查看。")
    message = message_from_bytes(mail.raw, policy=policy.default)
    body = message.get_body(("plain",))
    print(f"状态：{MAIL_STATES[mail.state]}{_trouble(mail)}")
    print(f"收件人：{mail.to_address}\n主题：{mail.subject}\n")
    print(body.get_content().replace("\r\n", "\n") if body is not None else "")
    return 0


def release(folder: Path, named: Sequence[str], *, everything: bool = False) -> int:
    """Let letters go by their numbers, those to an address whose mail came back, or the queue; exit status 0."""
    addresses = [each for each in named if "@" in each]
    strange = [each for each in named if "@" not in each and not each.isdigit()]
    if strange or (addresses and len(addresses) < len(named)):
        raise OperatorError("请写去信的编号，或者一个邮箱地址；两样请分开写。")
    if addresses:
        return _write_again_to(folder, addresses)
    if not named:
        with records_of(folder) as records:
            if release_queue(records.store, by=_HERE, at=records.clock.now()):
                print("已放行暂停的回信，程序随即发出。")
                if not everything:
                    return 0
    return move(folder, [int(each) for each in named], "release", everything=everything)


def _write_again_to(folder: Path, addresses: Sequence[str]) -> int:
    with records_of(folder) as records:
        for address in addresses:
            settled = write_again_to(records.store, address, by="intake outbox release", at=records.clock.now())
            print(f"{address}：已恢复发信。" if settled else f"{address}：没有退信记录，发信照常。")
    return 0


def move(folder: Path, ids: Sequence[int], step: Step, *, everything: bool = False) -> int:
    """Hold, release or cancel letters; all or none. Exit status 0."""
    with records_of(folder) as records:
        with records.store.read() as view:
            chosen = [mail.id for mail in view.outgoing.by_state("held")] if everything else list(ids)
        if not chosen:
            raise OperatorError(
                "没有要处理的去信。请写明编号（intake outbox list 可以看到），放行全部暂缓的信加 --all。"
            )
        moved = move_mails(records.store, chosen, step, by=_HERE, at=records.clock.now())
    for mail in moved:
        print(f"{mail.id}  {MAIL_STATES[mail.state]}  {mail.to_address}  {mail.subject}")
    return 0


def set_pause(folder: Path, *, paused: bool) -> int:
    """Hold or free all sending; exit status 0."""
    with records_of(folder) as records:
        (pause if paused else resume)(records.store, by=_HERE, at=records.clock.now())
        with records.store.read() as view:
            waiting = view.outgoing.count_by_state().get("queued", 0)
    print(
        f"已暂停发信，收信和核对照常；待发{waiting}封。恢复请运行 intake resume。"
        if paused
        else f"已恢复发信，待发{waiting}封。"
    )
    return 0


def _trouble(mail: OutgoingRecord) -> str:
    return f"（{mail.last_error}）" if mail.last_error and mail.state not in ("sent", "queued") else ""
