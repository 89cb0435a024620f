"""What a letter asks to be done with a case, beside bringing files: look at it, take it back, check it again. Pure.

Only what its writer wrote now is read: subject (unless it is ours) and text, never quoted history.
In doubt nothing of this is found, and the letter is what its files make it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.casework.wording import opening, plain
from parsers.facts import LetterFacts

_LONGEST_REQUEST = 600
"""Characters. A longer text is a case or a cover letter; what it says in passing is no request to us."""
_REPLY = re.compile(r"^\s*(re|回复|答复|回覆|回)\s*:")

# --- drafts

_DRAFT = re.compile(
    r"(初|草|讨论|征求意见|送审|未定|未完成|半成品?)稿|(?<!通过)预审|(先|提前|帮忙|帮我们?|请您?|麻烦您?|烦请)(先)?帮?(忙)?(预审|把把关|把关|"
    r"看看(?!.{0,8}(收到|收悉|有没有收|是否收))|看一(下|看)(?!.{0,8}(收到|收悉))|瞧瞧|审一?下?初稿|过目)|"
    r"(?<!已)(?<!经)(?<!后)征求(您|你们|贵方|老师|组委会|专家)?(的)?(修改)?意见(?!建议)|(看看|看下)(这样|这么)(写|报)?(行不行|行吗|可不可以|可以吗|是否可以)"
)
_NO_DRAFT = re.compile(
    r"(不是|并非|非|替换|代替|取代|作废|撤回|之前|此前|上次|前次|原)(的|那)?(份|篇|一?封)?.{0,4}(初|草)稿|(初|草)稿(已|经|基础上|作废|有误|为准)|"
    r"(通过|经过|完成)(了)?.{0,8}预审|预审(通过|合格|已|意见)|(居民|群众|业主|各方|公开|广泛|多方|会上)征求|征求(了)?(居民|群众|业主|各方|村民|社会|住户|商户)|"
    r"(正式|最终)(稿|报送|提交|上报|版)|(定|终|成)稿|现正式|以此(稿|版|件)?为准"
)
_FORMAL = re.compile(
    r"正式(报送|上报|提交|申报|投稿|参评|稿)|(作为|按|就用|即用|以).{0,6}(正式|定稿|终稿|此稿|这稿|这一稿|这版|此版)|就(按|用|以)?(这|此)(个|份|稿|版|一稿)+.{0,4}(报|交|了|吧|为准)|"
    r"(不|无需|无须)(再|用)?(修)?改(了)?,?.{0,8}(报送|提交|上报|就这样|登记)|请(予以|给予)?登记|(可以|确认|同意)(正式)?(登记|报送)|formal submission"
)
_NOT_YET = re.compile(
    r"(不|没|未|暂)(是|要|能|急|缓)?.{0,3}正式|(再|后|以后|稍后|修改后|改好(了)?(再)?|定稿后)(再)?.{0,6}正式|[?]|吗|怎么|如何"
)

# --- taking back

_BACK = r"(撤回|撤销|撤消|撤下|撤稿|撤掉|收回|作废)"
_WITHDRAW = re.compile(
    rf"(请|烦请|麻烦|申请|要求|决定|拟|特|现|予以|帮忙?|我们?|我社区|我单位|本单位|单位|确认|同意|需要?|想|全部|全都|都|一并|把.{{1,30}}|将.{{1,30}}){_BACK}|^\W*{_BACK}|"
    rf"(上|前)(一|面|述)?(封|份|次|稿|个|面)(邮件|来信|信|材料|案例|稿件|版本)?.{{0,12}}({_BACK}|不要了|无效|不算|取消)|"
    rf"(之前|此前|刚才|先前|昨天|今天|早上|上午|下午|原来?)(发|报|寄|交)?(送|出|来)?(了)?(的|那)?.{{0,16}}({_BACK}|不要了|无效|不算数?)|"
    r"(取消|放弃|退出)(此次|本次|这次|该|我们的?)?.{0,6}(报送|申报|参评|报名|参加|投稿|参选|征集|评选|案例)|(不|不再|暂不)(报|报送|参加|参评|申报|参选|投)(了|此次|本次|这次|这个|该)"
)
_NO_WITHDRAWAL = re.compile(
    r"(不|勿|别|莫|未|没有?|无(需|须)|取消|误)(要|用|必|能|会|想|小心)?(点|操作|按)?(了)?" + _BACK + "|"
    rf"(怎么|怎样|如何|能否|可否|能不能|可不可以|是否|要不要|需不需要|可以).{{0,14}}{_BACK}|{_BACK}.{{0,12}}(吗|么|呢|[?])|{_BACK}(了)?.{{0,6}}(通知|公告|决定|处罚|起诉|诉讼|岗位|投诉|申请书)"
)
_REPLACES = re.compile(
    r"以(此|这|本|本次|这次|这封|这份|此次|附件)(封|份|版|稿|件|次|邮件|信|篇)*.{0,6}为准|(替换|代替|取代|覆盖|替代)(掉|之前|此前|上|前|原|先前|旧)|作废|"
    + _BACK
    + r"(上|前|之前|此前|原)(一)?(封|份|次|稿|版|发|面)"
)
_YES = re.compile(
    r"^\W*((我们?|本单位|是的?|好的?|您好|你好|对的?|嗯)\W*){0,3}(确认|同意|是的?|对的?|好的?|确定|没错|可以|yes|confirm(ed)?)(的|了)?\W*(我们?|本单位)?(确认|同意|谢谢|撤回|替换|更换|以(此|新)(的)?(版|件|材料|稿)*为准|麻烦(了|您了)?)?\W*(谢谢(您|老师|各位)?|辛苦(了|您了)?|麻烦(了|您了)?)?\W*$"
)
WRITTEN_NUMBER = re.compile(
    r"(?:登记)?(?:编号)?:?\s?(?:测试-)?[a-z]{1,8}\d{0,4}-\d{1,6}(?:号)?(?:\s?[、,和与及]\s?(?=[a-z]))?"
)
"""A 登记编号 in plain text, as beside a yes: 确认替换HL22-0002."""
_ALL = re.compile(
    r"全部|全都|所有|一并|一起|(?<!首)都|均|(两|二|三|四|五|六|七|八|九|十|几|\d)个(案例)?(都|均|全)?|withdraw all"
)

# --- objecting

_AGAIN = re.compile(
    r"(请|麻烦|烦请|望|希望|恳请|能否|可否|能不能)(您|你们|贵方|贵委|工作人员|老师|组委会)?(帮忙?|给予|予以)?(再|重新|人工|复|仔细)+.{0,3}(核对|核实|核查|核一?下|查|看|数|统计|计算|复核)|请(予以?)?复核|"
    r"(统计|系统|程序|核对|机器|你们|贵方|识别|结果).{0,8}(有误|不对|错了|不准|出错|有问题|弄错|搞错|误判|漏看)|(是不是|是否|应该是|可能|怕是)(统计|系统|识别|你们|程序|核对)+.{0,6}(错|误|漏)|(有异议|不认可|不同意(这个|该|你们)|与实际不(符|一致))"
)
_COUNTED = re.compile(
    r"(数|统计|计算|算|查|量|核)(过|了|出来|得|出|下来|后)*.{0,12}?(是|为|有|才|只有|只|共|总共|显示)?.{0,6}?\d{3,5}\s*(个)?字|(word|wps|文档|软件).{0,12}(显示|统计|字数|才|只有|是).{0,8}\d{3,5}|"
    r"(字数|正文|全文).{0,8}(只有|才|仅|不到|没到|没有到|实际(是|为)?|明明|并没有?|并未|没有?超|未超|不超过|符合).{0,6}(\d{3,5}|超|要求|规定)|(没有?|并未|并没有?|未|不曾)超(过|出)?(字|\d{3,5}|标|限|规定|要求)"
)
_PICTURES = r"(照片|图片|相片|插图|配图|图)"
_THERE = re.compile(
    rf"{_PICTURES}.{{0,10}}(在|放在|插在|附在|夹在|都在)(了)?.{{0,8}}(文档|正文|文中|文章|word|附件|压缩包|案例|里面|材料|邮件)(中|里|内|后|末)?|"
    rf"(文档|正文|文中|文章|word|压缩包|附件|案例)(里|中|内|后面|末尾)(面)?(已|已经|就|都|明明|本来就|是)?有.{{0,4}}(\d+|[一二三四五六七八九十]+)?(张|幅)?{_PICTURES}|"
    rf"(明明|已经|已|确实|其实|当时|上次|之前|都).{{0,8}}(发|附|传|寄|交|给)(了|过|送|来)*.{{0,8}}({_PICTURES}|\d张)|{_PICTURES}.{{0,6}}(已经|已|都|早就)(发|附|传|交)(了|过|齐)"
)
_WRITTEN = re.compile(
    r"(明明|其实|已经|早就|文中|正文|里面|确实|都).{0,8}(有|写了|写过|写到|写明|包含|体现|写在)|(第.{1,3}(部分|段|章|节|点)|最后一?(段|部分)|.{1,12}(这|那)?(一)?(部分|段|节)).{0,6}(就是|即是|即为|就写|写的(就)?是|已(经)?写|相当于|对应)|"
    r"(并不|并没有?|没有|不)(缺|少|漏|遗漏)"
)
_ONLY_ASKS = re.compile(
    r"请问|可以(吗|么|不)|能否(用|放|把)|行不行|行吗|怎么办|如何|要不要|需不需要|还需要?(再)?(发|补|报)|应该怎|多少|^如果|^要是|"
    r"(稍后|马上|明天|尽快|随后|会|将|准备|正在).{0,6}(发|补|改|修|核|删|压|数|拍|写)|(?<!没)(?<!没有)(修改|改|调整|删减|压缩|补充|补写|精简|补拍|加)(好|完|到|为|成|过|了)"
)


def asks_for_review(letter: LetterFacts, *, in_our_thread: bool = False) -> bool:
    """Whether what the letter brings is a draft to be looked at (初稿, 请先帮看看, 预审), not a submission."""
    said = _said(letter, in_our_thread=in_our_thread)
    if len(said) > _LONGEST_REQUEST:  # a case in the body, which may speak of drafts and opinions itself
        said = "" if in_our_thread else plain(opening(letter.subject))
    return bool(_DRAFT.search(said)) and not _NO_DRAFT.search(said)


def makes_formal(letter: LetterFacts) -> bool:
    """Whether an answer to our remarks on a draft says that the draft is the submission (就以此稿正式报送)."""
    said = _said(letter, in_our_thread=True)
    return len(said) <= _LONGEST_REQUEST and any(
        _FORMAL.search(sentence) and not _NOT_YET.search(sentence) for sentence in _sentences(said)
    )


def asks_to_withdraw(letter: LetterFacts, *, in_our_thread: bool = False) -> bool:
    """Whether the letter takes back what was sent before (撤回上一封); a question about it is none."""
    said = _said(letter, in_our_thread=in_our_thread)
    if len(said) > _LONGEST_REQUEST or _NO_WITHDRAWAL.search(said):
        return False
    return any(_WITHDRAW.search(sentence) for sentence in _sentences(said))


def replaces_earlier(letter: LetterFacts, *, in_our_thread: bool = False) -> bool:
    """Whether the letter says that what it brings stands in place of what came before (以此为准, 上一封作废)."""
    said = _said(letter, in_our_thread=in_our_thread)
    return bool(_REPLACES.search(said)) and not _NO_WITHDRAWAL.search(said)


def confirms(letter: LetterFacts) -> bool:
    """Whether the letter says yes to what we asked it to confirm, and nothing else."""
    said = WRITTEN_NUMBER.sub(" ", _said(letter, in_our_thread=True))
    return bool(_YES.search(said)) or asks_to_withdraw(letter, in_our_thread=True)


def means_all(letter: LetterFacts) -> bool:
    """Whether what the letter asks for is meant for all of the sender's cases (都撤回, 全部撤回)."""
    return any(_ALL.search(sentence) for sentence in _sentences(_said(letter, in_our_thread=True)))


def objection_in(letter: LetterFacts, *, in_our_thread: bool = False) -> str | None:
    """The sentence that says a finding of ours is not so (我数了是2980字, 照片在文档里); None when there is none.

    A question how it should be done and an announcement of a better version are none.
    """
    said = _said(letter, in_our_thread=in_our_thread)
    if len(said) > _LONGEST_REQUEST:
        return None
    for sentence in _sentences(said):
        if _AGAIN.search(sentence):
            return sentence.strip()
        if any(sign.search(sentence) for sign in (_COUNTED, _THERE, _WRITTEN)) and not _ONLY_ASKS.search(sentence):
            return sentence.strip()
    return None


def _said(letter: LetterFacts, *, in_our_thread: bool) -> str:
    """Subject and text in their plain form; of an answer the text alone, since the subject is an earlier one."""
    subject = plain(opening(letter.subject)).strip()
    if in_our_thread or _REPLY.match(subject):
        subject = ""
    return f"{subject}\n{plain(opening(letter.text)).strip()}".strip()


def _sentences(said: str) -> Iterator[str]:
    """Its sentences, in order; a comma ends none."""
    for line in said.splitlines():
        yield from re.findall(r"[^。!?;]+[。!?;]?", line)
