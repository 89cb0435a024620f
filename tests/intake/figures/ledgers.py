"""A small intake as ledger matter: what the tests of the ledger share."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from intake.figures.ledger_matter import LedgerCase, LedgerFile, LedgerFinding, LedgerLetter, LedgerMatter

CHINA = timezone(timedelta(hours=8))
AT = datetime(2022, 12, 15, 8, 0, tzinfo=CHINA)
HASH = "0123456789abcdef" * 4

ACCEPTED = LedgerCase(
    number="HL22-0001",
    state="accepted",
    opened_at=AT - timedelta(days=3),
    title="一张网兜起万家事",
    unit="金安社区",
    contact="林小榕",
    phone="0592-5550101、13800138000",
    address="13800138000@163.com",
    category="网格治理",
    last_at=AT - timedelta(days=2),
    letters=2,
    revision=2,
    words=2846,
    photos=5,
    files=6,
    decision="王老师通过：来电 13900139000 说明过",
    judged_at=AT - timedelta(days=2),
)
LACKING = LedgerCase(
    number="HL22-0002",
    state="needs_fix",
    opened_at=AT - timedelta(days=1),
    title='=HYPERLINK("http://evil.example","红色物业")',
    unit="+湖里街道",
    to_complete="正文3128字，超出128字。\n图片还差2张。",
    late=True,
    words=3128,
    photos=3,
    files=4,
    letters=1,
    revision=1,
    last_at=AT - timedelta(days=1),
    judged_at=AT - timedelta(days=1),
)
WITHDRAWN = LedgerCase(number="HL22-0003", state="withdrawn", opened_at=AT - timedelta(days=1), title="撤回的案例")
TRIAL = LedgerCase(number="测试-HL22-0001", state="accepted", opened_at=AT - timedelta(days=9), test=True, photos=5)

MATTER = LedgerMatter(
    written_at=AT,
    zone="Asia/Shanghai",
    campaigns=("2022年湖里区社区治理创新案例征集",),
    mailbox="anli@example.org",
    signature="组委会",
    cases=(TRIAL, ACCEPTED, LACKING, WITHDRAWN),
    files=(
        LedgerFile(
            name="案例.docx",
            format="docx",
            size_bytes=40_960,
            sha256=HASH,
            received_at=AT - timedelta(days=3),
            numbers=("HL22-0001",),
            role="case",
            words=2846,
            sender="林小榕",
        ),
        LedgerFile(
            name="1.jpg",
            format="image",
            size_bytes=2_000_000,
            sha256=HASH,
            received_at=AT - timedelta(days=3),
            numbers=("HL22-0001",),
            role="photo",
            counted=False,
            pixels=(4000, 3000),
            place="照片.zip/院子",
        ),
        LedgerFile(
            name="锁.zip",
            format="archive",
            size_bytes=0,
            sha256=HASH,
            received_at=AT,
            problem="encrypted",
            sender="王敏",
        ),
    ),
    letters=(
        LedgerLetter(
            sha256=HASH,
            received_at=AT - timedelta(days=3),
            sender_name="林小榕",
            sender_address="13800138000@163.com",
            subject="案例报送",
            outcome="filed",
            numbers=("HL22-0001",),
            answers=(("being_checked", "sent", AT - timedelta(days=2)), ("receipt", "sent", AT - timedelta(days=1))),
            size_bytes=1536,
        ),
        LedgerLetter(
            sha256=HASH,
            received_at=AT,
            sender_name="",
            sender_address="x@example.com",
            subject="",
            outcome="not_a_submission",
            ignored="question",
            reason="请回电 13700137000",
            by_hand=True,
            folder_role="junk",
            size_bytes=512,
        ),
    ),
    unfetched=(("oversize", 2),),
    findings=(
        LedgerFinding(
            number="HL22-0002",
            title="红色物业",
            check="字数",
            rule="length",
            severity="fix",
            file="案例.docx",
            says="正文3128字，超出128字。",
            evidence="身份证 350206199001011234",
            judged_at=AT,
        ),
    ),
    last_numbers=(("HL22", 104), ("测试-HL22", 1)),
    restored_at=AT - timedelta(days=1),
)
