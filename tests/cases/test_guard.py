"""Aims at the condition on a soft bound: a written reason, and an organ high enough."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.cases.guard import require_allowed
from app.cases.work import CaseWork
from app.kernel.errors import Refused
from app.store.work_items import WorkItemRow

SOFT = {
    "allowed": True,
    "message": "高于原则上的幅度，须写明理由。",
    "clause": "s1-2-3-1",
    "needs_reason": "why",
    "needs_level": "county",
}


def ask(role: str, verdicts: dict[str, Any], values: dict[str, Any]) -> None:
    item = SimpleNamespace(
        properties={"check": ",".join(verdicts)}, token="1", inputs={}, role=role, name="审批"
    )
    work = SimpleNamespace(decide=lambda name, *_: SimpleNamespace(value=verdicts[name]))
    require_allowed(cast(CaseWork, work), cast(WorkItemRow, item), values)


@pytest.mark.parametrize("written", [None, "", "  "])
def test_a_soft_bound_is_not_crossed_without_a_reason(written: str | None) -> None:
    with pytest.raises(Refused) as caught:
        ask("county_approver", {"bound": SOFT}, {"why": written})
    assert (caught.value.code, caught.value.clause) == ("needs_reason", "s1-2-3-1")


@pytest.mark.parametrize(
    ("role", "high_enough"),
    [("township_approver", False), ("county_approver", True), ("city_approver", True)],
)
def test_only_the_level_named_or_above_may_cross_it(role: str, high_enough: bool) -> None:
    if high_enough:
        ask(role, {"bound": SOFT}, {"why": "病情特殊"})
        return
    with pytest.raises(Refused, match="县级以上审批") as caught:
        ask(role, {"bound": SOFT}, {"why": "病情特殊"})
    assert caught.value.code == "needs_level"


def test_every_check_named_must_allow() -> None:
    refused = {"allowed": False, "message": "不行", "alternatives": ["改小"], "clause": "x"}
    with pytest.raises(Refused, match="不行"):
        ask("county_approver", {"fine": {"allowed": True}, "second": refused}, {})
    with pytest.raises(Refused, match="没有一条标准适用"):
        ask("county_approver", {"fine": {"allowed": True}, "empty": None}, {})
