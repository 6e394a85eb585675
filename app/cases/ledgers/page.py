"""The ledgers a person may open, one of them read, and one taken out of the house on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.cases import access
from app.cases.access import Scope
from app.cases.ledgers import ROWS
from app.cases.ledgers.reading import Filter, Reading, Row
from app.cases.office import Office
from app.cases.package import Package
from app.cases.views.lines import Names
from app.form.ledger_columns import QUERIES
from app.form.ledger_shapes import Kind
from app.form.ledgers import Ledger
from app.kernel.clock import legal_day
from app.kernel.errors import FieldProblem, Forbidden, Invalid, NotFound
from app.kernel.money import Money
from app.kernel.roles import Role
from app.store import people
from app.store.session import Actor, Unit

MAX_PURPOSE = 200  # characters
FIRST_MONTH = 1

_READS = {"cases": access.reads_cases, "money": access.reads_money}


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """One ledger, read."""

    ledger: Ledger
    asked: Filter  # with the ledger's own period when none was asked for
    rows: tuple[Row, ...]
    totals: Mapping[str, Money | int]  # column key -> sum, of the columns that have one
    townships: tuple[tuple[str, str], ...]  # code, name: what may be chosen
    place: str  # name of the territory shown
    opened: bool  # personal cells in clear
    read_at: datetime


def listing(office: Office, actor: Actor) -> tuple[Ledger, ...]:
    """The ledgers, reports and exports of the actor's locality that a role of theirs reads."""
    with office.database.read(actor) as unit:
        package = _package(office, unit, actor)
        return tuple(
            sorted(
                (one for one in package.ledgers() if _scope(unit, actor, one)),
                key=lambda one: (one.order, one.id),
            )
        )


def read(office: Office, actor: Actor, ledger_id: str, asked: Filter) -> LedgerPage:
    """The ledger as it stands now, masked; raises NotFound, Forbidden, Refused when too long."""
    with office.database.read(actor) as unit:
        return _read(office, unit, actor, ledger_id, asked, opened=False)


def export(
    office: Office,
    actor: Actor,
    ledger_id: str,
    asked: Filter,
    *,
    purpose: str,
    form: str,
    opened: bool = False,
) -> LedgerPage:
    """The ledger to be taken out as `form` ("csv", "xlsx", "pdf"): who, what and why is on record.

    opened: personal cells in clear. Raises Invalid without a purpose.
    """
    purpose = purpose.strip()[:MAX_PURPOSE]
    if not purpose:
        problem = FieldProblem("purpose", "用途", "请写明导出用途，系统会留痕。")
        raise Invalid("请写明导出用途。", [problem])
    with office.database.read(actor) as unit:
        page = _read(office, unit, actor, ledger_id, asked, opened=opened)
        regions = sorted(_regions(unit, actor, page.ledger))
    facts = {
        "purpose": purpose,
        "form": form,
        "personal": opened,
        "rows": len(page.rows),
        "since": page.asked.since.isoformat() if page.asked.since else "",
        "until": page.asked.until.isoformat() if page.asked.until else "",
        "township": page.asked.township,
    }
    with office.database.begin(actor) as unit:
        for region in regions:
            unit.audit(region, None, "ledger.exported", ("ledger", ledger_id), facts)
    return page


def _read(
    office: Office, unit: Unit, actor: Actor, ledger_id: str, asked: Filter, *, opened: bool
) -> LedgerPage:
    ledger = _package(office, unit, actor).ledger(ledger_id)
    if ledger is None:
        raise NotFound("no_ledger", "没有这个台账。")
    scope = _scope(unit, actor, ledger)
    if not scope:
        raise Forbidden("not_your_ledger", f"您的角色不查看“{ledger.title}”。")
    names = Names(unit)
    asked = _dated(ledger, asked, unit.now)
    places = tuple((code, names.organ(code)) for code in _townships(unit, scope))
    if asked.township and asked.township not in dict(places):
        raise Forbidden("not_your_township", "这个乡镇（街道）不在您的查看范围内。")
    narrowed = Scope(townships=frozenset({asked.township})) if asked.township else scope
    reading = Reading(unit, office, narrowed, asked, ledger.params, names, opened)
    rows = tuple(ROWS[ledger.query](reading))
    return LedgerPage(
        ledger=ledger,
        asked=asked,
        rows=rows,
        totals=_totals(ledger, rows),
        townships=places,
        place=names.organ(asked.township) or _place(names, scope),
        opened=opened,
        read_at=unit.now,
    )


def _package(office: Office, unit: Unit, actor: Actor) -> Package:
    """What is in force in the first county the actor reads anything of."""
    scope = access.scope_of(unit, actor, _reads_any)
    regions = sorted(scope.regions | {code[:6] for code in scope.townships})
    if not regions:
        raise Forbidden("no_ledgers", "您的角色不查看台账和报表。")
    return office.packages.current(unit, people.locality_of(unit, regions[0]))


def _reads_any(role: Role) -> bool:
    return role.reads_all or role.reads_money


def _scope(unit: Unit, actor: Actor, ledger: Ledger) -> Scope:
    return access.scope_of(unit, actor, _READS[QUERIES[ledger.query].reads])


def _regions(unit: Unit, actor: Actor, ledger: Ledger) -> set[str]:
    scope = _scope(unit, actor, ledger)
    organs = {organ.code: organ.region for organ in people.organs(unit)}
    return set(scope.regions) | {organs[code] for code in scope.townships}


def _townships(unit: Unit, scope: Scope) -> list[str]:
    return [
        organ.code
        for organ in people.organs(unit)
        if organ.level == "township" and scope.covers(region=organ.region, township=organ.code)
    ]


def _place(names: Names, scope: Scope) -> str:
    return "、".join(names.organ(code) for code in sorted(scope.regions | scope.townships))


def _totals(ledger: Ledger, rows: tuple[Row, ...]) -> dict[str, Money | int]:
    found: dict[str, Money | int] = {}
    for column in (heading.column for heading in ledger.headings):
        if not column.total:
            continue
        cells = [row.get(column.key) for row in rows]
        if column.kind is Kind.MONEY:
            found[column.key] = Money(sum(cell.fen for cell in cells if isinstance(cell, Money)))
        else:
            found[column.key] = sum(cell for cell in cells if isinstance(cell, int))
    return found


def _dated(ledger: Ledger, asked: Filter, now: datetime) -> Filter:
    """The filter with the ledger's own period when no day was asked for."""
    if asked.since and asked.until and asked.since > asked.until:
        problem = FieldProblem("since", "起始日期", "起始日期晚于截止日期，请改正。")
        raise Invalid("期间有误。", [problem])
    if asked.since or asked.until or not ledger.period:
        return asked
    since, until = period_of(ledger.period, legal_day(now))
    return replace(asked, since=since, until=until)


def period_of(name: str, today: date) -> tuple[date, date]:
    """First and last day of a named period (form.ledgers.PERIODS) seen from `today`."""
    if name in ("month", "last_month"):
        first = today.replace(day=1)
        if name == "last_month":
            first = (first - timedelta(days=1)).replace(day=1)
        return first, _next_month(first) - timedelta(days=1)
    year = today.year if name == "year" else today.year - 1
    return date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH, 1) - timedelta(days=1)


def _next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
