"""`intake status` and `intake outbox release`: what keeps letters from leaving, and letting them go."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from intake.cli.folder import records_of
from intake.restraint import STOPPED
from storage.records.correspondence import NewBounce, NewOutgoing
from tests.intake.cli.conftest import Intake
from tests.intake.cli.working_folders import deliver, eml_working_folder
from tests.letters import CHINA, Draft, plain_letter
from tests.storage.samples import NOON

JINAN = "jinan@qq.example"
SINCE = "2022-12-05T09:06:00+08:00"


@pytest.fixture
def folder(intake: Intake, tmp_path: Path) -> Path:
    """A question on record whose answer left and came back, another letter to the same address, and a tripped breaker."""
    folder = eml_working_folder(tmp_path)
    draft = Draft(
        subject="请问", text="请问案例字数有什么要求？", sender=JINAN, at=datetime(2022, 12, 5, 9, tzinfo=CHINA)
    )
    deliver(folder, "1.eml", plain_letter(draft))
    assert intake("run", "--once", "-C", folder).status == 0
    with records_of(folder) as records, records.store.write() as work:
        (question,) = work.letters.by_outcome("not_a_submission")
        work.bounces.add(
            [
                NewBounce(
                    letter_sha256=question.sha256, address=JINAN, outgoing_id=1, permanent=True,
                    status="5.1.1", reason="550 unknown", at=NOON,
                )
            ]
        )  # fmt: skip
        work.outgoing.enqueue(
            NewOutgoing(
                id=work.outgoing.reserve_id(), kind="decision", campaign="huli-2022", to_address=JINAN,
                sender_address="anli@example.org", message_id="d@x", token="d", subject="核对结果", raw=b"Subject: x\r\n\r\n",
                created_at=NOON,
            )
        )  # fmt: skip
        work.deferrals.add(question.sha256, campaign="huli-2022", address=JINAN, at=NOON)
        work.service.put_mark(STOPPED, {"since_at": SINCE, "why": "一小时内写了30封答复"})
    return folder


def test_status_says_what_waits_and_why(intake: Intake, folder: Path) -> None:
    said = intake("status", "-C", folder).out

    for line in (
        "尚有1封待发（先发补充提示，再发核对通知、回执和其他）",
        "回信：自 12月05日 09:06 起暂停，一小时内写了30封答复（核对后运行 intake outbox release 放行）",
        f"退信：1个地址暂不发信（{JINAN}）",
        "合并答复：1封来信等候合并答复",
    ):
        assert line in said.splitlines()


def test_release_frees_the_queue_and_then_an_address(intake: Intake, folder: Path) -> None:
    freed = intake("outbox", "release", "-C", folder)
    lifted = intake("outbox", "release", JINAN.upper(), "-C", folder)
    again = intake("outbox", "release", JINAN, "-C", folder)
    nothing = intake("outbox", "release", "-C", folder)

    assert (freed.status, freed.out) == (0, "已放行暂停的回信，程序随即发出。\n")
    assert lifted.out == f"{JINAN.upper()}：已恢复发信。\n"
    assert again.out == f"{JINAN}：没有退信记录，发信照常。\n"
    assert (nothing.status, "没有要处理的去信" in nothing.err) == (2, True)
    assert not {"回信：", "退信："} & {line[:3] for line in intake("status", "-C", folder).out.splitlines()}
