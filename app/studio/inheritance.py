"""Where each file and each value of a locality comes from: its own, or from above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.studio.contents import FileLine, contents
from app.studio.diff.tables import written
from app.studio.localities import Package, origin

FORCE_WORDS: Mapping[str, str] = {
    "H": "硬性规定",
    "P": "原则上",
    "L": "由地方确定",
    "E": "鼓励",
    "X": "本系统设计",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One file and where it stands."""

    line: FileLine
    owner: str  # name of the locality it comes from, 共用 for shared files
    level: int  # 0 = the locality itself, 1 = its parent …; -1 = shared


@dataclass(frozen=True, slots=True)
class Value:
    """One row of a table that carries a clause: what it sets, and on what ground."""

    decision: str  # name
    decision_id: str
    number: int  # 1-based row
    asks: str  # the situation in one line
    says: str  # what it answers
    clause: str  # clause ids as written
    force: str  # words
    note: str
    owner: str  # name of the locality whose file says it
    local: bool  # a local parameter: the documents leave it to the locality


def sources(package: Package) -> list[Source]:
    """Every file with the locality it comes from."""
    levels = {one.code: number for number, one in enumerate(package.chain)}
    names = {one.code: one.name for one in package.chain}
    return [
        Source(line, names.get(line.origin, line.origin or "共用"), levels.get(line.origin, -1))
        for line in contents(package)
    ]


def values(package: Package) -> list[Value]:
    """Every table row that names a clause, by table."""
    names = {one.code: one.name for one in package.chain}
    local = {
        str(name)
        for one in package.chain
        for name in one.data.get("local_parameters", [])
        if isinstance(one.data.get("local_parameters"), list)
    }
    found = []
    for decision in written(package.files).values():
        for row in decision.rows:
            clause = row.notes.get("条款", "")
            if not clause and decision.id not in local:
                continue
            found.append(
                Value(
                    decision=decision.name,
                    decision_id=decision.id,
                    number=row.number,
                    asks="，".join(f"{k} {v}" for k, v in row.asks.items() if v not in ("", "-")),
                    says="，".join(f"{k} {v}" for k, v in row.says.items()),
                    clause=clause,
                    force=FORCE_WORDS.get(row.notes.get("效力", ""), row.notes.get("效力", "")),
                    note=row.notes.get("备注", ""),
                    owner=names.get(origin(decision.file), origin(decision.file)),
                    local=decision.id in local,
                )
            )
    return found
