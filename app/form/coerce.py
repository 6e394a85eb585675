"""One answer from what was typed to what is kept, or the sentence that says what to type.

Looks at shape only; whether an answer is demanded or within bounds is decided in `constraints`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.form.days import read_day, read_moment
from app.form.id_card import normal_id
from app.form.limits import MAX_RAW
from app.form.model import (
    ChoiceQuestion,
    DateQuestion,
    FileQuestion,
    NumberQuestion,
    Question,
    TextQuestion,
    TickQuestion,
)
from app.form.numbers import MONEY_PLACES, read_money, read_number
from app.form.phone import EXPECTED, normal_phone
from app.form.typed import has_control, many_lines, one_line
from app.form.uploads import UploadedFile, file_fault

TICKED = frozenset({"true", "on", "1", "yes"})


@dataclass(frozen=True, slots=True)
class Read:
    """An answer as kept, or why it cannot be."""

    value: Any = None
    fault: str = ""  # end of a Chinese sentence that begins with the label


def read_answer(question: Question, raw: Any) -> Read:
    """What `raw` (text, list of texts, files) means for `question`."""
    if isinstance(question, TickQuestion):
        return Read(isinstance(raw, str) and raw.strip().lower() in TICKED)
    if isinstance(question, FileQuestion):
        return _read_files(question, raw)
    if isinstance(question, ChoiceQuestion) and question.multiple:
        chosen = [raw] if isinstance(raw, str) else raw if isinstance(raw, list) else []
        order = {option.value: at for at, option in enumerate(question.options)}
        distinct = dict.fromkeys(text for text in chosen if text)
        return Read(sorted(distinct, key=lambda text: order.get(text, len(order))))
    text = raw[-1] if isinstance(raw, list) and raw else raw
    if not isinstance(text, str) or not text.strip():
        return Read()
    if len(text) > MAX_RAW:
        return Read(fault=f"太长，最多 {MAX_RAW} 个字符")
    return _read_text(question, text)


def _read_text(question: Question, text: str) -> Read:
    if isinstance(question, NumberQuestion):
        return _read_number(question, text)
    if isinstance(question, DateQuestion):
        return _read_date(question, text)
    if isinstance(question, TextQuestion) and question.multiline:
        typed = many_lines(text)
    else:
        typed = one_line(text)
    if has_control(typed, lines=isinstance(question, TextQuestion) and question.multiline):
        return Read(fault="里有换行或不可见的字符，请删去后重新输入")
    if question.kind == "id_card":
        return Read(normal_id(typed) or None)
    if question.kind == "phone":
        number = normal_phone(typed)
        return Read(number) if number else Read(fault=EXPECTED)
    return Read(typed or None)


def _read_number(question: NumberQuestion, text: str) -> Read:
    if question.kind == "money":
        number = read_money(text)
        expected = f"要填数字，最多 {MONEY_PLACES} 位小数，如 1200.50"
    else:
        number = read_number(text, question.places)
        decimals = f"，最多 {question.places} 位小数" if question.places else ""
        expected = f"要填{'数字' if question.places else '整数'}{decimals}"
    return Read(fault=expected) if number is None else Read(number)


def _read_date(question: DateQuestion, text: str) -> Read:
    if question.with_time:
        moment = read_moment(text)
        expected = "要填日期和时间，如 2026-11-22 14:30"
    else:
        moment = read_day(text)
        expected = "要填真实的日期，如 2026-11-22"
    return Read(fault=expected) if moment is None else Read(moment)


def _read_files(question: FileQuestion, raw: Any) -> Read:
    found: list[dict[str, Any]] = []
    for one in raw if isinstance(raw, Sequence) and not isinstance(raw, str) else ():
        if isinstance(one, UploadedFile):
            fault = file_fault(one, question.accept)
            if fault:
                return Read(fault=fault)
            found.append(one.kept())
        elif isinstance(one, Mapping) and isinstance(one.get("ref"), str):
            found.append({"ref": one["ref"]})  # only the reference is believed
    return Read(found)


def raw_of(question: Question, value: Any) -> Any:
    """What would have been typed for the kept `value`: the reverse of `read_answer`."""
    if isinstance(question, FileQuestion):
        return [dict(one) for one in value or ()]
    if isinstance(question, TickQuestion):
        return "true" if value is True else ""
    if isinstance(question, ChoiceQuestion) and question.multiple:
        return [str(one) for one in value] if isinstance(value, list | tuple) else []
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
