"""Atoms, values and boxes in the words of the trade: “人均收入 1000.01–2699.99 元”."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.decision.axes import lawful_above, lawful_below
from app.decision.result import Value
from app.decision.space import Box, Dimension, Space
from app.decision.values import literal_text, number_text

MAX_NAMED = 4  # ranges or texts named before “等”
MONEY_UNITS = frozenset({"元"})


def number_words(value: Decimal, unit: str) -> str:
    """A number as people write it: money with two decimals."""
    if unit in MONEY_UNITS:
        quantized = value.quantize(Decimal("0.01")) if value.adjusted() < 24 else value
        if quantized == value:
            return format(quantized, "f")
    return number_text(value)


def value_words(value: Value, unit: str = "") -> str:
    """A value in a sentence."""
    if value is None:
        return "空值"
    if type(value) is Decimal:
        return f"{number_words(value, unit)}{' ' + unit if unit else ''}"
    if type(value) is bool:
        return "“是”" if value else "“否”"
    if type(value) is str:
        return f"“{value}”"
    return str(value)


def atoms_words(dimension: Dimension, atoms: Sequence[int]) -> str:
    """The part of a sentence that says which values: “类别为“医疗”或“教育””."""
    name = dimension.name
    parts = []
    if dimension.null in atoms:
        parts.append(f"{name}为空")
    if dimension.other in atoms:
        parts.append(f"{name}为表中没有列出的文本")
    plain = [a for a in atoms if a not in (dimension.null, dimension.other)]
    if plain and dimension.axis.ordered:
        parts.append(_runs_words(dimension, plain))
    elif plain and dimension.axis.kind:
        names = [value_words(dimension.point(atom)) for atom in plain]
        parts.append(f"{name}为{_some(names, '或')}")
    return "，或".join(parts) or f"{name}为任意值"


def _some(words: Sequence[str], joint: str) -> str:
    shown = joint.join(words[:MAX_NAMED])
    return shown + (f"等 {len(words)} 种" if len(words) > MAX_NAMED else "")


def runs_of(dimension: Dimension, atoms: Iterable[int]) -> list[tuple[int, int]]:
    """Runs of neighbouring lawful atoms as (first, last)."""
    rank = {atom: i for i, atom in enumerate(dimension.lawful)}
    runs: list[tuple[int, int]] = []
    for atom in sorted(atoms):
        if runs and rank[atom] == rank[runs[-1][1]] + 1:
            runs[-1] = (runs[-1][0], atom)
        else:
            runs.append((atom, atom))
    return runs


def _runs_words(dimension: Dimension, atoms: Sequence[int]) -> str:
    words = [run_words(dimension, first, last) for first, last in runs_of(dimension, atoms)]
    return f"{dimension.name} {_some(words, '或 ')}"


def run_words(dimension: Dimension, first: int, last: int) -> str:
    """A run of atoms of an ordered axis: “900.00–1499.99 元”, “低于 900.00 元”."""
    low, low_closed = _low_end(dimension, first)
    high, high_closed = _high_end(dimension, last)
    unit = f" {dimension.unit}" if dimension.unit else ""

    def show(value: Value) -> str:
        return value_words(value, dimension.unit).removesuffix(unit)

    if low is None and high is None:
        return "任意值"
    if low is None:
        return f"{'不高于' if high_closed else '低于'} {show(high)}{unit}"
    if high is None:
        return f"{'不低于' if low_closed else '高于'} {show(low)}{unit}"
    if low_closed and high_closed:
        joint = "–" if dimension.axis.kind == "number" else " 至 "
        return f"{show(low)}{unit}" if low == high else f"{show(low)}{joint}{show(high)}{unit}"
    above, below = ("不低于" if low_closed else "高于"), ("不高于" if high_closed else "低于")
    return f"{above} {show(low)}{unit}且{below} {show(high)}{unit}"


def _low_end(dimension: Dimension, atom: int) -> tuple[Value, bool]:
    """The lower end of an atom and whether it belongs; None when unbounded."""
    if atom % 2:
        return dimension.axis.cuts[atom // 2], True
    if atom == 0:
        return None, False
    inside = lawful_above(dimension.axis, atom // 2 - 1, dimension.step)
    if inside is not None:
        return inside, True
    return dimension.axis.cuts[atom // 2 - 1], False


def _high_end(dimension: Dimension, atom: int) -> tuple[Value, bool]:
    if atom % 2:
        return dimension.axis.cuts[atom // 2], True
    if atom // 2 >= len(dimension.axis.cuts):
        return None, False
    inside = lawful_below(dimension.axis, atom // 2, dimension.step)
    if inside is not None:
        return inside, True
    return dimension.axis.cuts[atom // 2], False


def box_words(space: Space, box: Box, given: Sequence[Sequence[int]] | None = None) -> str:
    """The restricted columns of a box in one phrase; “任何情况” when none is restricted."""
    parts = []
    for index, (dimension, atoms) in enumerate(zip(space.dimensions, box, strict=True)):
        whole = dimension.lawful if given is None else given[index]
        if dimension.axis.kind and set(atoms) != set(whole) and not _covers_all(dimension, atoms):
            parts.append(atoms_words(dimension, atoms))
    return "，且".join(parts) or "任何情况"


def _covers_all(dimension: Dimension, atoms: Sequence[int]) -> bool:
    return set(dimension.lawful) <= set(atoms)


def example_words(example: dict[str, Value]) -> dict[str, str]:
    """An example as FEEL literals by column heading."""
    return {label: literal_text(value) for label, value in example.items()}
