"""The same answers written in every mail program people use: what casework sees must not depend on the program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from intake.casework.known_case import KnownCase
from intake.casework.machines import machine_reason
from intake.casework.sorting import Sorting, sort_letter
from intake.casework.threads import OurReferences, codes_to_look_up
from intake.model import IgnoredReason, Letter
from parsers.facts import LetterFacts
from tests.intake.casework.samples import HULI, START, document, photos
from tests.letter_reading import read_raw
from tests.letters import CLIENTS, Draft, Quoted

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
OUR_RECEIPT = """金安社区：

贵单位报送的案例《小网格办成大事情》材料齐全，已转组委会初审；本回执不代表入选。
登记编号：HL22-0017
案例类别未见注明，请回复序号：1 网格治理 2 社区治理 3 小区治理 4 智慧治理
如有疑问，请问是否收到附件等，均可直接回复。

2022年湖里区社区治理创新案例征集组委会
2022年12月5日
回执码：k7m2p9qx4t"""
OURS = OurReferences(by_code={"k7m2p9qx4t": ("HL22-0017",)})
CASE = KnownCase(
    number="HL22-0017",
    addresses=frozenset({"jinan@qq.com"}),
    title="小网格办成大事情",
    files=(document(), *photos(1, 2)),
)


def read(
    text: str, client: Callable[[Draft], bytes], folder: Path, *, subject: str, quotes: bool = True
) -> LetterFacts:
    """What is read of an answer whose Message-IDs the provider has rewritten."""
    past = Quoted(text=OUR_RECEIPT, subject="【湖里区案例征集】已收到:《小网格办成大事情》(HL22-0017)")
    draft = Draft(subject=subject, text=text, quoted=past if quotes else None, in_reply_to="rewritten@provider.cn")
    return read_raw(client(draft), folder).letter


def sorted_as(facts: LetterFacts) -> Sorting:
    return sort_letter(Letter("0" * 64, START, facts), HULI, cases=(CASE,), ours=OURS)


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
@pytest.mark.parametrize(
    ("text", "ignored", "topics"),
    [
        ("收到，谢谢！", "courtesy", ()),
        ("请问照片要几张？", "question", ("photos",)),
        ("我数了是2980字", "question", None),
        ("2", None, ()),
        ("补充照片见附件。", "nothing_attached", ()),
    ],
)
def test_answer_is_understood_in_every_program(
    client: Callable[[Draft], bytes],
    text: str,
    ignored: IgnoredReason | None,
    topics: tuple[str, ...] | None,
    tmp_path: Path,
) -> None:
    facts = read(text, client, tmp_path, subject="回复：【湖里区案例征集】已收到:《小网格办成大事情》(HL22-0017)")

    sorting = sorted_as(facts)

    assert codes_to_look_up(facts) == ("k7m2p9qx4t",)
    assert sorting.joining is not None
    assert (sorting.ignored, sorting.joining.case_number) == (ignored, "HL22-0017")
    assert topics is None or sorting.topics == topics


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_holiday_reply_without_headers_is_a_machine_in_every_program(
    client: Callable[[Draft], bytes], tmp_path: Path
) -> None:
    text = "您好，我最近正在休假中，无法亲自回复您的邮件。我将在假期结束后，尽快给您回复。"
    facts = read(text, client, tmp_path, subject="自动回复: 【湖里区案例征集】已收到", quotes=False)

    assert machine_reason(facts, own_addresses=(), own_marker="") == "auto_reply"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not here")
def test_bounces_of_many_systems_are_machines(tmp_path: Path) -> None:
    paths = sorted((CORPUS / "email_dsn").iterdir())

    reasons = {
        path.name: machine_reason(read_raw(path.read_bytes(), tmp_path).letter, own_addresses=(), own_marker="")
        for path in paths
    }

    assert len(paths) > 50
    assert {name for name, reason in reasons.items() if reason is None} == {"set-of-emails__is-not-bounce-01.eml"}
