"""A step's own limit ends its work item; of a clock and an own limit the earlier end counts."""

from __future__ import annotations

import pytest

from tests import world as county
from tests.cases.test_publication_pins import edited
from tests.world import ACCEPT, World

EMERGENCY = "processes/jining/emergency.bpmn"
CLOCK = '<zeebe:property name="clock" value="first_relief" />'


@pytest.mark.parametrize(
    ("limit", "keeps_clock", "due"),
    [
        ("3 workdays", False, "2026-04-10T16:00:00+00:00"),  # Tuesday does not count
        ("2 calendar_days", False, "2026-04-09T16:00:00+00:00"),
        ("6 hours", True, "2026-04-07T08:05:00+00:00"),
        ("3 workdays", True, "2026-04-08T02:05:00+00:00"),  # the 24 hours end before
    ],
)
def test_step_is_due_by_its_own_limit(
    world: World, limit: str, keeps_clock: bool, due: str
) -> None:
    own = f'<zeebe:property name="limit" value="{limit}" />'
    files = edited([])
    before, mark, after = files[EMERGENCY].decode().partition('<bpmn:userTask id="verify"')
    after = after.replace(CLOCK, (CLOCK if keeps_clock else "") + own, 1)
    county.publish(world.office, {**files, EMERGENCY: (before + mark + after).encode()})
    case_id = world.report()
    world.do("经办李", case_id, "accept", ACCEPT)
    page = world.page("经办李", world.item("经办李", case_id, "verify"))
    assert page.line.due_at is not None
    assert page.line.due_at.isoformat() == due
