"""Who may speak for a case beside those its letters came from."""

from __future__ import annotations

import pytest

from intake.casework.addresses import related_addresses
from intake.casework.package import package_of
from intake.model import Letter, ReadFile
from parsers.facts import Address
from tests.intake.casework.samples import HULI, SENDER, document, form, letter

STREET = "jiedao@xm.example"


def related(one: Letter, *files: ReadFile) -> set[str]:
    return set(related_addresses(one, files or package_of(one, HULI), organizers=("zuweihui@huli.example",)))


def addresses(*written: str) -> tuple[Address, ...]:
    return tuple(Address(address=each) for each in written)


def test_people_copied_in_belong_in_any_case_of_letters_and_organizers_do_not() -> None:
    one = letter("案例", "", document(), cc=addresses("Tongshi@QQ.example", "zuweihui@huli.example", SENDER.upper()))

    assert related(one) == {"tongshi@qq.example"}


@pytest.mark.parametrize(
    ("quoted", "expected"),
    [
        (f'发件人: "街道"<{STREET}>;\n收件人: "社区"<shequ@qq.example>;\n\n请补充', {STREET, "shequ@qq.example"}),
        (f"发件人：街道 <{STREET}>\n抄送：a@b.example; c@d.example", {STREET, "a@b.example", "c@d.example"}),
        (f"> From: {STREET}\n> To: x@y.example", {STREET, "x@y.example"}),
        ("居民可写信到 shizhang@gov.example 反映", set()),
        ("发件人: 金安社区\n主题: 案例", set()),
    ],
)
def test_forwarded_original_names_who_belongs_by_its_labelled_lines_alone(quoted: str, expected: set[str]) -> None:
    assert related(letter("补充材料", "", document(), quoted=quoted)) == expected


def test_list_that_went_to_everybody_makes_nobody_part_of_the_case() -> None:
    everybody = "; ".join(f"shequ{n}@qq.example" for n in range(60))

    assert related(letter("案例", "", document(), quoted=f"收件人: {everybody}\n主题: 征集通知")) == set()
    assert related(letter("案例", "", document(), cc=addresses(*everybody.split("; ")))) == set()


def test_address_of_the_form_belongs() -> None:
    told = form(单位="金安社区居委会", 联系人="林小金", 电子邮箱="Linxj@163.example")

    assert related(letter("案例", "", document(), told)) == {"linxj@163.example"}
