"""Taking a report or an application: from a window, the hotline, a village visit.

Who is asked first answers for the case until the township has accepted it (首问负责制,
S1 三(六), S3 二(二)). The questions are the start form of the process whose door is used
(`cases.doors`). A supervision case (a complaint, an audit issue, an inspection) belongs to the
county: no township sees it, and who complained stands in the sealed data only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.cases import advance, attachments, doors, households
from app.cases.doors import PUBLIC_ROLE, Sign
from app.cases.office import Office
from app.cases.package import Package
from app.cases.places import places_for
from app.cases.separation import words
from app.cases.wording import option_label
from app.cases.work import CaseWork, begin, instant_argument
from app.form import Form, Submission
from app.form.describe import mask_name
from app.kernel.clock import local
from app.kernel.errors import FieldProblem, Forbidden, Invalid, Refused
from app.kernel.roles import Level
from app.process.step import Step
from app.store import cases, people, submissions
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
    """The start form of a process, ready to be shown."""

    locality: str
    region: str  # the county in which a case would open
    sign: Sign
    form: Form
    context: Mapping[str, Any]  # townships and villages to choose from, for FEEL


PUBLIC = Actor(user_id="public", name="公众", kind="system")


def public_actor(region: str) -> Actor:
    """Anybody, at the doors of that county which open without a log-in."""
    return replace(PUBLIC, roles=((PUBLIC_ROLE, region),))


def signs(office: Office, actor: Actor) -> tuple[Sign, ...]:
    """The doors the actor may use, the main one first; () when there are none."""
    with office.database.read(actor) as unit:
        return tuple(sign for sign, _place in _ways(office, unit, actor))


def door(office: Office, actor: Actor, process_id: str = "") -> Door:
    """The start form of that process, of the actor's main door when none is named.

    Raises: Forbidden when the actor may not open it; ModelError when nothing is published.
    """
    with office.database.read(actor) as unit:
        sign, place = _way(office, unit, actor, process_id)
        locality = people.locality_of(unit, place.region)
        form = office.packages.current(unit, locality).form(sign.form_id)
        return Door(locality, place.region, sign, form, places_for(unit, place))


def report(
    office: Office,
    actor: Actor,
    submission: Submission,
    *,
    process_id: str = "",
    files: Mapping[str, bytes] | None = None,
    key: str | None = None,
    is_demo: bool = False,
) -> dict[str, Any]:
    """A case is open, its process has run to its first waits; answers case_id and case_no.

    Raises: Invalid with every field to mend; Forbidden; ModelError when nothing is published.
    """
    with office.database.read(actor) as unit:
        region = _way(office, unit, actor, process_id)[1].region

    def body(unit: Unit) -> dict[str, Any]:
        sign, place = _way(office, unit, actor, process_id)
        locality = people.locality_of(unit, place.region)
        package = office.packages.current(unit, locality)
        values = _answers(unit, place, package, sign, submission)
        case = _open_case(unit, place, package, sign, values, is_demo=is_demo)
        if sign.kind == cases.SUPERVISION:
            values = {name: said for name, said in values.items() if name not in APPLICANT_KEYS}
        work, step = _start(office, unit, package, case, sign.process_id, values)
        _keep(work, sign.form_id, values, files or {})
        advance.carry(work, step)
        return {"case_id": str(case.id), "case_no": case.case_no, "region": case.region}

    return office.database.run(actor, "case.report", key, body, region=region)


def _ways(office: Office, unit: Unit, actor: Actor) -> list[tuple[Sign, OrganRow]]:
    """Every door the actor may use, with the organ in which the actor stands before it."""
    found: dict[str, tuple[Sign, OrganRow]] = {}
    for role, organ_code in actor.roles:
        organ = people.organ(unit, organ_code)
        if organ is None or organ.level == Level.CITY:
            continue
        package = office.packages.current(unit, people.locality_of(unit, organ.region))
        for sign in doors.signs(package, role):
            if sign.kind != cases.MATTER:
                found.setdefault(sign.process_id, (sign, organ))
    return sorted(found.values(), key=lambda way: (way[0].rank, way[0].process_id))


def _way(office: Office, unit: Unit, actor: Actor, process_id: str) -> tuple[Sign, OrganRow]:
    for sign, place in _ways(office, unit, actor):
        if process_id in ("", sign.process_id):
            return sign, place
    raise Forbidden("no_intake", "您的角色不登记这类报告和申请。")


def _answers(
    unit: Unit, place: OrganRow, package: Package, sign: Sign, submission: Submission
) -> dict[str, Any]:
    form = package.form(sign.form_id)
    outcome = form.validate(submission, context=places_for(unit, place), now=local(unit.now))
    if not outcome.ok:
        raise Invalid("请改正下列各项后再提交。", outcome.problems)
    if sign.kind != cases.SUPERVISION:
        _require_place(unit, place, outcome.values)
    return outcome.values


def _require_place(unit: Unit, place: OrganRow, values: Mapping[str, Any]) -> None:
    """Raises Invalid unless township and village are the county's and fit each other."""
    township = people.organ(unit, str(values.get("township") or ""))
    village = people.organ(unit, str(values.get("village") or ""))
    if township is None or township.region != place.region:
        problem = FieldProblem("township", "乡镇（街道）", "请选择本县的乡镇（街道）。")
        raise Invalid("请选择乡镇（街道）。", [problem])
    if village is not None and village.parent != township.code:
        problem = FieldProblem(
            "village", "村（居）", f"所选村（居）不属于{township.name}，请重选。"
        )
        raise Invalid("村（居）与乡镇不符。", [problem])


