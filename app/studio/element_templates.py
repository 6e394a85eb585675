"""Element templates for the diagram editor, one for each call of the catalogue.

A template applied to a service task writes `zeebe:taskDefinition` and `zeebe:ioMapping`; nothing
of a template is needed to run the diagram afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.studio import call_words
from app.studio.call_words import ANSWERS, ArgumentWords, words_of
from app.studio.calls import CALLS, CallShape

SCHEMA = "@camunda/zeebe-element-templates-json-schema"  # what the editor knows the kind by
PREFIX = "jiuji."  # before the call in the id of its template
VERSION = 1

Choices = Mapping[str, Sequence[tuple[str, str]]]
"""Kind of argument (PAPER, FORM, …) -> value and label of what the package has of it."""


def element_templates(
    offered: Choices, calls: Mapping[str, CallShape] = CALLS
) -> list[dict[str, Any]]:
    """The templates, in the order of the catalogue."""
    return [_template(call, shape, offered) for call, shape in calls.items()]


def _template(call: str, shape: CallShape, offered: Choices) -> dict[str, Any]:
    return {
        "$schema": SCHEMA,
        "id": f"{PREFIX}{call}",
        "name": shape.label,
        "version": VERSION,
        "appliesTo": ["bpmn:Task", "bpmn:ServiceTask"],
        "elementType": {"value": "bpmn:ServiceTask"},
        "groups": [
            {"id": "arguments", "label": "要用到的", "openByDefault": True},
            {"id": "answers", "label": "把结果记为", "openByDefault": True},
        ],
        "properties": [
            {
                "type": "Hidden",
                "value": call,
                "binding": {"type": "zeebe:taskDefinition", "property": "type"},
            },
            *(_input(name, True, offered) for name in sorted(shape.needed)),
            *(_input(name, False, offered) for name in sorted(shape.optional)),
            *(_output(name, label) for name, label in ANSWERS.get(call, {}).items()),
        ],
    }


def _input(name: str, needed: bool, offered: Choices) -> dict[str, Any]:
    words = words_of(name)
    return {
        "id": name,
        "label": words.label,
        "group": "arguments",
        "binding": {"type": "zeebe:input", "name": name},
        **({"constraints": {"notEmpty": True}} if needed else {"optional": True}),
        **_asked_by(words, offered),
    }


def _asked_by(words: ArgumentWords, offered: Choices) -> dict[str, Any]:
    """A list to choose from where there is one, else a text or an expression."""
    choices = words.choices or offered.get(words.kind, ())
    if choices and words.kind != call_words.FEEL:
        # An expression, as files drawn by hand have it: ="county".
        listed = [{"name": label, "value": f'="{value}"'} for value, label in choices]
        return {"type": "Dropdown", "choices": listed}
    if words.kind == call_words.TEXT:
        return {"type": "String", "feel": "optional"}
    return {"type": "String", "feel": "required"}


def _output(name: str, label: str) -> dict[str, Any]:
    return {
        "id": f"answer_{name}",
        "label": f"{label}记为",
        "description": "写一个名称，后面的环节用它；不需要就空着。",
        "type": "String",
        "group": "answers",
        "optional": True,
        "binding": {"type": "zeebe:output", "source": f"={name}"},
    }
