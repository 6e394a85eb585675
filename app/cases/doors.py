"""The doors of a locality: processes a person may start, each with a form, words and openers.

All of it stands on the start event of the process: its form, and the properties `opened_by`
(role codes; without them the role of its lane), `door_rank` (the lowest is the main door), `kind`
(what kind of case opens) and the words of the page. The role `applicant` is the public: such a
door opens without a log-in.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.cases.package import Package
from app.cases.separation import words
from app.kernel.roles import ROLES
from app.process.model import Element, ProcessDefinition
from app.store.cases import MATTER, RELIEF, SUPERVISION

PUBLIC_ROLE = "applicant"
LAST_RANK = 99  # of a door that names none
KINDS = (RELIEF, SUPERVISION, MATTER)


@dataclass(frozen=True, slots=True)
class Sign:
    """What stands on a door."""

    process_id: str
    name: str  # of the process
    form_id: str
    opened_by: tuple[str, ...]  # role codes
    rank: int  # the lowest stands first
    kind: str  # RELIEF | SUPERVISION | MATTER
    hint: str  # one sentence: what is asked
    question: str  # heading of the page
    button: str  # names the deed
    effect: str  # what follows at once
    afterwards: tuple[str, ...]  # what happens then, sentence by sentence

    @property
    def is_relief(self) -> bool:
        """True when a household's trouble comes in here."""
        return self.kind == RELIEF


def signs(package: Package, role: str = "") -> tuple[Sign, ...]:
    """The doors of the package, the main one first; of those that role may open, if named."""
    found = []
    for process_id in package.entries():
        definition = package.library.definition(process_id)
        start = definition.start()
        if start is not None:
            found.append(_sign(definition, start))
    fitting = (one for one in found if not role or role in one.opened_by)
    return tuple(sorted(fitting, key=lambda one: (one.rank, one.process_id)))


def _sign(definition: ProcessDefinition, start: Element) -> Sign:
    told = start.properties
    return Sign(
        process_id=definition.id,
        name=definition.name,
        form_id=start.form_id,
        opened_by=tuple(words(told.get("opened_by", ""))) or _lane_roles(start),
        rank=int(told["door_rank"]) if told.get("door_rank", "").isdigit() else LAST_RANK,
        kind=told["kind"] if told.get("kind") in KINDS else RELIEF,
        hint=told.get("hint", ""),
        question=told.get("question", definition.name),
        button=told.get("button", f"登记“{definition.name}”"),
        effect=told.get("effect", ""),
        afterwards=tuple(one for one in told.get("afterwards", "").split("。") if one.strip()),
    )


def _lane_roles(start: Element) -> tuple[str, ...]:
    return tuple(role.code for role in ROLES.values() if role.label == start.lane_name)
