"""Files of a form, taken from a browser to the disk: their names made safe, their number and size bounded."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from starlette.datastructures import FormData, UploadFile

from intake.edges.wrapping import LARGEST_BYTES, is_left_out
from intake.figures.file_names import numbered, safe_name
from intake.web.asking import UnclearFormError
from intake.wording import write_size

MOST_FILES = 400
MOST_FIELDS = 40
LARGEST_UPLOAD_BYTES = LARGEST_BYTES + 1_000_000
"""A whole form: files, their names, and what is said of them."""
_DEEPEST = 12
_LONGEST_NAME_BYTES = 150


def files_of(form: FormData) -> list[UploadFile]:
    """The files of a form in order; a field left empty, which browsers send as a file without a name, is none."""
    return [value for _, value in form.multi_items() if isinstance(value, UploadFile) and value.filename]


def put_files(files: Sequence[UploadFile], folder: Path) -> Sequence[Path]:
    """Write the files into `folder`, those of a folder below its name; what lies there now, in order, each once.

    Raises: UnclearFormError when they are too large together, or there is nothing of anybody among them; OSError.
    """
    kept = [(file, _segments(file.filename or "")) for file in files if not is_left_out(_last(file.filename or ""))]
    if files and not kept:
        raise UnclearFormError("选的只有系统自动生成的文件，没有材料。请重新选择文件。")
    for _, (*above, _name) in kept:  # a file may be called as a folder is
        folder.joinpath(*above).mkdir(parents=True, exist_ok=True)
    placed: dict[Path, None] = {}
    total = 0
    for file, (*above, name) in kept:
        total += file.size or 0
        if total > LARGEST_BYTES:
            raise UnclearFormError(
                f"一次登记的文件合计不能超过{write_size(LARGEST_BYTES)}。请分几次登记：先登记一部分，其余的再补充到同一个登记编号。"
            )
        place = folder.joinpath(*above)
        path = place / numbered(name, [each.name for each in place.iterdir()])
        with path.open("xb") as into:
            shutil.copyfileobj(file.file, into)
        placed[folder / path.relative_to(folder).parts[0]] = None
    return list(placed)


def _last(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].strip()


def _segments(name: str) -> list[str]:
    """The folders of a name and the name itself; never empty, none leads elsewhere."""
    parts = [safe_name(part, _LONGEST_NAME_BYTES) for part in name.replace("\\", "/").split("/") if part.strip(" .")]
    return [*parts[:-1][:_DEEPEST], parts[-1]] if parts else ["未命名"]
