"""Scenario 1 as what people type on each page: a kitchen fire found by the hotline, 1000.00 yuan."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from app.kernel.clock import SHANGHAI
from tests.web.world import APPROVER, HANDLER, JIA, Site, token_in

HOTLINE = "rexian.chu"
REPORT = {
    "channel": "hotline",
    "reporter_name": "网格员",
    "applicant_name": "张演示三",
    "applicant_id_number": "370881190001010012",
    "applicant_kind": "family",
    "residence": "local",
    "area": "urban",
    "township": JIA,
    "village": "370881101201",
    "cause": "fire",
    "summary": "厨房失火，灶具和存粮烧毁，当晚没有吃住。",
}


@dataclass(frozen=True)
class Step:
    """One page somebody fills in."""

    at: str  # Shanghai wall time
    by: str  # log-in name
    item: str  # name of the work item
    answers: dict[str, str] = field(default_factory=dict)


STEPS = (
    Step(
        "10:20",
        HANDLER,
        "受理与分办",
        {
            "emergency_now": "yes",
            "irreversible_risk": "yes",
            "cause": "fire",
            "major_hardship": "no",
            "special_city": "no",
        },
    ),
    Step(
        "12:30",
        HANDLER,
        "现场核实",
        {
            "investigator_1": "经办李",
            "investigator_2": "调查王",
            "verified_at": "2026-04-07T12:10",
            "findings": "两人到场，情况与报告一致。",
            "emergency_confirmed": "yes",
            "degree": "light",
            "cash_amount": "1000.00",
        },
    ),
    Step(
        "14:00",
        APPROVER,
        "乡镇（街道）审批",
        {"relative_declaration": "none", "decision": "approve", "opinion": "情况属实，同意。"},
    ),
    Step(
        "16:45",
        HANDLER,
        "发放",
        {
            "method": "cash",
            "cash_amount": "1000.00",
            "paid_at": "2026-04-07T16:40",
            "payer_1": "经办李",
            "payer_2": "调查王",
            "receipt_kind": "recipient",
            "signer_name": "张演示三",
        },
    ),
    Step("17:00", HANDLER, "发布公示", {"place": "village_board", "checked": "true"}),
    Step(
        "17:20",
        HANDLER,
        "补登",
        {
            "recipient": "张演示三",
            "registered_cause": "fire",
            "registered_amount": "1000.00",
            "handler": "经办李",
            "sealed": "true",
        },
    ),
)


def set_clock(site: Site, clock: str) -> None:
    """The installation's clock stands at that time of Tuesday 2026-04-07 in Shanghai."""
    wall = datetime.fromisoformat(f"2026-04-07T{clock}")
    site.clock.set(wall.replace(tzinfo=SHANGHAI))


def report(site: Site, answers: dict[str, str] | None = None, login: str = HOTLINE) -> str:
    """The path of the case that was opened."""
    client = site.sign_in(login)
    page = client.get("/reports/new/").text
    answer = client.post(
        "/reports/new/", data={"csrf_token": token_in(page), **REPORT, **(answers or {})}
    )
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def item_path(site: Site, login: str, name: str) -> str:
    """The path of the named work item in the person's inbox."""
    page = site.sign_in(login).get("/inbox/").text
    found = re.search(rf'href="(/work-items/[^"]+)">{re.escape(name)}<', page)
    assert found, f"{name} is not in the inbox of {login}"
    return found.group(1)


def do(site: Site, step: Step, answers: dict[str, str] | None = None) -> None:
    """The step is done through its page, at its time of the day."""
    set_clock(site, step.at)
    path = item_path(site, step.by, step.item)
    client = site.sign_in(step.by)
    page = client.get(path).text
    data = {"csrf_token": token_in(page), **step.answers, **(answers or {})}
    answer = client.post(path, data=data)
    assert answer.status_code == 303, re.sub(r"\s+", " ", answer.text)[:6000]
