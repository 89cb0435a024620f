"""The commands, their options and their help. Each command's work is imported when it runs: help answers at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from intake.cli.letters import letters_app
from intake.cli.order_commands import add_order_commands
from intake.cli.usage import say_usage, speak_chinese

app = typer.Typer(
    name="intake",
    help="征集邮箱收件助手：收信、核对、登记、回复、每日简报。第一次用：intake demo 看演示，intake init 建工作文件夹。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cases_app = typer.Typer(help="查看案例，作决定：通过、退回、放宽、合并、延期等。", no_args_is_help=True)
outbox_app = typer.Typer(help="查看待发和已发的信，暂缓、放行或取消。", no_args_is_help=True)
quarantine_app = typer.Typer(help="查看处理时出现异常、留存待查的来信。", no_args_is_help=True)
app.add_typer(cases_app, name="cases")
app.add_typer(outbox_app, name="outbox")
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(letters_app, name="letters")

Folder = Annotated[
    Path,
    typer.Option("--folder", "-C", envvar="INTAKE_FOLDER", help="工作文件夹，不写则为当前文件夹", show_default=False),
]
Number = Annotated[str, typer.Argument(help="登记编号，如 HL22-0017")]
HERE = Path()


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; exit status 0 to 2. Raises what commands raise."""
    words = sys.argv[1:] if arguments is None else arguments
    groups = {group.name for group in app.registered_groups}
    if not words or {"-h", "--help"} & set(words) or words[-1] in groups:
        speak_chinese()
    try:
        status = typer.main.get_command(app).main(args=words, prog_name="intake", standalone_mode=False)
    except typer.Exit as leave:
        return leave.exit_code
    except typer.Abort:
        return 130
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # a group named alone: its help is the answer
            sys.stderr.write(error.message)
        else:
            sys.stderr.write(f"{say_usage(error)}\n")
        return 2
    return status if isinstance(status, int) else 0


@app.command()
def demo(
    stay: Annotated[bool, typer.Option("--stay", help="演示结束后保留邮件服务器，按 Ctrl-C 结束")] = False,
) -> int:
    """看演示：不用配置，不连外网。

    用内置的邮件服务器和样信，把收信、核对、登记、回复、简报走一遍。
    """
    from intake.demo.play import play

    return play(stay=stay)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="新的工作文件夹，不写则为当前文件夹", show_default=False)] = HERE,
    *,
    provider: Annotated[
        str, typer.Option("--provider", help="邮箱服务商：163、126、qq、exmail…；自建邮箱写 own")
    ] = "163",
    address: Annotated[str, typer.Option("--address", help="征集邮箱的地址")] = "",
    campaign: Annotated[
        str, typer.Option("--campaign", help="从哪个活动样本开始：example、huli-2022、xuzhou-2015")
    ] = "example",
    organizers: Annotated[
        list[str] | None,
        typer.Option(
            "--organizer",
            help='可以作决定、收简报的工作人员，如 "王老师 <wang@example.com>"；可以写几次',
            show_default=False,
        ),
    ] = None,
    digest_at: Annotated[str, typer.Option("--digest-at", help="每天几点发简报，如 08:00")] = "",
    password_from_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="从标准输入读一行授权码，写入 .env；不要把授权码写在命令里")
    ] = False,
) -> int:
    """建一个工作文件夹。

    写入设置、活动文件和放授权码的 .env；已有的文件不会被改动。没有写明的逐项询问，在脚本里运行时不询问。
    """
    from intake.cli.init import Wanted, make_folder

    return make_folder(
        folder,
        Wanted(provider, address.strip(), campaign, tuple(organizers or ()), digest_at.strip(), password_from_stdin),
    )


@app.command()
def doctor(folder: Folder = HERE) -> int:
    """启用前逐项检查。

    配置、邮箱登录、文件夹、发信、数据库、磁盘、时钟、可选组件，每项给出解决办法。
    """
    from intake.cli.doctor import examine

    return examine(folder)


@app.command(name="run")
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


