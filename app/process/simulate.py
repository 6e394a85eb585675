"""One named situation carried through a process in memory, and compared with what is expected.

Policy staff's scenarios (`<process>.scenarios.yaml`) run through here at every check; the golden
test runs the same scenarios while saving and loading at each wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from app.kernel.clock import as_utc
from app.kernel.errors import AppError
from app.process.engine import Engine, Run
from app.process.facts import exact
from app.process.library import Library
from app.process.step import (
    Call,
    DecisionTaken,
    Incident,
    OpenedItem,
    Passed,
    Step,
    TimerSet,
)
from app.process.views import MessageWait

STEPS_PER_SCENARIO = 200  # scripted steps of one scenario
CALLS_PER_STEP = 100  # calls answered between two scripted steps
_START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # used when a scenario names no moment


@dataclass(slots=True)
class Outcome:
    """What one scenario did."""

    name: str  # the scenario's name
    passed: list[Passed] = field(default_factory=list)  # elements and flows, in order
    decisions: list[DecisionTaken] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)  # performed, in order
    incidents: list[Incident] = field(default_factory=list)  # met on the way
    facts: dict[str, Any] = field(default_factory=dict)  # of the root process, at the end
    waiting: tuple[str, ...] = ()  # element ids of open work items, timers and messages
    items: tuple[OpenedItem, ...] = ()  # work items that wait at the end
    timers: tuple[TimerSet, ...] = ()  # timers that wait at the end
    messages: tuple[MessageWait, ...] = ()  # message events that wait at the end
    scopes: dict[str, dict[str, Any]] = field(default_factory=dict)  # token of an item -> facts
    stopped: tuple[str, ...] = ()  # element ids that stopped and still wait for a person
    now: datetime = _START  # the moment of the last step
    done: int = 0  # scripted steps that were done
    ended: bool = False
    end_element_id: str = ""
    problems: list[str] = field(default_factory=list)  # Chinese: steps that could not be done

    @property
    def path(self) -> list[str]:
        """Ids of the passed elements, without flows."""
        return [p.element_id for p in self.passed if p.kind != "sequenceFlow"]

    @property
    def flows(self) -> list[str]:
        """Ids of the passed flows."""
        return [p.element_id for p in self.passed if p.kind == "sequenceFlow"]


def scenarios_of(document: Mapping[str, Any] | Sequence[Any]) -> list[dict[str, Any]]:
    """The scenarios of a file, each with the process it belongs to; a bare list names its own."""
    if not isinstance(document, Mapping):
        return [dict(item) for item in document]
    process_id = document.get("process", "")
    return [{"process": process_id, **item} for item in document.get("scenarios") or ()]


def simulate(
    library: Library,
    scenario: Mapping[str, Any],
    *,
    defaults: Mapping[str, Mapping[str, Any]] | None = None,
    between: Callable[[Run], Run] | None = None,
) -> Outcome:
    """Run the scenario; `defaults` answers calls it does not, `between` may replace the run.

    Answers are looked up by element id, then by call type, in the scenario, then in `defaults`;
    a call nobody answers gets the empty answer. `between` is called at every wait.
    """
    return _Player(library, scenario, defaults or {}, between).play()


def compare(outcome: Outcome, expect: Mapping[str, Any]) -> list[str]:
    """Chinese sentences for everything that is not as expected."""
    problems = list(outcome.problems)
    wanted = [str(item) for item in expect.get("path") or ()]
    missing = _first_missing(outcome.path, wanted)
    if missing:
        problems.append(f"没有按顺序走到“{missing}”，实际经过：{' → '.join(outcome.path)}。")
    for item in expect.get("not_path") or ():
        if item in outcome.path:
            problems.append(f"不应经过“{item}”。")
    for key, value in (expect.get("facts") or {}).items():
        got = outcome.facts.get(key)
        if got != _value(value):
            problems.append(f"事实“{key}”应为 {_value(value)!s}，实际为 {got!s}。")
    if "end" in expect and outcome.end_element_id != expect["end"]:
        where = outcome.end_element_id or "、".join((*outcome.waiting, *outcome.stopped)) or "无"
        problems.append(f"应结束于“{expect['end']}”，实际在：{where}。")
    if "waiting" in expect and set(outcome.waiting) != set(_listed(expect["waiting"])):
        problems.append(f"应等待 {expect['waiting']}，实际等待 {list(outcome.waiting)}。")
    stopped = set(_listed(expect.get("incident")))
    if set(outcome.stopped) != stopped:
        reasons = "；".join(i.message for i in outcome.incidents if i.element_id in outcome.stopped)
        problems.append(
            f"停下的环节应为 {sorted(stopped)}，实际为 {sorted(outcome.stopped)}。{reasons}"
        )
    return problems


def _first_missing(path: Sequence[str], wanted: Iterable[str]) -> str:
    rest = iter(path)
    return next((item for item in wanted if item not in rest), "")


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]


def _value(value: Any) -> Any:
    """A YAML value as a fact: decimals exact, dates and instants as ISO text like forms give."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return [_value(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _value(item) for key, item in value.items()}
    return exact(value)


