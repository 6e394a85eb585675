"""One past case decided again by a draft: the same evidence, the draft's tables.

What was asked at the time is frozen in the decision records. A replay asks the draft's decisions
the same questions; an input that was the answer of an earlier decision follows that answer, if
the people had followed it then. `[[replay]]` of locality.toml says which decisions make up the
outcome of a path and which input follows which answer; the code knows none of them.
Nothing here writes: no past case changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.decision import CompiledExpression, ExpressionError, Model, compile_expression
from app.kernel.audit import canonical, digest
from app.kernel.clock import local
from app.kernel.errors import ModelError
from app.kernel.money import Money
from app.process.library import Library
from app.studio.localities import Package

MAX_STEPS = 20  # decisions of one path
MAX_REMEMBERED = 50_000  # answers kept for equal questions
OUTCOMES = ("eligible", "amount", "level", "source")
"""Keys of steps that make up the outcome; steps of other keys only feed later ones."""


@dataclass(frozen=True, slots=True)
class Question:
    """One decision as it was asked of a past case."""

    decision: str  # decision id
    inputs: Mapping[str, Any]
    output: Any  # what was answered then
    at: datetime  # aware UTC


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """One decision of a path."""

    key: str  # one of OUTCOMES, or a name of its own
    decision: str  # decision id
    value: CompiledExpression | None  # picks the value out of the answer; None = all of it
    follows: Mapping[str, str] = field(default_factory=dict)  # input -> "key" or "key.output"
    decided_in: str = ""  # decision that was asked with what the people settled on
    decided_as: str = ""  # its input of that name


@dataclass(frozen=True, slots=True)
class ReplayPlan:
    """How the cases of some paths are decided again."""

    routes: tuple[str, ...]
    steps: tuple[ReplayStep, ...]

    @property
    def decisions(self) -> frozenset[str]:
        """Every decision whose records a replay needs."""
        return frozenset(step.decision for step in self.steps)


@dataclass(frozen=True, slots=True)
class Side:
    """The outcome of one case, then or under the draft."""

    eligible: bool | None = None
    amount: Money | None = None  # None = no amount was or can be found
    level: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Replayed:
    """Both outcomes of one case."""

    before: Side
    after: Side
    settled: bool = False  # the people had settled on another amount than the table's: it stays
    problems: tuple[str, ...] = ()  # Chinese: what the draft could not answer


def plans_of(package: Package) -> tuple[ReplayPlan, ...]:
    """The plans of the locality, its own or the nearest parent's; raises ModelError."""
    for locality in package.chain:
        listed = locality.data.get("replay")
        if listed is not None:
            if not isinstance(listed, list):
                raise ModelError("locality.toml 的 replay 须写成 [[replay]]。")
            return tuple(_plan(one) for one in listed)
    return ()


def _plan(data: Any) -> ReplayPlan:
    if not isinstance(data, Mapping) or not isinstance(data.get("steps"), list):
        raise ModelError("locality.toml 的每个 [[replay]] 都要写明 routes 和 steps。")
    steps = data["steps"]
    if len(steps) > MAX_STEPS:
        raise ModelError(f"locality.toml 的 replay 超过 {MAX_STEPS} 步。")
    routes = tuple(str(route) for route in data.get("routes", ()))
    return ReplayPlan(routes, tuple(_step(one) for one in steps))


def _step(data: Any) -> ReplayStep:
    try:
        key, decision = str(data["key"]), str(data["decision"])
        text = str(data.get("value", ""))
        decided = data.get("decided", {})
        return ReplayStep(
            key=key,
            decision=decision,
            value=compile_expression(text.removeprefix("=")) if text else None,
            follows={str(name): str(source) for name, source in data.get("follows", {}).items()},
            decided_in=str(decided.get("decision", "")),
            decided_as=str(decided.get("input", "")),
        )
    except (KeyError, TypeError, AttributeError):
        raise ModelError("locality.toml 的 replay 步骤要写明 key 和 decision。") from None
    except ExpressionError as error:
        raise ModelError(f"locality.toml 的 replay 表达式有误：{error}") from None


