"""`intake init`: a working folder to begin with."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import typer

from config.layers import SECRETS_FILE
from config.providers import provider_of, providers
from config.working_folder import OWN_SERVER, working_folder_files
from intake.cli.shell_words import as_typed
from intake.errors import OperatorError

DIGEST_AT = "08:00"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to stand in the new files; empty where it is to be asked, or left open when nobody can be."""

    provider: str = ""
    address: str = ""
    campaign: str = "example"
    organizers: tuple[str, ...] = ()
    """王老师 <wang@example.com> each."""
    digest_at: str = ""
    password_from_stdin: bool = False


def make_folder(folder: Path, wanted: Wanted) -> int:
    """Write the files of a working folder; never over an existing one. Exit status 0.

    What was not said is asked for at a screen; in a pipe only the address must be said.
    """
    asks = sys.stdin.isatty() and not wanted.password_from_stdin
    address = wanted.address
    if not address and asks:
        address = typer.prompt("征集邮箱的地址（如 zhengji@163.com）").strip()
    if address and "@" not in address:
        raise OperatorError(f"“{address[:60]}”不是邮箱地址。请写完整的地址，例如：--address zhengji@163.com")
    if not address:
        raise OperatorError(
            "还不知道征集邮箱的地址。请加上 --address，例如：intake init --provider 163 --address zhengji@163.com"
        )
    files = working_folder_files(
        _provider(wanted.provider, address, asks=asks),
        address,
        campaign=wanted.campaign,
        organizers=_organizers(wanted, asks=asks),
        digest_at=_digest_time(wanted.digest_at, asks=asks),
        password=_password(folder, wanted, asks=asks),
    )
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
    place = "" if folder.resolve() == Path.cwd() else f" -C {as_typed(folder)}"
    sentence_file = next(name for name in files if name.startswith("sentences/"))
    print("\n接下来：")
    secret = "授权码已写入，不必再改" if _has_secret(folder) else "填写授权码"
    print(f"  1. 打开 {SECRETS_FILE}，{secret}" if "填写" in secret else f"  1. {SECRETS_FILE}：{secret}")
    print(f"  2. 打开 {campaign_file}，按征集启事改好")
    print(f"  3. intake doctor{place}   检查一遍")
    print(f"  4. intake run{place} --dry-run   先试运行，只核对不回信；没有问题再去掉 --dry-run")
    print(f"回信里的句子想换个说法的，写在 {sentence_file} 里，没有写的照用自带的。")
    return 0


def _provider(named: str, address: str, *, asks: bool) -> str:
    """The provider meant: as named, else whose domain the address has, else as asked for. Raises: OperatorError."""
    known = provider_of(address)
    if named and known is not None and named != known.id and named in providers():
        raise OperatorError(
            f"{address} 是{known.name}的地址，--provider 请写 {known.id}；照 {named} 设置，收信和发信都连不上。"
        )
    if named or known is not None:
        return named or (known.id if known is not None else "")
    choices = "，".join(f"{each.id} {each.name}" for each in providers().values())
    if not asks:
        domain = address.rpartition("@")[2]
        raise OperatorError(
            f"看不出 {domain} 是哪家的邮箱。请加上 --provider：{choices}；单位自建的邮箱写 {OWN_SERVER}。"
        )
    print(f"邮箱服务商：{choices}；单位自建的邮箱写 {OWN_SERVER}。")
    return str(typer.prompt("邮箱服务商")).strip()


def _organizers(wanted: Wanted, *, asks: bool) -> list[tuple[str, str]]:
    """Name and address of each. Raises: OperatorError."""
    written = list(wanted.organizers)
    if not written and asks:
        print("可以作决定、收简报的工作人员，写成：王老师 wang@example.com。一人一行，写完直接按回车。")
        while line := typer.prompt("工作人员", default="", show_default=False).strip():
            written.append(line)
    return [_person(line) for line in written]


def _person(written: str) -> tuple[str, str]:
    match = re.fullmatch(r"(.*[<＜(（\s])([^@\s<>()（）＜＞]+@[^@\s<>()（）＞]+)\s*+[>＞)）]?\s*", written)
    name = match.group(1).rstrip("<＜(（ \t\u3000").strip() if match is not None else ""
    if match is None or not name:
        raise OperatorError(f'看不懂“{written[:60]}”。工作人员请写成姓名加邮箱，例如："王老师 <wang@example.com>"')
    return name, match.group(2)


def _digest_time(written: str, *, asks: bool) -> str:
    """HH:MM. Raises: OperatorError."""
    if not written and asks:
        written = typer.prompt("每天几点发简报", default=DIGEST_AT).strip()
    written = (written or DIGEST_AT).replace("：", ":")
    try:
        return f"{datetime.strptime(written, '%H:%M'):%H:%M}"  # noqa: DTZ007 - a time of day, in no zone
    except ValueError:
        raise OperatorError(f"看不懂时刻“{written[:20]}”。请写成 08:00。") from None


def _password(folder: Path, wanted: Wanted, *, asks: bool) -> str:
    """The secret, empty when it is left for later; never from the command line, where others can read it."""
    if wanted.password_from_stdin:
        return _plain_secret(sys.stdin.readline())
    if not asks or (folder / SECRETS_FILE).exists():
        return ""
    word = "授权码（不是登录密码；输入时不显示，以后再填直接按回车）"
    return _plain_secret(typer.prompt(word, default="", show_default=False, hide_input=True))


def _plain_secret(typed: str) -> str:
    secret = "".join(typed.split())  # providers show it in groups of four
    if not secret.isprintable() or set(secret) & set("\"'#$\\"):
        raise OperatorError("授权码里有不能写入 .env 的字符。请留空，建好后自己打开 .env 填写。")
    return secret


def _has_secret(folder: Path) -> bool:
    lines = (folder / SECRETS_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    return any(re.fullmatch(r"INTAKE_MAILBOX__PASSWORD=\s*\S+\s*", line) for line in lines)


def _write(path: Path, text: str, *, private: bool) -> None:
    # The secret's file is never readable for others, not even for the moment before chmod.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
