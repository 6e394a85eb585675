"""Taking a report or an application: from a window, the hotline, a village visit.

Who is asked first answers for the case until the township has accepted it (首问负责制,
S1 三(六), S3 二(二)). The questions are the start form of the locality's intake process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.cases import advance, attachments
from app.cases.office import Office
from app.cases.package import Package
from app.cases.places import places_for
from app.cases.separation import words
from app.cases.wording import option_label
from app.cases.work import CaseWork, instant_argument
from app.form import Form, Submission
from app.form.describe import mask_name
from app.kernel.clock import SHANGHAI, local
from app.kernel.errors import FieldProblem, Forbidden, Invalid, ModelError, Refused
from app.kernel.roles import ROLES, Level
from app.store import cases, instances, people, submissions
from app.store.cases import CaseRow
from app.store.people import OrganRow
from app.store.session import Actor, Unit

APPLICANT_KEYS = (
    "applicant_name",
    "applicant_id_number",
    "applicant_phone",
    "reporter_name",
    "reporter_phone",
    "address",
)
TITLE_CHARS = 60


@dataclass(frozen=True, slots=True)
class Door:
    """The start form of a locality's intake, ready to be shown."""

    locality: str
    process_id: str
    process_name: str
    hint: str
    form: Form
    context: Mapping[str, Any]  # townships and villages to choose from, for FEEL


def door(office: Office, actor: Actor) -> Door:
    """The intake form of the actor's locality; raises Forbidden, or ModelError when unpublished."""
    with office.database.read(actor) as unit:
        place = _place(unit, actor)
        locality = people.locality_of(unit, place.region)
        package = office.packages.current(unit, locality)
        process_id, form_id = _entry(package)
        definition = package.library.definition(process_id)
        start = definition.start()
        return Door(
            locality,
            process_id,
            definition.name,
            start.properties.get("hint", "") if start else "",
            package.form(form_id),
            places_for(unit, place),
        )


def report(
    office: Office,
    actor: Actor,
    submission: Submission,
    *,
    files: Mapping[str, bytes] | None = None,
    key: str | None = None,
    is_demo: bool = False,
) -> dict[str, Any]:
    """A case is open, its process has run to its first waits; answers case_id and case_no.

    Raises: Invalid with every field to mend; Forbidden; ModelError when nothing is published.
    """
    with office.database.read(actor) as unit:
        region = _place(unit, actor).region

    def body(unit: Unit) -> dict[str, Any]:
        place = _place(unit, actor)
        locality = people.locality_of(unit, place.region)
        package = office.packages.current(unit, locality)
        process_id, form_id = _entry(package)
        values = _answers(unit, place, package, form_id, submission)
        case = _open_case(unit, place, locality, package, values, is_demo=is_demo)
        work = _start(office, unit, package, case, process_id, values)
        _keep(work, form_id, values, files or {})
        return {"case_id": str(case.id), "case_no": case.case_no, "region": case.region}

    return office.database.run(actor, "case.report", key, body, region=region)


def _place(unit: Unit, actor: Actor) -> OrganRow:
    """The organ in which the actor takes reports: the first in which a role works on cases."""
    for role, organ_code in actor.roles:
        organ = people.organ(unit, organ_code)
        if organ is not None and organ.level != Level.CITY and ROLES[role].does_cases:
            return organ
    raise Forbidden("no_intake", "您的角色不登记报告和申请。")


def _entry(package: Package) -> tuple[str, str]:
    entries = package.entries()
    if len(entries) != 1:
        raise ModelError("政策包须有且只有一个带登记表单的受理流程。", found=list(entries))
    return next(iter(entries.items()))


def _answers(
    unit: Unit, place: OrganRow, package: Package, form_id: str, submission: Submission
) -> dict[str, Any]:
    form = package.form(form_id)
    outcome = form.validate(submission, context=places_for(unit, place), now=local(unit.now))
    if not outcome.ok:
        raise Invalid("请改正下列各项后再提交。", outcome.problems)
    township = people.organ(unit, str(outcome.values.get("township") or ""))
    village = people.organ(unit, str(outcome.values.get("village") or ""))
    if township is None or township.region != place.region:
        problem = FieldProblem("township", "乡镇（街道）", "请选择本县的乡镇（街道）。")
        raise Invalid("请选择乡镇（街道）。", [problem])
    if village is not None and village.parent != township.code:
        problem = FieldProblem(
            "village", "村（居）", f"所选村（居）不属于{township.name}，请重选。"
        )
        raise Invalid("村（居）与乡镇不符。", [problem])
    return outcome.values


def _open_case(
    unit: Unit,
    place: OrganRow,
    locality: str,
    package: Package,
    values: Mapping[str, Any],
    *,
    is_demo: bool,
) -> CaseRow:
    township, cause = str(values["township"]), str(values.get("cause") or "")
    reported_at = instant_argument(values, "reported_at", unit.now)
    if reported_at > unit.now:
        raise Refused("reported_in_future", "报告时间晚于现在，请核对。")
    case = cases.open_case(
        unit,
        place.region,
        locality=locality,
        township=township,
        village=str(values.get("village") or ""),
        cause=cause,
        title=option_label(package, "cause", cause)[:TITLE_CHARS],
        applicant_masked=mask_name(str(values.get("applicant_name") or "未")),
        applicant={key: values.get(key) for key in APPLICANT_KEYS if values.get(key)},
        id_number=str(values.get("applicant_id_number") or ""),
        reported_at=reported_at,
        channel=str(values.get("channel") or ""),
        organ_code=place.code,
        is_demo=is_demo,
    )
    if not unit.actor.holds("township_handler", township):
        organ = people.organ(unit, township)
        name = organ.name if organ else township
        cases.hand_over(
            unit, case, user_id="", user_name=name, organ_code=township, reason="报告转交乡镇受理"
        )
    return case


def _start(
    office: Office,
    unit: Unit,
    package: Package,
    case: CaseRow,
    process_id: str,
    values: Mapping[str, Any],
) -> CaseWork:
    start = package.library.definition(process_id).start()
    named = words(start.properties.get("facts", "")) if start else []
    facts = {
        "reported_at": case.reported_at.astimezone(SHANGHAI).isoformat(),
        "channel": case.channel,
        "township": case.township,
        "village": case.village,
        **{key: values.get(key) for key in named},
    }
    run, step = package.engine.start(process_id, facts, now=local(unit.now))
    row = instances.start(
        unit,
        case.region,
        case.id,
        deployment_id=package.id,
        process_id=process_id,
        state=run.dump(),
        codec_version=advance.CODEC_VERSION,
    )
    work = CaseWork(unit, office, package, case, row, run)
    unit.audit(
        case.region,
        case.id,
        "case.reported",
        ("case", case.id),
        {"channel": case.channel, "township": case.township, "deployment": package.id},
    )
    advance.carry(work, step)
    return work


def _keep(
    work: CaseWork, form_id: str, values: Mapping[str, Any], files: Mapping[str, bytes]
) -> None:
    attachments.keep(work, None, values, files)
    row = submissions.submit(
        work.unit,
        work.case.region,
        case_id=work.case.id,
        work_item_id=None,
        form_id=form_id,
        deployment_id=work.package.id,
        form_sha256=work.package.form_sha256(form_id),
        values=work.package.form(form_id).dump(values),
    )
    work.audit("submission.kept", ("submission", row.id), {"form": form_id})
