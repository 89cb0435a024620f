"""`intake cases …`: look at cases and overrule verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path

from intake.bootstrap import Records
from intake.calls import Call
from intake.cli.folder import records_of
from intake.cli.orders import SAID
from intake.cli.tables import plain, print_table
from intake.edges.records import DELIVERY, delivery_from_json, finding_from_json
from intake.edges.wrapping import CHANNELS
from intake.errors import OperatorError, UnknownCaseError
from intake.figures.ledger_words import DECISIONS, MAIL_STATES, ROLES, STATES
from intake.lookups import case_written
from intake.replies import describe_finding
from intake.wording import clean_link, clean_title
from storage.records.casebook import CaseRecord, RevisionRecord
from storage.records.correspondence import LetterRecord
from storage.unit_of_work import UnitOfWork

_DECISIONS = DECISIONS | SAID | {"withdrawn": "撤回"}
"""As the ledger calls them, but for the names of commands."""


def list_cases(folder: Path, *, state: str) -> int:
    """List cases, oldest first; exit status 0."""
    if state and state not in STATES:
        raise OperatorError(f"没有“{state}”这种状态。可以写：{'、'.join(STATES)}。")
    with records_of(folder) as records, records.store.read() as view:
        rows = [
            (case.number, clean_title(case.title), case.unit, case.category, STATES.get(case.state, case.state))
            for case in view.cases.list(state=state or None)
        ]
    print_table("案例", ("登记编号", "题目", "单位", "类别", "状态"), rows)
    return 0


def show_case(folder: Path, number: str) -> int:
    """Everything on record about one case; exit status 0."""
    with records_of(folder) as records, records.store.read() as view:
        case = found_case(view, number, records)
        zone = records.settings.zone
        print(f"{case.number}  {clean_title(case.title)}  {STATES.get(case.state, case.state)}")
        for label, value in (
            ("单位", case.unit),
            ("联系人", case.contact),
            ("电话", case.phone),
            ("类别", case.category),
            ("来自", case.sender_address),
        ):
            if value:
                print(f"{label}：{plain(value)}")
        print("\n来信")
        for letter in view.letters.of_case(case.id):
            print(f"  {letter.received_at.astimezone(zone):%Y-%m-%d %H:%M}  {_whence(letter)}")
        _print_files(view, case, zone)
        _print_judgement(view, case, records)
        _print_decisions(view, case, records)
        print("\n去信")
        for mail in view.outgoing.of_case(case.id):
            print(f"  {mail.id}  {MAIL_STATES[mail.state]}  {mail.subject}")
    return 0


def _whence(letter: LetterRecord) -> str:
    """Who sent it and its subject; of a delivery who took it in, and where."""
    delivered = delivery_from_json((letter.evidence or {}).get(DELIVERY))
    if delivered is None:
        return f"{letter.from_address}  {plain(letter.subject)}"
    where = f"，{plain(delivered.place)}" if delivered.place else ""
    paper = "，有纸质材料" if delivered.on_paper else ""
    return f"{CHANNELS[delivered.channel]}（{plain(delivered.received_by)}接收{where}{paper}）"


def found_case(view: UnitOfWork, number: str, records: Records) -> CaseRecord:
    """The case that `number` names, in any width, case and length. Raises: OperatorError."""
    case = case_written(view, number, records.calls)
    if case is None:
        raise UnknownCaseError(number)
    return case


def _print_files(view: UnitOfWork, case: CaseRecord, zone: tzinfo) -> None:
    revisions = view.cases.revisions(case.id)
    if not revisions:
        return
    stands = next((each for each in revisions if each.id == case.current_revision_id), revisions[-1])
    if len(revisions) > 1:
        _print_versions(revisions, stands, zone)
    print(f"\n材料（第{stands.ordinal}版）")
    for file in stands.summary.get("files", ()):
        counted = "（未计入）" if file.get("counted") is False else ""
        print(f"  {ROLES.get(file['role'], file['role'])}  {plain(file['name'])}{counted}")
    if any(file["role"] == "photo" for file in stands.summary.get("files", ())):
        print(f"  图片一览：intake cases sheet {case.number}")
    for link in stands.summary.get("linked", ()):
        code = f"  提取码 {plain(link['code'])}" if link.get("code") else ""
        print(f"  链接（未下载）  {plain(link.get('name', ''))}  {clean_link(link.get('url', ''))}{code}")


def _print_versions(revisions: Sequence[RevisionRecord], stands: RevisionRecord, zone: tzinfo) -> None:
    print("\n各版")
    for each in revisions:
        at = f"{each.received_at.astimezone(zone):%Y-%m-%d %H:%M}" if each.received_at else ""
        texts = "、".join(plain(file["name"]) for file in each.summary.get("files", ()) if file["role"] == "case")
        print(f"  第{each.ordinal}版  {at}  {texts}{'  以此版为准' if each is stands else ''}")


def _print_judgement(view: UnitOfWork, case: CaseRecord, records: Records) -> None:
    judgement = view.cases.last_judgement(case.id)
    print("\n核对")
    if judgement is None:
        print("  还没有结论")
        return
    call = records.calls[case.campaign]
    for stored in judgement.findings:
        finding = finding_from_json(stored)
        mark = {"fix": "✗", "human": "?", "note": "·"}[finding.severity]
        rule = f"[{finding.rule}] " if finding.rule else ""
        print(f"  {mark} {rule}{describe_finding(finding, call.language, call.letterhead)}")
    if judgement.settled:
        print(f"  ✓ 已符合：{'、'.join(_labels(call, judgement.settled))}")
    if judgement.waived:
        print(f"  ✓ 已放宽：{'、'.join(judgement.waived)}")


def _labels(call: Call, rules: Sequence[str]) -> Sequence[str]:
    """What rules are about, in the campaign's language, once each."""
    labels = (call.language.say(f"check.{rule.check}") for rule in call.checks if rule.id in rules)
    return tuple(dict.fromkeys(labels))


def _print_decisions(view: UnitOfWork, case: CaseRecord, records: Records) -> None:
    """Who decided what, when and why, and the mail it came in; those taken back too."""
    zone = records.settings.zone
    decisions = view.cases.decisions(case.id)
    undone = view.orders.undone(case.id)
    if decisions or undone:
        print("\n决定")
    for decision in decisions:
        at = f"{decision.at.astimezone(zone):%Y-%m-%d %H:%M}"
        what = " ".join(filter(None, (_DECISIONS.get(decision.kind, decision.kind), decision.rule)))
        order = view.orders.order_of(decision.id)
        mail = view.letters.get(order.letter_sha256) if order is not None and order.letter_sha256 else None
        came_in = f"（来信：{plain(mail.subject)}）" if mail is not None else ""
        print(f"  {at}  {decision.who} {what}：{plain(decision.why)}{came_in}")
    for order, undoing in undone:
        rule = (order.terms or {}).get("rule")
        what = " ".join(filter(None, (_DECISIONS.get(order.action, order.action), rule)))
        by = f"{undoing.who}于" if undoing.who else ""
        print(f"  {order.at.astimezone(zone):%Y-%m-%d %H:%M}  {order.who} {what}：{plain(order.why)}", end="")
        print(f"（{by}{undoing.at.astimezone(zone):%Y-%m-%d %H:%M}撤销）")
