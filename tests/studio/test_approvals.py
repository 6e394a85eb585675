"""Handing in and signing: what the law wants "in principle" needs reasons and signatures."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.kernel.clock import FrozenClock
from app.kernel.errors import Forbidden, Invalid, Refused, Stale
from app.store import audit
from app.store.base import REGION_NONE
from app.store.session import Actor, Database
from app.studio import approvals, bases, drafts, publications
from app.studio.publish import Order, in_force
from app.studio.report import Report
from app.studio.subject import Surroundings
from tests.studio.drawing import EXTRAS, GOOD, LAW, made
from tests.studio.staff import Staff, hire, put_in_force

PRINCIPLE = """
[[clauses]]
id = "law.2"
article = "二"
force = "P"
text = "原则上应当在二十四小时内先行救助。"
[[guards]]
id = "G02"
kind = "answers"
sentence = "先行救助原则上不超过 24 小时"
clause = "law.2"
decision = "deadline"
when = { key = "first" }
at_most = { amount = 24 }
"""
TABLE, CASES = "dmn/here/basic.dmn", "dmn/here/basic.cases.csv"
STATUTE = "processes/statutes/law.toml"
PACKAGE = made({}, {STATUTE: (LAW + PRINCIPLE).encode()})
SLOWER = {
    TABLE: GOOD[TABLE].replace(b"<text>24</text>", b"<text>48</text>"),
    CASES: EXTRAS[CASES].replace(b",24,", b",48,"),
}


@pytest.fixture
def staff(database: Database) -> Staff:
    found = hire(database)
    put_in_force(database, PACKAGE)
    return found


@pytest.fixture
def draft_id(database: Database, staff: Staff, clock: FrozenClock) -> UUID:
    """A draft whose only fault is against a principle."""
    made_id = drafts.open_draft(database, staff.editor, "here", "放宽到两天", key="k")
    save(database, staff.editor, made_id, SLOWER)
    clock.advance(timedelta(minutes=1))
    return made_id


def save(database: Database, actor: Actor, draft_id: UUID, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        seen = drafts.read_file(database, actor, draft_id, path)
        drafts.write_file(
            database, actor, draft_id, path, content, expected_sha256=seen.sha256, key=None
        )


def checked(database: Database, staff: Staff, draft_id: UUID, clock: FrozenClock) -> Report:
    return drafts.check_draft(database, staff.editor, draft_id, Surroundings(now=clock.now()))


def hand_in(
    database: Database, staff: Staff, draft_id: UUID, clock: FrozenClock, reasons: dict[str, str]
) -> None:
    approvals.submit(
        database, staff.editor, draft_id, Order("放宽到两天"), reasons,
        why="山区路远", surroundings=Surroundings(now=clock.now()), key=uuid4().hex,
    )  # fmt: skip


def sign(
    database: Database, actor: Actor, draft_id: UUID, clock: FrozenClock, signed: set[str]
) -> UUID:
    return approvals.approve(
        database, actor, draft_id, signed, surroundings=Surroundings(now=clock.now()),
        key=uuid4().hex,
    )  # fmt: skip


def test_principle_asks_for_a_reason_and_a_signature_for_each_finding(
    database: Database, staff: Staff, draft_id: UUID, clock: FrozenClock
) -> None:
    report = checked(database, staff, draft_id, clock)
    assert report.ok
    (note,) = report.soft
    for reasons in ({}, {note.key: " "}, {"other": "理由"}):
        with pytest.raises(Invalid) as caught:
            hand_in(database, staff, draft_id, clock, reasons)
        assert [one.key for one in caught.value.problems] == [f"reason-{note.key}"]
    hand_in(database, staff, draft_id, clock, {note.key: "山区单程六小时"})
    with pytest.raises(Invalid) as unsigned:
        sign(database, staff.publisher, draft_id, clock, set())
    assert [one.key for one in unsigned.value.problems] == [f"signed-{note.key}"]
    clock.advance(timedelta(minutes=1))
    made_id = sign(database, staff.publisher, draft_id, clock, {note.key})
    record = publications.record(database, staff.publisher, made_id)
    (soft,) = record.soft
    assert (soft.reason, soft.clause, record.signed_by) == ("山区单程六小时", "law.2", "发布郑")
    assert record.hands == ["政策吴"]
    assert any("24 → 48" in line for _, line in record.changes)
    with database.read() as unit:
        last = audit.page(unit, REGION_NONE)[0]
    assert last.action == "deployment.published"
    assert last.body["soft"][0]["reason"] == "山区单程六小时"
    found = in_force(database, "here")
    assert found is not None
    assert found.stored[TABLE] == SLOWER[TABLE]
    assert found.companions[CASES] == SLOWER[CASES]
    assert publications.reasons_before(database, "here") == {note.key: "山区单程六小时"}


def test_reason_for_one_value_does_not_cover_another(
    database: Database, staff: Staff, draft_id: UUID, clock: FrozenClock
) -> None:
    (note,) = checked(database, staff, draft_id, clock).soft
    later = {path: raw.replace(b"48", b"72") for path, raw in SLOWER.items()}
    save(database, staff.editor, draft_id, later)
    with pytest.raises(Invalid):
        hand_in(database, staff, draft_id, clock, {note.key: "山区单程六小时"})


def test_nobody_signs_what_they_worked_on_or_may_not(
    database: Database, staff: Staff, draft_id: UUID, clock: FrozenClock
) -> None:
    (note,) = checked(database, staff, draft_id, clock).soft
    save(database, staff.both, draft_id, {"dmn/here/x.cases.csv": b"a"})
    drafts.revert_file(database, staff.both, draft_id, "dmn/here/x.cases.csv", key=None)
    hand_in(database, staff, draft_id, clock, {note.key: "理由"})
    for actor in (staff.editor, staff.both, staff.colleague, staff.stranger):
        with pytest.raises(Forbidden):
            sign(database, actor, draft_id, clock, {note.key})
    assert [card.awaits_me for card in drafts.drafts(database, staff.both)] == [False]
    assert [card.awaits_me for card in drafts.drafts(database, staff.publisher)] == [True]


def test_handed_in_draft_is_not_changed_and_signed_once(
    database: Database, staff: Staff, draft_id: UUID, clock: FrozenClock
) -> None:
    (note,) = checked(database, staff, draft_id, clock).soft
    hand_in(database, staff, draft_id, clock, {note.key: "理由"})
    with pytest.raises(Refused):
        save(database, staff.editor, draft_id, {TABLE: GOOD[TABLE]})
    sign(database, staff.publisher, draft_id, clock, {note.key})
    with pytest.raises(Refused):
        sign(database, staff.publisher, draft_id, clock, {note.key})
    with pytest.raises(Refused):
        approvals.withdraw(database, staff.editor, draft_id, "不要了", key=None)


def test_day_that_has_passed_is_not_signed(
    database: Database, staff: Staff, draft_id: UUID, clock: FrozenClock
) -> None:
    (note,) = checked(database, staff, draft_id, clock).soft
    approvals.submit(
        database, staff.editor, draft_id,
        Order("放宽", effective_from=clock.now() + timedelta(days=1)), {note.key: "理由"},
        why="山区路远", surroundings=Surroundings(now=clock.now()), key="k2",
    )  # fmt: skip
    clock.advance(timedelta(days=2))
    with pytest.raises(Refused, match="已经过去"):
        sign(database, staff.publisher, draft_id, clock, {note.key})


def test_base_that_was_overtaken_is_refused_at_both_steps(
    database: Database, staff: Staff, draft_id: UUID, clock: FrozenClock
) -> None:
    (note,) = checked(database, staff, draft_id, clock).soft
    hand_in(database, staff, draft_id, clock, {note.key: "理由"})
    put_in_force(database, made({}, {STATUTE: (LAW + PRINCIPLE + "\n").encode()}))
    clock.advance(timedelta(minutes=1))
    with pytest.raises(Stale) as caught:
        sign(database, staff.publisher, draft_id, clock, {note.key})
    assert caught.value.code == "base_outdated"
    approvals.send_back(database, staff.publisher, draft_id, "请换版本", key=None)
    with pytest.raises(Stale):
        hand_in(database, staff, draft_id, clock, {note.key: "理由"})
    assert bases.rebase(database, staff.editor, draft_id, key=None) == []
    hand_in(database, staff, draft_id, clock, {note.key: "理由"})


def test_old_text_comes_back_under_the_law_of_today(
    database: Database, staff: Staff, clock: FrozenClock
) -> None:
    first = publications.history(database, staff.editor, "here")[0]
    clock.advance(timedelta(minutes=1))
    newer_law = (LAW + PRINCIPLE + "\n# 新版\n").encode()
    put_in_force(database, made({CASES: SLOWER[CASES]}, {TABLE: SLOWER[TABLE], STATUTE: newer_law}))
    clock.advance(timedelta(minutes=1))
    made_id = bases.rollback(database, staff.editor, first.id, key="back")
    draft = drafts.load(database, staff.editor, made_id)
    assert draft.package.files[TABLE] == GOOD[TABLE]
    assert draft.package.companions[CASES] == EXTRAS[CASES]
    assert draft.package.files[STATUTE] == newer_law
    assert bases.rollback(database, staff.editor, first.id, key="back") == made_id


def test_clauses_on_file_are_taken_over(database: Database, staff: Staff, draft_id: UUID) -> None:
    newer = (LAW + PRINCIPLE + "\n# 新版\n").encode()
    files = {STATUTE: newer, "processes/statutes/more.toml": b"", "processes/here/x.bpmn": b""}
    assert bases.take_clauses(database, staff.editor, draft_id, files, key=None) == 2
    draft = drafts.load(database, staff.editor, draft_id)
    assert draft.package.files[STATUTE] == newer
    assert "processes/here/x.bpmn" not in draft.package.files
    back = {STATUTE: (LAW + PRINCIPLE).encode()}
    assert bases.take_clauses(database, staff.editor, draft_id, back, key=None) == 0
    assert STATUTE not in drafts.load(database, staff.editor, draft_id).changed
