"""Work that has every pattern built that is put together while the program runs, from words organizers and letters give.

The names are calls as `tests.hostile.patterns.call_text` writes them; a call that is changed has to be named anew. Values
are functions: the patterns that the call compiles while one runs are the ones that are tried, or those it gives back.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from intake import lookups
from intake.casework import choices, forwarded, likeness
from intake.casework.threads import OurReferences
from intake.edges.mailboxes.folders import ListedFolder, role_of
from intake.edges.transports import smtp_answers
from intake.orders.order import Vocabulary
from intake.orders.sentences import NotAnOrderError, read_sentence
from parsers.facts import LetterFacts
from parsers.letter import history, share_providers, share_services
from parsers.letter.skeleton import Skeleton
from parsers.photos import vector
from parsers.text import form_labels, heading_numbers

CATEGORIES = ("网格治理", "县(市)区", "A.社区*治理+", "长" * 60)
"""Choices as organizers write them, with what means something to a pattern."""
NUMBERS = ("HL22-0017", "A-1", "TRIAL2022-123456789")
LINES = (
    "HL22-0017 通过",
    "同意",
    "随便说说",
    "HL22-0001、HL22-0002至HL22-0009 退回,理由:字数不够",
    "请把17号延期到12月25日",
)


def _choices() -> None:
    for said in ("(√)网格治理", "☑网格治理 □县(市)区"):
        choices.written_choice(said, CATEGORIES)


def _numbers_named() -> None:
    ours: Any = OurReferences()
    for prefix in ("HL22", "A", "TRIAL202"):
        call: Any = SimpleNamespace(campaign=SimpleNamespace(number_prefix=prefix))
        lookups._named_numbers(call, LetterFacts(text="HL22-0017"), ours)


def _forwarded() -> None:
    for address in ("a+b.c@example.org", "x" * 60 + "@example.org"):
        quoted = f"发件人: 金安社区 <{address}>\n发送时间: 2022年12月5日 10:00\n主题: 案例\n\n正文"
        forwarded._quoted_original(LetterFacts(subject="转发: 案例", quoted=quoted), zone="Asia/Shanghai")


def _orders() -> None:
    now_at = datetime(2022, 12, 5, tzinfo=UTC)
    known = Vocabulary(now_at, ZoneInfo("Asia/Shanghai"), prefix="HL22", case="HL22-0017", may_confirm=True)
    for line in LINES:
        with contextlib.suppress(NotAnOrderError):
            read_sentence(line, known)


def _services() -> None:
    for service, _, _ in share_services._SERVICES:
        share_services.is_own_service(service, "a@example.org")
    share_services.opened_block("从某某邮箱发来的超大附件")


def _skeleton() -> None:
    file: Any = None
    list(Skeleton(data=b"", token=b"=0123456789abcdef01234567=", spans=(), complete=True).pieces(file, b"text"))


def _hosts() -> tuple[re.Pattern[str], ...]:
    return tuple(hosts for _, hosts, _ in share_providers._PATTERNS)


def _paths() -> tuple[re.Pattern[str], ...]:
    return tuple(paths for _, _, paths in share_providers._PATTERNS)


BUILDS: Mapping[str, Callable[[], object]] = {
    r"parsers.letter.history: re.compile(f'(?:{_LABELS[key]})\\s?\\*?\\s?[:：]', re.IGNORECASE)": lambda: history._RUN_IN,
    r"parsers.letter.share_providers: re.compile(f'\\A(?:.*\\.)?(?:{row.hosts})')": _hosts,
    r"parsers.letter.share_providers: re.compile(f'\\A(?:{row.paths})')": _paths,
    r"parsers.letter.share_services: re.fullmatch(domains, domain)": _services,
    r"parsers.letter.share_services: re.search(words, who)": _services,
    r"parsers.letter.skeleton: re.split(re.escape(self.token) + b'(\\d+);', payload)": _skeleton,
    r"""parsers.photos.vector: re.search(b'\\b' + name + b'\\s*+=\\s*+[\\"\']\\s*+(\\d{1,6}(?:\\.\\d++)?)\\s*+([a-z]*+)\\s*+[\\"\']', attributes, re.IGNORECASE)""": lambda: vector._length(b'width="1"', b"width"),
    r"""parsers.text.form_labels: re.compile(f"(?:(?<=[\\s；;，,、|｜])|^)({'|'.join(spaced)})\\s*+(?:[（(][^（）()]{{0,20}}[）)])?\\s*+[：:]", re.IGNORECASE)""": lambda: (form_labels.label_pattern(),),
    r"parsers.text.heading_numbers: re.compile(f'\\A[ \\t\\u3000]*+(?:{pattern})[ \\t\\u3000]*')": lambda: tuple(pattern for _, pattern in heading_numbers._PATTERNS),
    r"intake.casework.choices: re.search(pattern.replace('{name}', re.escape(plain(choice))), said)": _choices,
    r"""intake.casework.forwarded: re.sub('[\\"“”\'<>＜＞\\[\\]()（）]|mailto:|' + re.escape(address.group()), ' ', found['sender'])""": _forwarded,
    r"intake.casework.likeness: re.search(f'(?<!测试-)(?<![0-9a-z]){re.escape(plain(number))}(?!\\d)', plain_text)": lambda: [likeness.is_quoted(number, "HL22-0017") for number in NUMBERS],
    r"intake.edges.mailboxes.folders: re.split(re.escape(folder.separator), folder.name)": lambda: [role_of(ListedFolder(f"a{mark}b", frozenset(), mark)) for mark in "/.\\|"],
    r"intake.edges.transports.smtp_answers: re.compile(pattern, re.IGNORECASE)": lambda: tuple(known.pattern for known in smtp_answers.KNOWN),
    r"intake.lookups: re.findall(f'(?:测试-)?{re.escape(call.campaign.number_prefix)}-\\d{{4,}}', text)": _numbers_named,
    r"intake.orders.sentences: re.fullmatch(pattern, sentence)": _orders,
}  # fmt: skip
