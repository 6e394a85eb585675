"""`jiuji dmn bench`: one answer of the same table, in every way we and others know.

Ours: closures, bitmask index, batch per row, and the full answer with reasons. Against: a
hand-written Python `if` chain over the same exact numbers, and SpiffWorkflow's own DMN engine.
Only `app.process` may know SpiffWorkflow, so its side is `tests/decision/bench_spiff.py`, run in a
process of its own when the source tree is there. Ratios count, not microseconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from app.cli.dmn_chain import ANSWERS, if_chain
from app.decision import compile_expression, load_model
from app.decision.batch_data import Coded, fen
from app.decision.runtime import Runtime
from app.decision.table import CompiledTable

CATEGORIES = ("medical", "education", "disaster", "other")
BANDS = ((0, 500), (500, 1000), (1000, 2000))
EXPRESSION = 'if category = "medical" then min(cost * 0.6, standard * 12) else standard * 3'
TARGETS = (
    # name, slower, faster, wanted ratio
    ("索引 比 SpiffWorkflow", "spiff_table", "index", 300.0),
    ("闭包 比 SpiffWorkflow", "spiff_table", "closures", 80.0),
    ("成批 比 闭包", "closures", "batch", 10.0),
    ("表达式 比 SpiffWorkflow", "spiff_expression", "expression", 10.0),
)
IF_CHAIN_LIMIT = 5.0  # the index may take this many times the `if` chain
LABELS = {
    "if_chain": "手写 if 链",
    "index": "索引（只要结果）",
    "closures": "闭包（只要结果）",
    "full": "完整回答（带理由）",
    "batch": "成批（每行）",
    "spiff_first_row": "SpiffWorkflow 决策表（见一行符合即停）",
    "spiff_table": "SpiffWorkflow 决策表（查完各行，同我们）",
    "expression": "表达式",
    "spiff_expression": "SpiffWorkflow 表达式",
}


def rules() -> list[tuple[str, int, int, int, bool]]:
    """The 24 rules: category, income from and below, assets below, resident."""
    return [
        (category, low, high, 50_000 if resident else 90_000, resident)
        for category in CATEGORIES
        for low, high in BANDS
        for resident in (True, False)
    ]


def cases() -> list[dict[str, Any]]:
    """One case inside every rule."""
    return [
        {
            "category": category,
            "income": Decimal(low + 250),
            "assets": Decimal(limit - 1),
            "persons": Decimal(3),
            "resident": resident,
        }
        for category, low, _, limit, resident in rules()
    ]


def model_xml() -> bytes:
    """The table as a DMN file."""
    types = {"category": "string", "income": "number", "assets": "number", "persons": "number",
             "resident": "boolean"}  # fmt: skip
    data = "".join(
        f'<inputData id="d_{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/>'
        "</inputData>"
        for name, kind in types.items()
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#d_{name}"/></informationRequirement>'
        for name in types
    )
    inputs = "".join(
        f'<input id="i_{name}"><inputExpression typeRef="{kind}"><text>{name}</text>'
        "</inputExpression></input>"
        for name, kind in types.items()
    )
    outputs = "".join(
        f'<output id="o_{name}" name="{name}" typeRef="{kind}"/>'
        for name, kind in (("level", "string"), ("amount", "number"), ("urgent", "boolean"))
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="bench" name="bench"'
        f' namespace="bench">{data}<decision id="grade" name="grade">{needs}'
        f'<decisionTable id="t" hitPolicy="UNIQUE">{inputs}{outputs}{"".join(_rule_xml())}'
        "</decisionTable></decision></definitions>"
    ).encode()


def _rule_xml() -> list[str]:
    found = []
    for (category, low, high, limit, resident), answer in zip(rules(), ANSWERS, strict=True):
        flag = "true" if resident else "false"
        cells = [f'"{category}"', f"[{low}..{high})", f"[0..{limit})", "&gt;= 1", flag]
        urgent = "true" if answer["urgent"] else "false"
        texts = [f'"{answer["level"]}"', str(answer["amount"]), urgent]
        entries = [f"<inputEntry><text>{text}</text></inputEntry>" for text in cells]
        entries += [f"<outputEntry><text>{text}</text></outputEntry>" for text in texts]
        found.append(f"<rule>{''.join(entries)}</rule>")
    return found


def microseconds(run: Callable[[], object], seconds: float = 0.4) -> float:
    """The best of several runs of one call, in time of this process only."""
    run()
    best, spent, count = float("inf"), 0.0, 1
    while spent < seconds:
        start = time.process_time()
        for _ in range(count):
            run()
        took = time.process_time() - start
        best = min(best, took / count)
        spent += took
        if took < 0.02:
            count *= 4
    return best * 1e6


def ours(rows: int) -> dict[str, float]:
    """Microseconds per answer of everything of ours and of the `if` chain."""
    model = load_model(model_xml())
    table = model.element("grade", "decision").body
    assert isinstance(table, CompiledTable)
    asked = cases()
    quick = model.quick("grade")
    assert [quick(case) for case in asked] == [if_chain(**case) for case in asked] == ANSWERS
    expression = compile_expression(EXPRESSION, ("category", "cost", "standard"))
    values = {"category": "medical", "cost": Decimal(8000), "standard": Decimal(900)}
    return {
        "if_chain": _each(lambda case: if_chain(**case), asked),
        "index": _each(quick, asked),
        "closures": _each(lambda case: table.reference(Runtime(), case), asked),
        "full": _each(lambda case: model.evaluate("grade", case), asked),
        "batch": _batch(model, rows),
        "expression": microseconds(lambda: expression.value(values)),
    }


def _each(ask: Callable[[dict[str, Any]], object], asked: Sequence[dict[str, Any]]) -> float:
    def run() -> None:
        for case in asked:
            ask(case)

    return microseconds(run) / len(asked)


def _batch(model: Any, rows: int) -> float:
    random = np.random.default_rng(1)
    columns = {
        "category": Coded(random.integers(0, len(CATEGORIES), rows), CATEGORIES),
        "income": fen(random.integers(0, 250_000, rows)),
        "assets": fen(random.integers(0, 10_000_000, rows)),
        "persons": random.integers(1, 8, rows),
        "resident": random.integers(0, 2, rows).astype(bool),
    }
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        model.batch("grade", columns)
        best = min(best, time.process_time() - start)
    return best / rows * 1e6


def theirs() -> dict[str, float]:
    """Microseconds of SpiffWorkflow's engine; empty without the source tree."""
    root = Path(__file__).resolve().parents[2]
    if not (root / "tests" / "decision" / "bench_spiff.py").exists():
        return {}
    command = [sys.executable, "-m", "tests.decision.bench_spiff"]
    done = subprocess.run(  # noqa: S603 - our own script, no outside text
        command, cwd=root, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        return {}
    return {str(name): float(value) for name, value in json.loads(done.stdout).items()}


def judged(times: dict[str, float]) -> list[tuple[str, float, str, bool]]:
    """(what, ratio, target, met) for every target that could be measured."""
    found = [
        (name, times[slow] / times[fast], f"≥ {wanted:g}", times[slow] / times[fast] >= wanted)
        for name, slow, fast, wanted in TARGETS
        if slow in times and fast in times
    ]
    ratio = times["index"] / times["if_chain"]
    found.append(("索引 为 if 链的", ratio, f"≤ {IF_CHAIN_LIMIT:g}", ratio <= IF_CHAIN_LIMIT))
    return found


def report(*, rows: int, as_json: bool) -> int:
    """Print times and ratios; 1 when a target is missed."""
    times = {**ours(rows), **theirs()}
    results = judged(times)
    if as_json:
        ratios = {name: {"ratio": ratio, "target": target, "met": met}
                  for name, ratio, target, met in results}  # fmt: skip
        print(json.dumps({"microseconds": times, "ratios": ratios}, ensure_ascii=False, indent=2))
    else:
        print(f"24 行 5 输入 3 输出的决策表，成批 {rows} 行：")
        for name, value in times.items():
            print(f"  {LABELS[name]}：{value:.2f} 微秒")
        for name, ratio, target, met in results:
            print(f"  {'达到' if met else '没有达到'}：{name} {ratio:.1f} 倍（目标 {target}）")
        if "spiff_table" not in times:
            print("  没有 SpiffWorkflow 的数字：要在源码目录里运行。")
    return 0 if all(met for *_, met in results) else 1
