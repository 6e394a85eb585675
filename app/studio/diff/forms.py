"""What changed between two forms: question by question, option by option."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.form.reading import read_json
from app.studio.diff.change import Change, pairs, turned

MAX_DEPTH = 10  # groups in groups

SETTINGS: Mapping[str, str] = {
    "type": "种类",
    "label": "名称",
    "description": "说明",
    "text": "文字",
    "key": "字段名",
    "readonly": "只读",
    "disabled": "停用",
    "defaultValue": "默认值",
    "expression": "计算式",
    "valuesExpression": "选项来源",
    "conditional.hide": "隐藏条件",
    "validate.required": "必填",
    "validate.min": "最小值",
    "validate.max": "最大值",
    "validate.minLength": "最少字数",
    "validate.maxLength": "最多字数",
    "validate.pattern": "格式",
    "properties.clause": "条款",
    "properties.check": "校验",
    "properties.check_message": "校验提示",
    "properties.mask": "遮盖方式",
    "properties.sensitivity": "敏感程度",
    "properties.unit": "单位",
}
_SKIPPED = frozenset({"id", "components", "layout", "values"})


def form_changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Change]:
    """Every difference between the forms of two packages, matched by form id."""
    for name, old, new in pairs(_read_all(before), _read_all(after)):
        file, document = new or old
        title = document.get("name") or name
        if old is None:
            yield Change(file, name, f"新增表单“{title}”")
        elif new is None:
            yield Change(file, name, f"删去表单“{title}”")
        else:
            for element_id, line in _one(old[1], new[1]):
                yield Change(file, element_id, f"表单“{title}”：{line}")


def _read_all(files: Mapping[str, bytes]) -> dict[str, tuple[str, Mapping[str, Any]]]:
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for path in sorted(files):
        if path.endswith(".form"):
            document, _ = read_json(files[path])
            if isinstance(document, Mapping):
                found.setdefault(str(document.get("id") or path), (path, document))
    return found


def _one(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if old.get("name") != new.get("name"):
        yield "", f"名称 {turned(old.get('name'), new.get('name'))}"
    left, right = dict(_components(old, "")), dict(_components(new, ""))
    for path, before, after in pairs(left, right):
        if before is None:
            yield path, f"新增“{_label(after, path)}”"
        elif after is None:
            yield path, f"删去“{_label(before, path)}”"
        else:
            label = _label(after, path)
            yield from ((path, f"“{label}”{line}") for line in _component(before, after))
    if [p for p in left if p in right] != [p for p in right if p in left]:
        yield "", "问题的先后次序有变"


def _components(
    owner: Mapping[str, Any], prefix: str, depth: int = 0
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(path, component) of everything in a form; rows give their name to what is inside."""
    children = owner.get("components")
    if not isinstance(children, list) or depth > MAX_DEPTH:
        return
    for number, child in enumerate(children, 1):
        if not isinstance(child, Mapping):
            continue
        name = child.get("key") or child.get("path") or child.get("id") or f"_{number}"
        path = f"{prefix}{name}"
        yield path, child
        inner = f"{path}." if child.get("type") == "dynamiclist" else prefix
        yield from _components(child, inner, depth + 1)


def _component(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name, before, after in pairs(dict(_settings(old)), dict(_settings(new))):
        if before != after:
            yield f"的{SETTINGS.get(name, name)} {turned(before, after)}"
    left, right = _options(old), _options(new)
    for value, before, after in pairs(left, right):
        if before is None:
            yield f"新增选项“{after}”"
        elif after is None:
            yield f"删去选项“{before}”"
        elif before != after:
            yield f"的选项 {value} {turned(before, after)}"


def _settings(component: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in component.items():
        if not prefix and name in _SKIPPED:
            continue
        if isinstance(value, Mapping) and not prefix:
            yield from _settings(value, f"{name}.")
        else:
            yield f"{prefix}{name}", value


def _options(component: Mapping[str, Any]) -> dict[str, str]:
    values = component.get("values")
    if not isinstance(values, list):
        return {}
    return {
        str(one.get("value")): str(one.get("label")) for one in values if isinstance(one, Mapping)
    }


def _label(component: Mapping[str, Any], path: str) -> str:
    return str(component.get("label") or path)
