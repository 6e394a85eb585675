"""From a form file to its components: structure, keys, limits; every fault becomes a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.form import limits
from app.form.coerce import read_answer
from app.form.families import QUESTIONS, asked, common, default_question
from app.form.model import ChoiceQuestion, Component, Divider, Group, RowList, StaticText
from app.form.source import Notes, Source
from app.form.vocabulary import COMPONENT_TYPES, DOCUMENT_KEYS, RESERVED_KEYS

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,119}", re.ASCII)
_TAG = re.compile(r"<\s*/?\s*[A-Za-z!]")
_KEYLESS = frozenset({"group", "text", "separator", "spacer"})
_FORBIDDEN = frozenset({"html", "iframe", "documentPreview", "button", "image", "table", "script"})


def build(document: Any, notes: Notes) -> tuple[str, str, tuple[Component, ...]]:
    """The id, name and components of `document`; what is wrong is added to `notes`."""
    if not isinstance(document, Mapping):
        notes.add("not_a_form", "文件里不是一张表单", "请用表单设计器另存", at="")
        return "", "", ()
    source = Source(document, "", notes, frozenset())
    for key in document:
        if key not in DOCUMENT_KEYS:
            notes.add("unknown_setting", f"表单不支持设置“{key[:40]}”", "请删去", at="")
    if document.get("type") != "default":
        notes.add("not_a_form", '表单的 type 要写 "default"', "请用表单设计器另存", at="")
    form_id = source.text("id")
    if not _ID.fullmatch(form_id) or ".." in form_id:
        notes.add(
            "bad_form_id",
            "表单的 id 要以字母开头，只用字母、数字、下划线",
            "例如 emergency_intake",
            at="",
        )
    children = _raw_components(source, "表单")
    if not children:
        notes.add("no_components", "表单里没有问题", "请至少加一个问题", at="")
    components = _build_all(children, notes, frozenset(), depth=0)
    return form_id, source.words("name", limits.MAX_LABEL), components


def _raw_components(source: Source, owner: str) -> list[Any]:
    raw = source.raw.get("components", [])
    if not isinstance(raw, list):
        source.notes.add("bad_setting", f"{owner}的 components 要写成列表", "请改正", at=source.at)
        return []
    return raw


def _build_all(
    raw: list[Any], notes: Notes, names: frozenset[str], depth: int
) -> tuple[Component, ...]:
    """The records of one level; `names` are the fields of the levels around it."""
    here = names | frozenset(_keys_of(raw))
    return tuple(_build_level(raw, notes, here, depth, "_"))


def _keys_of(raw: list[Any]) -> Iterator[str]:
    """The field names one level defines, those inside groups included."""
    for one in raw:
        if not isinstance(one, Mapping):
            continue
        if one.get("type") == "group" and isinstance(one.get("components"), list):
            yield from _keys_of(one["components"])
        elif isinstance(key := one.get("key") or one.get("path"), str):
            yield key


def _build_level(
    raw: list[Any], notes: Notes, names: frozenset[str], depth: int, prefix: str
) -> Iterator[Component]:
    for number, one in enumerate(raw, start=1):
        notes.components += 1
        if notes.components > limits.MAX_COMPONENTS:
            if notes.components == limits.MAX_COMPONENTS + 1:
                message = f"组件太多，上限是 {limits.MAX_COMPONENTS} 个"
                notes.add("too_many_components", message, "请把表单拆成几张", at="")
            return
        component = _build_one(one, notes, names, depth, f"{prefix}{number}")
        if component is not None:
            yield component


def _build_one(
    raw: Any, notes: Notes, names: frozenset[str], depth: int, ordinal: str
) -> Component | None:
    if not isinstance(raw, Mapping):
        notes.add("bad_component", f"第 {ordinal[1:]} 个组件不是对象", "请删去", at=ordinal)
        return None
    key, kind = raw.get("key") or raw.get("path") or "", raw.get("type")
    at = key if isinstance(key, str) and key else str(raw.get("id") or f"#{ordinal[1:]}")
    at = at[: limits.MAX_KEY].encode("unicode_escape").decode() if not at.isprintable() else at
    if not isinstance(kind, str) or kind not in COMPONENT_TYPES:
        shown = str(kind)[:40]
        why = "会在页面里放外来内容" if shown in _FORBIDDEN else "不在支持的范围内"
        notes.add(
            "unknown_component",
            f"组件“{at}”的类型 {shown} {why}",
            "请换成 docs/forms.md 里列出的组件",
            at=at,
        )
        return None
    source = Source(raw, at, notes, names)
    name = ordinal if kind in _KEYLESS else _legal_key(source, key)
    _check_settings(source, kind)
    return _record(source, kind, name, names, depth)


def _legal_key(source: Source, key: Any) -> str:
    if not isinstance(key, str) or not key:
        source.refuse("key_missing", "key", "没有写", "请写一个英文名，例如 applicant_name")
        return source.at
    if not _KEY.fullmatch(key) or len(key) > limits.MAX_KEY or "__" in key:
        source.refuse(
            "illegal_key",
            "key",
            "只能用英文字母开头的字母、数字和单个下划线",
            f"不能有点号、空格、双下划线，最长 {limits.MAX_KEY} 个字符",
        )
    elif key in RESERVED_KEYS:
        source.refuse("illegal_key", "key", f"不能用保留字“{key}”", "请换一个名字")
    return key


def _check_settings(source: Source, kind: str) -> None:
    allowed = COMPONENT_TYPES[kind]
    hint = f"{allowed.label}（{kind}）支持的设置见 docs/forms.md"
    source.only(allowed.keys, "unknown_setting", hint)
    source.part("validate").only(allowed.validate, "unknown_validation", hint)
    for key in source.part("properties").raw:
        if key not in allowed.properties:
            message = f"组件“{source.at}”的 properties.{key[:40]} 不起作用"
            source.notes.add("unknown_property", message, hint, at=source.at, severity="warning")


def _record(
    source: Source, kind: str, name: str, names: frozenset[str], depth: int
) -> Component | None:
    if kind in ("group", "dynamiclist"):
        if depth >= limits.MAX_DEPTH:
            source.refuse("too_deep", "components", f"套得太深，上限 {limits.MAX_DEPTH} 层")
            return None
        return _container(source, kind, name, names, depth)
    if kind == "text":
        return _static_text(source, name)
    if kind in ("separator", "spacer"):
        return Divider(**common(source, name))
    component = QUESTIONS[kind](source, name)
    _check_default(source, component)
    return component


def _container(
    source: Source, kind: str, name: str, names: frozenset[str], depth: int
) -> Component:
    children = _raw_components(source, f"组件“{source.at}”")
    if not children:
        source.refuse("no_components", "components", "里没有问题", "请至少加一个问题")
    if kind == "group":
        if source.raw.get("path"):
            source.refuse(
                "unsupported_setting", "path", "不支持", "分组不改变取值的位置，请删去 path"
            )
        level = tuple(_build_level(children, source.notes, names, depth + 1, f"{name}_"))
        return Group(**common(source, name), components=level)
    properties = source.part("properties")
    most = properties.whole("max_rows", 1, limits.MAX_ROWS, limits.DEFAULT_MAX_ROWS)
    settings = asked(source, name)
    return RowList(
        **settings,
        components=_build_all(children, source.notes, names, depth + 1),
        min_rows=properties.whole("min_rows", 0, most, 1 if settings["required"] else 0),
        max_rows=most,
        first_rows=source.whole("defaultRepetitions", 0, most, 1),
        row_label=properties.words("row_label", 40),
    )


def _static_text(source: Source, name: str) -> StaticText:
    text = source.text("text", limits.MAX_STATIC_TEXT, lines=True)
    if _TAG.search(text) and not text.startswith("="):
        message = f"说明文字“{source.at}”里的 HTML 标签会原样显示"
        source.notes.add("html_as_text", message, "请删去标签", at=source.at, severity="warning")
    shown = source.compile("text", text) or "" if text.startswith("=") else text
    return StaticText(**common(source, name), text=shown)


def _check_default(source: Source, component: Component) -> None:
    question = default_question(component)
    if question is None:
        return
    read = read_answer(question, question.default)
    known = (
        {option.value for option in question.options}
        if (isinstance(question, ChoiceQuestion) and question.options_from is None)
        else None
    )
    chosen = read.value if isinstance(read.value, list) else [read.value]
    if read.fault or (known is not None and not known.issuperset(chosen)):
        source.refuse("bad_default", "defaultValue", f"不能作“{question.label}”的答案")
