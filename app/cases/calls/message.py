"""The call that tells somebody: an in-app note to the holders of a role."""

from __future__ import annotations

from typing import Any

from app.cases import access
from app.cases.work import CaseWork
from app.kernel.errors import ModelError
from app.kernel.roles import ROLES
from app.process.step import Call
from app.store import messages

MAX_TEXT = 500  # characters


def send(work: CaseWork, call: Call) -> dict[str, Any]:
    """The holders of `role` in the competent organ see `text`."""
    role = str(call.inputs.get("role", ""))
    text = str(call.inputs.get("text", ""))[:MAX_TEXT]
    if role not in ROLES or not text:
        raise ModelError(f"“{call.name}”要写明角色 role 和内容 text。", element_id=call.element_id)
    organ = access.organ_for(work.unit, role, work.case)
    messages.tell_role(
        work.unit, work.case.region, role, organ, "process", text, case_id=work.case.id
    )
    return {}
