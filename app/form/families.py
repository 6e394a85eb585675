"""From one component of the file to its record, family by family."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import re2

from app.form import limits, vocabulary
from app.form.days import read_day, read_moment
from app.form.feel import Expression
from app.form.model import (
    Check,
    ChoiceQuestion,
    Component,
    Computed,
    DateQuestion,
    FileQuestion,
    Meta,
    NumberQuestion,
    Option,
    Question,
    TextQuestion,
    TickQuestion,
)
from app.form.numbers import MONEY_PLACES
from app.form.source import Source
from app.kernel.money import MAX_FEN, Money

PATTERN_MEMORY = 1 << 20  # bytes RE2 may use for one pattern


def common(source: Source, name: str) -> dict[str, Any]:
    """The settings every component has."""
    conditional = source.part("conditional")
    conditional.only({"hide"}, "unknown_setting", "只支持 conditional.hide")
    return {
        "type": source.raw["type"],
        "name": name,
        "label": source.words("label", limits.MAX_LABEL),
        "description": source.words("description"),
        "hide": conditional.expression("hide"),
    }


def meta_of(properties: Source, kind: str) -> Meta:
    """The house's notes on a question."""
    mask = properties.choice("mask", vocabulary.MASKS)
    sensitivity = properties.choice("sensitivity", vocabulary.SENSITIVITIES)
    return Meta(
        sensitivity=sensitivity or ("personal" if kind in ("id_card", "phone") else ""),
        mask=mask or {"id_card": "id", "phone": "phone"}.get(kind, ""),
        unit=properties.words("unit", 20),
        clause=properties.text("clause"),
        dictionary=properties.text("dictionary"),
    )


def asked(source: Source, name: str) -> dict[str, Any]:
    """The settings every question has."""
    settings = common(source, name)
    if not settings["label"]:
        settings["label"] = source.words("dateLabel", limits.MAX_LABEL) or name
        if settings["label"] == name:
            source.refuse("label_missing", "label", "没有写", "请写上让人看得懂的问题")
    if source.flag("disabled"):
        source.refuse("unsupported_setting", "disabled", "不支持", "只给人看的值请用 readonly")
    properties = source.part("properties")
    kind = properties.choice("kind", vocabulary.COMPONENT_TYPES[source.raw["type"]].kinds)
    return settings | {
        "required": source.part("validate").flag("required"),
        "readonly": source.flag("readonly"),
        "kind": kind,
        "meta": meta_of(properties, kind),
        "check": _check(properties, settings["label"]),
        "default": _default(source),
    }


def _check(properties: Source, label: str) -> Check | None:
    expression = properties.expression("check")
    message = properties.words("check_message", limits.MAX_DESCRIPTION)
    if expression is None:
        return None
    if not message:
        properties.refuse("message_missing", "check_message", "没有写", "请写明应当怎么填")
    return Check(expression, message or f"“{label}”不符合要求")


