"""Aims at letters: numbered without gaps, sealed, never changed."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.kernel.errors import NotFound, Refused
from app.store import letters
from app.store.session import SYSTEM, Database
from tests.store.build import REGION, a_case


def test_letter_is_numbered_sealed_and_readable(database: Database) -> None:
    with database.begin(SYSTEM) as unit:
        case = a_case(unit)
        for title in ("一次性告知书", "决定书"):
            letters.issue(unit, REGION, case.id, template_id="t", title=title, body="张三：……")
    with database.read() as unit:
        rows = letters.of_case(unit, REGION, case.id)
        assert [row.letter_no for row in rows] == ["370881-L2026-000001", "370881-L2026-000002"]
        assert letters.body(unit, letters.get(unit, REGION, rows[0].id)) == "张三：……"
        assert "张三" not in repr(unit.session.execute(text("SELECT * FROM letters")).all())
        with pytest.raises(NotFound):
            letters.get(unit, "370882", rows[0].id)


@pytest.mark.parametrize("verb", ["UPDATE letters SET title = 'x'", "DELETE FROM letters"])
def test_letter_that_went_out_stays_as_it_was(database: Database, verb: str) -> None:
    with database.begin(SYSTEM) as unit:
        letters.issue(unit, REGION, a_case(unit).id, template_id="t", title="x", body="y")
    with pytest.raises(Refused) as caught, database.begin(SYSTEM) as unit:
        unit.session.execute(text(verb))
    assert caught.value.code == "append_only"
