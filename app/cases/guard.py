"""The decisions a work item asks before it takes an answer (property `check`).

A refusal keeps everything typed and names what is lawful instead; nothing is saved. The same
facts are judged again on the path itself, where an empty answer stops the case.

A soft bound (原则上) is allowed with a condition: `needs_reason` names the answer that must hold
the written reason, `needs_level` the least level of the organ that may let it pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.cases.separation import words
from app.cases.work import CaseWork
from app.kernel.errors import Alternative, Refused
from app.kernel.roles import ROLES, Level
from app.store.work_items import WorkItemRow

_RANKS = (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY, Level.CITY)  # lowest first
_LEVEL_WORDS = {
    "village": "村（居）",
    "township": "乡镇（街道）",
    "county": "县级",
    "city": "市级",
}


def require_allowed(work: CaseWork, item: WorkItemRow, values: Mapping[str, Any]) -> None:
    """Raises Refused with message, clause and alternatives unless every decision allows."""
    for decision_id in words(str(item.properties.get("check", ""))):
        result = work.decide(decision_id, item.token, {**item.inputs, **values})
        verdict = result.value if isinstance(result.value, Mapping) else {}
        if verdict.get("allowed") is not True:
            message = verdict.get("message") or _NOTHING_APPLIES
            raise _refused("not_allowed", str(message), decision_id, verdict)
        _require_reason(item, values, decision_id, verdict)
        _require_level(item, decision_id, verdict)


_NOTHING_APPLIES = "没有一条标准适用于所填内容，不能继续办理。请核对后再提交。"


def _require_reason(
    item: WorkItemRow, values: Mapping[str, Any], decision_id: str, verdict: Mapping[str, Any]
) -> None:
    """A soft bound is crossed only with a written reason."""
    key = verdict.get("needs_reason")
    if isinstance(key, str) and key and not str(values.get(key) or "").strip():
        message = verdict.get("message") or "超出原则上的幅度，须写明理由。"
        raise _refused("needs_reason", str(message), decision_id, verdict)


def _require_level(item: WorkItemRow, decision_id: str, verdict: Mapping[str, Any]) -> None:
    """A soft bound is crossed only by an organ of that level or above."""
    wanted = verdict.get("needs_level")
    if not isinstance(wanted, str) or wanted not in _RANKS:
        return
    level = ROLES[item.role].level if item.role in ROLES else Level.NONE
    if level not in _RANKS or _RANKS.index(level) < _RANKS.index(Level(wanted)):
        message = f"超出原则上的幅度，须由{_LEVEL_WORDS[wanted]}以上审批，“{item.name}”不能作出。"
        raise _refused("needs_level", message, decision_id, verdict)


def _refused(code: str, message: str, decision_id: str, verdict: Mapping[str, Any]) -> Refused:
    return Refused(
        code,
        message,
        clause=str(verdict.get("clause") or ""),
        alternatives=_alternatives(verdict.get("alternatives")),
        decision_id=decision_id,
    )


def _alternatives(value: object) -> list[Alternative]:
    items = value if isinstance(value, list) else [value] if value else []
    found = []
    for entry in items:
        if isinstance(entry, Mapping):
            found.append(Alternative(str(entry.get("label", "")), str(entry.get("clause", ""))))
        elif entry:
            found.append(Alternative(str(entry)))
    return found
