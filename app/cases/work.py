"""One command on one case: what its steps share from the first line to the commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.cases.office import Office
from app.cases.package import Package
from app.decision.result import Result
from app.kernel.clock import SHANGHAI, local
from app.kernel.errors import ModelError
from app.process import Run
from app.process.step import Step
from app.store import cases, instances, submissions
from app.store.cases import CaseRow
from app.store.instances import InstanceRow
from app.store.session import Unit

CODEC_VERSION = 1  # of saved instances


@dataclass(slots=True)
class CaseWork:
    """A case opened for one command; the instance row is locked until the unit ends."""

    unit: Unit
    office: Office
    package: Package  # the deployment the instance is pinned to
    case: CaseRow
    instance: InstanceRow
    run: Run
    beside: list[tuple[CaseWork, Step]] = field(default_factory=list)  # steps of other instances
    depth: int = 0  # how many commands of other instances led to this one

    @property
    def now(self) -> datetime:
        """The instant of the command."""
        return self.unit.now

    def decide(self, decision_id: str, token: str, extra: Mapping[str, Any]) -> Result:
        """The answer of a decision over the facts at an open token and `extra`."""
        facts = {**self.run.facts_at(token), **extra}
        return self.package.decide(decision_id, facts, self.now)

    def answers(self, form_id: str) -> dict[str, Any]:
        """The newest submitted answers to that form in this case; {} when there are none."""
        rows = submissions.of_case(self.unit, self.case.region, self.case.id, form_id=form_id)
        if not rows:
            return {}
        form = self.package.form(form_id)
        return dict(form.load(submissions.values(self.unit, rows[-1])))

    def audit(self, action: str, target: tuple[str, object], body: Mapping[str, Any]) -> None:
        """The deed stands in the case's record."""
        self.unit.audit(self.case.region, self.case.id, action, target, body)

    def newest_answer(self, *keys: str) -> Any:
        """The newest submitted answer under any of the keys, whichever form asked; else None."""
        rows = submissions.of_case(self.unit, self.case.region, self.case.id)
        for row in reversed(rows):
            values = submissions.values(self.unit, row)
            for key in keys:
                if values.get(key):
                    return values[key]
        return None


def begin(
    office: Office,
    unit: Unit,
    package: Package,
    case: CaseRow,
    process_id: str,
    facts: Mapping[str, Any],
) -> tuple[CaseWork, Step]:
    """An instance of the process stands in the case; its first step is to be carried.

    facts: beside, or instead of, when and where the case was reported.
    """
    given = {
        "reported_at": case.reported_at.astimezone(SHANGHAI).isoformat(),
        "township": case.township,
        "village": case.village,
        **facts,
    }
    run, step = package.engine.start(process_id, given, now=local(unit.now))
    row = instances.start(
        unit,
        case.region,
        case.id,
        deployment_id=package.id,
        process_id=process_id,
        state=run.dump(),
        codec_version=CODEC_VERSION,
    )
    return CaseWork(unit, office, package, case, row, run), step


def open_work(office: Office, unit: Unit, region: str, instance_id: UUID) -> CaseWork:
    """The instance, locked and loaded; raises NotFound, or ModelError when its state is broken."""
    return _open(office, unit, instances.get(unit, region, instance_id, lock=True))


def open_view(office: Office, unit: Unit, region: str, instance_id: UUID) -> CaseWork:
    """The instance, loaded to be looked at; raises NotFound, ModelError."""
    return _open(office, unit, instances.get(unit, region, instance_id))


def _open(office: Office, unit: Unit, instance: InstanceRow) -> CaseWork:
    case = cases.get(unit, instance.region, instance.case_id)
    package = office.packages.load(unit, instance.deployment_id)
    return CaseWork(unit, office, package, case, instance, package.engine.load(instance.state))


def instant_argument(arguments: Mapping[str, Any], name: str, default: datetime) -> datetime:
    """The argument as an aware instant; `default` when absent, ModelError when it is none."""
    value = arguments.get(name)
    if value is None:
        return default
    try:
        instant = datetime.fromisoformat(str(value).split("@", 1)[0])
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ModelError(f"“{name}”应为带时区的时刻，现为“{value}”。", argument=name)
    return instant
