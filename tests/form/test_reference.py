"""The reference page says what the code does: it is written by it, and its example works."""

from __future__ import annotations

from pathlib import Path

from app.form import load_form
from app.form.building import QUESTIONS
from app.form.reference import EXAMPLE, reference
from app.form.vocabulary import COMPONENT_TYPES, RESERVED_KEYS
from tests.form.factory import NOW

PAGE = Path(__file__).parents[2] / "docs" / "forms.md"


def test_the_page_is_fresh():
    assert PAGE.read_text() == reference(), "python -m app.form.reference > docs/forms.md"


def test_the_example_loads_and_starts():
    form = load_form(EXAMPLE.encode())
    assert form.id == "verify"
    assert form.warnings == ()
    assert form.initial({}, NOW)["members"] == [{"name": None, "income": None}]


def test_every_type_with_a_value_is_built():
    named = {name for name, one in COMPONENT_TYPES.items() if one.value or "key" in one.keys}
    assert named == set(QUESTIONS) | {"dynamiclist"}


def test_every_property_and_type_is_explained():
    page = reference()
    for one in COMPONENT_TYPES.values():
        assert f"### `{one.name}`" in page
        assert all(f"| `{name}` |" in page for name in one.properties)
    assert all(f"`{key}`" in page for key in RESERVED_KEYS)
