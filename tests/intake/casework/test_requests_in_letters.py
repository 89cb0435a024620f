"""What people write when they want a look at a draft, a case back, or another check; and what only sounds like it."""

from __future__ import annotations

import pytest

from intake.casework import requests
from tests.intake.casework.samples import facts

ROWS = {
    "asks_for_review": (
        (
            "这是我们的初稿，请先帮看看",
            "请老师先帮忙看看，合适再",
            "案例初稿，请预审",
            "附件是征求意见稿，请提意见",
            "征求意见：金安社区案例",
            "麻烦您先看一下写得行不行",
            "先发草稿，请把把关",
            "请先帮看看这样写行不行",
            "送审稿请审阅",
            "初稿请指导，谢谢老师",
            "請先幫看看，這是初稿",
        ),
        (
            "这是定稿，请查收",
            "初稿已修改，现正式报送",
            "案例已通过街道预审，现报送",
            "方案征求了居民意见",
            "多次召开会议征求群众意见",
            "请帮忙看看收到了吗",
            "请审核",
            "请查收附件",
            "报送社区治理案例",
            "之前的初稿作废，以此为准",
            "请审阅",
        ),
    ),
    "asks_to_withdraw": (
        (
            "撤回上一封，以此为准。",
            "请撤回我社区报送的案例",
            "我单位申请撤回案例《小网格》",
            "上一封邮件作废",
            "刚才发的那封有错，请作废",
            "确认撤回",
            "我们决定不参加了，请撤回",
            "之前报的案例不要了",
            "取消本次报送",
            "经研究不再参评此次征集",
            "退出本次征集",
            "请撤下我们的稿件",
            "請撤回上一封郵件",
            "同意撤回",
        ),
        (
            "请不要撤回",
            "怎么撤回上一封邮件？",
            "能否撤回？",
            "撤回了可以再报吗？",
            "误撤回了，请恢复",
            "请问材料收到了吗",
            "收到，谢谢",
            "案例中撤销岗位的做法",
            "此前误操作撤回",
            "请勿撤回我们的案例",
            "补发照片",
            "我们取消了围挡，改成花园",
        ),
    ),
    "replaces_earlier": (
        (
            "撤回上一封，以此为准。",
            "以此版为准",
            "以这封为准",
            "替换之前的材料",
            "上一封作废",
            "以本次报送为准",
            "以附件为准",
        ),
        (
            "请查收",
            "以征集启事为准",
            "以字数为准",
        ),
    ),
    "confirms": (
        (
            "确认",
            "是的",
            "确认撤回",
            "同意撤回",
            "好的，确认",
            "是的，请撤回",
            "确认。谢谢",
            "对的",
            "是的，我们确认",
            "确定",
        ),
        (
            "不确认",
            "先不撤回",
            "请问撤回后还能报吗",
            "收到",
            "确认收到了吗",
        ),
    ),
    "makes_formal": (
        (
            "就按这个正式报送",
            "正式报送",
            "请作为正式稿登记",
            "不改了，就这样报送",
            "以此稿为准，正式上报",
            "就用这一稿报吧",
            "请予以登记",
            "确认正式报送",
            "就以此稿正式报送，谢谢",
            "请按正式稿收件",
        ),
        (
            "修改后再正式报送",
            "这不是正式稿",
            "请问怎么正式报送",
            "谢谢",
            "还没有正式报送",
            "正式报送时再发照片？",
            "收到，我们再改改",
            "定稿后正式报送",
            "暂不正式报送",
        ),
    ),
    "objection_in": (
        (
            "我数了是2980字",
            "我们用WPS统计是2980字，没有超。",
            "照片在文档里",
            "照片都放在word文档里了，请再看看",
            "文档里有5张照片啊",
            "你们统计有误，请复核",
            "明明已经发了照片",
            "成效与反响在第三部分已经写了",
            "第三部分就是成效与反响",
            "字数没有超过3000字",
            "word显示2985字，怎么说超了？",
            "请重新核对一下字数",
            "照片已经发过了",
            "是不是系统识别错了？",
            "正文只有2900字",
            "我们并没有超字数",
            "圖片在文檔裡",
        ),
        (
            "收到，马上补发照片",
            "请问照片放在文档里可以吗？",
            "已修改到2980字，见附件",
            "我们会重新核对后再报",
            "照片明天发",
            "字数是怎么统计的？",
            "谢谢",
            "好的，我们删减到3000字以内",
            "请问标题算不算字数",
            "已补充照片",
            "现改为2980字，请查收",
            "附件是修改稿，正文2960字",
            "类别：网格治理",
            "如果照片放在文档里要不要另发",
            "还需要再发照片吗？",
        ),
    ),
}
YES = [(name, text) for name, (meant, _) in ROWS.items() for text in meant]
NO = [(name, text) for name, (_, not_meant) in ROWS.items() for text in not_meant]


@pytest.mark.parametrize(("name", "text"), YES)
def test_request_as_people_write_it_is_understood(name: str, text: str) -> None:
    assert getattr(requests, name)(facts("", text))


@pytest.mark.parametrize(("name", "text"), NO)
def test_words_that_only_sound_like_a_request_ask_for_nothing(name: str, text: str) -> None:
    assert not getattr(requests, name)(facts("", text))


def test_case_in_the_body_that_speaks_of_opinions_and_drafts_is_no_draft() -> None:
    text = "社区先后三次征求意见，形成初稿。" * 60

    assert not requests.asks_for_review(facts("报送案例", text))


def test_subject_of_an_answer_asks_for_nothing_since_it_is_ours() -> None:
    assert not requests.asks_for_review(facts("回复：初稿核对意见", "已修改，请查收。"))