def _open_case(
    unit: Unit,
    place: OrganRow,
    package: Package,
    sign: Sign,
    values: Mapping[str, Any],
    *,
    is_demo: bool,
) -> CaseRow:
    """The case; of a household's trouble the township is asked to take over."""
    relief, cause = sign.kind == cases.RELIEF, str(values.get("cause") or "")
    reported_at = instant_argument(values, "reported_at", unit.now)
    if reported_at > unit.now:
        raise Refused("reported_in_future", "报告时间晚于现在，请核对。")
    who = mask_name(str(values.get("applicant_name") or "未"))
    title = option_label(package, "cause", cause) if relief else sign.name
    case = cases.open_case(
        unit,
        place.region,
        locality=people.locality_of(unit, place.region),
        township=str(values["township"]) if relief else "",
        village=str(values.get("village") or "") if relief else "",
        cause=cause,
        title=title[:TITLE_CHARS],
        applicant_masked=who if relief else "保密",
        applicant={key: values.get(key) for key in APPLICANT_KEYS if values.get(key)},
        id_number=str(values.get("applicant_id_number") or ""),
        reported_at=reported_at,
        channel=str(values.get("channel") or ""),
        organ_code=place.code,
        is_demo=is_demo,
        kind=sign.kind,
    )
    if relief:
        _ask_township(unit, case)
    elif unit.actor.kind == PUBLIC.kind:  # nobody was asked in person: the county answers for it
        cases.hand_over(unit, case, user_id="", user_name=place.name, organ_code=place.code)
        cases.accept_handover(unit, case)
    return case


def _ask_township(unit: Unit, case: CaseRow) -> None:
    """Who registered answers for the case until the township has accepted it."""
    if unit.actor.holds("township_handler", case.township):
        return
    organ = people.organ(unit, case.township)
    cases.hand_over(
        unit,
        case,
        user_id="",
        user_name=organ.name if organ else case.township,
        organ_code=case.township,
        reason="报告转交乡镇受理",
    )


def _start(
    office: Office,
    unit: Unit,
    package: Package,
    case: CaseRow,
    process_id: str,
    values: Mapping[str, Any],
) -> tuple[CaseWork, Step]:
    """The instance stands before its first calls, which may read what is kept meanwhile."""
    start = package.library.definition(process_id).start()
    named = words(start.properties.get("facts", "")) if start else []
    facts = {
        "channel": case.channel,
        "township": case.township or values.get("township"),
        "village": case.village or values.get("village"),
        **{key: values.get(key) for key in named},
    }
    work, step = begin(office, unit, package, case, process_id, facts)
    unit.audit(
        case.region,
        case.id,
        "case.reported",
        ("case", case.id),
        {"channel": case.channel, "township": case.township, "deployment": package.id},
    )
    return work, step


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
    households.learn(work, form_id, values)
