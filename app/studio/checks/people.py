"""Every role a diagram hands work to is held by somebody."""

from __future__ import annotations

from collections.abc import Iterable

from app.decision.result import Finding
from app.kernel.roles import ROLES
from app.studio.checks.base import Check
from app.studio.subject import Subject, called, place_of


def _run(subject: Subject) -> Iterable[Finding]:
    held = subject.around.held_roles
    if held is None:
        return
    for process, element in subject.elements():
        if element.role and element.role in subject.around.roles and element.role not in held:
            label = ROLES[element.role].label if element.role in ROLES else element.role
            yield Finding(
                "role_without_people",
                "warning",
                f"“{called(element)}”交给“{label}”，但现在没有人担任。",
                "请先给人员授予这个角色，否则个案会停在这里等人。",
                place_of(process, element.id),
            )


CHECK = Check(
    id="people",
    sentence="流程交办的每个角色都有人担任",
    because="没有人担任的角色收到的待办不会有人处理",
    good="审批交给乡镇审批人，每个乡镇都有一人担任",
    bad="审批交给没有人担任的角色",
    run=_run,
)
