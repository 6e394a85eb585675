"""救助台账, 热线台账, 主动发现台账 and its monthly report: a line per case or per channel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from app.cases.ledgers.reading import Reading, Row, hours, percent, quantile
from app.kernel.clock import legal_day
from app.kernel.money import Money
from app.store import money_registers, registers
from app.store.cases import CaseRow
from app.store.slips import SlipRow

_MIDDLE = Decimal("0.5")


def relief(reading: Reading) -> Iterator[Row]:
    """One line per case reported in the period, with all it has received to this day."""
    rows = _cases(reading)
    paid = money_registers.slips_of(reading.unit, [row.id for row in rows])
    everything = [slip for slips in paid.values() for slip in slips]
    back = money_registers.sent_back(reading.unit, everything)
    chain = registers.answering_for(reading.unit, [row.id for row in rows])
    for row in rows:
        slips = paid.get(row.id, [])
        returned = sum(back[slip.id].fen for slip in slips if slip.id in back)
        yield {
            **reading.who(row),
            "township_code": row.township,
            "village_code": row.village,
            "channel": _channel(reading, row),
            "reported_at": row.reported_at,
            "route": row.route,
            "route_code": row.route,
            "cause_class": reading.cause_class(row),
            "status": row.status,
            "status_code": row.status,
            "outcome": row.outcome,
            "paid": Money(sum(slip.total_fen.fen for slip in slips) - returned),
            "times": len(slips),
            "form_of_aid": slips[0].form_of_aid if slips else "",
            "first_paid_at": slips[0].paid_at if slips else None,
            "closed_on": legal_day(row.closed_at) if row.closed_at else None,
            "responsible": chain[row.id][-1].user_name if row.id in chain else "",
        }


def reports(reading: Reading) -> Iterator[Row]:
    """One line per report through the channels of the file, oldest first."""
    rows = _cases(reading)
    paid = money_registers.slips_of(reading.unit, [row.id for row in rows])
    chain = registers.answering_for(reading.unit, [row.id for row in rows])
    for row in rows:
        first = _first_paid(paid, row)
        sealed = reading.sealed(row) if reading.opened else {}
        yield {
            **reading.who(row),
            "reported_at": row.reported_at,
            "channel": _channel(reading, row),
            "reporter": str(sealed.get("reporter_name") or ""),
            "reporter_phone": str(sealed.get("reporter_phone") or ""),
            "summary": row.title,
            "cause_class": reading.cause_class(row),
            "taken_by": chain[row.id][0].user_name if row.id in chain else "",
            "first_paid_at": first.paid_at if first else None,
            "lead_hours": hours(first.paid_at - row.reported_at if first else None),
            "status": row.status,
        }


def discovery(reading: Reading) -> Iterator[Row]:
    """One line per channel: how many came that way, and how soon help followed."""
    rows = _cases(reading)
    paid = money_registers.slips_of(reading.unit, [row.id for row in rows])
    channels: dict[str, list[CaseRow]] = {}
    for row in rows:
        channels.setdefault(_channel(reading, row), []).append(row)
    for channel, found in sorted(channels.items()):
        yield {
            "channel": channel,
            "cases": len(found),
            "share": percent(len(found), len(rows)),
            "relieved": sum(1 for row in found if row.id in paid),
            "refused": sum(1 for row in found if row.status == "refused"),
            "open": sum(1 for row in found if row.status == "open"),
            "median": hours(quantile(_leads(found, paid), _MIDDLE)),
        }


def _leads(rows: list[CaseRow], paid: dict[UUID, list[SlipRow]]) -> list[timedelta]:
    """How long each case waited for its first relief, of those that had any."""
    return [paid[row.id][0].paid_at - row.reported_at for row in rows if row.id in paid]


def _cases(reading: Reading) -> list[CaseRow]:
    asked = reading.asked
    rows = registers.cases_in(reading.unit, reading.span(), channels=reading.codes("channels"))
    return [
        row for row in rows if asked.route in ("", row.route) and asked.state in ("", row.status)
    ]


def _channel(reading: Reading, row: CaseRow) -> str:
    return reading.label(row.region, "channel", row.channel)


def _first_paid(paid: dict[UUID, list[SlipRow]], row: CaseRow) -> SlipRow | None:
    return paid[row.id][0] if row.id in paid else None
