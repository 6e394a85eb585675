"""Counting at a meeting: who is eligible, who is there, what was voted. What it means is a table's.

Recused members leave the eligible number, and a ballot they cast before stays on record uncounted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cases.package import Package
from app.cases.plain import plain
from app.kernel.errors import ModelError
from app.store import meeting_records as records
from app.store import meetings as store
from app.store.meetings import MeetingRow
from app.store.session import Unit

MEMBER, HEAD, CONVENER = "meeting_member", "meeting_head", "meeting_convener"
BY_BALLOTS = "ballots"  # value of the rule `presence`: silence is not being there


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of one item of the agenda."""

    eligible: int  # voting members not recused
    present: int  # of them, those there (or, by the rule, those who voted)
    yes: int
    no: int
    abstain: int
    pending: tuple[str, ...]  # names of those there who have not voted
    silent: tuple[str, ...]  # names of all eligible who have not voted

    def facts(self) -> dict[str, int]:
        """The numbers as the decision `vote_result` asks for them."""
        return {
            "eligible": self.eligible,
            "present": self.present,
            "yes": self.yes,
            "no": self.no,
            "abstain": self.abstain,
        }


def count_votes(unit: Unit, meeting: MeetingRow, agenda_seq: int = 1) -> Counts:
    """The numbers as they stand now; exact when the meeting's row is locked."""
    eligible = [row for row in store.members(unit, meeting) if row.votes and not row.recused_at]
    choices = {one.user_id: one.choice for one in records.ballots(unit, meeting, agenda_seq)}
    if meeting.rules.get("presence") == BY_BALLOTS:
        there = [row for row in eligible if row.user_id in choices]
    else:
        there = [row for row in eligible if row.present_at]
    counted = [choices[row.user_id] for row in eligible if row.user_id in choices]
    return Counts(
        eligible=len(eligible),
        present=len(there),
        yes=counted.count("yes"),
        no=counted.count("no"),
        abstain=counted.count("abstain"),
        pending=tuple(row.user_name for row in there if row.user_id not in choices),
        silent=tuple(row.user_name for row in eligible if row.user_id not in choices),
    )


def result_of(
    package: Package, meeting: MeetingRow, counts: Counts, now: datetime
) -> dict[str, Any]:
    """The answer of `vote_result` to the counts; raises ModelError when the table has none."""
    facts = {**counts.facts(), "meeting_mode": meeting.mode}
    value = plain(package.decide("vote_result", facts, now).value)
    if not isinstance(value, dict) or not isinstance(value.get("passed"), bool):
        raise ModelError("表决规则（vote_result）对这些票数没有给出结果。", votes=counts.facts())
    return value


def quorum_of(package: Package, meeting: MeetingRow, counts: Counts, now: datetime) -> int:
    """How many must be there; raises ModelError when the table does not say."""
    facts = {"eligible": counts.eligible, "meeting_mode": meeting.mode}
    value = package.decide("quorum", facts, now).value
    if value is None:
        raise ModelError("表决规则（quorum）没有给出法定人数。", eligible=counts.eligible)
    return int(value)


def competent(unit: Unit, meeting: MeetingRow, capacity: str) -> bool:
    """True when somebody called in that capacity is not recused."""
    return any(
        row.capacity == capacity and row.recused_at is None for row in store.members(unit, meeting)
    )
