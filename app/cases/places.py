"""The townships and villages of a county as options that forms may offer in FEEL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.kernel.roles import Level
from app.store import people
from app.store.people import OrganRow
from app.store.session import Unit

Places = dict[str, Any]
"""townships and villages: lists of {label, value, parent}, in order of their codes."""


def places_of(unit: Unit, region: str) -> Places:
    """Every township and village of the county."""
    return as_options(people.organs(unit, region))


def places_for(unit: Unit, place: OrganRow) -> Places:
    """Those that somebody who works in that organ may register for."""
    organs = people.organs(unit, place.region)
    if place.level == Level.COUNTY:
        return as_options(organs)
    within = people.organs_below(unit, place.code)
    above = {organ.code for organ in people.organ_and_above(unit, place.code)}
    return as_options(organ for organ in organs if organ.code in within | above)


def as_options(organs: Iterable[OrganRow]) -> Places:
    """The organs as `townships` and `villages`."""
    rows = list(organs)
    return {"townships": _of(rows, Level.TOWNSHIP), "villages": _of(rows, Level.VILLAGE)}


def _of(organs: list[OrganRow], level: Level) -> list[dict[str, str]]:
    return [
        {"label": organ.name, "value": organ.code, "parent": organ.parent or ""}
        for organ in organs
        if organ.level == level
    ]
