"""Which questions are asked and what the computed values are, worked out together.

Conditions may need computed values and these may need answers that a condition drops; rounds are
repeated until nothing changes. A condition that cannot be decided leaves its question visible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.form.feel import Effort
from app.form.limits import MAX_PASSES
from app.form.model import Component, Computed, Group, Question, RowList, valued


@dataclass(slots=True)
class Settled:
    """The standing of a form for one set of answers."""

    values: dict[str, Any]  # answers of visible questions and computed values
    scope: dict[str, Any]  # the same with every key present, hidden ones None
    visible: frozenset[str]  # paths of what is shown, "members[0].name"
    effort: Effort
    stable: bool = True  # False: conditions kept changing each other or were too many


@dataclass(slots=True)
class _Round:
    """What one round works with and finds."""

    base: Mapping[str, Any]  # facts around the form
    now: datetime | None
    effort: Effort
    visible: set[str] = field(default_factory=set)
    computed: dict[str, Any] = field(default_factory=dict)


def settle(
    components: tuple[Component, ...],
    answers: Mapping[str, Any],
    base: Mapping[str, Any],
    now: datetime | None,
) -> Settled:
    """Visibility and computed values for typed `answers` among the facts `base`."""
    visible = _all_paths(components, answers, "")
    computed: dict[str, Any] = {}
    effort, stable = Effort(), False
    for _ in range(MAX_PASSES):
        scope = _scope(components, answers, "", visible, computed)
        effort.cautions.clear()  # only the last round's count
        found = _Round(base, now, effort)
        _look(components, scope, "", dict(base) | scope, found)
        stable = found.visible == visible and found.computed == computed and effort.left >= 0
        if stable or effort.left < 0:
            break
        visible, computed = found.visible, found.computed
    scope = _scope(components, answers, "", visible, computed)
    kept = _kept(components, scope, "", visible)
    return Settled(kept, scope, frozenset(visible), effort, stable)


def _all_paths(
    components: tuple[Component, ...], answers: Mapping[str, Any], prefix: str
) -> set[str]:
    paths: set[str] = set()
    for one in components:
        paths.add(prefix + one.name)
        if isinstance(one, Group):
            paths |= _all_paths(one.components, answers, prefix)
        elif isinstance(one, RowList):
            for at, row in enumerate(answers.get(one.name) or ()):
                paths |= _all_paths(one.components, row, f"{prefix}{one.name}[{at}].")
    return paths


def _scope(
    components: tuple[Component, ...],
    answers: Mapping[str, Any],
    prefix: str,
    visible: set[str],
    computed: Mapping[str, Any],
) -> dict[str, Any]:
    """Every key of the level with its value; None for what is hidden."""
    scope: dict[str, Any] = {}
    for one in valued(components):
        path = prefix + one.name
        if path not in visible:
            scope[one.name] = None
        elif isinstance(one, RowList):
            rows = enumerate(answers.get(one.name) or ())
            scope[one.name] = [
                _scope(one.components, row, f"{path}[{at}].", visible, computed) for at, row in rows
            ]
        elif isinstance(one, Computed):
            scope[one.name] = computed.get(path)
        else:
            scope[one.name] = answers.get(one.name)
    return scope


def _look(
    components: tuple[Component, ...],
    here: Mapping[str, Any],
    prefix: str,
    scope: dict[str, Any],
    found: _Round,
) -> None:
    """Decide what of one level is visible and compute what is to be computed."""
    for one in components:
        if one.hide and one.hide.answer(scope, found.now, found.effort) is True:
            continue
        path = prefix + one.name
        found.visible.add(path)
        if isinstance(one, Group):
            _look(one.components, here, prefix, scope, found)
        elif isinstance(one, Computed):
            found.computed[path] = one.expression.answer(scope, found.now, found.effort)
        elif isinstance(one, RowList):
            for at, row in enumerate(here.get(one.name) or ()):
                _look(one.components, row, f"{path}[{at}].", scope | row, found)


def _kept(
    components: tuple[Component, ...], scope: Mapping[str, Any], prefix: str, visible: set[str]
) -> dict[str, Any]:
    """The values of what is visible."""
    kept: dict[str, Any] = {}
    for one in valued(components):
        path = prefix + one.name
        if path not in visible:
            continue
        if isinstance(one, RowList):
            kept[one.name] = [
                _kept(one.components, row, f"{path}[{at}].", visible)
                for at, row in enumerate(scope.get(one.name) or ())
            ]
        elif isinstance(one, Question | Computed):
            kept[one.name] = scope.get(one.name)
    return kept
