"""看板: what a leader must know first – late now, due today, this month's money, what is left.

Every figure is counted from the same rows as the ledgers; nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from app.cases import access
from app.cases.access import Scope
from app.cases.ledgers.page import period_of
from app.cases.ledgers.payments import Paid, paid_in
from app.cases.ledgers.reading import Filter, Reading, percent
from app.cases.office import Office
from app.cases.views.lines import Names
from app.kernel.clock import legal_day
from app.kernel.errors import Forbidden
from app.kernel.money import Money
from app.kernel.roles import Role
from app.ledger.accounts import Kind
from app.store import fund_records, money_registers, people, registers
from app.store.cases import CaseRow
from app.store.clocks import DeadlineRow
from app.store.registers import Span
from app.store.session import Actor, Unit
from app.store.work_items import WorkItemRow

MAX_STEPS = 40  # steps of the table, the fullest first
MAX_NEAREST = 5
_LAST_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class TownshipLine:
    """One township beside the others."""

    code: str
    name: str
    waiting: int  # work items
    late: int  # limits
    due_today: int
    paid: Money  # this month, from all sources
    free: Money  # of the reserve of this year
    held: Money


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step and how many wait at it, in all and per township."""

    name: str
    waiting: int
    oldest_days: int  # legal days the longest waiting one has waited
    by_township: tuple[int, ...]  # in the order of the townships


@dataclass(frozen=True, slots=True)
class NearLine:
    """One limit that is over or ends next."""

    region: str
    case_id: UUID
    case_no: str
    limit: str
    township: str
    due_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The page 看板."""

    place: str
    late: int
    due_today: int
    waiting: int
    paid: Money  # this month
    paid_year: Money
    planned: Money  # reviewed budgets of this year, zero when none is on record
    used_share: Decimal | None  # of the plan, in percent; None without a plan
    free: Money
    held: Money
    nearest: tuple[NearLine, ...]
    townships: tuple[TownshipLine, ...]
    steps: tuple[StepLine, ...]


def dashboard(office: Office, actor: Actor) -> Dashboard:
    """The actor's territory as it stands now; raises Forbidden for who reads no cases there."""
    with office.database.read(actor) as unit:
        scope = access.scope_of(unit, actor, _leads)
        if not scope:
            raise Forbidden("no_dashboard", "您的角色不查看看板。")
        return _Count(office, unit, scope).whole()


def _leads(role: Role) -> bool:
    return role.reads_all and role.reads_money


class _Count:
    """One counting of one territory."""

    def __init__(self, office: Office, unit: Unit, scope: Scope) -> None:
        self.unit, self.scope, self.names = unit, scope, Names(unit)
        span = Span(scope.regions, scope.townships)
        self.limits = registers.running_limits_in(unit, span)
        self.items = registers.waiting_in(unit, span)
        self.accounts = money_registers.accounts_in(unit, span)
        today = legal_day(unit.now)
        since, until = period_of("year", today)
        asked = Filter(since=since, until=until)
        self.paid = paid_in(Reading(unit, office, scope, asked, {}, self.names))
        self.month, self.year = today.replace(day=1), today.year
        self.places = [
            organ.code
            for organ in people.organs(unit)
            if organ.level == "township" and scope.covers(region=organ.region, township=organ.code)
        ]

    def whole(self) -> Dashboard:
        """The page."""
        planned = self._planned()
        paid_year = _sum(self.paid)
        held, free = self._held(), self._free()
        return Dashboard(
            place="、".join(self.names.organ(code) for code in sorted(self._roots())),
            late=self._late(),
            due_today=self._due_today(),
            waiting=len(self.items),
            paid=_sum(self._this_month()),
            paid_year=paid_year,
            planned=planned,
            used_share=percent(paid_year.fen, planned.fen) if planned else None,
            free=free,
            held=held,
            nearest=tuple(self._near(row, case) for row, case in self.limits[:MAX_NEAREST]),
            townships=tuple(self._township(code) for code in self.places),
            steps=self._steps(),
        )

    def _roots(self) -> frozenset[str]:
        return self.scope.regions | self.scope.townships

    def _township(self, code: str) -> TownshipLine:
        return TownshipLine(
            code=code,
            name=self.names.organ(code),
            waiting=sum(1 for _, case in self.items if case.township == code),
            late=self._late(code),
            due_today=self._due_today(code),
            paid=_sum([one for one in self._this_month() if one.slip.township == code]),
            free=self._free(code),
            held=self._held(code),
        )

    def _steps(self) -> tuple[StepLine, ...]:
        found: dict[str, list[tuple[WorkItemRow, CaseRow]]] = {}
        for item, case in self.items:
            found.setdefault(item.name, []).append((item, case))
        lines = [self._step(name, rows) for name, rows in found.items()]
        return tuple(sorted(lines, key=lambda one: (-one.waiting, one.name))[:MAX_STEPS])

    def _step(self, name: str, rows: list[tuple[WorkItemRow, CaseRow]]) -> StepLine:
        oldest = legal_day(self.unit.now) - legal_day(rows[0][0].opened_at)
        counts = (sum(1 for _, case in rows if case.township == code) for code in self.places)
        return StepLine(name, len(rows), oldest.days, tuple(counts))

    def _late(self, township: str = "") -> int:
        now = self.unit.now
        return sum(
            1 for row, case in self.limits if township in ("", case.township) and row.late_at(now)
        )

    def _due_today(self, township: str = "") -> int:
        now, today = self.unit.now, legal_day(self.unit.now)
        return sum(
            1
            for row, case in self.limits
            if township in ("", case.township)
            and not row.late_at(now)
            and legal_day(row.due_at - _LAST_MOMENT) == today
        )

    def _near(self, row: DeadlineRow, case: CaseRow) -> NearLine:
        return NearLine(
            case.region,
            case.id,
            case.case_no,
            row.name,
            self.names.organ(case.township),
            row.due_at,
            row.late_at(self.unit.now),
        )

    def _this_month(self) -> list[Paid]:
        return [one for one in self.paid if legal_day(one.slip.paid_at) >= self.month]

    def _free(self, township: str = "") -> Money:
        return self._account(Kind.RESERVE, township)

    def _held(self, township: str = "") -> Money:
        return self._account(Kind.RESERVE_HELD, township)

    def _account(self, kind: Kind, township: str) -> Money:
        return Money(
            sum(
                row.balance_fen.fen
                for row in self.accounts
                if row.kind == kind and row.year == self.year and township in ("", row.township)
            )
        )

    def _planned(self) -> Money:
        regions = {organ.region for organ in people.organs(self.unit) if organ.code in self.places}
        reviews = [row for region in regions for row in fund_records.reviews(self.unit, region)]
        return Money(
            sum(
                row.planned_fen.fen
                for row in reviews
                if row.year == self.year and row.township in self.places
            )
        )


def _sum(found: list[Paid]) -> Money:
    return Money(sum(one.amount.fen for one in found))
