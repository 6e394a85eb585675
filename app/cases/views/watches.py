"""走访和监测: who stands on which list, whose visit is due, how far a campaign has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.cases import access
from app.cases.office import Office
from app.cases.views.lines import Names
from app.cases.watches import package_of
from app.cases.watching import WatchList, lists_of
from app.kernel.clock import legal_day
from app.kernel.errors import Forbidden
from app.store import people, visits
from app.store.households import HouseholdRow
from app.store.session import Actor, Unit
from app.store.visits import CampaignRow, WatchRow


@dataclass(frozen=True, slots=True)
class Watched:
    """One household on one list."""

    region: str
    id: UUID
    household_id: UUID
    head: str  # masked
    township: str
    village: str
    list_label: str
    reason: str
    since: date
    last_visit: datetime | None
    next_visit_on: date
    due: bool  # today or overdue


@dataclass(frozen=True, slots=True)
class Round:
    """One campaign and how many of its households were visited."""

    name: str
    list_label: str
    starts_on: date
    ends_on: date
    visited: int
    total: int


@dataclass(frozen=True, slots=True)
class WatchPage:
    """The page 走访和监测."""

    region: str  # the county whose lists are kept here
    lists: tuple[WatchList, ...]
    chosen: str  # "" = all lists
    lines: tuple[Watched, ...]  # the visit due first on top
    due: int
    rounds: tuple[Round, ...]


def watch_page(office: Office, actor: Actor, list_code: str = "") -> WatchPage:
    """The lists of the actor's territory; raises Forbidden."""
    with office.database.read(actor) as unit:
        scope = access.scope_of(unit, actor, access.reads_households)
        if not scope:
            raise Forbidden("no_watch_lists", "您的角色不查看监测名单。")
        rows = visits.on_lists(
            unit,
            regions=scope.regions,
            townships=scope.townships,
            villages=scope.villages,
            list_code=list_code,
        )
        region = rows[0][0].region if rows else next(iter(sorted(scope.regions)), "")
        region = region or _home(unit, actor)
        lists = lists_of(package_of(office, unit, region), unit.now) if region else ()
        labels = {one.code: one.label for one in lists}
        seen = visits.last_visits(unit, region, [home.id for _, home in rows])
        names, today = Names(unit), legal_day(unit.now)
        lines = tuple(
            Watched(
                one.region,
                one.id,
                home.id,
                home.head_masked,
                names.organ(home.township),
                names.organ(home.village),
                labels.get(one.list_code, one.list_code),
                one.reason,
                one.since,
                seen.get(home.id),
                one.next_visit_on,
                one.next_visit_on <= today,
            )
            for one, home in rows
        )
        rounds = tuple(
            _round(unit, labels, row, rows, seen) for row in visits.campaigns(unit, [region])
        )
        due = sum(line.due for line in lines)
        return WatchPage(region, lists, list_code, lines, due, rounds)


def _home(unit: Unit, actor: Actor) -> str:
    organs = (people.organ(unit, place) for _, place in actor.roles)
    return next((organ.region for organ in organs if organ is not None), "")


def _round(
    unit: Unit,
    labels: dict[str, str],
    row: CampaignRow,
    rows: list[tuple[WatchRow, HouseholdRow]],
    seen: dict[UUID, datetime],
) -> Round:
    """Visited counts a household once, when its last visit lies within the round."""
    wanted = {home.id for one, home in rows if one.list_code == row.list_code}
    done = {
        home
        for home in wanted
        if home in seen and row.starts_on <= legal_day(seen[home]) <= row.ends_on
    }
    label = labels.get(row.list_code, row.list_code)
    return Round(row.name, label, row.starts_on, row.ends_on, len(done), len(wanted))
