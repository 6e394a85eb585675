"""Aims at what columns give back: equal to what went in, on both databases, or a refusal."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select
from sqlalchemy.exc import StatementError

from app.kernel.money import MAX_FEN, Money
from app.store.engine import checked_url
from app.store.types import MAX_DEPTH, Exact, Fen, Json, UtcDateTime, dump, load

SHANGHAI = timezone(timedelta(hours=8))
TABLE = Table(
    "type_probe",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime),
    Column("money", Fen),
    Column("body", Json),
    Column("exact", Exact),
)

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.datetimes(timezones=st.just(UTC))
    | st.dates()
    | st.uuids()
    | st.integers(-MAX_FEN, MAX_FEN).map(Money)
)
VALUES = st.recursive(
    LEAVES,
    lambda item: (
        st.lists(item, max_size=4)
        | st.dictionaries(st.text(max_size=4) | st.just("$dec"), item, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
@settings(max_examples=100, deadline=None)
def test_json_comes_back_equal_and_writes_the_same_again(value: object) -> None:
    text = dump(value)
    assert load(text) == value
    assert dump(load(text)) == text


def test_json_keeps_every_digit_and_the_order_of_keys() -> None:
    value = {"b": Decimal("1.20"), "a": Decimal("0.1000000000000000000000000000000001")}
    assert str(load(dump(value))) == str(value)


@pytest.mark.parametrize("value", [1.5, {1: "a"}, object(), {"a": {2, 3}}])
def test_json_refuses_what_would_be_guessed(value: object) -> None:
    with pytest.raises(TypeError):
        dump(value)


def test_json_refuses_endless_depth() -> None:
    value: list[object] = []
    for _ in range(MAX_DEPTH + 1):
        value = [value]
    with pytest.raises(ValueError, match="deeper"):
        dump(value)


def test_columns_give_back_what_they_were_given(database_url: str) -> None:
    engine = create_engine(checked_url(database_url))
    at = datetime(2026, 4, 7, 10, 5, 0, 123456, tzinfo=SHANGHAI)
    body = {"k": Decimal("3.0"), "id": UUID(int=7), "day": date(2026, 4, 7), "at": at}
    try:
        with engine.connect() as connection:
            TABLE.create(connection)
            connection.execute(
                insert(TABLE).values(
                    id=1, at=at, money=Money(-100), body=body, exact=Decimal("2.500")
                )
            )
            row = connection.execute(select(TABLE)).one()
            connection.rollback()
    finally:
        with engine.begin() as connection:
            TABLE.drop(connection, checkfirst=True)
        engine.dispose()
    assert row.at == at
    assert row.at.tzinfo is UTC
    assert row.money == Money(-100)
    assert row.body == body
    assert str(row.exact) == "2.500"


def test_naive_instant_is_refused(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url)
    with engine.connect() as connection, pytest.raises(StatementError, match="offset"):
        connection.execute(
            select(TABLE).where(TABLE.c.at == datetime(2026, 4, 7))  # noqa: DTZ001
        )
    engine.dispose()
