"""From a form and its answers to what the templates print: every decision is made here.

The records it fills stand in `form_views`; templates loop over them and escape everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from app.form import Form, Moment, Settled, Submission, UploadedFile, options_of, text_of
from app.form.model import (
    ChoiceQuestion,
    Component,
    Computed,
    DateQuestion,
    Divider,
    FileQuestion,
    Group,
    NumberQuestion,
    Question,
    RowList,
    StaticText,
    TextQuestion,
    TickQuestion,
    expressions_of,
    valued,
    walk,
)
from app.kernel.errors import FieldProblem
from app.web.form_views import (
    Block,
    Button,
    ErrorLink,
    FieldView,
    FileView,
    FormView,
    OptionView,
    RowView,
)

__all__ = ["Button", "FieldView", "FormView", "form_view", "render_form", "summary_rows"]

TEMPLATE = "form/form.html"
UNKNOWN_YET = "填好前面的答案后自动算出"
KEPT_MOMENT = len("2026-11-22T14:30:00+08:00")
SHORT_TEXT = 20  # characters up to which a line is drawn short
TALL_TEXT = 1_000  # characters from which a text box is drawn tall


@dataclass(frozen=True, slots=True)
class _Room:
    """What the views of one level are made from."""

    raw: Mapping[str, Any]
    values: Mapping[str, Any]  # typed, of this level
    prefix: str
    moment: Moment
    settled: Settled
    errors: Mapping[str, str]  # path -> sentence
    used: frozenset[str]  # keys that expressions read
    so_far: Mapping[str, Any]


def form_view(
    form: Form,
    answers: Submission | Mapping[str, Any],
    problems: Sequence[FieldProblem] = (),
    context: Mapping[str, Any] | None = None,
    *,
    now: datetime,
    values_so_far: Mapping[str, Any] | None = None,
    draft: str = "",
    watched: Iterable[str] = (),
) -> FormView:
    """What to print for `answers`: a submission (what was typed stays) or kept values.

    watched: keys that something beside the form depends on; changing them asks the server again.
    """
    sent = answers if isinstance(answers, Submission) else form.fill(answers)
    facts, so_far = dict(context or {}), dict(values_so_far or {})
    if not isinstance(answers, Submission):
        so_far = so_far | dict(answers)
    settled = form.settle(sent, facts, now, so_far)
    used = _used_names(form.components) | frozenset(watched)
    moment = Moment(facts | so_far | settled.scope, now)
    errors = {one.key: one.message for one in reversed(problems)}
    room = _Room(sent.raw, settled.scope, "", moment, settled, errors, used, so_far)
    fields = tuple(_views(form.components, room))
    targets = dict(_targets(fields))
    links = tuple(ErrorLink(targets.get(one.key, ""), one.message) for one in problems)
    return FormView(form.id, form.name, fields, links, bool(used), draft)


def render_form(
    environment: Environment,
    view: FormView,
    *,
    action: str,
    csrf_field: Markup,
    buttons: Sequence[Button],
) -> Markup:
    """The HTML of `view`; `csrf_field` is the hidden input made by the web package."""
    module = environment.get_template(TEMPLATE).module
    rendered = module.render_form(view, action, csrf_field, tuple(buttons))  # type: ignore[attr-defined]
    return Markup(rendered)  # noqa: S704 - a macro's output, escaped by the template


def _used_names(components: tuple[Component, ...]) -> frozenset[str]:
    return frozenset(
        name
        for component in walk(components)
        for _, expression in expressions_of(component)
        for name in expression.names
    )


def _targets(views: Sequence[FieldView]) -> Iterator[tuple[str, str]]:
    """Path -> "#id" of what gets the focus."""
    for view in views:
        if view.name:
            yield view.name, f"#{view.options[0].id if view.kind == 'choices' else view.id}"
        yield from _targets(view.children)
        for row in view.rows:
            yield from _targets(row.children)


def _views(components: tuple[Component, ...], room: _Room) -> Iterator[FieldView]:
    for one in components:
        path = room.prefix + one.name
        if path in room.settled.visible:
            yield _view(one, path, room)


def html_id(path: str) -> str:
    """The id of the field at `path`: "f-members-0-name"."""
    return "f-" + path.replace("[", "-").replace("].", "-").replace("]", "").replace(".", "-")


def _view(one: Component, path: str, room: _Room) -> FieldView:
    if isinstance(one, Divider):
        return FieldView(kind=one.type)
    view = FieldView(kind="", id=html_id(path), label=one.label, hint=one.description)
    if isinstance(one, StaticText):
        return replace(view, kind="text", blocks=_blocks(one, room.moment))
    if isinstance(one, Group):
        return replace(view, kind="group", children=tuple(_views(one.components, room)))
    if isinstance(one, Computed):
        value = room.values.get(one.name)
        shown = UNKNOWN_YET if value is None else text_of(one, value)
        return replace(view, kind="output", name=path, value=shown, error=room.errors.get(path, ""))
    assert isinstance(one, Question)
    view = replace(
        view,
        name=path,
        error=room.errors.get(path, ""),
        required=one.required,
        live=one.name in room.used,
        suffix=one.meta.unit,
    )
    if isinstance(one, RowList):
        return _row_list(one, view, path, room)
    if one.readonly:
        shown = text_of(one, room.values.get(one.name), moment=room.moment)
        return replace(view, kind="output", value=shown, required=False, suffix="")
    return _asked(one, view, room)


def _asked(one: Question, view: FieldView, room: _Room) -> FieldView:
    raw = room.raw.get(one.name)
    if isinstance(one, ChoiceQuestion):
        return _choice(one, view, raw, room.moment)
    if isinstance(one, FileQuestion):
        return _papers(one, view, raw, room.so_far)
    text = raw if isinstance(raw, str) else ""
    if isinstance(one, TickQuestion):
        ticked = bool(room.values.get(one.name))
        return replace(view, kind="tick", value="true" if ticked else "")
    if isinstance(one, DateQuestion):
        return _day_view(one, view, text)
    if isinstance(one, NumberQuestion):
        money = one.kind == "money"
        mode = "numeric" if one.places == 0 else "decimal"
        suffix = "元" if money else one.meta.unit
        attributes = {"type": "text", "inputmode": mode, "autocomplete": "off"}
        return replace(
            view, kind="input", value=text, suffix=suffix, short=True, attributes=attributes
        )
    assert isinstance(one, TextQuestion)
    if one.multiline:
        high = 6 if one.max_length >= TALL_TEXT else 4
        return replace(view, kind="textarea", value=text, rows_high=high)
    short = one.kind in ("id_card", "phone") or one.max_length <= SHORT_TEXT
    return replace(view, kind="input", value=text, short=short, attributes=_line_attributes(one))


def _line_attributes(one: TextQuestion) -> dict[str, str]:
    mode = {"phone": "tel", "email": "email"}.get(one.kind)
    attributes = {"type": "text", "autocomplete": "off"}
    if one.kind == "id_card":
        attributes |= {"autocapitalize": "characters", "spellcheck": "false"}
    return attributes | ({"inputmode": mode} if mode else {})


def _day_view(one: DateQuestion, view: FieldView, text: str) -> FieldView:
    """A line of text everywhere the same; the script adds the browser's own calendar to it."""
    example = "如 2026-11-22 14:30" if one.with_time else "如 2026-11-22"
    picker = "datetime-local" if one.with_time else "date"
    return replace(
        view,
        kind="input",
        value=_day(text),
        hint=f"{view.hint}（{example}）" if view.hint else example,
        short=True,
        attributes={"type": "text", "inputmode": "numeric", "autocomplete": "off"}
        | {"data-picker": picker},
    )


