"""Aims at the search for what no notice may say: found however it is written, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.form.private_words import find_private

LAWFUL = """
临时救助发放情况公示
根据济民字〔2018〕94号文件规定，现将情况公布。
救助对象：王*　所在村：甲镇甲一村　救助金额：10800.00 元　发放日期：2026-04-07
公示时间：2026-04-07 10:05 至 2026-04-14 24:00　编号 370881-L2026-000001，受理 370881-2026-000001
如有异议，请拨打 0537-4412349。
"""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("370881199001010013", "身份证号"),
        ("37088119900101001X", "身份证号"),
        ("37088119900101001x", "身份证号"),
        ("370881 19900101 0013", "身份证号"),
        ("３７０８８１１９９００１０１００１３", "身份证号"),
        ("370881900101001", "身份证号"),  # the old one of fifteen digits
        ("13800000000", "手机号"),
        ("138-0000-0000", "手机号"),
        ("138 0000 0000", "手机号"),
        ("8613800000000", "手机号"),
        ("6217000000000000000", "银行账号"),
        ("6217 0000 0000 0000", "银行账号"),
    ],
)
def test_numbers_are_found_however_they_are_written(text, kind):
    [found] = find_private(f"第一行\n联系：{text}。")
    assert (found.kind, found.line) == (kind, 2)
    assert text not in found.shown


def test_a_lawful_notice_says_nothing_private():
    assert find_private(LAWFUL, {"申请人姓名": "王五", "住址": ""}) == []


def test_what_is_known_of_the_person_is_found():
    found = find_private(
        "救助对象：王五，住甲一村 12 号", {"申请人姓名": "王五", "住址": "甲一村 12 号"}
    )
    assert [one.kind for one in found] == ["申请人姓名", "住址"]
    assert found[1].shown.startswith("甲一村")
    assert "12 号" not in found[1].shown


@given(
    some.from_regex(
        r"[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-2][0-9][0-9]{3}[0-9X]", fullmatch=True
    )
)
def test_every_identity_number_is_found_inside_a_sentence(number):
    assert find_private(f"身份证号{number}，请核对") != []


@given(some.text(max_size=200))
def test_any_text_can_be_searched(text):
    find_private(text, {"x": text[:5]})
