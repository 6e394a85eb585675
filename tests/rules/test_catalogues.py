"""Lists that are kept in several places say the same everywhere, both ways."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import fields

import pytest

from app.cases.calls import CATALOGUE
from app.kernel.clock import SystemClock
from app.kernel.roles import ROLES
from app.process.model import Element, ProcessDefinition
from app.settings import Settings, load_settings
from app.store import migrate
from app.store.schema import metadata
from app.store.types import UtcDateTime
from app.studio.calls import CALLS
from app.studio.guardrails import KINDS
from app.studio.localities import localities, resolve
from app.studio.subject import Subject, Surroundings, argument, listed
from tests.rules.source import ROOT

VOCABULARY = (ROOT / "docs/vocabulary.md").read_text("utf-8")
CODES = [
    code
    for code in localities(ROOT)
    if resolve(ROOT, code).of(".bpmn") and (ROOT / "processes" / code / "organs.toml").is_file()
]
"""Localities that are worked in; what only lends files to others need not be whole by itself."""


@pytest.fixture(scope="module", params=CODES)
def shipped(request: pytest.FixtureRequest) -> Subject:
    """One shipped package, read."""
    return Subject(resolve(ROOT, request.param), Surroundings(now=SystemClock().now()))


def elements(subject: Subject) -> Iterator[tuple[ProcessDefinition, Element]]:
    return subject.elements()


def call_rows() -> dict[str, str]:
    """Type -> argument cell of the table "Calls" in the vocabulary."""
    section = VOCABULARY.split("## Calls")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `([a-z_.]+)` \| ([^|]*) \|", section, re.M))


def test_a_locality_is_shipped() -> None:
    assert CODES


def test_calls_are_the_same_in_code_editor_and_vocabulary() -> None:
    assert set(CATALOGUE) == set(CALLS) == set(call_rows())


def test_arguments_are_the_same_in_editor_and_vocabulary() -> None:
    told = {call: frozenset(re.findall(r"`([a-z_]+)`", cell)) for call, cell in call_rows().items()}
    assert told == {call: shape.arguments for call, shape in CALLS.items()}


def test_every_call_of_a_diagram_is_in_the_catalogue(shipped: Subject) -> None:
    named = {element.call_type for _, element in elements(shipped) if element.call_type}
    assert named
    assert named <= set(CATALOGUE)


def test_everything_a_diagram_names_is_there(shipped: Subject) -> None:
    missing = []
    for process, element in elements(shipped):
        wanted = [
            ("form", element.form_id, shipped.forms),
            ("decision", element.decision_id, shipped.decisions),
            *[
                ("decision", name, shipped.decisions)
                for name in listed(element.properties.get("check", ""))
            ],
            ("role", element.role, ROLES),
            ("process", element.called_process, shipped.processes),
            ("paper", argument(element, "paper") or "", shipped.papers),
            ("form", argument(element, "slip") or "", shipped.forms),
        ]
        missing += [
            f"{process.id}.{element.id}: {kind} {name}"
            for kind, name, known in wanted
            if name and name not in known  # type: ignore[operator]
        ]
    assert missing == []


def test_every_form_and_paper_is_used(shipped: Subject) -> None:
    forms = {e.form_id for _, e in elements(shipped)} | {
        argument(e, "slip") for _, e in elements(shipped)
    }
    papers = {argument(e, "paper") for _, e in elements(shipped)}
    told = VOCABULARY.split("## Papers the machines issue by name")[1].split("\n## ")[0]
    papers |= set(re.findall(r"^`([a-z_]+)`", told, re.M))
    papers |= {paper.id for paper in shipped.papers.values() if paper.issued_by}
    assert set(shipped.forms) - forms == set()
    assert set(shipped.papers) - papers == set()


def test_decisions_the_machines_ask_by_name_are_shipped(shipped: Subject) -> None:
    section = VOCABULARY.split("## Decisions the machines ask by name")[1].split("\n## ")[0]
    asked = set(re.findall(r"`([a-z_]+)\(", section))
    assert {"deadline", "escalation", "publicity_fields"} <= asked <= set(shipped.decisions)


def test_guard_rails_of_this_issue_are_shipped(shipped: Subject) -> None:
    assert {"G05", "G14", "G16", "G20"} <= {guard.id for guard in shipped.statutes.guards}
    assert {guard.kind for guard in shipped.statutes.guards} <= set(KINDS)


def test_every_setting_is_documented_and_read(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {f"JIUJI_{field.name.upper()}" for field in fields(Settings)}
    source = (ROOT / "app/settings.py").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    assert {name for name in names if name not in source} == set()
    assert "app/settings.py" in readme
    read = set(re.findall(r"JIUJI_[A-Z_]+", source)) - {"JIUJI_"}
    assert read == names
    for name in names:
        monkeypatch.delenv(name, raising=False)
    assert load_settings() == load_settings({})


def test_no_setting_is_read_elsewhere() -> None:
    reading = re.compile(r"os\.(environ|getenv)|\bgetenv\(")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "app").rglob("*.py"))
        if reading.search(path.read_text("utf-8"))
    ]
    assert found == ["app/settings.py"]
    assert os.environ is not None


def test_instants_are_never_naive() -> None:
    naive = [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if "DATETIME" in type(column.type).__name__.upper()
        and not isinstance(column.type, UtcDateTime)
    ]
    assert naive == []


def test_migrations_have_one_head_and_dated_names() -> None:
    assert migrate.head()
    names = [path.name for path in sorted((migrate.MIGRATIONS / "versions").glob("*.py"))]
    assert names
    assert all(re.fullmatch(r"20\d{6}_\d{2}_[a-z_]+\.py", name) for name in names)
