"""Letters that belong together: threads, copies, answers by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.e2e.material import case, complete, photos, without_last_section, without_photos
from tests.e2e.world import Reply, World
from tests.letters import Draft, Quoted, foxmail, mail_master, netease_web, plain_letter

pytestmark = pytest.mark.server

SUBMISSION = "报送湖里区社区治理创新案例"


def _asked_to_complete(world: World, name: str = "grid_ledger", sender: str = "jinan@qq.example") -> Reply:
    """A submission whose last part is missing, and what we answered."""
    world.arrives(Draft(subject=SUBMISSION, sender=sender, files=without_last_section(name)))
    world.work(minutes=1)
    reply = world.replies(sender)[-1]
    assert reply.kind == "fix_request"
    return reply


def test_a_reply_in_our_thread_joins_its_case_and_closes_what_was_asked(world: World) -> None:
    asked = _asked_to_complete(world)
    answer = Draft(
        subject=f"回复：{asked.subject}",
        text="已补充。",
        sender="jinan@qq.example",
        files=(case("grid_ledger"),),
        in_reply_to=asked.message_id,
        quoted=Quoted(text=asked.text),
    )
    sent = world.arrives(answer, client=netease_web)

    world.work(minutes=1)

    _, repaired = world.replies()
    assert (repaired.kind, repaired.in_reply_to, repaired.number) == ("receipt", sent.message_id, "HL22-0001")
    assert "本次补充后已符合要求的：主要内容。" in repaired.text
    assert [(case.number, case.verdict) for case in world.cases()] == [("HL22-0001", "accepted")]


def test_a_reply_from_another_address_that_only_quotes_our_code_joins_its_case(world: World) -> None:
    asked = _asked_to_complete(world)
    answer = Draft(
        subject="补充材料",
        text="补充后的材料见附件。",
        sender="street@163.example",
        files=(case("grid_ledger"),),
        quoted=Quoted(text=asked.text),
    )
    world.arrives(answer, client=mail_master)

    world.work(minutes=1)

    assert [(case.number, case.verdict) for case in world.cases()] == [("HL22-0001", "accepted")]
    assert world.told() == [("jinan@qq.example", "fix_request"), ("street@163.example", "receipt")]


def test_a_repair_that_leaves_one_item_open_asks_for_that_item_alone(one_world: World) -> None:
    files = (case("grid_ledger", without_last_section=True), *photos(1, 3))
    one_world.arrives(Draft(subject=SUBMISSION, sender="jinan@qq.example", files=files))
    one_world.work(minutes=1)
    (asked,) = one_world.replies()
    assert ("还差2张" in asked.text, "探讨与评论" in asked.text) == (True, True)
    answer = Draft(
        subject=f"回复：{asked.subject}",
        text="补发图片。",
        sender="jinan@qq.example",
        files=photos(4, 2),
        in_reply_to=asked.message_id,
    )
    one_world.arrives(answer)

    one_world.work(minutes=1)

    *_, second = one_world.replies()
    assert (second.kind, second.number, "还差" in second.text) == ("fix_request", "HL22-0001", False)


def test_a_thank_you_in_our_thread_is_not_answered(one_world: World) -> None:
    asked = _asked_to_complete(one_world)
    thanks = Draft(
        subject=f"回复：{asked.subject}",
        text="收到，谢谢！",
        sender="jinan@qq.example",
        in_reply_to=asked.message_id,
        quoted=Quoted(text=asked.text),
    )
    one_world.arrives(thanks, client=foxmail)

    one_world.work(minutes=1)

    assert (len(one_world.replies()), one_world.outcomes()) == (1, ["filed", "courtesy"])


def test_the_same_content_in_a_new_letter_gets_the_number_and_state_it_has(world: World) -> None:
    world.arrives(Draft(subject=SUBMISSION, files=complete()))
    world.work(minutes=1)
    world.arrives(Draft(subject="再次报送案例", text="怕没有收到，再发一次。", files=complete()), client=foxmail)

    world.work(minutes=30)

    receipt, note = world.replies()
    assert (receipt.kind, note.kind, "HL22-0001" in note.text) == ("receipt", "same_again", True)
    assert (world.outcomes(), len(world.cases())) == (["filed", "same_again"], 1)


def test_the_same_letter_in_two_folders_is_one_letter_with_two_sightings(world: World) -> None:
    letter = world.arrives(Draft(subject=SUBMISSION, files=complete()))
    world.box.put(plain_letter(letter), world.clock.now(), folder=world.box.junk)

    world.work(minutes=1)

    (record,) = world.letters()
    seen = world.look(lambda view: [s.folder for s in view.sightings.of_letter(record.sha256)])
    assert (sorted(seen), len(world.replies())) == (sorted(["INBOX", world.box.junk]), 1)


def test_a_letter_a_person_moves_is_followed_and_not_answered_again(world: World) -> None:
    world.arrives(Draft(subject=SUBMISSION, files=complete()), folder=world.box.junk)
    world.work(minutes=1)
    (uid,) = world.box.uids(world.box.junk)
    world.box.move(uid, "INBOX", folder=world.box.junk)

    world.work(minutes=1)

    counts = {row[0]: row[1:] for row in world.equation()}
    assert (counts["INBOX"], counts[world.box.junk], len(world.replies())) == ((1, 1, 0), (0, 0, 1), 1)


def test_a_letter_whose_headers_the_server_rewrote_is_the_same_letter(world: World) -> None:
    letter = world.arrives(Draft(subject=SUBMISSION, files=complete()))
    world.work(minutes=1)
    rewritten = replace(letter, extra={"X-Spam-Status": "No, score=-1.0"})
    world.box.put(plain_letter(rewritten), world.clock.now())

    world.work(minutes=1)

    assert (world.outcomes(), len(world.replies())) == (["filed", "same_again"], 1)


def test_a_letter_a_colleague_answered_is_filed_but_not_answered_again(world: World) -> None:
    letter = world.arrives(Draft(subject=SUBMISSION, files=complete()))
    by_hand = Draft(
        subject="回复：报送案例",
        text="材料收到了，谢谢。",
        sender=world.box.address,
        in_reply_to=letter.message_id,
        at=letter.at,
    )
    world.box.put(plain_letter(by_hand), world.clock.now(), folder=world.box.sent)

    world.work(minutes=1)

    assert ([case.verdict for case in world.cases()], world.replies()) == (["accepted"], ())


def test_a_question_a_colleague_answered_is_not_answered_again(one_world: World) -> None:
    letter = one_world.arrives(Draft(subject="请问", text="请问案例字数有什么要求？"))
    by_hand = Draft(subject="回复：请问", text="3000字以内。", in_reply_to=letter.message_id, at=letter.at)
    one_world.box.put(plain_letter(by_hand), one_world.clock.now(), folder=one_world.box.sent)

    one_world.work(minutes=1)

    assert (one_world.outcomes(), one_world.replies()) == (["question"], ())


def test_an_answer_that_waits_for_the_mail_server_is_withdrawn_when_a_colleague_answers(one_world: World) -> None:
    one_world.smtp._at_data.append("451 try again later")
    letter = one_world.arrives(Draft(subject=SUBMISSION, files=complete()))
    one_world.work(minutes=1)
    assert [mail.kind for mail in one_world.mails("retry_at")] == ["receipt"]
    by_hand = Draft(subject="回复：报送案例", text="材料收到了。", in_reply_to=letter.message_id, at=letter.at)
    one_world.box.put(plain_letter(by_hand), one_world.clock.now(), folder=one_world.box.sent)

    one_world.work(hours=1)

    assert (one_world.replies(), [mail.kind for mail in one_world.mails("cancelled")]) == ((), ["receipt"])


def test_our_own_letter_in_sent_does_not_pass_for_a_colleagues_answer(one_world: World) -> None:
    asked = _asked_to_complete(one_world)
    one_world.box.put(asked.raw, one_world.clock.now(), folder=one_world.box.sent)
    again = Draft(subject=SUBMISSION, text="补充后重报。", sender="jinan@qq.example", files=(case("grid_ledger"),))
    one_world.arrives(again)

    one_world.work(minutes=1)

    assert [reply.kind for reply in one_world.replies()] == ["fix_request", "receipt"]


def test_letters_renumbered_by_the_server_are_known_again_and_not_answered_twice(dovecot_world: World) -> None:
    world, junk = dovecot_world, dovecot_world.box.junk
    texts = ("grid_ledger", "kitchen_smoke", "rental_houses")
    drafts = [Draft(subject=SUBMISSION, sender=f"{text}@qq.example", files=complete(text)) for text in texts]
    letters = [world.arrives(draft, folder=junk) for draft in drafts]
    world.work(minutes=1)
    before = world.letters()
    with world.box.client() as client:
        client.delete_folder(junk)
        client.create_folder(junk)  # a new UIDVALIDITY
    world.box.put_all([(plain_letter(letter), letter.at) for letter in reversed(letters)], folder=junk)
    world.arrives(Draft(subject=SUBMISSION, sender="d@qq.example", files=complete("water_meter")), folder=junk)

    world.work(minutes=5)

    assert world.told() == sorted((each, "receipt") for each in (*(draft.sender for draft in drafts), "d@qq.example"))
    assert (world.letters()[:3], [row for row in world.equation() if row[0] == junk]) == (before, [(junk, 4, 4, 0)])


# --- what is under way


def test_no_fix_request_leaves_while_a_letter_of_that_sender_is_unread(one_world: World) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender="jinan@qq.example", files=without_photos()))
    service = one_world.service
    service.collect.turn()
    service.read.turn()
    service.file.turn()
    one_world.clock.advance(timedelta(minutes=11))  # the quiet period is over
    one_world.arrives(Draft(subject="照片", text="补发照片。", sender="jinan@qq.example", files=photos(1)))
    service.collect.turn()

    one_world.records.judge.turn()  # due, but a letter of that sender lies unread
    service.post.turn()
    assert one_world.replies() == ()
    one_world.work()

    assert one_world.told() == [("jinan@qq.example", "receipt")]


def test_no_fix_request_leaves_while_any_letter_of_the_mailbox_is_uncollected(one_world: World) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender="jinan@qq.example", files=without_last_section()))
    service = one_world.service
    service.collect.turn()
    service.read.turn()
    one_world.arrives(Draft(subject="补充", sender="jinan@qq.example", files=(case("grid_ledger"),)))
    (inbox, *_) = service.mailbox.statuses()
    service.collect._list(inbox, one_world.look(lambda view: view.folders.get(one_world.box.address, "INBOX")))

    service.file.turn()
    service.post.turn()
    assert one_world.replies() == ()
    one_world.work()

    assert one_world.told() == [("jinan@qq.example", "receipt")]
