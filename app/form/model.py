"""What a form is made of: frozen records, one class per family of components.

They are built from a checked file only; nothing here knows JSON, HTML or a request.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.form.feel import Expression


@dataclass(frozen=True, slots=True)
class Option:
    """One choice."""

    label: str  # as the person sees it
    value: str  # as it is kept


@dataclass(frozen=True, slots=True)
class Meta:
    """What the house knows about a question beyond form-js, from `properties`."""

    sensitivity: str = ""  # "" | "personal" | "sensitive"
    mask: str = ""  # "" | "name" | "id" | "phone" | "account"
    unit: str = ""  # shown behind the answer, e.g. "人"
    clause: str = ""  # clause id the question rests on
    dictionary: str = ""  # entry of the data dictionary


@dataclass(frozen=True, slots=True)
class Check:
    """A condition an answer must meet."""

    expression: Expression
    message: str  # Chinese: what is expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Anything that stands in a form."""

    type: str  # as the file names it
    name: str  # unique among its siblings: the key, or "_1" for what has no value
    label: str = ""
    description: str = ""  # hint below the label
    hide: Expression | None = None  # true = not asked, its answer dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Component):
    """Something a person answers; `name` is its key."""

    required: bool = False
    default: Any = None  # raw value of the file, or an Expression
    readonly: bool = False  # shown, never taken from what is sent in
    kind: str = ""  # our refinement: "money", "id_card", "phone", "email"
    meta: Meta = field(default_factory=Meta)
    check: Check | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextQuestion(Question):
    """A line or a text."""

    multiline: bool = False
    min_length: int = 0  # characters
    max_length: int  # characters
    pattern: str = ""  # RE2, the whole answer must match
    pattern_message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberQuestion(Question):
    """A number, or a sum in yuan when `kind` is "money"."""

    places: int  # most decimals
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceQuestion(Question):
    """One of several, or several of them when `multiple`."""

    options: tuple[Option, ...] = ()
    options_from: Expression | None = None  # FEEL list of texts or of {label, value}
    multiple: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TickQuestion(Question):
    """A box to tick; required means it must be ticked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateQuestion(Question):
    """A day, or a moment when `with_time`."""

    with_time: bool = False
    not_before: str | Expression = ""  # ISO text or FEEL; "" = no bound
    not_after: str | Expression = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileQuestion(Question):
    """Papers and photographs."""

    accept: tuple[str, ...]  # media types
    max_files: int = 1
    capture: str = ""  # "" | "environment" | "user": the camera a phone opens


@dataclass(frozen=True, slots=True, kw_only=True)
class RowList(Question):
    """Rows of the same questions, such as household members."""

    components: tuple[Component, ...]
    min_rows: int = 0
    max_rows: int
    first_rows: int = 1  # rows shown on an empty form
    row_label: str = ""  # "成员" -> "成员 1"; falls back to the list's label


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed(Component):
    """A value the server computes; what is sent in under its key is ignored."""

    expression: Expression
    kind: str = ""  # "" | "money"
    meta: Meta = field(default_factory=Meta)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Component):
    """Questions under one heading; their values are not nested."""

    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticText(Component):
    """Words between the questions: paragraphs, "# " headings, "- " items; never HTML."""

    text: str | Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Divider(Component):
    """A line or a gap."""


Valued = Question | Computed


def valued(components: tuple[Component, ...]) -> Iterator[Valued]:
    """The components that carry a value on this level, those inside groups included."""
    for component in components:
        if isinstance(component, Group):
            yield from valued(component.components)
        elif isinstance(component, Question | Computed):
            yield component


def walk(components: tuple[Component, ...]) -> Iterator[Component]:
    """Every component, children after their parent."""
    for component in components:
        yield component
        if isinstance(component, Group | RowList):
            yield from walk(component.components)


def expressions_of(component: Component) -> Iterator[tuple[str, Expression]]:
    """The FEEL expressions of one component with the name of the setting each stands in."""
    slots = {"conditional.hide": component.hide}
    if isinstance(component, Question) and isinstance(component.default, Expression):
        slots["defaultValue"] = component.default
    if isinstance(component, Question) and component.check:
        slots["properties.check"] = component.check.expression
    if isinstance(component, Computed):
        slots["expression"] = component.expression
    if isinstance(component, ChoiceQuestion):
        slots["valuesExpression"] = component.options_from
    if isinstance(component, StaticText) and isinstance(component.text, Expression):
        slots["text"] = component.text
    if isinstance(component, DateQuestion):
        for name, bound in (
            ("not_before", component.not_before),
            ("not_after", component.not_after),
        ):
            if isinstance(bound, Expression):
                slots[f"properties.{name}"] = bound
    for name, expression in slots.items():
        if expression is not None:
            yield name, expression
