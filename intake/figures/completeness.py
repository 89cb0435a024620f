"""The completeness equation: letters on the server = letters recorded that are not gone. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from intake.figures.matter import FolderCount
from intake.figures.sections import Section, Table
from intake.wording import clean_text


def say_completeness(folders: Sequence[FolderCount]) -> str:
    """The equation over all folders in one clause, loud when it does not hold; empty without folders."""
    if not folders:
        return ""
    on_server = sum(folder.on_server for folder in folders)
    left = say_gone(sum(folder.gone for folder in folders), sum(folder.out_of_window for folder in folders))
    now = f"邮箱现有{on_server}封{left}"
    settled = [folder for folder in folders if not folder.rematching]
    # Folder by folder: a letter missing here and one too many there must not cancel out.
    missing = sum(max(0, folder.on_server - folder.recorded) for folder in settled)
    extra = sum(max(0, folder.recorded - folder.on_server) for folder in settled)
    if missing or extra:
        wrong = [f"{missing}封尚未登记"] * bool(missing) + [f"{extra}封多登记"] * bool(extra)
        return f"【请注意】{now}，有{'、'.join(wrong)}，请查看“完整性”"
    if len(settled) < len(folders):
        return f"{now}，邮箱服务器重新编号，正在逐封核对"
    return f"{now}，全部已登记"


def say_gone(gone: int, out_of_window: int) -> str:
    """Letters recorded that the mailbox shows no longer, as the rest of a sentence; empty without any."""
    parts = [f"{gone}封已移走或删除"] * bool(gone) + [f"{out_of_window}封时间较早、邮箱不再显示"] * bool(out_of_window)
    return f"，另有{'，'.join(parts)}" if parts else ""


def name_folder(name: str) -> str:
    """What people call a folder: INBOX is 收件箱, others keep their names. RFC 9051 section 5.1: INBOX in any case."""
    return "收件箱" if name.upper() == "INBOX" else clean_text(name)


def completeness_section(folders: Sequence[FolderCount], *, polled: str = "") -> Section | None:
    """The equation folder by folder; None without folders. `polled`: when they were last looked at."""
    if not folders:
        return None
    has_aged = any(folder.out_of_window for folder in folders)
    rows = tuple(
        (
            name_folder(folder.name),
            f"{folder.on_server}封",
            f"{folder.recorded}封",
            f"{folder.gone}封",
            *([f"{folder.out_of_window}封"] if has_aged else []),
            _say_state(folder),
        )
        for folder in folders
    )
    aged = ("因时间较早不再显示",) if has_aged else ()
    before = sum(folder.before_opening for folder in folders)
    after = (f"已登记的来信中有{before}封早于启用时间，只登记、不答复。",) if before else ()
    return Section(
        "完整性",
        lines=(
            "邮箱里的每一封信都应登记在册：邮箱现有 = 已登记（不含已移走、删除或不再显示的）。",
            *([f"最近一次查收：{polled}。"] if polled else ()),
        ),
        table=Table(("文件夹", "邮箱现有", "已登记", "已移走或删除", *aged, "结果"), rows),
        after=after,
        loud=not all(folder.holds for folder in folders),
    )


def _say_state(folder: FolderCount) -> str:
    if folder.holds:
        return "相符"
    if folder.rematching:
        return "正在逐封核对，完成前暂不答复该文件夹的来信"
    missing = folder.on_server - folder.recorded
    if missing > 0:
        return f"有{missing}封尚未登记，请运行 intake doctor 查看"
    return f"多登记{-missing}封，请运行 intake doctor 查看"
