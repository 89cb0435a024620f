"""What only a person can settle: cases, links that end, letters nobody answered, addresses we do not reach.

Peer: the caller's view of the records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from intake.briefing.cases import KnownCase
from intake.calls import Call
from intake.casework.sorting import COMPLAINT
from intake.casework.standing import MERGED, WITHDRAWN
from intake.figures.links import cost_of_waiting, lines_of_findings, lines_of_shares
from intake.figures.matter import CARDS_SHOWN, HumanItem, LinkLine
from intake.filing.unreached import unreached_items
from intake.wording import clean_title
from parsers.facts import SharedFile
from storage.records import LetterRecord
from storage.unit_of_work import View


def items_for_people(
    view: View, cases: Sequence[KnownCase], calls: Mapping[str, Call], *, now_at: datetime, zone: ZoneInfo
) -> tuple[HumanItem, ...]:
    """Everything that waits for a person, in no order of weight."""
    return (
        *_cases(cases),
        *unreached_items(view),
        *_links_of_cases(cases, now_at=now_at),
        *_letters(view, calls, now_at=now_at),
        *_quarantined(view),
        *_without_body(view, zone),
    )


def say_moment(at: datetime, zone: ZoneInfo) -> str:
    """12月15日08:00."""
    local = at.astimezone(zone)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def _needs_person(case: KnownCase) -> bool:
    return case.record.state not in ("accepted", WITHDRAWN, MERGED) and case.has(severity="human")


def _cases(cases: Sequence[KnownCase]) -> Iterator[HumanItem]:
    """One item for each case that waits for a person; in words as far as they may be shown."""
    waiting = [case for case in cases if _needs_person(case)]
    for place, case in enumerate(sorted(waiting, key=lambda each: not each.has(codes={"disputed"}))):
        yield _item_of(case) if place < CARDS_SHOWN else HumanItem(what=case.record.number, reason="", cost="submitter")


def _item_of(case: KnownCase) -> HumanItem:
    number = case.record.number
    return HumanItem(
        what=f"{number} 《{case.record.title}》",
        reason=case.says("human"),
        evidence=next((each.evidence for each in case.findings if each.severity == "human" and each.evidence), ""),
        how=f"intake cases show {number} 查看；通过：intake cases pass {number} --by 姓名 --why 理由",
        answer=_answer_to(case),
        # What is objected to is a fix request that may cost the submitter the deadline.
        cost="deadline" if case.has(codes={"disputed"}) else "submitter",
    )


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


def _links_of_cases(cases: Sequence[KnownCase], *, now_at: datetime) -> Iterator[HumanItem]:
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
        )


def _letters(view: View, calls: Mapping[str, Call], *, now_at: datetime) -> Iterator[HumanItem]:
    for letter in view.letters.for_person():
        if letter.ignored == "dispute":
            continue  # told with its case
        lines = (letter.evidence or {}).get("lines", [])
        links = _links_of(letter, calls)
        yield HumanItem(
            what=_who_and_what(letter),
            reason="；".join(lines[:2]),
            how=_how_to_settle(letter),
            cost="complaint" if COMPLAINT in lines else cost_of_waiting(links, now_at=now_at),
            links=links,
        )


def _quarantined(view: View) -> Iterator[HumanItem]:
    for letter in view.letters.by_outcome("quarantined"):
        yield HumanItem(
            what=_who_and_what(letter),
            reason=letter.reason or "系统处理这封来信时出现异常，原件已留存",
            how=f"请先在邮箱中查看；程序更新后可运行 intake replay {letter.sha256[:12]}",
            cost="deadline",
        )


def _without_body(view: View, zone: ZoneInfo) -> Iterator[HumanItem]:
    """Letters the server lists but does not hand out: nobody knows what they hold."""
    for folder in view.folders.all():
        for sighting in view.sightings.body_unavailable(folder.account, folder.folder, folder.uidvalidity):
            at = say_moment(sighting.internal_at or sighting.first_seen_at, zone)
            yield HumanItem(
                what=f"{sighting.folder}：{at}收到的一封来信",
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
