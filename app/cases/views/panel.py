"""资格与金额: what the standards say of a work item's present answers, condition by condition.

Nothing here knows a standard: a user task names decisions (property `panel`), and what they
answer is shown (docs/vocabulary.md). A decision that cannot answer yet says what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.cases.office import Office
from app.cases.separation import words
from app.cases.statutes import ClauseText, clauses_of
from app.cases.work import CaseWork, open_view
from app.cases.work_items import ItemRef, form_context
from app.decision.explain import explain
from app.form import Submission
from app.kernel.clock import local
from app.store import work_items
from app.store.session import Actor
from app.store.work_items import WorkItemRow

MAX_NEAREST = 4  # counterfactual sentences shown per decision
YUAN = "元"
_STATES = {True: "met", False: "failed", None: "missing"}
_NUMERIC = re.compile(r"^如[^，]*[低高]于 [\d.]+(?: 元|，)(?!.*空值)")  # days and texts left out
_RELATIONS = {"<": "低于", "<=": "不高于", ">": "高于", ">=": "不低于"}


@dataclass(frozen=True, slots=True)
class PanelCondition:
    """One condition with its numbers."""

    label: str
    state: str  # "met" | "failed" | "missing" | "record" (an earlier record stands for it)
    value: str  # what was found, "" when it is not a figure
    limit: str  # what it is measured by, with its relation: "低于 900.00 元"
    need: str  # counterfactual: what would meet it; "" when met
    clauses: tuple[ClauseText, ...]


@dataclass(frozen=True, slots=True)
class PanelAmount:
    """The amount asked and what is lawful."""

    amount: str  # as answered so far, "" when not yet
    low: str
    high: str
    standard: str  # by the table of segments, "" when there is none
    formula: str
    within: bool | None  # None while the amount or the range is unknown
    clauses: tuple[ClauseText, ...]


@dataclass(frozen=True, slots=True)
class PanelPart:
    """What one decision says."""

    name: str
    conditions: tuple[PanelCondition, ...]
    amount: PanelAmount | None
    nearest: tuple[str, ...]  # "如……，则……"
    silent: bool  # it cannot answer yet


@dataclass(frozen=True, slots=True)
class Panel:
    """All decisions a work item shows."""

    parts: tuple[PanelPart, ...] = ()
    keys: frozenset[str] = frozenset()  # names of answers the decisions look at


def panel_of(office: Office, actor: Actor, ref: ItemRef, submission: Submission | None) -> Panel:
    """The panel for what is typed so far; empty when the item names no decision or waits no more.

    Who may see the item's page has been asked by the page itself.
    """
    with office.database.read(actor) as unit:
        item = work_items.get(unit, ref.region, ref.id)
        names = words(str(item.properties.get("panel", "")))
        if not names or item.state not in work_items.WAITING:
            return Panel()
        work = open_view(office, unit, item.region, item.instance_id)
        facts = {**form_context(work, item), **_typed(work, item, submission)}
        parts = tuple(_part(work, name, facts) for name in names)
        keys = (work.package.library.decision(name)[0].inputs_of(name) for name in names)
        return Panel(parts, frozenset(key for one in keys for key in one))


def _typed(work: CaseWork, item: WorkItemRow, submission: Submission | None) -> dict[str, Any]:
    if submission is None or not item.form_id:
        return {}
    form = work.package.form(item.form_id)
    return form.settle(submission, form_context(work, item), local(work.now)).scope


def _part(work: CaseWork, name: str, facts: Mapping[str, Any]) -> PanelPart:
    model, _ = work.package.library.decision(name)
    result = work.package.decide(name, facts, work.now)
    answer = result.value if isinstance(result.value, Mapping) else {}
    listed = answer.get("conditions") or ()
    conditions = tuple(
        _condition(work, one)
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, Mapping)
    )
    amount = _amount(work, answer) if "high" in answer or "standard" in answer else None
    nearest = [] if result.errors else [s for s in explain(model, result) if _NUMERIC.search(s)]
    label = model.element(name, "decision").name
    silent = not conditions and amount is None
    return PanelPart(label, conditions, amount, tuple(nearest[:MAX_NEAREST]), silent)


def _condition(work: CaseWork, found: Mapping[str, Any]) -> PanelCondition:
    met = found.get("met")
    state = str(found.get("state") or _STATES.get(met if isinstance(met, bool) else None))
    unit = str(found.get("unit") or YUAN)
    relation = _RELATIONS.get(str(found.get("relation") or ""), "")
    limit = _figure(found.get("limit"), unit)
    need = str(found.get("need") or "")
    label = str(found.get("label") or "")
    if not need and relation and limit and state == "failed":
        need = f"如{label}{relation} {limit}即符合。"
    return PanelCondition(
        label=label,
        state=state if state in ("met", "failed", "missing", "record") else "missing",
        value=_figure(found.get("value"), unit),
        limit=f"{relation} {limit}".strip(),
        need=need,
        clauses=_clauses(work, found),
    )


def _amount(work: CaseWork, found: Mapping[str, Any]) -> PanelAmount:
    amount, low, high = (found.get(key) for key in ("amount", "low", "high"))
    known = all(isinstance(one, Decimal) for one in (amount, low, high))
    return PanelAmount(
        amount=_figure(amount, YUAN),
        low=_figure(low, YUAN),
        high=_figure(high, YUAN),
        standard=_figure(found.get("standard"), YUAN),
        formula=str(found.get("formula") or ""),
        within=low <= amount <= high if known else None,  # type: ignore[operator]
        clauses=_clauses(work, found),
    )


def _figure(value: object, unit: str) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f} {unit}" if unit == YUAN else f"{value.normalize():f} {unit}".strip()
    return "" if value is None or isinstance(value, bool) else str(value)


def _clauses(work: CaseWork, found: Mapping[str, Any]) -> tuple[ClauseText, ...]:
    return clauses_of(work.package, words(str(found.get("clause") or "")))


__all__ = ["Panel", "PanelAmount", "PanelCondition", "PanelPart", "panel_of"]
