"""Is a letter meant for the campaign? Positive evidence, weighed against the signs of everyday mail. Pure.

A mailbox in daily use also gets weekly reports and other notices' returns: without
evidence a letter is listed, not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intake.casework.photos import counted_photos
from intake.casework.signs import CampaignSigns
from intake.casework.structure import campaign_sections_in, case_parts_in
from intake.casework.units import units_in
from intake.casework.wording import letters_only, main_text, main_words, opening, plain, stem
from intake.model import Document, Letter, Photo, Problem, ReadFile

_LONG_WORDS = 800
_KEYWORD_HITS = 5
_PHOTO_SET = 3
_WEAK_SIGNS_NEEDED = 2
"""One weak sign may be chance: everyday mail of a community speaks of its governance too."""

_CASE = re.compile(r"案例|事迹材料|经验做法|典型做法")
_SEND = r"征集|报送|投稿|申报|上报|推荐|参评|参选|参赛|报名|提交|选送|呈报|送审|投递|应征"
_CASE_SENT = re.compile(rf"(?:{_SEND})[^。\n]{{0,40}}案例|案例[^。\n]{{0,30}}(?:{_SEND})")
_SENT = re.compile(rf"{_SEND}|附上|请查收|查收|附件|发(?:给|送|去)")
_PHOTO_WORDS = re.compile(r"照片|图片|相片|配图|补图|补发|补充")
_ROUTINE = re.compile(
    r"周报|月报|季报|(?<![民门州明])日报|旬报|年报|简报|快报|专报|工作(?:总结|计划|要点|小结|日志|动态|信息)|周计划|月计划|"
    r"(?:总结|述职|述廉|调研|自查|整改|考核|审计|检查)(?:报告|汇报)|会议(?:纪要|通知|记录|议程)|值班表|排班|考勤|请假|工资|发票|报销|"
    r"台账|党费|党课|三会一课|学习强国|主题党日|统计表|花名册|(?<![申填呈])报表|工程款|询价|报价单|招标|合同|订单|账单|对账|体检|培训通知|放假|"
    # Cases are about these too: only their tables and notices are everyday mail.
    r"(?:核酸|疫苗|排查|防汛|防台|隐患|创城|垃圾分类|人口普查|采购)[^\n]{0,8}(?:表|统计|通知|报告|记录|清单|数据|周|月)"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against a letter being a submission."""

    positive: bool
    lines: tuple[str, ...] = ()
    """What speaks for it, strongest first; for the record and the digest."""
    against: tuple[str, ...] = ()
    doubtful: bool = False
    """Not enough, yet more than chance: a person should look at the letter."""


def weigh_evidence(
    letter: Letter, files: Sequence[ReadFile], signs: CampaignSigns, *, in_our_thread: bool = False
) -> Evidence:
    """Whether `letter` with its `files` (roles assigned) is a submission, and the lines that say so.

    One strong sign is enough; without one, two weak signs are, one of them of the campaign's
    matter, unless something says everyday mail (周报, 会议纪要 …). A letter without any file, or link to one, is never one.
    """
    if not files and not letter.facts.shares:
        return Evidence(positive=False)
    head = _Head.of(letter, files)
    strong = [
        *(("回复我方来信",) if in_our_thread else ()),
        *_strong_signs(head, files, signs),
        *_signs_of_links(letter),
    ]
    topic, any_delivery = list(_signs_of_the_topic(head, files, signs)), list(_signs_of_any_delivery(head, files))
    against = tuple(dict.fromkeys(_ROUTINE.findall(head.titles)))
    likely = len(topic) + len(any_delivery) >= _WEAK_SIGNS_NEEDED and not against
    positive = bool(strong) or (likely and bool(topic))
    return Evidence(
        positive=positive,
        lines=(*strong, *topic, *any_delivery),
        against=tuple(f"“{word}”似为日常工作来件" for word in against),
        doubtful=likely and not positive,
    )


