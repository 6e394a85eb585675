"""Writes `docs/forms.md`, the reference for those who make form files, from the tables in use.

A test compares the committed page with what this writes: `python -m app.form.reference` renews it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from app.form import limits
from app.form.vocabulary import (
    CAPTURES,
    COMPONENT_TYPES,
    DOCUMENT_KEYS,
    MASKS,
    MEDIA_TYPES,
    RESERVED_KEYS,
    SENSITIVITIES,
    ComponentType,
)

EXAMPLE = """{
  "type": "default",
  "id": "verify",
  "name": "现场核实",
  "schemaVersion": 17,
  "components": [
    {"type": "text", "text": "# 现场核实\\n两名工作人员到场核实后填写。"},
    {"type": "textfield", "key": "applicant_name", "label": "申请人姓名",
     "validate": {"required": true, "maxLength": 30},
     "properties": {"sensitivity": "personal", "mask": "name"}},
    {"type": "textfield", "key": "applicant_id", "label": "居民身份证号",
     "properties": {"kind": "id_card"}},
    {"type": "number", "key": "self_paid", "label": "自付费用", "description": "扣除报销以后",
     "validate": {"required": true, "min": 0}, "properties": {"kind": "money"}},
    {"type": "radio", "key": "cause", "label": "困难原因", "validate": {"required": true},
     "values": [{"label": "火灾", "value": "fire"}, {"label": "疾病", "value": "illness"}]},
    {"type": "textarea", "key": "illness_note", "label": "病情",
     "conditional": {"hide": "=cause != \\"illness\\""},
     "properties": {"sensitivity": "sensitive"}},
    {"type": "datetime", "subtype": "datetime", "key": "visited_at", "label": "到场时间",
     "validate": {"required": true}, "properties": {"not_after": "=now()"}},
    {"type": "dynamiclist", "path": "members", "label": "家庭成员",
     "properties": {"min_rows": 1, "max_rows": 20, "row_label": "成员"},
     "components": [
       {"type": "textfield", "key": "name", "label": "姓名", "validate": {"required": true}},
       {"type": "number", "key": "income", "label": "月收入", "properties": {"kind": "money"}}]},
    {"type": "expression", "key": "income_total", "label": "家庭月收入",
     "expression": "=sum(members.income)", "properties": {"kind": "money"}},
    {"type": "filepicker", "key": "photos", "label": "现场照片", "accept": "image/*",
     "multiple": true, "properties": {"capture": "environment"}}
  ]
}
"""

_PROPERTIES = {
    "kind": "特别的类型，见各组件",
    "sensitivity": f"敏感程度：{'、'.join(SENSITIVITIES)}",
    "mask": f"显示时遮住哪里：{'、'.join(MASKS)}；`sensitive` 又没有 mask 的整项不显示",
    "unit": "单位，如 人",
    "clause": "依据的条款编号",
    "dictionary": "数据字典条目",
    "check": '以“=”开头的条件，答案填了以后必须为 true，如 `"=amount <= ceiling"`',
    "check_message": "不满足 check 时说的话，有 check 必须写",
    "pattern_message": "不符合 pattern 时说的话",
    "not_before": "最早的日期或时间：`2026-11-22`，或以“=”开头的表达式",
    "not_after": '最晚的日期或时间，如 `"=today()"`',
    "min_rows": "最少行数（写在 properties 里，不写 validate.min）",
    "max_rows": f"最多行数，上限 {limits.MAX_ROWS}，不写为 {limits.DEFAULT_MAX_ROWS}",
    "row_label": "每行的名称，如 成员",
    "max_files": f"最多几个文件，上限 {limits.MAX_FILES}；`multiple` 不写时为 1",
    "capture": f"手机直接打开相机：{'、'.join(CAPTURES)}",
}


def reference() -> str:
    """The whole page."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield _HEAD
    for one in COMPONENT_TYPES.values():
        yield from _component(one)
    yield "\n## properties 里的设置\n\n| 设置 | 意思 |\n|---|---|"
    yield from (f"| `{name}` | {meaning} |" for name, meaning in _PROPERTIES.items())
    yield _RULES.format(reserved="、".join(f"`{key}`" for key in sorted(RESERVED_KEYS)))
    yield "\n## 上限\n\n| 项目 | 上限 |\n|---|---|"
    yield from (f"| {label} | {value} |" for label, value in _bounds())
    yield f"\n## 例\n\n```json\n{EXAMPLE}```"


