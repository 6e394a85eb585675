"""What a token does at each kind of element: SpiffWorkflow task specs without its data handling.

A spec holds no state of an instance; one set of specs serves every instance of a deployment.
Joins count arrivals per incoming flow, as BPMN says; they are ours because Spiff's look at
predicted tasks and merge data by position.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from app.process.judging import choose, decide, run_script
from app.process.model import Element
from app.process.plan import Plan
from app.process.tokens import Token


@dataclass(frozen=True, slots=True)
class Way:
    """One outgoing flow of a spec."""

    flow_id: str
    target: str  # name of the spec it leads to


class ScopeSpec(BpmnProcessSpec):
    """The executable form of one process or one embedded sub-process."""

    def __init__(self, name: str, process_id: str) -> None:
        WorkflowSpec.__init__(self, name=name)
        self.process_id = process_id
        self.first = ""  # name of the start event's spec
        self.data_objects: dict[str, Any] = {}
        self.bpmn_start_events: list[Any] = []
        self.start = BpmnStartTask(self, "#start")


class Node(BpmnTaskSpec):
    """An element; alone it lets tokens pass."""

    rechecks = False  # True: look again whenever another token moved
    joins = False  # True: several tokens may arrive for one passage

    def __init__(self, wf_spec: ScopeSpec, element: Element, plan: Plan) -> None:
        super().__init__(wf_spec, element.id, description=element.kind)
        self.element = element
        self.plan = plan
        self.process_id = wf_spec.process_id
        self.ways: tuple[Way, ...] = ()
        self.guards: tuple[str, ...] = ()  # names of the boundary events standing on it

    def _predict_hook(self, my_task: Any) -> None:
        """Predict nothing."""

    def _update_hook(self, my_task: Any) -> bool:
        machine = my_task.workflow.top_workflow.machine
        if not machine.admit(my_task):
            return False
        if self.guards and "guarded" not in my_task.internal_data:
            my_task.internal_data["guarded"] = True
            self._put_guards(my_task)
        return self.arrive(my_task)

    def arrive(self, token: Token) -> bool:
        """Do what is to be done on arrival; True lets the token run."""
        return True

    def _put_guards(self, token: Token) -> None:
        for name in self.guards:
            self.put_guard(token, name)

    def put_guard(self, token: Token, name: str) -> Token:
        """A boundary event now waits on `token`'s activity."""
        guard = token.workflow.put(name, "")
        guard.internal_data["host"] = token.id
        guard.task_spec._update(guard)
        return guard

    def drop_guards(self, token: Token) -> None:
        """The boundary events on the activity wait no longer."""
        if self.guards:
            for other in token.workflow.tokens():
                if other.internal_data.get("host") == token.id:
                    if other.state == TaskState.WAITING or other.stopped:
                        other.cancel()
                    else:
                        other.internal_data.pop("host")

    def chosen(self, token: Token) -> tuple[Way, ...]:
        """The ways the token leaves by."""
        return self.ways

    def _run_hook(self, my_task: Any) -> bool | None:
        return True

    def _on_complete(self, my_task: Any) -> None:
        scope = my_task.workflow
        if self.joins:
            scope.top_workflow.machine.passed_join(my_task)
        self.drop_guards(my_task)
        made = []
        for way in self.chosen(my_task):
            scope.top_workflow.machine.passed_flow(self, way.flow_id)
            made.append(scope.put(way.target, way.flow_id))
        scope.discard(my_task)
        for token in made:
            if token.state == TaskState.FUTURE and token.id in scope.tasks:
                token.task_spec._update(token)
        scope.settle()

    def _on_cancel(self, my_task: Any) -> None:
        self.drop_guards(my_task)


class WorkNode(Node):
    """A user task or service task: waits for a person or for the caller."""

    def __init__(self, wf_spec: ScopeSpec, element: Element, plan: Plan) -> None:
        super().__init__(wf_spec, element, plan)
        self.manual = True

    def arrive(self, token: Token) -> bool:
        """Compute what it shows; True opens it."""
        return token.workflow.top_workflow.machine.open_work(token)


class RuleNode(Node):
    """A business rule task."""

    def _run_hook(self, my_task: Any) -> bool | None:
        return True if decide(my_task) else None


