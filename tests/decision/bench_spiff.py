"""SpiffWorkflow's own DMN engine on the table of `jiuji dmn bench`; prints microseconds as JSON.

A tool, not a test: run as `python -m tests.decision.bench_spiff`, which the command does itself.
The cells are the same conditions in the Python that engine wants. Under UNIQUE it stops at the
first row that matches and never sees a second; only COLLECT makes it ask every row as DMN demands,
so both are measured and the one that does the same work is `spiff_table`.
"""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.specs.model import (
    DecisionTable,
    Input,
    InputEntry,
    Output,
    OutputEntry,
    Rule,
)

from app.cli.dmn_bench import cases, microseconds, rules
from app.cli.dmn_chain import ANSWERS

TWIN = 'min(cost * 0.6, standard * 12) if category == "medical" else standard * 3'


def spiff_table(policy: str) -> Any:
    """The table as that engine holds it."""
    table = DecisionTable("t", "grade", policy)
    names = ("category", "income", "assets", "persons", "resident")
    table.inputs = [Input(name, name, name, name, "") for name in names]
    table.outputs = [Output(name, name, name, "") for name in ("level", "amount", "urgent")]
    for number, (category, low, high, limit, resident) in enumerate(rules()):
        rule = Rule(f"r{number}")
        rule.row_number = number + 1
        cells = (
            f'"{category}"',
            f"{low} <= ? < {high}",
            f"0 <= ? < {limit}",
            ">= 1",
            str(resident),
        )
        for column, text in zip(table.inputs, cells, strict=True):
            entry = InputEntry(f"{number}", column)
            entry.lhs = [text]
            rule.inputEntries.append(entry)
        for column, value in zip(table.outputs, ANSWERS[number].values(), strict=True):
            output = OutputEntry(f"{number}", column)
            output.text = f'"{value}"' if isinstance(value, str) else str(value)
            rule.outputEntries.append(output)
        table.rules.append(rule)
    return table


def main() -> None:
    """Measure and print."""
    engine, script = DMNEngine(spiff_table("UNIQUE")), PythonScriptEngine()
    whole = DMNEngine(spiff_table("COLLECT"))
    tasks = []
    for case in cases():
        data = {
            key: int(v) if key in ("income", "assets", "persons") else v for key, v in case.items()
        }
        tasks.append(SimpleNamespace(data=data, workflow=SimpleNamespace(script_engine=script)))
    answers = [dict(engine.result(task)) for task in tasks]
    assert [a["level"] for a in answers] == [a["level"] for a in ANSWERS]

    def run() -> None:
        for task in tasks:
            engine.result(task)

    def run_all_rows() -> None:
        for task in tasks:
            whole.result(task)

    data = {"category": "medical", "cost": 8000, "standard": 900}
    task = SimpleNamespace(data=data, workflow=SimpleNamespace(script_engine=script))
    found = {
        "spiff_first_row": microseconds(run, 1.5) / len(tasks),
        "spiff_table": microseconds(run_all_rows, 1.5) / len(tasks),
        "spiff_expression": microseconds(lambda: script.evaluate(task, TWIN)),
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
