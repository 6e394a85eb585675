"""One process instance in memory: commands go in, a `Step` comes out.

A command either returns a `Step` that is whole, or raises and leaves a `Run` that must be thrown
away; the saved state is untouched in either case. Not thread-safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.util.task import TaskState

from app.kernel.clock import as_utc
from app.kernel.errors import ModelError, Stale
from app.process import codec, limits, stepback
from app.process.facts import check_facts_size, copy_facts, from_plain
from app.process.library import Library
from app.process.machine import Journal, Machine, incident_of, label_of
from app.process.step import Call, Incident, OpenedItem, Step, TimerSet
from app.process.tokens import Case, Token
from app.process.views import (
    MessageWait,
    call_of,
    due_of,
    kind_of,
    message_of,
    opened_of,
    timer_of,
)


class Engine:
    """Starts and loads instances of one deployment."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def start(
        self, process_id: str, facts: Mapping[str, Any], *, now: datetime
    ) -> tuple[Run, Step]:
        """A new instance of the process, run to its first waits."""
        self.library.definition(process_id)
        case = Case(self.library.scopes[process_id], self.library.scopes)
        run = Run(self.library, case, "")
        return run, run._start(facts, now)

    def load(self, state: bytes) -> Run:
        """The instance saved by `Run.dump`; raises ModelError when it can not be read."""
        case, end_element_id = codec.decode(state, self.library)
        return Run(self.library, case, end_element_id)


