from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.checks import CHECKS, Rule, judge
from intake.model import Document, Resemblance, Revision, Role
from parsers.facts import Format, ProblemCode
from tests.intake.checks.revisions import (
    CLOSES_AT,
    HULI_SECTIONS,
    checks_of,
    complete,
    document,
    measure,
    photos,
    problem,
    revision,
    rule,
    rules,
)

HULI = checks_of("huli-2022")
RANK = {"accepted": 0, "needs_human": 1, "needs_fix": 2}
LATE = CLOSES_AT + timedelta(hours=1)


def test_a_complete_submission_is_accepted_with_everything_settled() -> None:
    judgement = judge(HULI, complete())

    assert judgement.verdict == "accepted"
    assert judgement.settled == ("deadline", "readable", "length", "sections", "photos", "category", "duplicates")
    assert [finding.rule for finding in judgement.findings] == ["clarity", "merit"]
    assert judgement.waived == ()


@pytest.mark.parametrize(
    ("spoilt", "verdict", "codes"),
    [
        (revision(document(words=3128), *photos(5)), "needs_fix", ["too_many_words"]),
        (revision(document(), *photos(3)), "needs_fix", ["too_few_images"]),
        (revision(document(headings=HULI_SECTIONS[:3]), *photos(5)), "needs_fix", ["section_missing"]),
        (revision(*photos(5), category=None), "needs_fix", ["case_missing"]),
        (replace(complete(), received_at=LATE), "needs_human", ["late"]),
        (revision(document(headings=("我们的故事",)), *photos(5)), "needs_human", ["sections_unrecognised"]),
        (replace(complete(), category=None), "accepted", ["category_not_chosen"]),
        (revision(document(), *photos(7)), "accepted", ["too_many_images"]),
        (
            revision(document(words=measure(2995, low=2980, high=3010)), *photos(5)),
            "accepted",
            ["near_limit_words"],
        ),
        (
            revision(document(words=4000, headings=HULI_SECTIONS[:3]), *photos(2), received_at=LATE),
            "needs_fix",
            ["late", "too_many_words", "section_missing", "too_few_images"],
        ),
        (
            revision(problem("案例.pdf", "no_text", format="pdf", role="case"), *photos(5)),
            "needs_human",
            ["file_without_text"],
        ),
    ],
)
def test_the_gravest_finding_decides_and_all_are_kept_in_the_order_of_the_rules(
    spoilt: Revision, verdict: str, codes: list[str]
) -> None:
    judgement = judge(HULI, spoilt)

    told = [finding.code for finding in judgement.findings if finding.audience == "submitter"]
    assert (judgement.verdict, told) == (verdict, codes)


def test_settled_leaves_out_what_was_found_and_what_could_not_be_judged() -> None:
    scan = revision(problem("案例.pdf", "no_text", format="pdf", role="case"), *photos(5), category=None)

    assert judge(HULI, scan).settled == ("deadline", "photos")


def test_settled_leaves_the_deadline_out_when_the_receipt_time_is_unknown() -> None:
    assert "deadline" not in judge(HULI, replace(complete(), received_at=None)).settled


def test_a_waived_rule_is_named_and_its_findings_are_gone() -> None:
    judgement = judge(HULI, revision(document(words=3128), *photos(5)), waived={"length", "no-such-rule"})

    assert judgement.verdict == "accepted"
    assert judgement.waived == ("length",)
    assert "length" not in judgement.settled


@pytest.mark.parametrize(
    ("severity", "verdict", "settled"),
    [("fix", "needs_fix", ()), ("human", "needs_human", ()), ("note", "accepted", ())],
)
def test_a_soft_rule_says_the_same_more_gently_and_is_not_called_met(
    severity: str, verdict: str, settled: tuple[str, ...]
) -> None:
    soft = rule("word_count", max=3000, severity=severity)

    judgement = judge([soft], revision(document(words=3128)))

    assert (judgement.verdict, judgement.settled) == (verdict, settled)
    assert [(finding.code, finding.severity) for finding in judgement.findings] == [("too_many_words", severity)]


def test_severity_never_makes_a_finding_graver() -> None:
    strict = rule("image_count", max=5, severity="fix")

    (found,) = strict.findings(revision(document(), *photos(6)))

    assert found.severity == "note"


def test_a_rule_for_a_category_holds_for_it_alone() -> None:
    _, for_video, scoped = rules(
        {"check": "category", "choices": ["网格治理", "视频", "图文"]},
        {"check": "word_count", "id": "video", "max": 500, "when": {"category": "视频"}},
        {"check": "word_count", "id": "scoped", "max": 500, "scope": {"category": ["视频", "图文"]}},
    )

    def told(check: Rule, category: str | None) -> list[str]:
        return [finding.code for finding in judge([check], revision(document(), category=category)).findings]

    for check in (for_video, scoped):
        assert told(check, "视频") == ["too_many_words"]
        assert told(check, "网格治理") == []
        assert told(check, None) == []
        assert judge([check], revision(document(), category=None)).settled == ()


def test_a_rule_for_a_level_and_a_kind_of_file_needs_both() -> None:
    _, check = rules(
        {"check": "level", "choices": ["街道", "社区"]},
        {"check": "word_count", "max": 500, "when": {"level": "社区", "has": "form"}},
    )
    form = document("报名表.docx", role="form")

    assert judge([check], revision(document(), form, level="社区")).verdict == "needs_fix"
    assert judge([check], revision(document(), level="社区")).verdict == "accepted"
    assert judge([check], revision(document(), form, level="街道")).verdict == "accepted"


