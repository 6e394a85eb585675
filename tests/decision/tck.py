"""Reader of the official DMN TCK: test files to cases, expected values to FEEL values.

Knows the TCK's file format and nothing of any single test.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.decision import Model, load_model
from app.decision.convert import to_feel
from app.decision.temporal import parse_date, parse_date_time, parse_duration, parse_time
from app.decision.values import feel_equal
from app.decision.xml import Element, attribute, child, children, local, parse_xml

DIRECTORY = Path(
    os.environ.get("JIUJI_TCK") or Path(__file__).resolve().parents[3] / "shared" / "tck"
)
NOW = parse_date_time("2026-01-02T03:04:05Z")
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


@dataclass(frozen=True)
class Outcome:
    """One case: passed or not, and whether anything but null was expected."""

    identity: str  # directory/file/case
    passed: bool
    non_null: bool
    note: str  # what came out instead


def value_of(element: Element | None) -> Any:
    """The FEEL value an `expected`, `inputNode`, `item` or `component` holds."""
    if element is None:
        return None
    for part in element:
        if local(part) == "value":
            return _simple(part)
        if local(part) == "list":
            return [value_of(item) for item in children(part, "item")]
    components = list(children(element, "component"))
    if components:
        return {attribute(part, "name"): value_of(part) for part in components}
    return None


def _simple(element: Element) -> Any:
    if element.get(XSI_NIL) == "true":
        return None
    text = element.text or ""
    kind = str(element.get(XSI_TYPE) or "xsd:string").rpartition(":")[2]
    if kind in {"decimal", "double", "integer", "int", "long", "float"}:
        return Decimal(text.strip())
    readers = {
        "boolean": lambda t: t.strip() == "true",
        "date": parse_date,
        "time": parse_time,
        "dateTime": parse_date_time,
        "duration": parse_duration,
    }
    return readers[kind](text) if kind in readers else text


def same(actual: Any, expected: Any) -> bool:
    """Equality as the TCK's own runner means it: numbers to eight decimals."""
    if isinstance(expected, Decimal) and isinstance(actual, Decimal):
        return abs(actual - expected) <= Decimal("1e-8") * max(1, abs(expected))
    if isinstance(expected, list) and isinstance(actual, list):
        return len(actual) == len(expected) and all(map(same, actual, expected))
    if isinstance(expected, dict) and isinstance(actual, dict):
        return actual.keys() == expected.keys() and all(
            same(actual[key], expected[key]) for key in expected
        )
    return type(actual) is type(expected) and (
        str(actual) == str(expected) or feel_equal(actual, expected) is True
    )


def run_level(level: str) -> Iterator[Outcome]:
    """Run every case of `compliance-level-2` or `-3`."""
    for directory in sorted((DIRECTORY / level).iterdir()):
        models = {path.name: path.read_bytes() for path in sorted(directory.glob("*.dmn"))}
        for path in sorted(directory.glob("*.xml")):
            yield from run_file(path, models)


def run_file(path: Path, models: dict[str, bytes]) -> Iterator[Outcome]:
    """Run every case of one test file."""
    root = parse_xml(path.read_bytes())
    name_element = child(root, "modelName")
    name = (name_element.text or "").strip() if name_element is not None else ""
    name = name if name in models else next(iter(models))
    others = [data for other, data in models.items() if other != name]
    try:
        model: Model | Exception = load_model(models[name], others, file=name, strict=False)
    except Exception as error:
        model = error
    for case in children(root, "testCase"):
        yield run_case(f"{path.parent.name}/{path.stem}/{attribute(case, 'id')}", case, model)


def run_case(identity: str, case: Element, model: Model | Exception) -> Outcome:
    """Run one case: all its result nodes must agree."""
    given = {attribute(node, "name"): value_of(node) for node in children(case, "inputNode")}
    kind = attribute(case, "type") or "decision"
    passed, non_null, notes = True, False, []
    for node in children(case, "resultNode"):
        expected = value_of(child(node, "expected"))
        non_null = non_null or expected is not None
        name = attribute(node, "name")
        try:
            if isinstance(model, Exception):
                raise model
            if kind == "decision":
                result = model.evaluate(name, given, now=NOW)
            else:
                result = model.invoke(attribute(case, "invocableName") or name, given, now=NOW)
        except Exception as error:
            passed = False
            notes.append(f"{name}: {type(error).__name__}: {error}")
            continue
        value = result.value
        if kind == "decisionService" and isinstance(value, dict) and name in value:
            value = value[name]
        if not same(value, expected):
            passed = False
            said = [x.message for x in (*result.errors, *result.warnings)][:2]
            notes.append(f"{name}: expected {expected!r}, got {result.value!r} {said}")
    return Outcome(identity, passed, non_null, "; ".join(notes))


def expected_failures() -> dict[str, str]:
    """Case identity -> reason, as committed."""
    path = Path(__file__).with_name("tck_expected_failures.toml")
    found = tomllib.loads(path.read_text("utf-8"))
    return {identity: entry["reason"] for identity, entry in found.get("case", {}).items()}


__all__ = ["DIRECTORY", "NOW", "expected_failures", "run_level", "same", "to_feel", "value_of"]
