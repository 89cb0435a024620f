"""`intake init`: a working folder to begin with."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from config.layers import SECRETS_FILE
from config.working_folder import working_folder_files
from intake.errors import OperatorError


def make_folder(folder: Path, *, provider: str, address: str, campaign: str) -> int:
    """Write the files of a working folder; never over an existing one. Exit status 0."""
    if not address and sys.stdin.isatty():
        address = typer.prompt("征集邮箱的地址（如 zhengji@163.com）").strip()
    if address and "@" not in address:
        raise OperatorError(f"“{address[:60]}”不是邮箱地址。请写完整的地址，例如：--address zhengji@163.com")
    if not address:
        raise OperatorError(
            "还不知道征集邮箱的地址。请加上 --address，例如：intake init --provider 163 --address zhengji@163.com"
        )
    files = working_folder_files(provider, address, campaign=campaign)
    written, kept = [], []
    try:
        for name, text in files.items():
            path = folder / name
            if path.exists():
                kept.append(name)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, text, private=name == SECRETS_FILE)
            written.append(name)
    except OSError as error:
        raise OperatorError(f"不能写入 {folder.absolute()}：{error.strerror}。请换一个有写权限的文件夹。") from error
    print(f"工作文件夹：{folder.absolute()}")
    for name in written:
        print(f"  已建立  {name}")
    for name in kept:
        print(f"  已保留  {name}（原来就有，没有改动）")
    campaign_file = next(name for name in files if name.startswith("campaigns/"))
    place = "" if folder.resolve() == Path.cwd() else f" -C {folder}"
    sentence_file = next(name for name in files if name.startswith("sentences/"))
    print("\n接下来：")
    print(f"  1. 打开 {SECRETS_FILE}，填写授权码")
    print(f"  2. 打开 {campaign_file}，按征集启事改好")
    print(f"  3. intake doctor{place}   检查一遍")
    print(f"  4. intake run{place} --dry-run   先试运行，只核对不回信；没有问题再去掉 --dry-run")
    print(f"回信里的句子想换个说法的，写在 {sentence_file} 里，没有写的照用自带的。")
    return 0


def _write(path: Path, text: str, *, private: bool) -> None:
    # The secret's file is never readable for others, not even for the moment before chmod.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
