"""The settings a form's questions have, as the designer asks for them: in words, one after another.

Which settings a kind of question may carry is `app.form.vocabulary`; here is only how a person
reads and types them. A setting left empty is not written to the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.form.dictionary import ENTRIES
from app.form.vocabulary import CAPTURES, COMPONENT_TYPES, MASKS, SENSITIVITIES, ComponentType
from app.kernel.errors import FieldProblem

Choices = tuple[tuple[str, str], ...]  # (value, words)

_CHOICE_WORDS = {
    "personal": "个人信息",
    "sensitive": "敏感（病情、收入等，默认不显示）",
    "name": "姓名（张*）",
    "id": "证件号",
    "phone": "电话",
    "account": "账号",
    "id_card": "居民身份证号",
    "email": "电子邮件",
    "money": "金额（元）",
    "environment": "后置相机",
    "user": "前置相机",
    "date": "日期",
    "datetime": "日期和时间",
}
_SIMPLE = re.compile(r'=([A-Za-z][A-Za-z0-9_]*) (!=|=) ("[^"\\]*"|true|false|[0-9.]+)')


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a question."""

    name: str  # where it stands in the file, e.g. "validate.maxLength"
    label: str  # Chinese
    kind: str = "line"  # line | lines | flag | whole | number | choice | options | clause
    hint: str = ""
    choices: Choices = ()
    group: str = "问题"  # heading it stands under


def _choices(values: tuple[str, ...]) -> Choices:
    return tuple((value, _CHOICE_WORDS.get(value, value)) for value in values)


_FIRST = (
    Setting("label", "问什么", hint="让人看得懂的一句话，不超过 200 字。"),
    Setting("text", "说明文字", "lines", "空行分段；行首“# ”是小标题，“- ”是条目。"),
    Setting("description", "补充说明", "lines", "写在问题下面，告诉人怎么填。"),
    Setting(
        "key",
        "字段名",
        hint="英文字母开头的字母、数字、下划线；流程和标准用它取答案，改名要一起改。",
    ),
    Setting(
        "path",
        "字段名",
        hint="英文字母开头的字母、数字、下划线；流程和标准用它取答案，改名要一起改。",
    ),
    Setting("values", "选项", "options", "一行一项，写成“文字 = 值”；不写“= 值”就用文字作值。"),
    Setting("valuesExpression", "选项来自", hint="以“=”开头的表达式，如 =townships；一般不用。"),
    Setting("expression", "算式", "lines", "以“=”开头，如 =sum(members.income)。"),
    Setting("subtype", "问到", "choice", choices=(("date", "日期"), ("datetime", "日期和时间"))),
    Setting("properties.kind", "特别的类型", "choice"),
)
_RULES = (
    Setting("validate.required", "必须填写", "flag"),
    Setting("readonly", "只给人看，不能改", "flag"),
    Setting("defaultValue", "先填好的内容", hint="固定内容，或以“=”开头的表达式，如 =now()。"),
    Setting(
        "conditional.hide", "什么时候不问", hint="以“=”开头的条件，为真时不问；简单的条件在下面选。"
    ),
    Setting("validate.minLength", "最少字数", "whole"),
    Setting("validate.maxLength", "最多字数", "whole"),
    Setting("validate.pattern", "格式（RE2）", hint="要匹配全文写 ^…$。"),
    Setting("properties.pattern_message", "不合格式时说"),
    Setting("validate.min", "最小", "number"),
    Setting("validate.max", "最大", "number"),
    Setting("decimalDigits", "小数位数", "whole"),
    Setting("properties.not_before", "不早于", hint="2026-01-31，或以“=”开头的表达式。"),
    Setting("properties.not_after", "不晚于", hint="如 =today()。"),
    Setting("properties.check", "还要满足", hint="以“=”开头的条件，如 =amount <= ceiling。"),
    Setting("properties.check_message", "不满足时说"),
    Setting("properties.min_rows", "最少几行", "whole"),
    Setting("properties.max_rows", "最多几行", "whole"),
    Setting("properties.row_label", "每行叫什么", hint="如 成员。"),
    Setting("defaultRepetitions", "一开始几行", "whole"),
    Setting("accept", "收什么文件", hint="image/* 或 .jpg,.png,.pdf。"),
    Setting("multiple", "可以交几个文件", "flag"),
    Setting("properties.max_files", "最多几个文件", "whole"),
    Setting("properties.capture", "手机直接打开", "choice", choices=_choices(CAPTURES)),
)
_MEANING = (
    Setting("properties.unit", "单位", hint="如 人、元/月。"),
    Setting("properties.sensitivity", "敏感程度", "choice", choices=_choices(SENSITIVITIES)),
    Setting("properties.mask", "显示时遮住", "choice", choices=_choices(MASKS)),
    Setting("properties.clause", "依据的条款", "clause", "条款编号；可以写多个，用逗号隔开。"),
    Setting("properties.dictionary", "数据字典", "choice", choices=tuple(ENTRIES.items())),
)
_ALL = (
    *((one, "问题") for one in _FIRST),
    *((one, "怎样才算填好") for one in _RULES),
    *((one, "含义和保护") for one in _MEANING),
)


