"""The shipped pack as the tests of this room read it: files, trees, library, calendar."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from app.form import Form, load_form
from app.kernel.workdays import WorkCalendar
from app.process import Library
from app.studio.localities import Package, resolve

ROOT = Path(__file__).resolve().parents[2]
LOCALITY = "jining"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"


@cache
def package() -> Package:
    """The resolved files of the locality."""
    return resolve(ROOT, LOCALITY)


@cache
def library() -> Library:
    """Its processes and decisions, compiled."""
    return Library(package().files)


@cache
def forms() -> dict[str, Form]:
    """Its forms by id."""
    loaded = [load_form(raw, file=path) for path, raw in package().of(".form").items()]
    return {form.id: form for form in loaded}


@cache
def calendar() -> WorkCalendar:
    """The shipped holiday notices."""
    return WorkCalendar([json.loads(raw) for raw in package().calendars.values()])


def tree(path: str) -> Any:
    """One XML file of the pack."""
    return etree.fromstring(package().files[path])


def diagrams() -> list[str]:
    """Paths of the diagrams."""
    return list(package().of(".bpmn"))


def tables() -> list[str]:
    """Paths of the decision files."""
    return list(package().of(".dmn"))


def toml(path: str) -> dict[str, Any]:
    """One TOML file below the root."""
    return tomllib.loads((ROOT / path).read_text("utf-8"))


def clauses() -> dict[str, dict[str, Any]]:
    """Every clause on file by id."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((ROOT / "processes/statutes").glob("*.toml")):
        for clause in tomllib.loads(path.read_text("utf-8")).get("clauses", []):
            found[clause["id"]] = clause
    return found
