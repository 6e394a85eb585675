"""Writes `docs/papers.md`, the reference for who makes papers and ledgers, from the tables in use.

A test compares the committed page with what this writes: `python -m app.form.paper_reference`
renews it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from app.form.ledger_columns import PARAMETERS, QUERIES
from app.form.ledger_shapes import Kind
from app.form.ledgers import GROUPS, MAX_COLUMNS, PERIODS
from app.form.paper_fields import FIELDS, LISTS, RECORD_FIELDS
from app.form.papers import MAX_BODY, MAX_PARTS

_KINDS = {
    Kind.TEXT: "文字",
    Kind.MONEY: "金额",
    Kind.COUNT: "件数",
    Kind.DAY: "日期",
    Kind.INSTANT: "时间",
    Kind.HOURS: "小时",
    Kind.PERCENT: "百分数",
}
_READS = {"cases": "看案件的角色", "money": "看资金账的角色"}
_FILTERS = {"period": "期间", "township": "乡镇（街道）", "route": "办理路径", "state": "状态"}

_PAPER_HEAD = """# 文书和台账文件

本页由 `python -m app.form.paper_reference` 生成，请勿手工修改。

## 文书（`forms/<地区>/<编号>.paper.toml`）

| 项 | 写什么 |
|---|---|
| `id` | 文书编号，英文小写和下划线 |
| `kind` | `notice` 公示；`letter` 发给申请人；`record` 随案存档、供签字 |
| `title` | 标题 |
| `fields` | 用到的字段，正文和 parts 里用的都要列出 |
| `body` | 正文，`{字段}` 处填入内容；`record` 可以不写 |
| `remedies` | 救济途径的话 |
| `issued_by` | 可以在个案页上出具它的角色；不写则只由流程出具 |
| `needs` | 出具之前不得为空的清单 |
| `[[parts]]` | 正文下面的各段，`kind` 为 `facts`（`fields`）、`table`（`rows`、`columns`）、\
`text`（`text`）、`signatures`（`labels`，签名盖章处） |
"""


def reference() -> str:
    """The whole page, ending with a line end."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _PAPER_HEAD
    yield f"正文和各段文字合计不超过 {MAX_BODY} 字，parts 不超过 {MAX_PARTS} 段。"
    yield "\n### 各种文书可用的字段\n"
    yield "公示只能用决策 `publicity_fields` 允许的（G20）；"
    yield "张贴前再查一遍证件号、电话、账号和本人信息。\n"
    yield from _table(("字段", "含义"), FIELDS.items())
    yield "\n### 只有 `record` 可用的字段\n"
    yield from _table(("字段", "含义"), RECORD_FIELDS.items())
    yield "\n### 清单\n"
    rows = [
        (name, "，".join(f"`{key}` {text}" for key, text in LISTS[name].items())) for name in LISTS
    ]
    yield from _table(("清单", "栏目"), rows)
    yield from _ledger_lines()


def _ledger_lines() -> Iterator[str]:
    yield "\n## 台账、报表和上报接口（`forms/<地区>/<编号>.ledger.toml`）\n"
    yield "`id`、`query`（下面的查询）、`group`、`title`、`note`、`order`、`period`、`clauses`、"
    yield "`signatures`（打印件的签名盖章处）、`columns`（栏目，或 `{ key, heading }` 另写表头，"
    yield f"1 至 {MAX_COLUMNS} 栏）、`[params]`。"
    yield "上报接口的字段对照表就是 `columns` 的 `heading`。\n"
    yield from _table(("group", "含义"), GROUPS.items())
    yield ""
    yield from _table(
        ("period", "没有另选期间时"), ((key or "（空）", text) for key, text in PERIODS.items())
    )
    yield ""
    yield from _table(("params", "含义"), PARAMETERS.items())
    for name, query in QUERIES.items():
        filters = "、".join(_FILTERS[one] for one in query.filters)
        yield f"\n### `{name}`：{query.label}\n"
        yield f"谁能看：{_READS[query.reads]}。可按 {filters} 筛选。\n"
        rows = [
            (
                one.key,
                one.label,
                _KINDS[one.kind]
                + ("，合计" if one.total else "")
                + ("，个人信息，默认隐去" if one.personal else ""),
            )
            for one in query.columns
        ]
        yield from _table(("栏目", "表头", "内容"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for first, *rest in rows:
        yield "| " + " | ".join([f"`{first}`", *rest]) + " |"


if __name__ == "__main__":
    sys.stdout.write(reference())
