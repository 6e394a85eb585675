"""A decision table for people: as Markdown and as HTML, every text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app.decision.table_nodes import Table

POLICY_NAMES = {
    "UNIQUE": "只许一行符合",
    "ANY": "符合的各行结果须一致",
    "PRIORITY": "取结果优先的一行",
    "FIRST": "取第一行",
    "RULE ORDER": "全部，按行序",
    "OUTPUT ORDER": "全部，按结果优先",
    "COLLECT": "全部",
    "COLLECT SUM": "合计",
    "COLLECT MIN": "取最小",
    "COLLECT MAX": "取最大",
    "COLLECT COUNT": "计数",
}


def policy_words(table: Table) -> str:
    """The hit policy as DMN writes it and as people say it."""
    return f"{table.policy_text}（{POLICY_NAMES.get(table.policy_text, '')}）"


def headings(table: Table) -> list[str]:
    """Column headings: number, inputs, outputs, annotations."""
    outputs = [clause.label or clause.name or "结果" for clause in table.outputs]
    return ["行", *[clause.label for clause in table.inputs], *outputs, *table.annotations]


def lines(table: Table) -> list[list[str]]:
    """The rows as texts, in the order of the headings."""
    return [
        [
            str(row.number),
            *[cell.text for cell in row.cells],
            *[cell.text for cell in row.outputs],
            *[row.annotations.get(label, "") for label in table.annotations],
        ]
        for row in table.rows
    ]


def to_markdown(table: Table) -> str:
    """The table as GitHub-flavoured Markdown."""
    out = [f"### {_mark(table.decision)}", "", f"命中策略：{policy_words(table)}", ""]
    out.append(_markdown_line(headings(table)))
    out.append("|" + " --- |" * len(headings(table)))
    out.extend(_markdown_line(line) for line in lines(table))
    return "\n".join(out) + "\n"


def _markdown_line(texts: Sequence[str]) -> str:
    return "| " + " | ".join(_mark(text) or " " for text in texts) + " |"


def _mark(text: str) -> str:
    """Text that Markdown shows as it is: no pipe, no markup, no HTML, one line."""
    shown = escape(" ".join(text.split()), quote=False)
    for char in "\\`*_[]|#":
        shown = shown.replace(char, f"\\{char}")
    return shown


def to_html(table: Table) -> str:
    """The table as an HTML fragment without style or script."""
    split = 1 + len(table.inputs)
    end = split + len(table.outputs)
    head = "".join(
        f'<th scope="col" class="{_role(i, split, end)}">{escape(text)}</th>'
        for i, text in enumerate(headings(table))
    )
    body = "".join(_html_line(line, split, end) for line in lines(table))
    return (
        f'<table class="decision-table"><caption>{escape(table.decision)}'
        f" <small>{escape(policy_words(table))}</small></caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>\n"
    )


def _role(index: int, split: int, end: int) -> str:
    if index == 0:
        return "number"
    if index < split:
        return "input"
    return "output" if index < end else "annotation"


def _html_line(texts: Sequence[str], split: int, end: int) -> str:
    cells = "".join(
        f'<td class="{_role(i, split, end)}">{escape(text)}</td>'
        for i, text in enumerate(texts)
        if i
    )
    return f'<tr><th scope="row">{escape(texts[0])}</th>{cells}</tr>'