def _moment(value: Any, otherwise: datetime) -> datetime:
    if value is None:
        return otherwise
    return as_utc(value if isinstance(value, datetime) else datetime.fromisoformat(str(value)))


class _Player:
    """Plays one scenario."""

    def __init__(
        self,
        library: Library,
        scenario: Mapping[str, Any],
        defaults: Mapping[str, Mapping[str, Any]],
        between: Callable[[Run], Run] | None,
    ) -> None:
        self.library = library
        self.scenario = scenario
        self.defaults = defaults
        self.between = between
        self.answers = {k: _listed_answers(v) for k, v in (scenario.get("answers") or {}).items()}
        self.now = _moment(scenario.get("now"), _START)
        self.outcome = Outcome(str(scenario.get("name", "")))
        self.run: Run

    def play(self) -> Outcome:
        """Start, do each scripted step, note where it ends."""
        try:
            facts = _value(self.scenario.get("facts") or {})
            engine = Engine(self.library)
            self.run, step = engine.start(str(self.scenario["process"]), facts, now=self.now)
        except (AppError, ValueError) as error:
            self.outcome.problems.append(f"情景没有走完：{error}")
            return self.outcome
        try:
            self._take(step)
            self._do_all()
        except (AppError, ValueError) as error:
            self.outcome.problems.append(f"情景没有走完：{error}")
        self._finish()
        return self.outcome

    def _do_all(self) -> None:
        for number, scripted in enumerate(self.scenario.get("steps") or (), 1):
            if number > STEPS_PER_SCENARIO:
                self.outcome.problems.append(f"步骤超过 {STEPS_PER_SCENARIO} 个。")
                return
            if not self._do(scripted, number):
                return
            self.outcome.done = number

    def _finish(self) -> None:
        """Where it stands, also when a step could not be done."""
        run, outcome = self.run, self.outcome
        outcome.facts, outcome.now = dict(run.facts), self.now
        outcome.waiting = tuple(wait.element_id for wait in _waits(run))
        outcome.items, outcome.timers, outcome.messages = run.waiting, run.timers, run.messages
        outcome.scopes = {item.token: dict(run.facts_at(item.token)) for item in run.waiting}
        outcome.stopped = tuple(incident.element_id for incident in run.incidents)
        outcome.ended = run.ended
        outcome.end_element_id = run.end_element_id

    def _do(self, scripted: Mapping[str, Any], number: int) -> bool:
        """One scripted step; False when it could not be done."""
        self.now = _moment(scripted.get("at"), self.now)
        values = _value(scripted.get("values") or {})
        if "complete" in scripted:
            token = _token_at(self.run.waiting, scripted["complete"])
            command = "complete"
        elif "fire" in scripted:
            timer = next((t for t in self.run.timers if t.element_id == scripted["fire"]), None)
            if timer is None:
                return self._miss(scripted["fire"], number)
            self._take(self._fire(timer))
            return True
        elif "send" in scripted:
            self._take(self.run.send(str(scripted["send"]), values, now=self.now))
            return True
        elif "retry" in scripted:
            token = _token_at(self.run.incidents, scripted["retry"])
            command = "retry"
        elif scripted.get("cancel"):
            self._take(self.run.cancel(now=self.now))
            return True
        else:
            self.outcome.problems.append(f"第 {number} 步没有写明要做什么。")
            return False
        if not token:
            return self._miss(scripted[command], number)
        if command == "retry":
            self._take(self.run.retry(token, now=self.now))
        else:
            self._take(self.run.complete(token, values, now=self.now))
        return True

    def _fire(self, timer: TimerSet) -> Step:
        self.now = max(self.now, timer.due_at)
        return self.run.fire(timer.token, now=self.now)

    def _miss(self, element_id: Any, number: int) -> bool:
        there = "、".join(wait.element_id for wait in _waits(self.run)) or "无"
        self.outcome.problems.append(f"第 {number} 步要办“{element_id}”，但此时等待的是：{there}。")
        return False

    def _take(self, step: Step) -> None:
        """Note a step and answer the calls it asks for, until none is open."""
        self._note(step)
        for _ in range(CALLS_PER_STEP):
            if self.between is not None and not self.run.ended:
                self.run = self.between(self.run)
            calls = self.run.calls
            if not calls:
                return
            call = calls[0]
            self.outcome.calls.append(call)
            self._note(self.run.answer(call.token, self._answer(call), now=self.now))
        self.outcome.problems.append(f"一步之内的调用超过 {CALLS_PER_STEP} 次。")

    def _note(self, step: Step) -> None:
        self.outcome.passed += step.passed
        self.outcome.decisions += step.decisions
        self.outcome.incidents += step.incidents

    def _answer(self, call: Call) -> dict[str, Any]:
        for key in (call.element_id, call.type):
            answers = self.answers.get(key)
            if answers:
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                return dict(_value(answer))
        for key in (call.element_id, call.type):
            if key in self.defaults:
                return dict(_value(self.defaults[key]))
        return {}


def _waits(run: Run) -> list[Any]:
    return [*run.waiting, *run.timers, *run.messages]


def _listed_answers(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _token_at(waits: Iterable[Any], element_id: Any) -> str:
    return next((wait.token for wait in waits if wait.element_id == element_id), "")
