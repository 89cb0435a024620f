"""One case on one page: what came, what was found, what was said, what was decided."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from intake.calls import Call
from intake.casework.fold import CaseState, fold
from intake.edges.records import finding_from_json
from intake.model import Document, Finding, Photo, Problem
from intake.replies import describe_finding
from intake.web.document import DocumentView, view_document
from intake.web.door import Guest
from intake.web.orders import OUTCOMES
from intake.web.site import Site
from intake.web.views import case_row, format_words, history, moment, problem_words, size_words
from intake.wording import clean_line
from storage.records import CaseRecord, JudgementRecord, RevisionRecord
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding in words."""

    severity: str
    text: str
    rule: str
    evidence: str


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture as the contact sheet shows it."""

    sha256: str
    name: str
    detail: str
    remark: str
    counted: bool


def show_case(site: Site, request: Request, guest: Guest) -> Response:
    """The page of the case with the number in the address."""
    number = request.path_params["number"].strip().upper()
    with site.records.store.read() as view:
        case = view.cases.by_number(number)
        if case is None:
            return no_such_case(site, guest, number)
        return _page(site, guest, view, case, notice=OUTCOMES.get(request.query_params.get("outcome", ""), ""))


def no_such_case(site: Site, guest: Guest, number: str) -> Response:
    """Told plainly."""
    line = f"没有登记编号为 {clean_line(number, 40)} 的案例。"
    return site.show(guest, "message.html.j2", title="没有找到", status=404, lines=[line], back="/")


def _page(site: Site, guest: Guest, view: UnitOfWork, case: CaseRecord, *, notice: str) -> Response:
    call = site.records.calls.get(case.campaign)
    letters = view.letters.of_case(case.id)
    state = _state(site, view, case, call)
    judgement = view.cases.last_judgement(case.id)
    findings = [finding_from_json(stored) for stored in judgement.findings] if judgement else []
    revisions = view.cases.revisions(case.id)
    return site.show(
        guest,
        "case.html.j2",
        title=case.number,
        case=case_row(case, site.zone),
        facts=_facts(case),
        call=call,
        findings=[_finding(each, call) for each in findings],
        settled=_labels(call, judgement),
        waived=list(judgement.waived) if judgement else [],
        documents=_documents(state, findings, call),
        pictures=_pictures(state),
        problems=_problems(state),
        revisions=[_revision(each, site) for each in revisions],
        history=history(letters, view.outgoing.of_case(case.id), view.cases.decisions(case.id), zone=site.zone),
        rules=[(check.id, call.language.say(f"check.{check.check}")) for check in call.checks] if call else [],
        notice=notice,
    )


def _state(site: Site, view: UnitOfWork, case: CaseRecord, call: Call | None) -> CaseState:
    if call is None:
        return CaseState()
    letters = site.records.readings.of_case(view, case.id, call.signs)
    return fold(letters, call.signs, closes_at=case.closes_at or call.campaign.closes_at)


def _facts(case: CaseRecord) -> list[tuple[str, str]]:
    pairs = (
        ("单位", case.unit),
        ("联系人", case.contact),
        ("电话", case.phone),
        ("类别", case.category or ""),
        ("层级", case.level or ""),
        ("来自", case.sender_address),
    )
    return [(label, clean_line(value)) for label, value in pairs if value]


def _finding(finding: Finding, call: Call | None) -> FindingView:
    text = describe_finding(finding, call.language, call.letterhead) if call else finding.code
    return FindingView(finding.severity, text, finding.rule, clean_line(finding.evidence or "", 120))


def _labels(call: Call | None, judgement: JudgementRecord | None) -> list[str]:
    if call is None or judgement is None:
        return []
    names = (call.language.say(f"check.{check.check}") for check in call.checks if check.id in judgement.settled)
    return list(dict.fromkeys(names))


def _documents(state: CaseState, findings: list[Finding], call: Call | None) -> list[DocumentView]:
    documents = [file for file in state.files if isinstance(file, Document)]
    return [view_document(each, findings, call) for each in documents]


def _pictures(state: CaseState) -> list[PictureView]:
    from intake.figures.contact_sheet import WHY_NOT

    shown = []
    for file in state.files:
        if isinstance(file, Photo):
            why = WHY_NOT[file.why_not].format(same_as=clean_line(file.same_as or "")) if file.why_not else "计入"
            detail = f"{file.facts.width_px}×{file.facts.height_px}像素，{size_words(file.size_bytes)}"
            if file.container:
                detail += f"，在{clean_line(file.container)}里"
            shown.append(PictureView(file.sha256, clean_line(file.name), detail, why, file.counted))
    return shown


def _problems(state: CaseState) -> list[tuple[str, str]]:
    return [
        (clean_line(file.name), f"{format_words(file.format)}，{problem_words(file.code)}")
        for file in state.files
        if isinstance(file, Problem)
    ]


def _revision(revision: RevisionRecord, site: Site) -> tuple[str, str, list[str]]:
    names = [clean_line(str(file["name"])) for file in revision.summary.get("files", ())]
    return f"第{revision.ordinal}版", moment(revision.received_at or revision.at, site.zone), names
