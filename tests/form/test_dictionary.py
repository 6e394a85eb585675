"""What answers mean beyond their form: from `properties.dictionary` and nothing else."""

from __future__ import annotations

import json

from app.form import load_form
from app.form.dictionary import meant, names_people

FORM = {
    "type": "default",
    "id": "any",
    "name": "任意",
    "schemaVersion": 18,
    "components": [
        {"type": "textfield", "key": "who", "label": "姓名",
         "properties": {"dictionary": "person.name"}},
        {"type": "textfield", "key": "note", "label": "备注",
         "properties": {"dictionary": "person.unknown"}},
        {"type": "number", "key": "given_sum", "label": "金额",
         "properties": {"kind": "money", "dictionary": "aid.amount"}},
        {"type": "dynamiclist", "path": "kin", "label": "成员", "components": [
            {"type": "textfield", "key": "kin_name", "label": "姓名",
             "properties": {"dictionary": "person.name"}},
            {"type": "textfield", "key": "kin_note", "label": "备注"}]},
    ],
}  # fmt: skip


def form(components: list[object]):
    return load_form(json.dumps({**FORM, "components": components}).encode())


def test_entries_outside_rows_are_the_applicant_and_rows_are_members() -> None:
    said = meant(
        form(FORM["components"]),
        {
            "who": "王五",
            "note": "x",
            "given_sum": 5,
            "kin": [{"kin_name": "王六"}, {"kin_note": "y"}],
        },
    )
    assert said.top == {"person.name": "王五", "aid.amount": 5}
    assert said.rows == ({"person.name": "王六"},)


def test_what_was_not_answered_is_not_there() -> None:
    said = meant(form(FORM["components"]), {"who": None, "kin": None})
    assert said.top == {}
    assert said.rows == ()


def test_a_form_that_asks_nobodys_name_names_nobody() -> None:
    assert names_people(form(FORM["components"]))
    assert not names_people(form(FORM["components"][1:3]))
