"""The call of a diagram that refers somebody on: an offer that a form made becomes a referral."""

from __future__ import annotations

from typing import Any

from app.cases import referral_rules, referrals
from app.cases.work import CaseWork
from app.kernel.errors import Refused
from app.process.step import Call


def create(work: CaseWork, call: Call) -> dict[str, Any]:
    """The referral is with its receiver; nothing happens when `to` is empty.

    The words are those of the newest answer `referral`. What the matching table does not allow is
    not sent: the answer says why, and the case goes on.
    """
    to = str(call.inputs.get("to") or "")
    need = str(call.inputs.get("need") or "")
    package = referrals.package_of(work.office, work.unit, work.case)
    if not to or not referral_rules.provided(package):
        return {"referral_no": None, "refused": None}
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