class ScriptNode(Node):
    """A script task: a FEEL value becomes facts."""

    def _run_hook(self, my_task: Any) -> bool | None:
        return True if run_script(my_task) else None


class CatchNode(Node):
    """An intermediate or boundary event that waits."""

    def arrive(self, token: Token) -> bool:
        """Compute the due date of a timer; wait."""
        if token.workflow.top_workflow.machine.await_event(token):
            token._set_state(TaskState.WAITING)
        return False


class ThrowNode(Node):
    """An end or intermediate event that throws: terminate, error, escalation."""

    def _run_hook(self, my_task: Any) -> bool | None:
        return True if my_task.workflow.top_workflow.machine.throw(my_task) else None


class ChoiceNode(Node):
    """An exclusive gateway: takes the first flow whose condition is true, else the default."""

    def _run_hook(self, my_task: Any) -> bool | None:
        return True if choose(my_task, first_only=True) else None

    def chosen(self, token: Token) -> tuple[Way, ...]:
        """The ways `choose` noted."""
        take = token.internal_data["take"]
        return tuple(way for way in self.ways if way.flow_id in take)


class ParallelNode(Node):
    """A parallel gateway: consumes one token of each incoming flow, leaves by all ways."""

    joins = True

    def arrive(self, token: Token) -> bool:
        """True when a token of every incoming flow is here; the others are consumed."""
        first: dict[str, Token] = {}
        for other in token.workflow.tokens():
            if other.task_spec is self and other.state == TaskState.WAITING:
                first.setdefault(other.internal_data["via"], other)
        first.setdefault(token.internal_data["via"], token)
        if len(first) < len(self.element.incoming):
            token._set_state(TaskState.WAITING)
            return False
        for other in first.values():
            if other is not token:
                token.workflow.discard(other)
        return True


class InclusiveNode(ChoiceNode):
    """An inclusive gateway: waits for every token still to come, then takes each true flow."""

    rechecks = True
    joins = True

    def __init__(self, wf_spec: ScopeSpec, element: Element, plan: Plan) -> None:
        super().__init__(wf_spec, element, plan)
        self.reach: dict[str, frozenset[str]] = {}  # incoming flow -> elements that can reach it

    def arrive(self, token: Token) -> bool:
        """True when no token elsewhere can arrive by a flow that has none yet."""
        waiting: dict[str, Token] = {token.internal_data["via"]: token}
        elsewhere = []
        for other in token.workflow.tokens():
            if other.task_spec is self and other.state == TaskState.WAITING:
                waiting.setdefault(other.internal_data["via"], other)
            elif other is not token:
                elsewhere.append(other)
        empty = [flow for flow in self.element.incoming if flow not in waiting]
        if any(self._may_come(other, empty, waiting) for other in elsewhere):
            token._set_state(TaskState.WAITING)
            return False
        for other in waiting.values():
            if other is not token:
                token.workflow.discard(other)
        return True

    def _may_come(self, other: Token, empty: list[str], filled: dict[str, Token]) -> bool:
        if other.task_spec is self:
            return other.internal_data.get("via") in empty
        name = other.task_spec.name
        return any(name in self.reach[flow] for flow in empty) and not any(
            name in self.reach[flow] for flow in filled
        )

    def _run_hook(self, my_task: Any) -> bool | None:
        return True if choose(my_task, first_only=False) else None


class InsideNode(Node):
    """An embedded sub-process."""

    inside = ""  # name of the scope spec

    def arrive(self, token: Token) -> bool:
        """Start the inside; the token waits around it."""
        if token.workflow.top_workflow.machine.enter(token):
            token._set_state(TaskState.STARTED)
            token.workflow.top_workflow.subprocesses[token.id].begin()
        return False

    def _run_hook(self, my_task: Any) -> bool | None:
        return True if my_task.workflow.top_workflow.machine.leave(my_task) else None

    def _on_cancel(self, my_task: Any) -> None:
        my_task.workflow.top_workflow.drop_part(my_task)
        super()._on_cancel(my_task)


class CallNode(InsideNode):
    """A call activity: another process of the same deployment, with facts of its own."""