def _default(source: Source) -> Any:
    value = source.raw.get("defaultValue")
    if isinstance(value, str) and value.startswith("="):
        return source.compile("defaultValue", value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value[: limits.MAX_OPTIONS]
    source.refuse("bad_setting", "defaultValue", "与问题的类型不符")
    return None


def text_question(source: Source, name: str) -> Component:
    """textfield, textarea."""
    settings = asked(source, name)
    multiline = source.raw["type"] == "textarea"
    validate, properties = source.part("validate"), source.part("properties")
    if kind := validate.choice("validationType", ("phone", "email", "custom")):
        settings["kind"] = settings["kind"] or ("" if kind == "custom" else kind)
        settings["meta"] = meta_of(properties, settings["kind"])
    bound = limits.MAX_TEXT if multiline else limits.MAX_LINE
    longest = validate.whole("maxLength", 1, bound, bound)
    return TextQuestion(
        **settings,
        multiline=multiline,
        min_length=validate.whole("minLength", 0, longest, 0),
        max_length=longest,
        pattern=_pattern(validate),
        pattern_message=properties.words("pattern_message"),
    )


def _pattern(validate: Source) -> str:
    pattern = validate.text("pattern", limits.MAX_PATTERN)
    if pattern and compile_pattern(pattern) is None:
        validate.refuse(
            "bad_pattern", "pattern", "不是可用的格式（RE2 语法）", "不支持回溯引用和环视"
        )
        return ""
    return pattern


def compile_pattern(pattern: str) -> Any:
    """The compiled RE2 pattern, None when RE2 refuses it."""
    options = re2.Options()
    options.max_mem = PATTERN_MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error:
        return None


def number_question(source: Source, name: str) -> Component:
    """number, money."""
    settings = asked(source, name)
    validate = source.part("validate")
    low, high = validate.number("min"), validate.number("max")
    places = source.whole("decimalDigits", 0, limits.MAX_DECIMAL_PLACES, limits.MAX_DECIMAL_PLACES)
    if settings["kind"] == "money":
        places = MONEY_PLACES
        low = max(low, Decimal(0)) if low is not None else Decimal(0)
        most = Money(MAX_FEN).yuan
        high = min(high, most) if high is not None else most
    if low is not None and high is not None and low > high:
        validate.refuse("out_of_range", "min", f"（{low}）大于 max（{high}）")
    return NumberQuestion(**settings, places=places, minimum=low, maximum=high)


def choice_question(source: Source, name: str) -> Component:
    """select, radio, checklist."""
    settings = asked(source, name)
    options_from = source.expression("valuesExpression")
    options = _options(source)
    if not source.raw.get("values") and not source.raw.get("valuesExpression"):
        source.refuse("no_options", "values", "没有选项", "请至少写一个选项")
    return ChoiceQuestion(
        **settings,
        options=options,
        options_from=options_from,
        multiple=source.raw["type"] == "checklist",
    )


def _options(source: Source) -> tuple[Option, ...]:
    raw = source.raw.get("values", [])
    if not isinstance(raw, list):
        source.refuse("bad_setting", "values", "要写成列表")
        return ()
    if len(raw) > limits.MAX_OPTIONS:
        source.refuse("too_many_options", "values", f"有 {len(raw)} 项，上限 {limits.MAX_OPTIONS}")
    found: dict[str, Option] = {}
    for number, one in enumerate(raw[: limits.MAX_OPTIONS], start=1):
        fits = isinstance(one, Mapping) and set(one) == {"label", "value"}
        if not fits or not all(isinstance(one[key], str) and one[key].strip() for key in one):
            source.refuse("bad_option", "values", f"第 {number} 项要有文字的 label 和 value")
            continue
        option = Option(one["label"].strip()[: limits.MAX_LABEL], one["value"].strip())
        if len(option.value) > limits.MAX_LABEL or option.value.startswith("="):
            source.refuse("bad_option", "values", f"第 {number} 项的 value 太长或是表达式")
        if option.value in found:
            source.refuse("duplicate_option", "values", f"两项的 value 都是“{option.value[:40]}”")
        found[option.value] = option
    return tuple(found.values())


def tick_question(source: Source, name: str) -> Component:
    """checkbox."""
    return TickQuestion(**asked(source, name))


def date_question(source: Source, name: str) -> Component:
    """datetime."""
    settings = asked(source, name)
    subtype = source.text("subtype") or "date"
    if subtype not in ("date", "datetime"):
        source.refuse("unsupported_setting", "subtype", "只支持 date 和 datetime")
    with_time = subtype == "datetime"
    properties = source.part("properties")
    not_before = _bound(properties, "not_before", with_time)
    if source.flag("disallowPassedDates") and not not_before:
        not_before = (
            source.compile("disallowPassedDates", "=now()" if with_time else "=today()") or ""
        )
    return DateQuestion(
        **settings,
        with_time=with_time,
        not_before=not_before,
        not_after=_bound(properties, "not_after", with_time),
    )


def _bound(properties: Source, key: str, with_time: bool) -> str | Expression:
    value = properties.text(key, limits.MAX_EXPRESSION)
    if value.startswith("="):
        return properties.compile(key, value) or ""
    read = read_moment(value) if with_time else read_day(value)
    if value and read is None:
        properties.refuse("bad_setting", key, "要写成 2026-11-22 这样的日期，或以“=”开头的表达式")
    return read or ""


def file_question(source: Source, name: str) -> Component:
    """filepicker."""
    settings = asked(source, name)
    properties = source.part("properties")
    several = source.flag("multiple")
    most = limits.MAX_FILES if several else 1
    return FileQuestion(
        **settings,
        accept=_accept(source),
        max_files=properties.whole("max_files", 1, limits.MAX_FILES, most),
        capture=properties.choice("capture", vocabulary.CAPTURES),
    )


def _accept(source: Source) -> tuple[str, ...]:
    named = source.text("accept")
    wanted: dict[str, None] = {}
    for word in filter(None, (part.strip().lower() for part in named.split(","))):
        kinds = [
            kind
            for kind, endings in vocabulary.MEDIA_TYPES.items()
            if word in (kind, *endings) or (word == "image/*" and kind.startswith("image/"))
        ]
        if not kinds:
            source.refuse(
                "bad_setting", "accept", f"不支持“{word[:40]}”", "支持 image/*、.jpg、.png、.pdf"
            )
        wanted.update(dict.fromkeys(kinds))
    return tuple(wanted) or tuple(vocabulary.MEDIA_TYPES)


def computed(source: Source, name: str) -> Component:
    """expression."""
    settings = common(source, name)
    if not settings["label"]:
        source.refuse("label_missing", "label", "没有写", "请写上这个数叫什么")
    properties = source.part("properties")
    kind = properties.choice("kind", vocabulary.COMPONENT_TYPES["expression"].kinds)
    expression = source.expression("expression")
    if expression is None and not source.raw.get("expression"):
        source.refuse("expression_missing", "expression", "没有写", "请写以“=”开头的算式")
    return Computed(
        **settings,
        expression=expression or compile_null(source),
        kind=kind,
        meta=meta_of(properties, kind),
    )


def compile_null(source: Source) -> Expression:
    """A stand-in for an expression that was refused; the form is not used then."""
    stand_in = source.compile("expression", "=null")
    assert stand_in is not None
    return stand_in


QUESTIONS: dict[str, Callable[[Source, str], Component]] = {
    "textfield": text_question,
    "textarea": text_question,
    "number": number_question,
    "select": choice_question,
    "radio": choice_question,
    "checklist": choice_question,
    "checkbox": tick_question,
    "datetime": date_question,
    "filepicker": file_question,
    "expression": computed,
}


def default_question(component: Component) -> Question | None:
    """The component when it is a question with a fixed default that must be checked."""
    if (
        isinstance(component, Question)
        and component.default
        and not isinstance(component.default, Expression)
    ):
        return component
    return None
