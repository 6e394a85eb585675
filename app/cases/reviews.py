"""The yearly review of each reserve: begun by itself in the month of the table, or by hand.

Source: 赣民字〔2020〕2号 二(三) 每年1月集中审核; where a locality only may adopt it, by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.cases import access, advance, matters
from app.cases.office import Office
from app.cases.package import Package
from app.cases.timers import TIMER
from app.kernel.clock import legal_day
from app.kernel.errors import AppError, ModelError, Refused
from app.ledger.accounts import Fund
from app.store import cases, deployments, fund_records, journal, people
from app.store.cases import MATTER
from app.store.people import OrganRow
from app.store.session import Actor, Unit

PROCESS = "reserve_review"
RULE = "reserve_review"  # decision: ratio, month, binding
FLOOR = "reserve_floor"  # decision: floor of a use


def begin(office: Office, actor: Actor, region: str, township: str, *, key: str) -> dict[str, Any]:
    """The present year's review of the township's reserve has begun; answers its case_id.

    Raises: Forbidden; Refused("year_reviewed" | "review_open").
    """
    if actor.kind != "system":
        access.require_role(actor, "county_finance", "county_handler")

    def body(unit: Unit) -> dict[str, Any]:
        year = legal_day(unit.now).year
        organ = people.organ(unit, township)
        if organ is None or organ.region != region:
            raise Refused("bad_township", "请选择本县的乡镇（街道）。")
        if any(row.year == year for row in fund_records.reviews(unit, region, township=township)):
            raise Refused("year_reviewed", f"{organ.name} {year} 年备用金已经核定。")
        if township in _under_way(unit, region, year):
            raise Refused("review_open", f"{organ.name} {year} 年的核定正在办理。")
        package = office.packages.current(unit, people.locality_of(unit, region))
        facts = _facts(unit, package, organ, year)
        work, step = matters.begin(
            office,
            unit,
            region,
            PROCESS,
            facts,
            township=township,
            title=f"{year} 年备用金核定",
        )
        advance.carry(work, step)
        return {"case_id": str(work.case.id), "case_no": work.case.case_no}

    return office.database.run(actor, "review.begin", key, body, region=region)


def begin_due(office: Office) -> int:
    """In the month of the table every township's review has begun; answers how many began now."""
    begun = 0
    with office.database.read(TIMER) as unit:
        wanted = _due(office, unit)
    for region, township, year in wanted:
        try:
            begin(office, TIMER, region, township, key=f"review:{township}:{year}")
        except AppError:  # this one waits for a person; the others must not
            continue
        begun += 1
    return begun


def _due(office: Office, unit: Unit) -> list[tuple[str, str, int]]:
    today = legal_day(unit.now)
    found = []
    organs = [organ for organ in people.organs(unit) if organ.level == "township"]
    for region in sorted({organ.region for organ in organs}):
        if not _in_month(office, unit, region, today.month):
            continue
        done = {
            row.township for row in fund_records.reviews(unit, region) if row.year == today.year
        }
        done |= _under_way(unit, region, today.year)
        found += [
            (region, organ.code, today.year)
            for organ in organs
            if organ.region == region and organ.code not in done
        ]
    return found


def _in_month(office: Office, unit: Unit, region: str, month: int) -> bool:
    """True in the month in which the locality's binding rule begins the review."""
    locality = people.locality_of(unit, region)
    if deployments.current(unit, locality, unit.now) is None:
        return False
    package = office.packages.current(unit, locality)
    if RULE not in package.library.decision_ids or PROCESS not in package.library.process_ids:
        return False
    rule = _rule(package, unit.now)
    return rule.get("binding") is True and rule.get("month") == month


def _rule(package: Package, now: datetime) -> Mapping[str, Any]:
    value = package.decide(RULE, {}, now).value
    return value if isinstance(value, Mapping) else {}


def _under_way(unit: Unit, region: str, year: int) -> set[str]:
    """Townships whose review of that year has begun."""
    rows = cases.find(unit, region=region, statuses=("open",), kind=MATTER)
    return {
        row.township
        for row in rows
        if row.cause == PROCESS and legal_day(row.opened_at).year == year
    }


def _facts(unit: Unit, package: Package, organ: OrganRow, year: int) -> dict[str, Any]:
    """What the review starts with: last year's figures and the floor that follows from them."""
    before = journal.year_of(unit, Fund(organ.region, organ.code, year - 1))
    floor = package.decide(FLOOR, {"used_last_year": before.used.yuan}, unit.now).value
    if not isinstance(floor, Mapping):
        raise ModelError("年度核定规则没有结果，请政策管理员核对“年度核定规则”表。")
    return {
        "township_name": organ.name,
        "year": year,
        "used_last_year": before.used.yuan,
        "input_last_year": before.received.yuan,
        "left_last_year": before.left.yuan,
        "ratio": floor["ratio"],
        "least_amount": floor["floor"],
    }
