"""备用金: what a township's reserve holds, what is promised, and every entry of its book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.cases import access
from app.cases.office import Office
from app.cases.views.fund_lines import FundDetail, FundLine, fund_detail, fund_line
from app.cases.views.lines import Names
from app.kernel.clock import SHANGHAI, legal_day
from app.kernel.errors import Forbidden
from app.kernel.money import Money
from app.ledger.accounts import Fund, Kind
from app.store import journal, ledger, people, slips, writeoffs
from app.store.session import Actor, Unit
from app.store.slips import SlipLineRow, SlipRow


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
    source: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class CashLine:
    """One line of the cash and goods ledger."""

    voucher_no: str
    paid_at: datetime
    item: str
    quantity: str
    value: Money
    payers: str
    receiver: str  # "本人" | "见证人" | "转账"
    photo: bool  # a photograph or another paper proves it
    void: str  # why the money never arrived, "" when it did


@dataclass(frozen=True, slots=True)
class FundPage:
    """The page 备用金."""

    funds: tuple[FundLine, ...]
    chosen: FundLine | None
    journal: tuple[JournalLine, ...]  # newest first
    cash: tuple[CashLine, ...]  # newest first
    detail: FundDetail | None = None  # of the chosen one


def fund_page(office: Office, actor: Actor, township: str = "") -> FundPage:
    """The reserves the actor may see, with the book of the chosen (or only) one."""
    with office.database.read(actor) as unit:
        scope = access.scope_of(unit, actor, access.reads_money)
        if not scope:
            raise Forbidden("no_fund", "您的角色不查看备用金账。")
        names = Names(unit)
        funds = [fund_line(office, unit, names, fund) for fund in _funds_in(unit, scope)]
        wanted = [line for line in funds if line.township == township]
        chosen = wanted[0] if wanted else funds[0] if len(funds) == 1 else None
        if township and not wanted:
            raise Forbidden("not_your_fund", "这个乡镇（街道）的备用金不在您的查看范围内。")
        if chosen is None:
            return FundPage(tuple(funds), None, (), ())
        return FundPage(
            tuple(funds),
            chosen,
            _journal(unit, chosen),
            _cash(unit, chosen),
            fund_detail(office, unit, chosen),
        )


def _funds_in(unit: Unit, scope: access.Scope) -> list[Fund]:
    year = legal_day(unit.now).year
    found = []
    for organ in people.organs(unit):
        if organ.level == "township" and scope.covers(region=organ.region, township=organ.code):
            found.append(Fund(organ.region, organ.code, year))
    return found


def _journal(unit: Unit, line: FundLine) -> tuple[JournalLine, ...]:
    found = []
    fund = Fund(line.region, line.township, line.year)
    after = max(0, journal.entries_of(unit, fund) - ledger.PAGE_ROWS)  # the newest ones
    for entry, postings in ledger.journal(unit, fund, after=after):
        reserve = [
            posting
            for posting, account in postings
            if account.kind == Kind.RESERVE and not posting.asserted
        ]
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
                source=entry.source,
                purpose=entry.purpose,
            )
        )
    return tuple(reversed(found))


def _cash(unit: Unit, line: FundLine) -> tuple[CashLine, ...]:
    """A line for the money and a line for the goods of each slip, newest first."""
    found = []
    since = datetime(line.year, 1, 1, tzinfo=SHANGHAI)
    book = slips.ledger(unit, line.region, township=line.township, since=since)
    ids = [row.id for row, _ in book]
    proved, void = writeoffs.vouchers(unit, line.region, ids), slips.voided(unit, line.region, ids)
    for row, items in book:
        money = [item for item in items if item.item == slips.MONEY_ITEM]
        goods = [item for item in items if item.item != slips.MONEY_ITEM]
        found += [
            _cash_line(unit, row, part, proved=row.id in proved, void=void.get(row.id, ""))
            for part in (goods, money)
            if part
        ]
    return tuple(reversed(found))


_RECEIVERS = {"recipient": "本人签收", "witness": "见证人签收"}


def _cash_line(
    unit: Unit, row: SlipRow, items: list[SlipLineRow], *, proved: bool, void: str
) -> CashLine:
    kind = str(slips.receiver(unit, row).get("receipt_kind") or "")
    return CashLine(
        voucher_no=row.voucher_no,
        paid_at=row.paid_at,
        item="、".join(item.item for item in items),
        quantity="、".join(f"{item.quantity.normalize():f} {item.measure}" for item in items),
        value=Money(sum(item.value_fen.fen for item in items)),
        payers="、".join(name for name in (row.payer_1, row.payer_2) if name),
        receiver=_RECEIVERS.get(kind, "转账" if row.form_of_aid.startswith("bank") else ""),
        photo=proved,
        void=void,
    )
