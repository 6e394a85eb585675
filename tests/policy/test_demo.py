"""The demonstration data: people for every role, invented households, cases that can be played.

What the loader makes of them is tested with the loader.
"""

from __future__ import annotations

import tomllib
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.form.id_card import id_fault
from app.kernel.clock import SHANGHAI
from app.kernel.roles import ROLES, Level
from app.process import Engine, Run
from tests.policy.pack import ROOT, calendar, forms, library, toml

DEMO = tomllib.loads((ROOT / "processes/jining/demo.toml").read_text("utf-8"))
ORGANS = {organ["code"]: organ for organ in toml("processes/jining/organs.toml")["organs"]}
ANCHOR = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
DONE = ("relieved", "refused", "transferred")


def test_somebody_holds_every_role() -> None:
    held = {post["role"] for user in DEMO["users"] for post in user["roles"]}
    assert held == set(ROLES)


def test_people_serve_organs_of_their_level() -> None:
    for user in DEMO["users"]:
        for post in user["roles"]:
            level = ROLES[post["role"]].level
            assert level in (Level.NONE, ORGANS[post["organ"]]["level"]), user["login"]


def test_each_township_can_work_alone() -> None:
    needed = {"township_handler": 2, "township_approver": 1, "window_clerk": 1}
    for code in (code for code, organ in ORGANS.items() if organ["level"] == "township"):
        posts = [p["role"] for user in DEMO["users"] for p in user["roles"] if p["organ"] == code]
        assert all(posts.count(role) >= count for role, count in needed.items()), code


def test_parents_stand_before_their_organs() -> None:
    seen: set[str] = {""}
    for organ in ORGANS.values():
        assert organ["parent"] in seen, organ["code"]
        seen.add(organ["code"])


def test_people_and_households_are_plainly_invented() -> None:
    assert DEMO["marked_as"] == "演示"
    assert len({user["login"] for user in DEMO["users"]}) == len(DEMO["users"])
    numbers = [case["report"]["applicant_id_number"] for case in DEMO["cases"]]
    assert len(set(numbers)) == len(numbers)
    for case in DEMO["cases"]:
        number = case["report"]["applicant_id_number"]
        assert number[6:14] == "19000101"
        assert id_fault(number, ANCHOR.date()) == ""
        assert "演示" in case["report"]["applicant_name"]


def reached(start: str) -> set[str]:
    """The process and all it calls: what a reported case can be in."""
    found, newest = {start}, {start}
    while newest:
        elements = [e for name in newest for e in library().definition(name).elements.values()]
        newest = {e.called_process for e in elements if e.called_process} - found
        found |= newest
    return found


def test_there_are_cases_in_every_state() -> None:
    wanted = {
        one
        for case in DEMO["cases"]
        for one in ([case["until"]] if isinstance(case["until"], str) else case["until"])
    }
    waits = {
        e.id
        for name in reached("intake")
        for e in library().definition(name).elements.values()
        if e.kind == "userTask"
    }
    assert wanted == waits | set(DONE)
    assert len(DEMO["cases"]) >= 40


