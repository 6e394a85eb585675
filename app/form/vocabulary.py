"""The subset of form-js that a form file may use; `docs/forms.md` is generated from this table."""

from __future__ import annotations

from dataclasses import dataclass

from app.decision.builtins import BUILTINS

DOCUMENT_KEYS = frozenset(
    {"type", "id", "name", "schemaVersion", "components", "exporter", "executionPlatform"}
    | {"executionPlatformVersion", "versionTag", "$schema"}
)
_EVERY = frozenset({"id", "type", "layout", "conditional", "properties"})
_ASKED = _EVERY | {
    "key",
    "label",
    "description",
    "defaultValue",
    "validate",
    "readonly",
    "disabled",
}
_NOTED = frozenset(
    {"sensitivity", "mask", "unit", "clause", "dictionary", "check", "check_message"}
)
_CHOSEN = _ASKED | {"values", "valuesExpression", "searchable"}

SENSITIVITIES = ("personal", "sensitive")
MASKS = ("name", "id", "phone", "account")
CAPTURES = ("environment", "user")
MEDIA_TYPES = {  # what may be uploaded -> the endings a form file may name
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "application/pdf": (".pdf",),
}


@dataclass(frozen=True, slots=True)
class ComponentType:
    """What one component type may say."""

    name: str  # value of "type"
    label: str  # Chinese, for the reference
    keys: frozenset[str]  # settings it may carry
    validate: frozenset[str] = frozenset()  # settings below "validate"
    properties: frozenset[str] = frozenset()  # settings below "properties"
    kinds: tuple[str, ...] = ()  # values of properties.kind
    value: str = ""  # Chinese: what is kept; "" = carries no value


def _typed(*types: ComponentType) -> dict[str, ComponentType]:
    return {one.name: one for one in types}


COMPONENT_TYPES = _typed(
    ComponentType(
        "textfield",
        "单行文字",
        _ASKED | {"appearance"},
        frozenset({"required", "minLength", "maxLength", "pattern", "validationType"}),
        _NOTED | {"kind", "pattern_message"},
        ("id_card", "phone", "email"),
        "文字；没填为 null",
    ),
    ComponentType(
        "textarea",
        "多行文字",
        _ASKED,
        frozenset({"required", "minLength", "maxLength"}),
        _NOTED,
        value="文字；没填为 null",
    ),
    ComponentType(
        "number",
        "数字、金额",
        _ASKED | {"decimalDigits", "appearance", "increment", "serializeToString"},
        frozenset({"required", "min", "max"}),
        _NOTED | {"kind"},
        ("money",),
        "精确小数；金额单位元、两位小数；没填为 null",
    ),
    ComponentType(
        "select",
        "下拉选择",
        _CHOSEN,
        frozenset({"required"}),
        _NOTED,
        value="所选项的 value；没选为 null",
    ),
    ComponentType(
        "radio",
        "单选",
        _CHOSEN,
        frozenset({"required"}),
        _NOTED,
        value="所选项的 value；没选为 null",
    ),
    ComponentType(
        "checklist",
        "多选",
        _CHOSEN,
        frozenset({"required"}),
        _NOTED,
        value="所选各项 value 的列表，按选项次序",
    ),
    ComponentType(
        "checkbox",
        "勾选",
        _ASKED,
        frozenset({"required"}),
        _NOTED,
        value="true 或 false；必填即必须勾选",
    ),
    ComponentType(
        "datetime",
        "日期、日期和时间",
        _ASKED
        | {"subtype", "dateLabel", "timeLabel", "disallowPassedDates"}
        | {"timeInterval", "timeSerializingFormat", "use24h"},
        frozenset({"required"}),
        _NOTED | {"not_before", "not_after"},
        value='日期为 "2026-11-22"；日期和时间为 "2026-11-22T14:30:00+08:00"；没填为 null',
    ),
    ComponentType(
        "filepicker",
        "上传材料",
        (_ASKED - {"defaultValue", "readonly"}) | {"accept", "multiple"},
        frozenset({"required"}),
        _NOTED - {"mask"} | {"max_files", "capture"},
        value="{ref, name, type, size} 的列表",
    ),
    ComponentType(
        "dynamiclist",
        "重复行",
        (_ASKED - {"defaultValue", "readonly"})
        | {"path", "components", "defaultRepetitions", "allowAddRemove", "showOutline"}
        | {"isRepeating", "disableCollapse", "nonCollapsedItems", "verticalAlignment"},
        frozenset({"required"}),
        frozenset({"min_rows", "max_rows", "row_label", "clause", "check", "check_message"}),
        value="每行一个对象的列表",
    ),
    ComponentType(
        "group",
        "分组",
        _EVERY | {"label", "description", "components", "path", "showOutline", "verticalAlignment"},
    ),
    ComponentType("text", "说明文字", _EVERY | {"text", "label"}),
    ComponentType(
        "expression",
        "自动计算",
        _EVERY | {"key", "label", "description", "expression", "computeOn"},
        frozenset(),
        _NOTED - {"check", "check_message"} | {"kind"},
        ("money",),
        "算式的结果",
    ),
    ComponentType("separator", "分隔线", _EVERY),
    ComponentType("spacer", "空白", _EVERY | {"height"}),
)

# Keys that would collide with FEEL words and functions, the engine's own data or the internals of
# Python and browsers.
RESERVED_KEYS = frozenset(name for name in BUILTINS if name.isidentifier()) | frozenset(
    "typename data_objects constructor prototype hasOwnProperty toString valueOf".split()
    + "if then else for in return some every satisfies and or not null true false".split()
    + "between function external instance of context item partial csrf_token".split()
)
