"""Dates and times as people type them; kept as ISO text, times as wall time of China (+08:00)."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from app.form.typed import half_width
from app.kernel.clock import SHANGHAI, local

_SEPARATED_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", re.ASCII)
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_MOMENT = re.compile(
    r"([0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?|[0-9]{8})T?"
    r"([0-9]{1,2})[:时点]([0-9]{1,2})?(?:[:分]([0-9]{1,2})?秒?)?",
    re.ASCII,
)
_COMPACT_MOMENT = re.compile(r"([0-9]{8})T?([0-9]{2})([0-9]{2})()", re.ASCII)
_SPACED = re.compile(r"([0-9日])\s+([0-9])")
EARLIEST_YEAR = 1900
EARLIEST_MOMENT_YEAR = 1992  # before it China kept summer time; no form asks for such a moment
LATEST_YEAR = 2199


def read_day(text: str) -> str | None:
    """The day typed, as "YYYY-MM-DD"; None when there is no such day."""
    typed = half_width(text)
    found = _SEPARATED_DAY.fullmatch(typed) or _COMPACT_DAY.fullmatch(typed)
    if found is None:
        return None
    try:
        day = date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
    return day.isoformat() if EARLIEST_YEAR <= day.year <= LATEST_YEAR else None


def read_moment(text: str) -> str | None:
    """The moment typed as wall time, as "YYYY-MM-DDTHH:MM:SS+08:00"; ISO with offset also."""
    typed = half_width(_SPACED.sub(r"\1T\2", text.strip()))
    try:
        instant = datetime.fromisoformat(typed)
    except ValueError:
        instant = None
    if instant is not None and instant.tzinfo is not None:
        instant = local(instant)
    else:
        instant = _wall_time(typed)
    if instant is None or not EARLIEST_MOMENT_YEAR <= instant.year <= LATEST_YEAR:
        return None
    return instant.replace(microsecond=0).isoformat()


def _wall_time(typed: str) -> datetime | None:
    found = _MOMENT.fullmatch(typed) or _COMPACT_MOMENT.fullmatch(typed)
    day = read_day(found[1]) if found else None
    if found is None or day is None:
        return None
    try:
        hour, minute, second = (int(part or 0) for part in found.groups()[1:])
        return datetime.combine(
            date.fromisoformat(day), time(hour, minute, second, tzinfo=SHANGHAI)
        )
    except ValueError:
        return None


def day_words(text: str) -> str:
    """An ISO day or instant as it is read: "2026年11月22日" or "2026年11月22日 14:30"."""
    try:
        if "T" in text:
            moment = datetime.fromisoformat(text)
            return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"
