"""Aims at the chain: every deed is in it, every later change shows, with the first bad number."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from app.kernel.errors import Refused
from app.store import audit
from app.store.engine import make_engines
from app.store.session import Actor, Database

REGION = "370881"
CASE = UUID("01900000-0000-7000-8000-000000000001")
OTHER = UUID("01900000-0000-7000-8000-000000000002")


def _write(database: Database, actor: Actor, count: int = 4) -> None:
    for number in range(count):
        with database.begin(actor) as unit:
            body = {"n": number, "amount": Decimal("1000.00"), "at": unit.now}
            unit.audit(REGION, CASE, "item.completed", ("work_item", number), body)
            unit.audit(REGION, OTHER, "item.completed", ("work_item", number), body)
            unit.audit(REGION, None, "user.signed_in", ("user", "u"), {})


def _tamper(database: Database, deed: Callable[[Connection], None]) -> None:
    """Do what only a person with the database's own keys could do."""
    engine, _ = make_engines(database.url)
    with engine.begin() as connection:
        if database.is_sqlite:
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER audit_records_no_{verb}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        deed(connection)
    engine.dispose()


def _sql(statement: str, **values: object) -> Callable[[Connection], None]:
    def run(connection: Connection) -> None:
        case = {"case": CASE.hex if connection.dialect.name == "sqlite" else CASE}
        connection.execute(text(statement), case | values)

    return run


def _breaks(database: Database) -> list[tuple[UUID, int]]:
    with database.read() as unit:
        return [(found.chain_id, found.seq) for found in audit.verify(unit)]


def test_untouched_chains_hold(database: Database, actor: Actor) -> None:
    _write(database, actor)
    assert _breaks(database) == []
    with database.read() as unit:
        rows = audit.of_case(unit, REGION, CASE)
        assert [row.seq for row in rows] == [1, 2, 3, 4]
        assert rows[0].body["amount"] == Decimal("1000.00")
        assert rows[0].case_id == CASE
        assert [row.actor_name for row in rows] == ["经办李"] * 4
        county = [row for row in audit.page(unit, REGION) if row.case_id is None]
        assert len(county) == 4


@pytest.mark.parametrize(
    "verb", ["UPDATE audit_records SET action = 'x'", "DELETE FROM audit_records"]
)
def test_database_refuses_changes(database: Database, actor: Actor, verb: str) -> None:
    _write(database, actor, 1)
    with pytest.raises(Refused) as caught, database.begin(actor) as unit:
        unit.session.execute(text(verb))
    assert caught.value.code == "append_only"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("body_json", "{}"),
        ("actor_name", "他人"),
        ("action", "item.returned"),
        ("object_id", "9"),
        ("at", "2026-01-01 00:00:00+00"),
        ("on_behalf_of", "x"),
    ],
)
def test_changed_record_is_found(database: Database, actor: Actor, column: str, value: str) -> None:
    _write(database, actor)
    if column == "at" and database.is_sqlite:
        value = "2026-01-01 00:00:00.000000"
    where = "WHERE chain_id = :case AND seq = 3"
    _tamper(database, _sql(f"UPDATE audit_records SET {column} = '{value}' {where}"))
    assert _breaks(database) == [(CASE, 3)]


def test_removed_record_is_found(database: Database, actor: Actor) -> None:
    _write(database, actor)
    _tamper(database, _sql("DELETE FROM audit_records WHERE chain_id = :case AND seq = 2"))
    assert _breaks(database) == [(CASE, 2)]


def test_swapped_records_are_found(database: Database, actor: Actor) -> None:
    _write(database, actor)

    def swap(connection: Connection) -> None:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            _sql(
                "UPDATE audit_records SET seq = :new WHERE chain_id = :case AND seq = :old",
                old=old,
                new=new,
            )(connection)

    _tamper(database, swap)
    assert _breaks(database) == [(CASE, 2)]


def test_record_moved_to_another_case_is_found(database: Database, actor: Actor) -> None:
    _write(database, actor)
    _tamper(
        database,
        _sql(
            "UPDATE audit_records SET chain_id = :other, seq = 5 WHERE chain_id = :case AND seq = 4",
            other=OTHER.hex if database.is_sqlite else OTHER,
        ),
    )
    assert _breaks(database) == [(CASE, 4), (OTHER, 5)]


def test_cut_end_is_found_by_the_head_row(database: Database, actor: Actor) -> None:
    _write(database, actor)
    _tamper(database, _sql("DELETE FROM audit_records WHERE chain_id = :case AND seq = 4"))
    assert _breaks(database) == [(CASE, 4)]


def test_cut_end_with_its_head_is_found_by_an_anchor(database: Database, actor: Actor) -> None:
    _write(database, actor)
    with database.read() as unit:
        anchors = audit.heads(unit)
        third = audit.of_case(unit, REGION, CASE)[2].hash

    def cut(connection: Connection) -> None:
        _sql("DELETE FROM audit_records WHERE chain_id = :case AND seq = 4")(connection)
        head = "UPDATE audit_heads SET seq = 3, hash = :hash WHERE chain_id = :case"
        _sql(head, hash=third)(connection)

    _tamper(database, cut)
    assert _breaks(database) == []
    with database.read() as unit:
        found = audit.verify(unit, REGION, anchors=anchors)
        assert [(item.chain_id, item.seq) for item in found] == [(CASE, 4)]
        assert audit.verify(unit, "360722", anchors=anchors) == []


def test_vanished_chain_is_found_by_an_anchor(database: Database, actor: Actor) -> None:
    _write(database, actor)
    with database.read() as unit:
        anchors = audit.heads(unit)

    def wipe(connection: Connection) -> None:
        _sql("DELETE FROM audit_records WHERE chain_id = :case")(connection)
        _sql("DELETE FROM audit_heads WHERE chain_id = :case")(connection)

    _tamper(database, wipe)
    with database.read() as unit:
        assert [item.chain_id for item in audit.verify(unit, anchors=anchors)] == [CASE]


def test_undone_command_leaves_no_record(database: Database, actor: Actor) -> None:
    def fail() -> None:
        with database.begin(actor) as unit:
            unit.audit(REGION, CASE, "item.completed", ("work_item", 1), {})
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    _write(database, actor, 1)
    with database.read() as unit:
        assert [row.seq for row in audit.of_case(unit, REGION, CASE)] == [1]
