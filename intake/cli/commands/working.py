"""Commands of every day: the worker, how things stand, judging without records, what is handed over at a desk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from intake.cli.commands.options import HERE, Campaign, CampaignId, Folder


def run_worker(
    folder: Folder = HERE,
    once: Annotated[bool, typer.Option("--once", help="处理完现有来信就结束")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对登记，回信存而不发")] = False,
) -> int:
    """开始收件，直到按 Ctrl-C。

    定时收信、核对、登记、回复，每天发简报。
    """
    from intake.cli.run import work

    return work(folder, once=once, dry_run=dry_run)


def status(folder: Folder = HERE) -> int:
    """看现在的情况。

    收了多少，各在什么状态，有没有故障，邮箱里的信是否全部登记。
    """
    from intake.cli.status import show_status

    return show_status(folder)


def check(
    paths: Annotated[list[Path], typer.Argument(metavar="文件…", help="文档、照片、文件夹、压缩包或 .eml 来信")],
    campaign: Campaign = "",
    received_at: Annotated[str, typer.Option("--received-at", help='收到时间，如 "2022-12-19 10:00"')] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    folder: Folder = HERE,
) -> int:
    """离线核对文件或来信。

    不登记，不回信。材料齐全或不是报送材料时返回 0，需补充或需人工核对时返回 1。
    """
    from intake.cli.check import check_paths

    return check_paths(paths, campaign=campaign, received_at=received_at, as_json=as_json, folder=folder)


def add(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="文件…", help="文件或文件夹；只有纸质材料时不写", show_default=False),
    ] = None,
    *,
    by: Annotated[str, typer.Option("--by", help="接收人的姓名")],
    number: Annotated[str, typer.Option("--case", help="补充到这个登记编号，如 HL22-0017")] = "",
    anew: Annotated[bool, typer.Option("--new", help="另立一件，不补充到已有案例")] = False,
    unit: Annotated[str, typer.Option("--unit", help="报送单位")] = "",
    title: Annotated[str, typer.Option("--title", help="案例名称")] = "",
    contact: Annotated[str, typer.Option("--contact", help="送交人或联系人")] = "",
    phone: Annotated[str, typer.Option("--phone", help="联系电话")] = "",
    address: Annotated[str, typer.Option("--address", help="把登记结果发到这个邮箱；不写则只打印回执")] = "",
    received_at: Annotated[
        str, typer.Option("--received-at", help='收到时间，如 "2022-12-19 10:00"；不写则为现在')
    ] = "",
    channel: Annotated[
        str, typer.Option("--channel", help="送交方式：onsite 现场、usb U盘、paper 纸质、chat 聊天软件")
    ] = "onsite",
    place: Annotated[str, typer.Option("--where", help="在哪里接收的")] = "",
    on_paper: Annotated[bool, typer.Option("--paper", help="另收到纸质材料，或只收到纸质材料")] = False,
    remark: Annotated[str, typer.Option("--note", help="备注，印在回执上")] = "",
    password: Annotated[str, typer.Option("--password", help="压缩包或文档的密码，只用来打开，不打印")] = "",
    campaign: CampaignId = "",
    mails: Annotated[
        bool,
        typer.Option("--mail/--no-mail", help="补充到已有案例时，是否发信告知报送人；不写则发信", show_default=False),
    ] = True,
    receipt: Annotated[
        Path | None, typer.Option("--receipt", help="把可打印的回执写到这个文件，如 回执.html", show_default=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会怎样登记和核对，不登记，不发信")] = False,
    folder: Folder = HERE,
) -> int:
    """登记现场送来的材料：纸质、U盘，或聊天软件转来的照片。

    核对和邮件报送的一样，打印接收回执。单位、题目或文字与已登记的案例相符时，先问是不是补充到那一件。
    """
    from typing import cast

    from intake.cli.add import Told, add_delivery
    from intake.model import Delivery, DeliveryChannel

    delivered = Delivery(
        cast("DeliveryChannel", channel),
        by.strip(),
        place=place.strip(),
        on_paper=on_paper or channel == "paper",
        unit=unit.strip(),
        title=title.strip().strip("《》"),
        contact=contact.strip(),
        phone=phone.strip(),
        remark=remark.strip(),
        address=address.strip(),
        password=password.strip(),
    )
    told = Told(number.strip().upper(), anew, campaign, received_at, mails, receipt, dry_run)
    return add_delivery(folder, paths or [], delivered, told)