@app.command()
def check(
    paths: Annotated[list[Path], typer.Argument(help="文档、照片、文件夹、压缩包或 .eml 来信")],
    campaign: Annotated[
        str, typer.Option("--campaign", help="活动代号或活动文件；工作文件夹里只有一个活动时可以不写")
    ] = "",
    received_at: Annotated[str, typer.Option("--received-at", help='收到时间，如 "2022-12-19 10:00"')] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    folder: Folder = HERE,
) -> int:
    """离线核对文件或来信。

    不登记，不回信。材料齐全或不是报送材料时返回 0，需补充或需人工核对时返回 1。
    """
    from intake.cli.check import check_paths

    return check_paths(paths, campaign=campaign, received_at=received_at, as_json=as_json, folder=folder)


@app.command()
def add(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILES...", help="文件或文件夹；只有纸质材料时不写", show_default=False),
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
    remark: Annotated[str, typer.Option("--note", help="备注，如压缩包的密码")] = "",
    campaign: Annotated[str, typer.Option("--campaign", help="活动代号；只有一个活动时可以不写")] = "",
    mails: Annotated[bool, typer.Option("--mail/--no-mail", help="补充到已有案例时，是否发信告知报送人")] = True,
    receipt: Annotated[
        Path | None, typer.Option("--receipt", help="把可打印的回执写到这个文件，如 回执.html", show_default=False)
    ] = None,
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
    )
    told = Told(number.strip().upper(), anew, campaign, received_at, mails, receipt)
    return add_delivery(folder, paths or [], delivered, told)


@app.command()
def kit(
    target: Annotated[Path, typer.Argument(metavar="OUT_DIR", help="写到哪个文件夹")],
    folder: Folder = HERE,
    campaign: Annotated[
        str, typer.Option("--campaign", help="活动代号或活动文件；工作文件夹里只有一个活动时可以不写")
    ] = "",
) -> int:
    """按活动文件写出随启事发出的材料。

    报送须知、案例模板（Word，带小标题）、报名表和汇总表。
    """
    from intake.cli.kit import write_kit

    return write_kit(folder, target, campaign=campaign)


@app.command()
def status(folder: Folder = HERE) -> int:
    """看现在的情况。

    收了多少，各在什么状态，有没有故障，邮箱里的信是否全部登记。
    """
    from intake.cli.status import show_status

    return show_status(folder)


@app.command()
def digest(
    folder: Folder = HERE,
    date: Annotated[str, typer.Option("--date", help="哪一天的简报，如 2022-12-06；不写则为今天")] = "",
    only_print: Annotated[bool, typer.Option("--print", help="只显示，不发送")] = False,
) -> int:
    """写一份简报，发送或显示。"""
    from intake.cli.digest import make_digest

    return make_digest(folder, date=date, only_print=only_print)


@app.command()
def web(
    folder: Folder = HERE,
    port: Annotated[int | None, typer.Option("--port", help="端口；不写则按设置（8600）")] = None,
) -> int:
    """打开组委会网页：查案例，看来信，作决定。"""
    from intake.cli.web import serve

    return serve(folder, port=port)


@app.command()
def ledger(
    out: Annotated[Path, typer.Argument(help="写到哪个文件，如 台账.xlsx")],
    folder: Folder = HERE,
    masked: Annotated[bool, typer.Option("--masked", help="隐去电话和身份证号的中间几位，外发时用")] = False,
) -> int:
    """把台账写成一个 Excel 文件。

    案例、文件、来信、核对意见、统计各一张表，另有一张说明没有使用的编号。
    """
    from intake.cli.ledger import make_ledger

    return make_ledger(folder, out, masked=masked)


