"""Errors named by what their reader must do; each carries facts, not only a sentence.

Sentences are Chinese: what happened, to which case or element, what to do next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One answer that must be mended."""

    key: str  # path of the field, e.g. "members[0].name"; "" = the form as a whole
    label: str  # the field's label as the person saw it
    message: str  # Chinese: what is wrong and what is expected


class AppError(Exception):
    """Root of all expected errors."""

    retryable = False

    def __init__(self, code: str, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.code = code  # stable ASCII snake_case
        self.message = message  # Chinese sentence for the person
        self.facts = facts


class Invalid(AppError):
    """The input must be mended; `problems` names every field."""

    def __init__(
        self, message: str, problems: Sequence[FieldProblem] = (), code: str = "invalid_input"
    ) -> None:
        super().__init__(code, message)
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Alternative:
    """What is lawful instead of what was refused."""

    label: str  # Chinese: "按轻度急难给予 1000.00 元以下"
    clause: str = ""  # clause id it rests on


class Refused(AppError):
    """A rule says no; carries the rule, its clause and what is lawful instead."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        clause: str = "",
        alternatives: Sequence[Alternative] = (),
        **facts: Any,
    ) -> None:
        super().__init__(code, message, **facts)
        self.clause = clause
        self.alternatives = tuple(alternatives)


class Forbidden(AppError):
    """Not this person's to do or see."""


class NotFound(AppError):
    """There is no such thing, or not for this person."""


class Stale(AppError):
    """Somebody was faster; look again before acting."""


class ModelError(AppError):
    """A model is broken; `findings` are for policy staff."""

    def __init__(self, message: str, findings: Sequence[Any] = (), **facts: Any) -> None:
        super().__init__("broken_model", message, **facts)
        self.findings = tuple(findings)


class Parked(AppError):
    """The instance is parked and visible in the incident list; a person must look at it."""

    def __init__(self, code: str, message: str, *, retryable: bool, **facts: Any) -> None:
        super().__init__(code, message, **facts)
        self.retryable = retryable
