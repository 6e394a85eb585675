"""What every call on money shares: which fund, how much, for what purpose, out of whose pocket.

The purpose and the source stand in the locality's table `fund_use`, by route and pool; what is
not in it is not paid (KA4 严禁擅自扩大资金支出范围; NA17; NA5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.cases.work import CaseWork
from app.kernel.clock import legal_day, local
from app.kernel.errors import ModelError, Refused
from app.kernel.money import Money
from app.ledger.accounts import Fund
from app.ledger.entry import Source, Warrant
from app.ledger.pools import POOLS
from app.process.step import Call
from app.store import ledger

RESERVE = "reserve"
DECISION = "fund_use"
_SOURCES = {source.value: source for source in Source}


@dataclass(frozen=True, slots=True)
class Use:
    """What one pool's money is for on the case's route."""

    pool: str  # "reserve", or a key of POOLS
    purpose: str  # code, stands on the entry
    source: Source  # whose money it is


def use_of(work: CaseWork, call: Call, pool: str) -> Use:
    """The use that the locality's table allows.

    Raises: Refused("purpose_not_allowed") for a route that this pool does not pay; ModelError
    when the table is broken. A case older than the table is judged by the one in force.
    """
    package = work.package
    if DECISION not in package.library.decision_ids:
        package = work.office.packages.current(work.unit, work.case.locality)
    route = _route(work, call)
    result = package.decide(DECISION, {"route": route, "pool": pool}, local(work.now))
    value = result.value if isinstance(result.value, Mapping) else {}
    purpose = str(value.get("purpose") or "")
    if value.get("allowed") is not True or not purpose:
        raise Refused(
            "purpose_not_allowed",
            f"“{_name(pool)}”不用于这一办理路径（{route or '未登记'}），不能支付；"
            "请核对资金来源，或请政策管理员核对资金用途表。",
            route=route,
            pool=pool,
        )
    source = _SOURCES.get(str(value.get("origin")))
    if source is None:
        raise ModelError("资金用途表没有写明来源级次，请政策管理员改正。", route=route, pool=pool)
    return Use(pool, purpose, source)


def _route(work: CaseWork, call: Call) -> str:
    if work.case.route or not call.process_id:  # a withdrawal is no step: it has no facts
        return work.case.route
    return str(work.run.facts_at(call.token).get("route") or "")


def _name(pool: str) -> str:
    return POOLS[pool].label if pool in POOLS else "备用金"


def fund_of(work: CaseWork) -> Fund:
    """The fund in which the case's promise stands; the present year's when nothing is promised.

    A promise of December is paid in January out of the book in which it stands.
    """
    region, township = work.case.region, work.case.township
    year = ledger.held_year(work.unit, region, str(work.case.id))
    return Fund(region, township, year or legal_day(work.now).year)


def present_fund(work: CaseWork) -> Fund:
    """The fund of the case's township in the present year."""
    return Fund(work.case.region, work.case.township, legal_day(work.now).year)


def amount_argument(call: Call) -> Money:
    """The argument `amount` (yuan) as money; raises ModelError when it is none."""
    value = call.inputs.get("amount")
    if isinstance(value, Decimal | int | str) and not isinstance(value, bool):
        try:
            return Money.from_yuan(value)
        except ValueError:
            pass
    raise ModelError(f"“{call.name}”的金额“{value}”不是精确到分的数。", element_id=call.element_id)


def pool_argument(call: Call, default: str = "") -> str:
    """The argument `source`: RESERVE or a key of POOLS; raises ModelError when it is none."""
    pool = str(call.inputs.get("source") or default)
    if pool != RESERVE and pool not in POOLS:
        raise ModelError(f"“{call.name}”的资金来源“{pool}”不在目录中。", source=pool)
    return pool


def warrant_for(work: CaseWork, call: Call, deed: str, purpose: str, memo: str = "") -> Warrant:
    """Why the money moves; the key is unique per case, deed and occasion."""
    return Warrant(
        key=f"{deed}:{work.case.id}:{work.instance.id}:{call.token}",
        purpose=purpose,
        memo=memo or f"{work.case.case_no} {call.name}",
        clause=call.properties.get("clause", "").partition(",")[0],
        subject=str(work.case.id),
    )
