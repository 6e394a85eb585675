"""What a form file may say: every refusal by its code, limits below, at and above, all at once.

Hostile files: `test_corpus.py`. Answers: `test_validation.py`.
"""

from __future__ import annotations

import json

import pytest

from app.form import FormModelError, check_form, limits, load_form
from app.form.model import NumberQuestion, RowList, TextQuestion
from app.form.reading import MAX_NESTING
from app.kernel.errors import ModelError
from tests.form.factory import codes, document, field, form, group, rows

CHOICES = [{"label": "是", "value": "yes"}, {"label": "否", "value": "no"}]
ONE = field("textfield", "one")


@pytest.mark.parametrize(
    ("component", "code"),
    [
        (field("html"), "unknown_component"),
        (field("iframe"), "unknown_component"),
        (field("button"), "unknown_component"),
        (field("taglist"), "unknown_component"),
        (field("textfield", validate={"requird": True}), "unknown_validation"),
        (field("number", validate={"minLength": 3}), "unknown_validation"),
        (field("textfield", onclick="x"), "unknown_setting"),
        (field("textfield", conditional={"show": "=true"}), "unknown_setting"),
        (field("textfield", disabled=True), "unsupported_setting"),
        (field("textfield", validate=[]), "bad_setting"),
        (field("textfield", validate={"required": "ja"}), "bad_setting"),
        (field("textfield", validate={"maxLength": "lang"}), "bad_setting"),
        (field("textfield", validate={"pattern": "(?=a)"}), "bad_pattern"),
        (field("textfield", validate={"pattern": "(a)\\1"}), "bad_pattern"),
        (field("textfield", validate={"pattern": "((a{1000}){1000}){1000}"}), "bad_pattern"),
        (field("textfield", conditional={"hide": "true"}), "bad_expression"),
        (field("textfield", label="=1+1"), "expression_not_here"),
        (field("textfield", label=""), "label_missing"),
        (field("textfield", properties={"kind": "money"}), "bad_setting"),
        (field("textfield", properties={"mask": "all"}), "bad_setting"),
        (field("textfield", properties={"check": "=a != null"}), "message_missing"),
        (field("number", defaultValue="viel"), "bad_default"),
        (field("radio", values=CHOICES, defaultValue="maybe"), "bad_default"),
        (field("datetime", defaultValue="2026-02-30"), "bad_default"),
        (field("radio"), "no_options"),
        (field("radio", values=[{"label": "是"}]), "bad_option"),
        (field("radio", values=[{"label": "是", "value": 1}]), "bad_option"),
        (field("radio", values=[*CHOICES, CHOICES[0]]), "duplicate_option"),
        (field("select", values="yes"), "bad_setting"),
        (field("datetime", subtype="time"), "unsupported_setting"),
        (field("datetime", properties={"not_after": "tomorrow"}), "bad_setting"),
        (field("filepicker", accept=".exe"), "bad_setting"),
        (field("expression"), "expression_missing"),
        (field("number", validate={"min": 3, "max": 2}), "out_of_range"),
        (rows(ONE, validate={"min": 1}), "unknown_validation"),
        (rows(ONE, properties={"min_rows": 5, "max_rows": 3}), "out_of_range"),
        (rows(), "no_components"),
        (rows(field("textfield", readonly=True)), "readonly_in_rows"),
        (group(ONE, path="inner"), "unsupported_setting"),
        ("textfield", "bad_component"),
    ],
)
def test_refused(component, code):
    assert codes(component) == [code]


@pytest.mark.parametrize(
    "key",
    [
        "__proto__",
        "a.b",
        "typename",
        "data_objects",
        "constructor",
        "_add",
        "姓名",
        "a b",
        "1a",
        "a__b",
        "null",
        "for",
        "a\nb",
        "a" * 65,
    ],
)
def test_illegal_keys_are_refused(key):
    assert "illegal_key" in codes(field("textfield", key))


@pytest.mark.parametrize(
    "key", ["a", "applicant_name", "textfield_1abc", "camelCase", "a" * limits.MAX_KEY]
)
def test_plain_keys_are_taken(key):
    assert codes(field("textfield", key)) == []


def test_a_missing_key_is_named():
    assert codes({"type": "textfield", "label": "甲"}) == ["key_missing"]


def test_a_key_twice_on_one_level_is_refused():
    assert codes(ONE, group(ONE)) == ["duplicate_key"]


def test_a_row_key_that_hides_an_outer_one_is_refused():
    assert codes(ONE, rows(ONE)) == ["duplicate_key"]


def test_two_lists_may_use_the_same_key():
    assert codes(rows(ONE, key="first"), rows(ONE, key="second")) == []


def test_everything_is_said_at_once_with_key_and_advice():
    found = check_form(
        document(
            field("iframe", "x"), field("textfield", "a.b"), field("number", "n", validate={"x": 1})
        ),
        file="forms/jining/sample.form",
    )
    assert [one.code for one in found] == ["unknown_component", "illegal_key", "unknown_validation"]
    assert [one.place.element_id for one in found] == ["x", "a.b", "n"]
    assert all(one.suggestion and one.place.file == "forms/jining/sample.form" for one in found)


