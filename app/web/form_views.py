"""What the templates of a form print: texts, ids and marks, nothing to decide.

Made by `form_fields`, looped over by `templates/form/*.html`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Button:
    """A submit button; its label names the deed."""

    label: str
    name: str = ""
    value: str = ""
    style: str = "primary"  # "primary" | "quiet" | "danger"
    note: str = ""  # what will happen, beside it


@dataclass(frozen=True, slots=True)
class OptionView:
    """One choice as printed."""

    id: str
    label: str
    value: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FileView:
    """One paper already handed in."""

    ref: str
    name: str
    size: str
    remove: str  # value of the "_remove" button


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of static text."""

    kind: str  # "heading" | "items" | "paragraph"
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One component as printed; `kind` names the macro."""

    kind: str
    id: str = ""
    name: str = ""
    label: str = ""
    hint: str = ""
    error: str = ""
    required: bool = False
    live: bool = False  # other questions depend on it
    value: str = ""
    suffix: str = ""
    short: bool = False
    rows_high: int = 4  # height of a text box in lines
    attributes: Mapping[str, str] = field(default_factory=dict)
    options: tuple[OptionView, ...] = ()
    files: tuple[FileView, ...] = ()
    blocks: tuple[Block, ...] = ()
    children: tuple[FieldView, ...] = ()
    rows: tuple[RowView, ...] = ()
    row_name: str = ""
    can_add: bool = False

    @property
    def described_by(self) -> str:
        """Ids of the hint and the error, for aria-describedby."""
        parts = [f"{self.id}-hint"] * bool(self.hint) + [f"{self.id}-error"] * bool(self.error)
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a list."""

    id: str
    title: str
    path: str  # value of its "_remove" button
    can_remove: bool
    children: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class ErrorLink:
    """One line of the error summary."""

    href: str  # "#id" of the field, "" when the error is the form's
    message: str


@dataclass(frozen=True, slots=True)
class FormView:
    """A whole form as printed."""

    id: str
    title: str
    fields: tuple[FieldView, ...]
    errors: tuple[ErrorLink, ...]
    live: bool  # something depends on an answer: "刷新问题" is offered
    draft: str  # e.g. "草稿已于 14:30 保存", "" when there is none
