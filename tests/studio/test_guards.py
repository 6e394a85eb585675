"""Guard-rails on the shipped packages: one lawless step away each is found with its clause.

Diagrams, tables, forms and papers are changed as a person would: a number, a property, a step in
between. Every verdict is asked again with all ids, labels and orders of elements changed, so that
no guard-rail hangs on them. G19 stands in test_tables.py.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from app.decision.result import Finding
from app.studio.checks import CHECKS
from app.studio.guardrails import KINDS
from app.studio.localities import Package, package_of, resolve
from app.studio.statutes import read_statutes
from app.studio.subject import Subject, Surroundings
from tests.studio.disguise import disguised
from tests.studio.drawing import (
    APPROVE,
    HERE,
    LAW,
    NOW,
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
FIRST, CATCHUP, SPENT = (
    f'<text>"{key}"</text>' for key in ("first_relief", "catchup", "expenditure")
)
CAP, QUOTA, OWED = 'id="light_cap_table"', 'id="township_quota_table"', 'id="publicity_table"'
BOUNDS, EDUCATION = 'id="multiple_bounds_table"', '<text>"education"</text>'
JN, JX = "processes/jining/", "processes/jiangxi/"
EMERGENCY = f"{JN}emergency.bpmn"
NAMED = {"notice_fields": "papers"}  # kinds of guard-rails whose check has another name
GUARDS = [one for one in CHECKS if one.id in {NAMED.get(kind, kind) for kind in KINDS}]


@cache
def shipped(locality: str) -> Package:
    return resolve(ROOT, locality)


Edit = tuple[str, str] | tuple[str, str, str]
"""(old, new) or (what stands before it, old, new)."""


def edited(path: str, *edits: Edit) -> Package:
    """The shipped package with these texts of one file replaced once each."""
    package = shipped(path.split("/")[1])
    text = package.files[path].decode()
    for edit in edits:
        *anchor, old, new = edit
        before, mark, rest = text.partition(anchor[0]) if anchor else ("", "", text)
        assert old in rest, edit
        text = before + mark + rest.replace(old, new, 1)
    return replace(package, files={**package.files, path: text.encode()})


@cache
def kinds(code: str) -> frozenset[str]:
    """The checks that carry one guard-rail, "" = all."""
    files = {p: raw for one in ("jining", "jiangxi") for p, raw in shipped(one).statutes.items()}
    found = [guard.kind for guard in read_statutes(files).guards if code in ("", guard.id)]
    return frozenset(NAMED.get(kind, kind) for kind in found)


def said(package: Package, code: str = "") -> list[Finding]:
    """What the guard-rails (or one of them) say, with the shipped package in force before."""
    around = Surroundings(now=NOW, previous=shipped(package.locality))
    subject = Subject(package, around)
    return [found for one in GUARDS if one.id in kinds(code) for found in one.run(subject)]


def changed(path: str, *edits: Edit) -> list[Finding]:
    return said(edited(path, *edits))


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


def past(source: str, skipped: str, target: str) -> list[tuple[str, str]]:
    """Edits that lead a flow past the step it came to."""
    return [
        (
            f'sourceRef="{source}" targetRef="{skipped}"',
            f'sourceRef="{source}" targetRef="{target}"',
        )
    ]


def verdict(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(one.code, one.severity) for one in findings}


@pytest.mark.parametrize("locality", ["jining", "jiangxi"])
def test_shipped_pack_is_lawful_whatever_its_elements_are_called(locality: str) -> None:
    assert said(shipped(locality)) == []
    for seed in (1, 2):
        assert said(disguised(shipped(locality), seed=seed)) == []


LAWLESS: dict[str, tuple[str, list[Edit] | list[tuple[str, str]], str, str]] = {
    "G01 25 hours": ("dmn/jining/deadline.dmn", [(FIRST, "<text>24</text>", "<text>25</text>")], "G01", "24小时内先行救助"),
    "G01 25 hours from next month": ("dmn/jining/deadline.dmn", [
        (FIRST, '<text>&gt;= date("2018-11-26")</text>', '<text>[date("2018-11-26")..date("2026-03-31")]</text>'),
        ("</decisionTable>", '<rule id="later"><inputEntry><text>"first_relief"</text></inputEntry>'
         '<inputEntry><text>&gt; date("2026-03-31")</text></inputEntry><outputEntry><text>"先行救助"</text></outputEntry>'
         '<outputEntry><text>25</text></outputEntry><outputEntry><text>"hours"</text></outputEntry>'
         '<outputEntry><text>"s1-2-2-1"</text></outputEntry></rule></decisionTable>')], "G01", "24小时内先行救助"),
    "G01 not started": (f"{JN}intake.bpmn", [('type="clock.start"', 'type="clock.cancel"')], "G01", "24小时内先行救助"),
    "G01 not started, Jiangxi": (f"{JX}intake.bpmn", [('type="clock.start"', 'type="clock.cancel"')], "G01", "先行救助"),
    "G02 6 working days": ("dmn/jining/deadline.dmn", [(CATCHUP, "<text>5</text>", "<text>6</text>")], "G02", "5个工作日内登记"),
    "G02 not started": (EMERGENCY, [('source=\'="catchup"\' target="key"', 'source=\'="other"\' target="key"')], "G02", "5个工作日内登记"),
    "G02 not started, Jiangxi": (f"{JX}aftercare.bpmn", [('source=\'="catchup"\' target="key"', 'source=\'="other"\' target="key"')], "G02", "补齐经办手续"),
    "G03 25 working days": ("dmn/jining/deadline.dmn", [(SPENT, "<text>20</text>", "<text>25</text>")], "G03", "20个工作日内完成"),
    "G03 one step of 25": (f"{JN}expenditure.bpmn", between("visit_home", "appraise", user("added", "补充材料", limit="25 workdays")), "G03", "20个工作日内完成"),
    "G03 with the notice": (f"{JN}expenditure.bpmn", between("visit_home", "appraise", user("added", "补充材料", limit="16 workdays")), "G03", "20个工作日内完成"),
    "G03 in hours": (f"{JN}expenditure.bpmn", between("visit_home", "appraise", user("added", "补充材料", limit="361 hours")), "G03", "20个工作日内完成"),
    "G03 no clock": (f"{JN}expenditure.bpmn", past("are_papers_complete", "start_expenditure", "find_standard"), "G03", "20个工作日内完成"),
    "G03 longer than the own limit, Jiangxi": (f"{JX}expenditure.bpmn", between("income_check", "property_check", user("added", "补充材料", limit="16 workdays")), "G03", "压缩办理时限"),
    "G04 no review": (f"{JN}expenditure.bpmn", past("before_review", "review", "find_authority"), "G04", "申请、受理、审核、审批"),
    "G04 no application": (f"{JN}expenditure.bpmn", [('name="step" value="application"', 'name="step" value="other"')], "G04", "申请、受理、审核、审批"),
    "G04 no acceptance, Jiangxi": (f"{JX}intake.bpmn", past("before_accept", "accept", "handover"), "G04", "严格执行审核审批程序"),
    "G05 means check": (EMERGENCY, between("before_pay", "pay", user("added", "看一看", step="means_check")), "G05", "民主评议"),
    "G05 notice": (EMERGENCY, between("before_pay", "pay", call("added", "notice.publish", "张贴")), "G05", "民主评议"),
    "G05 appraisal, Jiangxi": (f"{JX}emergency.bpmn", between("before_pay", "pay", user("added", "评一评", step="appraisal")), "G05", "民主评议"),
    "G06 one fen more": ("dmn/jining/emergency_amount.dmn", [(CAP, "<text>1000.00</text>", "<text>1000.01</text>")], "G06", "1000元以下（含1000元）"),
    "G07 education at 7": ("dmn/jining/emergency_amount.dmn", [(BOUNDS, "<text>6</text>", "<text>7</text>")], "G07", "3-6倍"),
    "G07 any at 13": ("dmn/jining/emergency_amount.dmn", [(BOUNDS, "<text>12</text>", "<text>13</text>")], "G07", "3-12倍"),
    "G07 low at 2": ("dmn/jining/expenditure_amount.dmn", [("<text>3</text>", "<text>2</text>")], "G07", "3-12倍"),
    "G08 one fen more": ("dmn/jining/authority.dmn", [(QUOTA, "<text>3000.00</text>", "<text>3000.01</text>")], "G08", "一般不超过3000元"),
    "G09 nobody signs": (f"{JN}major.bpmn", past("before_signer", "choose_signer", "pay_major"), "G09", "组长或部门联席会议召集人同意后执行"),
    "G09 a vote is enough": ("dmn/jining/meeting.dmn", [('id="voting_rules"', '<text>"special"</text>', '<text>"special"</text>'), ('id="voting_rules"', "signoff_required", "signoff_wanted")], "G09", "同意后执行"),
    "G09 no meeting, Jiangxi": (f"{JX}major.bpmn", [('type="meeting.convene"', 'type="message.send"')], "G09", "一事一议方式"),
    "G10 plan by the township": (f"{JN}major.bpmn", [('id="draft_plan"', 'candidateGroups="county_handler"', 'candidateGroups="township_handler"')], "G10", "县级民政部门牵头制定综合救助方案"),
    "G11 table": ("dmn/jiangxi/verification.dmn", [('<text>"skip"</text>', '<text>"full"</text>')], "G11", "不再进行家庭收入和财产状况调查"),
    "G11 diagram": (f"{JX}expenditure.bpmn", past("verification", "needs_means", "income_check"), "G11", "不再进行家庭收入和财产状况调查"),
    "G11 gateway the wrong way": (f"{JX}expenditure.bpmn", [('=checks.income_check = "full"', '=checks.income_check = "skip"')], "G11", "不再进行家庭收入和财产状况调查"),
    "G12 39 in a hundred": ("dmn/jiangxi/reserve.dmn", [("<text>0.40</text>", "<text>0.39</text>")], "G12", "不低于上年度资金使用总量的40%"),
    "G13 not promised": (EMERGENCY, past("before_hold", "hold", "before_pay"), "G13", "分账核算"),
    "G13 promise not asked": (EMERGENCY, past("hold", "is_held", "before_pay"), "G13", "分账核算"),
    "G13 not promised, Jiangxi": (f"{JX}emergency.bpmn", past("before_hold", "hold", "before_pay"), "G13", "分账核算"),
    "G13 promise not asked, Jiangxi": (f"{JX}emergency.bpmn", past("hold", "is_held", "before_pay"), "G13", "分账核算"),
    "G14 table": ("dmn/jining/publicity.dmn", [(OWED, "<text>true</text>", "<text>false</text>")], "G14", "向社会公布"),
    "G14 diagram": (EMERGENCY, [('type="notice.publish"', 'type="message.send"')], "G14", "向社会公布"),
    "G14 no slip": (EMERGENCY, [('target="slip"', 'target="slap"')], "G14", "完善资金或实物发放手续"),
    "G14 no slip, Jiangxi": (f"{JX}emergency.bpmn", [('target="slip"', 'target="slap"')], "G14", "备用金明细台账"),
    "G15 one day more": ("dmn/jiangxi/deadline.dmn", [(SPENT, "<text>15</text>", "<text>16</text>")], "G15", "进一步压缩办理时限"),
    "G15 other unit": ("dmn/jiangxi/deadline.dmn", [(SPENT, '<text>"workdays"</text>', '<text>"calendar_days"</text>'), (SPENT, "<text>15</text>", "<text>22</text>")], "G15", "进一步压缩办理时限"),
    "G16": (EMERGENCY, [('name="not_done_by" value="verify"', 'name="not_done_by" value="pay"')], "G16", "审批人不得是本件的核实人"),
    "G16 Jiangxi": (f"{JX}approval.bpmn", [('name="not_done_by" value="verify,', 'name="not_done_by" value="')], "G16", "审批人不得是本件的核实人"),
    "G16 no declaration": ("forms/jining/approve.form", [('"key": "relative_declaration"', '"key": "relatives"')], "G16", "近亲属关系"),
    "G16 no declaration, Jiangxi": ("forms/jiangxi/signoff.form", [('"key": "relative_declaration"', '"key": "relatives"')], "G16", "近亲属关系"),
    "G17": (EMERGENCY, [('type="letter.issue"', 'type="message.send"')], "G17", "复议"),
    "G17 past the letter": (f"{JN}expenditure.bpmn", past("refusal_result", "issue_ineligible", "stop_ineligible"), "G17", "复议"),
    "G17 Jiangxi": (f"{JX}expenditure.bpmn", past("result_expenditure", "refusal_expenditure", "stop_refused_x"), "G17", "复议"),
    "G17 no letter, Jiangxi": (f"{JX}emergency.bpmn", [('type="letter.issue"', 'type="message.send"')], "G17", "复议"),
    "G18": (f"{JN}intake.bpmn", [('type="case.close"', 'type="message.send"')], "G18", "首问"),
    "G18 Jiangxi": (f"{JX}intake.bpmn", [('type="case.close"', 'type="message.send"')], "G18", "及时给予临时救助"),
    "G20": ("forms/jining/relief_notice.paper.toml", [('"applicant_masked"', '"applicant_name"'), ("{applicant_masked}", "{applicant_name}")], "G20", "应当予以保密"),
    "G20 Jiangxi": ("forms/jiangxi/relief_notice.paper.toml", [('"applicant_masked"', '"applicant_name"'), ("{applicant_masked}", "{applicant_name}")], "G20", "应当予以保密"),
    "G21 two months": ("dmn/jiangxi/epidemic.dmn", [('id="no_income_months_table"', "<text>3</text>", "<text>2</text>")], "G21", "连续三个月无收入来源"),
    "G21 twice": ("dmn/jiangxi/epidemic.dmn", [("F-PLACE", '"yes"</text>', '"yes","no"</text>')], "G21", "一次性临时救助金"),
    "G22 no end": ("dmn/jiangxi/epidemic.dmn", [('[date("2026-07-01")..date("2026-07-31")]', '&gt;= date("2026-07-01")'), ('<text>&gt; date("2026-07-31")</text>', '<text>&lt; date("2020-01-01")</text>')], "G22", "适当提高中高风险区域"),
}  # fmt: skip
SOFT = {"G07", "G08", "G12"}


@pytest.mark.parametrize("name", LAWLESS)
def test_lawless_change_is_found_with_the_clause(name: str) -> None:
    path, edits, code, words = LAWLESS[name]
    package = edited(path, *edits)
    wanted = "soft" if code in SOFT else "error"
    for one in (package, disguised(package, seed=3)):
        told = [found for found in said(one, code) if found.severity == wanted]
        assert any(code == found.code and words in found.message for found in told), told


def test_forbidden_step_is_known_by_its_label_too() -> None:
    edits = between("before_pay", "pay", user("added", "家庭经济状况核对"))
    package = disguised(edited(EMERGENCY, *edits), seed=4, labels=False)
    assert verdict(said(package)) == {("G05", "error")}


LAWFUL: dict[str, tuple[str, list[Edit] | list[tuple[str, str]]]] = {
    "G01 G02 shorter limits": ("dmn/jining/deadline.dmn", [(FIRST, "<text>24</text>", "<text>12</text>"), (CATCHUP, "<text>5</text>", "<text>4</text>")]),
    "G03 shorter limit": ("dmn/jining/deadline.dmn", [(SPENT, "<text>20</text>", "<text>19</text>")]),
    "G03 15 days with 5 of notice": (f"{JN}expenditure.bpmn", between("visit_home", "appraise", user("added", "补充材料", limit="15 workdays"))),
    "G03 after the decision": (f"{JN}expenditure.bpmn", between("before_transfer", "pay_out", user("added", "回访", limit="25 workdays"))),
    "G03 15 days, Jiangxi": (f"{JX}expenditure.bpmn", between("income_check", "property_check", user("added", "补充材料", limit="15 workdays"))),
    "G04 one more step": (f"{JN}expenditure.bpmn", between("before_review", "review", user("added", "会商"))),
    "G04 one more step, Jiangxi": (f"{JX}intake.bpmn", between("before_accept", "accept", user("added", "登记"))),
    "G05 visit before payment": (EMERGENCY, between("before_pay", "pay", user("added", "电话回访"))),
    "G05 check after payment": (EMERGENCY, between("start_catchup", "after_payment", user("added", "家庭经济状况核对"))),
    "G05 visit, Jiangxi": (f"{JX}emergency.bpmn", between("before_pay", "pay", user("added", "电话回访"))),
    "G06 lower light cap": ("dmn/jining/emergency_amount.dmn", [(CAP, "<text>1000.00</text>", "<text>999.99</text>")]),
    "G07 education at 5": ("dmn/jining/emergency_amount.dmn", [(BOUNDS, "<text>6</text>", "<text>5</text>")]),
    "G07 raised by the county's document": ("dmn/jining/expenditure_amount.dmn", [("<text>12</text>", "<text>15</text>"), ("<text>15</text>", '<text>""</text>', '<text>"曲民字〔2026〕1号"</text>')]),
    "G08 lower quota": ("dmn/jining/authority.dmn", [(QUOTA, "<text>3000.00</text>", "<text>2999.99</text>")]),
    "G09 G10 a step before the signature": (f"{JN}major.bpmn", between("before_signer", "choose_signer", user("added", "整理纪要"))),
    "G11 expenses still looked at": (f"{JX}expenditure.bpmn", between("before_expense", "expenditure_check", user("added", "查看票据"))),
    "G12 half": ("dmn/jiangxi/reserve.dmn", [("<text>0.40</text>", "<text>0.50</text>")]),
    "G13 a call after the promise": (EMERGENCY, between("hold", "is_held", user("added", "通知领款"))),
    "G14 longer notice": (EMERGENCY, between("publish", "publish_notice", user("added", "核对公示"))),
    "G15 one day less": ("dmn/jiangxi/deadline.dmn", [(SPENT, "<text>15</text>", "<text>14</text>")]),
    "G15 same in calendar days": ("dmn/jiangxi/deadline.dmn", [(SPENT, '<text>"workdays"</text>', '<text>"calendar_days"</text>')]),
    "G16 one more question": ("forms/jining/approve.form", [('"label": "', '"label": "本次')]),
    "G17 G18 a step before the letter": (EMERGENCY, between("issue_refusal", "cancel_refused", user("added", "电话告知"))),
    "G20 a field less": ("forms/jining/relief_notice.paper.toml", [("{village}", "本村"), ('"village", ', "")]),
    "G21 four months": ("dmn/jiangxi/epidemic.dmn", [('id="no_income_months_table"', "<text>3</text>", "<text>4</text>")]),
    "G22 an earlier end": ("dmn/jiangxi/epidemic.dmn", [('date("2026-07-31")', 'date("2026-07-30")'), ('<text>&gt; date("2026-07-31")', '<text>&gt; date("2026-07-30")')]),
}  # fmt: skip


@pytest.mark.parametrize("name", LAWFUL)
def test_lawful_neighbour_passes(name: str) -> None:
    path, edits = LAWFUL[name]
    package = edited(path, *edits)
    assert said(package) == []
    if path.endswith(".bpmn") and "家庭" not in str(edits):
        assert said(disguised(package, seed=5)) == []


def test_soft_bound_asks_for_a_reason_and_shows_how() -> None:
    (finding,) = changed(
        "dmn/jining/authority.dmn", (QUOTA, "<text>3000.00</text>", "<text>3000.01</text>")
    )
    assert (finding.code, finding.severity, finding.clause) == ("G08", "soft", "s1-3-4")
    assert "写明理由" in finding.suggestion


def test_shortest_way_past_the_review_is_shown() -> None:
    found = changed(f"{JN}expenditure.bpmn", *past("before_review", "review", "find_authority"))
    (finding,) = [one for one in found if one.code == "G04"]
    path = [place.element_id for place in finding.path if place.file == f"{JN}expenditure.bpmn"]
    assert [path[0], path[-1]] == ["expenditure_started", "record_transfer"]
    assert "before_review" in path
    assert "review" not in path


def test_every_guard_of_the_law_has_a_lawless_and_a_lawful_example_here() -> None:
    files = {p: raw for one in ("jining", "jiangxi") for p, raw in shipped(one).statutes.items()}
    known = {guard.id for guard in read_statutes(files).guards}
    assert known == {code for _, _, code, _ in LAWLESS.values()}
    told = " ".join(LAWFUL)
    assert [code for code in sorted(known) if code not in told] == []
    assert known == {f"G{number:02d}" for number in range(1, 23)} - {"G19"}


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


def test_severity_follows_the_force_of_the_clause() -> None:
    soft = LAW.replace('force = "H"', 'force = "P"').encode()
    (guard,) = read_statutes({"processes/statutes/law.toml": soft}).binding("not_before", None)
    assert guard.severity == "soft"
    assert Subject(main(), HERE).guards("not_before")[0].severity == "error"
