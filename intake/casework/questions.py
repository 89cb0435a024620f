"""What a letter without files wants: to ask, to thank, to send what it forgot to attach. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from intake.casework.wording import opening, plain, quote
from parsers.facts import LetterFacts

Intent = Literal["question", "courtesy", "nothing_attached", "unrelated"]
Topic = Literal["length", "sections", "photos", "deadline", "format", "how_to_submit", "received", "other"]

_TOPICS: tuple[tuple[Topic, re.Pattern[str]], ...] = (
    ("length", re.compile(r"字数|多少(个)?字|几(百|千|万)?字|\d字|篇幅|(多|要|写)长|限字|超字")),
    (
        "sections",
        re.compile(
            r"要素|(哪|几)(几|些)?(个)?(部分|方面|内容|板块)|提纲|框架|模板|范文|样本|怎么写|如何写|(文章|案例|行文|固定的?)结构|结构(上|有|要)|小标题"
        ),
    ),
    ("photos", re.compile(r"照片|相片|图片|配图|插图|(几|多少)张|像素|分辨率")),
    (
        "deadline",
        re.compile(
            r"截止|截至|期限|延期|最(晚|迟)|哪(一)?天(前|之前|交|报)|几(号|日|月)(前|之前|交|报|截)?|什么时候(交|报|前|要|截)|"
            r"何时(交|报|前|截)|(还|现在).{0,6}来得及|(还|现在)(能|可以)(再)?(报|交|投|参加)|逾期|过期|晚(一|几|两|\d)天"
        ),
    ),
    ("format", re.compile(r"格式|word|wps|docx?\b|pdf|字体|字号|排版|行距|压缩包|可编辑|扫描件")),
    (
        "how_to_submit",
        re.compile(
            r"(怎么|怎样|如何|哪里|哪儿|往哪|在哪)(报|交|投|参|提|发|送|申)|(发|寄|交|送)(到|至|给|往)(哪|谁|什么)|什么邮箱|哪个邮箱|"
            r"报名表|盖章|公章|纸质|邮寄|快递|现场(提)?交|(个人|居民|物业|业委会|企业|社会组织)(自己)?(也|能|可|是否).{0,8}(报|投|参)|"
            r"(可以|能|能否|可否).{0,6}(报|投|交).{0,4}(几|多|两|\d)(个|篇|份)|(报|投|交)(几|多少)(个|篇|份)|参加条件|报送(方式|渠道|途径)"
        ),
    ),
    (
        "received",
        re.compile(
            r"(收|接)(到|悉)了?(吗|么|没|否|不)|(是否|有没有|有无|能否确认)(已)?(经)?(收|接)(到|悉)|(收|接)没(收|接)到|查收(了|到)?(吗|没)|"
            r"(是否|有没有|有无)(已)?(经)?发(送|出)?成功|发(送|出)?成功(了)?(吗|没|否)|"
            r"没(有)?(收到|看到).{0,6}(回复|回执|回信)|登记编号|(进展|进度|审核|初审|评审|评选)(情况|结果|怎|如何|到)|结果(何时|什么时候|出)|还(需|要)补"
        ),
    ),
)
_ASKS = re.compile(
    r"\?|请问|请教|想问|问一下|咨询|是否|能否|可否|可不可以|能不能|是不是|有没有|要不要|怎么|怎样|如何|多少|哪(里|些|个|天|几)|"
    r"什么(时候|时间|格式|要求|邮箱)|何时|(吗|么|呢)\s*([。!\n]|$)|烦请告知|盼复|望告知|请告知|求助|请确认(一下)?(是否|有)"
)
_COURTESY = re.compile(
    r"已?(经)?(收到|收悉|知悉|阅悉|阅|查收|照办)(了|啦)?|谢谢(您|你|啦|老师|各位|大家)?|多谢|感谢(您|你|贵单位)?的?(回复|答复|来信|支持|指导|帮助|告知|提醒)?|"
    r"非常|十分|万分|好的?(呢|哒|嘞|滴)?|行|可以|ok|okay|辛苦(了|啦|您了|你们了|各位了)?|您辛苦了?|明白(了)?|了解(了)?|知道了|清楚了|没问题|"
    r"不客气|麻烦(您|你|你们|老师)?(了)?|打扰了|费心(了)?|有劳|(顺)?祝(您|你|各位|大家|工作|生活|身体|万事|一切)*(愉快|顺利|快乐|安康|健康|如意|好)|"
    r"此致|敬礼|商祺|顺颂|您好|你好|大家好|老师(们)?(好)?|领导|同志|尊敬的|工作人员|组委会|(湖里)?区?|"
    r"(我们|我)?(会|将|马上|尽快|立即|按要求|按照要求){1,6}+(修改|补充|完善|补正|处理|落实|办理|报送|提交|发送|发|重发)+(后)?(再)?(报送|提交|发送|发)?(材料)?|"
    r"邮件|来信|回信|回复|答复|回执|通知|附件|材料|信息|内容|thanks?( you)?( very much| a lot)?|many thanks|received|noted|got it|well|with|best|kind|regards|"
    r"[👍🙏🤝😊🌹👌]|的|了|啊|哈|呀|吧|您|我方?|本(单位|社区)|已"
)
_COURTESY_CORE = re.compile(
    r"收到|收悉|知悉|谢|感谢|好(?:的|呢|嘞|!|。|,|$)|^行|ok|辛苦|明白|了解|知道|清楚|没问题|不客气|麻烦|祝|thank|received|noted|got it|[👍🙏🤝😊🌹👌]"
)
_SENDS = re.compile(r"请(您)?(查收|查阅|审阅|审核)|附件(为|是|中|里)|见附件|附上|(报送|上报|提交)(的|一|我)")
_NAME_ROOM = 14
"""Characters a courtesy may leave besides its phrases: the writer's unit and name."""
_LONGEST_COURTESY = 120

