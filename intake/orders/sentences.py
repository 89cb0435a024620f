"""One sentence, one order: the patterns of each action. Pure.

Sentences come in plain form (NFKC, simplified). Every pattern must match the whole sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from intake.orders.numbers import AND, FULL, ONE, ONES, SEVERAL, NumberError, numbers_in
from intake.orders.order import Action, Order, Vocabulary
from intake.orders.times import UNTIL, until_of

FREE_REASON: frozenset[Action] = frozenset({"return", "waive", "note", "withdraw"})
"""Orders whose reason may run over several sentences."""

NEEDS_REASON: frozenset[Action] = frozenset({"return", "note"})
"""Orders that are nothing without words: they go into the letter, or are all there is."""

_ASKED = r"请|烦请|麻烦|我|拟|经研究|经核对|经审核"
_PLEASE = rf"(?:(?:{_ASKED}|我?同意)[,\s]?){{0,2}}(?:把|将|对|给|按)?\s?"
_TAKE = rf"(?:(?:{_ASKED}|我?同意(?=\s?{ONE}(?!{AND}(?:第|案例|\w))))[,\s]?){{0,2}}(?:把|将|对|给|按)?\s?"
"""As `_PLEASE`; before several numbers 同意 is an order of its own: 同意17、18号，19号退回."""
_AGREED = re.compile(rf"^(?:{_ASKED}|同意|可以|准予|予以)+$")
"""Nobody's name: 同意延期三天 is said of the case at hand."""
_ALL = r"\s?(?:均|也|都|全部|一并|一律|这几个|这些|可以?)?\s?"
_DONE = r"\s?(?:了|吧|处理|办理|即可)?"
_WHY = r"(?:[\s,:(]*(?:理由|原因|因为|说明)\s?(?:[:]|是|为)?\s?(?P<stated>.+?)\)?|[\s,:]?\((?P<aside>[^()]+)\)|[\s,:]+(?P<loose>.+))?"
"""A reason: stated as one, in brackets, or simply following."""

_HEDGE = re.compile(r"不|未|没|别|勿|暂|先|等|待|再|吗|\?|但|除|否|要是|如果|缓|撤|退")
"""Such a word behind an order may turn its meaning round; a stated 理由 may hold it."""
_QUESTION = re.compile(r"(?:吗|么|呢|\?|是否.*|行不行|好不好)$")
_WITH_NUMBER = re.compile(rf"{FULL}|\d\s?号")

_APPROVE = (
    r"(?:(?:同意|准予|予以|可以|人工)?\s?(?:核对|审核)?通过|同意|认可|可以|没有?问题|没有?意见|无意见|无异议|ok|OK)"
)
_RETURN = r"(?:退回(?:修改|补充|完善)?|退改|返回修改|打回)"
_WAIVE = r"(?:放宽|豁免|免除)"
_EXTEND = r"(?:延期|延长|宽限|展期|顺延|推迟|延)"
_WHAT_TO_EXTEND = "延期请写明编号和时间，如：延期 HL22-0021 三天"
_REOPEN = r"(?:重新打开|重开|恢复|重启)"
_WITHDRAW = r"(?:撤回|撤下|撤销报送|取消报送)"
_NOTE = r"(?:备注|记录|记一下)"
_JUST_NOW = r"(?:刚才|刚刚|上述|以上|前面|这次|本次|全部|所有)"
_MOVE = r"(?:转活动|转入活动|转到活动|转)"
_EVERYBODY = r"(?:全部|所有(?:单位|案例|社区)?|全体|各单位|各社区|全区|全市|全县|统一|整个活动|本次征集)"
_VERB = rf"(?:{_APPROVE}|{_RETURN}|{_WAIVE}|{_EXTEND}|{_REOPEN}|{_WITHDRAW}|合并|撤销|转)"
_ANOTHER = re.compile(rf"(?:\d\s?号?(?:案例)?{_ALL}[,:]?\s?{_VERB})|(?:{_VERB}\s?:?\s?(?:第\s?)?(?:{FULL}|\d))")
"""An order of its own: no part of another's reason."""


class NotAnOrderError(Exception):
    """A sentence that orders nothing we are sure of; its text is the hint for the writer, empty when there is none."""

    def __init__(self, hint: str = "", *, names_a_case: bool = False) -> None:
        super().__init__(hint)
        self.names_a_case = names_a_case


