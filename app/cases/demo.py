"""The demonstration: invented people and cases carried through the real verbs in past time.

`processes/<locality>/demo.toml` says who does what when, relative to an anchor; its head explains
the fields. The same file and the same anchor make the same cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from app.cases import demo_deeds, fund, intake, setup, timers, work_items
from app.cases.demo_deeds import BESIDE, NOTICE
from app.cases.office import Office
from app.cases.setup import Login
from app.cases.views.item import item_page
from app.cases.work_items import ItemRef
from app.form import Submission
from app.kernel.clock import SHANGHAI, FrozenClock, as_utc, legal_day
from app.kernel.errors import AppError, ModelError
from app.kernel.money import Money
from app.kernel.workdays import WorkCalendar
from app.ledger.accounts import Fund
from app.ledger.entry import Source
from app.store import cases as case_rows
from app.store import people
from app.store import work_items as item_rows
from app.store.session import SYSTEM

REPORT = "report"  # name of the first step of every case
MAX_DAYS_BACK = 800
DEEDS_TOGETHER = 50  # in one transaction: a commit for each would take minutes on a slow disk


@dataclass(slots=True)
class _Deed:
    """One thing somebody does at one moment."""

    at: datetime
    order: int  # within the file, for deeds of the same moment
    case: Mapping[str, Any]
    element: str  # REPORT, or the id of the work item's element
    login: str
    answers: Mapping[str, Any]
    reported: datetime
    step: Mapping[str, Any]  # as the file says it; {} for the report


def load(
    office: Office, models_dir: Path, locality: str, *, anchor: datetime | None = None
) -> list[Login]:
    """The locality's people may sign in and its cases stand where the file says.

    Cases are made only in a county that has none; answers the log-ins. `anchor` is the present
    moment of the demonstration, now if not given. Raises ModelError naming the case and step that
    the models do not take.
    """
    data = setup.read_toml(models_dir, locality, "demo")
    logins = setup.import_users(office, models_dir, locality)
    region = str(setup.read_toml(models_dir, locality, "locality").get("region", ""))
    with office.database.read() as unit:
        anchor = anchor or unit.now
        if not data.get("cases") or case_rows.count_by_status(unit, region):
            return logins
    deeds = sorted(_deeds(office.calendar, data, anchor), key=lambda deed: (deed.at, deed.order))
    clock = FrozenClock(deeds[0].at)
    past = Office(office.database.with_clock(clock), office.calendar, office.packages)
    _open_funds(past, data, region, {legal_day(deed.at).year for deed in deeds})
    made: dict[str, UUID] = {}
    for begin in range(0, len(deeds), DEEDS_TOGETHER):
        with past.database.gathered(SYSTEM) as database:
            here = Office(database, office.calendar, office.packages)
            for deed in deeds[begin : begin + DEEDS_TOGETHER]:
                clock.set(deed.at)
                timers.fire_due(here)
                _do(here, deed, region, made)
    clock.set(anchor)
    timers.fire_due(past)
    return logins


def _open_funds(office: Office, data: Mapping[str, Any], region: str, years: set[int]) -> None:
    for township, yuan in data.get("opening", {}).items():
        for year in sorted(years):
            fund.allot(
                office,
                SYSTEM,
                Fund(region, township, year),
                Money.from_yuan(str(yuan)),
                source=Source.COUNTY,
                document_no=str(data.get("marked_as", "")),
                key=f"opening:{township}:{year}",
            )


def _deeds(calendar: WorkCalendar, data: Mapping[str, Any], anchor: datetime) -> Iterator[_Deed]:
    order = 0
    for case in data["cases"]:
        reported = at = _reported_at(calendar, case, anchor)
        yield _Deed(at, order, case, REPORT, case["by"], case["report"], reported, {})
        moments = []
        for step in case["steps"]:
            at = min(_step_at(calendar, step, reported, at), as_utc(anchor))
            moments.append(at)
        for number, (at, step) in enumerate(zip(moments, case["steps"], strict=True)):
            order += 1
            common = data.get("answers", {}).get(step["do"], {})
            answers = {**common, **step.get("values", {})}
            told = {"held_at": moments[number + 1].isoformat()} if step["do"] == NOTICE else {}
            yield _Deed(
                at, order, case, step["do"], step["by"], answers, reported, {**step, **told}
            )
        order += 1


def _reported_at(calendar: WorkCalendar, case: Mapping[str, Any], anchor: datetime) -> datetime:
    if "hours_ago" in case:
        return as_utc(anchor) - timedelta(hours=float(case["hours_ago"]))
    day, remaining = legal_day(anchor), int(case["workdays_ago"])
    for _ in range(MAX_DAYS_BACK):
        if not remaining:
            break
        day -= timedelta(days=1)
        remaining -= calendar.is_workday(day)
    return _moment(day, case["at"])


def _step_at(
    calendar: WorkCalendar, step: Mapping[str, Any], reported: datetime, before: datetime
) -> datetime:
    if "on_workday" in step:
        day, _ = calendar.nth_workday(legal_day(reported), int(step["on_workday"]))
        return _moment(day, step["at"])
    return before + timedelta(hours=float(step.get("after_hours", 0)))


def _moment(day: date, at: object) -> datetime:
    clock_time = at if isinstance(at, time) else time.fromisoformat(str(at))
    return as_utc(datetime.combine(day, clock_time, SHANGHAI))


def _do(office: Office, deed: _Deed, region: str, made: dict[str, UUID]) -> None:
    key = f"demo:{deed.case['key']}:{deed.order}"
    if deed.element in BESIDE:
        demo_deeds.do(office, deed.login, deed.element, region, made[deed.case["key"]], deed.step)
        return
    with office.database.read() as unit:
        row = people.user_by_login(unit, deed.login)
        if row is None:
            raise ModelError(f"演示个案 {deed.case['key']} 的办理人“{deed.login}”不在人员之列。")
        actor = people.actor_of(unit, row)
    answers = _filled(deed.answers, deed)
    if deed.element == REPORT:
        form = intake.door(office, actor).form
        answer = intake.report(office, actor, form.parse_json(answers), key=key, is_demo=True)
        made[deed.case["key"]] = UUID(answer["case_id"])
        return
    ref = _item(office, deed, region, made[deed.case["key"]])
    page = item_page(office, actor, ref)
    if page.form is None or page.submission is None:
        raise ModelError(f"演示个案 {deed.case['key']} 的“{deed.element}”没有表单。")
    sent = page.form.parse_json(answers).raw
    filled = Submission({**page.submission.raw, **{name: sent[name] for name in answers}})
    try:
        work_items.complete(office, actor, ref, filled, key=key)
    except AppError as error:
        problems = "；".join(one.message for one in getattr(error, "problems", ()))
        what = f"演示个案 {deed.case['key']} 的“{deed.element}”办不下去：{error.message}{problems}"
        raise ModelError(what, key=deed.case["key"]) from error


def _item(office: Office, deed: _Deed, region: str, case_id: UUID) -> ItemRef:
    with office.database.read() as unit:
        for item in item_rows.of_case(unit, region, case_id, waiting_only=True):
            if item.element_id == deed.element:
                return ItemRef(region, item.id)
    raise ModelError(
        f"演示个案 {deed.case['key']} 没有走到“{deed.element}”。", key=deed.case["key"]
    )


def _filled(answers: Mapping[str, Any], deed: _Deed) -> dict[str, Any]:
    moments = {"@now": deed.at, "@reported": deed.reported}
    return {
        name: moments[value].astimezone(SHANGHAI).isoformat(timespec="minutes")
        if isinstance(value, str) and value in moments
        else value
        for name, value in answers.items()
    }
