"""Guard-rails on the shipped pack: one lawless step away each is refused with its clause, a lawful one passes.

Diagrams are changed as a person would: a number, a property, a step in between.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from app.decision.result import Finding
from app.studio.checks import CHECKS
from app.studio.localities import Package, package_of, resolve
from app.studio.statutes import read_statutes
from app.studio.subject import Subject
from tests.studio.drawing import (
    APPROVE,
    HERE,
    LAW,
    PAY,
    VERIFY,
    call,
    codes,
    end,
    flows,
    main,
    start,
    user,
)

ROOT = Path(__file__).parents[2]
FIRST, CATCHUP = '<text>"first_relief"</text>', '<text>"catchup"</text>'
CAP, QUOTA, OWED = 'id="light_cap_table"', 'id="township_quota_table"', 'id="publicity_table"'
EMERGENCY = "processes/jining/emergency.bpmn"
GUARDS = [
    one
    for one in CHECKS
    if one.id
    in ("not_before", "preceded_by", "followed_by", "every_way", "separated", "answers", "papers")
]


@cache
def shipped() -> Package:
    return resolve(ROOT, "jining")


Edit = tuple[str, str] | tuple[str, str, str]
"""(old, new) or (what stands before it, old, new)."""


def changed(path: str, *edits: Edit) -> list[Finding]:
    """What the guard-rails say when these texts of one file are replaced once each."""
    text = shipped().files[path].decode()
    for edit in edits:
        *anchor, old, new = edit
        before, mark, rest = text.partition(anchor[0]) if anchor else ("", "", text)
        assert old in rest, edit
        text = before + mark + rest.replace(old, new, 1)
    subject = Subject(replace(shipped(), files={**shipped().files, path: text.encode()}), HERE)
    return [finding for one in GUARDS for finding in one.run(subject)]


def between(before: str, after: str, step: str) -> list[tuple[str, str]]:
    """Edits that put a step on the flow from one element to another."""
    flow = f'sourceRef="{before}" targetRef="{after}"'
    return [
        (flow, f'sourceRef="{before}" targetRef="added"'),
        (
            "</bpmn:process>",
            f'{step}<bpmn:sequenceFlow id="f_added" sourceRef="added" targetRef="{after}"/></bpmn:process>',
        ),
    ]


def test_shipped_pack_is_lawful() -> None:
    subject = Subject(shipped(), HERE)
    assert [finding for one in GUARDS for finding in one.run(subject)] == []


LAWLESS = {
    "G01 25 hours": ("dmn/jining/deadline.dmn", [(FIRST, "<text>24</text>", "<text>25</text>")], "G01", "24小时内先行救助"),
    "G01 not started": ("processes/jining/intake.bpmn", [('type="clock.start"', 'type="clock.cancel"')], "G01", "24小时内先行救助"),
    "G02 6 working days": ("dmn/jining/deadline.dmn", [(CATCHUP, "<text>5</text>", "<text>6</text>")], "G02", "5个工作日内登记"),
    "G02 not started": (EMERGENCY, [('source=\'="catchup"\' target="key"', 'source=\'="other"\' target="key"')], "G02", "5个工作日内登记"),
    "G05 means check": (EMERGENCY, between("before_pay", "pay", user("added", "家庭经济状况核对")), "G05", "民主评议"),
    "G05 notice": (EMERGENCY, between("before_pay", "pay", call("added", "notice.publish", "张贴")), "G05", "民主评议"),
    "G06 one fen more": ("dmn/jining/emergency_amount.dmn", [(CAP, "<text>1000.00</text>", "<text>1000.01</text>")], "G06", "1000元以下（含1000元）"),
    "G14 table": ("dmn/jining/publicity.dmn", [(OWED, "<text>true</text>", "<text>false</text>")], "G14", "向社会公布"),
    "G14 diagram": (EMERGENCY, [('type="notice.publish"', 'type="message.send"')], "G14", "向社会公布"),
    "G16": (EMERGENCY, [('name="not_done_by" value="verify"', 'name="not_done_by" value="pay"')], "G16", "审批人不得是本件的核实人"),
    "G17": (EMERGENCY, [('type="letter.issue"', 'type="message.send"')], "G17", "复议"),
    "G18": ("processes/jining/intake.bpmn", [('type="case.close"', 'type="message.send"')], "G18", "首问"),
    "G20": ("forms/jining/relief_notice.paper.toml", [('"applicant_masked"', '"applicant_name"'), ("{applicant_masked}", "{applicant_name}")], "G20", "应当予以保密"),
}  # fmt: skip


@pytest.mark.parametrize("name", LAWLESS)
def test_lawless_change_is_refused_with_the_clause(name: str) -> None:
    path, edits, code, words = LAWLESS[name]
    errors = [one for one in changed(path, *edits) if one.severity == "error"]
    assert any(code == one.code and words in one.message for one in errors), errors


LAWFUL = {
    "shorter limits": ("dmn/jining/deadline.dmn", [(FIRST, "<text>24</text>", "<text>12</text>"), (CATCHUP, "<text>5</text>", "<text>4</text>")]),
    "lower light cap": ("dmn/jining/emergency_amount.dmn", [(CAP, "<text>1000.00</text>", "<text>999.99</text>")]),
    "lower quota": ("dmn/jining/authority.dmn", [(QUOTA, "<text>3000.00</text>", "<text>2999.99</text>")]),
    "visit before payment": (EMERGENCY, between("before_pay", "pay", user("added", "电话回访"))),
    "check after payment": (EMERGENCY, between("start_catchup", "after_payment", user("added", "家庭经济状况核对"))),
}  # fmt: skip


@pytest.mark.parametrize("name", LAWFUL)
def test_lawful_neighbour_passes(name: str) -> None:
    path, edits = LAWFUL[name]
    assert changed(path, *edits) == []


def test_soft_bound_asks_for_a_reason_and_does_not_refuse() -> None:
    (finding,) = changed(
        "dmn/jining/authority.dmn", (QUOTA, "<text>3000.00</text>", "<text>3000.01</text>")
    )
    assert (finding.code, finding.severity) == ("G08", "soft")
    assert "一般不超过3000元" in finding.message


def test_guard_binds_where_its_document_is_in_force() -> None:
    statutes = read_statutes({"processes/statutes/law.toml": LAW.encode()})
    assert statutes.binding("not_before", None) == statutes.binding("not_before", ["law"])
    assert statutes.binding("not_before", ["other"]) == ()
    ours = read_statutes(
        {"processes/statutes/law.toml": LAW.replace('force = "H"', 'force = "X"').encode()}
    )
    assert len(ours.binding("not_before", ["other"])) == 1


def test_locality_is_bound_by_the_documents_it_names() -> None:
    package = main(
        start(), VERIFY, APPROVE, PAY, end(), flows("begin > verify > approve > pay > done")
    )
    assert codes(package, "followed_by") == [("G14", "pay")]
    description = 'name = "示范"\nbasis = [{ statutes = "other" }]\n'.encode()
    elsewhere = package_of("here", {**package.files, "processes/here/locality.toml": description})
    assert codes(elsewhere, "followed_by") == []
