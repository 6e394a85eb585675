"""Matters (资金事项): a township's business with the county about money, carried by a diagram.

A matter is a case without a person: the January review and write-offs run in the same engine,
inbox and record as relief, and stay out of every list and count of relief. What begins here is
carried by the command that asked: `advance.carry`, or `work.beside` from within a call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.cases.office import Office
from app.cases.package import Package
from app.cases.work import CaseWork
from app.cases.work import begin as work_of
from app.kernel.errors import ModelError
from app.process.step import Step
from app.store import cases, people
from app.store.cases import MATTER, CaseRow
from app.store.session import Unit


def begin(
    office: Office,
    unit: Unit,
    region: str,
    process_id: str,
    facts: Mapping[str, Any],
    *,
    township: str,
    title: str,
) -> tuple[CaseWork, Step]:
    """The matter is numbered; its process has begun and is to be carried.

    Raises: ModelError when the locality's files in force have no such process.
    """
    locality = people.locality_of(unit, region)
    package = office.packages.current(unit, locality)
    if process_id not in package.library.process_ids:
        raise ModelError(f"本地区的政策包没有流程“{process_id}”，请政策管理员补上。")
    organ = people.organ(unit, township)
    name = organ.name if organ else township
    case = cases.open_case(
        unit,
        region,
        locality=locality,
        township=township,
        village="",
        cause=process_id,
        title=title,
        applicant_masked=name,
        applicant={},
        id_number="",
        reported_at=unit.now,
        channel="system",
        organ_code=township,
        kind=MATTER,
    )
    case.route = process_id
    return start(office, unit, package, case, process_id, facts)


def start(
    office: Office,
    unit: Unit,
    package: Package,
    case: CaseRow,
    process_id: str,
    facts: Mapping[str, Any],
) -> tuple[CaseWork, Step]:
    """One more process of the case has begun and is to be carried."""
    work, step = work_of(office, unit, package, case, process_id, facts)
    facts_kept = {"process": process_id, "township": case.township, "deployment": package.id}
    work.audit("process.started", ("instance", work.instance.id), facts_kept)
    return work, step
