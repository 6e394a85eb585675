"""Rows that tests of the store need before they can begin."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app.process.step import OpenedItem
from app.store import cases, instances, work_items
from app.store.session import Unit

REGION = "370881"
TOWNSHIP = "370881001"
DIGEST = "0" * 64


def a_case(unit: Unit, *, id_number: str = "370881199001010013") -> cases.CaseRow:
    """An open case of a kitchen fire."""
    return cases.open_case(
        unit,
        REGION,
        locality="jining",
        township=TOWNSHIP,
        village="370881001201",
        cause="fire",
        title="厨房失火",
        applicant_masked="张*",
        applicant={"name": "张三", "id_number": id_number},
        id_number=id_number,
        reported_at=unit.now - timedelta(minutes=5),
        channel="hotline",
        organ_code=TOWNSHIP,
    )


def an_instance(unit: Unit, case: cases.CaseRow) -> instances.InstanceRow:
    """A running instance of the case."""
    return instances.start(
        unit,
        case.region,
        case.id,
        deployment_id=DIGEST,
        process_id="emergency",
        state=b"\x00\x01state",
        codec_version=1,
    )


def opened(token: str = "t1", *, element_id: str = "verify", role: str = "") -> OpenedItem:
    """What the engine says of a waiting user task."""
    return OpenedItem(
        token=token,
        process_id="emergency",
        element_id=element_id,
        name="现场核实",
        role=role or "township_handler",
        form_id="verify",
        due_at=None,
        inputs={},
        properties={"clause": "S1-2-2-1"},
    )


def an_item(
    unit: Unit, instance: instances.InstanceRow, *, token: str = "t1", organ: str = TOWNSHIP
) -> work_items.WorkItemRow:
    """A waiting work item of the instance."""
    return work_items.add(
        unit,
        instance.region,
        instance.case_id,
        instance.id,
        opened(token),
        organ_code=organ,
    )


def case_instance_item(unit: Unit) -> tuple[cases.CaseRow, UUID, UUID]:
    """A case with one instance that waits at one item."""
    case = a_case(unit)
    instance = an_instance(unit, case)
    return case, instance.id, an_item(unit, instance).id
