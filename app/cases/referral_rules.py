"""What the locality says of referrals: who receives what, in which order, how services are bought.

All of it is data (`referral_catalogue`, `referral_needs`, `resource_match`, `service_procedures`);
government first and charity after is a row of the matching table, not code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cases.package import Package
from app.cases.plain import cited_clauses, matched_rules
from app.kernel.errors import ModelError, Refused
from app.store import referrals, slips
from app.store.cases import CaseRow
from app.store.session import Unit

CATALOGUE, NEEDS, MATCH, PROCEDURES = (
    "referral_catalogue",
    "referral_needs",
    "resource_match",
    "service_procedures",
)


@dataclass(frozen=True, slots=True)
class Receiver:
    """One place people are referred to."""

    code: str
    label: str
    kind: str  # "department" | "charity" | "social_work"
    accept_workdays: int
    note: str


@dataclass(frozen=True, slots=True)
class Match:
    """One row of the matching table that fits the need."""

    code: str
    why: str
    rule: int  # number of the row
    clauses: tuple[str, ...]


def provided(package: Package) -> bool:
    """True when the locality has tables for referrals."""
    return {CATALOGUE, NEEDS, MATCH} <= set(package.library.decision_ids)


def catalogue(package: Package, now: datetime) -> dict[str, Receiver]:
    """Code -> receiver, in the table's order."""
    return {
        str(row["code"]): Receiver(
            str(row["code"]),
            str(row["label"]),
            str(row["kind"]),
            int(row.get("accept_workdays") or 0),
            str(row.get("note") or ""),
        )
        for row in _rows(package, CATALOGUE, {}, now)
    }


def needs(package: Package, now: datetime) -> dict[str, str]:
    """Code -> label of every need."""
    return {str(r["code"]): str(r["label"]) for r in _rows(package, NEEDS, {}, now)}


def procedures(package: Package, now: datetime) -> dict[str, str]:
    """Code -> label of every way to buy a service."""
    if PROCEDURES not in package.library.decision_ids:
        return {}
    return {str(r["code"]): str(r["label"]) for r in _rows(package, PROCEDURES, {}, now)}


def matches(
    package: Package, need: str, *, government_done: bool, now: datetime
) -> tuple[Match, ...]:
    """The receivers that fit the need now, in the table's order, each with its row."""
    facts = {"need": need, "government_done": government_done}
    result = package.decide(MATCH, facts, now)
    found = matched_rules(result)  # the table stands alone: every row is its own
    clauses = tuple(cited_clauses(result))
    return tuple(
        Match(str(row["outputs"]["code"]), str(row["outputs"]["why"]), int(row["number"]), clauses)
        for row in found
    )


def government_done(unit: Unit, case: CaseRow) -> bool:
    """True when the case was relieved or decided, or a department has dealt with a referral."""
    if case.status in ("closed", "refused") or slips.paid_total(unit, case.region, case.id):
        return True
    return any(
        row.receiver_kind == "department" and row.status == referrals.DONE
        for row in referrals.of_case(unit, case.region, case.id)
    )


def required_match(
    package: Package, need: str, receiver: Receiver, *, done: bool, now: datetime
) -> Match:
    """The row that lets the need go to the receiver; raises Refused naming who comes first."""
    found = matches(package, need, government_done=done, now=now)
    for one in found:
        if one.code == receiver.code:
            return one
    known = catalogue(package, now)
    first = "、".join(known[one.code].label for one in found if one.code in known)
    later = matches(package, need, government_done=True, now=now)
    if not done and any(one.code == receiver.code for one in later):
        message = f"先政府救助、后慈善和社会服务：请先转{first}，或者先办结救助。"
        if not first:
            message = "先政府救助、后慈善和社会服务：请先办结政府救助，再转慈善组织。"
        raise Refused("government_first", message, clause="x-referral")
    message = f"这种需求不由{receiver.label}承担。" + (f"可以转：{first}。" if first else "")
    raise Refused("no_match", message, clause="x-referral")


def _rows(
    package: Package, decision: str, facts: Mapping[str, Any], now: datetime
) -> list[Mapping[str, Any]]:
    value = package.decide(decision, facts, now).value
    rows = value if isinstance(value, list) else []
    if not rows or not all(isinstance(row, Mapping) for row in rows):
        raise ModelError(f"“{decision}”没有列出任何一项，请政策管理员补充转介目录。")
    return rows
