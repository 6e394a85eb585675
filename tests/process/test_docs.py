"""docs/bpmn.md names every finding and every kind of element the machine knows, and no other."""

from __future__ import annotations

import re

from app.process.build import KINDS
from tests.process.golden import ROOT

PAGE = (ROOT / "docs" / "bpmn.md").read_text(encoding="utf-8")
SOURCES = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "app" / "process").rglob("*.py"))
INCIDENTS = {
    "empty_decision",
    "decision_error",
    "expression_error",
    "no_flow",
    "limit",
    "dead_end",
    "uncaught_error",
}


def test_every_finding_code_is_documented() -> None:
    table = PAGE.split("## 检查结论")[1]
    documented = set(re.findall(r"`([a-z][a-z_0-9]+)`", table))
    told = set(
        re.findall(r'(?:report\.(?:error|warning)|\badd)\([^"]{0,80}"([a-z][a-z_0-9]+)"', SOURCES)
    )
    told |= set(re.findall(r'Finding\(\s*"([a-z_0-9]+)"', SOURCES))
    assert told - documented == set()
    assert {code for code in documented if f'"{code}"' not in SOURCES} == set()


def test_every_incident_code_is_documented() -> None:
    used = set(re.findall(r'stop\(\s*token,\s*"([a-z_]+)"', SOURCES)) | {
        "decision_error",
        "dead_end",
    }
    assert used == INCIDENTS
    assert all(f"`{code}`" in PAGE for code in INCIDENTS)


def test_builder_and_white_list_agree() -> None:
    from app.process.checks.vocabulary import BPMN_RULES
    from app.process.read import FLOW_NODES

    assert set(KINDS) == FLOW_NODES & set(BPMN_RULES)
