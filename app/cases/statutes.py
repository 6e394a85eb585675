"""Clauses of the law as the deployment carries them: id, article, quoted text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from app.cases.package import Package


@dataclass(frozen=True, slots=True)
class ClauseText:
    """One clause a step, a rule or a refusal rests on."""

    id: str
    document: str  # number of the document
    article: str
    text: str  # quoted word for word
    force: str  # "H" | "P" | "L" | "E" | "X"


def clauses_of(package: Package, ids: Iterable[str]) -> tuple[ClauseText, ...]:
    """The clauses of those ids in the order asked; an unknown id keeps its place without text."""
    known = _clauses(package.id, package)
    return tuple(known.get(name, ClauseText(name, "", name, "", "")) for name in ids)


@lru_cache(maxsize=32)
def _read(deployment_id: str, raw: tuple[tuple[str, bytes], ...]) -> dict[str, ClauseText]:
    found = {}
    for _path, content in raw:
        data = tomllib.loads(content.decode("utf-8"))
        document = str(data.get("document", ""))
        for clause in data.get("clauses", []):
            name = str(clause["id"])
            found[name] = ClauseText(
                name,
                document,
                str(clause.get("article", "")),
                str(clause.get("text", "")),
                str(clause.get("force", "")),
            )
    return found


def _clauses(deployment_id: str, package: Package) -> dict[str, ClauseText]:
    raw = tuple(
        (path, content)
        for path, content in sorted(package.files.items())
        if path.startswith("processes/statutes/") and path.endswith(".toml")
    )
    return _read(deployment_id, raw)