class Player:
    """Plays all cases in order of time on the pure engines, with one reserve per township."""

    def __init__(self) -> None:
        self.engine = Engine(library())
        self.runs: dict[str, Run] = {}
        self.reported: dict[str, datetime] = {}
        self.balance = {code: Decimal(text) for code, text in DEMO["opening"].items()}
        self.problems: list[str] = []
        self.doers: dict[tuple[str, str], set[str]] = {}
        self.rounds: dict[str, int] = {}
        self.paid_at = ""

    def play(self) -> None:
        events = [event for case in DEMO["cases"] for event in self._events(case)]
        for at, _, case, step in sorted(events, key=lambda event: (event[0], event[1])):
            if step is None:
                self._report(case, at)
                continue
            self._wait(case, at)
            if step["do"] == "public_objection":
                self.runs[case["key"]].send("objection", {}, now=at)
                self._answer(case, at)
            elif step["do"] == "hold_meeting":
                self._hold(case, step, at)
            elif step["do"] != "notice_meeting":
                self._do(case, step, at)
        for case in DEMO["cases"]:
            self._wait(case, ANCHOR)

    def _wait(self, case: dict[str, Any], at: datetime) -> None:
        """What fell due in the case by that moment has happened."""
        run = self.runs[case["key"]]
        for timer in [one for one in run.timers if one.due_at <= at]:
            if timer.token in {one.token for one in run.timers}:
                run.fire(timer.token, now=at)
                self._answer(case, at)

    def _hold(self, case: dict[str, Any], step: dict[str, Any], at: datetime) -> None:
        """The votes of the file counted by the shipped rules."""
        run, recused = self.runs[case["key"]], step.get("recused", [])
        cast = {name: Decimal(len(step.get(name, []))) for name in ("yes", "no", "abstain")}
        members = [u["login"] for u in DEMO["users"] if "meeting_member" in str(u["roles"])]
        eligible = Decimal(len(set(members) - set(recused)))
        counts = {"eligible": eligible, "present": sum(cast.values()), **cast}
        model, _ = library().decision("vote_result")
        facts = {**counts, "meeting_mode": "special"}
        said = model.evaluate("vote_result", facts, now=at).value
        answers = {
            **counts,
            "passed": said["passed"],
            "outcome": said["outcome"],
            "head_competent": "zuzhang.zhu" not in recused,
            "convener_competent": "zhaoji.qin" not in recused,
            "sent_to": step.get("sent_to") or None,
        }
        item = next(one for one in run.waiting if one.element_id == "hold_meeting")
        run.complete(item.token, answers, now=at)
        self._answer(case, at)

    def _events(self, case: dict[str, Any]) -> list[Any]:
        at = self._reported_at(case)
        events: list[Any] = [(at, case["key"] + "-00", case, None)]
        for number, step in enumerate(case["steps"], 1):
            if "after_hours" in step:
                at += timedelta(hours=step["after_hours"])
            else:
                day, _ = calendar().nth_workday(events[0][0].date(), step["on_workday"])
                at = datetime.combine(day, time.fromisoformat(step["at"]), SHANGHAI)
            assert at <= ANCHOR, (case["key"], step["do"])
            events.append((at, f"{case['key']}-{number:02d}", case, step))
        return events

    def _reported_at(self, case: dict[str, Any]) -> datetime:
        if "hours_ago" in case:
            return ANCHOR - timedelta(hours=case["hours_ago"])
        day, left = ANCHOR.date(), case["workdays_ago"]
        while left:
            day -= timedelta(days=1)
            left -= calendar().is_workday(day)
        return datetime.combine(day, time.fromisoformat(case["at"]), SHANGHAI)

    def _ask(self, form: str, values: dict[str, Any], facts: dict[str, Any], at: datetime) -> Any:
        outcome = forms()[form].validate(forms()[form].parse_json(values), context=facts, now=at)
        self.problems += [f"{form}: {problem}" for problem in outcome.problems]
        return outcome.values

    def _report(self, case: dict[str, Any], at: datetime) -> None:
        levels = {
            level: [
                {"label": o["name"], "value": o["code"], "parent": o["parent"]}
                for o in ORGANS.values()
                if o["level"] == level
            ]
            for level in ("township", "village")
        }
        context = {"townships": levels["township"], "villages": levels["village"]}
        values = self._ask("report", case["report"], context, at)
        names = ("channel", "township", "village", "applicant_kind", "residence", "area", "cause")
        facts = {"reported_at": at.isoformat(), **{name: values[name] for name in names}}
        self.runs[case["key"]], _ = self.engine.start("intake", facts, now=at)
        self._answer(case, at)

    def _do(self, case: dict[str, Any], step: dict[str, Any], at: datetime) -> None:
        key, run = case["key"], self.runs[case["key"]]
        item = next((one for one in run.waiting if one.element_id == step["do"]), None)
        if item is None:
            self.problems.append(f"{key}: {step['do']} does not wait")
            return
        values = {**DEMO["answers"].get(step["do"], {}), **step.get("values", {})}
        values = {
            name: at.isoformat() if value == "@now" else value for name, value in values.items()
        }
        known = {**run.facts_at(item.token), **item.inputs}
        answers = self._ask(item.form_id, values, known, at)
        self.paid_at = answers.get("paid_at", self.paid_at)
        for check in filter(None, item.properties.get("check", "").split(",")):
            model, _ = library().decision(check)
            said = model.evaluate(check, {**known, **answers}, now=at).value
            if not said or not said["allowed"]:
                self.problems.append(f"{key}: {step['do']}: {said}")
        for other in filter(None, item.properties.get("not_done_by", "").split(",")):
            if step["by"] in self.doers.get((key, other), ()):
                self.problems.append(f"{key}: {step['by']} did {other} and {step['do']}")
        self.doers.setdefault((key, step["do"]), set()).add(step["by"])
        run.complete(item.token, answers, now=at)
        self._answer(case, at)

    def _answer(self, case: dict[str, Any], at: datetime) -> None:
        run, township = self.runs[case["key"]], case["report"]["township"]
        while run.calls:
            call, answer = run.calls[0], {}
            if call.type == "fund.hold" and call.inputs.get("source") == "county":
                answer = {"held": True, "balance": Decimal(0), "shortfall": Decimal(0)}
            elif call.type == "fund.hold":
                free, asked = self.balance[township], call.inputs["amount"]
                held = free >= asked
                self.balance[township] -= asked if held else 0
                answer = {"held": held, "balance": free, "shortfall": max(asked - free, Decimal(0))}
            if call.type == "notice.publish" and call.inputs.get("days"):
                day, _ = calendar().nth_workday(at.date(), int(call.inputs["days"]))
                end = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
                answer = {"until": end.isoformat()}
            if call.type == "meeting.convene":
                self.rounds[case["key"]] = self.rounds.get(case["key"], 0) + 1
                answer = {"meeting_no": "演-会-1", "round": Decimal(self.rounds[case["key"]])}
            if call.type == "payment.pay":
                answer = {"paid_at": self.paid_at, "voucher_no": "演-0001"}
            if call.type == "clock.stop":
                late = any(word in case["note"] for word in ("补登晚", "补登超期"))
                answer = {"late": late and call.inputs["key"] == "catchup"}
            run.answer(call.token, answer, now=at)
        self.problems += [f"{case['key']}: {one.message}" for one in run.incidents]


@pytest.fixture(scope="module")
def player() -> Player:
    played = Player()
    played.play()
    return played


def test_every_answer_is_accepted(player: Player) -> None:
    assert player.problems == []


def test_every_case_stops_where_it_should(player: Player) -> None:
    for case in DEMO["cases"]:
        run, until = player.runs[case["key"]], case["until"]
        if until in DONE:
            assert run.ended, case["key"]
        else:
            waiting = {item.element_id for item in run.waiting}
            assert waiting == ({until} if isinstance(until, str) else set(until)), case["key"]


def test_one_township_has_used_up_its_reserve(player: Player) -> None:
    assert min(player.balance.values()) >= 0
    assert min(player.balance.values()) < Decimal("1000.00")
