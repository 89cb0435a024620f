"""The organizers' daily letter: at its time, once, whatever happened to the service meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.e2e.material import complete, weekly_report, without_last_section, without_photos
from tests.e2e.world import BEGIN, ORGANIZER, Reply, World
from tests.letters import Draft

pytestmark = pytest.mark.server

SUBMISSION = "报送湖里区社区治理创新案例"
EIGHT = BEGIN.replace(day=6, hour=8)


@pytest.fixture
def organizers(one_world: World) -> World:
    """A service whose digest somebody reads."""
    one_world.tables["digest"] = {"recipients": (ORGANIZER,)}
    return one_world


def _digests(world: World) -> list[Reply]:
    return [reply for reply in world.everything_sent() if reply.kind == "digest"]


def test_the_digest_leaves_at_its_time_and_once(organizers: World) -> None:
    organizers.arrives(Draft(subject=SUBMISSION, files=complete()))
    organizers.work(minutes=1)
    organizers.clock.set(EIGHT - timedelta(seconds=1))
    organizers.work()
    assert _digests(organizers) == []

    organizers.work(seconds=1)
    for _ in range(5):
        organizers.work(hours=4)

    (digest,) = _digests(organizers)
    assert (digest.to, "HL22-0001" in digest.text) == (ORGANIZER, True)
    organizers.work(hours=4)
    assert len(_digests(organizers)) == 2


def test_a_digest_missed_while_the_service_was_off_is_written_once_when_it_is_back(organizers: World) -> None:
    organizers.arrives(Draft(subject=SUBMISSION, files=complete()))
    organizers.work(minutes=1)
    organizers.stop()

    organizers.work(days=3)
    organizers.work(minutes=5)

    assert len(_digests(organizers)) == 1


def test_the_digest_tells_what_came_and_what_became_of_it(organizers: World) -> None:
    _arrives(organizers, "accepted@qq.example", files=complete())
    _arrives(organizers, "fix@qq.example", files=without_last_section("kitchen_smoke"))
    _arrives(organizers, "other@qq.example", subject="社区工作周报", files=(weekly_report(),))
    organizers.work(minutes=1)
    organizers.clock.set(EIGHT - timedelta(minutes=5))
    _arrives(organizers, "waiting@qq.example", files=without_photos("rental_houses"))

    organizers.work()
    organizers.work(minutes=5)

    (digest,) = _digests(organizers)
    for expected in ("邮箱现有4封，全部已登记", "HL22-0001", "HL22-0002", "HL22-0003", "等候后续材料", "社区工作周报"):
        assert expected in digest.text


def test_a_digest_tells_only_what_is_new_since_the_last_one(organizers: World) -> None:
    _arrives(organizers, "first@qq.example", files=complete())
    organizers.work(minutes=1)
    organizers.work(days=1)
    _arrives(organizers, "second@qq.example", files=complete("kitchen_smoke"))

    organizers.work(days=1)

    first, second = _digests(organizers)
    assert ("HL22-0001" in first.text, "HL22-0001" in second.text, "HL22-0002" in second.text) == (True, False, True)


def test_a_digest_the_server_refused_for_a_while_is_sent_later_and_once(organizers: World) -> None:
    organizers.arrives(Draft(subject=SUBMISSION, files=complete()))
    organizers.work(minutes=1)
    organizers.smtp._at_data.extend(["451 4.7.1 try again later"] * 3)
    organizers.clock.set(EIGHT)
    organizers.work()
    assert _digests(organizers) == []

    for _ in range(4):
        organizers.work(minutes=45)

    (digest,) = _digests(organizers)
    assert "HL22-0001" in digest.text


def test_in_the_last_two_days_digests_come_four_times_a_day_and_the_close_is_summed_up(organizers: World) -> None:
    organizers.arrives(Draft(subject=SUBMISSION, files=complete()))
    organizers.work(minutes=1)
    organizers.clock.set(BEGIN.replace(day=18, hour=8))
    organizers.work()
    before = len(_digests(organizers))

    for day, hour in [*((day, hour) for day in (19, 20) for hour in (8, 10, 12, 17, 21, 23)), (21, 8), (21, 9)]:
        organizers.clock.set(BEGIN.replace(day=day, hour=hour))
        organizers.work()

    subjects = [reply.subject.partition("：")[0] for reply in _digests(organizers)[before:]]
    days = ((f"12月{day}日{hour}时收件快报") for day in (19, 20) for hour in (8, 12, 17, 21))
    assert subjects == [f"【湖里区案例征集】{title}" for title in (*days, "12月21日截止小结")]


def test_who_has_not_sent_is_told_by_street_with_words_to_pass_on(organizers: World) -> None:
    roster = "街道,单位,邮箱\n金山街道,金安社区,first@qq.example\n金山街道,金海社区,\n江头街道,阳光社区,\n"
    (organizers.folder / "roster.csv").write_text(roster, encoding="utf-8")
    _arrives(organizers, "first@qq.example", files=complete())
    organizers.work(minutes=1)

    organizers.work(days=1)

    (digest,) = _digests(organizers)
    for expected in (
        "应报3家，未报2",
        "金山街道 ｜ 1/2 ｜ 未报：金海社区",
        "尚未收到（2家）：\n金山街道：金海社区\n江头街道：阳光社区",
    ):
        assert expected in digest.text.replace("\r\n", "\n")


def _arrives(world: World, sender: str, *, subject: str = SUBMISSION, files: tuple[object, ...]) -> None:
    world.arrives(Draft(subject=subject, sender=sender, files=files))  # type: ignore[arg-type]  # files of the material
