"""Going back to an earlier saved state of the same instance, as a state that comes after.

The completed user task waits again under a new token; everything it led to is gone; what stood
beside it must stand there unchanged and keeps its tokens. Facts are those of the earlier state,
rounds are counted on. Works on saved states as `codec.unpack` gives them; pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.kernel.errors import Refused

_ID, _NAME, _CODE, _WAITS = range(4)  # of a token
_HOLDER, _FACTS, _VISITS, _TOKENS = range(4)  # of a scope


@dataclass(frozen=True, slots=True)
class _Marks:
    """Which tokens of the earlier state stay, and which come again."""

    kept: frozenset[int]
    again: tuple[int, ...]  # the step itself, what hangs on it, and the activities around it


def merged(current: Any, earlier: Any, token: str) -> Any:
    """The state in which the step waits again; raises Refused when it can not be gone back to."""
    if current[0] != earlier[0] or current[2]:
        raise Refused("back_ended", "流程已经结束，不能退回。")
    marks = _marks(current, earlier, int(token))
    serial = current[1]
    numbers = {number: number for number in marks.kept}
    for number in sorted(marks.again):
        serial += 1
        numbers[number] = serial
    scopes = [_scope(scope, numbers, _rounds(current, scope[_HOLDER])) for scope in earlier[4]]
    return [current[0], serial, 0, "", scopes]


def _marks(current: Any, earlier: Any, step: int) -> _Marks:
    before, after = dict(_tokens(earlier)), dict(_tokens(current))
    if step not in before or step in after:
        raise Refused("back_gone", "这一环节还没有办结，或者已经退回过，请刷新。")
    around = _around(earlier, step)
    again = {step} | {number for number in around if number not in after}
    again |= {number for number, token in before.items() if token[_WAITS].get("host") in again}
    kept = before.keys() - again
    if any("stop" in before[number][_WAITS] for number in before):
        raise Refused("back_stopped", "当时流程停在异常处，不能退回到那里。")
    if any(before[number] != after.get(number) for number in kept):
        raise Refused("back_beside", "与它并行的环节已经有了进展，退回会抹去别人办的事，不能退回。")
    return _Marks(frozenset(kept), tuple(again))


def _tokens(state: Any) -> Iterator[tuple[int, Any]]:
    for scope in state[4]:
        for token in scope[_TOKENS]:
            yield token[_ID], token


def _around(state: Any, step: int) -> set[int]:
    """The tokens of the sub-processes and called processes in which the step stands."""
    inside = {token[_ID]: scope[_HOLDER] for scope in state[4] for token in scope[_TOKENS]}
    found = set()
    holder = inside[step]
    while holder:
        found.add(holder)
        holder = inside[holder]
    return found


def _rounds(current: Any, holder: int) -> dict[str, int]:
    """How often each element of that scope was passed by now; {} when the scope was left."""
    for scope in current[4]:
        if scope[_HOLDER] == holder:
            return dict(scope[_VISITS])
    return {}


def _scope(scope: Any, numbers: dict[int, int], rounds: dict[str, int]) -> Any:
    visits = dict(scope[_VISITS])
    for name, count in rounds.items():
        visits[name] = max(count, visits.get(name, 0))
    tokens = sorted((_token(token, numbers) for token in scope[_TOKENS]), key=lambda t: t[_ID])
    holder = scope[_HOLDER]
    return [numbers[holder] if holder else 0, scope[_FACTS], visits, tokens]


def _token(token: Any, numbers: dict[int, int]) -> Any:
    waits = dict(token[_WAITS])
    if "host" in waits:
        waits["host"] = numbers[waits["host"]]
    return [numbers[token[_ID]], token[_NAME], token[_CODE], waits]