def test_loading_a_broken_form_raises_with_findings():
    with pytest.raises(FormModelError) as caught:
        load_form(document(field("iframe")))
    assert isinstance(caught.value, ModelError)
    assert [one.code for one in caught.value.findings] == ["unknown_component"]


def test_a_bad_expression_keeps_its_place():
    found = check_form(document(field("textfield", conditional={"hide": "=1 +"})))
    assert [one.severity for one in found] == ["error"]
    assert found[0].place.element_id == "a"
    assert found[0].place.column == "conditional.hide"
    assert found[0].place.offset >= 0


def test_a_misspelt_name_is_found_when_the_facts_are_known():
    raw = document(
        ONE, field("textfield", conditional={"hide": "=onne = null and reported_at = null"})
    )
    assert check_form(raw) == []
    assert check_form(raw, facts={"reported_at"})[0].code == "unknown_name"


def test_a_statutory_form_may_not_lose_its_questions():
    raw = document(ONE, rows(field("textfield", "name")))
    assert check_form(raw, must_have=["one", "members.name"]) == []
    found = check_form(raw, must_have=["applicant_id", "one"])
    assert [(one.code, one.place.element_id) for one in found] == [
        ("statutory_field_missing", "applicant_id")
    ]


def test_unknown_properties_warn_only():
    found = check_form(document(field("textfield", properties={"colour": "red"})))
    assert [(one.code, one.severity) for one in found] == [("unknown_property", "warning")]
    assert form(field("textfield", properties={"colour": "red"})).warnings == tuple(found)


def test_an_id_unlike_the_file_name_warns():
    raw = document(ONE)
    assert check_form(raw, file="forms/jining/sample.form") == []
    found = check_form(raw, file="forms/jining/other.form")
    assert [(one.code, one.severity) for one in found] == [("id_not_file_name", "warning")]


def test_html_in_static_text_warns():
    found = check_form(document(ONE, {"type": "text", "text": "<script>alert(1)</script>"}))
    assert [(one.code, one.severity) for one in found] == [("html_as_text", "warning")]


@pytest.mark.parametrize(
    ("components", "circular"),
    [
        ([field("textfield", "a", conditional={"hide": "=a = null"})], True),
        (
            [
                field("textfield", "a", conditional={"hide": "=b = null"}),
                field("textfield", "b", conditional={"hide": "=a = null"}),
            ],
            True,
        ),
        (
            [
                field("expression", "a", expression="=b + 1"),
                field("expression", "b", expression="=a + 1"),
            ],
            True,
        ),
        ([rows(field("expression", "share", expression="=count(members)"))], True),
        (
            [field("textfield", "b"), field("textfield", "a", conditional={"hide": "=b = null"})],
            False,
        ),
        (
            [
                rows(field("number", "n")),
                field("expression", "total", expression="=sum(members.n)"),
            ],
            False,
        ),
    ],
)
def test_circles_are_refused(components, circular):
    assert ("circular" in codes(*components)) is circular


def size(count):
    return len(document(ONE, name="", **{"$schema": "x" * count}))


def test_file_size_below_at_above():
    spare = limits.MAX_FORM_BYTES - size(0)
    for count, fine in ((spare - 1, True), (spare, True), (spare + 1, False)):
        found = check_form(document(ONE, name="", **{"$schema": "x" * count}))
        assert ("file_too_large" not in [one.code for one in found]) is fine


def test_components_below_at_above():
    for count, fine in ((-1, True), (0, True), (1, False)):
        many = [field("textfield", f"k{n}") for n in range(limits.MAX_COMPONENTS + count)]
        assert (codes(*many) == []) is fine


def test_too_many_components_are_said_once():
    many = [field("textfield", f"k{n}") for n in range(limits.MAX_COMPONENTS + 50)]
    assert codes(*many) == ["too_many_components"]


def nested(depth):
    inner = ONE
    for _ in range(depth):
        inner = group(inner)
    return inner


def test_depth_below_at_above():
    for depth, fine in (
        (limits.MAX_DEPTH - 1, True),
        (limits.MAX_DEPTH, True),
        (limits.MAX_DEPTH + 1, False),
    ):
        assert ("too_deep" not in codes(nested(depth))) is fine


def test_json_depth_bomb_is_refused():
    assert check_form(b'{"a":' * 5_000 + b"1" + b"}" * 5_000)[0].code in ("too_deep", "bad_json")
    assert check_form(b"[" * 100_000)[0].code in ("too_deep", "bad_json")


def test_options_below_at_above():
    for count, fine in ((-1, True), (0, True), (1, False)):
        values = [{"label": str(n), "value": str(n)} for n in range(limits.MAX_OPTIONS + count)]
        assert (codes(field("radio", values=values)) == []) is fine


