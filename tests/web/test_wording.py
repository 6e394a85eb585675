"""Aims at the words for time and money; whether a limit is right is tests/kernel's business."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.kernel.clock import SHANGHAI
from app.kernel.money import Money
from app.kernel.workdays import Unit, WorkCalendar
from app.web import wording
from app.web.wording import Urgency

NOTICE_2026 = {
    "year": 2026,
    "source": "test",
    "holidays": [
        {"name": "春节", "days": [f"2026-02-{d}" for d in range(15, 24)]},
        {"name": "国庆节", "days": [f"2026-10-0{d}" for d in range(1, 8)]},
    ],
    "workdays": ["2026-02-14", "2026-02-28", "2026-10-10"],
}
CALENDAR = WorkCalendar([NOTICE_2026])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def left(due: str, unit: Unit, now: str, amount: int = 0) -> wording.Remaining:
    return wording.remaining(at(due), unit, now=at(now), calendar=CALENDAR, amount=amount)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 秒"),
        (1, "1 秒"),
        (59, "59 秒"),
        (60, "1 分"),
        (65, "1 分 5 秒"),
        (3600, "1 小时"),
        (6 * 3600 + 35 * 60, "6 小时 35 分"),
        (24 * 3600, "24 小时"),
        (72 * 3600 - 1, "71 小时 59 分"),
        (72 * 3600, "3 天"),
        (99 * 3600, "4 天 3 小时"),
    ],
)
def test_span_uses_two_largest_units(seconds: int, words: str) -> None:
    assert wording.span(timedelta(seconds=seconds)) == words


def test_hours_left_are_said_in_hours_and_minutes() -> None:
    rest = left("2026-04-08 10:05", Unit.HOURS, "2026-04-08 04:40", 24)
    assert rest.words == "还剩 5 小时 25 分"
    assert rest.sentence == "应于 4 月 8 日（周三）10:05 前办结，24 小时内"
    assert rest.urgency is Urgency.SOON


@pytest.mark.parametrize(
    ("now", "words", "urgency"),
    [
        ("2026-10-01 18:29:59", "还剩 1 秒", Urgency.SOON),
        ("2026-10-01 18:30:00", "还剩 0 秒", Urgency.SOON),
        ("2026-10-01 18:30:01", "超期 1 秒", Urgency.LATE),
    ],
)
def test_hours_are_late_after_the_second(now: str, words: str, urgency: Urgency) -> None:
    rest = left("2026-10-01 18:30:00", Unit.HOURS, now)
    assert (rest.words, rest.urgency) == (words, urgency)


@pytest.mark.parametrize(
    ("now", "words", "urgency"),
    [
        ("2026-02-24 09:00", "还剩 3 个工作日", Urgency.CALM),
        ("2026-02-27 23:59", "今天 24:00 前", Urgency.SOON),
        ("2026-02-28 00:00", "超期 1 个工作日", Urgency.LATE),
        ("2026-03-02 09:00", "超期 2 个工作日", Urgency.LATE),
    ],
)
def test_workdays_are_late_from_midnight(now: str, words: str, urgency: Urgency) -> None:
    rest = left("2026-02-28 00:00", Unit.WORKDAYS, now, 5)
    assert (rest.words, rest.urgency) == (words, urgency)
    assert rest.sentence == "应于 2 月 27 日（周五）24:00 前办结，第 5 个工作日"


def test_late_over_a_weekend_says_less_than_one_workday() -> None:
    assert left("2026-04-18 00:00", Unit.WORKDAYS, "2026-04-18 09:00").words == (
        "超期不足 1 个工作日"
    )


def test_a_limit_mostly_used_makes_it_pressing_before_the_last_day() -> None:
    rest = wording.remaining(
        at("2026-10-20 00:00"),
        Unit.WORKDAYS,
        now=at("2026-10-13 09:00"),
        calendar=CALENDAR,
        near=True,
    )
    assert rest.urgency is Urgency.SOON


def test_met_limit_says_when_and_by_how_much_late() -> None:
    now = at("2026-03-03 09:00")
    due = at("2026-02-28 00:00")

    def met(done: str, unit: Unit = Unit.WORKDAYS) -> wording.Remaining:
        return wording.met(
            due,
            unit,
            started_at=at("2026-02-27 10:00"),
            done_at=at(done),
            calendar=CALENDAR,
            now=now,
        )

    in_time, late = met("2026-02-27 23:59"), met("2026-03-02 10:00")
    assert "用时 6 小时 35 分" in met("2026-02-27 16:35", Unit.HOURS).sentence
    assert (in_time.words, in_time.urgency) == ("按时办结", Urgency.DONE)
    assert (late.words, late.urgency) == ("超期 2 个工作日", Urgency.DONE_LATE)
    assert "3 月 2 日 10:00 办结" in late.sentence


@pytest.mark.parametrize(
    ("now", "kind", "works"),
    [
        ("2026-04-07 10:00", "工作日", True),
        ("2026-04-18 10:00", "休息日", False),
        ("2026-10-01 10:00", "国庆节放假", False),
        ("2026-02-14 10:00", "调休上班", True),
    ],
)
def test_office_day_names_the_day(now: str, kind: str, works: bool) -> None:
    day = wording.office_day(at(now), CALENDAR)
    assert (day.kind, day.works) == (kind, works)


def test_days_near_today_have_names() -> None:
    now = at("2026-04-07 10:05")
    assert wording.moment(at("2026-04-07 16:40"), now) == "今天 16:40"
    assert wording.moment(at("2026-04-06 16:40"), now) == "昨天 16:40"
    assert wording.moment(at("2026-03-30 16:40"), now) == "3 月 30 日 16:40"
    assert wording.moment(at("2025-12-31 16:40"), now) == "2025 年 12 月 31 日 16:40"


def test_a_letter_keeps_its_paragraphs_and_sets_the_signature_apart() -> None:
    body = (
        "告知书\n\n张三：\n\n决定如下，理由见后，请在收到以后妥善保存本文书。\n\n甲镇\n2026-04-07\n"
    )
    assert wording.paragraphs(body, "告知书") == [
        ("张三：", False),
        ("决定如下，理由见后，请在收到以后妥善保存本文书。", False),
        ("甲镇\n2026-04-07", True),
    ]
    assert wording.paragraphs("一行") == [("一行", False)]


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 KB"), (1023, "1 KB"), (307_200, "300 KB"), (1_258_291, "1.2 MB")]
)
def test_file_sizes_are_rounded(count: int, words: str) -> None:
    assert wording.file_size(count) == words


@pytest.mark.parametrize(
    ("instant", "words"),
    [("2026-04-15 00:00", "4 月 14 日（周二）24:00"), ("2026-04-15 09:30", "4 月 15 日 09:30")],
)
def test_a_midnight_is_the_end_of_the_day_before(instant: str, words: str) -> None:
    assert wording.until(at(instant), at("2026-04-07 10:00")) == words


@pytest.mark.parametrize(
    ("fen", "text", "groups"),
    [
        (100000, "1000.00", 1),
        (2000000, "20000.00", 1),
        (-5, "-0.05", 0),
        (123456789, "1234567.89", 2),
    ],
)
def test_money_copies_as_plain_digits(fen: int, text: str, groups: int) -> None:
    markup = wording.yuan(Money(fen))
    assert f'value="{text}"' in markup
    assert markup.striptags() == text
    assert markup.count("grp") == groups


def test_shipped_calendar_is_readable_here() -> None:
    path = Path("processes/calendar/cn-2026.json")
    if not path.exists():
        pytest.skip("the calendar file is not written yet")
    calendar = WorkCalendar([json.loads(path.read_text(encoding="utf-8"))])
    assert wording.office_day(at("2026-10-01 09:00"), calendar).kind.endswith("放假")
