"""What anybody may hand in without a log-in: complaints, through the doors open to the public.

The county's own files say which doors these are (`cases.doors`). Nothing of what was handed in is
shown again; the answer goes to whoever left a telephone number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.cases import intake
from app.cases.doors import PUBLIC_ROLE, Sign, signs
from app.cases.intake import Door
from app.cases.office import Office
from app.form import Submission
from app.kernel.errors import Forbidden, ModelError, NotFound, Refused
from app.kernel.roles import Level
from app.store import cases, people

MAX_PER_DAY = 200  # handed in by the public in one county within 24 hours


@dataclass(frozen=True, slots=True)
class PublicDoors:
    """A county with its doors that open without a log-in."""

    region: str
    organ: str
    signs: tuple[Sign, ...]


def public_doors(office: Office) -> tuple[PublicDoors, ...]:
    """Every county that has such a door, by code."""
    with office.database.read(intake.PUBLIC) as unit:
        found = []
        for organ in people.organs(unit):
            if organ.level != Level.COUNTY or organ.code != organ.region:
                continue
            try:
                package = office.packages.current(unit, people.locality_of(unit, organ.region))
            except ModelError:
                continue  # nothing is published there yet
            if open_to_all := signs(package, PUBLIC_ROLE):
                found.append(PublicDoors(organ.region, organ.name, open_to_all))
        return tuple(sorted(found, key=lambda one: one.region))


def door(office: Office, region: str, process_id: str) -> Door:
    """The form of that public door; raises NotFound when it is not open to the public."""
    try:
        return intake.door(office, intake.public_actor(region), process_id)
    except (Forbidden, ModelError):
        raise NotFound("no_door", "没有这个页面，或者本地没有开通。") from None


def hand_in(
    office: Office,
    region: str,
    process_id: str,
    submission: Submission,
    *,
    files: Mapping[str, bytes] | None = None,
    key: str | None = None,
) -> dict[str, Any]:
    """The matter is registered; answers its number. Refused when too many came in a day."""
    door(office, region, process_id)
    actor = intake.public_actor(region)
    with office.database.read(actor) as unit:
        since = unit.now - timedelta(days=1)
        if cases.count_opened(unit, region, by=actor.user_id, since=since) >= MAX_PER_DAY:
            raise Refused("too_many", "今天网上收到的太多，请到窗口、打社会救助热线或者来信反映。")
    return intake.report(office, actor, submission, process_id=process_id, files=files, key=key)
