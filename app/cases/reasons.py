"""Words a deed cannot do without: trimmed, cut to their length, and asked for when missing."""

from __future__ import annotations

from app.kernel.errors import FieldProblem, Invalid


def required(text: str, key: str, label: str, problem: str, *, most: int) -> str:
    """The words, at most so many characters; raises Invalid naming the field when there are none.

    problem: Chinese, what to write.
    """
    said = text.strip()[:most]
    if not said:
        raise Invalid(problem, [FieldProblem(key, label, problem)])
    return said
