"""Rules that are proposed and not in force, held against what a locality's tables answer now.

A proposal is a file of `processes/proposed/`: no locality reads it, so nothing of it ever acts.
Where it and the tables differ is told to policy staff, who decide; nothing is refused for it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.kernel.errors import ModelError
from app.studio.subject import Subject

FOLDER = "processes/proposed"
MAX_BYTES = 200_000  # of one proposal
MAX_POINTS = 200
RELATIONS = {"at_most": "不超过", "equal": "等于"}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing a proposal would demand."""

    id: str
    sentence: str  # Chinese: what it demands
    advice: str  # Chinese: what policy staff should weigh
    asks: tuple[Mapping[str, Any], ...]  # decision, when, output; none = to be read by people
    relation: str  # one of RELATIONS, "" without asks
    bound: Mapping[str, Any]  # value, or decision and output of the same locality


@dataclass(frozen=True, slots=True)
class Proposal:
    """One document that is not in force."""

    document: str
    note: str
    points: tuple[Point, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Line:
    """How one point stands to one decision of a locality."""

    point: str
    standing: str  # "conflict" | "agrees" | "by_hand" | "not_asked"
    sentence: str  # Chinese
    rows: tuple[str, ...] = ()  # table rows that gave the answer: "低保标准 第 2 行"


def proposals(root: Path) -> list[Proposal]:
    """Every proposal on file, by name; raises ModelError for one that can not be read."""
    return [
        read_proposal(path.read_bytes(), path.name)
        for path in sorted((root / FOLDER).glob("*.toml"))
    ]


def compare(proposal: Proposal, subject: Subject) -> Iterator[Line]:
    """Each point against what the locality's decisions answer today."""
    for point in proposal.points:
        if not point.asks:
            yield Line(point.id, "by_hand", f"{point.sentence}：须人工核对。{point.advice}")
            continue
        lines = [_line(point, ask, subject) for ask in point.asks]
        asked = [line for line in lines if line is not None]
        yield from asked
        if not asked:
            yield Line(point.id, "not_asked", f"{point.sentence}：本地没有对应的表。")


def _line(point: Point, ask: Mapping[str, Any], subject: Subject) -> Line | None:
    """The comparison with one decision, None when the locality has none of that name."""
    found = subject.decisions.get(str(ask["decision"]))
    if found is None:
        return None
    now, rows = _answer(subject, ask), _rows(subject, ask)
    bound = (
        _exact(point.bound["value"]) if "value" in point.bound else _answer(subject, point.bound)
    )
    name = found[0].element(str(ask["decision"]), "decision").label
    told = f"{point.sentence}；本地“{name}”现为 {_shown(now)}"
    if _holds(point.relation, now, bound):
        return Line(point.id, "agrees", f"{told}，相合。", rows)
    wanted = f"{RELATIONS[point.relation]} {_shown(bound)}"
    return Line(point.id, "conflict", f"{told}，提议为{wanted}。{point.advice}", rows)


def _holds(relation: str, now: Any, bound: Any) -> bool:
    if relation == "equal":
        return bool(now == bound)
    return isinstance(now, Decimal) and isinstance(bound, Decimal) and now <= bound


def _answer(subject: Subject, ask: Mapping[str, Any]) -> Any:
    inputs = {key: _exact(value) for key, value in ask.get("when", {}).items()}
    result = subject.ask(str(ask["decision"]), inputs)
    value = None if result is None or result.errors else result.value
    return value.get(ask.get("output")) if isinstance(value, dict) else value


def _rows(subject: Subject, ask: Mapping[str, Any]) -> tuple[str, ...]:
    """The table rows that matched on the way to the answer."""
    inputs = {key: _exact(value) for key, value in ask.get("when", {}).items()}
    result = subject.ask(str(ask["decision"]), inputs)
    if result is None:
        return ()
    return tuple(f"{one.decision} 第 {one.number} 行" for t in result.traces for one in t.matched)


def _exact(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _shown(value: Any) -> str:
    return "空" if value is None else str(value)


def read_proposal(raw: bytes, file: str) -> Proposal:
    """The proposal a file holds; raises ModelError for one that can not be read."""
    if len(raw) > MAX_BYTES:
        raise ModelError(f"{file} 超过 {MAX_BYTES // 1000} KB。", file=file)
    try:
        data = tomllib.loads(raw.decode("utf-8"))
        points = tuple(_point(one) for one in data["points"])
        if len(points) > MAX_POINTS:
            raise ValueError(f"超过 {MAX_POINTS} 条")
        return Proposal(str(data["document"]), str(data["note"]), points, file)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ModelError(f"{file} 读不懂（{error}）。", file=file) from None


def _point(raw: Mapping[str, Any]) -> Point:
    asks: Sequence[Mapping[str, Any]] = raw.get("asks", [])
    relation = next((name for name in RELATIONS if name in raw), "")
    if asks and not relation:
        raise ValueError(f"{raw['id']} 没有写怎样比较")
    return Point(
        str(raw["id"]), str(raw["sentence"]), str(raw["advice"]), tuple(asks), relation,
        raw.get(relation, {}),
    )  # fmt: skip
