"""Aims at what a case leaves behind: instances, submissions, decisions, notes, slips, files."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from app.kernel.clock import FrozenClock
from app.kernel.errors import NotFound, Refused, Stale
from app.kernel.money import Money
from app.process.step import Incident, Passed
from app.store import (
    attachments,
    cases,
    decisions,
    instances,
    messages,
    notices,
    slips,
    submissions,
)
from app.store.session import Actor, Database, Unit
from tests.store.build import DIGEST, REGION, TOWNSHIP, a_case, an_instance

LI = Actor(user_id="li", name="经办李", roles=(("township_handler", TOWNSHIP),))
WANG = Actor(user_id="wang", name="调查王", roles=(("township_handler", TOWNSHIP),))
FORM: dict[str, Any] = {
    "work_item_id": None, "form_id": "intake", "deployment_id": DIGEST, "form_sha256": DIGEST,
}  # fmt: skip


def test_instance_state_comes_back_byte_by_byte(database: Database) -> None:
    state = bytes(range(256)) * 20
    with database.begin(LI) as unit:
        instance = an_instance(unit, a_case(unit))
    with database.begin(LI) as unit:
        row = instances.get(unit, REGION, instance.id, lock=True)
        instances.save(unit, row, state=state, codec_version=2, status="running")
        assert row.version == 2
    with database.read() as unit:
        row = instances.get(unit, REGION, instance.id)
        assert (row.state, row.codec_version, row.version) == (state, 2, 2)
        assert instances.running_on(unit, DIGEST) == [row]


def test_instance_saved_from_an_old_reading_is_stale(database: Database) -> None:
    with database.begin(LI) as unit:
        instance = an_instance(unit, a_case(unit))
    with database.begin(LI) as unit:
        row = instances.get(unit, REGION, instance.id)
        instances.save(unit, row, state=b"a", codec_version=1, status="ended", end_element_id="e")
        assert row.ended_at == unit.now

    def save_old() -> None:
        with database.begin(LI) as unit:
            unit.session.add(instance)
            instances.save(unit, instance, state=b"b", codec_version=1, status="running")

    with pytest.raises(Stale):
        save_old()


def test_path_is_kept_in_order_over_commands(database: Database) -> None:
    with database.begin(LI) as unit:
        instance = an_instance(unit, a_case(unit))
        instances.record_passed(
            unit, instance, [Passed("p", "start", "startEvent"), Passed("p", "f1", "sequenceFlow")]
        )
    with database.begin(WANG) as unit:
        row = instances.get(unit, REGION, instance.id)
        instances.record_passed(unit, row, [Passed("p", "verify", "userTask")])
    with database.read() as unit:
        path = instances.passed(unit, REGION, instance.id)
        assert [(step.seq, step.element_id, step.actor_name) for step in path] == [
            (1, "start", "经办李"),
            (2, "f1", "经办李"),
            (3, "verify", "调查王"),
        ]


def test_incident_waits_until_resolved(database: Database) -> None:
    stop = Incident(
        "t", "p", "d05", "确定权限", "empty_decision", "没有命中规则", {"a": Decimal(1)}
    )
    with database.begin(LI) as unit:
        row = instances.open_incident(unit, an_instance(unit, a_case(unit)), stop)
    with database.begin(WANG) as unit:
        assert [found.id for found in instances.open_incidents(unit, REGION)] == [row.id]
        found = instances.incident(unit, REGION, row.id)
        assert found.facts == {"a": Decimal(1)}
        instances.resolve_incident(unit, found, "改表后重试")
        assert instances.open_incidents(unit, case_id=row.case_id) == []
        assert len(instances.of_case(unit, REGION, row.case_id)) == 1
        with pytest.raises(NotFound):
            instances.incident(unit, "370882", row.id)
        with pytest.raises(NotFound):
            instances.get(unit, "370882", row.instance_id)
        assert found.resolved_by == "wang"


def test_draft_is_replaced_then_submitted_and_is_its_writers_alone(database: Database) -> None:
    for text_ in ("一", "二"):
        with database.begin(LI) as unit:
            submissions.save_draft(unit, REGION, case_id=None, values={"name": text_}, **FORM)
    with database.read(LI) as unit:
        draft = submissions.draft(unit, REGION, work_item_id=None, form_id="intake")
        assert draft is not None
        assert submissions.values(unit, draft) == {"name": "二"}
    with database.begin(WANG) as unit:
        assert submissions.draft(unit, REGION, work_item_id=None, form_id="intake") is None
    with database.begin(LI) as unit:
        case = a_case(unit)
        done = submissions.submit(unit, REGION, case_id=case.id, values={"name": "三"}, **FORM)
        assert submissions.draft(unit, REGION, work_item_id=None, form_id="intake") is None
        assert submissions.of_case(unit, REGION, case.id, form_id="intake") == [done]
        raw = unit.session.execute(text("SELECT * FROM submissions")).all()
        assert "三" not in repr(raw)
        assert submissions.get(unit, REGION, done.id).values_sha256 != DIGEST


def test_decision_keeps_inputs_rows_and_clauses_exactly(database: Database) -> None:
    rule = {"rule_id": "r4", "number": 4, "outputs": {"amount": Decimal("2700.00")}}
    with database.begin(LI) as unit:
        case = a_case(unit)
        decisions.record(
            unit, REGION, case.id, an_instance(unit, case).id,
            process_id="p", element_id="d04", name="标准", decision_id="amount",
            deployment_id=DIGEST, file="dmn/jining/amount.dmn", file_sha256=DIGEST,
            inputs={"self_paid": Decimal("22000.00")}, value=Decimal("2700.00"),
            matched=[rule], clauses=["S1-2-3-1"],
        )  # fmt: skip
    with database.read() as unit:
        [row] = decisions.of_case(unit, REGION, case.id)
        assert decisions.inputs(unit, row) == {"self_paid": Decimal("22000.00")}
        assert row.matched == [rule]
        assert str(row.output["value"]) == "2700.00"
        assert row.clauses == ["S1-2-3-1"]
    with pytest.raises(Refused), database.begin(LI) as unit:
        unit.session.execute(text("UPDATE decision_records SET name = 'x'"))


def test_notes_reach_the_role_in_its_organ_and_the_person(database: Database) -> None:
    with database.begin(LI) as unit:
        messages.tell_role(unit, REGION, "township_handler", TOWNSHIP, "escalation", "已用 50%")
        messages.tell_role(unit, REGION, "township_handler", "370881002", "escalation", "别处")
        mine = messages.tell_user(unit, REGION, "li", "returned", "退回")
    with database.begin(LI) as unit:
        assert {row.text for row in messages.for_actor(unit)} == {"已用 50%", "退回"}
        messages.mark_read(unit, REGION, mine.id)
        assert messages.unread_count(unit) == 1
    with database.begin(WANG) as unit:
        messages.mark_read(unit, REGION, mine.id)
        assert [row.text for row in messages.for_actor(unit, unread_only=True)] == ["已用 50%"]


def _slip(unit: Unit, case: cases.CaseRow, **changed: Any) -> slips.SlipRow:
    lines = [
        slips.Line("棉被", Decimal(2), "床", Money.from_yuan("240")),
        slips.Line("大米（25 千克）", Decimal(1), "袋", Money.from_yuan("150")),
        slips.Line("现金", Decimal("500.00"), "元", Money.from_yuan("500")),
    ]
    given: dict[str, Any] = {
        "township": TOWNSHIP, "form_of_aid": "cash_and_goods", "lines": lines,
        "paid_at": unit.now, "payers": ("经办李", "调查王"), "receiver": {"name": "张三"},
        "entry_key": f"pay:{case.id}:1",
    }  # fmt: skip
    return slips.record(unit, REGION, case.id, **(given | changed))


def test_slip_has_lines_total_and_next_voucher_number(database: Database) -> None:
    with database.begin(LI) as unit:
        case = a_case(unit)
        slip = _slip(unit, case)
        assert (slip.voucher_no, str(slip.total_fen)) == ("370881-V2026-000001", "890.00")
        assert slips.paid_total(unit, REGION, case.id) == Money.from_yuan("890")
        assert slips.receiver(unit, slip) == {"name": "张三"}
    with database.read() as unit:
        [(row, lines)] = slips.ledger(unit, REGION, township=TOWNSHIP)
        assert [(line.item, line.quantity) for line in lines] == [
            ("棉被", 2), ("大米（25 千克）", 1), ("现金", 500),
        ]  # fmt: skip
        assert slips.of_case(unit, REGION, case.id)[0][0] is row
        assert slips.ledger(unit, REGION, since=row.paid_at + timedelta(seconds=1)) == []


def test_voucher_number_is_used_once(database: Database) -> None:
    with database.begin(LI) as unit:
        _slip(unit, a_case(unit), voucher_no="A1")
    with pytest.raises(Refused) as caught, database.begin(LI) as unit:
        _slip(unit, a_case(unit), voucher_no="A1")
    assert caught.value.code == "voucher_taken"


def test_notice_is_public_until_taken_down_or_over(database: Database, clock: FrozenClock) -> None:
    fields = {"name": "张*", "village": "丁村", "cause": "fire", "amount": Decimal("890.00")}
    where: dict[str, Any] = {"template_id": "cash", "township": TOWNSHIP, "village": "丁村"}
    with database.begin(LI) as unit:
        case = a_case(unit)
        kept = notices.publish(unit, REGION, case.id, fields=fields, **where)
        end = clock.now() + timedelta(days=5)
        notices.publish(unit, REGION, case.id, fields=fields, take_down_at=end, **where)
        assert len(notices.public(unit, township=TOWNSHIP)) == 2
    clock.set(end)
    with database.begin(LI) as unit:
        assert [row.id for row in notices.public(unit, REGION)] == [kept.id]
        assert notices.public(unit)[0].fields == fields
        notices.take_down(unit, REGION, kept.id)
        assert notices.public(unit) == []
        assert len(notices.of_case(unit, REGION, case.id)) == 2
        with pytest.raises(Refused):
            notices.take_down(unit, REGION, kept.id)


def test_attachment_is_sealed_and_limited(database: Database) -> None:
    with database.begin(LI) as unit:
        case = a_case(unit)
        row = attachments.add(
            unit, REGION, case.id, b"photo of a kitchen", name="照片.jpg", media_type="image/jpeg"
        )
    with database.read() as unit:
        found = attachments.get(unit, REGION, row.id)
        assert b"kitchen" not in found.content_sealed
        assert attachments.content(unit, found) == b"photo of a kitchen"
        with pytest.raises(NotFound):
            attachments.get(unit, "370882", row.id)
    for content, code in (
        (b"", "empty_file"),
        (b"x" * (attachments.MAX_BYTES + 1), "file_too_big"),
    ):
        with pytest.raises(Refused) as caught, database.begin(LI) as unit:
            attachments.add(unit, REGION, case.id, content, name="x", media_type="image/png")
        assert caught.value.code == code