def _component(one: ComponentType) -> Iterator[str]:
    yield f"\n### `{one.name}` {one.label}\n"
    yield f"- 设置：{_codes(one.keys - {'type'})}"
    if one.validate:
        yield f"- `validate`：{_codes(one.validate)}"
    if one.properties:
        yield f"- `properties`：{_codes(one.properties)}"
    if one.kinds:
        yield f"- `properties.kind`：{_codes(one.kinds)}"
    if one.value:
        yield f"- 存成：{one.value}"
    if one.name in _NOTES:
        yield f"- {_NOTES[one.name]}"


def _codes(names: frozenset[str] | tuple[str, ...]) -> str:
    return "、".join(f"`{name}`" for name in sorted(names))


def _bounds() -> Iterator[tuple[str, str]]:
    yield "文件", f"{limits.MAX_FORM_BYTES // 1024} KB"
    yield "组件（连同分组和行里的）", f"{limits.MAX_COMPONENTS} 个"
    yield "分组和重复行套叠", f"{limits.MAX_DEPTH} 层"
    yield "一个问题的选项", f"{limits.MAX_OPTIONS} 个"
    yield "key", f"{limits.MAX_KEY} 个字符"
    yield "label、选项", f"{limits.MAX_LABEL} 个字符"
    yield "说明 description", f"{limits.MAX_DESCRIPTION} 个字符"
    yield "说明文字 text", f"{limits.MAX_STATIC_TEXT} 个字符"
    yield "pattern", f"{limits.MAX_PATTERN} 个字符"
    yield "一个表达式", f"{limits.MAX_EXPRESSION} 个字符"
    yield "单行答案、多行答案", f"{limits.MAX_LINE}、{limits.MAX_TEXT} 个字"
    yield "数字", f"整数部分 {limits.MAX_NUMBER_DIGITS} 位，小数 {limits.MAX_DECIMAL_PLACES} 位"
    yield "一个上传的文件", f"{limits.MAX_UPLOAD_BYTES // (1024 * 1024)} MB"


_NOTES = {
    "textfield": (
        "`validationType` 可写 `phone`、`email`、`custom`；`kind` 为 `id_card` 时核对出生日期和"
        "校验码，不告诉正确的校验码；`phone` 收手机号和带区号的固定电话"
    ),
    "number": (
        "`kind` 为 `money` 时单位是元、两位小数、不能为负；数字按十进制精确计算；"
        "全角数字、千分位逗号、“元”字都认"
    ),
    "datetime": "`subtype` 写 `date`（不写也是它）或 `datetime`；时间按北京时间",
    "filepicker": "`accept` 可写 `image/*` 或 "
    + "、".join(f"`{ending}`" for endings in MEDIA_TYPES.values() for ending in endings)
    + "；按文件内容而不是文件名判断",
    "dynamiclist": (
        "列表的名字写 `path`（form-js 的写法）或 `key`；行里的表达式可用本行和外层的 key，"
        "不能用本列表；`defaultRepetitions` 是一开始显示的行数"
    ),
    "group": "只是一个标题，不改变答案的位置；不支持 `path`",
    "text": "纯文字：空行分段，行首 `# ` 是小标题，行首 `- ` 是条目；HTML 原样显示；可写 `=表达式`",
    "expression": "服务器计算，送来的值不算数；`kind` 为 `money` 时结果须是整分，取舍写在算式里",
}

_HEAD = f"""# 表单文件

表单是 form-js（bpmn.io）的 JSON 文件，放在 `forms/<地方>/<id>.form`。下面是支持的全部内容，
写别的会在发布前被退回，并说明是哪个组件、怎么改。本页由 `python -m app.form.reference` 生成。

文件最外层可写：{_codes(DOCUMENT_KEYS)}。其中 `type` 一定是 `default`，`id` 与文件名相同。

## 组件

每个组件可写 `conditional.hide`（以“=”开头的条件，为 true 时不问，答案不保存，必填也不要求）。
纯外观的设置（`layout`、`appearance`、`verticalAlignment` 等）可以有，但不起作用。"""

_RULES = """
## 规则

- `key` 用英文字母开头的字母、数字、单个下划线；同一层不能重复，行里的 key 不能与外层相同。
- 不能用的 key：{reserved}。
- 表达式用 FEEL，能用：本表单各项的 key、个案的事实（如 `reported_at`）、先前表单的答案。
  没填或隐藏的项是 null。日期和时间是文字，比较前写 `date(key)`、`date and time(key)`。
- 条件算不出来时问题照常显示。`check` 算不出来时当作不满足。
- 两个问题的条件或算式不能互相等待。
- `readonly` 的值取默认值或先前的答案，不取送来的值。
- `pattern` 用 RE2 语法，要匹配全文请写 `^…$`。"""


if __name__ == "__main__":
    sys.stdout.write(reference())
