"""会议台账: every meeting of the coordination mechanism, its counts and who signed."""

from __future__ import annotations

from collections.abc import Iterator

from app.cases.ledgers.reading import Reading, Row, Value
from app.cases.minutes import CAPACITY_WORDS, DECISION_WORDS
from app.store import meeting_records, registers
from app.store.meetings import MeetingRow

_COUNTS = ("eligible", "present", "yes", "no", "abstain")


def meetings(reading: Reading) -> Iterator[Row]:
    """One line per meeting convened in the period, oldest first."""
    for meeting, case in registers.meetings_in(reading.unit, reading.span()):
        if reading.asked.state not in ("", meeting.status):
            continue
        yield {
            **reading.who(case),
            "meeting_no": meeting.meeting_no,
            "round": meeting.round,
            "mode": str(meeting.rules.get("mode_label", meeting.mode)),
            "convened_at": meeting.convened_at,
            "held_at": meeting.held_at,
            "place": meeting.place,
            **{name: _count(meeting, name) for name in _COUNTS},
            "result": str(meeting.result.get("reason", "尚未结束")),
            "signed": _signed(reading, meeting),
        }


def _count(meeting: MeetingRow, name: str) -> Value:
    value = meeting.result.get(name)
    return int(value) if value is not None else None


def _signed(reading: Reading, meeting: MeetingRow) -> str:
    return "；".join(
        f"{CAPACITY_WORDS.get(one.capacity, one.capacity)}{one.user_name}"
        f"{DECISION_WORDS.get(one.decision, one.decision)}"
        for one in meeting_records.signoffs(reading.unit, meeting)
    )
