"""Damaged form files and arbitrary answers: findings or problems, never an exception."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.form import check_form, load_form
from app.form.reference import EXAMPLE
from tests.form.factory import NOW

WHOLE = json.loads(EXAMPLE)
FORM = load_form(EXAMPLE.encode())
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["=", "=1", "=cause", "=(", "=for", "\x00", "\ud800", "<b>", "money", "a" * 300]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["label", "value", "hide", "key", "kind", "x"]), st.text(max_size=5), max_size=3),
)  # fmt: skip
ANSWERS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["name", "income", "ref", "x"]), inner, max_size=3),
    ),
    max_leaves=8,
)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = (
        range(len(node)) if isinstance(node, list) else list(node) if isinstance(node, dict) else []
    )
    found = [path] if path else []
    for key in keys:
        found += places(node[key], (*path, key))
    return found


PLACES = places(WHOLE)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=3))
def test_a_damaged_file_is_answered_with_findings(damage):
    document = copy.deepcopy(WHOLE)
    for path, junk in damage:
        node = document
        try:
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = junk
        except (TypeError, KeyError, IndexError):
            continue
    found = check_form(json.dumps(document).encode("utf-8", "surrogatepass"))
    assert all(one.code and one.message for one in found)
    if not any(one.severity == "error" for one in found):
        form = load_form(json.dumps(document).encode())
        form.describe(form.initial({}, NOW))


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(raw):
    assert isinstance(check_form(raw), list)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(FORM.field_paths())), ANSWERS, max_size=6))
def test_any_json_is_judged(sent):
    outcome = FORM.validate(FORM.parse_json(sent), context={}, now=NOW)
    assert outcome.problems
    FORM.describe(outcome.values)
    assert FORM.load(json.loads(json.dumps(FORM.dump(outcome.values)))) == outcome.values


NAMES = st.sampled_from(
    [
        *sorted(FORM.field_paths()),
        "members[0].name",
        "members[1].income",
        "members[0]",
        "_add",
        "_remove",
    ]
)


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, st.text(max_size=12)), max_size=12))
def test_any_html_answers_are_judged_and_shown_again(pairs):
    sent = FORM.after_action(FORM.parse(pairs))
    outcome = FORM.validate(sent, context={}, now=NOW)
    assert FORM.load(json.loads(json.dumps(FORM.dump(outcome.values)))) == outcome.values
    assert FORM.fill(outcome.values).raw.keys() == sent.raw.keys()
