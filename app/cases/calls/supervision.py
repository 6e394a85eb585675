"""Calls of complaints, inspections and error cases: who is kept away, which cases, which pilots."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from app.cases import sampling
from app.cases.separation import words
from app.cases.work import CaseWork, instant_argument
from app.kernel.clock import SHANGHAI, as_utc
from app.kernel.errors import ModelError, Refused
from app.kernel.roles import ROLES, Level
from app.process.step import Call
from app.store import bars, cases, people, pilots, samples, work_items
from app.store.people import UserRow

MAX_POPULATION = 20_000  # cases of one inspection's period
MAX_SAMPLE = 30  # cases drawn at once
MAX_PILOTS = 10  # offered at once

_BETWEEN_NAMES = re.compile(r"[、，,；;\s]+")
_ABOVE = (Level.COUNTY, Level.CITY)


def bar(work: CaseWork, call: Call) -> dict[str, Any]:
    """Those the named forms speak of (`about_names`, `about_case_no`) are kept away from the case.

    A name shared by several bars them all; everybody who worked on the case complained of is
    barred. Answers how many, and whether one of them works for the county.
    """
    found: dict[str, tuple[UserRow, str]] = {}
    everybody = people.users(work.unit)
    for form_id in words(str(call.inputs.get("forms") or "")):
        answers = work.answers(form_id)
        named = set(filter(None, _BETWEEN_NAMES.split(str(answers.get("about_names") or ""))))
        involved = _workers(work, str(answers.get("about_case_no") or "").strip())
        for user in everybody:
            if user.name in named:
                found[str(user.id)] = user, "投诉、检查涉及本人"
            elif str(user.id) in involved:
                found[str(user.id)] = user, "办理过所投诉的个案"
    for user_id, (_, reason) in found.items():
        bars.bar(work.unit, work.case.region, work.case.id, user_id, reason)
    return {
        "barred": len(found),
        "county_staff": any(_is_county_staff(work, user) for user, _ in found.values()),
    }


def _workers(work: CaseWork, case_no: str) -> set[str]:
    """Ids of who took part in the case of that number; Refused when there is none."""
    if not case_no:
        return set()
    region = work.case.region
    rows = cases.find(work.unit, region=region, case_no=case_no)
    if not rows:
        if work.unit.actor.kind == "system":
            return set()  # the public may be mistaken; the screening asks again
        raise Refused("no_such_case", f"没有编号为 {case_no} 的个案，请核对；不知道可以不填。")
    items = work_items.of_case(work.unit, region, rows[0].id)
    hands = {hand for item in items for hand in (item.done_by, item.assignee) if hand}
    return hands | {rows[0].opened_by}


def _is_county_staff(work: CaseWork, user: UserRow) -> bool:
    return any(
        ROLES[role].level in _ABOVE and ROLES[role].does_cases
        for role, _organ in people.roles_of(work.unit, user.id)
        if role in ROLES
    )


def draw(work: CaseWork, call: Call) -> dict[str, Any]:
    """Cases of the asked days were drawn by a recorded seed; refused when there are none."""
    asked = work.answers(str(call.inputs.get("form") or ""))
    first, last = _day(asked.get("from_day")), _day(asked.get("to_day"))
    if first is None or last is None or first > last:
        raise Refused("wrong_days", "请写明抽查哪几天登记的个案，起始日不得晚于截止日。")
    size = int(asked.get("sample_size") or 0)
    if not 1 <= size <= MAX_SAMPLE:
        raise Refused("wrong_size", f"抽查件数应在 1 至 {MAX_SAMPLE} 之间。")
    township = str(asked.get("about_township") or "")
    population = cases.numbers_opened(
        work.unit,
        work.case.region,
        _midnight(first),
        _midnight(date.fromordinal(last.toordinal() + 1)),
        township=township,
        limit=MAX_POPULATION + 1,
    )
    if not population:
        raise Refused("nothing_to_draw", "这几天没有登记的个案，请改抽查范围。")
    if len(population) > MAX_POPULATION:
        raise Refused("too_many", f"范围内超过 {MAX_POPULATION} 件，请缩小抽查范围。")
    seed = sampling.seed_of(work.case.id, population)
    drawn = sampling.draw(seed, population, size)
    criteria = {
        "from_day": first.isoformat(),
        "to_day": last.isoformat(),
        "township": township,
        "size": size,
    }
    samples.add(
        work.unit,
        work.case.region,
        work.case.id,
        seed=seed,
        criteria=criteria,
        population=population,
        drawn=drawn,
    )
    return {
        "population": len(population),
        "drawn": len(drawn),
        "sample": "、".join(drawn),
        "seed": seed,
    }


def _day(answer: object) -> date | None:
    """The day a form's answer says (its text is ISO 8601), None when it says none."""
    try:
        return date.fromisoformat(str(answer))
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return as_utc(datetime.combine(day, time(0), SHANGHAI))


def list_pilots(work: CaseWork, call: Call) -> dict[str, Any]:
    """The pilots that ran at `at`, each as one line: number and title."""
    at = instant_argument(call.inputs, "at", work.now)
    rows = pilots.running_at(work.unit, work.case.region, at)
    if len(rows) > MAX_PILOTS:
        raise ModelError(f"同时进行的试点超过 {MAX_PILOTS} 项，请先清理。", found=len(rows))
    return {"pilots": [f"{row.pilot_no} {row.title}" for row in rows]}
