"""Who may see and do what: default deny, roles as held at this moment.

Sight follows the organ a role is held in: a township's people see the township, a county's the
county, a city's its counties. A work item is done by those who hold its role in its organ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.kernel.errors import Forbidden
from app.kernel.roles import ROLES, Level, Role
from app.store import bars, people, requests
from app.store.cases import MATTER, RELIEF, SUPERVISION, CaseRow
from app.store.people import OrganRow
from app.store.session import Actor, Unit
from app.store.work_items import WorkItemRow


@dataclass(frozen=True, slots=True)
class Scope:
    """A territory: whole counties, single townships, single villages."""

    regions: frozenset[str] = frozenset()
    townships: frozenset[str] = frozenset()
    villages: frozenset[str] = frozenset()

    def covers(self, *, region: str, township: str = "", village: str = "") -> bool:
        """True when the place lies within."""
        return region in self.regions or township in self.townships or village in self.villages

    def __bool__(self) -> bool:
        return bool(self.regions or self.townships or self.villages)


def reads_cases(role: Role) -> bool:
    """The role reads every case of its organ's territory."""
    return role.reads_all


def reads_money(role: Role) -> bool:
    """The role reads the fund books of its organ's territory."""
    return role.reads_money


def supervises(role: Role) -> bool:
    """The role reads complaints, audit issues and inspections of its organ's territory."""
    return role.supervises


def reads_households(role: Role) -> bool:
    """The role reads the register of households of its organ's territory."""
    return role.reads_all or role.reads_households


def scope_of(unit: Unit, actor: Actor, allows: Callable[[Role], bool]) -> Scope:
    """The territory in which one of the actor's roles allows it."""
    regions: set[str] = set()
    townships: set[str] = set()
    villages: set[str] = set()
    for code, organ_code in actor.roles:
        organ = people.organ(unit, organ_code)
        if organ is None or code not in ROLES or not allows(ROLES[code]):
            continue
        if organ.level == Level.VILLAGE:
            villages.add(organ.code)
        elif organ.level == Level.TOWNSHIP:
            townships.add(organ.code)
        else:
            regions.update(_counties(unit, organ))
    return Scope(frozenset(regions), frozenset(townships), frozenset(villages))


def _counties(unit: Unit, organ: OrganRow) -> set[str]:
    if organ.level == Level.COUNTY:
        return {organ.region}
    below = people.organs_below(unit, organ.code)
    return {row.region for row in people.organs(unit) if row.code in below}


_READERS = {SUPERVISION: supervises, MATTER: reads_money}
"""Kinds of case that others read than who reads relief."""


def may_see_case(
    unit: Unit, actor: Actor, case: CaseRow, items: Iterable[WorkItemRow] = ()
) -> bool:
    """True for its opener, who works or worked on it, who was asked, and within the territory.

    Of a supervision case the territory is that of supervisors, and who is barred sees nothing.
    """
    if actor.kind == "system":
        return True
    if is_barred(unit, actor, case):
        return False
    if case.opened_by == actor.user_id:
        return True
    if any(_concerns(actor, item) for item in items):
        return True
    if requests.names(unit, case.region, case.id, actor.user_id):
        return True
    allows = _READERS.get(case.kind, reads_cases)
    scope = scope_of(unit, actor, allows)
    return scope.covers(region=case.region, township=case.township, village=case.village)


def is_barred(unit: Unit, actor: Actor, case: CaseRow) -> bool:
    """True when the case is about the actor (a complaint), who is therefore kept away from it."""
    return case.kind == SUPERVISION and actor.user_id in bars.barred(unit, case.region, case.id)


def require_not_barred(unit: Unit, actor: Actor, case: CaseRow) -> None:
    """Raises Forbidden when the actor is kept away from the case."""
    if is_barred(unit, actor, case):
        raise Forbidden("not_your_case", "这个案件不在您的办理或查看范围内。")


def _concerns(actor: Actor, item: WorkItemRow) -> bool:
    return actor.user_id in (item.assignee, item.done_by) or (
        item.state in ("open", "claimed") and standing(actor, item) is not None
    )


def require_case(
    unit: Unit, actor: Actor, case: CaseRow, items: Iterable[WorkItemRow] = ()
) -> None:
    """Raises Forbidden unless the actor may see the case."""
    if not may_see_case(unit, actor, case, items):
        raise Forbidden("not_your_case", "这个案件不在您的办理或查看范围内。")


def require_reader(
    unit: Unit, actor: Actor, case: CaseRow, items: Iterable[WorkItemRow] = ()
) -> None:
    """Raises Forbidden unless the actor may see the case and what it says of people.

    Who works on a case for its money only (县财政) sees amounts and vouchers, nothing more
    (REQUIREMENTS §4).
    """
    require_case(unit, actor, case, items)
    if case.kind == RELIEF and _money_only(actor):
        raise Forbidden(
            "money_only", "您的角色只查看金额和凭证，个人情况和文书不在您的查看范围内。"
        )


def _money_only(actor: Actor) -> bool:
    held = [ROLES[code] for code, _ in actor.roles if code in ROLES and ROLES[code].does_cases]
    return bool(held) and all(role.reads_money and not role.reads_all for role in held)


def standing(actor: Actor, item: WorkItemRow) -> Actor | None:
    """The actor as who may do the item: in a post of their own, else in an absent colleague's.

    None when neither post is theirs. What the colleague has taken is done in the colleague's stead
    even by who holds the same post.
    """
    own = actor.holds(item.role, item.organ_code)
    lent = [one for one in actor.lent if (one.role, one.organ) == (item.role, item.organ_code)]
    for post in lent:
        if item.assignee == post.user_id or (not own and item.assignee in (None, actor.user_id)):
            return actor.standing_in(post)
    if own:
        return actor
    return actor.standing_in(lent[0]) if lent else None


def may_work(actor: Actor, item: WorkItemRow) -> bool:
    """True when the actor fills the item's post: holds its role in its organ, or stands in."""
    return standing(actor, item) is not None


def is_free(me: Actor, item: WorkItemRow) -> bool:
    """True when nobody but the actor (or whom the actor stands in for) has taken the item."""
    return item.assignee is None or item.assignee in me.person_ids


def require_item(actor: Actor, item: WorkItemRow) -> Actor:
    """The actor as who may do the item (`standing`); raises Forbidden for others."""
    me = standing(actor, item)
    if me is None:
        label = ROLES[item.role].label if item.role in ROLES else item.role
        raise Forbidden("not_your_item", f"“{item.name}”由{label}办理，您没有这一角色。")
    return me


def require_role(actor: Actor, *roles: str) -> None:
    """Raises Forbidden unless the actor holds one of the roles somewhere."""
    if not any(actor.holds(role) for role in roles):
        labels = "、".join(ROLES[role].label for role in roles)
        raise Forbidden("not_your_role", f"这项操作由{labels}办理，您没有这一角色。")


def organ_for(unit: Unit, role_code: str, case: CaseRow) -> str:
    """The organ that works on the case in that role: the village, township, county or city.

    A county has several organs (civil affairs, finance): the one in which somebody holds the role.
    """
    level = ROLES[role_code].level
    if level is Level.VILLAGE:
        return case.village
    if level is Level.TOWNSHIP:
        return case.township
    if level is Level.CITY:
        for organ in people.organ_and_above(unit, case.region):
            if organ.level == Level.CITY:
                return organ.code
    for organ in people.organs(unit, case.region):
        if organ.level == Level.COUNTY and people.holders(unit, role_code, organ.code):
            return organ.code
    return case.region
