"""What an answer must satisfy once it is read; each refusal names the question and says what to do.

Sentences begin with the label in quotation marks or with "请…", so that they stand alone in the
error summary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Context, Decimal, localcontext
from typing import Any

from app.form.days import day_words
from app.form.families import compile_pattern
from app.form.feel import CHINA, Effort, Expression
from app.form.id_card import id_fault
from app.form.limits import MAX_OPTIONS
from app.form.model import (
    ChoiceQuestion,
    Computed,
    DateQuestion,
    FileQuestion,
    NumberQuestion,
    Option,
    Question,
    RowList,
    TextQuestion,
    TickQuestion,
)
from app.form.numbers import MONEY_PLACES, number_text
from app.kernel.clock import legal_day, local
from app.kernel.money import MAX_FEN, Money

EXACT_DIGITS = 60  # enough to look at a 34-digit number without rounding it
EMAIL = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}"


@dataclass(slots=True)
class Moment:
    """What surrounds one check: the names it may use and the time."""

    scope: Mapping[str, Any]
    now: datetime
    effort: Effort = field(default_factory=Effort)

    def answer(self, expression: Expression) -> Any:
        """The value of `expression` here."""
        return expression.answer(self.scope, self.now, self.effort)


def demanded(question: Question) -> str:
    """The sentence for a required question without an answer."""
    label = question.label
    if isinstance(question, TickQuestion):
        return f"请勾选“{label}”"
    if isinstance(question, ChoiceQuestion):
        return f"请选择“{label}”"
    if isinstance(question, FileQuestion):
        return f"请上传“{label}”"
    if isinstance(question, RowList):
        return f"请添加“{label}”，至少 {max(question.min_rows, 1)} 行"
    return f"请填写“{label}”"


def empty(question: Question, value: Any) -> bool:
    """True when there is no answer; an unticked box is none."""
    return value is None or value == [] or (isinstance(question, TickQuestion) and value is False)


def fault_of(question: Question, value: Any, moment: Moment) -> str:
    """The sentence saying why the read `value` is refused; "" when it stands."""
    if empty(question, value):
        needed = question.required or (isinstance(question, RowList) and question.min_rows > 0)
        return demanded(question) if needed else ""
    fault = ""
    for family, check in _CHECKS.items():
        if isinstance(question, family):
            fault = check(question, value, moment)
    if fault:
        return f"“{question.label}”{fault}"
    if question.check and moment.answer(question.check.expression) is not True:
        return question.check.message
    return ""


def _text(question: TextQuestion, value: str, moment: Moment) -> str:
    if question.kind == "id_card":
        return id_fault(value, legal_day(moment.now))
    if len(value) > question.max_length:
        return f"有 {len(value)} 个字，最多 {question.max_length} 个字，请删短"
    if len(value) < question.min_length:
        return f"至少要写 {question.min_length} 个字"
    if question.kind == "email" and not compile_pattern(EMAIL).fullmatch(value):
        return "要填电子邮箱，如 name@example.com"
    if question.pattern and not compile_pattern(question.pattern).search(value):
        return f"的格式不对：{question.pattern_message or question.description or '请按要求填写'}"
    return ""


def _number(question: NumberQuestion, value: Decimal, moment: Moment) -> str:
    unit = " 元" if question.kind == "money" else question.meta.unit and f" {question.meta.unit}"
    if question.minimum is not None and value < question.minimum:
        return f"不能小于 {_shown(question, question.minimum)}{unit}"
    if question.maximum is not None and value > question.maximum:
        return f"不能大于 {_shown(question, question.maximum)}{unit}"
    return ""


def _shown(question: NumberQuestion, number: Decimal) -> str:
    return f"{number:.2f}" if question.kind == "money" else number_text(number)


def _choice(question: ChoiceQuestion, value: Any, moment: Moment) -> str:
    known = {option.value for option in options_of(question, moment)}
    chosen = value if isinstance(value, list) else [value]
    return "" if known.issuperset(chosen) else "里没有这个选项，请从列出的选项中选"


def options_of(question: ChoiceQuestion, moment: Moment) -> tuple[Option, ...]:
    """The choices offered now: those of the file, then those FEEL gives."""
    if question.options_from is None:
        return question.options
    answer = question.options_from.answer(moment.scope, moment.now, moment.effort)
    found = {option.value: option for option in question.options}
    for one in answer if isinstance(answer, list) else ():
        option = _option(one)
        if option is not None and len(found) < MAX_OPTIONS:
            found.setdefault(option.value, option)
    return tuple(found.values())


def _option(one: Any) -> Option | None:
    if isinstance(one, str) and one:
        return Option(one, one)
    if isinstance(one, Mapping) and isinstance(one.get("value"), str):
        return Option(str(one.get("label") or one["value"]), one["value"])
    return None


def _date(question: DateQuestion, value: str, moment: Moment) -> str:
    low = _bound(question.not_before, question, moment)
    high = _bound(question.not_after, question, moment)
    if low and value < low:
        return f"不能早于 {day_words(low)}"
    if high and value > high:
        return f"不能晚于 {day_words(high)}"
    return ""


def _bound(bound: str | Expression, question: DateQuestion, moment: Moment) -> str:
    """The bound as ISO text of the question's own precision, "" when there is none.

    Days and moments are kept in one spelling each, so texts compare like what they mean.
    """
    value = moment.answer(bound) if isinstance(bound, Expression) else bound
    if not isinstance(value, str) or not value:
        return ""
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return ""
    if not question.with_time:
        return (legal_day(instant) if instant.tzinfo else instant.date()).isoformat()
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=CHINA)
    return local(instant).isoformat()


def _files(question: FileQuestion, value: list[Any], moment: Moment) -> str:
    if len(value) > question.max_files:
        return f"最多传 {question.max_files} 个文件，请删去 {len(value) - question.max_files} 个"
    return ""


def _rows(question: RowList, value: list[Any], moment: Moment) -> str:
    if len(value) < question.min_rows:
        return f"至少要有 {question.min_rows} 行，请添加"
    if len(value) > question.max_rows:
        return f"最多 {question.max_rows} 行，请删去 {len(value) - question.max_rows} 行"
    return ""


_CHECKS: dict[type[Question], Callable[[Any, Any, Moment], str]] = {
    TextQuestion: _text,
    NumberQuestion: _number,
    ChoiceQuestion: _choice,
    DateQuestion: _date,
    FileQuestion: _files,
    RowList: _rows,
}


def computed_fault(one: Computed, value: Any) -> str:
    """The sentence for a computed sum that is not a whole fen; the person cannot mend it."""
    if one.kind != "money" or value is None:
        return ""
    if isinstance(value, Decimal) and _whole_fen(value):
        return ""
    return f"“{one.label}”算出的不是整分的金额，请告知政策管理员在算式里写明取舍"


def _whole_fen(value: Decimal) -> bool:
    """True for a sum Money can hold; a FEEL number may have 34 digits and a huge exponent."""
    if abs(value) > Money(MAX_FEN).yuan:
        return False
    with localcontext(Context(prec=EXACT_DIGITS)):
        return value.scaleb(MONEY_PLACES) % 1 == 0
