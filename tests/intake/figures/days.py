"""Days of a campaign as plain data: what the golden digests are made from."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from intake.figures import CaseLine, DigestMatter, FolderCount, HumanItem, IgnoredLetter, Incident, StuckMail

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
    "last_day_of_the_demo": replace(
        FULL_DAY, written_at=CLOSES_AT - timedelta(hours=2), since_at=None, demo=True, needs_person=()
    ),
    "after_the_close": replace(
        QUIET_DAY, written_at=CLOSES_AT + timedelta(hours=8), late=(case(43, "迟到的案例", note="晚3分钟"),)
    ),
}
"""Name of the golden file to what it is made from."""