@pytest.mark.parametrize(
    ("setting", "most", "code"),
    [
        ("label", limits.MAX_LABEL, "text_too_long"),
        ("description", limits.MAX_DESCRIPTION, "text_too_long"),
    ],
)
def test_texts_below_at_above(setting, most, code):
    for count, expected in ((most - 1, []), (most, []), (most + 1, [code])):
        assert codes(field("textfield", **{setting: "字" * count})) == expected


def test_static_text_below_at_above():
    for count, fine in ((-1, True), (0, True), (1, False)):
        text = {"type": "text", "text": "字" * (limits.MAX_STATIC_TEXT + count)}
        assert (codes(ONE, text) == []) is fine


def test_pattern_length_below_at_above():
    for count, fine in ((-1, True), (0, True), (1, False)):
        pattern = "a" * (limits.MAX_PATTERN + count)
        assert (codes(field("textfield", validate={"pattern": pattern})) == []) is fine


def test_expression_length_below_at_above():
    for count, fine in ((-1, True), (0, True), (1, False)):
        text = "true".ljust(limits.MAX_EXPRESSION + count - 5) + "=true"
        found = codes(field("textfield", conditional={"hide": f"={text}"}))
        assert ("expression_too_long" not in found) is fine


@pytest.mark.parametrize(("setting", "most"), [("maxLength", limits.MAX_LINE)])
def test_line_bound_below_at_above(setting, most):
    for count, fine in ((most - 1, True), (most, True), (most + 1, False)):
        assert (codes(field("textfield", validate={setting: count})) == []) is fine


def test_row_bound_below_at_above():
    for count, fine in (
        (limits.MAX_ROWS - 1, True),
        (limits.MAX_ROWS, True),
        (limits.MAX_ROWS + 1, False),
    ):
        assert (codes(rows(ONE, properties={"max_rows": count})) == []) is fine


@pytest.mark.parametrize(
    "number", ["1e5", "1e99999999999999", "NaN", "-Infinity", "٣", "1_0", "9" * 19, " 1"]
)
def test_numbers_that_could_grow_are_refused(number):
    assert codes(field("number", validate={"min": number})) == ["bad_setting"]


def test_json_numbers_below_at_above():
    for count, fine in ((-1, True), (0, True), (1, False)):
        digits = "9" * (limits.MAX_NUMBER_TEXT + count)
        raw = document(ONE, schemaVersion=0).replace(
            b'"schemaVersion": 0', f'"schemaVersion": {digits}'.encode()
        )
        assert ([one.code for one in check_form(raw)] == []) is fine
    assert (
        check_form(document(ONE)[:-1] + b', "schemaVersion": 1e999999999}')[0].code
        == "number_too_long"
    )


def test_json_nesting_below_at_above():
    for depth, fine in ((MAX_NESTING - 1, True), (MAX_NESTING, True), (MAX_NESTING + 1, False)):
        inner = "[" * (depth - 1) + "]" * (depth - 1)  # the document itself is one level
        raw = document(ONE)[:-1] + f', "exporter": {inner}}}'.encode()
        assert ("too_deep" not in [one.code for one in check_form(raw)]) is fine


def test_files_of_one_question_below_at_above():
    for count, fine in (
        (limits.MAX_FILES - 1, True),
        (limits.MAX_FILES, True),
        (limits.MAX_FILES + 1, False),
    ):
        assert (codes(field("filepicker", properties={"max_files": count})) == []) is fine


def test_findings_are_bounded():
    many = [field("iframe", f"k{n}") for n in range(limits.MAX_FINDINGS + 5)]
    assert len(codes(*many)) == limits.MAX_FINDINGS


def test_numbers_written_as_text_by_form_js_are_taken():
    one = form(field("number", validate={"min": "1", "max": "3.5"})).field("a")
    assert isinstance(one, NumberQuestion)
    assert (str(one.minimum), str(one.maximum)) == ("1", "3.5")


def test_form_js_files_of_the_editor_are_taken():
    raw = document(
        {
            "type": "textfield",
            "id": "Field_1",
            "key": "a",
            "label": "甲",
            "layout": {"row": "Row_1", "columns": None},
        },
        {"type": "datetime", "subtype": "date", "dateLabel": "日期", "key": "d", "id": "Field_2"},
        exporter={"name": "form-js"},
        executionPlatform="Camunda Cloud",
        executionPlatformVersion="8.8.0",
        schemaVersion=17,
    )
    loaded = load_form(raw)
    assert [one.label for one in loaded.components] == ["甲", "日期"]


def test_fields_are_found_by_path():
    one = form(group(rows(field("textfield", "name"))), ONE)
    assert isinstance(one.field("members"), RowList)
    assert isinstance(one.field("members[3].name"), TextQuestion)
    with pytest.raises(KeyError):
        one.field("members[0].age")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b'{"a":1,"a":2}',
        b'{"a":1e999999}',
        json.dumps({}).encode(),
    ],
)
def test_what_is_no_form_is_refused(raw):
    assert any(one.severity == "error" for one in check_form(raw))
