"""Aims at objections: sealed with their words, open until resolved."""

from __future__ import annotations

from sqlalchemy import text

from app.store import notices, objections
from app.store.session import SYSTEM, Database
from tests.store.build import REGION, a_case

SAID = {"name": "赵某某", "phone": "13900000000", "statement": "还有一辆没有登记的车"}


def test_objection_is_sealed_and_open_until_resolved(database: Database) -> None:
    with database.begin(SYSTEM) as unit:
        case = a_case(unit)
        notice = notices.publish(
            unit, REGION, case.id, template_id="t", township="1", village="2", fields={}
        )
        objections.file(unit, REGION, case.id, notice.id, SAID)
    with database.begin(SYSTEM) as unit:
        (row,) = objections.of_case(unit, REGION, case.id, open_only=True)
        assert objections.content(unit, row) == SAID
        kept = repr(unit.session.execute(text("SELECT * FROM objections")).all())
        assert not any(word in kept for word in SAID.values())
        objections.resolve(unit, row, valid=True)
    with database.read() as unit:
        assert objections.of_case(unit, REGION, case.id, open_only=True) == []
        (row,) = objections.of_case(unit, REGION, case.id)
        assert (row.valid, row.resolved_by) == (True, SYSTEM.name)
