"""备用金: what a township's reserve holds, what is promised, and every entry of its book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.cases import access
from app.cases.office import Office
from app.cases.views.lines import Names
from app.kernel.clock import legal_day
from app.kernel.errors import Forbidden
from app.kernel.money import Money
from app.ledger.accounts import Fund, Kind
from app.store import ledger, people, slips
from app.store.session import Actor, Unit
from app.store.slips import SlipLineRow, SlipRow


@dataclass(frozen=True, slots=True)
class FundLine:
    """One township's reserve of one year."""

    region: str
    township: str  # organ code
    township_name: str
    year: int
    received: Money  # own, allotted and supplements together
    free: Money  # may still be promised
    held: Money  # promised to approved cases, not yet paid
    balance: Money  # free and held together: what is in the till
    spent: Money


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One entry of the book."""

    number: int
    at: datetime
    deed: str
    memo: str
    amount: Money  # what moved
    balance_after: Money | None  # of the free reserve, None when the entry left it alone
    by: str
    case_id: str  # "" = none


@dataclass(frozen=True, slots=True)
class CashLine:
    """One line of the cash and goods ledger."""

    voucher_no: str
    paid_at: datetime
    item: str
    quantity: str
    value: Money
    payers: str


@dataclass(frozen=True, slots=True)
class FundPage:
    """The page 备用金."""

    funds: tuple[FundLine, ...]
    chosen: FundLine | None
    journal: tuple[JournalLine, ...]  # newest first
    cash: tuple[CashLine, ...]  # newest first


def fund_page(office: Office, actor: Actor, township: str = "") -> FundPage:
    """The reserves the actor may see, with the book of the chosen (or only) one."""
    with office.database.read(actor) as unit:
        scope = access.scope_of(unit, actor, access.reads_money)
        if not scope:
            raise Forbidden("no_fund", "您的角色不查看备用金账。")
        names = Names(unit)
        funds = [_line(unit, names, fund) for fund in _funds_in(unit, scope)]
        wanted = [line for line in funds if line.township == township]
        chosen = wanted[0] if wanted else funds[0] if len(funds) == 1 else None
        if township and not wanted:
            raise Forbidden("not_your_fund", "这个乡镇（街道）的备用金不在您的查看范围内。")
        journal = _journal(unit, chosen) if chosen else ()
        return FundPage(tuple(funds), chosen, journal, _cash(unit, chosen) if chosen else ())


def _funds_in(unit: Unit, scope: access.Scope) -> list[Fund]:
    year = legal_day(unit.now).year
    found = []
    for organ in people.organs(unit):
        if organ.level == "township" and scope.covers(region=organ.region, township=organ.code):
            found.append(Fund(organ.region, organ.code, year))
    return found


def _line(unit: Unit, names: Names, fund: Fund) -> FundLine:
    totals = ledger.totals(unit, fund)
    received = -Money(
        sum(
            totals[kind].fen
            for kind in (
                Kind.RESERVE_SOURCE_OWN,
                Kind.RESERVE_SOURCE_ALLOTTED,
                Kind.RESERVE_SOURCE_SUPPLEMENT,
            )
        )
    )
    free, held = totals[Kind.RESERVE], totals[Kind.RESERVE_HELD]
    return FundLine(
        region=fund.region,
        township=fund.township,
        township_name=names.organ(fund.township),
        year=fund.year,
        received=received,
        free=free,
        held=held,
        balance=free + held,
        spent=totals[Kind.SPENT],
    )


def _journal(unit: Unit, line: FundLine) -> tuple[JournalLine, ...]:
    found = []
    for entry, postings in ledger.journal(unit, Fund(line.region, line.township, line.year)):
        reserve = [posting for posting, account in postings if account.kind == Kind.RESERVE]
        found.append(
            JournalLine(
                number=entry.number,
                at=entry.at,
                deed=entry.deed,
                memo=entry.memo,
                amount=max(posting.amount_fen for posting, _ in postings),
                balance_after=reserve[0].balance_after_fen if reserve else None,
                by=entry.by_name,
                case_id=entry.subject,
            )
        )
    return tuple(reversed(found))


def _cash(unit: Unit, line: FundLine) -> tuple[CashLine, ...]:
    """A line for the money and a line for the goods of each slip, newest first."""
    found = []
    for row, items in slips.ledger(unit, line.region, township=line.township):
        money = [item for item in items if item.item == slips.MONEY_ITEM]
        goods = [item for item in items if item.item != slips.MONEY_ITEM]
        found += [_cash_line(row, part) for part in (goods, money) if part]
    return tuple(reversed(found))


def _cash_line(row: SlipRow, items: list[SlipLineRow]) -> CashLine:
    return CashLine(
        voucher_no=row.voucher_no,
        paid_at=row.paid_at,
        item="、".join(item.item for item in items),
        quantity="、".join(f"{item.quantity.normalize():f} {item.measure}" for item in items),
        value=Money(sum(item.value_fen.fen for item in items)),
        payers="、".join(name for name in (row.payer_1, row.payer_2) if name),
    )
