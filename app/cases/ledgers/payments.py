"""每月发放表, 现金实物发放台账, 上年度发放汇总表, 标准执行差异表: what was handed over and paid.

Every sum here is a sum of slips, and every slip documents one entry of the books.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from app.cases.ledgers.reading import Reading, Row, percent
from app.kernel.clock import local
from app.kernel.money import Money
from app.store import money_registers, registers, slips
from app.store.cases import CaseRow
from app.store.slips import MONEY_ITEM, SlipLineRow, SlipRow

_OF_RESERVE = "reserve"


@dataclass(frozen=True, slots=True)
class Paid:
    """One slip with what it documents."""

    slip: SlipRow
    case: CaseRow
    lines: tuple[SlipLineRow, ...]
    source: str  # ledger.entry.Source, as its entry of the books says
    sent_back: Money  # of it, what the bank could not deliver

    @property
    def money(self) -> Money:
        """Of it, money that arrived."""
        given = _sum(line.value_fen for line in self.lines if line.item == MONEY_ITEM)
        return given - self.sent_back

    @property
    def goods(self) -> Money:
        """Of it, the value of goods."""
        return _sum(line.value_fen for line in self.lines if line.item != MONEY_ITEM)

    @property
    def amount(self) -> Money:
        """Money and goods that arrived: what the books have as paid."""
        return self.slip.total_fen - self.sent_back


def paid_in(reading: Reading) -> list[Paid]:
    """The slips of the period and route asked for, of the file's forms of aid, oldest first."""
    unit = reading.unit
    rows = money_registers.slips_in(unit, reading.span(), forms=reading.codes("forms"))
    cases = registers.cases_of(unit, [row.case_id for row in rows])
    lines = money_registers.lines_of(unit, rows)
    back = money_registers.sent_back(unit, rows)
    sources = money_registers.sources_of(unit, rows)
    none = Money.zero()
    return [
        Paid(
            row,
            cases[row.case_id],
            tuple(lines.get(row.id, ())),
            sources.get(row.id, ""),
            back.get(row.id, none),
        )
        for row in rows
        if reading.asked.route in ("", cases[row.case_id].route)
    ]


def payments(reading: Reading) -> Iterator[Row]:
    """One line per slip: 每月发放表 when the period is a month."""
    for paid in paid_in(reading):
        slip = paid.slip
        yield {
            **reading.who(paid.case),
            "voucher_no": slip.voucher_no,
            "paid_on": local(slip.paid_at).date(),
            "cause_class": reading.cause_class(paid.case),
            "form_of_aid": slip.form_of_aid,
            "money": paid.money,
            "goods": paid.goods,
            "sent_back": paid.sent_back,
            "amount": paid.amount,
            "source": paid.source,
            "payers": "、".join(name for name in (slip.payer_1, slip.payer_2) if name),
            "signature": "",
        }


def handed_over(reading: Reading) -> Iterator[Row]:
    """One line per thing that went from hand to hand: cash and goods, no bank transfers."""
    for paid in paid_in(reading):
        slip = paid.slip
        receiver = slips.receiver(reading.unit, slip) if reading.opened else {}
        for line in paid.lines:
            if line.item == MONEY_ITEM and slip.form_of_aid.startswith("bank"):
                continue
            yield {
                **reading.who(paid.case),
                "voucher_no": slip.voucher_no,
                "paid_at": slip.paid_at,
                "item": line.item,
                "quantity": f"{line.quantity.normalize():f} {line.measure}",
                "amount": line.value_fen,
                "payer_1": slip.payer_1,
                "payer_2": slip.payer_2,
                "receiver": str(receiver.get("signer_name") or ""),
            }


def payments_by_month(reading: Reading) -> Iterator[Row]:
    """One line per township and month that paid anything: 上年度发放汇总表."""
    groups: dict[tuple[str, str], list[Paid]] = {}
    for paid in paid_in(reading):
        month = f"{local(paid.slip.paid_at):%Y-%m}"
        groups.setdefault((paid.slip.township, month), []).append(paid)
    for (township, month), found in sorted(groups.items()):
        yield {
            "month": month,
            "township": reading.names.organ(township),
            "cases": len({paid.case.id for paid in found}),
            "times": len(found),
            "money": _sum(paid.money for paid in found),
            "goods": _sum(paid.goods for paid in found),
            "amount": _sum(paid.amount for paid in found),
            "from_reserve": _sum(p.amount for p in found if p.source == _OF_RESERVE),
            "from_others": _sum(p.amount for p in found if p.source != _OF_RESERVE),
        }


def standards(reading: Reading) -> Iterator[Row]:
    """One line per cause and township: how the average of a case lies to that of all townships."""
    amounts: dict[tuple[str, str], dict[UUID, int]] = {}
    for paid in paid_in(reading):
        key = (reading.cause_class(paid.case), paid.slip.township)
        sums = amounts.setdefault(key, {})
        sums[paid.case.id] = sums.get(paid.case.id, 0) + paid.amount.fen
    for (cause, township), sums in sorted(amounts.items()):
        everywhere = [
            fen for (one, _), all_of in amounts.items() if one == cause for fen in all_of.values()
        ]
        average, overall = _average(list(sums.values())), _average(everywhere)
        yield {
            "cause_class": cause,
            "township": reading.names.organ(township),
            "cases": len(sums),
            "lowest": Money(min(sums.values())),
            "average": average,
            "highest": Money(max(sums.values())),
            "overall": overall,
            "deviation": percent(average.fen - overall.fen, overall.fen),
        }


def _average(amounts: list[int]) -> Money:
    """Half up to a whole fen."""
    exact = Decimal(sum(amounts)) / Decimal(len(amounts))
    return Money(int(exact.quantize(Decimal(1), ROUND_HALF_UP)))


def _sum(amounts: Iterable[Money]) -> Money:
    return Money(sum(amount.fen for amount in amounts))