def test_checks_stand_in_the_order_of_the_contract() -> None:
    assert [check.name for check in CHECKS] == [
        "deadline",
        "readable_files",
        "accepted_formats",
        "word_count",
        "required_sections",
        "image_count",
        "photo_quality",
        "photo_names",
        "category",
        "level",
        "duplicates",
        "summary_sheet",
        "leftovers",
        "attest",
    ]


@st.composite
def revisions(draw: st.DrawFn) -> Revision:
    """Submissions spoilt in any number of ways."""
    documents: list[Document] = []
    if draw(st.booleans()):
        value = draw(st.integers(0, 6000))
        doubt = draw(st.integers(0, 200))
        words = measure(value, low=max(0, value - doubt), high=value + doubt)
        headings = draw(st.lists(st.sampled_from([*HULI_SECTIONS, "主要做法", "一枚印章"]), max_size=5))
        documents.append(document(words=words, headings=headings, text="字" * (value % 50)))
    codes: st.SearchStrategy[ProblemCode] = st.sampled_from(
        ["encrypted", "damaged", "no_text", "killed", "unsupported_format", "empty"]
    )
    formats: st.SearchStrategy[Format] = st.sampled_from(["docx", "pdf", "image", "archive", "other"])
    roles: st.SearchStrategy[Role] = st.sampled_from(["case", "form", "attachment", "stamped_copy"])
    unreadable = [
        problem(f"p{n}", draw(codes), format=draw(formats), role=draw(roles)) for n in range(draw(st.integers(0, 2)))
    ]
    resembles = tuple(
        Resemblance(number="HL22-0001", title="甲", similarity=similarity, same_sender=False)
        for similarity in draw(st.lists(st.floats(0, 1), max_size=2))
    )
    return revision(
        *documents,
        *unreadable,
        *photos(draw(st.integers(0, 7))),
        received_at=draw(st.sampled_from([None, CLOSES_AT, LATE, CLOSES_AT - timedelta(days=1)])),
        category=draw(st.sampled_from([None, "网格治理", "多元治理", "乡村振兴"])),
        resembles=resembles,
    )


@settings(max_examples=200, deadline=None)
@given(
    revisions(), st.sets(st.sampled_from([check.id for check in HULI])), st.sampled_from([check.id for check in HULI])
)
def test_one_more_waiver_never_worsens_a_verdict(spoilt: Revision, waived: set[str], another: str) -> None:
    before = judge(HULI, spoilt, waived=waived)
    after = judge(HULI, spoilt, waived=waived | {another})

    assert RANK[after.verdict] <= RANK[before.verdict]
    assert after.findings == tuple(finding for finding in before.findings if finding.rule != another)


@settings(max_examples=200, deadline=None)
@given(revisions(), st.sampled_from(["case", "form"]))
def test_nothing_is_asked_to_be_mended_on_the_word_of_a_recogniser(spoilt: Revision, role: Role) -> None:
    """Whatever checks read in a scan, or miss beside it: a person looks first."""
    scan = document(
        "扫描.pdf", role=role, format="pdf", words=measure(4000, low=3600, high=4400, reason="ocr"), ocr=True
    )
    scanned = replace(spoilt, files=(scan, *(file for file in spoilt.files if not isinstance(file, Document))))

    judgement = judge(HULI, scanned)

    assert judgement.verdict in {"accepted", "needs_human"}
    assert {finding.severity for finding in judgement.findings} <= {"human", "note"}


def test_a_scan_that_meets_every_rule_is_looked_at_by_a_person() -> None:
    scan = document("扫描.pdf", format="pdf", words=measure(2403, low=2160, high=2644, reason="ocr"), ocr=True)

    judgement = judge(HULI, revision(scan, *photos(5)))

    told = [(f.code, f.severity, f.values) for f in judgement.findings if f.audience == "submitter"]
    assert judgement.verdict == "needs_human"
    assert told == [("file_scanned", "human", {"found": 2403, "low": 2160, "high": 2644})]
    assert "readable" not in judgement.settled


def test_a_case_that_came_as_photos_of_its_pages_is_looked_at_before_anything_is_asked_for() -> None:
    pages = [replace(photo, facts=photo.facts.model_copy(update={"page_words": 400})) for photo in photos(3)]

    judgement = judge(HULI, revision(*pages, category=None))

    told = [(f.code, f.severity) for f in judgement.findings if f.audience == "submitter" and f.severity != "note"]
    assert judgement.verdict == "needs_human"
    assert ("pages_photographed", "human") in told
    assert {severity for _, severity in told} == {"human"}


def test_a_stamped_copy_that_was_recognised_changes_nothing_for_the_text_beside_it() -> None:
    copy = document("盖章.pdf", role="stamped_copy", format="pdf", ocr=True)

    judgement = judge(HULI, revision(document(words=3128), copy, *photos(5)))

    assert (judgement.verdict, judgement.findings[0].code) == ("needs_fix", "too_many_words")


@settings(max_examples=200, deadline=None)
@given(revisions())
def test_nothing_without_a_readable_case_is_ever_accepted(spoilt: Revision) -> None:
    judgement = judge(HULI, spoilt)

    if not spoilt.case_documents:
        assert judgement.verdict != "accepted"


@settings(max_examples=200, deadline=None)
@given(revisions())
def test_no_rule_is_both_settled_and_asked_for(spoilt: Revision) -> None:
    judgement = judge(HULI, spoilt)

    asked = {finding.rule for finding in judgement.findings if finding.severity != "note"}
    assert asked.isdisjoint(judgement.settled)
    assert judge(HULI, spoilt) == judgement
