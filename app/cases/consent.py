"""Whether everybody asked has agreed: what stands between an item and its completion."""

from __future__ import annotations

from app.cases.work import CaseWork
from app.kernel.errors import Refused
from app.store import requests
from app.store.work_items import WorkItemRow


def require_consent(work: CaseWork, item: WorkItemRow) -> None:
    """Raises Refused while a co-signer has not agreed, or while the actor is only a delegate."""
    for one in requests.of_item(work.unit, item.region, item.id):
        if one.kind == "delegate" and not one.answer and one.to_user == work.unit.actor.user_id:
            raise Refused(
                "delegated", f"这是{one.from_name}委派给您的，请填好后交回，由委派人确认。"
            )
        if one.kind == "cosign" and not one.answer:
            raise Refused("cosign_open", f"{one.to_name}还没有会签，不能办结。")
        if one.kind == "cosign" and one.answer == "object":
            raise Refused("cosign_objected", f"{one.to_name}会签不同意：{one.comment}")
