"""The county's money at a glance: its pools, what is approved and unpaid, year against year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.cases import access
from app.cases.office import Office
from app.cases.package import Package
from app.cases.views.fund_lines import days_of
from app.cases.views.lines import Names
from app.kernel.clock import legal_day
from app.kernel.errors import Forbidden
from app.kernel.money import Money
from app.ledger.accounts import Fund
from app.ledger.pools import POOLS, Pool
from app.store import cases, fund_records, journal, ledger, people, transfers, work_items
from app.store.cases import MATTER, CaseRow
from app.store.fund_records import ReviewRow
from app.store.session import Actor, Unit

PAYING = "payment.pay"


@dataclass(frozen=True, slots=True)
class PoolLine:
    """One pool of the county in one year."""

    code: str
    label: str
    received: Money
    free: Money  # below zero when more was paid than was entered as received
    held: Money
    spent: Money
    refunded: Money
    origins: tuple[str, ...]  # codes of the sources it may take


@dataclass(frozen=True, slots=True)
class StuckLine:
    """One approved payment that nobody has received yet."""

    region: str
    case_id: UUID
    case_no: str
    township_name: str
    amount: Money | None  # None when nothing is promised and the amount stands in the case only
    what: str  # "已预留" | "待发放" | "待代发" | "已送银行"
    since: datetime
    days: int
    late: bool  # longer than the table allows


@dataclass(frozen=True, slots=True)
class YearLine:
    """One township's input of this year against the last."""

    township: str
    township_name: str
    last: Money
    this: Money
    used_last: Money
    planned: Money | None  # by the January review
    under_way: bool

    @property
    def less(self) -> Money:
        """By how much the plan (or, without one, what was put in) is below last year's input."""
        now = self.this if self.planned is None else self.planned
        return max(self.last - now, Money.zero())


@dataclass(frozen=True, slots=True)
class CountyMoney:
    """The page 县级资金."""

    region: str
    county_name: str
    year: int
    pools: tuple[PoolLine, ...]
    stuck: tuple[StuckLine, ...]  # longest first
    stuck_days: int | None  # limit of the table
    years: tuple[YearLine, ...]
    reviews: tuple[ReviewRow, ...]
    matters: tuple[CaseRow, ...]  # open ones


def county_money(office: Office, actor: Actor, region: str = "") -> CountyMoney:
    """The money of the county named, or of the first whose books the actor may read."""
    with office.database.read(actor) as unit:
        scope = access.scope_of(unit, actor, access.reads_money)
        if not scope.regions or (region and region not in scope.regions):
            raise Forbidden("no_county_money", "您的角色不查看县级资金。")
        region = region or min(scope.regions)
        names, year = Names(unit), legal_day(unit.now).year
        limit = days_of(office, unit, region, "stuck")
        return CountyMoney(
            region=region,
            county_name=names.organ(region),
            year=year,
            pools=tuple(_pool(unit, region, year, pool) for pool in POOLS.values()),
            stuck=tuple(_stuck(office, unit, names, region, limit)),
            stuck_days=limit,
            years=tuple(_years(unit, region, year)),
            reviews=tuple(fund_records.reviews(unit, region)),
            matters=tuple(cases.find(unit, region=region, statuses=("open",), kind=MATTER)),
        )


def _pool(unit: Unit, region: str, year: int, pool: Pool) -> PoolLine:
    total = ledger.totals(unit, Fund(region, "", year))
    return PoolLine(
        code=pool.code,
        label=pool.label,
        received=-total[pool.source],
        free=total[pool.fund],
        held=total[pool.held],
        spent=total[pool.spent],
        refunded=-total[pool.refund],
        origins=tuple(sorted(origin.value for origin in pool.origins)),
    )


def _years(unit: Unit, region: str, year: int) -> list[YearLine]:
    reviews = {row.township: row for row in fund_records.reviews(unit, region) if row.year == year}
    under_way = {
        row.township
        for row in cases.find(unit, region=region, statuses=("open",), kind=MATTER)
        if row.cause == "reserve_review"
    }
    found = []
    for organ in people.organs(unit, region):
        if organ.level != "township":
            continue
        last = journal.year_of(unit, Fund(region, organ.code, year - 1))
        this = journal.year_of(unit, Fund(region, organ.code, year))
        review = reviews.get(organ.code)
        found.append(
            YearLine(
                township=organ.code,
                township_name=organ.name,
                last=last.received,
                this=this.received,
                used_last=last.used,
                planned=review.planned_fen if review else None,
                under_way=organ.code in under_way,
            )
        )
    return found


def _stuck(
    office: Office, unit: Unit, names: Names, region: str, limit: int | None
) -> list[StuckLine]:
    """Promises without payment, open payment items without promise, transfers on their way."""
    found: dict[tuple[str, str], StuckLine] = {}
    for one in journal.held(unit, [region]):
        case = cases.get(unit, region, UUID(one.subject))
        line = _stuck_line(unit, names, case, one.amount, "已预留", one.since, limit)
        found[(one.subject, "case")] = line
    for item in _paying_items(office, unit, region):
        if (str(item[0].id), "case") not in found:
            case, since = item
            found[(str(case.id), "case")] = _stuck_line(
                unit, names, case, None, "待发放", since, limit
            )
    for row in transfers.of_county(unit, region, statuses=("waiting", "sent")):
        case = cases.get(unit, region, row.case_id)
        what = "待代发" if row.status == "waiting" else "已送银行"
        found[(str(row.id), "transfer")] = _stuck_line(
            unit, names, case, row.amount_fen, what, row.ordered_at, limit
        )
    return sorted(found.values(), key=lambda line: line.since)


def _stuck_line(
    unit: Unit,
    names: Names,
    case: CaseRow,
    amount: Money | None,
    what: str,
    since: datetime,
    limit: int | None,
) -> StuckLine:
    days = (legal_day(unit.now) - legal_day(since)).days
    return StuckLine(
        region=case.region,
        case_id=case.id,
        case_no=case.case_no,
        township_name=names.organ(case.township),
        amount=amount,
        what=what,
        since=since,
        days=days,
        late=limit is not None and days > limit,
    )


def _paying_items(office: Office, unit: Unit, region: str) -> list[tuple[CaseRow, datetime]]:
    """(case, since) of every open work item whose answers are the slip of a payment."""
    forms: dict[str, set[str]] = {}  # deployment -> its slips
    found = []
    for item, deployment in work_items.waiting_forms(unit, region):
        if deployment not in forms:
            forms[deployment] = _slip_forms(office.packages.load(unit, deployment))
        if item.form_id in forms[deployment]:
            found.append((cases.get(unit, region, item.case_id), item.opened_at))
    return found


def _slip_forms(package: Package) -> set[str]:
    """Ids of the forms that the deployment's payments take their slip from."""
    found = set()
    for process_id in package.library.process_ids:
        for element in package.library.definition(process_id).elements.values():
            if element.call_type == PAYING:
                found |= {
                    line.source.strip('="') for line in element.inputs if line.target == "slip"
                }
    return found
