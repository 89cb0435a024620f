"""The page of a case's pictures: from letters that came in, decoded in real reader processes, made again when deleted."""

from __future__ import annotations

import base64
import io
import re
import shutil
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from intake.demo import material
from intake.demo.clients import CHINA, qq_mail
from intake.demo.drafts import Draft, File
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import deliver, eml_working_folder
from tests.parsers.photos.pictures import saved, scene

NUMBER = "HL22-0001"
AT = datetime(2022, 12, 5, 9, 0, tzinfo=CHINA)


def tags() -> Image.Exif:
    """A phone held upright, with the place it was at."""
    written = Image.Exif()
    written[0x0112] = 6
    written.get_ifd(0x8769)[0x9003] = "2022:12:01 09:30:00"
    written.get_ifd(0x8825).update({1: "N", 2: (24.0, 30.0, 41.25)})
    return written


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.jpg", data)
    return buffer.getvalue()


@pytest.fixture
def folder(intake: Intake, tmp_path: Path) -> Path:
    """A working folder with one case: photos attached, zipped, turned, repeated, cut off, and a logo."""
    logo = Image.new("RGB", (300, 300), "white")
    logo.paste("red", (50, 50, 250, 250))
    street = scene(5, (1200, 900))
    files = (
        *material.three_photos()[:2],
        File("<b>街景.jpg", saved(street.transpose(Image.Transpose.ROTATE_90), exif=tags()), "image/jpeg"),
        File("标志.png", saved(logo, "PNG"), "image/png"),
        File("断.jpg", saved(scene(6, (1200, 900)))[:30_000], "image/jpeg"),
        File(
            "照片.zip",
            zipped(garden=saved(scene(7, (800, 600))), again=saved(street.resize((600, 450)), quality=60),
                   close=saved(street.crop((12, 9, 1188, 891)))),
            "application/zip",
        ),
    )  # fmt: skip
    folder = eml_working_folder(tmp_path)
    deliver(folder, "1.eml", qq_mail(Draft(subject="案例报送", files=files, at=AT)))
    assert intake("run", "--once", "-C", folder).status == 0
    return folder


def figures(page: str) -> list[tuple[str, str, bytes | None]]:
    """Name, remark and thumbnail of every picture on the page."""
    found = []
    for figure in re.findall(r"<figure.*?</figure>", page, re.DOTALL):
        name, remark = (re.search(rf'class="{part}">(.*?)</span>', figure) for part in ("name", "remark"))
        image = re.search(r'src="data:image/jpeg;base64,([^"]+)"', figure)
        assert name is not None
        assert remark is not None
        found.append((name.group(1), remark.group(1), base64.b64decode(image.group(1)) if image else None))
    return found


def test_every_picture_of_the_case_is_on_the_page_with_what_became_of_it(intake: Intake, folder: Path) -> None:
    made = intake("cases", "sheet", NUMBER.lower(), "-C", folder)

    assert (made.status, made.err) == (0, "")
    path = Path(made.out.strip())
    assert path == folder / "data" / "cache" / "contact-sheets" / "HL22-0001.html"
    shown = figures(path.read_text("utf-8"))
    assert [(name, remark, jpeg is not None) for name, remark, jpeg in shown] == [
        ("1. 1.jpg", "计入", True),
        ("2. &lt;b&gt;街景.jpg", "计入", True),
        ("3. 标志.png", "未计入：标志或图标", True),
        ("4. 断.jpg", "未计入：暂时无法打开", False),
        ("5. garden.jpg", "计入", True),
        ("6. again.jpg", "未计入：与“&lt;b&gt;街景.jpg”是同一张", True),
        ("7. close.jpg", "计入，与“&lt;b&gt;街景.jpg”相近", True),
    ]
    upright = [Image.open(io.BytesIO(jpeg)) for _, _, jpeg in shown if jpeg]
    assert [(one.size, "exif" in one.info) for one in upright] == [((360, 270), False)] * 2 + [((300, 300), False)] + [
        ((360, 270), False)
    ] * 3


def test_neither_the_page_nor_what_we_write_tells_where_a_photo_was_taken(intake: Intake, folder: Path) -> None:
    page = Path(intake("cases", "sheet", NUMBER, "-C", folder).out.strip()).read_text("utf-8")
    shown = intake("cases", "show", NUMBER, "-C", folder).out
    letters = "".join(path.read_text("utf-8") for path in (folder / "data" / "sent").glob("*.eml"))

    assert [text for text in (re.sub(r"base64,[^\"]+", "", page), shown, letters) if "41.25" in text] == []
    assert "http" not in re.sub(r"http-equiv", "", page)


def test_a_deleted_cache_is_made_again_and_leaves_nothing_else_behind(intake: Intake, folder: Path) -> None:
    first = Path(intake("cases", "sheet", NUMBER, "-C", folder).out.strip()).read_text("utf-8")
    shutil.rmtree(folder / "data" / "cache")

    again = Path(intake("cases", "sheet", NUMBER, "-C", folder).out.strip()).read_text("utf-8")

    assert again == first
    kept = {path.suffix for path in (folder / "data" / "cache").rglob("*") if path.is_file()}
    assert kept == {".html", ".jpg"}
    assert not list((folder / "data" / "cache" / "thumbnails").glob("job-*"))


def test_the_case_names_the_command_for_its_page(intake: Intake, folder: Path) -> None:
    assert "图片一览：intake cases sheet HL22-0001" in intake("cases", "show", NUMBER, "-C", folder).out


def test_a_letter_no_longer_stored_leaves_the_page_without_its_thumbnails(intake: Intake, folder: Path) -> None:
    shutil.rmtree(folder / "data" / "letters")

    made = intake("cases", "sheet", NUMBER, "-C", folder)

    assert made.status == 0
    shown = figures(Path(made.out.strip()).read_text("utf-8"))
    assert (len(shown), {jpeg for _, _, jpeg in shown}) == (7, {None})


def test_a_number_without_a_case_is_said_so(intake: Intake, folder: Path) -> None:
    made = intake("cases", "sheet", "HL22-0099", "-C", folder)

    assert (made.status, made.out) == (2, "")
    assert "没有登记编号为 HL22-0099 的案例" in made.err


def test_a_case_without_pictures_has_no_page(intake: Intake, tmp_path: Path) -> None:
    folder = eml_working_folder(tmp_path)
    deliver(folder, "1.eml", qq_mail(Draft(subject="案例报送", files=material.three_photos()[:1], at=AT)))
    assert intake("run", "--once", "-C", folder).status == 0

    made = intake("cases", "sheet", NUMBER, "-C", folder)

    assert made.status == 2
    assert "材料里没有图片" in made.err
