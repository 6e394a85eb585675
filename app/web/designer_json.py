"""What the designers' scripts and the server say to each other, in JSON.

Expected errors keep their status and speak as JSON; what a request sends is checked before any
verb sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from functools import wraps
from typing import Any

from flask import Response, jsonify, request

from app.decision.result import Finding
from app.kernel.clock import SHANGHAI
from app.kernel.errors import AppError, Invalid, Stale
from app.studio.trying import Trial
from app.web.errors import status_of

Answered = Response | tuple[Response, int]


def as_json(view: Callable[..., Response]) -> Callable[..., Answered]:
    """A view whose expected errors are JSON: `{code, message, problems}` with their status."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Answered:
        try:
            return view(*args, **kwargs)
        except AppError as error:
            problems = [asdict(one) for one in error.problems] if isinstance(error, Invalid) else []
            body = {"code": error.code, "message": error.message, "problems": problems}
            if isinstance(error, Stale):
                body["sha256"] = str(error.facts.get("sha256", ""))
            return jsonify(body), status_of(error)

    return answer


def finding_json(finding: Finding, clauses: Mapping[str, str]) -> dict[str, Any]:
    """One finding as a page shows it; `clauses`: clause id -> quoted text."""
    place = finding.place
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "element": place.element_id,
        "decision": place.decision,
        "rule": place.rule,
        "column": place.column,
        "example": dict(finding.example),
        "clause": clauses.get(finding.clause, finding.clause),
        "path": [one.element_id for one in finding.path],
    }


def trial_json(trial: Trial) -> dict[str, Any]:
    """The outcome of one question to a decision."""
    return {
        "value": trial.value,
        "labels": dict(trial.labels),
        "tables": list(trial.tables),
        "sentences": list(trial.sentences),
        "warnings": list(trial.warnings),
        "errors": [finding_json(one, {}) for one in trial.errors],
    }


def sent() -> dict[str, Any]:
    """The JSON object of the request; raises Invalid for anything else."""
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        raise Invalid("页面发来的内容不完整，请刷新后再试。")
    return found


def text_of(sent: dict[str, Any], name: str) -> str:
    """A text of the request that UTF-8 can hold; raises Invalid for anything else."""
    value = sent.get(name)
    if not isinstance(value, str):
        raise Invalid("页面发来的内容不完整，请刷新后再试。")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Invalid("内容里有不能保存的字符。") from None
    return value


def moment(day: str, now: datetime) -> datetime:
    """Noon of that day in Shanghai, the present moment for ""; raises Invalid."""
    if not day:
        return now
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise Invalid("“按哪一天”要写成 2026-04-07 的样子。") from None
    return datetime.combine(found, time(12), SHANGHAI)
