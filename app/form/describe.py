"""Answers as people read them: label, words, clause; hidden parts behind stars.

Masks keep what staff need to recognise a person and no more; a sensitive answer without a mask
is not shown at all unless the reader asked to reveal it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from app.form.constraints import Moment, options_of
from app.form.days import day_words
from app.form.model import (
    ChoiceQuestion,
    Component,
    Computed,
    DateQuestion,
    FileQuestion,
    NumberQuestion,
    RowList,
    TickQuestion,
    Valued,
    valued,
)

BLANK = "未填写"
CONCEALED = "已填写，属敏感信息，不在此显示"
ID_SHOWN = 4  # characters kept at each end of an identity number
ACCOUNT_SHOWN = 4  # last digits of an account
PHONE_SHOWN = (3, 4)  # first and last digits


class DescribedField(NamedTuple):
    """One line of a summary list."""

    label: str  # "成员 1：姓名" inside rows
    text: str  # as read, masked when asked
    clause: str  # clause id, "" when none
    sensitive: bool  # true when the answer is personal or sensitive


def describe(
    components: tuple[Component, ...],
    values: Mapping[str, Any],
    *,
    mask: bool,
    moment: Moment | None = None,
) -> list[DescribedField]:
    """A line for every kept answer, in form order; questions that were hidden have none.

    Without a `moment`, choices that FEEL offered are shown by value, the others by label.
    """
    return list(_lines(components, values, "", mask, moment))


def _lines(
    components: tuple[Component, ...],
    values: Mapping[str, Any],
    lead: str,
    mask: bool,
    around: Moment | None,
) -> Iterator[DescribedField]:
    moment = around and Moment({**around.scope, **values}, around.now, around.effort)
    for one in valued(components):
        if one.name not in values:
            continue
        value = values[one.name]
        if isinstance(one, RowList):
            rows = value or []
            if not rows:
                yield DescribedField(lead + one.label, "没有", one.meta.clause, False)
            for number, row in enumerate(rows, start=1):
                name = f"{one.row_label or one.label} {number}："
                yield from _lines(one.components, row, lead + name, mask, moment)
        else:
            sensitive = bool(one.meta.sensitivity)
            shown = text_of(one, value, mask=mask, moment=moment)
            yield DescribedField(lead + one.label, shown, one.meta.clause, sensitive)


def text_of(one: Valued, value: Any, *, mask: bool = True, moment: Moment | None = None) -> str:
    """One answer in words."""
    if value is None or value == []:
        return BLANK
    text = _words(one, value, moment)
    if not mask:
        return text
    if hide := MASKS.get(one.meta.mask):
        return hide(text)
    return CONCEALED if one.meta.sensitivity == "sensitive" else text


def _words(one: Valued, value: Any, moment: Moment | None) -> str:
    if isinstance(one, TickQuestion) or isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(one, ChoiceQuestion):
        options = options_of(one, moment) if moment else one.options
        labels = {option.value: option.label for option in options}
        chosen = value if isinstance(value, list) else [value]
        return "、".join(labels.get(each, str(each)) for each in chosen)
    if isinstance(one, DateQuestion):
        return day_words(str(value))
    if isinstance(one, FileQuestion):
        return "、".join(str(each.get("name", "")) for each in value)
    if isinstance(value, Decimal):
        return _number(one, value)
    return f"{value} {one.meta.unit}" if one.meta.unit else str(value)


def _number(one: Valued, value: Decimal) -> str:
    if isinstance(one, NumberQuestion | Computed) and one.kind == "money":
        return f"{value:.2f} 元"
    return f"{value:f} {one.meta.unit}".strip()


def mask_name(text: str) -> str:
    """张*三, 张*; longer names keep the first and the last character."""
    if len(text) <= 1:
        return "*"
    return text[0] + "*" * max(len(text) - 2, 1) + (text[-1] if len(text) > 2 else "")


def mask_id(text: str) -> str:
    """3708**********0013: neither birthday nor village can be read."""
    return _middle(text, ID_SHOWN, ID_SHOWN)


def mask_phone(text: str) -> str:
    """138****8000."""
    return _middle(text, *PHONE_SHOWN)


def mask_account(text: str) -> str:
    """Stars and the last four digits."""
    return _middle(text, 0, ACCOUNT_SHOWN)


def _middle(text: str, first: int, last: int) -> str:
    if len(text) <= first + last:
        return "*" * len(text)
    return text[:first] + "*" * (len(text) - first - last) + text[-last:]


MASKS: dict[str, Callable[[str], str]] = {
    "name": mask_name,
    "id": mask_id,
    "phone": mask_phone,
    "account": mask_account,
}
