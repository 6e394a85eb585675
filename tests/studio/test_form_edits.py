"""Editing a form changes what was asked and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.form import check_form
from app.form.vocabulary import COMPONENT_TYPES
from app.kernel.errors import Invalid, NotFound
from app.studio import form_edits, form_settings
from app.studio.form_settings import When

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "forms").glob("*/*.form"))
EMPTY = {"type": "default", "id": "f", "name": "F", "components": []}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_saving_every_question_as_it_is_shown_changes_nothing(path):
    document = form_edits.parse(path.read_bytes())
    for row in form_edits.rows(document):
        one = form_edits.component(document, row.at)
        settings = form_settings.settings_of(row.type)
        typed = {setting.name: form_settings.read(one, setting) for setting in settings}
        made, problems = form_settings.apply(one, typed)
        assert problems == []
        assert json.dumps(made, sort_keys=True) == json.dumps(dict(one), sort_keys=True)
    assert json.loads(form_edits.dump(document)) == json.loads(path.read_bytes())


@pytest.mark.parametrize("kind", sorted(COMPONENT_TYPES))
def test_every_kind_can_be_added_moved_and_taken_out(kind):
    document, first = form_edits.add(EMPTY, "text", "", inside=False)
    changed, at = form_edits.add(document, kind, first, inside=False)
    assert at == "1"
    if kind in form_edits.NESTING:
        changed, inner = form_edits.add(changed, "number", at, inside=True)
        assert inner == "1.0"
    assert [
        one
        for one in check_form(form_edits.dump(changed), file="f.form")
        if one.severity == "error"
    ] == []
    moved, at = form_edits.move(changed, at, -1)
    assert form_edits.component(moved, "0")["type"] == kind
    assert form_edits.move(moved, "0", -1) == (moved, "0")
    assert form_edits.remove(moved, at) == document
    assert EMPTY["components"] == []


def test_what_cannot_be_read_is_said_at_its_setting():
    one = {"type": "number", "key": "a", "label": "甲"}
    made, problems = form_settings.apply(
        one, {"validate.min": "很少", "decimalDigits": "1.5", "label": "乙"}
    )
    assert [(p.key, p.message) for p in problems] == [
        ("validate.min", "请填数字，如 0 或 12.5。"),
        ("decimalDigits", "请填整数。"),
    ]
    assert made["label"] == "乙"
    _, problems = form_settings.apply({"type": "radio"}, {"values": "是 = yes\n= no"})
    assert "写成“文字 = 值”" in problems[0].message


def test_settings_come_and_go():
    one = {"type": "textfield", "key": "a", "label": "甲", "layout": {"row": "r"}}
    typed = {
        "validate.required": "true",
        "properties.sensitivity": "personal",
        "validate.maxLength": "40",
    }
    made, _ = form_settings.apply(one, typed)
    assert made["validate"] == {"required": True, "maxLength": 40}
    assert made["properties"] == {"sensitivity": "personal"}
    back, _ = form_settings.apply(made, dict.fromkeys(typed, ""))
    assert back == one


@pytest.mark.parametrize(
    ("when", "hide"),
    [
        (When("cause", True, "illness"), '=cause != "illness"'),
        (When("cause", False, "火灾"), '=cause = "火灾"'),
        (When("adult", True, "true"), "=adult != true"),
        (When("members", True, "3"), "=members != 3"),
    ],
)
def test_simple_conditions_are_written_and_read(when, hide):
    assert form_settings.hide_unless(when) == hide
    assert form_settings.simple_when(hide) == when


def test_other_conditions_are_left_to_the_expression():
    for text in ("=a > 3", '=not(cause = "x")', '=a != "x" and b', "=a != b", ""):
        assert form_settings.simple_when(text) is None


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{", b'{"components": [1]}', b'{"components": 3}', b"\xff"]
)
def test_a_file_that_is_no_form_is_refused(raw):
    with pytest.raises(Invalid):
        form_edits.parse(raw)


@pytest.mark.parametrize("at", ["", "x", "9", "0.0", "-1", "１", "0.0.0.0.0.0"])
def test_places_that_do_not_exist_are_not_found(at):
    document, _ = form_edits.add(EMPTY, "text", "", inside=False)
    with pytest.raises(NotFound):
        form_edits.component(document, at)