def read_sentence(sentence: str, vocabulary: Vocabulary) -> Order:
    """The order `sentence` gives. Raises: NotAnOrderError."""
    try:
        for read in _READERS:
            order = read(sentence, vocabulary)
            if order is not None:
                return order
    except NumberError as error:
        raise NotAnOrderError(str(error), names_a_case=True) from error
    raise NotAnOrderError(names_a_case=_WITH_NUMBER.search(sentence) is not None)


def holds_order(words: str, *, numbers: bool = True) -> bool:
    """Whether a verb that orders something stands in `words`, one that turns an order round, or (`numbers`) a digit."""
    return bool(re.search(_VERB, words) or _HEDGE.search(words) or (numbers and re.search(r"\d", words)))


def _confirm(sentence: str, vocabulary: Vocabulary) -> Order | None:
    # 请确认 asks somebody else to.
    if vocabulary.may_confirm and re.fullmatch(
        r"(?:我|是的?[,\s]?|好的?[,\s]?)*(?:确认|确定|同意|是|是的|对|好|好的|ok)(?:办理|执行|无误|发出|处理|了)?|请(?:按此|照此)?(?:办理|执行|处理)",
        sentence,
        re.IGNORECASE,
    ):
        return Order("confirm", sentence)
    return None


def _undo(sentence: str, vocabulary: Vocabulary) -> Order | None:
    found = _either(
        sentence,
        rf"{_PLEASE}(?:撤销|撤消)\s?(?P<numbers>{SEVERAL})\s?的?\s?(?:决定|操作|处理|意见)?{_DONE}",
        rf"{_PLEASE}(?:撤销|撤消|取消|收回)\s?(?:{_JUST_NOW}的?)?\s?(?:决定|操作|处理|意见)?{_DONE}",
    )
    if found is None:
        return None
    return Order("undo", sentence, _meant(found, replace(vocabulary, case=None)))


def _pass(sentence: str, vocabulary: Vocabulary) -> Order | None:
    found = _either(
        sentence,
        rf"{_PLEASE}{_APPROVE}{_DONE}\s?[,:]?\s?(?P<numbers>{SEVERAL}){_ALL}{_WHY}",
        rf"{_PLEASE}(?P<numbers>{SEVERAL}){_ALL}[,:]?\s?{_APPROVE}{_DONE}{_WHY}",
        rf"{_PLEASE}{_APPROVE}{_DONE}{_WHY}" if vocabulary.case else None,
    )
    if found is None:
        if re.search(r"不\s?(?:通过|同意|行|可以)", sentence) and _WITH_NUMBER.search(sentence):
            raise NotAnOrderError("如要退回，请写：退回 HL22-0018 理由：…", names_a_case=True)
        return None
    return Order("pass", sentence, _meant(found, vocabulary), _careful_reason(found))


def _return(sentence: str, vocabulary: Vocabulary) -> Order | None:
    found = _either(
        sentence,
        rf"{_PLEASE}{_RETURN}\s?:?\s?(?P<numbers>{SEVERAL}){_WHY}",
        rf"{_TAKE}(?P<numbers>{SEVERAL}){_ALL}[,:]?\s?{_RETURN}{_WHY}",
        rf"{_PLEASE}{_RETURN}{_WHY}" if vocabulary.case else None,
    )
    if found is None:
        return None
    return Order("return", sentence, _meant(found, vocabulary), _reason(found))


def _waive(sentence: str, vocabulary: Vocabulary) -> Order | None:
    words = sorted(vocabulary.rules, key=len, reverse=True)
    if not words:
        return None
    rule = (
        rf"[“\"']?(?P<rule>{'|'.join(re.escape(word) for word in words)})[”\"']?\s?(?:的?(?:规则|要求|限制|规定|标准))?"
    )
    found = _either(
        sentence,
        rf"{_PLEASE}{_WAIVE}\s?{rule}\s?[,:]?\s?(?P<numbers>{SEVERAL}){_WHY}",
        rf"{_TAKE}(?P<numbers>{SEVERAL}){_ALL}的?\s?{_WAIVE}\s?{rule}{_WHY}",
        rf"{_TAKE}(?P<numbers>{SEVERAL})\s?的?\s?{rule}{_ALL}[,:]?\s?{_WAIVE}{_WHY}",
        rf"{_PLEASE}{_WAIVE}\s?(?P<numbers>{SEVERAL})\s?的?\s?{rule}{_WHY}",
        rf"{_PLEASE}{_WAIVE}\s?{rule}{_WHY}" if vocabulary.case else None,
    )
    if found is None:
        if re.match(rf"{_PLEASE}{_WAIVE}", sentence):
            raise NotAnOrderError(f"请写明放宽哪一条，可以写：{'、'.join(vocabulary.rules)}", names_a_case=True)
        return None
    ids = vocabulary.rules[found["rule"]]
    if len(ids) != 1:
        raise NotAnOrderError(f"“{found['rule']}”有几条规则，请写代号：{'、'.join(ids)}", names_a_case=True)
    return Order("waive", sentence, _meant(found, vocabulary), _reason(found), rule=ids[0])


