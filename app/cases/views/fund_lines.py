"""One reserve as figures: balance, held, free, when it runs out, what is not yet written off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from app.cases.office import Office
from app.cases.views.lines import Names
from app.kernel.clock import legal_day
from app.kernel.errors import ModelError
from app.kernel.money import Money
from app.ledger.accounts import Fund, Kind
from app.ledger.forecast import DAYS_OF_WEEK, Forecast, run_out
from app.store import deployments, fund_records, journal, ledger, people, writeoffs
from app.store.fund_records import ReviewRow, StockTakeRow
from app.store.session import Unit
from app.store.writeoffs import WriteoffRow

EMERGENCY = "emergency_relief"  # purpose for which reserves are mainly kept (S1 三(五))


@dataclass(frozen=True, slots=True)
class FundLine:
    """One township's reserve of one year."""

    region: str
    township: str  # organ code
    township_name: str
    year: int
    received: Money  # own, allotted and supplements together
    carried: Money  # from the year before
    free: Money  # may still be promised
    held: Money  # promised to approved cases, not yet paid
    balance: Money  # free and held together: what is in the till
    spent: Money  # paid, written off or not
    written_off: Money
    refunded: Money
    forecast: Forecast | None  # None when the locality's files do not say how to compute it
    runs_out_soon: bool  # within the days of the table
    count_differs: Money  # by the newest stock-take; zero when it agreed or nobody counted

    @property
    def open(self) -> Money:
        """Paid and not yet written off."""
        return self.spent - self.written_off


@dataclass(frozen=True, slots=True)
class OpenPayment:
    """A payment not yet written off."""

    voucher_no: str
    case_id: UUID
    amount: Money
    days: int  # since it was paid
    has_voucher: bool
    overdue: bool  # without a voucher for longer than the table allows


@dataclass(frozen=True, slots=True)
class FundDetail:
    """What a reserve's own page says beside its figures."""

    sources: tuple[tuple[str, Money], ...]  # code of who put money in -> how much
    other_use: Money  # paid for other than emergencies
    other_share: Decimal | None  # of all payments, in percent with one decimal
    stock_takes: tuple[StockTakeRow, ...]  # newest first
    uncounted: tuple[int, ...]  # months over without a stock-take
    packages: tuple[WriteoffRow, ...]  # newest first
    open_payments: tuple[OpenPayment, ...]  # oldest first
    review: ReviewRow | None  # of this year
    months: tuple[int, ...]  # with payments that could go into a package now


def days_of(office: Office, unit: Unit, region: str, key: str) -> int | None:
    """The number that the locality's table `fund_days` has under that key, None without one."""
    locality = people.locality_of(unit, region)
    if deployments.current(unit, locality, unit.now) is None:
        return None
    package = office.packages.current(unit, locality)
    try:
        value = package.decide("fund_days", {"key": key}, unit.now).value
    except ModelError:
        return None
    if isinstance(value, Mapping):
        value = value.get("days")
    return int(value) if isinstance(value, Decimal | int) else None


def fund_line(office: Office, unit: Unit, names: Names, fund: Fund) -> FundLine:
    """The figures of one reserve; every one is a sum over its book."""
    totals = ledger.totals(unit, fund)
    year = journal.year_of(unit, fund)
    counted = fund_records.stock_takes(unit, fund.region, fund.township, fund.year)
    free, held = totals[Kind.RESERVE], totals[Kind.RESERVE_HELD]
    forecast = _forecast(office, unit, fund, free)
    return FundLine(
        region=fund.region,
        township=fund.township,
        township_name=names.organ(fund.township),
        year=fund.year,
        received=year.received,
        carried=year.carried,
        free=free,
        held=held,
        balance=free + held,
        spent=year.used,
        written_off=year.written_off,
        refunded=year.refunded,
        forecast=forecast,
        runs_out_soon=_soon(office, unit, fund, forecast),
        count_differs=counted[0].difference_fen if counted else Money.zero(),
    )


def _forecast(office: Office, unit: Unit, fund: Fund, free: Money) -> Forecast | None:
    weeks = days_of(office, unit, fund.region, "forecast_weeks")
    if not weeks:
        return None
    since = unit.now - timedelta(days=(weeks + 1) * DAYS_OF_WEEK)
    books = (Fund(fund.region, fund.township, fund.year - 1), fund)
    payments = [
        (legal_day(one.at), one.amount)
        for book in books
        for one in journal.paid(unit, book, since=since)
    ]
    return run_out(free, payments, today=legal_day(unit.now), weeks=weeks)


def _soon(office: Office, unit: Unit, fund: Fund, forecast: Forecast | None) -> bool:
    """True when a used reserve will be empty within the days of the table."""
    days = days_of(office, unit, fund.region, "low_balance")
    if days is None or forecast is None or forecast.day is None or not forecast.paid:
        return False
    return forecast.day <= legal_day(unit.now) + timedelta(days=days)


def fund_detail(office: Office, unit: Unit, line: FundLine) -> FundDetail:
    """Where the money came from, what is not written off, and how counts went."""
    fund = Fund(line.region, line.township, line.year)
    payments = journal.paid(unit, fund)
    other = Money(sum(one.amount.fen for one in payments if one.purpose != EMERGENCY))
    unsettled = writeoffs.payments(unit, line.region, line.township, line.year)
    ready = writeoffs.unsettled(unit, line.region, line.township, line.year)
    counted = fund_records.stock_takes(unit, line.region, line.township, line.year)
    today = legal_day(unit.now)
    over = range(1, today.month if line.year == today.year else 13)
    months_counted = {row.month for row in counted}
    return FundDetail(
        sources=journal.inputs(unit, fund),
        other_use=other,
        other_share=_percent(other, line.spent),
        stock_takes=tuple(counted),
        uncounted=tuple(month for month in over if month not in months_counted),
        packages=tuple(
            row
            for row in writeoffs.of_township(unit, line.region, line.township)
            if row.year == line.year
        ),
        open_payments=_ageing(office, unit, line.region, unsettled),
        review=_review(unit, line),
        months=tuple(sorted({one.month for one in ready})),
    )


def _review(unit: Unit, line: FundLine) -> ReviewRow | None:
    rows = fund_records.reviews(unit, line.region, township=line.township)
    return next((row for row in rows if row.year == line.year), None)


def _ageing(
    office: Office, unit: Unit, region: str, payments: list[writeoffs.Payment]
) -> tuple[OpenPayment, ...]:
    limit = days_of(office, unit, region, "open_voucher")
    today = legal_day(unit.now)
    found = []
    for one in payments:
        days = (today - legal_day(one.slip.paid_at)).days
        late = not one.has_voucher and limit is not None and days > limit
        found.append(
            OpenPayment(
                voucher_no=one.slip.voucher_no,
                case_id=one.slip.case_id,
                amount=one.slip.total_fen,
                days=days,
                has_voucher=one.has_voucher,
                overdue=late,
            )
        )
    return tuple(found)


def _percent(part: Money, whole: Money) -> Decimal | None:
    if not whole:
        return None
    return (Decimal(part.fen) * 100 / Decimal(whole.fen)).quantize(Decimal("0.1"))
