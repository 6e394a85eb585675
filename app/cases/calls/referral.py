"""The call of a diagram that refers somebody on: an offer that a form made becomes a referral."""

from __future__ import annotations

from typing import Any

from app.cases import referral_rules, referrals
from app.cases.package import Package
from app.cases.work import CaseWork
from app.kernel.errors import Refused
from app.process.step import Call

_OUTCOMES = {"done": "helped", "partly": "partly", "not_possible": "not_helped"}


def create(work: CaseWork, call: Call) -> dict[str, Any]:
    """The referral is with its receiver; nothing happens when `need` is empty.

    Without `to` the first row of the matching table says who receives it. The words are those of
    the newest answer `referral`. What the table does not allow is not sent: the answer says why,
    and the case goes on.
    """
    need = str(call.inputs.get("need") or "")
    package = referrals.package_of(work.office, work.unit, work.case)
    if not need or not referral_rules.provided(package):
        return {"referral_no": None, "refused": None}
    to = str(call.inputs.get("to") or "") or _first(work, package, need)
    if not to:
        return {"referral_no": None, "refused": "对接表里没有适合的去向。"}
    said = call.inputs.get("text") or work.newest_answer("referral") or call.name
    words = str(said)[: referrals.MAX_WORDS]
    try:
        row = referrals.place(
            work.office, work.unit, package, work.case, need=need, to=to, words=words
        )
    except Refused as refusal:
        if refusal.code not in ("government_first", "no_match"):
            raise
        return {"referral_no": None, "refused": refusal.message}
    return {"referral_no": row.referral_no, "refused": None}


def record(work: CaseWork, call: Call) -> dict[str, Any]:
    """What the receiver has carried out stands in the ledger: accepted and concluded by the actor.

    A measure of a plan that the meeting has passed needs no row of the matching table.
    """
    package = referrals.package_of(work.office, work.unit, work.case)
    if not referral_rules.provided(package):
        return {"referral_no": None}
    row = referrals.carried_out(
        work.office,
        work.unit,
        package,
        work.case,
        need=str(call.inputs.get("need") or ""),
        to=str(call.inputs.get("to") or ""),
        words=str(call.inputs.get("text") or call.name)[: referrals.MAX_WORDS],
        outcome=_OUTCOMES.get(str(call.inputs.get("outcome") or ""), "not_helped"),
        reason=call.name,
    )
    return {"referral_no": row.referral_no}


def _first(work: CaseWork, package: Package, need: str) -> str:
    """The receiver that the matching table names first."""
    done = referral_rules.government_done(work.unit, work.case)
    found = referral_rules.matches(package, need, government_done=done, now=work.now)
    return found[0].code if found else ""