class Run:
    """One process instance."""

    def __init__(self, library: Library, case: Case, end_element_id: str) -> None:
        self._case = case
        self._machine = Machine(library, case)
        self._machine.end_element_id = end_element_id
        self._before: dict[str, set[str]] = self._open_by_kind()

    # -- commands ------------------------------------------------------------------------------

    def complete(self, token: str, values: Mapping[str, Any], *, now: datetime) -> Step:
        """The user task is done with these validated answers; its outputs become facts."""
        found = self._work(token, "userTask")
        self._begin(now)
        return self._conclude(found, values)

    def answer(self, token: str, values: Mapping[str, Any], *, now: datetime) -> Step:
        """The call was performed; outputs, else its result variable, take from the answer."""
        found = self._work(token, "serviceTask")
        self._begin(now)
        return self._conclude(found, values)

    def fire(self, token: str, *, now: datetime) -> Step:
        """The due timer fires; raises Stale when it waits no longer or is not yet due."""
        found = self._find(token)
        due_at = due_of(found)
        if kind_of(found) != "timer" or due_at is None:
            raise _closed(token)
        if as_utc(now) < due_at:
            raise Stale("timer_not_due", "定时事件还没有到期。", token=token)
        self._begin(now)
        self._machine.trigger(found)
        return self._advance()

    def send(self, message: str, values: Mapping[str, Any], *, now: datetime) -> Step:
        """The oldest event waiting for the message gets it; raises Stale when none waits."""
        for wait in self.messages:
            if wait.message == message:
                break
        else:
            raise Stale("message_not_awaited", f"流程没有在等消息“{message}”。", awaited=message)
        found = self._find(wait.token)
        self._begin(now)
        if self._machine.conclude(found, copy_facts(values)):
            self._machine.trigger(found)
        return self._advance()

    def retry(self, token: str, *, now: datetime) -> Step:
        """The stopped element is tried again, with the answer it already got if it got one."""
        found = self._find(token)
        if not found.stopped:
            raise _closed(token)
        self._begin(now)
        if found.internal_data["stop"][0] == "dead_end":
            found.internal_data.pop("stop")
            return self._advance()
        found.internal_data.pop("stop")
        answer = found.internal_data.pop("answer", None)
        if answer is not None:
            values = from_plain(answer)
            if self._machine.conclude(found, values):
                self._resume(found)
        elif "ran" in found.internal_data:
            found.run()
        else:
            found._set_state(TaskState.FUTURE)
            found.task_spec._update(found)
        return self._advance()

    def back_to(self, earlier: bytes, token: str, *, now: datetime) -> Step:
        """The user task that was open in the earlier state waits again, and what it led to is gone.

        What went on beside it stays as it is. Raises Refused when that can not be told apart.
        """
        self._begin(now)
        journal = self._machine.journal
        plain = stepback.merged(codec.unpack(self.dump()), codec.unpack(earlier), token)
        self._case, end_element_id = codec.revive(plain, self._machine.library)
        self._machine = Machine(self._machine.library, self._case)
        self._machine.journal, self._machine.end_element_id = journal, end_element_id
        return self._step()

    def cancel(self, *, now: datetime) -> Step:
        """Everything open is closed and the instance ends, by no end event."""
        self._begin(now)
        self._case.clear()
        self._case.completed = True
        self._machine.end_element_id = ""
        return self._step()

    def dump(self) -> bytes:
        """The instance as bytes for `Engine.load`."""
        return codec.encode(self._case, self._machine.end_element_id)

    # -- what can be seen ----------------------------------------------------------------------

    @property
    def facts(self) -> Mapping[str, Any]:
        """The root process's facts, a copy that can not be written through."""
        return MappingProxyType(copy_facts(self._case.facts))

    def facts_at(self, token: str) -> Mapping[str, Any]:
        """The facts seen at an open token: those of its process; raises Stale for a closed one."""
        return MappingProxyType(copy_facts(self._find(token).workflow.facts))

    @property
    def ended(self) -> bool:
        """True when no token is left."""
        return bool(self._case.completed)

    @property
    def end_element_id(self) -> str:
        """The root's end event reached last; "" while running or when withdrawn."""
        return self._machine.end_element_id

    @property
    def waiting(self) -> tuple[OpenedItem, ...]:
        """Work items that wait for a person, oldest first."""
        return tuple(opened_of(token) for token in self._of_kind("work"))

    @property
    def calls(self) -> tuple[Call, ...]:
        """Calls that were asked for and not yet answered."""
        return tuple(call_of(token) for token in self._of_kind("call"))

    @property
    def timers(self) -> tuple[TimerSet, ...]:
        """Timers that wait for their moment."""
        return tuple(timer_of(token) for token in self._of_kind("timer"))

    @property
    def messages(self) -> tuple[MessageWait, ...]:
        """Message events that wait, oldest first."""
        return tuple(message_of(token) for token in self._of_kind("message"))

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """Elements that stopped and wait for a person to look."""
        return tuple(incident_of(token) for token in self._case.every_token() if token.stopped)

    # -- inside --------------------------------------------------------------------------------

    def _start(self, facts: Mapping[str, Any], now: datetime) -> Step:
        self._begin(now)
        self._case.facts = copy_facts(facts)
        check_facts_size(self._case.facts)
        self._case.begin()
        return self._advance()

    def _begin(self, now: datetime) -> None:
        if self._case.completed:
            raise Stale("instance_ended", "流程已经结束。")
        self._machine.journal = Journal(as_utc(now).astimezone(UTC))

    def _conclude(self, token: Token, values: Mapping[str, Any]) -> Step:
        if self._machine.conclude(token, copy_facts(values)):
            token.run()
        return self._advance()

    def _resume(self, token: Token) -> None:
        """Go on after a late conclusion: events are triggered, work is completed."""
        if token.task_spec.element.event is not None:
            token._set_state(TaskState.WAITING)
            self._machine.trigger(token)
        else:
            token.run()

    def _advance(self) -> Step:
        for _ in range(limits.ENGINE_STEPS):
            token = self._case.next_ready()
            if token is None:
                break
            token.internal_data["ran"] = True
            token.run()
            self._check_open()
        else:
            raise ModelError(f"一步之内走了超过 {limits.ENGINE_STEPS} 个元素，流程图有空转的回路。")
        self._look_for_dead_end()
        return self._step()

    def _check_open(self) -> None:
        count = sum(len(scope.tasks) - 1 for scope in self._case.scopes())
        if count > limits.OPEN_TOKENS:
            raise ModelError(f"同时打开的任务超过 {limits.OPEN_TOKENS} 个。", count=count)

    def _look_for_dead_end(self) -> None:
        """Stop the oldest join when nothing is left that could ever move."""
        tokens = list(self._case.every_token())
        if not tokens or any(token.stopped or kind_of(token) for token in tokens):
            return
        token = tokens[-1]
        what = f"流程停在“{label_of(token)}”：它等的另一路永远不会来。请检查并行网关的配对。"
        token.internal_data["stop"] = ["dead_end", what, {}]
        self._machine.journal.incidents.append(incident_of(token))

    def _step(self) -> Step:
        before, after = self._before, self._open_by_kind()
        self._before = after
        journal = self._machine.journal
        find = self._find
        opened = sorted(after["work"] - before["work"], key=int)
        asked = sorted(after["call"] - before["call"], key=int)
        timers = sorted(after["timer"] - before["timer"], key=int)
        return Step(
            opened=tuple(opened_of(find(token)) for token in opened),
            closed=tuple(sorted(before["work"] - after["work"], key=int)),
            calls=tuple(call_of(find(token)) for token in asked),
            timers_set=tuple(timer_of(find(token)) for token in timers),
            timers_cleared=tuple(sorted(before["timer"] - after["timer"], key=int)),
            decisions=tuple(journal.decisions),
            passed=tuple(journal.passed),
            incidents=tuple(journal.incidents),
            ended=bool(self._case.completed),
            end_element_id=self._machine.end_element_id if self._case.completed else "",
        )

    def _open_by_kind(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {
            "work": set(),
            "call": set(),
            "timer": set(),
            "message": set(),
        }
        for token in self._case.every_token():
            kind = kind_of(token)
            if kind:
                found[kind].add(str(token.id))
        return found

    def _of_kind(self, kind: str) -> list[Token]:
        found = [token for token in self._case.every_token() if kind_of(token) == kind]
        return sorted(found, key=lambda token: token.id)

    def _find(self, token: str) -> Token:
        found = self._case.find(int(token)) if token.isascii() and token.isdigit() else None
        if found is None:
            raise _closed(token)
        return found

    def _work(self, token: str, kind: str) -> Token:
        found = self._find(token)
        if found.task_spec.element.kind != kind or not kind_of(found):
            raise _closed(token)
        return found


def _closed(token: str) -> Stale:
    return Stale("token_closed", "这一步已经不在等待，可能已被办理或撤销。", token=token)
