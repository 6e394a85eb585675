"""Hostile form files: each is refused with reasons, or its effect stays within bounds."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from app.form import FormModelError, check_form, load_form
from tests.form.factory import NOW

FOLDER = Path(__file__).parents[1] / "corpus" / "forms"
ENTRIES = json.loads((FOLDER / "manifest.json").read_text())
REFUSED = {
    "j03_ref_file.json": "unknown_setting",
    "j06_proto_pollution.json": "illegal_key",
    "j08_nan_infinity.json": "not_a_number",
    "j14_iframe.json": "unknown_component",
    "j17_null_byte_key.json": "control_character",
    "j23_dunder_key.json": "illegal_key",
    "j26_null.json": "not_a_form",
    "j32_drops_required_field.json": "no_components",
}
BOUNDED = {"j05_pattern_redos.json", "j18_bom.json", "j21_visible_if_bomb.json"}
SECONDS = 1.0  # for reading and answering one file; the manifest allows five


def test_every_file_of_the_manifest_is_placed():
    assert {one["file"] for one in ENTRIES} == set(REFUSED) | BOUNDED


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_refused_with_a_reason(name):
    raw = (FOLDER / name).read_bytes()
    found = check_form(raw, file=name)
    assert REFUSED[name] in {one.code for one in found}
    assert all(one.message and "root:x:0" not in one.message for one in found)
    with pytest.raises(FormModelError):
        load_form(raw)


@pytest.mark.parametrize("name", sorted(BOUNDED))
def test_bounded(name):
    entry = next(one for one in ENTRIES if one["file"] == name)
    begun = time.process_time()
    one = load_form((FOLDER / name).read_bytes())
    sent = one.parse(list(entry.get("submit", {"name": "张三"}).items()))
    outcome = one.validate(sent, context={}, now=NOW)
    assert time.process_time() - begun < SECONDS
    assert outcome.visible == {"name"}  # a condition that cannot be decided hides nothing