class Replayer:
    """The draft's decisions, ready to be asked about many cases."""

    def __init__(
        self,
        library: Library,
        plans: Sequence[ReplayPlan],
        as_of: datetime | None,
        base: Library | None = None,
    ) -> None:
        """as_of: the instant by which today() of the tables goes; None = when it was asked.

        base: what is in force; an input it needs, too, may be missing as it was missing then.
        """
        self._library = library
        self._base = base
        self._as_of = as_of
        self._plans = {route: plan for plan in plans for route in plan.routes}
        self._remembered: dict[str, tuple[Any, str]] = {}
        self.asked = 0  # questions answered by the tables themselves

    @property
    def decisions(self) -> frozenset[str]:
        """Every decision whose records are needed."""
        return frozenset(one for plan in self._plans.values() for one in plan.decisions)

    @property
    def routes(self) -> tuple[str, ...]:
        """The paths that can be decided again."""
        return tuple(self._plans)

    def decision_of(self, route: str, key: str) -> str:
        """The decision of that step of the path, "" when it has none."""
        plan = self._plans.get(route)
        steps = plan.steps if plan is not None else ()
        return next((step.decision for step in steps if step.key == key), "")

    def replay(
        self, route: str, questions: Mapping[str, Question], *, remember: bool = True
    ) -> Replayed | None:
        """Both outcomes; None when the path has no plan or nothing was asked on it.

        questions: by decision id, the last of each. `remember` False asks everything afresh.
        """
        plan = self._plans.get(route)
        if plan is None or not any(step.decision in questions for step in plan.steps):
            return None
        case = _Case(questions)
        for step in plan.steps:
            question = questions.get(step.decision)
            if question is not None:
                inputs = case.followed(step, question.inputs)
                answer, problem = self._answer(step.decision, inputs, question.at, remember)
                case.note(step, question, answer, problem)
        return case.outcome()

    def _answer(
        self, decision: str, inputs: Mapping[str, Any], at: datetime, remember: bool
    ) -> tuple[Any, str]:
        now = local(self._as_of or at)
        key = digest(canonical({"d": decision, "at": now.date().isoformat(), "in": dict(inputs)}))
        if remember and key in self._remembered:
            return self._remembered[key]
        self.asked += 1
        found = self._ask(decision, inputs, now)
        if remember and len(self._remembered) < MAX_REMEMBERED:
            self._remembered[key] = found
        return found

    def _ask(self, decision: str, inputs: Mapping[str, Any], now: datetime) -> tuple[Any, str]:
        try:
            model, _file = self._library.decision(decision)
        except ModelError:
            return None, f"草案里没有决策“{decision}”"
        lacking = self._lacking(model, decision, inputs)
        if lacking:
            return None, f"草案要问“{'、'.join(lacking)}”，当时没有问过"
        result = model.evaluate(decision, inputs, now=now)
        if result.errors:
            return None, result.errors[0].message.rstrip("。")
        return result.value, ""

    def _lacking(self, model: Model, decision: str, inputs: Mapping[str, Any]) -> list[str]:
        """Inputs the draft's decision needs that nobody was asked for then."""
        excused: tuple[str, ...] = ()
        if self._base is not None and decision in self._base.decision_ids:
            excused = self._base.decision(decision)[0].inputs_of(decision)
        needed = model.inputs_of(decision)
        return [name for name in needed if name not in inputs and name not in excused]


class _Case:
    """One case under replay: what every step answered then and answers now."""

    def __init__(self, questions: Mapping[str, Question]) -> None:
        self._questions = questions
        self._then: dict[str, Any] = {}
        self._now: dict[str, Any] = {}
        self._settled = False
        self._problems: list[str] = []

    def followed(self, step: ReplayStep, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The frozen inputs, with those that followed an earlier answer following the new one."""
        changed = dict(inputs)
        for name, source in step.follows.items():
            if source in self._then and name in inputs and _same(inputs[name], self._then[source]):
                changed[name] = self._now[source]
        return changed

    def note(self, step: ReplayStep, question: Question, answer: Any, problem: str) -> None:
        """Then and now of the step are known to the steps after it."""
        then, now = _picked(step, question.output), _picked(step, answer)
        if problem:
            self._problems.append(problem)
        settled = self._questions.get(step.decided_in)
        if settled is not None and step.decided_as in settled.inputs:
            actual = settled.inputs[step.decided_as]
            if not _same(actual, then):
                self._settled = self._settled or then is not None
                then, now = actual, actual
        self._then |= {step.key: then, f"{step.key}.output": question.output}
        self._now |= {step.key: now, f"{step.key}.output": answer}

    def outcome(self) -> Replayed:
        """Both sides, as far as they are known."""
        before, after = _side(self._then), _side(self._now)
        return Replayed(before, after, self._settled, tuple(dict.fromkeys(self._problems)))


def _picked(step: ReplayStep, answer: Any) -> Any:
    if answer is None or step.value is None:
        return answer
    context = {**answer} if isinstance(answer, Mapping) else {}
    return step.value.evaluate({**context, "value": answer}).value


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Decimal | int) and isinstance(other, Decimal | int):
        return Decimal(one) == Decimal(other)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return bool(one == other)


def _side(values: Mapping[str, Any]) -> Side:
    eligible = values.get("eligible")
    return Side(
        eligible=eligible if isinstance(eligible, bool) else None,
        amount=_money(values.get("amount")) if eligible is not False else None,
        level=str(values.get("level") or ""),
        source=str(values.get("source") or ""),
    )


def _money(value: Any) -> Money | None:
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        return None
    try:
        return Money.from_yuan(value)
    except ValueError:
        return None
