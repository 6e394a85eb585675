"""G19 on the shipped tables: an overlap refuses, a gap warns, each with a situation and its rows."""

from __future__ import annotations

import pytest

from app.decision.result import Finding
from app.studio.checks.tables import CHECK
from app.studio.localities import Package
from app.studio.subject import Subject
from tests.studio.drawing import HERE
from tests.studio.test_guards import edited

TABLES = {
    "jining": "dmn/jining/emergency_amount.dmn",
    "jiangxi": "dmn/jiangxi/authority.dmn",
}
EDITS = {
    "jining": ('date("2018-11-26")</text>', 'date("2018-11-27")</text>', 'date("2018-11-25")</text>'),
    "jiangxi": ('date("2026-07-31")]', 'date("2026-07-30")]', 'date("2026-08-01")]'),
}  # fmt: skip


def told(package: Package, path: str, severity: str) -> list[Finding]:
    found = CHECK.run(Subject(package, HERE))
    return [one for one in found if one.severity == severity and one.place.file == path]


@pytest.mark.parametrize("locality", TABLES)
def test_overlap_refuses_with_a_situation(locality: str) -> None:
    path, (old, later, earlier) = TABLES[locality], EDITS[locality]
    found = [
        one
        for new in (later, earlier)
        for one in told(edited(path, (old, new)), path, "error")
        if one.code == "overlap"
    ]
    assert found
    assert all(one.example and one.place.rule and "重叠" in one.message for one in found)


@pytest.mark.parametrize("locality", TABLES)
def test_gap_warns_with_a_situation_and_the_rows_beside_it(locality: str) -> None:
    path, (old, later, earlier) = TABLES[locality], EDITS[locality]
    found = [
        one
        for new in (later, earlier)
        for one in told(edited(path, (old, new)), path, "warning")
        if one.code == "gap"
    ]
    assert found
    assert all(one.example and "没有规则" in one.message for one in found)
    assert any("旁边的第" in one.suggestion for one in found)


@pytest.mark.parametrize("locality", TABLES)
def test_shipped_table_has_neither(locality: str) -> None:
    path = TABLES[locality]
    assert told(edited(path), path, "error") == told(edited(path), path, "warning") == []