_ATTACHES = re.compile(
    r"附件|附上|附后|随信|随邮件|请(您)?(查收|查阅|审阅|审核|接收|惠存)|敬请(查收|审阅)|(现|特)?将?.{0,30}(报送|上报|提交|发送|发给|投稿|呈报)|"
    r"案例.{0,12}(材料|文本|照片|图片)|attach(ed|ment)|enclosed|please find"
)
_CLOUD_FILE = re.compile(
    r"超大附件|云附件|网盘|云盘|提取码|微云|金山文档|腾讯文档|奶牛快传|文叔叔|ftnexs_download|/ftn/download|mail\.ftn\.qq\.com|"
    r"large-attachment-download|cloud-attachment|pan\.baidu|weiyun|kdocs|docs\.qq|aliyundrive|alipan|pan\.quark|cowtransfer|wenshushu|drive\.wps"
)
_SENTENCE = re.compile(r"[^。!?;\n]+[。!?;]?")
_SHORTEST_QUESTION = 6
"""Characters; a mere 请问? introduces the question that follows."""
_INTRODUCES = re.compile(r"(:|要求|事项|事宜|问题|情况)\s*$")
"""How a sentence ends that announces questions, as subjects do: it asks nothing by itself."""
_COMPLAINT = re.compile(r"投诉|信访|上访|举报|控告|检举|实名反映")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a letter without files wants."""

    intent: Intent
    topics: tuple[Topic, ...] = ()
    """What a question asks, in the order of the closed list; `other` alone when none is recognised; empty otherwise."""
    evidence: str = ""
    complaint: bool = False
    """Complaint wording: never answered automatically, whatever the intent."""


def read_wish(letter: LetterFacts, *, in_our_thread: bool = False) -> Wish:
    """What the letter wants, from what its writer wrote now: subject and text, never quoted history.

    In our thread the subject is ours, so the text alone speaks; a text there that is
    neither courtesy nor attachment note is a question for a person (`other`).
    """
    text = plain(opening(letter.text)).strip()
    subject = "" if in_our_thread or _is_reply(letter.subject) else plain(opening(letter.subject)).strip()
    said = f"{subject}\n{text}".strip()
    complaint = bool(_COMPLAINT.search(said))
    evidence = quote(letter.text or letter.subject)
    if _is_courtesy(text or subject):
        return Wish("courtesy", evidence=evidence, complaint=complaint)
    if _offers_cloud_file(letter, said) and not _ASKS.search(said):
        return Wish("nothing_attached", evidence="来信只有网盘或超大附件链接", complaint=complaint)
    if _ASKS.search(said):
        return Wish("question", topics_of(said), evidence, complaint)
    if _ATTACHES.search(said):
        return Wish("nothing_attached", evidence=evidence, complaint=complaint)
    if in_our_thread and text:
        return Wish("question", ("other",), evidence, complaint)
    return Wish("unrelated", evidence=evidence, complaint=complaint)


def topics_of(text: str) -> tuple[Topic, ...]:
    """The topics a question touches, in the order of the closed list, never empty.

    `other` stands last when a sentence asks something that none of the topics covers.
    """
    said = plain(text)
    found = [topic for topic, pattern in _TOPICS if pattern.search(said)]
    asked = (
        sentence
        for sentence in _SENTENCE.findall(said)
        if _ASKS.search(sentence) and len(sentence) >= _SHORTEST_QUESTION and not _INTRODUCES.search(sentence)
    )
    if not found or any(not any(pattern.search(sentence) for _, pattern in _TOPICS) for sentence in asked):
        found.append("other")
    return tuple(found)


def holds_complaint(letter: LetterFacts) -> bool:
    """Whether subject or text speak of a complaint (投诉, 信访, 举报)."""
    return bool(_COMPLAINT.search(plain(opening(f"{letter.subject}\n{letter.text}"))))


def _is_reply(subject: str) -> bool:
    return bool(re.match(r"^\s*(re|回复|答复|回覆|回)\s*:", plain(subject[:40])))


def _is_courtesy(text: str) -> bool:
    if not text or len(text) > _LONGEST_COURTESY or not _COURTESY_CORE.search(text):
        return False
    if _ASKS.search(text) or _SENDS.search(text):
        return False
    left = re.sub(r"[\W_]+", "", _COURTESY.sub("", text))
    return len(left) <= _NAME_ROOM and not re.search(r"\d字|\d张|照片|不是|但|没有|还没|已修改|已补", left)


def _offers_cloud_file(letter: LetterFacts, said: str) -> bool:
    return bool(_CLOUD_FILE.search(said) or any(_CLOUD_FILE.search(link.casefold()) for link in letter.links))
