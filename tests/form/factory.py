"""Small forms for the tests of this folder, written as policy staff would."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from app.form import Form, Outcome, check_form, load_form

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)  # 14:30 in China


def document(*components: Any, **top: Any) -> bytes:
    """The bytes of a form file with these components."""
    body = {"type": "default", "id": "sample", "name": "样表", "components": list(components)}
    return json.dumps(body | top, ensure_ascii=False).encode()


def form(*components: Any) -> Form:
    """The loaded form."""
    return load_form(document(*components))


def field(kind: str, key: str = "a", label: str = "甲", **more: Any) -> dict[str, Any]:
    """One question."""
    return {"type": kind, "key": key, "label": label, **more}


def group(*components: Any, **more: Any) -> dict[str, Any]:
    """A group."""
    return {"type": "group", "label": "一组", "components": list(components), **more}


def rows(*components: Any, key: str = "members", **more: Any) -> dict[str, Any]:
    """A list of rows."""
    return {
        "type": "dynamiclist",
        "path": key,
        "label": "成员",
        "components": list(components),
        **more,
    }


def codes(*components: Any, **top: Any) -> list[str]:
    """The codes of the errors found."""
    return [one.code for one in check_form(document(*components, **top)) if one.severity == "error"]


def answer(one: Form, *pairs: tuple[str, str], so_far: Any = None, **context: Any) -> Outcome:
    """The outcome of sending `pairs`."""
    return one.validate(one.parse(pairs), context=context, now=NOW, values_so_far=so_far)


def said(one: Form, *pairs: tuple[str, str], **context: Any) -> str:
    """The sentence for the first problem, "" when there is none."""
    problems = answer(one, *pairs, **context).problems
    return problems[0].message if problems else ""
