"""Whether a sender has said that more is coming: 照片稍后另发, （1/3）, 分三封发送. Pure.

Only what the sender wrote now is read, never quoted history. In doubt nothing is
announced, and what is missing is asked for as ever.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.casework.package import holds_material, package_of
from intake.casework.signs import CampaignSigns
from intake.casework.wording import plain
from intake.model import Letter
from parsers.facts import LetterFacts

_LONGEST_NOTE = 600
_EDGE = 200
"""Characters. A longer text is a case or a cover letter; such a word stands in its first or last lines."""
_MOST_PARTS = 10
"""More is a figure of some other kind."""

_WHAT = (
    r"(照片|图片|相片|附图|配图|原图|影像|附件|材料|资料|报名表|推荐表|申请表|申报表|登记表|汇总表|盖章(件|版|扫描件)|"
    r"正文|文字稿?|文档|案例|其余|其他|其它|剩余|余下|剩下)"
)
_LATER = (
    r"(稍后|稍候|稍晚|随后|晚些|晚点|(一|待|等|过)会儿?|过会|马上|接着|接下来|之后|后续|后面|陆续|另外|另行|另|单独|分开|"
    r"今晚|明天|明日|明早|明后天|后天|次日|近日|改天|下午|晚上|尽快|尽早|(周|星期)[一二三四五六日天]|下周|(过|这|等)?(一|两|几)天)"
)
_SEND = r"(补?发(?![放动生展现布挥明])|发送|补(充|齐|上|报|交)?|(?<!宣)传(?![统承播])|寄|提供|附上|上传|提交|报送|送(?![达别温]))"
_NOW_LATER = re.compile(
    rf"{_WHAT}.{{0,12}}{_LATER}.{{0,8}}{_SEND}|{_LATER}.{{0,8}}{_SEND}.{{0,8}}{_WHAT}|{_LATER}{{2}}{_SEND}|"
    r"(其余|剩余|余下|剩下|后面|照片|图片|附件|材料).{0,8}(见|在)(下|后|另)(面)?(一|几)?(封|邮件)|见(下|后|另)(一|几)?(封|邮件)|待续|"
    r"\b(photos?|pictures?|rest|others?)\b.{0,30}\b(follow|later|separately|(next|separate|another) (e-?mail|message))\b"
)
_NOT = re.compile(
    rf"(不|无需|无须|不用|不必|不再|勿|别).{{0,4}}({_LATER}.{{0,4}})?{_SEND}|[?]|吗|是否|要不要|能否|可否|可不可以|怎么|如何|"
    r"(请|望|盼)(您|你们?|贵方|老师|组委会).{0,8}(发|寄|提供)"
)
_SENTENCE = re.compile(r"[。!！;;\n]|(?<=[?])")
_NUMBER = r"(\d{1,2}|[一二两三四五六七八九十])"
_PART_OF = re.compile(
    rf"[(\[【]\s*(?:第)?{_NUMBER}(?:封)?\s*/\s*(?:共)?{_NUMBER}(?:封)?\s*[)\]】]|"
    rf"第{_NUMBER}(?:封|部分|份邮件|个邮件)[\s,，、/(]*(?:共|总共|一共){_NUMBER}(?:封|部分|份|个)"
)
_PARTS_REVERSED = re.compile(
    rf"(?:共|总共|一共){_NUMBER}(?:封|部分|份邮件|个邮件)[\s,，、/()]*(?:这是|此为|本封为|本邮件为)?第{_NUMBER}(?:封|部分|份|个)"
)
_IN_PARTS = re.compile(rf"分(?:成|为|作|开)?{_NUMBER}(?:封|次|个邮件|份邮件|批)(?:邮件|信)?(?:发|报|寄|送|传)")
_DIGITS = {character: at for at, character in enumerate("一二三四五六七八九十", 1)} | {"两": 2}


def more_is_announced(letters: Sequence[Letter], signs: CampaignSigns) -> bool:
    """Whether, after `letters` of one case in order of receipt, something announced has not come.

    An open announcement ends with the next letter that brings something and announces nothing; one of several
    parts when as many letters have brought something.
    """
    announced, awaited = False, 0
    seen: set[int] = set()
    for letter in letters:
        brings = holds_material(package_of(letter, signs)) or bool(letter.facts.shares)
        place, parts = part_of(letter.facts)
        if parts:
            awaited = parts
        if awaited and brings:
            seen.add(place or next(at for at in range(1, len(letters) + 2) if at not in seen))
        if announces_more(letter.facts):
            announced = True
        elif brings:
            announced = False
    return announced or len(seen) < awaited


def announces_more(letter: LetterFacts) -> bool:
    """Whether the letter says that something follows, without a number of letters."""
    said = (*_SENTENCE.split(plain(letter.subject)), *_SENTENCE.split(_own_words(letter)))
    return any(_NOW_LATER.search(sentence) and not _NOT.search(sentence) for sentence in said)


def part_of(letter: LetterFacts) -> tuple[int, int]:
    """Which of how many letters this is, (1, 3); (0, 3) when only their number is said, (0, 0) when neither."""
    said = f"{plain(letter.subject)}\n{_own_words(letter)}"
    if found := _PART_OF.search(said):
        place, parts = (_number(group) for group in found.groups() if group)
    elif found := _PARTS_REVERSED.search(said):
        parts, place = (_number(group) for group in found.groups())
    elif found := _IN_PARTS.search(said):
        place, parts = 0, _number(found.group(1))
    else:
        return 0, 0
    return (place, parts) if place <= parts and 1 < parts <= _MOST_PARTS else (0, 0)


def _own_words(letter: LetterFacts) -> str:
    text = letter.text.strip()
    return plain(text if len(text) <= _LONGEST_NOTE else f"{text[:_EDGE]}\n{text[-_EDGE:]}")


def _number(written: str) -> int:
    return int(written) if written.isdigit() else _DIGITS[written]
