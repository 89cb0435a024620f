"""A folder handed over and brought up to date: what moves, what is set aside, what is never lost."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from intake.edges.delivery import Delivery


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def deliver(root: Path, folder: str, **files: str) -> Delivery:
    """Bring the folder of the case HL22-0001 up to date with files of these names and texts."""
    delivery = Delivery(root)
    delivery.move_folder("HL22-0001", folder)
    texts = {f"{folder}/{name}": text for name, text in files.items()}
    for path in delivery.missing("HL22-0001", {path: digest(text) for path, text in texts.items()}):
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(texts[path], "utf-8")
        delivery.add("HL22-0001", path)
    delivery.close()
    return delivery


def held(root: Path) -> Mapping[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name not in ("清单.json", "SHA256SUMS")
    }


def test_a_new_text_takes_its_place_and_the_old_one_is_set_aside(tmp_path: Path) -> None:
    deliver(tmp_path, "甲/一", 正文="第一稿")

    deliver(tmp_path, "甲/一", 正文="第二稿")
    deliver(tmp_path, "甲/一", 正文="第三稿")

    assert held(tmp_path) == {"甲/一/正文": "第三稿", "甲/一/旧版/正文": "第一稿", "甲/一/旧版/正文(2)": "第二稿"}


def test_a_file_under_another_name_is_moved_not_written_again(tmp_path: Path) -> None:
    deliver(tmp_path, "甲/一", **{"照片/01_a": "甲", "照片/02_b": "乙"})

    again = deliver(tmp_path, "甲/一", **{"照片/01_b": "乙"})

    assert again.written == 2  # one moved, one set aside
    assert held(tmp_path) == {"甲/一/照片/01_b": "乙", "甲/一/旧版/01_a": "甲"}


def test_two_files_that_change_places_keep_their_contents(tmp_path: Path) -> None:
    deliver(tmp_path, "甲/一", 一="甲", 二="乙")

    deliver(tmp_path, "甲/一", 一="乙", 二="甲")

    assert {name: text for name, text in held(tmp_path).items() if "旧版" not in name} == {
        "甲/一/一": "乙",
        "甲/一/二": "甲",
    }


def test_what_is_gone_from_the_disk_is_written_again(tmp_path: Path) -> None:
    deliver(tmp_path, "甲/一", 正文="第一稿", 表="表")
    (tmp_path / "甲/一/正文").unlink()

    again = deliver(tmp_path, "甲/一", 正文="第一稿", 表="表")

    assert (again.written, held(tmp_path)) == (1, {"甲/一/正文": "第一稿", "甲/一/表": "表"})


def test_a_folder_moves_with_all_that_people_put_there(tmp_path: Path) -> None:
    deliver(tmp_path, "甲/一", 正文="第一稿")
    (tmp_path / "甲/一/笔记").write_text("看过", "utf-8")

    again = deliver(tmp_path, "乙/一_新题目", 正文="第一稿")

    assert (again.written, held(tmp_path)) == (0, {"乙/一_新题目/正文": "第一稿", "乙/一_新题目/笔记": "看过"})
    assert not (tmp_path / "甲").exists()


def test_a_folder_whose_new_name_is_taken_is_filled_and_nothing_is_lost(tmp_path: Path) -> None:
    deliver(tmp_path, "甲/一", 正文="第一稿")
    (tmp_path / "乙/一").mkdir(parents=True)
    (tmp_path / "乙/一/别人的").write_text("别人的", "utf-8")

    deliver(tmp_path, "乙/一", 正文="第一稿")

    assert held(tmp_path) == {"乙/一/别人的": "别人的", "乙/一/正文": "第一稿"}


def test_a_file_in_the_way_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "甲/一").mkdir(parents=True)
    (tmp_path / "甲/一/正文").write_text("别人的", "utf-8")

    deliver(tmp_path, "甲/一", 正文="第一稿")

    assert held(tmp_path) == {"甲/一/正文": "第一稿", "甲/一/旧版/正文": "别人的"}


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "desktop.ini"])
def test_what_desktops_leave_behind_does_not_make_a_folder_somebody_s(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")

    assert Delivery(tmp_path).is_ours is True
