"""From a question to a Result: fuel, the moment, and every way an answer can fail to come.

Nothing a model or an input does leaves this module as an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.decision.convert import InputError, to_feel
from app.decision.lexer import canonical_name
from app.decision.moments import DateTime
from app.decision.result import MatchedRule, Place, Result, Value
from app.decision.runtime import OutOfFuelError, Runtime

_LIMITS = {
    "MAX_FUEL": "计算步数",
    "MAX_LIST": "列表项数",
    "MAX_STRING": "文字长度",
    "MAX_DEPTH": "调用层数",
}


def given_values(inputs: Mapping[str, object]) -> dict[str, Value]:
    """Return caller's values as FEEL values under canonical names."""
    return {canonical_name(name): to_feel(value) for name, value in inputs.items()}


def answer(question: Callable[[Runtime], Value], now: object, place: Place) -> Result:
    """Return the Result of one evaluation; limits crossed are errors in it.

    `now` is an aware datetime or a FEEL date and time; None makes now() and today() null.
    """
    moment = to_feel(now)
    rt = Runtime(now=moment if type(moment) is DateTime else None)
    rt.place = place
    value: Value = None
    try:
        value = question(rt)
    except InputError as error:
        rt.fail("bad_input", f"{error}。", "请检查输入的值")
    except OutOfFuelError as error:
        what = _LIMITS.get(error.limit, error.limit)
        message = f"计算超过上限：{what}最多 {error.allowed}。"
        rt.fail("limit_exceeded", message, "请简化表达式或缩小数据")
    except RecursionError:
        rt.fail("limit_exceeded", "计算超过上限：调用层数太多。", "请简化表达式")
    if rt.errors:
        value = None
    matched: tuple[MatchedRule, ...] = ()
    for trace in rt.traces:
        if trace.decision_id == place.element_id:
            matched = trace.matched
    return Result(value, matched, tuple(rt.warnings), tuple(rt.errors), tuple(rt.traces))