def _day(text: str) -> str:
    """A kept moment as it is typed, "2026-11-22 14:30"; anything else stays as it was."""
    kept = text.endswith("+08:00") and len(text) == KEPT_MOMENT
    return text[:16].replace("T", " ") if kept else text


def _choice(one: ChoiceQuestion, view: FieldView, raw: Any, moment: Moment) -> FieldView:
    chosen = {raw} if isinstance(raw, str) else set(raw or ())
    options = tuple(
        OptionView(
            f"{view.id}-{number}" if number else view.id,
            each.label,
            each.value,
            each.value in chosen,
        )
        for number, each in enumerate(options_of(one, moment))
    )
    if one.type == "select" or not options:
        return replace(view, kind="select", options=options)
    kind = {"type": "checkbox" if one.multiple else "radio"}
    return replace(view, kind="choices", options=options, attributes=kind)


def _papers(one: FileQuestion, view: FieldView, raw: Any, so_far: Mapping[str, Any]) -> FieldView:
    known = {each["ref"]: each for each in _kept_files(so_far)}
    files, lost = [], []
    for number, each in enumerate(raw or ()):
        kept = each.kept() if isinstance(each, UploadedFile) else each
        name = str(known.get(kept["ref"], kept).get("name", "已传的文件"))
        if isinstance(each, UploadedFile) and each.ref not in known:
            lost.append(name)  # a browser never sends a chosen file twice by itself
            continue
        size = _size(int(known.get(kept["ref"], kept).get("size", 0)))
        files.append(FileView(str(kept["ref"]), name, size, f"{view.name}[{number}]"))
    if lost:
        again = f"刚才选的“{'、'.join(lost)}”还没有保存，请重新选择"
        view = replace(view, hint=f"{view.hint}（{again}）" if view.hint else again)
    attributes = {"accept": ",".join(one.accept)}
    attributes |= {"multiple": "multiple"} if one.max_files > 1 else {}
    attributes |= {"capture": one.capture} if one.capture else {}
    return replace(view, kind="file", files=tuple(files), attributes=attributes)


