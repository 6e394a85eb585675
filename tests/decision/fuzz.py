"""Fuzzing of texts, cells and files: nothing but the named exceptions, nothing over the limits.

A tool, not a test: `nice python -m tests.decision.fuzz SECONDS [SEED]`. Prints the counts, or the
first input that broke something.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from decimal import Decimal
from typing import Any

from app.decision import DecisionModelError, evaluate_expression, evaluate_unary_tests, load_model
from app.decision.convert import InputError
from app.decision.explain import explain
from app.decision.render import to_html, to_markdown
from app.decision.runtime import MAX_LIST, MAX_STRING
from app.decision.values import KINDS, to_text
from tests.decision.grow import Grower, mutate, soup
from tests.decision.tables import In, Out, Sheet

CONTEXT = {
    "x": Decimal(3),
    "y": Decimal("-2.5"),
    "xs": [Decimal(4), Decimal(1)],
    "家庭 人口": Decimal(2),
}
SLOW_SECONDS = 5.0  # one input may not take longer
CELLS = [
    "-",
    "< 5",
    "[1..5)",
    "not(3)",
    '"a"',
    '"a", "b"',
    "null",
    "true",
    'date("2024-01-01")',
    "? > 3",
    "> x",
    "1, 2, > 9",
]


def lawful(value: Any, depth: int = 0) -> None:
    """Only FEEL values, none over the limits."""
    assert type(value) in KINDS, type(value)
    assert depth < 200
    if type(value) is str:
        assert len(value) <= MAX_STRING
    if type(value) is Decimal:
        assert value.is_finite()
        assert len(value.as_tuple().digits) <= 34
    if type(value) is list:
        assert len(value) <= MAX_LIST
        for item in value[:50]:
            lawful(item, depth + 1)
    if type(value) is dict:
        for key, item in list(value.items())[:50]:
            assert type(key) is str
            lawful(item, depth + 1)


def expression(rng: random.Random, counts: Counter[str]) -> str:
    """One expression or cell; returns its text for the report."""
    grower = Grower(rng)
    form = rng.randrange(4)
    text = soup(rng) if form == 0 else grower.any(rng.randrange(5))
    if form == 1:
        text = mutate(rng, text)
    yield_of = evaluate_unary_tests if rng.randrange(4) == 0 else None
    result = yield_of(text, Decimal(3), CONTEXT) if yield_of else evaluate_expression(text, CONTEXT)
    lawful(result.value)
    assert result.ok or result.value is None
    counts["with errors" if result.errors else "null" if result.value is None else "value"] += 1
    return text


def table(rng: random.Random, counts: Counter[str]) -> str:
    """One file with a table, perhaps mutilated, loaded, analysed, asked and printed."""
    columns = rng.randrange(1, 4)
    cells = [
        [*[cell(rng) for _ in range(columns)], *[output(rng) for _ in range(2)]]
        for _ in range(rng.randrange(6))
    ]
    kinds = [
        rng.choice(["number", "string", "boolean", "date", "Any", "nonsense"])
        for _ in range(columns)
    ]
    sheet = Sheet(
        [
            In(f"x{i}", kind, values=rng.choice(["", "", ">= 0", '"a","b"']))
            for i, kind in enumerate(kinds)
        ],
        cells,
        [Out("甲", "Any"), Out("乙", "number", label="金额（元；随x0上升不增）")],
        rng.choice(["UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "OUTPUT ORDER", "RULE ORDER"]),
    )
    xml = sheet.xml()
    if rng.randrange(3) == 0:
        xml = mutate(rng, xml.decode()).encode("utf-8", "surrogatepass")
    try:
        model = load_model(xml, strict=bool(rng.randrange(2)))
    except DecisionModelError:
        counts["file refused"] += 1
        return xml.decode("utf-8", "replace")
    model.analyse()
    for written in model.tables():
        to_html(written)
        to_markdown(written)
    for name in model.decisions:
        inputs = {
            f"x{i}": rng.choice([None, 3, Decimal("0.5"), "a", True, [1]]) for i in range(columns)
        }
        for _ in range(rng.randrange(1, 6)):
            result = model.evaluate(name, inputs)
            lawful(result.value)
        explain(model, result)
        model.boundaries(name)
    counts["file run"] += 1
    return xml.decode("utf-8", "replace")


def cell(rng: random.Random) -> str:
    """An input cell, sometimes broken."""
    return rng.choice(CELLS) if rng.randrange(6) else soup(rng)


def output(rng: random.Random) -> str:
    """An output cell, sometimes broken."""
    return Grower(rng).any(2) if rng.randrange(6) else soup(rng)


def main() -> int:
    """Run for the seconds given."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    counts: Counter[str] = Counter()
    start, number, slowest = time.monotonic(), 0, 0.0
    while time.monotonic() - start < seconds:
        number += 1
        rng = random.Random(f"{seed}:{number}")
        work = table if number % 8 == 0 else expression
        began = time.process_time()
        try:
            work(rng, counts)
        except InputError:
            counts["input refused"] += 1
        except Exception as error:
            sys.stdout.write(f"BROKEN {work.__name__} seed {seed}:{number}: {error!r}\n")
            raise
        took = time.process_time() - began
        slowest = max(slowest, took)
        if took > SLOW_SECONDS:
            sys.stdout.write(f"SLOW {work.__name__} seed {seed}:{number}: {took:.1f} s\n")
            return 1
    sys.stdout.write(
        f"{number} inputs in {seconds:.0f} s, slowest {slowest:.2f} s, {dict(counts)}, {to_text(Decimal(number))}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
