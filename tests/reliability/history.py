"""A fortnight of a campaign, in stages: what arrives, which commands run, at which time.

Played straight it is an ordinary history; played with a worker that dies at every durable step it meets for the
first time, it visits every such step there is (`test_crash_matrix`). Everything happens at set times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from tests.e2e.conversation_files import files_of
from tests.e2e.material import case, photo, small_case
from tests.letters import File, plain_letter
from tests.reliability.faults import BROKEN
from tests.reliability.place import CLERK, EXTRA_FOLDER, SUBMISSION, Place, Stage, put_file
from tests.servers.dovecot import JUNK

QUESTIONS = 11
"""Of one sender within a minute: one more than are answered by themselves."""


def _run(_place: Place) -> tuple[str, ...]:
    return ("run", "--once")


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


# --- what happens


def _first_letters(place: Place, at: datetime) -> None:
    place.submits(at, "a@qq.example", (small_case(1), photo(10)), folder=EXTRA_FOLDER)
    place.submits(at, "b@qq.example", (case(without_last_section=True), photo(20)))
    place.arrives(at, "c@qq.example", subject="请问", text="请问案例字数有什么要求？")
    place.submits(at, "d@qq.example", (small_case(4),))  # its photos never come
    place.submits(at, "e@qq.example", (small_case(5), photo(50)), folder=place.box.junk)
    place.arrives(at, "news@shop.example", subject="年终大促", text="全场五折。", extra={"Precedence": "bulk"})
    place.arrives(
        at, "f@qq.example", subject="自动回复：外出", text="我在外出差。", extra={"Auto-Submitted": "auto-replied"}
    )
    place.arrives(at, "g@qq.example", subject="工作周报", files=(File("周报.txt", "本周走访三次。".encode()),))


def _more_letters(place: Place, at: datetime) -> None:
    place.submits(
        at,
        "h@qq.example",
        files_of("7z of case kitchen_smoke named 案例.docx; photos 61-61 named 材料.7z locked with ja2022"),
    )
    same = place.submits(at, "i@qq.example", (small_case(9), photo(90)))
    place.box.put(plain_letter(same), at, folder=place.box.junk)  # the same bytes once more, elsewhere


def _password_follows(place: Place, at: datetime) -> None:
    place.arrives(at, "h@qq.example", subject=f"Re: {SUBMISSION}", text="解压密码：ja2022")


def _a_letter_that_breaks(number: int) -> Callable[[Place, datetime], None]:
    def arrives(place: Place, at: datetime) -> None:
        place.submits(at, BROKEN, (small_case(number), photo(number * 10)), subject=f"{SUBMISSION}{number}")

    return arrives


def _some_wait(place: Place, at: datetime) -> None:
    for number in (41, 42, 43):
        place.submits(at, f"waits{number}@qq.example", (small_case(number),))


def _folder_watched_no_more(place: Place, _at: datetime) -> None:
    place.write_settings(folders=("INBOX", JUNK))


def _folder_watched_again(place: Place, _at: datetime) -> None:
    place.write_settings()


def _refused_for_now(place: Place, at: datetime) -> None:
    place.smtp._at_recipient["full@qq.example"] = "452 4.2.2 Mailbox full"
    place.arrives(at, "full@qq.example", subject="请问", text="请问截止时间是哪天？")


def _taken_again(place: Place, _at: datetime) -> None:
    place.smtp._at_recipient.clear()


def _question(place: Place, at: datetime) -> None:
    place.arrives(at, "asks@qq.example", subject="请问", text="请问案例字数有什么要求？")


def _correct(place: Place) -> tuple[str, ...]:
    rows = place.ask(
        "SELECT number FROM cases WHERE sender_address = ? AND id NOT IN (SELECT case_id FROM outgoing_cases"
        " JOIN outgoing ON outgoing.id = outgoing_id AND kind = 'correction') ORDER BY number",
        BROKEN,
    )
    return ("correct", str(rows[0][0]), "--since", "2022-12-05", "--send")


def _number_of(place: Place, sender: str) -> str:
    return str(place.ask("SELECT number FROM cases WHERE sender_address = ?", sender)[0][0])


def _strangers(place: Place, at: datetime) -> None:
    number = _number_of(place, "a@qq.example")
    for one in (1, 2):
        place.arrives(
            at, f"stranger{one}@126.example", (small_case(70 + one), photo(70 + one)),
            subject=f"{number} 材料更换", text=f"请用附件替换 {number} 的材料。",
        )  # fmt: skip


def _one_that_waits_for_a_person(place: Place, at: datetime) -> None:
    place.submits(at, "odd@qq.example", (*files_of("unknown"), photo(80)))


def _kept_apart(place: Place, sender: str) -> str:
    return str(place.ask("SELECT sha256 FROM letters WHERE from_address = ?", sender)[0][0])


def _admit(place: Place) -> tuple[str, ...]:
    letter, number = _kept_apart(place, "stranger1@126.example"), _number_of(place, "a@qq.example")
    return ("letters", "admit", letter, number, "--by", CLERK, "--why", "电话核实，是同一单位")


def _leave(place: Place) -> tuple[str, ...]:
    return ("letters", "leave", _kept_apart(place, "stranger2@126.example"), "--by", CLERK, "--why", "与案例无关")


def _more_questions_than_a_day_has_answers(place: Place, at: datetime) -> None:
    for number in range(QUESTIONS):
        place.arrives(at, "many@qq.example", subject="请问", text=f"请问第{number}条：案例字数有什么要求？")


def _aside(place: Place) -> tuple[str, ...]:
    rows = place.ask("SELECT sha256 FROM letters WHERE outcome = 'quarantined' ORDER BY sha256")
    return ("replay", *(str(row[0]) for row in rows))


def _decide(place: Place) -> tuple[str, ...]:
    rows = place.ask("SELECT number FROM cases WHERE verdict = 'needs_fix' ORDER BY number LIMIT 1")
    return ("cases", "pass", str(rows[0][0]), "--by", CLERK, "--why", "电话核实，材料已补寄")


def _undo(place: Place) -> tuple[str, ...]:
    return ("cases", "undo", str(place.ask("SELECT number FROM cases ORDER BY updated_at DESC")[0][0]), "--by", CLERK)


def _shorter(place: Place, _at: datetime) -> None:
    place.write_campaign(most_words=100)


def _sheet(place: Place) -> tuple[str, ...]:
    rows = place.ask("SELECT number FROM cases WHERE sender_address = 'a@qq.example'")
    return ("cases", "sheet", str(rows[0][0]))


def _backup(place: Place) -> tuple[str, ...]:
    return ("backup", f"../backup-{len(place.backups())}.zip")


def _secret_written_anew(place: Place, _at: datetime) -> None:
    (place.restored / ".env").write_bytes((place.folder / ".env").read_bytes())
    (place.restored / ".env").chmod(0o600)


def stages() -> Iterator[Stage]:
    """The history, in order of time."""
    yield Stage(_minutes(0), _run, _first_letters)
    yield Stage(_minutes(5), _run, _more_letters)
    yield Stage(_minutes(12), _run)  # the photos did not come: the verdict of what waited
    yield Stage(_minutes(14), lambda _: ("replay", "--reread", "--all", "--apply"))
    yield Stage(_minutes(20), _run, _password_follows)
    yield Stage(_minutes(30), _run, _a_letter_that_breaks(31), faults=("bug_in_filing",))
    yield Stage(_minutes(32), _run, _a_letter_that_breaks(32), faults=("bug_in_reading",))
    yield Stage(_minutes(34), _run, _a_letter_that_breaks(33), faults=("bug_in_saying_it_is_being_checked",))
    yield Stage(_minutes(36), _run, _a_letter_that_breaks(34), faults=("disk_full_while_filing",), ends_with=(2,))
    yield Stage(_minutes(38), _run)
    yield Stage(
        _minutes(40), lambda _: ("run",), _a_letter_that_breaks(35),
        faults=("disk_full_while_reading",), patience_seconds=60, until_said="desk_recovered",
    )  # fmt: skip
    yield Stage(_minutes(42), _run)
    yield Stage(_minutes(44), _aside)
    yield Stage(_minutes(46), _run)
    yield Stage(_minutes(50), _run, _some_wait)
    yield Stage(_minutes(65), _run, faults=("bug_in_judging_what_waited",))
    yield Stage(_minutes(140), _run)
    yield Stage(_minutes(150), _run, _refused_for_now)
    yield Stage(_minutes(155), _run, _taken_again)
    yield Stage(_minutes(160), lambda _: ("pause",), _question)
    yield Stage(_minutes(161), _run)
    yield Stage(_minutes(162), lambda place: ("outbox", "hold", *place.ids("queued", "held")))
    yield Stage(_minutes(163), lambda place: ("outbox", "release", *place.ids("held", "queued")))
    yield Stage(_minutes(164), lambda _: ("resume",))
    yield Stage(_minutes(165), _run)
    yield Stage(_minutes(170), _decide)
    yield Stage(_minutes(170.5), _undo, ends_with=(0, 2))  # 2: it is undone already
    yield Stage(_minutes(171), _sheet)
    yield Stage(_minutes(172), lambda _: ("replay", "--apply"), _shorter)
    yield Stage(_minutes(173), _correct)
    yield Stage(_minutes(174), lambda _: ("outbox", "release"), ends_with=(0, 2))  # 2: nothing is held
    yield Stage(_minutes(174), lambda _: ("outbox", "release", "a@qq.example"))
    yield Stage(_minutes(175), _run, _folder_watched_no_more)
    yield Stage(_minutes(180), _run, _folder_watched_again)
    yield Stage(_minutes(185), _run, _more_questions_than_a_day_has_answers)
    yield Stage(_minutes(190), _run, _strangers)
    yield Stage(_minutes(191), _admit, ends_with=(0, 2))  # 2: it is settled already
    yield Stage(_minutes(192), _leave, ends_with=(0, 2))
    yield Stage(timedelta(days=1, minutes=5), _run)  # the first digest
    yield Stage(timedelta(days=1), _run)  # the clock was ahead and is set back
    yield Stage(timedelta(days=14, minutes=20), _run, _one_that_waits_for_a_person)
    yield Stage(timedelta(days=14, minutes=30), _run)  # the last day but one: whoever still owes something


def stages_of_a_move() -> Iterator[Stage]:
    """The machine is replaced: a backup, and what comes of it in an empty folder, which goes on."""
    yield Stage(timedelta(days=14, minutes=60), _backup)
    yield Stage(timedelta(days=14, minutes=65), _backup, faults=("no_hard_links",))
    elsewhere = ("-C", "../restored")
    yield Stage(  # killed as it ended, it says that there is data already
        timedelta(days=14, minutes=70),
        lambda place: ("restore", str(place.backups()[-1]), *elsewhere),
        ends_with=(0, 2),
    )
    yield Stage(timedelta(days=14, minutes=80), lambda _: ("run", "--once", *elsewhere), _secret_written_anew)


def stages_of_the_end() -> Iterator[Stage]:
    """Years later, what is personal goes."""
    yield Stage(timedelta(days=900), lambda _: ("purge", "--older-than", "2y", "--yes"))


def local_stages() -> Iterator[Stage]:
    """A mailbox that is a folder of files."""

    def case_arrives(place: Place, at: datetime) -> None:
        put_file(place.folder, at, "a@qq.example", (small_case(1), photo(10)))

    def question(place: Place, at: datetime) -> None:
        put_file(place.folder, at, "c@qq.example", subject="请问", text=f"请问案例字数有什么要求？{at:%M}")

    # The index is written only when something is new: what comes after one death needs another letter.
    yield Stage(_minutes(0), _run, case_arrives)
    for minute in range(1, 5):
        yield Stage(_minutes(minute), _run, question)
