"""Aims at "editing a file changes the next case and not a running one": DMN, form, BPMN."""

from __future__ import annotations

import pytest

from app.cases.views import item as item_view
from app.kernel.errors import Refused
from app.studio.localities import resolve
from tests import world as county
from tests.world import ACCEPT, LOCALITY, ROOT, verify_light

NOW = "2026-04-07T10:05:00+08:00"


def edited(changes):
    """The shipped files with (path, old, new) replaced; each must stand there exactly once."""
    files = dict(resolve(ROOT, LOCALITY).files)
    for path, old, new in changes:
        assert files[path].count(old.encode()) == 1, (path, old)
        files[path] = files[path].replace(old.encode(), new.encode())
    return files


def labels(page: item_view.ItemPage) -> set[str]:
    """The labels of the form's top questions."""
    assert page.form is not None
    return {component.label for component in page.form.components}


def test_one_number_in_a_table_one_label_one_task(world):
    running = world.report()
    world.do("经办李", running, "accept", ACCEPT)
    before = world.case(running).deployment_id
    files = edited(
        [
            ("dmn/jining/emergency_amount.dmn", "<text>1000.00</text>", "<text>1200.00</text>"),
            ("forms/jining/verify.form", '"label": "核实情况"', '"label": "现场看到的情况"'),
            (
                "processes/jining/emergency.bpmn",
                '<bpmn:userTask id="verify" name="现场核实">',
                '<bpmn:userTask id="verify" name="入户核实">',
            ),
        ]
    )
    assert county.publish(world.office, files) != before

    following = world.report()
    world.do("经办李", following, "accept", ACCEPT)

    old = world.page("经办李", world.item("经办李", running, "verify"))
    new = world.page("经办李", world.item("经办李", following, "verify"))
    assert (old.line.name, new.line.name) == ("现场核实", "入户核实")
    assert "核实情况" in labels(old)
    assert "现场看到的情况" in labels(new)

    world.do("经办李", following, "verify", verify_light("1200.00", NOW))
    assert world.item("审批赵", following, "approve_township")
    with pytest.raises(Refused, match=r"1000\.00"):
        world.do("经办李", running, "verify", verify_light("1200.00", NOW))


def test_adding_a_task_changes_the_path_of_the_next_case_only(world):
    running = world.to_payment()
    source = "processes/jining/emergency.bpmn"
    text = resolve(ROOT, LOCALITY).files[source].decode()
    flow = text[text.index('<bpmn:sequenceFlow id="flow_pay_record_payment"') :]
    flow = flow[: flow.index("/>") + 2]
    task = (
        '<bpmn:userTask id="second_look" name="发放复核"><bpmn:extensionElements>'
        '<zeebe:assignmentDefinition candidateGroups="township_approver" />'
        "</bpmn:extensionElements><bpmn:incoming>flow_pay_record_payment</bpmn:incoming>"
        "<bpmn:outgoing>flow_second_look</bpmn:outgoing></bpmn:userTask>"
        '<bpmn:sequenceFlow id="flow_second_look" sourceRef="second_look" '
        'targetRef="record_payment" />'
    )
    changed = flow.replace('targetRef="record_payment"', 'targetRef="second_look"')
    files = edited(
        [
            (source, flow, changed + task),
            (
                source,
                "<bpmn:incoming>flow_pay_record_payment</bpmn:incoming>\n      <bpmn:outgoing>",
                "<bpmn:incoming>flow_second_look</bpmn:incoming>\n      <bpmn:outgoing>",
            ),
        ]
    )
    county.publish(world.office, files)
    following = world.to_payment()
    world.do("经办李", running, "pay", county.slip_cash("1000.00", NOW))
    world.do("经办李", following, "pay", county.slip_cash("1000.00", NOW))
    assert len(world.case(running).slips) == 1
    assert world.case(following).slips == ()
    assert world.item("审批赵", following, "second_look")
