"""The words of the button that does a work item: the deed with its sum, “批准并预留 1000.00 元”.

A user task says them in its properties: `deed`, and `deed_<decision>` for one answer to the
question `decision`. `{name}` stands for a fact, an input or an answer; while one of them is not
known the words of the next property, or the task's own name, stand instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.form import Form, Submission
from app.kernel.clock import local
from app.store.work_items import WorkItemRow

PROPERTY = "deed"
DECISION = "decision"  # the answer that the variants follow
_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def deeds_of(item: WorkItemRow) -> dict[str, str]:
    """Decision -> words; "" -> the words whatever is decided."""
    found = {}
    for name, words in item.properties.items():
        if name == PROPERTY or name.startswith(f"{PROPERTY}_"):
            found[name[len(PROPERTY) + 1 :]] = str(words)
    return found


def deed_words(
    deeds: Mapping[str, str],
    form: Form | None,
    submission: Submission | None,
    context: Mapping[str, Any],
    now: datetime,
) -> str:
    """The button's words for what is answered so far; "" when the diagram says none."""
    known = dict(context)
    if form is not None and submission is not None:
        known |= form.settle(submission, dict(context), local(now)).scope
    for key in (str(known.get(DECISION) or ""), ""):
        text = _filled(deeds.get(key, ""), known)
        if text:
            return text
    return ""


def _filled(words: str, known: Mapping[str, Any]) -> str:
    names = _SLOT.findall(words)
    if any(known.get(name) is None for name in names):
        return ""
    return _SLOT.sub(lambda slot: _shown(known[slot.group(1)]), words)


def _shown(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)
