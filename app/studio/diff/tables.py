"""What changed between two decision files: decision by decision, row by row, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from app.process.xmlread import read_xml
from app.studio.diff.change import Change, pairs, shown, turned

ORDERED = frozenset({"FIRST", "RULE ORDER", "PRIORITY", "OUTPUT ORDER"})
_ANY = ("", "-")


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: the texts of its cells by column label."""

    id: str
    number: int  # 1-based
    asks: Mapping[str, str]  # inputs
    says: Mapping[str, str]  # outputs
    notes: Mapping[str, str]  # annotations

    @property
    def cells(self) -> dict[str, str]:
        """All cells."""
        return {**self.asks, **self.says, **self.notes}


@dataclass(frozen=True, slots=True)
class Written:
    """One decision or BKM as written."""

    id: str
    name: str
    file: str
    hit_policy: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)  # label -> expression or name
    rows: tuple[Row, ...] = ()
    other: str = ""  # logic that is no table, as text


def table_changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[Change]:
    """Every difference between the decisions of two packages, matched by id."""
    for name, old, new in pairs(written(before), written(after)):
        if old is None:
            yield Change(new.file, name, f"新增决策“{new.name}”")
        elif new is None:
            yield Change(old.file, name, f"删去决策“{old.name}”")
        else:
            for element_id, line in _one(old, new):
                yield Change(new.file, element_id, f"{new.name}：{line}")


def _one(old: Written, new: Written) -> Iterator[tuple[str, str]]:
    if old.name != new.name:
        yield new.id, f"名称 {turned(old.name, new.name)}"
    if old.hit_policy != new.hit_policy:
        yield new.id, f"命中规则 {turned(old.hit_policy, new.hit_policy)}"
    if old.other != new.other:
        yield new.id, f"算法 {turned(old.other, new.other)}"
    for label, before, after in pairs(old.columns, new.columns):
        if before is None:
            yield new.id, f"新增一列“{label}”"
        elif after is None:
            yield new.id, f"删去一列“{label}”"
        elif before != after:
            yield new.id, f"列“{label}” {turned(before, after)}"
    yield from _rows(old, new)


def _rows(old: Written, new: Written) -> Iterator[tuple[str, str]]:
    matched = match(old.rows, new.rows)
    kept = {row.number for row in matched.values()}
    for row in old.rows:
        if row.number not in kept:
            yield row.id or new.id, f"删去第 {row.number} 行（{_gist(row)}）"
    for row in new.rows:
        before = matched.get(row.number)
        if before is None:
            yield row.id or new.id, f"新增第 {row.number} 行（{_gist(row)}，得 {_answer(row)}）"
            continue
        for label, left, right in pairs(before.cells, row.cells):
            if (left or "") != (right or "") and label in old.columns and label in new.columns:
                line = f"第 {row.number} 行（{_gist(before)}）：{label} {turned(left, right)}"
                yield row.id or new.id, line
        if before.number != row.number and new.hit_policy in ORDERED:
            yield row.id or new.id, f"第 {before.number} 行移到第 {row.number} 行（{_gist(row)}）"


def match(old: tuple[Row, ...], new: tuple[Row, ...]) -> dict[int, Row]:
    """Number of a new row -> the old row it was: by id, else by the same question asked."""
    by_id = {row.id: row for row in old if row.id}
    matched = {row.number: by_id[row.id] for row in new if row.id in by_id}
    taken = {row.number for row in matched.values()}
    rest = [row for row in old if row.number not in taken]
    for row in new:
        if row.number in matched:
            continue
        same = next((one for one in rest if one.asks == row.asks), None)
        if same is not None:
            matched[row.number] = same
            rest.remove(same)
    return matched


def _gist(row: Row) -> str:
    parts = [f"{label} {text}" for label, text in row.asks.items() if text not in _ANY]
    return shown("，".join(parts)) if parts else "其他情形"


def _answer(row: Row) -> str:
    return shown("，".join(f"{label} {text}" for label, text in row.says.items()))


def written(files: Mapping[str, bytes]) -> dict[str, Written]:
    """Every decision of the files by id, the first of an id."""
    found: dict[str, Written] = {}
    for path in sorted(files):
        if not path.endswith(".dmn"):
            continue
        root, _ = read_xml(files[path], path)
        for node in () if root is None else root:
            if _local(node) in ("decision", "businessKnowledgeModel", "decisionService"):
                one = _read(node, path)
                found.setdefault(one.id, one)
    return found


def _read(node: Any, file: str) -> Written:
    table = _child(node, "decisionTable")
    name, element_id = node.get("name", ""), node.get("id", "") or node.get("name", "")
    if table is None:
        logic = [child for child in node if _local(child) not in _APART]
        return Written(element_id, name, file, other=" ".join(_text(child) for child in logic))
    inputs = [_label(one, _inner(one, "inputExpression")) for one in _all(table, "input")]
    outputs = [_label(one, one.get("name", "") or name) for one in _all(table, "output")]
    notes = [one.get("name", "") for one in _all(table, "annotation")]
    columns = {label: _inner(one, "inputExpression") for label, one in _named(table, inputs)}
    columns |= {label: one.get("name", "") for label, one in _named(table, outputs, "output")}
    columns |= dict.fromkeys(notes, "")
    policy = table.get("hitPolicy", "UNIQUE") + (
        f" {table.get('aggregation')}" if table.get("aggregation") else ""
    )
    rows = tuple(
        Row(
            id=rule.get("id", ""),
            number=number,
            asks=dict(zip(inputs, _cells(rule, "inputEntry"), strict=False)),
            says=dict(zip(outputs, _cells(rule, "outputEntry"), strict=False)),
            notes=dict(zip(notes, _cells(rule, "annotationEntry"), strict=False)),
        )
        for number, rule in enumerate(_all(table, "rule"), 1)
    )
    return Written(element_id, name, file, policy, columns, rows)


_APART = frozenset(
    {"variable", "informationRequirement", "knowledgeRequirement", "authorityRequirement"}
    | {"description", "extensionElements", "question", "allowedAnswers"}
)


def _named(table: Any, labels: list[str], name: str = "input") -> list[tuple[str, Any]]:
    return list(zip(labels, _all(table, name), strict=True))


def _label(node: Any, otherwise: str) -> str:
    return str(node.get("label") or otherwise)


def _cells(rule: Any, name: str) -> list[str]:
    return [_text(one) for one in _all(rule, name)]


def _inner(node: Any, name: str) -> str:
    found = _child(node, name)
    return "" if found is None else _text(found)


def _text(node: Any) -> str:
    return " ".join(etree.tostring(node, method="text", encoding="unicode").split())


def _child(node: Any, name: str) -> Any:
    return next((child for child in node if _local(child) == name), None)


def _all(node: Any, name: str) -> list[Any]:
    return [child for child in node if _local(child) == name]


def _local(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]
