"""Days of a campaign as plain data: what the golden digests are made from."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from intake.figures import CaseLine, DigestMatter, FolderCount, HumanItem, IgnoredLetter, Incident, StuckMail
from intake.figures.charts import Chart, cases_by, days_to_the_close
from intake.figures.matter import WeekCounts
from intake.figures.roster_report import RosterMatter, UnitLine

CHINA = timezone(timedelta(hours=8))
MORNING = datetime(2022, 12, 15, 8, 0, tzinfo=CHINA)
CLOSES_AT = datetime(2022, 12, 21, tzinfo=CHINA)


def case(number: int, title: str, unit: str | None = "金安社区", **changes: object) -> CaseLine:
    line = CaseLine(
        number=f"HL22-{number:04}",
        title=title,
        unit=unit,
        category="网格治理",
        received_at=MORNING - timedelta(hours=number % 20, minutes=number),
    )
    return replace(line, **changes)  # type: ignore[arg-type]  # rows of a table


ROSTER = RosterMatter(
    campaign="2022年湖里区社区治理创新案例征集",
    subject_tag="湖里区案例征集",
    written_at=MORNING,
    zone="Asia/Shanghai",
    units=(
        UnitLine("金山街道", "金安社区", "sent", complete=("HL22-0038",), contact="张三"),
        UnitLine("金山街道", "金海社区", "incomplete", incomplete=("HL22-0042",), contact="李四"),
        UnitLine("金山街道", "金湖社区", "missing", contact="王五"),
        UnitLine("江头街道", "阳光社区", "missing"),
        UnitLine("江头街道", "江村社区", "missing", contact="赵六"),
        UnitLine("禾山街道", "禾缘社区", "sent", complete=("HL22-0030",)),
        UnitLine("禾山街道", "岭下社区", "not_expected"),
        UnitLine("", "区民政局", "incomplete", complete=("HL22-0031",), quota=2),
    ),
    unmatched=("HL22-0040",),
    closes_at=CLOSES_AT,
    address="anli@huli.example",
    cases=42,
    accepted=30,
)


def pictures(at: datetime = MORNING) -> tuple[Chart, ...]:
    """42 cases of the two weeks before, more each day."""
    opened = [at - timedelta(days=day, hours=hour) for day in range(14) for hour in range(max(1, 7 - day))]
    complete = [moment + timedelta(hours=3) for moment in opened[::2]]
    states = ("accepted", "accepted", "needs_fix", "accepted", "needs_human", "waiting")
    categories = ("网格治理", "未注明类别", "党建引领基层治理共同体建设", "网格治理", "物业服务")
    labelled = Counter((categories[place % 5], states[place % 6]) for place in range(len(opened)))
    return (
        days_to_the_close(opened, complete, zone="Asia/Shanghai", now_at=at, closes_at=CLOSES_AT),
        cases_by("各类别案例", labelled),
    )


FULL_DAY = DigestMatter(
    written_at=MORNING,
    since_at=MORNING - timedelta(days=1),
    zone="Asia/Shanghai",
    campaigns=("2022年湖里区社区治理创新案例征集",),
    subject_tag="湖里区案例征集",
    closes_at=CLOSES_AT,
    letters_new=17,
    total_cases=42,
    needs_person=(
        HumanItem(
            what="HL22-0041《一张网兜起万家事》",
            reason="未能从小标题中识别出“成效与反响”。",
            evidence="文中的小标题：“小切口”里见真章、一张网兜起万家事",
            how="看过材料后运行：intake cases pass HL22-0041 --by 姓名 --why 理由",
            answer="通过 HL22-0041，或：退回 HL22-0041 理由：…",
            link="https://anli.example/cases/HL22-0041",
            cost="submitter",
        ),
        HumanItem(
            what="郑晓 来信：案例材料",
            reason="系统没有读出这封邮件的附件。",
            evidence="案例.wps",
            how="运行：intake quarantine list",
            cost="deadline",
        ),
        HumanItem(what="原创性承诺", reason="征集启事要求原创，系统不作判断。"),
    ),
    new=(
        case(41, "一张网兜起万家事", category=None, suggestion="网格治理"),
        case(42, "红色物业进小区", "湖里街道办事处", note="待补图片2张"),
        case(40, "", None, category=None),
    ),
    accepted=(case(38, "“微网格”撬动“大治理”", note="字数2846，图片5张"),),
    needs_fix=(
        case(42, "红色物业进小区", "湖里街道办事处", note="正文3128字，超出128字；图片还差2张。12月20日24时前"),
    ),
    waiting=(case(39, "老旧小区的新生", note="待收照片，至12月15日18:00"),),
    late=(),
    ignored=(
        IgnoredLetter("王敏 <w@example.com>", "12月第2周工作周报", "unrelated", MORNING - timedelta(hours=3)),
        IgnoredLetter("q@example.com", "请问字数", "question", MORNING - timedelta(hours=5), answered=True),
        IgnoredLetter("postmaster@example.net", "", "bounce", MORNING - timedelta(hours=6)),
    ),
    mail_counts=(("sent", 15), ("queued", 2), ("failed", 1)),
    stuck_mail=(StuckMail("w@example.com", "【湖里区案例征集】已收到", "failed", "对方邮箱不存在（550）"),),
    incidents=(
        Incident(MORNING - timedelta(hours=9), "邮箱连接中断20分钟", recovered=True),
        Incident(MORNING - timedelta(hours=1), "发信被邮箱限流", advice="系统会放慢发送，无需处理。"),
    ),
    folders=(FolderCount("INBOX", 198, 198, gone=3, before_opening=120), FolderCount("垃圾邮件", 13, 13)),
    attest=("主旨清晰、层次分明、资料翔实",),
    notes=("征集规则文件有改动，已有案例未重新核对；如需重新核对请运行 intake replay。",),
    states=(("accepted", 30), ("needs_fix", 7), ("needs_human", 3), ("waiting", 2)),
    rosters=(ROSTER,),
    charts=pictures(),
    answerable=True,
    polled_at=MORNING - timedelta(minutes=1),
)
QUIET_DAY = DigestMatter(
    written_at=MORNING,
    since_at=MORNING - timedelta(days=1),
    zone="Asia/Shanghai",
    campaigns=("2022年湖里区社区治理创新案例征集",),
    subject_tag="湖里区案例征集",
    closes_at=CLOSES_AT,
    total_cases=42,
    folders=(FolderCount("INBOX", 211, 211, gone=3),),
)

DAYS: dict[str, DigestMatter] = {
    "full_day": FULL_DAY,
    "quiet_day": QUIET_DAY,
    "not_complete": replace(QUIET_DAY, folders=(FolderCount("INBOX", 211, 209), FolderCount("垃圾邮件", 13, 13))),
    "renumbered": replace(QUIET_DAY, folders=(FolderCount("INBOX", 211, 40, rematching=True),)),
    "monday": replace(
        QUIET_DAY,
        states=FULL_DAY.states,
        week=WeekCounts(letters=96, opened=21, complete=17, opened_before=9, complete_before=6),
    ),
    "last_day_at_noon": replace(
        FULL_DAY,
        written_at=CLOSES_AT - timedelta(hours=12),
        since_at=CLOSES_AT - timedelta(hours=16),
        is_closing=True,
        rosters=(replace(ROSTER, written_at=CLOSES_AT - timedelta(hours=12)),),
        charts=pictures(CLOSES_AT - timedelta(hours=12)),
    ),
    "last_day_of_the_demo": replace(
        FULL_DAY, written_at=CLOSES_AT - timedelta(hours=2), since_at=None, demo=True, needs_person=()
    ),
    "after_the_close": replace(
        QUIET_DAY,
        written_at=CLOSES_AT + timedelta(hours=8),
        late=(case(43, "迟到的案例", note="晚3分钟"),),
        states=FULL_DAY.states,
        needs_fix=FULL_DAY.needs_fix,
        rosters=(replace(ROSTER, written_at=CLOSES_AT + timedelta(hours=8)),),
    ),
    "a_day_later": replace(
        QUIET_DAY, since_at=CLOSES_AT + timedelta(hours=8), written_at=CLOSES_AT + timedelta(hours=32)
    ),
}
"""Name of the golden file to what it is made from."""
