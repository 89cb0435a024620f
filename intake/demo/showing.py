"""What a person sees while the demo plays: progress, a table, where things lie. Plain lines when piped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from intake.demo.outcomes import NO_ANSWER, Outcome
from intake.demo.pages import Left, say_moment
from intake.demo.servers import LOOPBACK
from intake.demo.story import Scene
from intake.figures.ledger_words import ANSWERS
from storage.records.correspondence import OutgoingRecord

_STYLES = {"accepted": "green", "needs_fix": "yellow", "needs_human": "blue", "waiting": "blue"}
_T = TypeVar("_T")


class Show:
    """Speaks to standard output."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)

    def begins(self, mailbox: str, ports: tuple[int, int]) -> None:
        """The servers are up."""
        self._console.print(
            f"征集邮箱 {mailbox}：IMAP {LOOPBACK}:{ports[0]}，SMTP {LOOPBACK}:{ports[1]}，只在本机。", soft_wrap=True
        )
        self._console.print("演示时钟从2022年11月30日9:00走起，日期都不是今天。\n")

    def working(self, steps: Iterable[_T]) -> Iterator[_T]:
        """The same steps, with a sign of life between them on a terminal."""
        if not self._console.is_terminal:
            yield from steps
            return
        with self._console.status("收信、核对、回信……"):
            yield from steps

    def letter(self, scene: Scene, answers: Sequence[OutgoingRecord]) -> None:
        """A letter was dealt with."""
        if answers:
            answer = ANSWERS.get(answers[-1].kind, answers[-1].kind)
        else:
            answer = "等候后续材料" if scene.expected.answer else NO_ANSWER
        self._console.print(
            f"{say_moment(scene.at)}  {scene.who}：{scene.what} → {answer}", markup=False, soft_wrap=True
        )

    def results(self, outcomes: Sequence[Outcome], left: Left, complaints: Sequence[str]) -> None:
        """The table, the paths, and what went otherwise than it should."""
        self._console.print()
        if self._console.is_terminal:
            self._console.print(_table(outcomes))
        else:
            for each in outcomes:
                cells = (
                    say_moment(each.scene.at),
                    each.scene.who,
                    each.scene.what,
                    each.verdict_text,
                    each.number or "",
                )
                print("\t".join((*cells, each.answer_text)))
        self._console.print()
        for label, path in (
            ("总览", left.index),
            ("回信", left.replies),
            ("登记", left.cases),
            ("台账", left.ledger),
            ("简报", left.digest),
            ("网页", left.pages),
        ):
            self._console.print(f"{label}：{path}", markup=False, soft_wrap=True)  # one line: it is copied
        self._console.print()
        for complaint in complaints:
            self._console.print(f"!! 与预期不符：{complaint}", style="bold red", markup=False, soft_wrap=True)
        if not complaints:
            self._console.print(
                f"{len(outcomes)}封来信的结论和答复都与预期一致，每一封都有登记。", style="green", soft_wrap=True
            )

    def stays(self, login: tuple[str, str], ports: tuple[int, int], page: str) -> None:
        """The service, its page and the servers stay until Ctrl-C."""
        self._console.print("\n收件程序还在运行，按 Ctrl-C 结束。组委会网页（链接只能用一次）：", soft_wrap=True)
        self._console.print(f"  {page}", markup=False, soft_wrap=True)
        self._console.print("邮件服务器可用邮件软件查看、投信（不加密）：", soft_wrap=True)
        self._console.print(f"  IMAP {LOOPBACK}:{ports[0]}  SMTP {LOOPBACK}:{ports[1]}", markup=False, soft_wrap=True)
        self._console.print(f"  用户名 {login[0]}  密码 {login[1]}", markup=False, soft_wrap=True)


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table(header_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in ("收到", "来信人", "内容", "结论", "登记编号", "答复"):
        table.add_column(column, no_wrap=column not in ("内容", "答复"), overflow="fold")
    for each in outcomes:
        table.add_row(
            say_moment(each.scene.at),
            each.scene.who,
            each.scene.what,
            f"[{_STYLES.get(each.verdict, 'default')}]{each.verdict_text}[/]",
            each.number or "",
            each.answer_text,
        )
    return table
