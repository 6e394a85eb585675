"""The bridge between Python or JSON values and FEEL values.

Coming in: int and Decimal become exact numbers; a float is taken by its shortest decimal text, so
0.1 is one tenth; stdlib dates become temporals. Going out: JSON with numbers as exact text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.decision.result import Value
from app.decision.runtime import MAX_DEPTH, MAX_EXPONENT, MAX_LIST, MAX_STRING, NUMBERS
from app.decision.temporal import from_python
from app.decision.values import KINDS, number_text


class InputError(ValueError):
    """An input value FEEL cannot hold; the message says which, in Chinese."""


def to_feel(value: Any) -> Value:
    """The FEEL value of a Python value; raises InputError for what FEEL cannot hold."""
    return _convert(value, 0)


def _convert(value: Any, depth: int) -> Value:
    kind = type(value)
    if kind is str:
        if len(value) > MAX_STRING:
            raise InputError(f"文本超过 {MAX_STRING} 个字符")
        return value
    if kind is bool or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return to_number(value)
    if depth > MAX_DEPTH:
        raise InputError(f"输入嵌套超过 {MAX_DEPTH} 层")
    if isinstance(value, Mapping):
        return _context(value, depth)
    if isinstance(value, list | tuple) or (
        isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)
    ):
        if len(value) > MAX_LIST:
            raise InputError(f"列表超过 {MAX_LIST} 项")
        return [_convert(item, depth + 1) for item in value]
    if kind in KINDS:
        return value
    temporal = from_python(value)
    if temporal is None:
        raise InputError(f"不能使用 {kind.__name__} 类型的输入")
    return temporal


def _context(value: Mapping[Any, Any], depth: int) -> dict[str, Value]:
    if len(value) > MAX_LIST:
        raise InputError(f"上下文超过 {MAX_LIST} 项")
    if any(type(key) is not str for key in value):
        raise InputError("上下文的名称必须是文本")
    return {key: _convert(item, depth + 1) for key, item in value.items()}


def to_number(value: int | float | Decimal) -> Decimal:
    """The exact number; raises InputError for infinities and numbers beyond 34 digits' range."""
    if isinstance(value, int) and value.bit_length() > 64 * 1024:
        raise InputError("数字太大")
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > MAX_EXPONENT:
        raise InputError("数字太大，或不是有限的数字")
    return NUMBERS.plus(number)


def to_json(value: Value) -> Any:
    """The value for JSON: numbers, temporals and ranges as text, the rest as it is."""
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is Decimal:
        return number_text(value)
    if kind is list:
        return [to_json(item) for item in value]
    if kind is dict:
        return {key: to_json(item) for key, item in value.items()}
    return str(value)
