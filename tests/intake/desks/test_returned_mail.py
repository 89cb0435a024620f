"""Letters of ours that come back: whose they are, what stops, what goes on, and what a person is shown."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from intake.cli.outbox import release
from intake.desks.release import write_again_to
from intake.errors import OperatorError
from intake.filing.unreached import unreached_items
from storage.records.correspondence import AuthenticationRecord, BounceRecord, NewOutgoing, OutgoingRecord
from tests.e2e.material import complete, without_photos
from tests.intake.desks.conftest import Open
from tests.intake.desks.office import Office
from tests.letters import Draft

SUBMISSION = "报送湖里区社区治理创新案例"
JINAN = "jinan@qq.example"
QUESTION = "请问案例字数有什么要求？"
MINUTE = timedelta(minutes=1)
TRUSTED = {"authentication_hosts": ("mx.huli.example",)}


def submit(office: Office, sender: str = JINAN) -> None:
    """A complete submission, answered and sent."""
    office.arrives(Draft(subject=SUBMISSION, sender=sender, files=complete()))
    office.work(minutes=1)
    office.service.post.turn()


def bounce(office: Office, text: str, *, sender: str = "postmaster@qq.example", **draft: object) -> None:
    office.clock.advance(MINUTE)
    office.arrives(Draft(subject="系统退信", text=text, sender=sender, **draft))  # type: ignore[arg-type]  # its own fields
    office.work(minutes=1)


def bounces(office: Office, address: str = JINAN) -> tuple[BounceRecord, ...]:
    with office.records.store.read() as view:
        return view.bounces.of_address(address)


def sent_to(office: Office, address: str = JINAN) -> list[str]:
    office.service.post.turn()
    return [mail.kind for mail in office.answers("sent") if mail.to_address.lower() == address]


def another(mail: OutgoingRecord, outgoing_id: int) -> NewOutgoing:
    """A further letter to the same address."""
    told = {field.name: getattr(mail, field.name) for field in fields(NewOutgoing)}
    changed = {"id": outgoing_id, "kind": "decision", "message_id": f"r{outgoing_id}@x", "token": f"r{outgoing_id}"}
    return NewOutgoing(**told | changed | {"state": "queued"})


def test_a_bounce_is_matched_to_the_last_letter_to_its_address(open_at: Open) -> None:
    office = open_at()
    submit(office)

    bounce(office, "您的邮件未能送达 Jinan@QQ.example\n退信原因：550 User not found")

    (receipt,) = office.answers("sent")
    (found,) = bounces(office)
    assert (found.outgoing_id, found.permanent, found.status, found.reason) == (
        receipt.id,
        True,
        "550",
        "550 User not found",
    )


def test_a_bounce_that_carries_our_code_is_matched_whatever_address_it_names(open_at: Open) -> None:
    office = open_at()
    submit(office)
    (receipt,) = office.answers("sent")

    bounce(office, f"您的邮件未能送达。\n退信原因：550 不存在\n回执码：{receipt.token}")

    assert [(each.outgoing_id, each.permanent) for each in bounces(office)] == [(receipt.id, True)]


def test_a_letter_passed_on_to_somebody_it_did_not_reach_stops_nothing(open_at: Open) -> None:
    office = open_at()
    submit(office)
    (receipt,) = office.answers("sent")

    bounce(office, f"您的邮件未能送达 elsewhere@other.example\n退信原因：550 不存在\n回执码：{receipt.token}")

    assert [each.permanent for each in bounces(office)] == [False]


@pytest.mark.parametrize(
    ("text", "draft", "stops"),
    [
        ("未能送达 {to}\n退信原因：550 不存在", {"sender": "mailer-daemon@huli.example"}, True),
        ("未能送达 {to}\n主题 {subject}\n550 不存在", {"sender": "postmaster@relay.example"}, True),
        ("未能送达 {to}\n退信原因：550 不存在", {"sender": "postmaster@forger.example"}, False),
        ("未能送达 {to}\n退信原因：550 不存在", {"extra": {"Return-Path": "<x@forger.example>"}}, False),
        (
            "未能送达 {to}\n退信原因：550 不存在",
            {"sender": "neighbour@qq.example", "extra": {"X-Failed-Recipients": JINAN}},
            False,
        ),
        ("未能送达 {to}、b@163.example\n退信原因：550 不存在", {}, False),
    ],
)
def test_a_bounce_that_names_an_address_alone_stops_mail_when_something_shows_it_to_be_of_ours(
    open_at: Open, text: str, draft: dict[str, object], stops: bool
) -> None:
    office = open_at()
    submit(office, sender="b@163.example")
    submit(office)
    subject = office.answers("sent")[-1].subject

    bounce(office, text.format(to=JINAN, subject=subject), **draft)  # type: ignore[arg-type]  # its own fields

    with office.records.store.read() as view:
        (item, *_) = unreached_items(view)
        stopped = [each.address for each in view.bounces.open()]
    assert stopped == [JINAN] * stops
    assert ("真假待查，仍照常发信" in item.reason) == (not stops)


def test_a_bounce_of_a_letter_that_is_not_ours_is_no_ones(open_at: Open) -> None:
    office = open_at()
    submit(office)

    bounce(office, "您的邮件未能送达 stranger@x.example\n退信原因：550 不存在")

    with office.records.store.read() as view:
        assert view.bounces.open() == ()


def test_an_address_that_bounced_is_written_to_again_once_it_writes(open_at: Open) -> None:
    office = open_at()
    submit(office)
    bounce(office, f"未能送达 {JINAN}\n退信原因：550 不存在")
    office.arrives(Draft(subject="自动回复：已收到", text="我在休假。", sender=JINAN))
    office.work(minutes=1)
    still_open = bounces(office)[0].lifted_at is None

    office.arrives(Draft(subject="请问", text=QUESTION, sender=JINAN))
    office.work(minutes=1)

    assert (still_open, sent_to(office)) == (True, ["receipt", "answer"])


def test_what_waits_for_a_bounced_address_leaves_when_a_person_says_so(open_at: Open) -> None:
    office = open_at()
    submit(office)
    bounce(office, f"未能送达 {JINAN}\n退信原因：550 不存在")
    with office.records.store.write() as work:
        (receipt,) = work.outgoing.by_state("sent")
        work.outgoing.enqueue(another(receipt, work.outgoing.reserve_id()))
    before = sent_to(office)

    settled = write_again_to(office.records.store, " Jinan@qq.example", by="林秘书", at=office.clock.now())

    assert (before, settled, sent_to(office)) == (["receipt"], 1, ["receipt", "decision"])
    assert bounces(office)[0].lifted_by == "林秘书"


def test_the_digest_names_the_case_and_its_telephone_first(open_at: Open) -> None:
    office = open_at()
    text = "联系人：林小榕\n电话：13900000001"
    office.arrives(Draft(subject=SUBMISSION, text=text, sender=JINAN, files=without_photos()))
    office.work(minutes=15)
    office.service.post.turn()
    bounce(office, f"未能送达 {JINAN}\n退信原因：550 不存在")

    with office.records.store.read() as view:
        (item,) = unreached_items(view)

    assert item.what.startswith("HL22-0001 《")
    assert (item.reason, item.evidence, item.cost) == (
        f"发往 {JINAN} 的材料补充完善提示被退回",
        "550 不存在",
        "deadline",
    )
    assert "13900000001" in item.how


def test_a_bounce_that_fails_dmarc_proves_nothing(open_at: Open) -> None:
    office = open_at(mailbox_more=TRUSTED)
    submit(office)

    bounce(
        office,
        f"未能送达 {JINAN}\n退信原因：550 不存在",
        extra={"Authentication-Results": "mx.huli.example; dmarc=fail header.from=qq.example"},
    )

    assert bounces(office) == ()


def test_what_a_trusted_host_says_is_on_record_and_a_strangers_word_is_not(open_at: Open) -> None:
    office = open_at(mailbox_more=TRUSTED)
    said = {"Authentication-Results": "mx.huli.example; spf=pass smtp.mailfrom=a; dkim=none; dmarc=fail"}
    first = office.arrives(Draft(subject=SUBMISSION, sender=JINAN, files=complete(), extra=said))
    claimed = {"Authentication-Results": "relay.example; dmarc=fail"}
    second = office.arrives(Draft(subject="请问", text=QUESTION, sender="b@x.example", extra=claimed))

    office.work(minutes=1)

    with office.records.store.read() as view:
        assert view.bounces.authentications([first.sha256, second.sha256]) == {
            first.sha256: AuthenticationRecord(
                letter_sha256=first.sha256, host="mx.huli.example", spf="pass", dkim="none", dmarc="fail"
            )
        }
    assert [(mail.kind, mail.to_address) for mail in office.answers()] == [("answer", "b@x.example")]


@pytest.mark.parametrize("named", [["many"], ["12", JINAN]])
def test_release_says_what_it_takes(named: list[str], tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="编号，或者一个邮箱地址"):
        release(tmp_path, named)
