"""The BPMN machine: pure, and the only importer of SpiffWorkflow.

`Library` compiles the files of one deployment, `Engine` starts and loads instances, `Run` takes
commands and answers `Step` values, `lint` names every fault of a model before it is published.
"""

from __future__ import annotations

from app.process.engine import Engine, Run
from app.process.library import Library
from app.process.lint import lint
from app.process.model import (
    Bounds,
    Edge,
    Element,
    Event,
    Flow,
    Lane,
    Mapped,
    Note,
    ProcessDefinition,
    Shape,
)
from app.process.simulate import Outcome, compare, scenarios_of, simulate
from app.process.step import (
    Call,
    DecisionTaken,
    Facts,
    Incident,
    OpenedItem,
    Passed,
    Step,
    TimerSet,
)
from app.process.views import MessageWait

__all__ = [
    "Bounds",
    "Call",
    "DecisionTaken",
    "Edge",
    "Element",
    "Engine",
    "Event",
    "Facts",
    "Flow",
    "Incident",
    "Lane",
    "Library",
    "Mapped",
    "MessageWait",
    "Note",
    "OpenedItem",
    "Outcome",
    "Passed",
    "ProcessDefinition",
    "Run",
    "Shape",
    "Step",
    "TimerSet",
    "compare",
    "lint",
    "scenarios_of",
    "simulate",
]
