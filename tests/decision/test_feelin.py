"""Thousands of generated expressions answered by us and by feelin, the engine of the modeller.

Development only: set JIUJI_FEELIN to a folder with `node_modules/feelin` (npm i feelin). Numbers
are compared within double precision, since feelin computes in doubles. The generator leaves out
the constructs of DIFFERENCES, where the two disagree and the specification is on our side.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.decision import evaluate_expression

FEELIN = os.environ.get("JIUJI_FEELIN", "")
COUNT = 3_000
CONTEXT = {
    "x": 4, "y": 2.5, "s": "abcb", "flag": True, "数": [5, 6, 7], "p": {"age": 30, "name": "b"},
    "people": [{"age": 10}, {"age": 30}, {"age": 50}],
}  # fmt: skip

DIFFERENCES = [
    ("[1] = [1, 2]", False, None, "lists of different length are unequal, not incomparable"),
    ('max(["a", "b"])', "b", None, "max takes any comparable items"),
    ('"a" between 1 and 5', None, True, "texts and numbers are not comparable"),
    ('some i in ["a"] satisfies i > 1', None, False, "null or false is null"),
    ('every i in ["a"] satisfies i > 1', None, False, "null and true is null"),
    ("sublist([], 1, 1)", None, [], "there is no position 1 in an empty list"),
    ("for i in [null] return i[item > 1]", [[]], [None], "a filter answers a list"),
    ('if if true then "a" else "a" = "b" then 1 else 2', 2, 1, "an else reaches to the end"),
]

pytestmark = pytest.mark.skipif(
    not FEELIN or shutil.which("node") is None, reason="development only: JIUJI_FEELIN is not set"
)


class Generator:
    """Random expressions of a wanted kind; the same ones on every run."""

    def __init__(self) -> None:
        self.random = random.Random(20260102)

    def pick(self, *templates: str) -> str:
        """One template with its letters n, s, b, l filled in."""
        found = self.random.choice(templates)
        for letter, make in (
            ("N", self.number),
            ("S", self.text),
            ("B", self.truth),
            ("L", self.numbers),
        ):
            while f"<{letter}>" in found:
                found = found.replace(f"<{letter}>", make(), 1)
        return found

    def leaf(self) -> bool:
        return self.random.random() < 0.45

    def number(self) -> str:
        if self.leaf():
            return self.pick(
                "0", "1", "2", "7", "10", "0.5", "1.25", "x", "y", "数[1]", "null", "p.age", "-3"
            )
        return self.pick(
            "(<N> + <N>)", "(<N> - <N>)", "(<N> * <N>)", "(<N> / 4)", "-(<N>)", "min(<L>)",
            "(if <B> then <N> else <N>)", "max(<L>)", "sum(<L>)", "count(<L>)", "abs(<N>)",
            "floor(<N>)", "ceiling(<N>)", "string length(<S>)", "<L>[1]", "<L>[-1]",
            "modulo(<N>, 3)", "mean(<L>)", "{a: <N>, b: a}.b", "(function(k) k + 1)(<N>)",
        )  # fmt: skip

    def text(self) -> str:
        if self.leaf():
            return self.pick('"a"', '"b"', '"abc"', '""', '"低保"', "s", "p.name")
        return self.pick(
            "(<S> + <S>)", "upper case(<S>)", "substring(<S>, 1)", "(if <B> then <S> else <S>)",
            'substring before(<S>, "b")', 'string join(["a", <S>], "-")', "string(x)",
        )  # fmt: skip

    def truth(self) -> str:
        if self.leaf():
            return self.pick("true", "false", "null", "flag", "(1 < 2)")
        return self.pick(
            "(<N> < <N>)", "(<N> <= <N>)", "(<N> = <N>)", "(<N> != <N>)", "(<S> = <S>)",
            "(<B> and <B>)", "(<B> or <B>)", "not(<B>)", "(<N> in [1..5))", "(<N> in (< 3, > 5))",
            "(<N> between 1 and 5)", 'contains(<S>, "a")', "list contains(<L>, <N>)",
            "(some i in [1, 2, x] satisfies i > 数[1])", "(every i in [1, 2] satisfies i < y)",
        )  # fmt: skip

    def numbers(self) -> str:
        if self.leaf():
            return self.pick("[1, 2, 3]", "[]", "数", "[3, 1, 2]", "people.age")
        return self.pick(
            "[<N>, <N>]", "(for i in <L> return i)", "(for i in 1..3 return <N> + i)",
            "<L>[item > 1]", "append(<L>, <N>)", "concatenate(<L>, <L>)", "reverse(<L>)",
            "distinct values(<L>)", "people[age > 20].age", "flatten([<L>, <N>])",
        )  # fmt: skip

    def expressions(self, count: int) -> list[str]:
        """Different expressions of every kind, short enough to read."""
        found: set[str] = set()
        while len(found) < count:
            text = self.random.choice([self.number, self.text, self.truth, self.numbers])()
            if len(text) <= 200:
                found.add(text)
        return sorted(found)


def ask_feelin(expressions: list[str]) -> list[Any]:
    lines = [json.dumps(CONTEXT), *[json.dumps(text) for text in expressions]]
    script = Path(__file__).with_name("feelin.mjs")
    done = subprocess.run(
        ["node", str(script), str(Path(FEELIN).resolve())],
        input="\n".join(lines), capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, Decimal) and isinstance(theirs, int | float) and type(theirs) is not bool:
        return abs(float(ours) - theirs) <= 1e-9 * max(1, abs(theirs))
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    return type(ours) is type(theirs) and bool(ours == theirs)


def test_generated_expressions_agree() -> None:
    expressions = Generator().expressions(COUNT)
    answers = ask_feelin(expressions)
    assert len(answers) == COUNT
    odd = []
    for text, theirs in zip(expressions, answers, strict=True):
        ours = evaluate_expression(text, CONTEXT).value
        if not same(ours, theirs):
            odd.append(f"{text}: ours {ours!r}, feelin {theirs!r}")
    assert not odd, "\n".join([f"{len(odd)} of {COUNT} differ:", *sorted(odd, key=len)[:40]])


def test_known_differences_are_still_as_described() -> None:
    answers = ask_feelin([text for text, *_ in DIFFERENCES])
    for (text, ours, theirs, reason), answer in zip(DIFFERENCES, answers, strict=True):
        value = evaluate_expression(text, CONTEXT).value
        assert value == ours, f"{text}: {reason}"
        assert answer == theirs, text