@app.command()
def export(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="导出到哪个文件夹；以前导出过的只补充变化的部分")],
    folder: Folder = HERE,
    *,
    states: Annotated[
        list[str] | None,
        typer.Option("--state", help="只导出这种状态的案例，如 accepted；可以写几次", show_default=False),
    ] = None,
    as_zip: Annotated[bool, typer.Option("--zip", help="再压缩成一个同名的 .zip，便于转发")] = False,
    review: Annotated[
        bool, typer.Option("--review", help="改为导出初审用的一套：每个案例一个 PDF，另有初审登记表和汇总表")
    ] = False,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="与 --review 同用：隐去单位、街道、社区和联系人")
    ] = False,
) -> int:
    """导出案例材料：每个案例一个文件夹，按类别排列。

    正文、报名表、照片、来信原件、图片一览和记录，另有台账和带校验码的清单。加 --review 则为初审用的一套。
    """
    from intake.cli.export import export_cases, export_review

    if review:
        return export_review(folder, target, states=states or [], anonymous=anonymous)
    return export_cases(folder, target, states=states or [], as_zip=as_zip)


@app.command()
def replay(
    targets: Annotated[
        list[str] | None, typer.Argument(help="登记编号或留存来信的编号；不写则为全部", show_default=False)
    ] = None,
    folder: Folder = HERE,
    apply: Annotated[bool, typer.Option("--apply", help="按结果登记新的核对结论；不写则只显示会有什么不同")] = False,
    answer: Annotated[bool, typer.Option("--answer", help="登记新的结论，并向结论有变的报送人发更正说明")] = False,
) -> int:
    """重新核对案例，放回留存的来信。

    规则改动后，重新核对已登记的案例：只改记录，写明 --answer 才发信。留存待查的来信放回后，由运行中的 intake run 照常处理和回复。
    """
    from intake.cli.replay import replay_targets

    return replay_targets(folder, targets or [], apply=apply, answer=answer)


@app.command()
def correct(
    since: Annotated[str, typer.Option("--since", help='从何时起发出的回信，如 "2022-12-19" 或 "2022-12-19 08:00"')],
    numbers: Annotated[list[str] | None, typer.Argument(help="登记编号；不写则为全部案例", show_default=False)] = None,
    folder: Folder = HERE,
    why: Annotated[str, typer.Option("--why", help="更正原因，写在信里；可以不写")] = "",
    send: Annotated[bool, typer.Option("--send", help="发出这些更正说明；不写则只显示，不登记，不发信")] = False,
) -> int:
    """更正说明：回信说错了的，每个案例发一封更正。

    规则写错后改好、或程序有误修好以后用：找出已发出的回信里现在不成立的内容，先逐封显示，确认后加 --send 发出。
    同一处不会更正两次；工作人员的意见不受影响，已撤回、尚在等候材料的案例不在其中。
    """
    from intake.cli.correct import correct_answers

    return correct_answers(folder, numbers or [], since=since, why=why, send=send)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="备份写到哪个文件，如 /media/usb/12月20日.zip")],
    folder: Folder = HERE,
) -> int:
    """备份数据库、来信和设置，收件程序不用停。

    写成一个 zip 文件并逐项核对。授权码不写进备份。
    """
    from intake.cli.backup import make_backup

    return make_backup(folder, file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="intake backup 写的文件")],
    folder: Folder = HERE,
    goes_on: Annotated[
        bool, typer.Option("--continue", help="备份之后原来的机器没有再收发过信（先停机再备份的搬家）")
    ] = False,
) -> int:
    """把备份恢复到一个空的工作文件夹，接着收件。

    不加 --continue 时，备份之后可能已经发出过的答复一律暂缓，核对“已发送”后再放行，不会重复答复。
    """
    from intake.cli.backup import restore_backup

    return restore_backup(folder, file, goes_on=goes_on)


@app.command()
def purge(
    older_than: Annotated[str, typer.Option("--older-than", help="截止多久以后的活动，如 2y、18m、90d")],
    campaign: Annotated[str, typer.Option("--campaign", help="只清除这项活动；不写则为全部")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="确认清除；不写则只预览")] = False,
    folder: Folder = HERE,
) -> int:
    """清除早已截止的活动的来信和个人信息。

    只留登记编号、结论、日期和校验码。不加 --yes 时只显示会清除什么。
    """
    from intake.cli.purge import purge as purge_folder

    return purge_folder(folder, older_than=older_than, campaign=campaign, yes=yes)


