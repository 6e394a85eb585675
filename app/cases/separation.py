"""Separation of duties: who did one thing may not do the other (guard-rail G16, 两人原则).

The diagram says which: `not_done_by` names elements, `not_named_in` names answers that hold a
person's name ("verify.investigator_2": form and key).
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from app.cases.work import CaseWork
from app.kernel.errors import Refused
from app.store import work_items
from app.store.session import Actor
from app.store.work_items import WorkItemRow


def words(text: str) -> list[str]:
    """The entries of a comma-separated property."""
    return [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]


def act_as(work: CaseWork, actor: Actor) -> Actor:
    """What follows in this command is that actor's deed (`access.standing`); records say so."""
    work.unit = replace(work.unit, actor=actor)
    return actor


def require_separate(work: CaseWork, item: WorkItemRow) -> None:
    """Raises Refused when the actor did, or is named in, what this item must be separate from."""
    me = work.unit.actor  # a stand-in counts together with whom they stand in for
    elements = words(str(item.properties.get("not_done_by", "")))
    if elements:
        doers = work_items.done_by(work.unit, work.case.region, work.case.id, elements)
        for element, people in doers.items():
            if me.person_ids & people:
                raise Refused(
                    "not_separate",
                    f"{_who(me, people)}已办理本案的“{_label(work, element)}”，"
                    f"“{item.name}”须由另一人办理。",
                    clause=str(item.properties.get("clause", "")),
                    element_id=element,
                )
    for path in words(str(item.properties.get("not_named_in", ""))):
        form_id, _, key = path.partition(".")
        if work.answers(form_id).get(key) in me.person_names:
            raise Refused(
                "not_separate",
                f"您是本案的调查人，“{item.name}”须由另一人办理。",
                clause=str(item.properties.get("clause", "")),
                path=path,
            )


def _who(me: Actor, people: Set[str]) -> str:
    """您, or the absent colleague in whose stead the actor would act."""
    if me.behalf is None or me.user_id in people:
        return "您"
    return f"您代理的{me.behalf.name}"


def _label(work: CaseWork, element_id: str) -> str:
    for process_id in work.package.library.process_ids:
        element = work.package.library.definition(process_id).elements.get(element_id)
        if element is not None:
            return element.name or element_id
    return element_id
