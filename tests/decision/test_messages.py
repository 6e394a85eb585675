"""Every code a finding or warning can carry is explained in docs/feel.md, and nothing else is.

What each message says is in the tests of its module.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import app.decision

SOURCES = Path(app.decision.__file__).parent
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "feel.md"
SAYERS = {"report", "note", "Finding", "finding", "stop", "fail", "warn", "refuse", "_refused"}
SEVERITIES = {"error", "warning", "info"}
CODE = re.compile(r"[a-z]+(_[a-z]+)*")


def said() -> set[str]:
    """The codes written as a constant where something is reported."""
    return {code for path in SOURCES.glob("*.py") for code in said_in(path)}


def said_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        for argument in node.args[:2] if name in SAYERS else ():
            value = argument.value if isinstance(argument, ast.Constant) else None
            if isinstance(value, str) and CODE.fullmatch(value) and value not in SEVERITIES:
                yield value


def explained() -> set[str]:
    """The codes in the first column of the guide's lists of messages."""
    lists = GUIDE.read_text("utf-8").partition("## 提示一览")[2]
    first = [line.split("|")[1] for line in lists.splitlines() if line.startswith("| `")]
    return {code for cell in first for code in re.findall(r"`([a-z_]+)`", cell)}


def test_every_message_is_explained() -> None:
    assert said() - explained() == set()


def test_every_explained_message_exists() -> None:
    text = "".join(path.read_text("utf-8") for path in SOURCES.glob("*.py"))
    assert {code for code in explained() if f'"{code}"' not in text} == set()