def _merge(sentence: str, vocabulary: Vocabulary) -> Order | None:
    found = _either(
        sentence,
        rf"{_PLEASE}合并\s?:?\s?(?P<numbers>{ONES})\s?(?:并?[到至入进]|并入|->|→)\s?(?P<target>{ONE}){_DONE}{_WHY}",
        rf"{_TAKE}(?P<numbers>{ONES}){_ALL}(?:合并|并)\s?[到至入进]\s?(?P<target>{ONE}){_DONE}{_WHY}",
    )
    if found is None:
        if "合并" in sentence and _WITH_NUMBER.search(sentence):
            raise NotAnOrderError("请写明以哪个为准，如：合并 HL22-0020 到 HL22-0011", names_a_case=True)
        return None
    numbers = _meant(found, vocabulary)
    prefix = numbers[0].rpartition("-")[0]
    target = numbers_in(found["target"], prefix)[0]
    if target in numbers:
        raise NotAnOrderError("一个案例不能合并到它自己", names_a_case=True)
    return Order("merge", sentence, numbers, _careful_reason(found), target=target)


def _extend(sentence: str, vocabulary: Vocabulary) -> Order | None:
    owner = r"(?P<of>[^\s,、:()0-9《》]{2,30}|[^\s,<>@]{1,64}@[^\s,<>@]{1,80})"
    names = "|".join(re.escape(name) for name in sorted(vocabulary.campaigns, key=len, reverse=True)) or "(?!)"
    whole = rf"[“《\"(]?(?P<%s>(?i:{names})|[^\s,、:()《》“”\"0-9]{{2,30}}?)[”》\")]?的?"
    all_of = rf"(?:{whole % 'first'}\s?)?(?P<everybody>{_EVERYBODY})(?:\s?{whole % 'last'})?"
    only = rf"[“《\"]?(?P<only>(?i:{names}))[”》\"]?"
    others = rf"{only}|{all_of}|{owner}"
    found = _either(
        sentence,
        rf"{_PLEASE}{_EXTEND}\s?(?:(?P<numbers>{ONES})|{others})\s?[,:]?\s?{UNTIL}{_WHY}",
        rf"(?:{_TAKE}(?P<numbers>{ONES})|{_PLEASE}(?:{others}))\s?[,:]?\s?{_EXTEND}\s?{UNTIL}{_WHY}",
        rf"{_PLEASE}{_EXTEND}\s?{UNTIL}{_WHY}" if vocabulary.case else None,
    )
    if found is None:
        if re.match(rf"{_PLEASE}{_EXTEND}", sentence) or (_WITH_NUMBER.search(sentence) and "延" in sentence):
            raise NotAnOrderError(_WHAT_TO_EXTEND, names_a_case=True)
        return None
    until = until_of(found, now_at=vocabulary.now_at, zone=vocabulary.zone)
    if until is None:
        raise NotAnOrderError("日期不对，或者已经过去", names_a_case=True)
    groups = found.groupdict()
    named = groups.get("first") or groups.get("last") or groups.get("only") or ""
    everybody, of = bool(groups.get("everybody") or named), _AGREED.sub("", groups.get("of") or "")
    campaign = _campaign_named(named, vocabulary) if named else ""
    numbers = () if everybody or of else _meant(found, vocabulary)
    if not (everybody or of or numbers):
        raise NotAnOrderError(_WHAT_TO_EXTEND, names_a_case=True)
    why = _careful_reason(found)
    terms = Order("extend", sentence, numbers, why, until=until)
    return replace(terms, of=of, everybody=everybody, campaign=campaign)


