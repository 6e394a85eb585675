"""A finding told in full: the clause word for word, the way step by step, what to mark where."""

from __future__ import annotations

from app.studio.explanation import explain, marks
from app.studio.report import Noted
from app.web.diagram_reader import picture_of
from app.web.draft_findings import _picture
from tests.studio.test_guards import JN, changed, edited, past

FILE = f"{JN}expenditure.bpmn"
SKIPPED = past("before_review", "review", "find_authority")


def test_way_past_the_review_is_told_and_marked() -> None:
    finding = next(one for one in changed(FILE, *SKIPPED) if one.code == "G04")
    told = explain(edited(FILE, *SKIPPED), Noted("in_order", finding))
    assert told.where == "支出型临时救助：登记发放（支出型）"
    assert told.what.endswith("支出型救助须依次经过申请、受理、审核、审批，不得省略")
    assert told.clause is not None
    assert "申请、受理、审核、审批程序" in told.clause.text
    names = [step.label for step in told.way if not step.is_flow and step.label]
    assert names[-1] == "登记发放（支出型）"
    assert "乡镇（街道）审核" not in names
    assert {FILE, f"{JN}intake.bpmn"} <= set(marks(finding))
    assert told.processes[-1].id == "expenditure"


def test_picture_shows_the_way_and_the_fault() -> None:
    finding = next(one for one in changed(FILE, *SKIPPED) if one.code == "G04")
    told = explain(edited(FILE, *SKIPPED), Noted("in_order", finding))
    process = told.processes[-1]
    picture = _picture(process, told, 0)
    assert picture.svg is not None
    assert picture.svg.count("incident") == 1
    ways = {one for one in marks(finding)[FILE] if one in process.flows}
    drawn = {edge.element_id for edge in picture_of(process).edges}
    assert picture.svg.count(" taken") >= len(ways & drawn) > 5
