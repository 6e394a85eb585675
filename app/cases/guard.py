"""The decision a work item asks before it takes an answer (property `check`).

A refusal keeps everything typed and names what is lawful instead; nothing is saved. The same
facts are judged again on the path itself, where an empty answer stops the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.cases.work import CaseWork
from app.kernel.errors import Alternative, Refused
from app.store.work_items import WorkItemRow


def require_allowed(work: CaseWork, item: WorkItemRow, values: Mapping[str, Any]) -> None:
    """Raises Refused with message, clause and alternatives unless the decision allows."""
    decision_id = str(item.properties.get("check", ""))
    if not decision_id:
        return
    result = work.decide(decision_id, item.token, {**item.inputs, **values})
    verdict = result.value if isinstance(result.value, Mapping) else {}
    if verdict.get("allowed") is True:
        return
    message = verdict.get("message") or "没有一条标准适用于所填内容，不能继续办理。请核对后再提交。"
    raise Refused(
        "not_allowed",
        str(message),
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
