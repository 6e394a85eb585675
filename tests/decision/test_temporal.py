"""Temporal text, calendar arithmetic and zones. Equality in FEEL's sense: test_values."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.decision import daycount
from app.decision.temporal import (
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    from_python,
    make_time,
    parse_at_literal,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
    seconds_with_fraction,
)


@pytest.mark.parametrize(
    "text",
    [
        "2017-12-31",
        "-2017-01-01",
        "999999999-12-31",
        "-999999999-12-31",
        "2024-02-29",
        "0001-01-01",
    ],
)
def test_a_date_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_date(text)) == text
    assert repr(parse_date(text)) == f'@"{text}"'


@pytest.mark.parametrize(
    "text",
    ["", "2012/12/25", "2012-12-25T", "9999999999-12-25", "2017-13-10", "2017-12-32", "998-12-31",
     "01211-12-31", "+2012-12-02", "2023-02-29", "2017-00-10", "2017-01-00", "２０１７-01-01", "2017-1-01", "x" * 200],
)  # fmt: skip
def test_a_malformed_date_is_nothing(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("01:02:03", "01:02:03"),
        ("11:22:33.123456789", "11:22:33.123456789"),
        ("11:22:33.4440", "11:22:33.444"),
        ("11:22:33-00:00", "11:22:33Z"),
        ("13:20:00-05:00", "13:20:00-05:00"),
        ("11:59:45+02:45:55", "11:59:45+02:45:55"),
        ("00:01:00@Asia/Shanghai", "00:01:00@Asia/Shanghai"),
        ("24:00:00", "00:00:00"),
    ],
)
def test_a_time_is_written_in_canonical_form(text: str, shown: str) -> None:
    assert str(parse_time(text)) == shown


@pytest.mark.parametrize(
    "text",
    ["", "23:59:60", "24:00:01", "25:00:00", "00:60:00", "7:00:00", "07:1:00", "07:01:2", "07:01",
     "13:20:00@xyz/abc", "13:20:00+19:00", "13:20:00+14:01", "13:20:00+5", "13:20:00+01:60",
     "13:20:00+02:00@Europe/Paris", "11:30:00T", "13:20:00@../etc/passwd", "13:20:00@/etc/localtime", "x" * 200],
)  # fmt: skip
def test_a_malformed_time_is_nothing(text: str) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2012-12-24", "2012-12-24T00:00:00"),
        ("2017-12-31T11:22:33.345Z", "2017-12-31T11:22:33.345Z"),
        ("2021-01-01T24:00:00", "2021-01-02T00:00:00"),
        ("-99999-12-31T11:22:33", "-99999-12-31T11:22:33"),
    ],
)
def test_a_date_time_is_written_in_canonical_form(text: str, shown: str) -> None:
    assert str(parse_date_time(text)) == shown


@pytest.mark.parametrize(
    "text",
    [
        "11:00:00",
        "2011-12-0310:15:30",
        "2017-12-31T",
        "2017-12-31T7:20",
        "999999999-12-31T24:00:00",
    ],
)
def test_a_malformed_date_time_is_nothing(text: str) -> None:
    assert parse_date_time(text) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("P1D", "P1D"),
        ("PT0.000S", "PT0S"),
        ("PT0.S", "PT0S"),
        ("P0D", "PT0S"),
        ("-PT1H2M", "-PT1H2M"),
        ("PT1000M0.999999999S", "PT16H40M0.999999999S"),
        ("P2DT274M", "P2DT4H34M"),
        ("P0Y", "P0M"),
        ("P1Y27M", "P3Y3M"),
        ("-P100M", "-P8Y4M"),
        ("P99999999Y", "P99999999Y"),
    ],
)
def test_a_duration_is_written_in_canonical_form(text: str, shown: str) -> None:
    assert str(parse_duration(text)) == shown


@pytest.mark.parametrize(
    "text", ["", "P", "P0", "1Y", "P1H", "P1S", "PT", "P1DT", "P1Y1D", "P-1D", "P1.5D", "x" * 200]
)
def test_a_malformed_duration_is_nothing(text: str) -> None:
    assert parse_duration(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2021-01-01", Date),
        ("10:10:10@Australia/Melbourne", Time),
        ("2021-01-01T10:10:10@Etc/UTC", DateTime),
        ("-P1D", DaysDuration),
        ("P1Y", MonthsDuration),
    ],
)
def test_an_at_literal_finds_its_kind(text: str, kind: type) -> None:
    assert type(parse_at_literal(text)) is kind


def test_an_at_literal_of_nonsense_is_nothing() -> None:
    assert parse_at_literal("next tuesday") is None


@given(st.integers(-366 * 10**9 // 1, 366 * 10**9 // 1))
def test_day_numbers_go_there_and_back(days: int) -> None:
    assert daycount.to_days(*daycount.from_days(days)) == days


@given(st.dates())
def test_day_numbers_agree_with_the_stdlib(day: date) -> None:
    number = (day - date(1970, 1, 1)).days
    assert daycount.to_days(day.year, day.month, day.day) == number
    assert daycount.from_days(number) == (day.year, day.month, day.day)


def test_months_are_added_to_the_months_end() -> None:
    assert str(Date(2024, 1, 31).plus_months(1)) == "2024-02-29"
    assert str(Date(2023, 3, 31).plus_months(-1)) == "2023-02-28"
    assert str(DateTime(Date(2023, 1, 31), Time(0)).plus_months(1)) == "2023-02-28T00:00:00"


def test_beyond_the_largest_year_there_is_nothing() -> None:
    last = Date(daycount.MAX_YEAR, 12, 31)
    assert last.plus_days(1) is None
    assert last.plus_months(1) is None
    assert DateTime(last, Time(0)).plus_months(1) is None
    assert DateTime(last, Time(0)).plus_nanos(daycount.NANOS_PER_DAY) is None
    assert last.plus_days(10**15) is None


def test_a_zone_keeps_its_summer_time() -> None:
    before = parse_date_time("2024-03-31T01:30:00@Europe/Paris")
    assert before is not None
    after = before.plus_nanos(3_600 * daycount.NANOS_PER_SECOND)
    assert str(after) == "2024-03-31T03:30:00@Europe/Paris"


@pytest.mark.parametrize(
    "text", ["-0500-01-01T00:00:00@Asia/Shanghai", "250000-07-01T12:00:00@Europe/Paris"]
)
def test_zones_answer_in_years_the_stdlib_lacks(text: str) -> None:
    moment = parse_date_time(text)
    assert moment is not None
    there = moment.plus_nanos(daycount.NANOS_PER_DAY)
    assert there is not None
    back = there.plus_nanos(-daycount.NANOS_PER_DAY)
    assert back == moment


def test_far_summer_is_two_hours_east_in_paris() -> None:
    moment = parse_date_time("250000-07-01T12:00:00@Europe/Paris")
    assert moment is not None
    assert moment.utc_offset() == 7_200


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../UTC", "Mars/Base", "x" * 65, "Asia"])
def test_an_unknown_zone_has_no_offset(name: str) -> None:
    assert daycount.find_zone(name) is None
    assert daycount.zone_offset(name, 0) == 0
    assert daycount.zone_offset_at(name, 0) == 0


def test_python_values_cross_over() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    assert str(from_python(date(2026, 1, 2))) == "2026-01-02"
    assert str(from_python(datetime(2026, 1, 2, 3, 4, 5, 6, UTC))) == "2026-01-02T03:04:05.000006Z"
    assert (
        str(from_python(datetime(2026, 1, 2, tzinfo=shanghai)))
        == "2026-01-02T00:00:00@Asia/Shanghai"
    )
    assert str(from_python(datetime(2026, 1, 2))) == "2026-01-02T00:00:00"  # noqa: DTZ001
    assert str(from_python(time(3, 4, tzinfo=timezone(timedelta(hours=8))))) == "03:04:00+08:00"
    assert str(from_python(timedelta(days=-1, microseconds=1))) == "-PT23H59M59.999999S"
    assert from_python("2026-01-02") is None


def test_values_are_equal_by_kind_and_parts() -> None:
    texts = ["2026-01-02", "10:00:00", "10:00:00Z", "2026-01-02T10:00:00", "P1D", "P1Y"]
    values = [parse_at_literal(text) for text in texts]
    assert len({*values}) == len(texts)
    assert all((a == b) == (i == j) for i, a in enumerate(values) for j, b in enumerate(values))
    assert {repr(value) for value in values} == {f'@"{text}"' for text in texts}


def test_seconds_keep_their_fraction() -> None:
    made = make_time(12, 59, 1_300_000_000)
    assert made is not None
    assert str(seconds_with_fraction(made)) == "1.300000000"
    assert make_time(12, 59, 60 * daycount.NANOS_PER_SECOND) is None
    assert make_time(12, 59, 0, 15 * 3_600) is None
