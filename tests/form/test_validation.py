"""Answers judged: what is refused, in which words, and what is kept."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.form import UploadedFile, limits
from tests.form.factory import NOW, answer, field, form, rows, said

CHOICES = [{"label": "火灾", "value": "fire"}, {"label": "疾病", "value": "ill"}]
MONEY = {"properties": {"kind": "money"}}
JPG = UploadedFile("r1", "a.jpg", 10, b"\xff\xd8\xff\xe0" + b"\0" * 12)


@pytest.mark.parametrize(
    ("component", "typed", "sentence"),
    [
        (field("textfield", validate={"required": True}), " ", "请填写“甲”"),
        (
            field("number", label="自付费用", **MONEY),
            "abc",
            "“自付费用”要填数字，最多 2 位小数，如 1200.50",
        ),
        (field("number", **MONEY), "-1", "“甲”不能小于 0.00 元"),
        (field("number", decimalDigits=0), "1.5", "“甲”要填整数"),
        (
            field("number", validate={"max": 9}, properties={"unit": "人"}),
            "10",
            "“甲”不能大于 9 人",
        ),
        (
            field("textfield", properties={"kind": "id_card"}),
            "123",
            "“甲”要填 18 位居民身份证号：前 17 位是数字，末位是数字或 X",
        ),
        (
            field("textfield", validate={"validationType": "phone"}),
            "1",
            "“甲”要填 11 位手机号，或带区号的固定电话，如 0537-4412349",
        ),
        (
            field("textfield", validate={"validationType": "email"}),
            "a@b",
            "“甲”要填电子邮箱，如 name@example.com",
        ),
        (
            field("textfield", validate={"maxLength": 3}),
            "四个汉字",
            "“甲”有 4 个字，最多 3 个字，请删短",
        ),
        (field("textarea", validate={"minLength": 3}), "两字", "“甲”至少要写 3 个字"),
        (
            field(
                "textfield",
                validate={"pattern": "^[0-9]{3}$"},
                properties={"pattern_message": "写三位数字"},
            ),
            "12",
            "“甲”的格式不对：写三位数字",
        ),
        (field("radio", values=CHOICES, validate={"required": True}), "", "请选择“甲”"),
        (field("select", values=CHOICES), "flood", "“甲”里没有这个选项，请从列出的选项中选"),
        (field("checklist", values=CHOICES), "flood", "“甲”里没有这个选项，请从列出的选项中选"),
        (field("checkbox", validate={"required": True}), "", "请勾选“甲”"),
        (field("datetime"), "2026-02-30", "“甲”要填真实的日期，如 2026-11-22"),
        (field("datetime", subtype="datetime"), "下午", "“甲”要填日期和时间，如 2026-11-22 14:30"),
        (field("filepicker", validate={"required": True}), "", "请上传“甲”"),
        (
            field("textfield", properties={"check": '=a = "好"', "check_message": "请写“好”"}),
            "坏",
            "请写“好”",
        ),
        (field("textfield"), "a\x00b", "“甲”里有换行或不可见的字符，请删去后重新输入"),
        (field("textfield"), "a\nb", "“甲”里有换行或不可见的字符，请删去后重新输入"),
    ],
)
def test_refusals_name_the_question_and_the_way_out(component, typed, sentence):
    assert said(form(component), ("a", typed)) == sentence


@pytest.mark.parametrize(
    ("component", "typed", "kept"),
    [
        (field("textfield"), "  张三 ", "张三"),
        (field("textfield"), "", None),
        (field("textarea"), "一\r\n二", "一\n二"),
        (field("number"), "１２", Decimal("12")),
        (field("number", **MONEY), "1,200.5", Decimal("1200.50")),
        (
            field("textfield", properties={"kind": "id_card"}),
            "11010519491231002ｘ",
            "11010519491231002X",
        ),
        (field("textfield", properties={"kind": "phone"}), "138 0013 8000", "13800138000"),
        (field("radio", values=CHOICES), "fire", "fire"),
        (field("checklist", values=CHOICES), "fire", ["fire"]),
        (field("checkbox"), "true", True),
        (field("checkbox"), "", False),
        (field("datetime"), "2026年1月2日", "2026-01-02"),
        (field("datetime", subtype="datetime"), "2026-01-02 03:04", "2026-01-02T03:04:00+08:00"),
    ],
)
def test_answers_are_kept_typed(component, typed, kept):
    found = answer(form(component), ("a", typed))
    assert found.ok
    assert found.values == {"a": kept}
    assert type(found.values["a"]) is type(kept)


def test_money_bounds_below_at_above():
    one = form(field("number", validate={"min": 1, "max": "1000.00"}, **MONEY))
    assert [answer(one, ("a", typed)).ok for typed in ("0.99", "1.00", "1.01")] == [
        False,
        True,
        True,
    ]
    assert [answer(one, ("a", typed)).ok for typed in ("999.99", "1000.00", "1000.01")] == [
        True,
        True,
        False,
    ]


def test_length_below_at_above():
    one = form(field("textfield", validate={"minLength": 2, "maxLength": 4}))
    assert [answer(one, ("a", "字" * count)).ok for count in (1, 2, 3, 4, 5)] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_line_and_text_without_a_bound_are_still_bounded():
    for kind, most in (("textfield", limits.MAX_LINE), ("textarea", limits.MAX_TEXT)):
        one = form(field(kind))
        assert [answer(one, ("a", "字" * (most + more))).ok for more in (-1, 0, 1)] == [
            True,
            True,
            False,
        ]


def test_raw_length_below_at_above():
    one = form(field("textarea"))
    for more, sentence in ((0, "个字，最多"), (1, "太长")):
        assert sentence in said(one, ("a", "字" * (limits.MAX_RAW + more)))


def test_day_bounds_below_at_above():
    one = form(field("datetime", properties={"not_before": "2026-11-20", "not_after": "=today()"}))
    days = ("2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23")
    assert [answer(one, ("a", day)).ok for day in days] == [False, True, True, True, False]


def test_moment_bounds_below_at_above():
    one = form(
        field(
            "datetime",
            subtype="datetime",
            properties={"not_before": "=reported_at", "not_after": "=now()"},
        )
    )
    times = ("14:28", "14:29", "14:30", "14:31")
    found = [
        answer(one, ("a", f"2026-11-22 {time}"), reported_at="2026-11-22T06:29:00+00:00").ok
        for time in times
    ]
    assert found == [False, True, True, False]


def test_a_bound_without_offset_is_china_time():
    one = form(
        field("datetime", subtype="datetime", properties={"not_before": '="2026-11-22T10:00:00"'})
    )
    assert [
        answer(one, ("a", f"2026-11-22 {time}")).ok for time in ("09:59", "10:00", "10:01")
    ] == [False, True, True]


def test_today_is_the_day_in_china():
    one = form(field("datetime", properties={"not_after": "=today()"}))
    late = NOW.replace(hour=16, minute=30)  # half past midnight of the 23rd in China
    sent = one.parse([("a", "2026-11-23")])
    assert one.validate(sent, context={}, now=late).ok


def test_rows_below_at_above():
    one = form(rows(field("textfield", "name"), properties={"min_rows": 2, "max_rows": 3}))
    for count, fine in ((1, False), (2, True), (3, True), (4, False)):
        pairs = [(f"members[{at}].name", "张") for at in range(count)]
        assert answer(one, *pairs).ok is fine


def test_problems_of_rows_carry_their_path():
    one = form(rows(field("textfield", "name", validate={"required": True}), field("number", "n")))
    found = answer(one, ("members[0].name", "张"), ("members[1].n", "x"))
    assert [problem.key for problem in found.problems] == ["members[1].name", "members[1].n"]


def test_all_problems_come_at_once_in_form_order():
    one = form(
        field("textfield", "a", validate={"required": True}),
        field("number", "b"),
        field("datetime", "c"),
    )
    assert [problem.key for problem in answer(one, ("b", "x"), ("c", "x")).problems] == [
        "a",
        "b",
        "c",
    ]


def papers(one, *files):
    return one.validate(one.parse([], {"a": list(files)}), context={}, now=NOW)


def test_a_paper_is_kept_with_what_its_bytes_say():
    found = papers(form(field("filepicker")), JPG)
    assert found.values["a"] == [{"ref": "r1", "name": "a.jpg", "type": "image/jpeg", "size": 10}]


@pytest.mark.parametrize(
    ("paper", "part"),
    [
        (UploadedFile("r", "a.jpg", 10, b"MZ\x90\0"), "只收"),
        (UploadedFile("r", "a.jpg", 10, b"<script>"), "只收"),
        (UploadedFile("r", "a.pdf", 10, b"%PDF-1.7"), "只收JPG 图片、PNG 图片"),
        (UploadedFile("r", "a.jpg", 0, b""), "空文件"),
    ],
)
def test_other_papers_are_refused(paper, part):
    assert part in papers(form(field("filepicker", accept="image/*")), paper).problems[0].message


def test_upload_size_below_at_above():
    one = form(field("filepicker"))
    for more, fine in ((-1, True), (0, True), (1, False)):
        paper = UploadedFile("r", "a.jpg", limits.MAX_UPLOAD_BYTES + more, JPG.head)
        assert papers(one, paper).ok is fine


def test_papers_count_below_at_above():
    one = form(field("filepicker", multiple=True, properties={"max_files": 2}))
    assert [papers(one, *[JPG] * count).ok for count in (1, 2, 3)] == [True, True, False]


def test_a_file_name_is_no_path():
    paper = UploadedFile("r", "../../etc/pass\x00wd\\x.jpg", 10, JPG.head)
    assert papers(form(field("filepicker")), paper).values["a"][0]["name"] == "_.._etc_passwd_x.jpg"


def test_cross_checks_see_other_answers_and_facts():
    check = {"kind": "money", "check": "=a <= ceiling", "check_message": "不能超过可用额"}
    one = form(field("number", properties=check))
    assert [
        answer(one, ("a", typed), ceiling=Decimal(1000)).ok
        for typed in ("999.99", "1000", "1000.01")
    ] == [True, True, False]
    assert not answer(one, ("a", "1")).ok  # the fact is missing: an empty result is a stop
    assert answer(one).ok  # nothing answered, nothing to check


def test_several_choices_are_kept_in_the_order_of_the_form():
    one = form(field("checklist", values=CHOICES))
    assert answer(one, ("a", "ill"), ("a", "fire"), ("a", "ill")).values["a"] == ["fire", "ill"]


def test_options_from_feel():
    one = form(field("select", valuesExpression="=villages"))
    villages = [{"label": "东村", "value": "v1"}, "v2"]
    assert [answer(one, ("a", typed), villages=villages).ok for typed in ("v1", "v2", "v3")] == [
        True,
        True,
        False,
    ]
    assert not answer(one, ("a", "v1")).ok


def test_readonly_is_not_taken_from_what_is_sent():
    one = form(
        field("textfield", readonly=True),
        field("number", "b", readonly=True, defaultValue="=limit"),
    )
    found = answer(one, ("a", "forged"), ("b", "9"), so_far={"a": "kept"}, limit=Decimal(5))
    assert found.values == {"a": "kept", "b": Decimal(5)}


def test_json_problems_stop_the_submission():
    one = form(field("textfield"))
    assert not one.validate(one.parse_json({"b": 1}), context={}, now=NOW).ok
