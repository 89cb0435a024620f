"""A kit on disk. Peer: the folder it goes to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from intake.calls import Call
from intake.edges.workbook import write_workbook
from intake.errors import OperatorError
from intake.kit.matter import form_notes, form_rows, guide_of, list_of, template_of
from intake.kit.word import form_docx, guide_docx, template_docx

KIT_FILES = ("报送须知.docx", "案例模板.docx", "报名表.docx", "汇总表.xlsx")


def make_kit(call: Call, folder: Path, *, at: datetime) -> tuple[Path, ...]:
    """Write the four files of `KIT_FILES` into `folder`, made when it is not there; where they lie, in that order.

    Raises: OperatorError when one of them is there already (it may have been edited) or nothing can be written.
    """
    paths = tuple(folder / name for name in KIT_FILES)
    there = [path.name for path in paths if path.exists()]
    if there:
        raise OperatorError(f"{folder} 里已经有 {'、'.join(there)}，不会覆盖。请换一个文件夹，或先把它们移走。")
    title = call.letterhead.title
    texts = (
        guide_docx(guide_of(call), at=at),
        template_docx(template_of(call), title=f"{title}案例模板", at=at),
        form_docx((title, "报名表"), form_rows(call), form_notes(call), at=at),
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in zip(paths, texts, strict=False):
            with path.open("xb") as file:
                file.write(content)
        sheet = list_of(call)
        head = call.letterhead
        write_workbook(paths[-1], [sheet], zone=head.zone, at=at, title=f"{head.title}汇总表", author=head.signature)
    except OSError as error:
        raise OperatorError(f"不能写入 {folder}（{error.strerror or error}）。请换一个有写权限的文件夹。") from error
    return paths