def _move(sentence: str, vocabulary: Vocabulary) -> Order | None:
    found = _either(
        sentence,
        rf"{_PLEASE}{_MOVE}\s?(?P<numbers>{ONES})\s?[,:]?\s?[到至入]\s?[“《\"]?(?P<campaign>.+?)[”》\"]?",
        rf"{_TAKE}(?P<numbers>{ONES}){_ALL}{_MOVE}\s?[到至入:]?\s?[“《\"]?(?P<campaign>.+?)[”》\"]?",
        rf"{_PLEASE}{_MOVE}\s?[到至入:]?\s?[“《\"]?(?P<campaign>.+?)[”》\"]?" if vocabulary.case else None,
    )
    if found is None:
        return None
    return Order("move", sentence, _meant(found, vocabulary), target=_campaign_named(found["campaign"], vocabulary))


def _campaign_named(said: str, vocabulary: Vocabulary) -> str:
    """The id of the one campaign that `said` names, or is part of the name of. Raises: NotAnOrderError."""
    said = said.strip().casefold()
    names = {name.casefold(): id_ for name, id_ in vocabulary.campaigns.items()}
    fitting = (
        {names[said]} if said in names else {id_ for name, id_ in names.items() if len(said) >= 2 and said in name}
    )
    if len(fitting) != 1:
        known = "、".join(dict.fromkeys(vocabulary.campaigns)) or "没有别的活动"
        raise NotAnOrderError(f"不能确定是哪个活动，可以写：{known}", names_a_case=True)
    return fitting.pop()


def _choose(sentence: str, vocabulary: Vocabulary) -> Order | None:
    version = r"第?\s?(?P<version>\d{1,3}|[一二三四五六七八九])\s?[版稿次]"
    found = _either(
        sentence,
        rf"{_PLEASE}(?:采用|选用|选)\s?(?P<numbers>{ONE})\s?的?\s?{version}{_DONE}{_WHY}",
        rf"{_TAKE}(?P<numbers>{ONE})\s?[,:]?\s?(?:采用|选用|选|以|按)\s?{version}\s?(?:为准)?{_DONE}{_WHY}",
        rf"{_PLEASE}(?:采用|选用|选|以|按)\s?{version}\s?(?:为准)?{_DONE}{_WHY}" if vocabulary.case else None,
    )
    if found is None:
        return None
    number = found["version"]
    chosen = int(number) if number.isdecimal() else "一二三四五六七八九".index(number) + 1
    why = _careful_reason(found)
    return Order("choose", sentence, _meant(found, vocabulary), why, version=chosen)


def _plain_action(action: Action, verb: str) -> Callable[[str, Vocabulary], Order | None]:
    """A verb and numbers, the reason free."""

    def read(sentence: str, vocabulary: Vocabulary) -> Order | None:
        found = _either(
            sentence,
            rf"{_PLEASE}{verb}\s?:?\s?(?P<numbers>{SEVERAL}){_WHY}",
            rf"{_TAKE}(?P<numbers>{SEVERAL}){_ALL}[,:]?\s?{verb}{_WHY}",
            rf"{_PLEASE}{verb}{_WHY}" if vocabulary.case else None,
        )
        return Order(action, sentence, _meant(found, vocabulary), _reason(found)) if found is not None else None

    return read


_READERS = (
    _confirm,
    _undo,
    _waive,
    _return,
    _merge,
    _move,
    _choose,
    _extend,
    _plain_action("reopen", _REOPEN),
    _plain_action("withdraw", _WITHDRAW),
    _plain_action("note", _NOTE),
    _pass,
)


def _either(sentence: str, *patterns: str | None) -> re.Match[str] | None:
    """The first pattern that matches the whole sentence."""
    for pattern in filter(None, patterns):
        if found := re.fullmatch(pattern, sentence):
            return found
    return None


def _meant(found: re.Match[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The numbers written; none written, the case the answered mail is about."""
    written = found.groupdict().get("numbers")
    if written:
        return numbers_in(written, vocabulary.prefix)
    return (vocabulary.case,) if vocabulary.case else ()


def _reason(found: re.Match[str]) -> str:
    """The reason given. Raises: NotAnOrderError when the words that follow make a question of it."""
    loose = found["loose"] or found["aside"] or ""
    if _QUESTION.search(loose) or _ANOTHER.search(loose):
        raise NotAnOrderError(names_a_case=True)
    return (found["stated"] or loose).strip(" ,、:()")


def _careful_reason(found: re.Match[str]) -> str:
    """As `_reason`, where a word too much may turn the order round. Raises: NotAnOrderError."""
    loose = found["loose"] or found["aside"] or ""
    if _HEDGE.search(loose) or _WITH_NUMBER.search(loose):
        raise NotAnOrderError("后面的话可能有别的意思，理由请写成“理由：…”", names_a_case=True)
    return _reason(found)
