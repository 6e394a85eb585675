"""Clauses quote their document word for word; what models cite is on file.

The paragraphs in `fixtures/` are taken from the documents; a test compares them where the
documents are at hand.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tests.policy.pack import BPMN, DMN, ROOT, ZEEBE, clauses, diagrams, package, tables, toml, tree

FIXTURES = Path(__file__).parent / "fixtures"
DOCUMENTS = ROOT.parent / "shared" / "policy" / "documents"
QUOTED = ("s0", "s1", "s2", "s3", "s4", "s4_overlay", "r649")
FILES = {
    "s0": "000_*.txt",
    "s1": "001_*.txt",
    "s2": "002_*.txt",
    "s3": "003_*.txt",
    "s4": "004_*.txt",
    "s4_overlay": "004_*.txt",
}


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("document", QUOTED)
def test_every_quote_stands_in_its_document(document: str) -> None:
    text = bare((FIXTURES / f"{document}.txt").read_text("utf-8"))
    quoted = toml(f"processes/statutes/{document}.toml")["clauses"]
    assert [clause["id"] for clause in quoted if bare(clause["text"]) not in text] == []


@pytest.mark.parametrize("document", FILES)
def test_fixtures_are_paragraphs_of_the_documents(document: str) -> None:
    found = sorted(DOCUMENTS.glob(FILES[document]))
    if not found:
        pytest.skip("the policy documents are not beside this clone")
    whole = bare(found[0].read_text("utf-8"))
    lines = (FIXTURES / f"{document}.txt").read_text("utf-8").split("\n")
    assert [line for line in lines if bare(line) not in whole] == []


def test_every_clause_is_complete() -> None:
    for clause_id, clause in clauses().items():
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", clause_id)
        assert clause["article"]
        assert clause["force"] in ("H", "P", "L", "E", "X"), clause_id
        assert clause["text"]


def test_what_the_law_does_not_say_is_marked_as_our_design() -> None:
    for clause_id, clause in clauses().items():
        assert (clause["force"] == "X") is clause_id.startswith("x-")


def test_every_document_says_since_when() -> None:
    for path in (*QUOTED, "x", "x_overlay", "x_supervision"):
        assert isinstance(toml(f"processes/statutes/{path}.toml")["valid_from"], date)


def _cited() -> set[tuple[str, str]]:
    found = set()
    for path in diagrams():
        for node in tree(path).iter(f"{ZEEBE}property"):
            if node.get("name") == "clause":
                found |= {(path, name) for name in node.get("value").split(",")}
    for path in tables():
        for table in tree(path).iter(f"{DMN}decisionTable"):
            labels = [one.get("name") for one in table.iter(f"{DMN}annotation")]
            place = labels.index("条款")
            for rule in table.iter(f"{DMN}rule"):
                entry = list(rule.iter(f"{DMN}annotationEntry"))[place]
                found |= {(path, name) for name in entry.findtext(f"{DMN}text").split(",")}
    return found


def test_every_cited_clause_is_on_file() -> None:
    assert {pair for pair in _cited() if pair[1] not in clauses()} == set()


def test_every_activity_cites_a_clause() -> None:
    for path in diagrams():
        for node in tree(path).iter():
            if str(node.tag) in (
                f"{BPMN}userTask",
                f"{BPMN}serviceTask",
                f"{BPMN}businessRuleTask",
                f"{BPMN}callActivity",
            ):
                names = [one.get("name") for one in node.iter(f"{ZEEBE}property")]
                assert "clause" in names, node.get("id")


def test_the_pack_has_no_odd_files() -> None:
    assert package().findings == ()
