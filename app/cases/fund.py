"""What people do with a township's reserve outside any case: open it, count it."""

from __future__ import annotations

from typing import Any

from app.cases import access
from app.cases.office import Office
from app.kernel.clock import legal_day
from app.kernel.money import Money
from app.ledger import fund as deeds
from app.ledger.accounts import Fund
from app.ledger.entry import Source, Warrant
from app.store import ledger
from app.store.session import Actor, Unit


def allot(
    office: Office,
    actor: Actor,
    fund: Fund,
    amount: Money,
    *,
    source: Source,
    document_no: str,
    key: str,
) -> dict[str, Any]:
    """The reserve has grown by money raised or sent down; the document number is booked.

    Source: S1 三(五).  Raises: Forbidden; Refused("bad_amount" | "bad_source").
    """
    if actor.kind != "system":
        access.require_role(actor, "county_finance")

    def body(unit: Unit) -> dict[str, Any]:
        warrant = Warrant(key=f"allot:{key}", purpose="reserve", memo=f"拨入备用金 {document_no}")
        entry = deeds.allot(ledger.balances(unit, fund), fund, amount, warrant, source=source)
        row = ledger.post(unit, entry)
        facts = {"township": fund.township, "amount": str(amount), "document_no": document_no}
        unit.audit(fund.region, None, "fund.allotted", ("entry", row.id), facts)
        return {"number": row.number}

    return office.database.run(actor, "fund.allot", key, body, region=fund.region)


def stock_take(
    office: Office, actor: Actor, region: str, township: str, counted: Money, *, key: str
) -> dict[str, Any]:
    """The book asserts what was counted today; raises Refused("stock_take_differs")."""
    access.require_role(actor, "township_handler", "township_approver", "county_finance")

    def body(unit: Unit) -> dict[str, Any]:
        fund = Fund(region, township, legal_day(unit.now).year)
        warrant = Warrant(key=f"stock:{key}", purpose="stock_take", memo="盘点相符")
        entry = deeds.stock_take(ledger.all_balances(unit, fund), fund, counted, warrant)
        row = ledger.post(unit, entry)
        facts = {"township": township, "counted": str(counted)}
        unit.audit(region, None, "fund.counted", ("entry", row.id), facts)
        return {"number": row.number}

    return office.database.run(actor, "fund.stock_take", key, body, region=region)