def settings_of(kind: str) -> tuple[Setting, ...]:
    """The settings of that kind of component, in the order in which they are asked."""
    type_ = COMPONENT_TYPES.get(kind)
    if type_ is None:
        return ()
    return tuple(_placed(one, group, type_) for one, group in _ALL if _may(one.name, type_))


def _may(name: str, type_: ComponentType) -> bool:
    outer, _, inner = name.rpartition(".")
    if name == "key" and "path" in type_.keys:
        return False  # a list is named by its path
    if name == "path" and type_.name == "group":
        return False  # a group is only a heading
    if name == "properties.kind":
        return bool(type_.kinds)
    if outer == "validate":
        return inner in type_.validate
    if outer == "properties":
        return inner in type_.properties
    return (outer or inner) in type_.keys


def _placed(one: Setting, group: str, type_: ComponentType) -> Setting:
    choices = _choices(type_.kinds) if one.name == "properties.kind" else one.choices
    return Setting(one.name, one.label, one.kind, one.hint, choices, group)


def read(component: Mapping[str, Any], setting: Setting) -> str:
    """The setting as the designer shows it; "" when it is not set."""
    outer, _, inner = _where(component, setting.name).rpartition(".")
    holder = component.get(outer, {}) if outer else component
    value = holder.get(inner) if isinstance(holder, Mapping) else None
    if value is None or value is False:
        return ""
    if value is True:
        return "true"
    if setting.kind == "options" and isinstance(value, list):
        return "\n".join(_option_line(one) for one in value if isinstance(one, Mapping))
    return str(value)


def _option_line(one: Mapping[str, Any]) -> str:
    label, value = str(one.get("label", "")), str(one.get("value", ""))
    return label if label == value else f"{label} = {value}"


def apply(
    component: Mapping[str, Any], typed: Mapping[str, str]
) -> tuple[dict[str, Any], list[FieldProblem]]:
    """The component with the typed settings, and what cannot be read; others stay as they are."""
    made = {key: value for key, value in component.items()}
    problems: list[FieldProblem] = []
    for setting in settings_of(str(component.get("type"))):
        if setting.name not in typed or typed[setting.name].strip() == read(component, setting):
            continue  # not touched: it keeps the way in which it is written
        try:
            value = _READERS[setting.kind](typed[setting.name].strip())
        except ValueError as error:
            problems.append(FieldProblem(setting.name, setting.label, str(error)))
        else:
            made = _put(made, _where(component, setting.name), value)
    return made, problems


def _where(component: Mapping[str, Any], name: str) -> str:
    """Where the setting stands: a list may be named by `key` instead of `path`."""
    return "key" if name == "path" and "path" not in component and "key" in component else name


def _put(component: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    outer, _, inner = name.rpartition(".")
    holder = dict(component.get(outer) or {}) if outer else component
    if value is None:
        holder.pop(inner, None)
    else:
        as_text = outer == "properties" and not isinstance(value, bool)
        holder[inner] = str(value) if as_text else value
    if not outer:
        return holder
    if holder:
        component[outer] = holder
    else:
        component.pop(outer, None)
    return component


def _line(text: str) -> str | None:
    return " ".join(text.split("\n")) if text else None


def _lines(text: str) -> str | None:
    return text.replace("\r\n", "\n") or None


def _flag(text: str) -> bool | None:
    return True if text else None


def _whole(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError("请填整数。")
    return int(text)


def _number(text: str) -> str | None:
    """Kept as text, as form-js writes exact numbers."""
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", text):
        raise ValueError("请填数字，如 0 或 12.5。")
    return text


def _options(text: str) -> list[dict[str, str]] | None:
    found = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        label, equals, value = line.rpartition("=")
        if not equals:
            label = value = line
        if not label.strip() or not value.strip():
            raise ValueError(f"“{line[:40]}”要写成“文字 = 值”。")
        found.append({"label": label.strip(), "value": value.strip()})
    return found or None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "line": _line,
    "lines": _lines,
    "flag": _flag,
    "whole": _whole,
    "number": _number,
    "choice": _line,
    "clause": _line,
    "options": _options,
}


@dataclass(frozen=True, slots=True)
class When:
    """A simple condition: ask only when that question has (or has not) that answer."""

    key: str
    same: bool
    value: str  # as typed, without quotes


def simple_when(hide: str) -> When | None:
    """The simple condition a hide expression means; None for any other expression."""
    found = _SIMPLE.fullmatch(hide.strip())
    if found is None:
        return None
    key, sign, value = found.groups()
    return When(key, sign == "!=", value.strip('"'))


def hide_unless(when: When) -> str:
    """The hide expression of a simple condition."""
    number = re.fullmatch(r"[0-9]+(\.[0-9]+)?", when.value)
    literal = when.value if when.value in ("true", "false") or number else f'"{when.value}"'
    return f"={when.key} {'!=' if when.same else '='} {literal}"


def kinds() -> Iterator[tuple[str, str]]:
    """(kind, words) of every component that can be added."""
    for one in COMPONENT_TYPES.values():
        yield one.name, one.label
