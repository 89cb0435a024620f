"""Signatures as clients write them, raw letter to casework: the words above stay new text, unit and telephone are found."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.casework.identity import identify
from intake.model import Letter
from tests.intake.casework.samples import HULI
from tests.letter_reading import headed, read_raw

UNIT, PHONE = "湖里区金安社区居委会", "0592-5551234"

PLAIN = {
    "delimiter": "-- \n{unit}\n林晓梅\n{phone}",
    "delimiter of NetEase": "--\n\n{unit}\n林晓梅 {phone}",
    "labels": "{unit}\n联系人：林晓梅\n联系电话：{phone}",
    "labels flush with spaces": "{unit}\n联 系 人：林晓梅\n联系电话： {phone}",
    "unit and name": "{unit} 林晓梅\n电话 {phone}",
    "name first": "林晓梅\n{unit}\n电话：{phone}\n手机：13800001234\n邮箱：jinan@qq.com",
    "ruler": "————————————\n{unit}\n地址：湖里区金山路1号\n电话：{phone}",
    "above a phone's line": "{unit}\n电话：{phone}\n\n发自我的iPhone",
    "table of Mail Master": "| |\n{unit}\n|\n|\n电话：{phone}\n|\n签名由 网易邮箱大师 定制",
}
HTML = {
    "qq": '<sign signid="0"><div>林晓梅</div><div>{unit}</div><div>{phone}</div></sign>',
    "qq's app": '<div class="xm_sign"><div>林晓梅</div><div>{unit}</div><div>{phone}</div></div>',
    "qq since 2023": '<div xmail-signature=""><p></p><div>林晓梅</div><div>{unit}</div><div>{phone}</div></div>',
    "netease": '<div style="position:relative;zoom:1">--<br><div>{unit}<br>林晓梅 {phone}</div></div>',
    "mail master": '<div class="ntes-mailmaster-signature"><table><tr><td>{unit}</td></tr><tr><td>{phone}</td></tr></table></div>',
    "outlook": '<p>&nbsp;</p><p class=MsoNormal><a name="_MailAutoSig">林晓梅</a></p><p>{unit}</p><p>电话：{phone}</p>',
    "outlook on the web": '<div id="Signature"><p>{unit}</p><p>{phone}</p></div>',
    "aliyun": '<div class="__aliyun_signature_wrap"><div>{unit}</div><div>林晓梅 {phone}</div></div>',
    "feishu": '<div id="lark-mail-signature"><div>{unit} 林晓梅 {phone}</div></div>',
    "gmail": '<div>-- <br></div><div class="gmail_signature">{unit}<br>{phone}</div>',
}


def letter_of(kind: str, body: str, folder: Path) -> Letter:
    facts = read_raw(headed(f"From: jinan@qq.com\nContent-Type: text/{kind}; charset=utf-8", body), folder).letter
    return Letter(sha256="0" * 64, received_at=datetime(2022, 12, 5, tzinfo=UTC), facts=facts)


def unit_and_phone(letter: Letter) -> list[tuple[str, str] | None]:
    known = identify(letter, (), HULI)
    return [(each.value, each.place) if each else None for each in (known.unit, known.phone)]


@pytest.mark.parametrize("way", PLAIN)
def test_plain_signature_gives_unit_and_telephone(way: str, tmp_path: Path) -> None:
    signature = PLAIN[way].format(unit=UNIT, phone=PHONE)

    letter = letter_of("plain", f"老师好，案例材料见附件，请查收。\n\n{signature}\n", tmp_path)

    assert letter.facts.text == "老师好，案例材料见附件，请查收。"
    assert unit_and_phone(letter) == [(UNIT, "signature"), (PHONE, "signature")]


@pytest.mark.parametrize("way", HTML)
def test_html_signature_gives_unit_and_telephone(way: str, tmp_path: Path) -> None:
    signature = HTML[way].format(unit=UNIT, phone=PHONE)

    letter = letter_of("html", f"<div>老师好，案例材料见附件，请查收。</div>{signature}", tmp_path)

    assert letter.facts.text == "老师好，案例材料见附件，请查收。"
    assert unit_and_phone(letter) == [(UNIT, "signature"), (PHONE, "signature")]


@pytest.mark.parametrize(
    "closing",
    [
        "此致\n敬礼！\n\n湖里区金安社区居委会\n2022年12月5日",
        "附：\n案例一份\n照片5张\n电话 0592-5551234",
        "一、议事会每周一次。\n二、热线0592-5551234随时可问。",
    ],
)
def test_end_of_a_text_that_only_resembles_a_signature_stays_text(closing: str, tmp_path: Path) -> None:
    text = f"老师好，案例材料见附件，请查收。\n\n{closing}"

    letter = letter_of("plain", text, tmp_path)

    assert (letter.facts.text, letter.facts.signature) == (text, "")
