"""What lies in a package, for people: each file under its name in words, by kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.form.form import load_form
from app.form.papers import load_paper
from app.kernel.errors import AppError
from app.process.library import read_processes
from app.process.xmlread import read_xml
from app.studio.localities import DESCRIPTION, Package, origin

KINDS: Mapping[str, str] = {
    ".bpmn": "process",
    ".dmn": "table",
    ".form": "form",
    ".paper.toml": "paper",
    ".ledger.toml": "ledger",
    ".scenarios.yaml": "scenarios",
    ".cases.csv": "examples",
}
KIND_LABELS: Mapping[str, str] = {
    "process": "流程",
    "table": "决策表",
    "form": "表单",
    "paper": "文书",
    "ledger": "台账",
    "scenarios": "情景",
    "examples": "算例",
    "statutes": "条款（不在草稿中修改）",
    "locality": "地区说明（不在草稿中修改）",
}
MAX_TITLES = 2_000  # kept in one process


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a package."""

    path: str
    kind: str  # key of KIND_LABELS
    title: str  # Chinese name out of the file, its file name when it has none or is broken
    origin: str  # code of the locality it comes from, "" for shared files
    inherited: bool
    change: str  # "added" | "changed" | "removed" | ""
    size: int  # bytes


def contents(package: Package, changed: Mapping[str, str] | None = None) -> list[FileLine]:
    """Every file of the package by kind and title, removed ones among them."""
    changes = changed or {}
    files = package.stored
    lines = [_line(package.locality, path, raw, changes) for path, raw in files.items()]
    lines += [
        _line(package.locality, path, b"", changes)
        for path, change in changes.items()
        if change == "removed"
    ]
    order = list(KIND_LABELS)
    return sorted(lines, key=lambda line: (order.index(line.kind), line.title, line.path))


def kind_of(path: str) -> str:
    """The kind of a file by its path."""
    if path.startswith("processes/statutes/"):
        return "statutes"
    if path.endswith(DESCRIPTION):
        return "locality"
    return next((kind for ending, kind in KINDS.items() if path.endswith(ending)), "locality")


def title_of(path: str, raw: bytes) -> str:
    """The name a file gives itself, else its file name; never raises."""
    name = path.rpartition("/")[2]
    try:
        return _title(kind_of(path), path, raw) or name
    except AppError:
        return name


@lru_cache(maxsize=MAX_TITLES)
def _title(kind: str, path: str, raw: bytes) -> str:
    if kind == "process":
        return "、".join(one.name or one.id for one in read_processes({path: raw}, []))
    if kind == "table":
        root, _problems = read_xml(raw, path)
        return "" if root is None else str(root.get("name") or "")
    if kind == "form":
        form = load_form(raw, file=path)
        return form.name or form.id
    if kind == "paper":
        return load_paper(raw, file=path).title
    return ""


def _line(locality: str, path: str, raw: bytes, changes: Mapping[str, str]) -> FileLine:
    kind = kind_of(path)
    where = "" if kind == "statutes" else origin(path)
    return FileLine(
        path=path,
        kind=kind,
        title=title_of(path, raw),
        origin=where,
        inherited=bool(where) and where != locality,
        change=changes.get(path, ""),
        size=len(raw),
    )
