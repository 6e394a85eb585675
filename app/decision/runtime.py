"""What one evaluation carries: fuel, the injected moment, the warnings so far.

Fuel is counted, not timed, so that the same model with the same input stops at the same step
on every machine.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context
from typing import TYPE_CHECKING

from app.decision.result import Caution, Finding, Place, TableTrace, Value

if TYPE_CHECKING:
    from app.decision.temporal import DateTime

MAX_FUEL = 100_000  # steps of one evaluation
MAX_LIST = 10_000  # items of one list or iterated range
MAX_STRING = 65_536  # characters of one string value
MAX_DEPTH = 50  # nested function calls
MAX_TEXT = 20_000  # characters of one expression
MAX_NESTING = 60  # brackets, ifs, fors inside one another in one expression
MAX_TREE = 250  # syntax nodes inside one another: brackets and chains together
MAX_CHAIN = 200  # operators or steps in a row on one level
MAX_EXPONENT = 6_144  # decimal exponent, as IEEE 754-2008 decimal128

NUMBERS = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6_143, Emax=MAX_EXPONENT)


CHARACTERS_PER_STEP = 64  # characters of a new text for one step of fuel
ITEMS_PER_STEP = 16  # items compared or copied for one step of fuel

NOWHERE = Place()  # made once: a Runtime is made for every answer


class OutOfFuelError(Exception):
    """The evaluation crossed a limit; `limit` names it. Caught at the public surface only."""

    def __init__(self, limit: str, allowed: int) -> None:
        super().__init__(f"{limit} > {allowed}")
        self.limit = limit
        self.allowed = allowed


def weight(value: Value) -> int:
    """Return how many items and entries lie inside a list or context, at any depth."""
    count = 0
    stack = [value]
    while stack:
        current = stack.pop()
        parts = current.values() if type(current) is dict else current
        count += len(parts)
        stack.extend(part for part in parts if type(part) is list or type(part) is dict)
    return count


class Runtime:
    """State of one evaluation; made by the public surface, handed to every closure and builtin."""

    __slots__ = ("depth", "errors", "fuel", "now", "place", "traces", "warnings")

    def __init__(self, now: DateTime | None = None, fuel: int = MAX_FUEL) -> None:
        self.fuel = fuel
        self.now = now  # a date-time with offset; None makes now() and today() null with a warning
        self.depth = 0
        self.place = NOWHERE
        self.warnings: list[Caution] = []
        self.errors: list[Finding] = []  # what leaves the question without an answer
        self.traces: list[TableTrace] = []

    def spend(self, steps: int = 1) -> None:
        """Take `steps` from the fuel; raises OutOfFuelError when it is used up."""
        self.fuel -= steps
        if self.fuel < 0:
            raise OutOfFuelError("MAX_FUEL", MAX_FUEL)

    def pay_for(self, value: Value, times: int = 1) -> None:
        """Spend for copying, or `times` going through, everything inside `value`."""
        kind = type(value)
        if kind is list or kind is dict:
            self.spend(1 + weight(value) * times // ITEMS_PER_STEP)
        elif kind is str and len(value) > CHARACTERS_PER_STEP:
            self.spend(len(value) // CHARACTERS_PER_STEP)

    def warn(self, code: str, message: str) -> None:
        """Record a warning at the current place; at most 100 are kept."""
        if len(self.warnings) < 100:
            self.warnings.append(Caution(code, message, self.place))

    def fail(self, code: str, message: str, suggestion: str = "") -> None:
        """Record an error at the current place; at most 100 are kept."""
        if len(self.errors) < 100:
            self.errors.append(Finding(code, "error", message, suggestion, self.place))
