"""What the decision engine answers: values with their reasons, findings with their places.

These records are the package's public vocabulary; they travel to decision records, letters,
screens and the command line, so each field has its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Value = Any
"""A FEEL value: Decimal, str, bool, None, list, dict, a temporal, a range or a function."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a model something stands; every part may be empty when it does not apply."""

    file: str = ""  # path as given by the caller, "" for a bare expression
    decision: str = ""  # name of the decision, BKM or service
    element_id: str = ""  # XML id of the nearest element that carries one
    rule: int = 0  # 1-based row number of a decision table; 0 = not in a row
    column: str = ""  # label of the input, output or annotation column
    offset: int = -1  # 0-based character offset inside the expression text; -1 = whole
    length: int = 0  # characters concerned


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should know about a model.

    Errors stop publication; soft findings ask for a written reason and a second signature;
    warnings and notes only show.
    """

    code: str  # stable ASCII snake_case, e.g. "unknown_name"
    severity: str  # "error" | "soft" | "warning" | "info"
    message: str  # one Chinese sentence: what is wrong
    suggestion: str = ""  # one Chinese sentence: what to do; may hold the replacement text
    place: Place = field(default_factory=Place)
    example: Mapping[str, str] = field(default_factory=dict)  # input label -> FEEL text
    path: tuple[Place, ...] = ()  # steps and flows that lead there, in order; to mark on pictures
    clause: str = ""  # id of the clause that is broken, "" when no law speaks of it


@dataclass(frozen=True, slots=True)
class Caution:
    """One null or odd step met while evaluating; never an exception."""

    code: str  # stable ASCII snake_case, e.g. "null_operand"
    message: str  # one Chinese sentence
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """One row of a decision table that fired."""

    decision: str  # name of the decision the table belongs to
    rule_id: str  # XML id of the rule, "" when the file gives none
    number: int  # 1-based row number
    outputs: Mapping[str, Value]  # output name -> value of this row
    annotations: Mapping[str, str]  # annotation column label -> text (clause, force, validity)


@dataclass(frozen=True, slots=True)
class TableTrace:
    """One decision table as it was run: what it was asked and which rows answered."""

    decision: str  # decision name
    decision_id: str  # XML id
    hit_policy: str  # "UNIQUE", "COLLECT SUM", ...
    inputs: Mapping[str, Value]  # input column label -> value seen
    matched: tuple[MatchedRule, ...]  # in table order


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to one question.

    `value` is None both for a lawful null and for a failure: look at `errors`. A caller that
    needs an answer treats an empty value as a stop, never as permission to continue.
    """

    value: Value  # the decision's value
    matched: tuple[MatchedRule, ...] = ()  # rows of the asked decision's own table
    warnings: tuple[Caution, ...] = ()  # odd steps, in order met
    errors: tuple[Finding, ...] = ()  # why there is no answer
    traces: tuple[TableTrace, ...] = ()  # every table run on the way, in order

    @property
    def ok(self) -> bool:
        """True when nothing prevented an answer."""
        return not self.errors
