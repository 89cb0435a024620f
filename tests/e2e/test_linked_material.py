"""Material behind a link: told at once what to do, its time kept, and settled by the file itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.e2e.material import case, complete, photos
from tests.e2e.world import BEGIN, ORGANIZER, World
from tests.letters import Draft, qq_mail

pytestmark = pytest.mark.server

SUBMISSION = "报送湖里区社区治理创新案例"
SENDER = "jinan@qq.example"
BLOCK = """金安社区现报送案例，请查收。

从QQ邮箱发来的超大附件

金安社区案例材料.zip (128.03M, 2023年1月5日 21:59 到期)
进入下载页面：http://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=7d363834&code=7684decd
"""
DRIVE = "照片较大，放在网盘：\n链接: https://pan.baidu.com/s/1AbCdEf?pwd=ab12 提取码: ab12"


def test_a_letter_with_links_alone_is_filed_and_told_at_once_what_to_do(world: World) -> None:
    sent = world.arrives(Draft(subject=SUBMISSION, sender=SENDER, text=BLOCK), client=qq_mail)

    world.work(minutes=1)

    (filed,), (reply,) = world.cases(), world.replies()
    assert (filed.number, filed.verdict, reply.kind, reply.in_reply_to) == (
        "HL22-0001",
        "needs_fix",
        "fix_request",
        sent.message_id,
    )
    assert "“金安社区案例材料．zip”以QQ邮箱超大附件形式发送，大小128.0MB，2023年1月5日（星期四）21:59到期" in reply.text
    assert "将文件作为普通附件直接回复本邮件" in reply.text
    assert "收到时间以本次来信为准" in reply.text
    assert "正文文档" not in reply.text
    assert "还差5张" not in reply.text
    assert "ftnExs_download" not in reply.text


def test_the_files_themselves_close_the_case_and_the_time_of_the_link_counts(one_world: World) -> None:
    one_world.clock.set(one_world.clock.now().replace(day=20, hour=12))
    one_world.arrives(Draft(subject=SUBMISSION, sender=SENDER, text=BLOCK))
    one_world.work(minutes=1)
    (asked,) = one_world.replies()

    one_world.clock.set(one_world.clock.now().replace(day=21, hour=2))
    one_world.arrives(
        Draft(subject=f"回复：{asked.subject}", sender=SENDER, in_reply_to=asked.message_id, files=complete())
    )
    one_world.work(minutes=1)

    (filed,) = one_world.cases()
    assert (filed.verdict, [reply.kind for reply in one_world.replies()]) == ("accepted", ["fix_request", "receipt"])
    assert "收到时间：2022年12月20日（星期二）20:00" in one_world.replies()[-1].text


def test_photos_behind_a_link_are_asked_for_beside_a_readable_text(one_world: World) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender=SENDER, text=DRIVE, files=(case(),)))

    one_world.work(minutes=1)

    (reply,) = one_world.replies()
    assert (reply.kind, "百度网盘链接" in reply.text, "还差5张" in reply.text) == ("fix_request", True, True)


def test_a_link_beside_complete_material_is_only_named(one_world: World) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender=SENDER, text=DRIVE, files=complete()))

    one_world.work(minutes=1)

    (reply,) = one_world.replies()
    assert (reply.kind, "以百度网盘链接形式发送" in reply.text, "未作查看" in reply.text) == ("receipt", True, True)


def test_the_same_link_once_more_is_told_number_and_state(one_world: World) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender=SENDER, text=BLOCK))
    one_world.work(minutes=1)

    one_world.arrives(Draft(subject=SUBMISSION, sender=SENDER, text=f"再发一次。{BLOCK}"))
    one_world.work(minutes=1)

    assert one_world.told() == [(SENDER, "fix_request"), (SENDER, "same_again")]
    assert len(one_world.cases()) == 1


def test_the_digest_puts_the_link_that_ends_first_at_the_top(one_world: World) -> None:
    one_world.tables["digest"] = {"recipients": (ORGANIZER,)}
    later = BLOCK.replace("2023年1月5日", "2023年1月9日").replace("金安", "禾山").replace("7d363834", "99")
    one_world.arrives(Draft(subject=SUBMISSION, sender="b@qq.example", text=later))
    one_world.arrives(
        Draft(subject="资料", sender="c@qq.example", text="https://pan.quark.cn/s/0123456789ab 7天内有效")
    )
    one_world.arrives(Draft(subject=SUBMISSION, sender=SENDER, text=BLOCK))
    one_world.work(minutes=1)
    one_world.clock.set(BEGIN.replace(day=6, hour=8) + timedelta(seconds=1))

    one_world.work()

    (digest,) = [sent for sent in one_world.everything_sent() if sent.kind == "digest"]
    ends = ("2022年12月12日", "2023年1月5日（星期四）21:59到期", "2023年1月9日（星期一）21:59到期")
    places = [digest.text.index(end) for end in ends]
    assert places == sorted(places)
    assert "链接：http://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=7d363834&code=7684decd" in digest.text
    assert digest.text.index("1. 金安社区：资料") < places[0]


def test_photos_sent_after_the_link_settle_it_whatever_they_are_called(one_world: World) -> None:
    one_world.arrives(Draft(subject=SUBMISSION, sender=SENDER, text=DRIVE, files=(case(),)))
    one_world.work(minutes=1)

    one_world.arrives(Draft(subject="补充照片", sender=SENDER, text="补发照片，请查收。", files=photos(30)))
    one_world.work(minutes=1)

    (filed,) = one_world.cases()
    assert (filed.verdict, one_world.told()[-1]) == ("accepted", (SENDER, "receipt"))
