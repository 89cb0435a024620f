"""The labels of 报名表, 推荐表, 申报表, and what they ask for. Pure data with one look-up."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Literal

from parsers.text.script import to_simplified

FieldName = Literal["title", "unit", "contact", "phone", "email", "category", "level", "author", "other"]

_LABELS: dict[FieldName, str] = {
    "title": "案例名称 案例题目 案例标题 案例名 项目名称 作品名称 作品题目 题目 标题 申报案例名称 申报项目名称 推荐案例名称 活动名称",
    "unit": "单位 申报单位 报送单位 推荐单位 单位名称 所在单位 参评单位 选送单位 实施单位 责任单位 工作单位 填报单位 主办单位 "
    "案例单位 案例报送单位 案例申报单位 申报主体 推荐部门 所在社区 社区名称 街道社区 所属街道 单位全称 申报单位名称",
    "contact": "联系人 联系人姓名 联络人 负责人 项目负责人 案例负责人 经办人 填表人 填报人 姓名 联系人及职务 报名人 参赛人",
    "phone": "电话 联系电话 联络电话 手机 手机号 手机号码 联系方式 固定电话 办公电话 电话号码 座机 联系手机 联系人电话 移动电话",
    "email": "邮箱 电子邮箱 电子邮件 email e-mail 邮件 邮箱地址 电子邮箱地址 电子信箱",
    "category": "类别 案例类别 申报类别 所属类别 参评类别 案例类型 类型 申报方向 申报类型 参赛类别 所属领域 主题类别 案例主题 征集类别 作品类别",
    "level": "层级 申报层级 级别 申报级别 案例层级 推荐层级",
    "author": "作者 撰稿人 主创人员 案例作者 执笔人 撰写人 主要作者 作者姓名 编写人",
    "other": "地址 通讯地址 通信地址 联系地址 邮编 邮政编码 职务 职称 性别 出生年月 民族 学历 身份证号 身份证号码 日期 填表日期 填报日期 "
    "申报日期 报名日期 推荐意见 单位意见 推荐单位意见 申报单位意见 初审意见 评审意见 专家意见 审核意见 主管部门意见 街道意见 社区意见 组委会意见 备注 案例简介 "
    "案例摘要 内容摘要 内容简介 项目简介 简介 摘要 微信 微信号 qq 序号 编号 实施时间 起止时间 传真 承诺 报名方式 政治面貌 字数 年龄 案例内容 "
    "主要内容 关键词 盖章 签字 单位盖章 照片 案例正文 案例概述",
}
_FORM_TITLE = re.compile(
    r"(?:报名|推荐|申报|申请|登记|信息|报送|参评|征集|审查|审批|审核|备案|评选)[^。，；：:]{0,6}表(?:[）)]|[（(][^（）()]{0,12}[）)]|[\d一二三]{0,2})$"
)
_NOTE = re.compile(r"[（(][^（）()]{0,30}[）)]|[*＊※：:]")


@functools.cache
def _names() -> dict[str, FieldName]:
    return {label: name for name, labels in _LABELS.items() for label in labels.split()}


@functools.lru_cache(maxsize=2048)
def field_name(text: str) -> FieldName | None:
    """What a label asks for; None when `text` is no label. 单 位（盖章）： is a unit, 聯絡電話 a phone."""
    if len(text) > 40:
        return None
    plain = _NOTE.sub("", unicodedata.normalize("NFKC", to_simplified(text)))
    return _names().get("".join(plain.split()).lower())


def is_form_title(text: str) -> bool:
    """Whether a line is the title of a form: 湖里区社区治理创新案例报名表."""
    plain = "".join(to_simplified(text).split())
    return len(plain) <= 50 and _FORM_TITLE.search(plain) is not None


@functools.cache
def label_pattern() -> re.Pattern[str]:
    """Finds a label with its colon inside a line of text; group 1 is the label."""
    spaced = (r"\s{0,4}".join(map(re.escape, label)) for label in sorted(_names(), key=len, reverse=True))
    return re.compile(
        rf"(?:(?<=[\s；;，,、|｜])|^)({'|'.join(spaced)})\s*+(?:[（(][^（）()]{{0,20}}[）)])?\s*+[：:]", re.IGNORECASE
    )