@app.command()
def removable(
    folder: Folder = HERE,
    most: Annotated[int, typer.Option("--most", min=1, help="最多列出多少封，从最大的开始")] = 50,
) -> int:
    """邮箱快满时，列出可以从邮箱里删除的来信。

    只列已登记、原件完整留存、并且已有备份的来信。系统自己从不删信。
    """
    from intake.cli.removable import list_removable

    return list_removable(folder, most=most)


@app.command()
def pause(folder: Folder = HERE) -> int:
    """暂停发信；收信、核对、登记照常。"""
    from intake.cli.outbox import set_pause

    return set_pause(folder, paused=True)


@app.command()
def resume(folder: Folder = HERE) -> int:
    """恢复发信。"""
    from intake.cli.outbox import set_pause

    return set_pause(folder, paused=False)


@cases_app.command("list")
def cases_list(
    folder: Folder = HERE,
    state: Annotated[str, typer.Option("--state", help="accepted、needs_fix、needs_human 或 waiting")] = "",
) -> int:
    """列出案例。"""
    from intake.cli.cases import list_cases

    return list_cases(folder, state=state)


@cases_app.command("show")
def cases_show(number: Number, folder: Folder = HERE) -> int:
    """一个案例的来信、材料、核对结论、决定和去信。"""
    from intake.cli.cases import show_case

    return show_case(folder, number)


@cases_app.command("sheet")
def cases_sheet(number: Number, folder: Folder = HERE) -> int:
    """把一个案例的图片排成一页，用浏览器打开。

    每张图片的缩略图、名称、像素、是否计入。页面可以删去，再运行一次就会重做。
    """
    from intake.cli.sheet import make_sheet

    return make_sheet(folder, number)


add_order_commands(cases_app)


@outbox_app.command("list")
def outbox_list(
    folder: Folder = HERE,
    state: Annotated[
        str, typer.Option("--state", help="queued、held、retry_at、sent、failed、unknown 或 cancelled")
    ] = "",
) -> int:
    """列出去信。"""
    from intake.cli.outbox import list_mails

    return list_mails(folder, state=state)


@outbox_app.command("show")
def outbox_show(mail: Annotated[int, typer.Argument(help="去信的编号")], folder: Folder = HERE) -> int:
    """显示一封去信的全文。"""
    from intake.cli.outbox import show_mail

    return show_mail(folder, mail)


Mails = Annotated[list[int], typer.Argument(help="去信的编号，可以写几个")]


@outbox_app.command("hold")
def outbox_hold(mails: Mails, folder: Folder = HERE) -> int:
    """暂缓发送。"""
    from intake.cli.outbox import move_mails

    return move_mails(folder, mails, "hold")


@outbox_app.command("release")
def outbox_release(
    mails: Annotated[
        list[str] | None,
        typer.Argument(
            help="去信的编号，或曾被退信的邮箱地址；不写则放行因答复过于频繁而暂停的回信", show_default=False
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="放行所有暂缓的信")] = False,
    folder: Folder = HERE,
) -> int:
    """放行暂缓、失败或不明的信；恢复向曾被退信的地址发信；放行暂停的回信。"""
    from intake.cli.outbox import release

    return release(folder, mails or [], everything=everything)


@outbox_app.command("cancel")
def outbox_cancel(mails: Mails, folder: Folder = HERE) -> int:
    """取消，不再发送。"""
    from intake.cli.outbox import move_mails

    return move_mails(folder, mails, "cancel")


@quarantine_app.command("list")
def quarantine_list(folder: Folder = HERE) -> int:
    """列出留存待查的来信。"""
    from intake.cli.quarantine import list_quarantine

    return list_quarantine(folder)


@quarantine_app.command("show")
def quarantine_show(letter: Annotated[str, typer.Argument(help="来信编号的前几位")], folder: Folder = HERE) -> int:
    """一封留存来信出了什么问题。"""
    from intake.cli.quarantine import show_quarantined

    return show_quarantined(folder, letter)
