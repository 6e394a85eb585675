"""Answers in words, masks, and the way to JSON and back without losing a fen."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.form import BLANK, MASKS
from app.form.describe import CONCEALED
from tests.form.factory import NOW, answer, field, form, rows

HOUSE = form(
    field(
        "textfield",
        "name",
        "姓名",
        properties={"sensitivity": "personal", "mask": "name", "clause": "jn94.1"},
    ),
    field("textfield", "card", "身份证号", properties={"kind": "id_card"}),
    field("textfield", "phone", "电话", properties={"kind": "phone"}),
    field(
        "textfield", "account", "账号", properties={"sensitivity": "sensitive", "mask": "account"}
    ),
    field("textfield", "illness", "病情", properties={"sensitivity": "sensitive"}),
    field("number", "paid", "自付", properties={"kind": "money"}),
    field("number", "people", "人数", properties={"unit": "人"}),
    field("radio", "cause", "原因", values=[{"label": "火灾", "value": "fire"}]),
    field("checkbox", "agreed", "同意"),
    field("datetime", "day", "日期"),
    rows(field("textfield", "kin", "关系"), properties={"row_label": "成员"}),
    field("expression", "half", "一半", expression="=paid / 2", properties={"kind": "money"}),
    field("expression", "raw", "倍数", expression="=[paid, {x: paid}]"),
)
PAIRS = [
    ("name", "张小三"), ("card", "370881199001010013"), ("phone", "13800138000"), ("account", "6222020000001234"),
    ("illness", "肺炎"), ("paid", "1000.1"), ("people", "3"), ("cause", "fire"), ("agreed", "true"),
    ("day", "2026-11-02"), ("members[0].kin", "配偶"),
]  # fmt: skip
VALUES = answer(HOUSE, *PAIRS).values


def texts(mask=True):
    return {line.label: line.text for line in HOUSE.describe(VALUES, mask)}


def test_masked_words():
    assert texts() | {"倍数": ""} == {
        "姓名": "张*三",
        "身份证号": "3708**********0013",
        "电话": "138****8000",
        "账号": "************1234",
        "病情": CONCEALED,
        "自付": "1000.10 元",
        "人数": "3 人",
        "原因": "火灾",
        "同意": "是",
        "日期": "2026年11月2日",
        "成员 1：关系": "配偶",
        "一半": "500.05 元",
        "倍数": "",
    }


def test_revealed_words():
    shown = texts(mask=False)
    assert (shown["姓名"], shown["身份证号"], shown["病情"]) == (
        "张小三",
        "370881199001010013",
        "肺炎",
    )


def test_clause_and_sensitivity_travel():
    lines = {line.label: line for line in HOUSE.describe(VALUES)}
    assert lines["姓名"].clause == "jn94.1"
    assert [label for label, line in lines.items() if line.sensitive] == [
        "姓名",
        "身份证号",
        "电话",
        "账号",
        "病情",
    ]


def test_blank_and_hidden():
    assert [line.text for line in HOUSE.describe({"name": None, "members": []})] == [BLANK, "没有"]
    assert HOUSE.describe({}) == []


@pytest.mark.parametrize(
    ("name", "shown"), [("张", "*"), ("张三", "张*"), ("张小三", "张*三"), ("欧阳小三", "欧**三")]
)
def test_names(name, shown):
    assert MASKS["name"](name) == shown


@given(st.text(min_size=1, max_size=30))
def test_short_secrets_are_never_shown_whole(text):
    for mask in MASKS.values():
        shown = mask(text)
        assert "*" in shown
        assert len(shown) >= len(text)


def test_choices_from_feel_are_shown_by_label_when_the_facts_are_there():
    one = form(
        field("select", "town", values=[], valuesExpression="=towns"),
        rows(field("select", "village", valuesExpression="=towns[parent = town]")),
    )
    towns = [
        {"label": "东镇", "value": "t1", "parent": None},
        {"label": "西村", "value": "v1", "parent": "t1"},
    ]
    values = {"town": "t1", "members": [{"village": "v1"}]}
    assert [line.text for line in one.describe(values)] == ["t1", "v1"]
    shown = one.describe(values, context={"towns": towns}, now=NOW)
    assert [line.text for line in shown] == ["东镇", "西村"]


def test_json_and_back():
    stored = json.loads(json.dumps(HOUSE.dump(VALUES)))
    assert stored["paid"] == "1000.10"
    assert HOUSE.load(stored) == VALUES


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**11))
def test_every_sum_survives(paid):
    values = {"paid": paid, "half": paid, "members": [{"kin": None}]}
    again = HOUSE.load(json.loads(json.dumps(HOUSE.dump(values))))
    assert again == values
    assert again["paid"].as_tuple() == paid.as_tuple()
    assert type(again["half"]) is Decimal


def test_unknown_keys_are_left_out():
    assert HOUSE.dump({"other": object()}) == {}
    assert HOUSE.load({"other": 1}) == {}
