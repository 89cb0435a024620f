"""Finished letters into the queue: a token, a Message-ID, the bytes, one row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, get_args

import pytest

from intake.edges.outbox import PRIORITY, TOKEN_ALPHABET, TOKEN_LENGTH, Outbox, new_token
from intake.model import MailKind
from storage.records.correspondence import LetterRecord, OutgoingRecord
from storage.store import Store

AT = datetime(2022, 12, 5, 2, 30, tzinfo=UTC)
BOX = "anli@huli.example"
TOKEN = "k7m2pq9xya"
LETTERS = ("a" * 64, "b" * 64)


@dataclass(frozen=True)
class Written:
    """A draft."""

    subject: str = "【湖里区案例征集】已收到"
    text: str = "金安社区：\n材料已收到。\n"
    html: str = "<p>材料已收到。</p>"
    language: str = "zh-CN"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(data_dir=tmp_path / "data")
    store.open()
    with store.write() as work:
        for sha256 in LETTERS:
            work.letters.add(LetterRecord(sha256=sha256, size_bytes=10, received_at=AT, stored_at=AT))
    yield store
    store.close()


def put(store: Store, **changes: Any) -> OutgoingRecord | None:
    said: dict[str, Any] = {
        "kind": "receipt",
        "token": TOKEN,
        "recipient": "jinan@qq.example",
        "sender_name": "湖里区案例征集",
        "at": AT,
        "letters": LETTERS[:1],
    }
    with store.write() as work:
        return Outbox(sender_address=BOX, installation="c0ffee00").put(work, Written(), **(said | changes))


def queued(store: Store, **changes: Any) -> OutgoingRecord:
    row = put(store, **changes)
    assert row is not None
    return row


def test_message_id_names_kind_row_and_token_and_stands_in_the_bytes(store: Store) -> None:
    row = queued(store)

    message = message_from_bytes(row.raw, policy=policy.default)
    assert row.message_id == f"receipt.{row.id}.{TOKEN}@huli.example"
    assert (message["Message-ID"], message["X-Intake-Id"]) == (f"<{row.message_id}>", f"c0ffee00 receipt {TOKEN}")


def test_row_holds_what_is_needed_to_send_and_to_find_it_again(store: Store) -> None:
    row = queued(store, campaign="huli-2022", kind="fix_request")

    assert (row.state, row.priority, row.to_address, row.sender_address, row.campaign, row.created_at) == (
        "queued",
        PRIORITY["fix_request"],
        "jinan@qq.example",
        BOX,
        "huli-2022",
        AT,
    )
    with store.read() as view:
        assert (view.outgoing.by_token(TOKEN), view.outgoing.by_message_id(row.message_id)) == (row, row)
        assert view.outgoing.letters_of(row.id) == LETTERS[:1]


def test_letter_answered_already_in_this_way_queues_nothing(store: Store) -> None:
    first = queued(store)

    second = put(store, token="other22222", letters=LETTERS)

    with store.read() as view:
        assert (second, view.outgoing.by_state("queued")) == (None, (first,))


def test_letter_may_be_answered_in_another_way(store: Store) -> None:
    queued(store, kind="being_checked")

    assert queued(store, token="other22222").kind == "receipt"


def test_letters_that_answer_none_may_be_many(store: Store) -> None:
    numbers = [queued(store, kind="digest", letters=(), token=new_token()).id for _ in range(3)]

    assert numbers == [1, 2, 3]


def test_held_letter_is_not_due(store: Store) -> None:
    row = queued(store, held=True)

    with store.read() as view:
        assert (row.state, view.outgoing.due(AT)) == ("held", ())


def test_transaction_that_fails_leaves_no_letter_and_no_gap(store: Store) -> None:
    with pytest.raises(RuntimeError, match="power cut"):
        _put_and_fail(store)

    assert queued(store).id == 1


def _put_and_fail(store: Store) -> None:
    outbox = Outbox(sender_address=BOX, installation="c0ffee00")
    with store.write() as work:
        outbox.put(work, Written(), kind="receipt", token=TOKEN, recipient="a@qq.example", sender_name="", at=AT)
        raise RuntimeError("power cut")


def test_every_kind_has_its_place_and_who_must_act_hears_before_who_is_thanked() -> None:
    assert PRIORITY.keys() == set(get_args(MailKind))
    assert sorted(PRIORITY, key=PRIORITY.__getitem__)[:3] == ["alarm", "sign_in", "orders"]
    assert PRIORITY["fix_request"] < PRIORITY["being_checked"] < PRIORITY["receipt"] < PRIORITY["same_again"]


def test_tokens_can_be_read_out_and_differ() -> None:
    tokens = {new_token() for _ in range(500)}

    assert len(tokens) == 500
    assert {len(token) for token in tokens} == {TOKEN_LENGTH}
    assert set("".join(tokens)) <= set(TOKEN_ALPHABET)
    assert set(TOKEN_ALPHABET).isdisjoint("0o1li")
