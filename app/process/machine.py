"""What elements do: the meaning of each BPMN element over facts, decisions and events.

One machine serves one loaded instance. Whatever can not be done stops the token where it stands
and is told as an incident; nothing goes on past it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from app.process import limits
from app.process.facts import check_facts_size, copy_facts, from_plain, to_plain
from app.process.step import DecisionTaken, Incident, Passed
from app.process.timers import TimerProblemError, instant_of
from app.process.tokens import Case, Token

if TYPE_CHECKING:
    from app.process.library import Library


@dataclass(slots=True)
class Journal:
    """What happened in one command, in order."""

    now: datetime
    decisions: list[DecisionTaken] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)


class Machine:
    """The behaviour of one loaded instance."""

    def __init__(self, library: Library, case: Case) -> None:
        self.library = library
        self.case = case
        self.journal: Journal
        self.end_element_id = ""  # the end event of the root process reached last
        case.machine = self

    # -- notes ---------------------------------------------------------------------------------

    def passed_join(self, token: Token) -> None:
        """Count a join once per passage, however many tokens it took."""
        visits = token.workflow.visits
        visits[token.task_spec.name] = visits.get(token.task_spec.name, 0) + 1

    def passed_element(self, spec: Any) -> None:
        """Note that an element was completed."""
        kind = spec.element.kind
        self.journal.passed.append(Passed(spec.process_id, spec.element.id, kind))
        if kind == "endEvent" and spec._wf_spec is self.case.spec:
            self.end_element_id = spec.element.id

    def passed_flow(self, spec: Any, flow_id: str) -> None:
        """Note that a sequence flow was taken."""
        self.journal.passed.append(Passed(spec.process_id, flow_id, "sequenceFlow"))

    def stop(self, token: Token, code: str, message: str, facts: Mapping[str, Any] = {}) -> bool:
        """The token waits for a person to look; always False."""
        token._set_state(TaskState.STARTED)
        token.internal_data["stop"] = [code, message, to_plain(dict(facts))]
        self.journal.incidents.append(incident_of(token))
        return False

    def admit(self, token: Token) -> bool:
        """True when the element was not passed too often already."""
        data = token.internal_data
        if "in" in data:
            return True
        visits = token.workflow.visits
        name = token.task_spec.name
        if visits.get(name, 0) >= limits.LOOP_ROUNDS and "host" not in data:
            return self.stop(
                token,
                "limit",
                f"“{label_of(token)}”已经走了 {limits.LOOP_ROUNDS} 次，流程停在这里，"
                "请人工核查是否反复退回。",
            )
        data["in"] = True
        if not token.task_spec.joins:
            visits[name] = visits.get(name, 0) + 1
        return True

    # -- facts ---------------------------------------------------------------------------------

    def mapped(self, token: Token, lines: Any, context: Mapping[str, Any]) -> dict[str, Any] | None:
        """The values of mapping lines over `context`; None after stopping the token."""
        values: dict[str, Any] = {}
        for target, text in lines:
            answer = text.evaluate(context, self.journal.now)
            if answer.problem:
                what = f"“{label_of(token)}”的“{target}”算不出来：{answer.problem}"
                self.stop(token, "expression_error", what, {"expression": text.source})
                return None
            values[target] = answer.value
        return values

    def merge(self, token: Token, values: Mapping[str, Any]) -> None:
        """`values` are facts of the token's scope; by key, the last writer wins."""
        made = copy_facts(values)
        facts = token.workflow.facts
        check_facts_size({**facts, **made})
        facts.update(made)

    def conclude(self, token: Token, values: Mapping[str, Any]) -> bool:
        """What the outputs take from `values` is merged; False after stopping the token.

        Without outputs, a result variable takes the whole of `values`; without either, nothing.
        """
        spec = token.task_spec
        if spec.plan.outputs:
            context = {**token.workflow.facts, **values}
            made = self.mapped(token, spec.plan.outputs, context)
            if made is None:
                token.internal_data["answer"] = to_plain(dict(values))
                return False
            self.merge(token, made)
        elif spec.element.result_variable:
            self.merge(token, {spec.element.result_variable: dict(values)})
        return True

    # -- work and events -----------------------------------------------------------------------

    def open_work(self, token: Token) -> bool:
        """The task's inputs and due date are computed and frozen; False after stopping it."""
        plan = token.task_spec.plan
        inputs = self.mapped(token, plan.inputs, token.workflow.facts)
        if inputs is None:
            return False
        token.internal_data["inputs"] = to_plain(inputs)
        if plan.due is not None:
            answer = plan.due.evaluate({**token.workflow.facts, **inputs}, self.journal.now)
            problem = answer.problem
            if not problem and answer.value is not None:
                try:
                    due_at = instant_of(answer.value, end_of_day=True)
                    token.internal_data["due"] = due_at.isoformat()
                except TimerProblemError as error:
                    problem = str(error)
            if problem:
                what = f"“{label_of(token)}”的办理期限算不出来：{problem}"
                return self.stop(token, "expression_error", what, {"expression": plan.due.source})
        return True

    def await_event(self, token: Token) -> bool:
        """A timer's due date is computed and frozen; False after stopping it."""
        plan = token.task_spec.plan
        if plan.timer is None or "due" in token.internal_data:
            return True
        try:
            due = plan.timer.due(token.workflow.facts, self.journal.now)
        except TimerProblemError as problem:
            what = f"“{label_of(token)}”的到期时间算不出来：{problem}"
            expression = plan.timer.text.source
            return self.stop(token, "expression_error", what, {"expression": expression})
        token.internal_data["due"] = due.at.isoformat()
        if due.left:
            token.internal_data["cycle"] = [due.left, due.period_seconds]
        return True

    def trigger(self, token: Token) -> None:
        """A waiting event happened: its token may run, an interrupted activity is cancelled."""
        spec = token.task_spec
        host = token.workflow.tasks.get(token.internal_data.get("host"))
        token._ready()
        if host is None:
            return
        if spec.element.interrupting:
            host.cancel()
        else:
            token.internal_data.pop("host")
            self._wait_again(token, host)

    def _wait_again(self, token: Token, host: Token) -> None:
        """A non-interrupting event may happen again; a timer only as often as it says."""
        spec = token.task_spec
        if spec.plan.timer is None:
            host.task_spec.put_guard(host, spec.name)
            return
        left, period_seconds = token.internal_data.get("cycle", (0, 0))
        if left:
            due_seconds = datetime.fromisoformat(token.internal_data["due"]).timestamp()
            guard = token.workflow.put(spec.name, "")
            moment = datetime.fromtimestamp(due_seconds + period_seconds, self.journal.now.tzinfo)
            guard.internal_data.update(host=host.id, due=moment.isoformat())
            if left > 1:
                guard.internal_data["cycle"] = [left - 1, period_seconds]
            guard.task_spec._update(guard)

    def throw(self, token: Token) -> bool:
        """A terminate, error or escalation event has its effect; False when the token is gone."""
        event = token.task_spec.element.event
        if event is None:
            return True
        if event.kind == "terminate":
            token.workflow.clear(keep=token)
            return True
        guard = self._catcher(token, event.kind, event.code)
        if event.kind == "escalation":
            if guard is None:
                return True
            inside = guard.task_spec.element.interrupting
            if inside:
                self.passed_element(token.task_spec)
            self.trigger(guard)
            return not inside
        if guard is None:
            what = f"“{label_of(token)}”抛出的错误“{event.code}”没有边界事件接住。"
            return self.stop(token, "uncaught_error", what)
        self.passed_element(token.task_spec)
        self.trigger(guard)
        return False

    def _catcher(self, token: Token, kind: str, code: str) -> Token | None:
        """The nearest waiting boundary event around the token that catches the code."""
        scope = token.workflow
        while scope is not self.case:
            holder = self.case.find(scope.parent_task_id)
            if holder is None:
                return None
            scope = holder.workflow
            for exact in (code, ""):
                for guard in scope.tokens():
                    event = guard.task_spec.element.event
                    if (
                        guard.internal_data.get("host") == holder.id
                        and guard.state == TaskState.WAITING
                        and event is not None
                        and (event.kind, event.code) == (kind, exact)
                    ):
                        return guard
        return None

    # -- sub-processes -------------------------------------------------------------------------

    def enter(self, token: Token) -> bool:
        """The inside of an activity exists, with its facts; False after stopping the token."""
        spec = token.task_spec
        depth = 0 if token.workflow is self.case else token.workflow.depth
        if depth >= limits.SUBPROCESS_DEPTH:
            return self.stop(token, "limit", f"子流程嵌套超过 {limits.SUBPROCESS_DEPTH} 层。")
        if spec.element.kind != "callActivity":
            self.case.create_subprocess(token, spec.inside)
            return True
        facts = token.workflow.facts
        inputs = self.mapped(token, spec.plan.inputs, facts)
        if inputs is None:
            return False
        around = facts if spec.element.all_parent_facts else {}
        given = copy_facts({**around, **inputs})
        check_facts_size(given)
        part = self.case.create_subprocess(token, spec.inside)
        part.own_facts = given
        return True

    def leave(self, token: Token) -> bool:
        """What the inside found out is merged and the inside forgotten; False after stopping."""
        spec = token.task_spec
        part = self.case.subprocesses[token.id]
        if spec.element.kind == "callActivity":
            if spec.plan.outputs:
                context = {**token.workflow.facts, **part.facts}
                made = self.mapped(token, spec.plan.outputs, context)
                if made is None:
                    return False
                self.merge(token, made)
            elif spec.element.all_child_facts:
                self.merge(token, part.facts)
        self.case.drop_part(token)
        return True


def label_of(token: Token) -> str:
    """The element's label, or its id when it has none."""
    element = token.task_spec.element
    return str(element.name or element.id)


def incident_of(token: Token) -> Incident:
    """The incident a stopped token waits with."""
    code, message, facts = token.internal_data["stop"]
    spec = token.task_spec
    return Incident(
        str(token.id),
        spec.process_id,
        spec.element.id,
        spec.element.name,
        code,
        message,
        from_plain(facts),
    )
