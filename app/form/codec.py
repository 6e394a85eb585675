"""Kept answers to JSON and back without losing a fen: decimals travel as text.

The form says which texts are numbers. A computed value has no declared type, so its decimals are
marked: {"decimal": "12.50"}.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.form.model import Component, Computed, NumberQuestion, RowList, Valued, valued

_MARK = "decimal"


def dump(components: tuple[Component, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` as JSON can hold them; keys the form does not have are left out."""
    return {
        one.name: _dump_one(one, values[one.name])
        for one in valued(components)
        if one.name in values
    }


def _dump_one(one: Valued, value: Any) -> Any:
    if isinstance(one, RowList):
        return [dump(one.components, row) for row in value or ()]
    if isinstance(one, Computed):
        return _mark(value)
    return f"{value:f}" if isinstance(value, Decimal) else value


def _mark(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {_MARK: f"{value:f}"}
    if isinstance(value, list):
        return [_mark(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _mark(item) for key, item in value.items()}
    return value


def load(components: tuple[Component, ...], stored: Mapping[str, Any]) -> dict[str, Any]:
    """What `dump` was given; raises ArithmeticError when a number was damaged."""
    return {
        one.name: _load_one(one, stored[one.name])
        for one in valued(components)
        if one.name in stored
    }


def _load_one(one: Valued, value: Any) -> Any:
    if isinstance(one, RowList):
        return [load(one.components, row) for row in value]
    if isinstance(one, Computed):
        return _unmark(value)
    if isinstance(one, NumberQuestion) and value is not None:
        return Decimal(value)
    return value


def _unmark(value: Any) -> Any:
    if isinstance(value, Mapping):
        if set(value) == {_MARK}:
            return Decimal(value[_MARK])
        return {key: _unmark(item) for key, item in value.items()}
    return [_unmark(item) for item in value] if isinstance(value, list) else value
