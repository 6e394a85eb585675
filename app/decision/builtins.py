"""All builtin functions of FEEL by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.decision import (
    builtins_context,
    builtins_list,
    builtins_number,
    builtins_range,
    builtins_stats,
    builtins_text,
    builtins_time,
)
from app.decision.builtins_base import Builtin

__all__ = ["BUILTINS", "Builtin"]

BUILTINS: Mapping[str, Builtin] = MappingProxyType(
    {
        **builtins_context.registry.table,
        **builtins_list.registry.table,
        **builtins_number.registry.table,
        **builtins_range.registry.table,
        **builtins_stats.registry.table,
        **builtins_text.registry.table,
        **builtins_time.registry.table,
    }
)
