"""SpiffWorkflow's task and workflow classes, kept as a flat list of open tokens.

Spiff keeps every task ever created in a tree, predicts tasks to come, copies all data from task
to task and walks the tree after each step; loops, joins and saved states suffer (ADR 0002).
Here a finished token is dropped at once, nothing is predicted, tokens carry no data, and facts
belong to the scope: the process instance, or the called process.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import (
    BasePythonScriptEngineEnvironment,
)
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.kernel.errors import ModelError

if TYPE_CHECKING:
    from app.process.machine import Machine

logging.getLogger("spiff").setLevel(logging.WARNING)  # below it Spiff logs the data of each task


class RefusingEnvironment(BasePythonScriptEngineEnvironment):
    """Where Spiff would evaluate model text as Python; here it only refuses."""

    def evaluate(self, expression: Any, context: Any, external_context: Any = None) -> Any:
        """Refuse."""
        raise ModelError("流程引擎不执行任何脚本文本。")

    def execute(self, script: Any, context: Any, external_context: Any = None) -> Any:
        """Refuse."""
        raise ModelError("流程引擎不执行任何脚本文本。")

    def call_service(self, context: Any, **kwargs: Any) -> Any:
        """Refuse."""
        raise ModelError("流程引擎不调用外部服务。")


class RefusingEngine(PythonScriptEngine):
    """A script engine none of whose doors opens; even its check of syntax refuses."""

    def __init__(self) -> None:
        super().__init__(environment=RefusingEnvironment())

    def validate(self, expression: Any) -> None:
        """Refuse."""
        raise ModelError("流程引擎不执行任何脚本文本。")

    def evaluate(self, task: Any, expression: Any, external_context: Any = None) -> Any:
        """Refuse."""
        raise ModelError("流程引擎不执行任何脚本文本。")

    def execute(self, task: Any, script: Any, external_context: Any = None) -> Any:
        """Refuse."""
        raise ModelError("流程引擎不执行任何脚本文本。")

    def call_service(self, task: Any, **kwargs: Any) -> Any:
        """Refuse."""
        raise ModelError("流程引擎不调用外部服务。")


REFUSING = RefusingEngine()


class Token(Task):
    """One token standing at one element; `internal_data` holds what it waits for."""

    def _set_state(self, value: int) -> None:
        """Note the state; without the clock and the log records of the parent class."""
        self._state = value

    def _add_child(self, task_spec: Any, state: int = TaskState.MAYBE) -> Token:
        return Token(self.workflow, task_spec, self, state, self.workflow.top_workflow.next_id())

    def complete(self) -> None:
        """Leave the element and go on along its flows."""
        self._set_state(TaskState.COMPLETED)
        self.workflow.top_workflow.machine.passed_element(self.task_spec)
        self.task_spec._on_complete(self)

    def cancel(self) -> None:
        """Vanish with everything that hangs on this token."""
        if self.id in self.workflow.tasks:
            self._set_state(TaskState.CANCELLED)
            self.task_spec._on_cancel(self)
            self.workflow.discard(self)

    @property
    def stopped(self) -> bool:
        """True when it waits for a person to look at an incident."""
        return "stop" in self.internal_data


class _Scope:
    """What the root workflow and its parts share."""

    spec: Any
    tasks: dict[Any, Any]
    task_tree: Any
    visits: dict[str, int]

    def plant(self) -> None:
        """Make the token the others hang under."""
        self.visits = {}
        self.task_tree = Token(self, self.spec.start, state=TaskState.COMPLETED, id="root")

    def put(self, name: str, via: str) -> Token:
        """A new token in front of the element, not yet arrived; `via` is the flow it came by."""
        token = self.task_tree._add_child(self.spec.task_specs[name], TaskState.FUTURE)
        if via:
            token.internal_data["via"] = via
        return token

    def discard(self, token: Token) -> None:
        """Forget a token that is finished."""
        if self.tasks.pop(token.id, None) is not None:
            self.task_tree._children.remove(token.id)

    def tokens(self) -> list[Token]:
        """Open tokens of this scope, oldest first."""
        return [token for token in self.tasks.values() if token is not self.task_tree]

    def clear(self, keep: Token | None = None) -> None:
        """Cancel every open token but `keep`."""
        for token in self.tokens():
            if token is not keep:
                token.cancel()

    def begin(self) -> None:
        """Put a token on the start event."""
        start = self.put(self.spec.first, "")
        start.task_spec._update(start)

    def settle(self) -> None:
        """After a token left: look at waiting inclusive joins again, then whether all is done."""
        for token in self.tokens():
            if token.state == TaskState.WAITING and token.task_spec.rechecks:
                token.task_spec._update(token)
        if len(self.tasks) == 1 and not self.completed:
            self.completed = True
            self.done()

    completed: bool

    def done(self) -> None:
        """Called once when no token is left."""


class Part(_Scope, BpmnSubWorkflow):
    """The inside of one running sub-process or called process."""

    def __init__(self, spec: Any, parent_task_id: Any, top_workflow: Case) -> None:
        super().__init__(spec, parent_task_id, top_workflow, deserializing=True)
        self.own_facts: dict[str, Any] | None = None  # a called process has its own
        self.plant()

    @property
    def facts(self) -> dict[str, Any]:
        """The facts seen in here: its own, or those around an embedded sub-process."""
        if self.own_facts is not None:
            return self.own_facts
        around: dict[str, Any] = self.parent_workflow.facts
        return around

    def done(self) -> None:
        """Let the activity around it go on."""
        holder = self.top_workflow.get_task_from_id(self.parent_task_id)
        holder._set_state(TaskState.READY)


class Case(_Scope, BpmnWorkflow):
    """One process instance in memory."""

    machine: Machine

    def __init__(self, spec: Any, specs: dict[str, Any]) -> None:
        self.serial = 0  # last token number given
        super().__init__(spec, subprocess_specs=specs, script_engine=REFUSING, deserializing=True)
        self.facts: dict[str, Any] = {}
        self.plant()

    def next_id(self) -> int:
        """A token number never given before in this instance."""
        self.serial += 1
        return self.serial

    def create_subprocess(self, my_task: Any, spec_name: str) -> Part:
        """The inside of an activity, empty."""
        part = Part(self.subprocess_specs[spec_name], my_task.id, self)
        self.subprocesses[my_task.id] = part
        return part

    def drop_part(self, holder: Token) -> None:
        """Forget the inside of an activity, cancelling what is still open in it."""
        part = self.subprocesses.get(holder.id)
        if part is not None:
            part.clear()
            del self.subprocesses[holder.id]

    def scopes(self) -> list[Any]:
        """The root workflow and its parts, outer before inner."""
        return [self, *self.subprocesses.values()]

    def every_token(self) -> Iterator[Token]:
        """Open tokens of all scopes, outer scopes first."""
        for scope in self.scopes():
            yield from scope.tokens()

    def find(self, number: int) -> Token | None:
        """The open token of that number."""
        for scope in self.scopes():
            token = scope.tasks.get(number)
            if token is not None:
                return token
        return None

    def next_ready(self) -> Token | None:
        """The oldest token that can move by itself."""
        ready = [
            token
            for token in self.every_token()
            if token.state == TaskState.READY and not token.task_spec.manual
        ]
        return min(ready, key=lambda token: token.id, default=None)