def _kept_files(values: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(values, Mapping):
        if isinstance(values.get("ref"), str):
            yield values
        values = list(values.values())
    for one in values if isinstance(values, list | tuple) else ():
        yield from _kept_files(one)


def _size(count: int) -> str:
    if count >= 1024 * 1024:
        return f"{count / (1024 * 1024):.1f} MB"
    return f"{max(count // 1024, 1)} KB" if count else ""


def _row_list(one: RowList, view: FieldView, path: str, room: _Room) -> FieldView:
    raw_rows = room.raw.get(one.name) or []
    typed = room.values.get(one.name) or []
    name = one.row_label or one.label
    rows = []
    used = room.used
    if one.name in used:  # something reads the list: every answer in it counts
        used |= {child.name for child in valued(one.components)}
    for at, raw in enumerate(raw_rows[: len(typed)]):
        here = f"{path}[{at}]"
        scope = {**room.moment.scope, **typed[at]}
        inner = replace(
            room,
            raw=raw,
            values=typed[at],
            prefix=f"{here}.",
            moment=Moment(scope, room.moment.now, room.moment.effort),
            used=used,
        )
        children = tuple(_views(one.components, inner))
        removable = len(raw_rows) > one.min_rows
        rows.append(RowView(html_id(here), f"{name} {at + 1}", here, removable, children))
    return replace(
        view,
        kind="rows",
        rows=tuple(rows),
        row_name=name,
        can_add=len(raw_rows) < one.max_rows,
        required=one.required or one.min_rows > 0,
    )


def _blocks(one: StaticText, moment: Moment) -> tuple[Block, ...]:
    text = one.text if isinstance(one.text, str) else moment.answer(one.text)
    blocks: list[Block] = []
    for part in str("" if text is None else text).split("\n\n"):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        while lines:
            kind = _line_kind(lines[0])
            taken = [lines.pop(0)]
            while lines and kind != "heading" and _line_kind(lines[0]) == kind:
                taken.append(lines.pop(0))
            mark = {"heading": "# ", "items": "-* "}.get(kind, "")
            blocks.append(Block(kind, tuple(line.lstrip(mark) for line in taken)))
    return tuple(blocks)


def _line_kind(line: str) -> str:
    if line.startswith("#"):
        return "heading"
    return "items" if line.startswith(("- ", "* ")) else "paragraph"


def summary_rows(
    form: Form, values: Mapping[str, Any], *, mask: bool = True
) -> list[dict[str, Any]]:
    """The answers for the summary-list macro."""
    return [line._asdict() for line in form.describe(values, mask)]
