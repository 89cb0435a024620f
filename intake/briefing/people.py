"""What only a person can settle: cases, links that end, letters nobody answered, addresses we do not reach.

Peer: the caller's view of the records.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from intake.briefing.cases import KnownCase
from intake.calls import Call
from intake.casework.sorting import COMPLAINT
from intake.casework.standing import MERGED, WITHDRAWN
from intake.figures.completeness import name_folder
from intake.figures.links import cost_of_waiting, lines_of_findings, lines_of_shares
from intake.figures.matter import CARDS_SHOWN, HumanItem, LinkLine
from intake.filing.unreached import unreached_items
from intake.lookups import is_answered_by_hand
from intake.wording import clean_title, write_short_moment
from parsers.facts import SharedFile
from storage.records.casebook import CaseRecord
from storage.records.correspondence import LetterRecord
from storage.unit_of_work import View

_PARTLY_LIKE = re.compile(r"同一来信人，与((?:测试-)?[A-Z0-9]{1,8}-\d{4,})文字部分相同")
"""As `casework.joining` says it."""


def items_for_people(
    view: View,
    cases: Sequence[KnownCase],
    calls: Mapping[str, Call],
    *,
    now_at: datetime,
    zone: ZoneInfo,
    page: str = "",
) -> tuple[HumanItem, ...]:
    """Everything that waits for a person, in no order of weight. `page`: where the page is to be had, empty: nowhere."""
    return (
        *_cases(cases, page),
        *unreached_items(view),
        *_links_of_cases(cases, now_at=now_at, page=page),
        *_letters(view, calls, now_at=now_at, page=page),
        *_quarantined(view, page),
        *_without_body(view, zone),
    )


def pressing_items(
    view: View, calls: Mapping[str, Call], *, now_at: datetime, ahead: timedelta, zone: ZoneInfo
) -> tuple[HumanItem, ...]:
    """What may cost a submitter the deadline, or the material itself, within `ahead`; single cases are told apart.

    Near a close: letters that broke our reading, letters without body, requests to complete that came back. At any
    time: material behind a link that ends.
    """
    ends = (call.campaign.closes_at for call in calls.values())
    near = any(end is not None and now_at < end <= now_at + ahead for end in ends)
    found = (*_quarantined(view), *_without_body(view, zone), *unreached_items(view)) if near else ()
    linked = (*_links_of_cases(_with_links(view, calls), now_at=now_at), *_letters(view, calls, now_at=now_at))
    ending = (item for item in linked if any(_ends_within(link, now_at, ahead) for link in item.links))
    return (*(item for item in found if item.cost == "deadline"), *ending)


def _with_links(view: View, calls: Mapping[str, Call]) -> list[KnownCase]:
    """Cases that wait for material, with what was found in them."""
    return [
        KnownCase(record, call, view.cases.last_judgement(record.id))
        for campaign, call in calls.items()
        for state in ("waiting", "needs_fix", "needs_human")
        for record in view.cases.list(campaign=campaign, state=state)
    ]


def _ends_within(link: LinkLine, now_at: datetime, ahead: timedelta) -> bool:
    return link.expires_at is not None and now_at < link.expires_at <= now_at + ahead


def _needs_person(case: KnownCase) -> bool:
    return case.record.state not in ("accepted", WITHDRAWN, MERGED) and case.has(severity="human")


def _cases(cases: Sequence[KnownCase], page: str) -> Iterator[HumanItem]:
    """One item for each case that waits for a person; in words as far as they may be shown."""
    waiting = [case for case in cases if _needs_person(case)]
    for place, case in enumerate(sorted(waiting, key=lambda each: not each.has(codes={"disputed"}))):
        shown = place < CARDS_SHOWN
        yield (
            replace(_item_of(case), link=_page_of(page, case.record.number))
            if shown
            else HumanItem(what=case.record.number, reason="")
        )


def _item_of(case: KnownCase) -> HumanItem:
    number = case.record.number
    return HumanItem(
        what=f"{number} 《{case.record.title}》",
        reason=case.says("human"),
        evidence=next((each.evidence for each in case.findings if each.severity == "human" and each.evidence), ""),
        how=f"intake cases show {number} 查看；通过：intake cases pass {number} --by 姓名 --why 理由{_how_to_part(case)}",
        answer=f"{_answer_to(case)}{_how_to_part(case)}",
        # What is objected to is a fix request that may cost the submitter the deadline.
        cost="deadline" if case.has(codes={"disputed"}) else "submitter",
    )


def _how_to_part(case: KnownCase) -> str:
    """How a letter that was joined for the time being is taken out again; empty when none was."""
    letters = (str(each.values["letter"]) for each in case.findings if each.values.get("letter"))
    return "".join(f"；不是同一案例的，运行：intake letters detach {letter} --by 姓名 --why 理由" for letter in letters)


def _answer_to(case: KnownCase) -> str:
    """The words an organizer may answer with, the likeliest first."""
    number = case.record.number
    ways = [f"通过 {number}", f"退回 {number} 理由：…"]
    other = next((each.values.get("number") for each in case.findings if each.code == "near_identical"), None)
    if other:
        ways.insert(0, f"合并 {number} 到 {other}")
    if case.has(codes={"late"}):
        ways.append(f"延期 {number} 三天")
    return "；或：".join(ways)


def _links_of_cases(cases: Sequence[KnownCase], *, now_at: datetime, page: str = "") -> Iterator[HumanItem]:
    """One item for each case whose material is still behind links."""
    for case in cases:
        if not case.has(codes={"only_as_link"}):
            continue
        links = lines_of_findings(case.findings, name_of=_provider_names(case.call))
        yield HumanItem(
            what=f"{case.record.number} {clean_title(case.record.title) or case.record.unit}",
            reason="材料以链接形式发送，系统不下载；已请报送单位补发附件，链接到期前可先下载备查",
            how=f"补来附件后本项自动消除；查看后认可：intake cases pass {case.record.number} --by 姓名 --why 理由",
            answer=f"补来附件后本项自动消除；查看后认可：通过 {case.record.number}",
            cost=cost_of_waiting(links, now_at=now_at),
            links=links,
            link=_page_of(page, case.record.number),
        )


def _letters(view: View, calls: Mapping[str, Call], *, now_at: datetime, page: str = "") -> Iterator[HumanItem]:
    for letter in view.letters.for_person():
        if letter.ignored == "dispute" or is_answered_by_hand(view, letter.message_id):
            continue  # told with its case, or a colleague has answered
        cases = view.cases.of_letter(letter.sha256) if letter.outcome == "filed" else ()
        if cases and all(_is_settled(view, case, letter) for case in cases):
            continue
        lines = (letter.evidence or {}).get("lines", [])
        links = _links_of(letter, calls)
        item = HumanItem(
            what=_who_and_what(letter),
            reason="；".join(lines[:2]),
            how=_how_to_settle(letter),
            cost="complaint" if COMPLAINT in lines else cost_of_waiting(links, now_at=now_at),
            links=links,
            link=f"{page}/letters/{letter.sha256}" if page else "",
        )
        yield _about_its_case(view, item, letter, cases[0], page=page) if len(cases) == 1 else item


def _is_settled(view: View, case: CaseRecord, letter: LetterRecord) -> bool:
    """Whether somebody has decided about the case since the letter came, or there is nothing left to decide."""
    gone = case.state in (WITHDRAWN, MERGED)
    return gone or any(each.at >= letter.stored_at for each in view.cases.decisions(case.id))


def _about_its_case(view: View, item: HumanItem, letter: LetterRecord, case: CaseRecord, *, page: str) -> HumanItem:
    """What is asked of a letter that opened or joined a case: mostly, whether it is a case of its own."""
    number = case.number
    first = next(iter((letter.evidence or {}).get("lines", [])), "")
    like = _PARTLY_LIKE.match(first)
    other = like.group(1) if like is not None and like.group(1) != number else ""
    words, command = f"备注 {number} 已核对", f"intake cases note {number} --by 姓名 --why 已核对"
    if other:
        words = f"是另一件案例：{words}；是修改稿：合并 {number} 到 {other}"
        command = f"是另一件案例：{command}；是修改稿：intake cases merge {number} --into {other} --by 姓名 --why 理由"
    else:
        words, command = f"核对后：{words}", f"核对后：{command}"
    told = letter.sha256 in view.mailings.answered([letter.sha256])
    return replace(
        item,
        what=f"{number} {clean_title(case.title) or case.unit}" + (f"：是否{other}的修改稿" if other else ""),
        answer=words,
        how=command,
        link=_page_of(page, number),
        cost="none" if told and item.cost == "submitter" else item.cost,
    )


def _page_of(page: str, number: str) -> str:
    return f"{page}/cases/{quote(number)}" if page else ""


def _quarantined(view: View, page: str = "") -> Iterator[HumanItem]:
    for letter in view.letters.by_outcome("quarantined"):
        yield HumanItem(
            what=_who_and_what(letter),
            reason=letter.reason or "系统处理这封来信时出现异常，原件已留存",
            how=f"请先在邮箱中查看；程序更新后可运行 intake replay {letter.sha256[:12]}",
            cost="deadline",
            link=f"{page}/letters/{letter.sha256}" if page else "",
        )


def _without_body(view: View, zone: ZoneInfo) -> Iterator[HumanItem]:
    """Letters the server lists but does not hand out: nobody knows what they hold."""
    for folder in view.folders.all():
        for sighting in view.sightings.body_unavailable(folder.account, folder.folder, folder.uidvalidity):
            at = write_short_moment(sighting.internal_at or sighting.first_seen_at, zone.key)
            yield HumanItem(
                what=f"{name_folder(sighting.folder)}：{at}收到的一封来信",
                reason="邮箱服务器没有给出这封信的正文，系统会定时再取",
                how="请在网页邮箱中打开查看。",
                cost="deadline",
            )


def _who_and_what(letter: LetterRecord) -> str:
    return f"{letter.from_name or letter.from_address or '未知发件人'}：{letter.subject or '（无主题）'}"


def _how_to_settle(letter: LetterRecord) -> str:
    if letter.ignored != "unconfirmed":
        return "请在邮箱中查看并答复这封来信。"
    which, who = letter.sha256[:12], "--by 姓名 --why 理由"
    return f"并入案例：intake letters admit {which} 登记编号 {who}；不并入：intake letters leave {which} {who}"


def _links_of(letter: LetterRecord, calls: Mapping[str, Call]) -> tuple[LinkLine, ...]:
    """What a letter without a case links to."""
    call = calls.get(letter.campaign or "")
    stored = (letter.evidence or {}).get("links", [])
    if call is None:
        return ()
    return lines_of_shares((SharedFile.model_validate(link) for link in stored), name_of=_provider_names(call))


def _provider_names(call: Call) -> Callable[[str], str]:
    return lambda provider: call.language.say(f"provider.{provider}")
