"""Who may see which household: those of the place where it lives or was helped."""

from __future__ import annotations

from uuid import UUID

from app.cases import access
from app.kernel.errors import Forbidden
from app.store import households
from app.store.households import HouseholdRow
from app.store.session import Actor, Unit


def require(unit: Unit, actor: Actor, region: str, household_id: UUID) -> HouseholdRow:
    """The household; Forbidden unless it lives or was helped in the actor's territory."""
    row = households.get(unit, region, household_id)
    if not sees(unit, scope_for(unit, actor), row):
        raise Forbidden("not_your_household", "这个家庭不在您的办理或查看范围内。")
    return row


def scope_for(unit: Unit, actor: Actor) -> access.Scope:
    scope = access.scope_of(unit, actor, access.reads_households)
    if not scope:
        raise Forbidden("no_households", "您的角色不查看家庭档案。")
    return scope


def sees(unit: Unit, scope: access.Scope, row: HouseholdRow) -> bool:
    if scope.covers(region=row.region, township=row.township, village=row.village):
        return True
    return any(
        scope.covers(region=case.region, township=case.township, village=case.village)
        for _, case in households.cases_of(unit, row.region, [row.id])
    )