@dataclass(frozen=True, slots=True)
class _Head:
    """The words a letter shows at first sight, in their plain form."""

    subject: str
    text: str
    titles: str
    """Subject, names of files that could be the case, titles of documents: where everyday mail names itself."""

    @classmethod
    def of(cls, letter: Letter, files: Sequence[ReadFile]) -> _Head:
        subject, text = plain(opening(letter.facts.subject)), plain(opening(letter.facts.text))
        named = [stem(file.name) for file in files if not isinstance(file, Photo)]
        named += [stem(share.name) for share in letter.facts.shares]
        titled = [plain(file.facts.title or "") for file in files if isinstance(file, Document)]
        return cls(subject, text, "\n".join((subject, *named, *titled)))

    @property
    def everything(self) -> str:
        return f"{self.titles}\n{self.text}"


def _strong_signs(head: _Head, files: Sequence[ReadFile], signs: CampaignSigns) -> Iterator[str]:
    for file in files:
        if isinstance(file, Document):
            yield from _strong_signs_of_document(file, signs)
    title = letters_only(signs.title)
    if len(title) >= 6 and title in letters_only(head.everything):
        yield f"提到“{signs.title}”"
    sent = _CASE_SENT.search(head.everything)
    if sent is not None:
        yield f"写明“{sent.group()}”"
    for file in files:
        if not isinstance(file, Photo) and file.role == "case":
            named = _CASE.search(stem(file.name)) or (
                _CASE.search(plain(file.facts.title or "")) if isinstance(file, Document) else None
            )
            if named is not None:
                yield f"{file.name} 的名称或标题含“{named.group()}”"


def _strong_signs_of_document(document: Document, signs: CampaignSigns) -> Iterator[str]:
    sections = campaign_sections_in(document, signs.sections)
    if len(sections) >= min(2, len(signs.sections) or 2):
        yield f"{document.name} 的小标题含“{'”“'.join(sections)}”"
    if document.role == "form":
        label = next((field.label for field in document.facts.fields if "案例" in plain(field.label)), None)
        if label is not None:
            yield f"{document.name} 是报名表，含“{label}”一栏"


def _signs_of_links(letter: Letter) -> Iterator[str]:
    """A linked file is told by its name alone."""
    for share in letter.facts.shares:
        if _CASE.search(stem(share.name)):
            yield f"以链接发送的 {share.name} 名称含“案例”"


def _signs_of_the_topic(head: _Head, files: Sequence[ReadFile], signs: CampaignSigns) -> Iterator[str]:
    """Weak signs that speak of cases, of the campaign's matter or of photos."""
    said = f"{head.subject}\n{head.text}"
    if _CASE.search(said):
        yield "标题或正文提到案例"
    keyword = next((word for word in signs.keywords if word and plain(word) in head.everything), None)
    if keyword is not None:
        yield f"标题、正文或文件名提到“{keyword}”"
    documents = [file for file in files if isinstance(file, Document) and file.role == "case"]
    if any(case_parts_in(document) >= 2 for document in documents):
        yield "文字材料按案例体例分节"
    if any(_keyword_hits(document, signs) >= _KEYWORD_HITS for document in documents):
        yield "文字材料多次出现征集主题词"
    if any(not isinstance(file, Photo) and file.role == "form" for file in files):
        yield "有报名表"
    photos = counted_photos(files)
    if len(photos) >= _PHOTO_SET:
        yield f"有{len(photos)}张照片"
    if photos and _PHOTO_WORDS.search(said):
        yield "标题或正文提到照片"


def _signs_of_any_delivery(head: _Head, files: Sequence[ReadFile]) -> Iterator[str]:
    """Weak signs that returns of other notices show as well; alone they leave doubt."""
    if _SENT.search(f"{head.subject}\n{head.text}"):
        yield "标题或正文写明报送"
    if any(isinstance(file, Document) and file.role == "case" and main_words(file) >= _LONG_WORDS for file in files):
        yield "有较长的文字材料"
    if any(isinstance(file, Problem) and file.role == "case" for file in files):
        yield "有暂不能自动读取的文件，可能是案例"
    if any(not isinstance(file, Photo) and units_in(stem(file.name)) for file in files) or units_in(head.subject):
        yield "标题或文件名写有单位"


def _keyword_hits(document: Document, signs: CampaignSigns) -> int:
    text = plain(main_text(document))
    return sum(text.count(plain(word)) for word in signs.keywords if word)
