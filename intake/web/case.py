"""One case on one page: what came, what was found, what was said, what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from intake.calls import Call
from intake.casework.fold import CaseState, fold
from intake.deciding import UNDO_FOR, newest_order
from intake.deciding.meaning import GONE
from intake.edges.records import finding_from_json
from intake.model import UNSENT, Document, Finding, Photo, Problem
from intake.replies import describe_finding
from intake.web.asking import ON_A_CASE, WORDS
from intake.web.document import DocumentView, view_document
from intake.web.door import Guest
from intake.web.orders import SAID
from intake.web.site import Site
from intake.web.versions import version_entries
from intake.web.views import (
    case_row,
    decision_words,
    format_words,
    history,
    moment,
    problem_words,
    size_words,
    waiting_mail,
)
from intake.wording import clean_line
from storage.records.casebook import CaseRecord, JudgementRecord
from storage.records.correspondence import LetterRecord
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
    source: str
    """Where the picture itself can be had; empty when its letter was cleared away."""


def show_case(site: Site, request: Request, guest: Guest) -> Response:
    """The page of the case with the number in the address."""
    number = request.path_params["number"].strip().upper()
    with site.records.store.read() as view:
        case = view.cases.by_number(number)
        if case is None:
            return no_such_case(site, guest, number)
        if case.number != number:  # a number it had before
            return RedirectResponse(f"/cases/{quote(case.number)}", status_code=303)
        return _page(site, guest, view, case, notice=SAID.get(request.query_params.get("outcome", ""), ""))


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
    mails = view.outgoing.of_case(case.id)
    sources = _sources(site, view, letters)
    documents = _documents(state, findings, call, sources)
    return site.show(
        guest,
        "case.html.j2",
        view=view,
        title=case.number,
        case=case_row(case, site.zone),
        facts=_facts(case),
        call=call,
        findings=[finding_view(each, call) for each in findings],
        settled=_labels(call, judgement),
        waived=list(judgement.waived) if judgement else [],
        documents=documents,
        over=any(block.over for document, _ in documents for block in document.blocks),
        pictures=_pictures(state, sources),
        problems=_problems(state, sources),
        shown=max((each.ordinal for each in revisions), default=0),
        after=newest_order(view, case.number, campaign=case.campaign),
        versions=[(each.ordinal, moment(each.received_at or each.at, site.zone)) for each in revisions],
        history=history(
            letters,
            mails,
            view.cases.decisions(case.id),
            undone=view.orders.undone(case.id),
            versions=version_entries(revisions, site.zone),
            zone=site.zone,
        ),
        waiting=[waiting_mail(each, site.zone) for each in mails if each.state in UNSENT],
        gone=GONE.get(case.state, ""),
        into=_into(view, case),
        actions=_actions(len(revisions), len(site.records.calls)),
        undoable=_undoable(site, view, case),
        elsewhere=[(id_, each.campaign.title) for id_, each in site.records.calls.items() if id_ != case.campaign],
        rules=[(check.id, call.language.say(f"check.{check.check}")) for check in call.checks] if call else [],
        notice=notice,
    )


def _actions(versions: int, campaigns: int) -> list[tuple[str, str]]:
    """What can be ordered on a case, in the order offered: only what could be carried out."""
    offered = {"choose": versions > 1, "move": campaigns > 1}
    return [(action, WORDS[action]) for action in ON_A_CASE if offered.get(action, True)]


def _into(view: UnitOfWork, case: CaseRecord) -> str:
    """Number of the case this one went into; empty when it did not."""
    into = view.orders.merged_into(case.id)
    other = view.cases.get(into) if into is not None else None
    return other.number if other is not None else ""


def _undoable(site: Site, view: UnitOfWork, case: CaseRecord) -> tuple[int, str] | None:
    """The latest order on the case, its id and words, as long as it can be taken back."""
    done = [each for each in view.orders.of_case(case.id) if each.state == "done"]
    if not done or done[-1].settled_at is None:
        return None
    last, until_at = done[-1], done[-1].settled_at + UNDO_FOR
    if site.records.clock.now() >= until_at:
        return None
    words = f"{clean_line(last.who)}：{decision_words(last.action)}，{moment(until_at, site.zone)}前可以撤销"
    return last.id, words


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


def finding_view(finding: Finding, call: Call | None) -> FindingView:
    """A finding in the words for organizers; its code when its campaign is not there."""
    text = describe_finding(finding, call.language, call.letterhead) if call else finding.code
    return FindingView(finding.severity, text, finding.rule, clean_line(finding.evidence or "", 120))


def _labels(call: Call | None, judgement: JudgementRecord | None) -> list[str]:
    if call is None or judgement is None:
        return []
    names = (call.language.say(f"check.{check.check}") for check in call.checks if check.id in judgement.settled)
    return list(dict.fromkeys(names))


def _sources(site: Site, view: UnitOfWork, letters: Sequence[LetterRecord]) -> dict[str, str]:
    """Where each file of the case can be had, by its hash; those of letters cleared away are left out."""
    held = [letter.sha256 for letter in letters if site.records.letters.holds(letter.sha256)]
    return {
        sha256: f"/letters/{letter}/files/{sha256}"
        for letter, hashes in view.files.hashes_of(held).items()
        for sha256 in hashes
    }


def _documents(
    state: CaseState, findings: list[Finding], call: Call | None, sources: Mapping[str, str]
) -> list[tuple[DocumentView, str]]:
    documents = [file for file in state.files if isinstance(file, Document)]
    return [(view_document(each, findings, call), sources.get(each.sha256, "")) for each in documents]


def _pictures(state: CaseState, sources: Mapping[str, str]) -> list[PictureView]:
    from intake.figures.contact_sheet import WHY_NOT

    shown = []
    for file in state.files:
        if isinstance(file, Photo):
            why = WHY_NOT[file.why_not].format(same_as=clean_line(file.same_as or "")) if file.why_not else "计入"
            detail = f"{file.facts.width_px}×{file.facts.height_px}像素，{size_words(file.size_bytes)}"
            if file.container:
                detail += f"，在{clean_line(file.container)}里"
            source = sources.get(file.sha256, "")
            shown.append(PictureView(file.sha256, clean_line(file.name), detail, why, file.counted, source))
    return shown


def _problems(state: CaseState, sources: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [
        (
            clean_line(file.name),
            f"{format_words(file.format)}，{problem_words(file.code)}",
            sources.get(file.sha256, ""),
        )
        for file in state.files
        if isinstance(file, Problem)
    ]
