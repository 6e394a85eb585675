"""Separation of duties: who did one thing may not do the other (guard-rail G16, 两人原则).

The diagram says which: `not_done_by` names elements, `not_named_in` names answers that hold a
person's name ("verify.investigator_2": form and key).
"""

from __future__ import annotations

from app.cases.work import CaseWork
from app.kernel.errors import Refused
from app.store import work_items
from app.store.work_items import WorkItemRow


def words(text: str) -> list[str]:
    """The entries of a comma-separated property."""
    return [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]


def require_separate(work: CaseWork, item: WorkItemRow) -> None:
    """Raises Refused when the actor did, or is named in, what this item must be separate from."""
    actor = work.unit.actor
    elements = words(str(item.properties.get("not_done_by", "")))
    if elements:
        doers = work_items.done_by(work.unit, work.case.region, work.case.id, elements)
        for element, people in doers.items():
            if actor.user_id in people:
                raise Refused(
                    "not_separate",
                    f"您已办理本案的“{_label(work, element)}”，“{item.name}”须由另一人办理。",
                    clause=str(item.properties.get("clause", "")),
                    element_id=element,
                )
    for path in words(str(item.properties.get("not_named_in", ""))):
        form_id, _, key = path.partition(".")
        if work.answers(form_id).get(key) == actor.name:
            raise Refused(
                "not_separate",
                f"您是本案的调查人，“{item.name}”须由另一人办理。",
                clause=str(item.properties.get("clause", "")),
                path=path,
            )


def _label(work: CaseWork, element_id: str) -> str:
    for process_id in work.package.library.process_ids:
        element = work.package.library.definition(process_id).elements.get(element_id)
        if element is not None:
            return element.name or element_id
    return element_id
