"""Letters, notices and records: a locality's own words around a fixed set of fields and lists.

A paper is filled from the case and its decision record only; a template cannot reach anything
else, and a notice shows no field that the publicity table does not allow.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.form import sheets
from app.form.paper_fields import ALL_FIELDS, FIGURES, LISTS
from app.form.paper_fields import FIELDS as FIELDS
from app.kernel.errors import ModelError

MAX_PAPER_BYTES = 64 * 1024
MAX_BODY = 8_000  # characters of a template's body
MAX_PARTS = 20
SIGNATURE_CHARS = 20  # a longer last line belongs to the text
KINDS = ("notice", "letter", "record")
PART_KINDS = ("facts", "table", "text", "signatures")
NOTHING = "—"  # how a value that is missing reads

_SLOT = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class PaperPart:
    """One part of a paper below its body."""

    kind: str  # one of PART_KINDS
    heading: str = ""
    names: tuple[str, ...] = ()  # fields of facts, columns of a table, labels of signatures
    rows: str = ""  # name of a table's list out of LISTS
    text: str = ""  # of a text, with {field} slots


@dataclass(frozen=True, slots=True)
class Paper:
    """One template of a letter, a notice or a record."""

    id: str
    kind: str  # "notice" (public) | "letter" (to the applicant) | "record" (for the case's file)
    title: str
    fields: tuple[str, ...]  # names out of FIELDS (a record: ALL_FIELDS), as a list shows them
    body: str  # plain text with {field} slots
    remedies: str  # text of the remedies a refusal must name, "" for notices
    file: str
    parts: tuple[PaperPart, ...] = ()
    issued_by: tuple[str, ...] = ()  # roles that may issue it by hand; () = diagrams only
    needs: str = ""  # list that must not be empty before it is issued

    def fill(self, values: Mapping[str, str]) -> str:
        """The body with its slots filled; a value that is missing reads as "—"."""
        return _filled(self.body, values)

    def lists(self) -> frozenset[str]:
        """The lists its tables show, and the one it needs."""
        return frozenset(one.rows for one in self.parts if one.rows) | ({self.needs} - {""})

    def filled_parts(
        self, values: Mapping[str, str], rows: Mapping[str, Sequence[Mapping[str, str]]]
    ) -> tuple[sheets.Part, ...]:
        """The parts below the body, filled; rows: list -> its rows, column -> text."""
        return tuple(_part(one, values, rows) for one in self.parts)


def problems_of(paper: Paper, allowed_in_notice: frozenset[str] | None = None) -> list[str]:
    """Chinese sentences on what is wrong with a template; empty when it may be published.

    `allowed_in_notice` are the fields the publicity table allows (guard-rail G20).
    """
    found = []
    if paper.kind not in KINDS:
        found.append(f"kind 只能是 {'、'.join(KINDS)}，不能是“{paper.kind}”")
    known = ALL_FIELDS if paper.kind == "record" else FIELDS
    used = {name for text in _texts(paper) for name in _SLOT.findall(text)}
    used |= {name for one in paper.parts if one.kind == "facts" for name in one.names}
    found += [_unknown(name, paper) for name in paper.fields if name not in known]
    found += [
        f"正文用了 {{{name}}}，但 fields 没有列出它" for name in sorted(used - {*paper.fields})
    ]
    if sum(map(len, _texts(paper))) > MAX_BODY:
        found.append(f"正文超过 {MAX_BODY} 字")
    found += _part_problems(paper)
    if paper.kind == "notice" and allowed_in_notice is not None:
        found += [
            f"公示不得出现“{FIELDS[name]}”（{name}）：公示内容只限公示字段表允许的各项"
            for name in paper.fields
            if name in FIELDS and name not in allowed_in_notice
        ]
    return found


def _unknown(name: str, paper: Paper) -> str:
    if name not in ALL_FIELDS:
        return f"字段“{name}”不在可用字段之列"
    where = "公示不得出现" if paper.kind == "notice" else "只有存档的文书可以写"
    return f"{where}“{ALL_FIELDS[name]}”（{name}）"


def _part_problems(paper: Paper) -> list[str]:
    found = []
    if paper.kind == "notice" and paper.parts:
        found.append("公示只写正文，不能有 parts")
    if len(paper.parts) > MAX_PARTS:
        found.append(f"parts 超过 {MAX_PARTS} 段")
    if paper.needs and paper.needs not in LISTS:
        found.append(f"needs 没有清单“{paper.needs}”")
    for one in paper.parts:
        if one.kind not in PART_KINDS:
            found.append(f"parts 的 kind 只能是 {'、'.join(PART_KINDS)}，不能是“{one.kind}”")
        elif one.kind == "table" and one.rows not in LISTS:
            found.append(f"没有清单“{one.rows}”，可用：{'、'.join(LISTS)}")
        elif one.kind == "table":
            unknown = [name for name in one.names if name not in LISTS[one.rows]]
            found += [f"清单“{one.rows}”没有栏目“{name}”" for name in unknown]
        if one.kind != "text" and not one.names:
            found.append(f"parts 的 {one.kind} 没有列出内容")
    return found


def letter_lines(title: str, body: str) -> tuple[tuple[str, bool], ...]:
    """A letter's paragraphs without its title; True marks the signature (short last lines)."""
    parts = [part.strip() for part in body.strip().removeprefix(title).split("\n\n")]
    found: list[tuple[str, bool]] = []
    kept = [part for part in parts if part]
    for number, part in enumerate(kept, start=1):
        lines = part.splitlines()
        last = number == len(kept) > 1
        signature = last and all(len(line) <= SIGNATURE_CHARS for line in lines)
        found += [(line, signature) for line in lines]
    return tuple(found)


def load_paper(raw: bytes, *, file: str) -> Paper:
    """The template in a `.paper.toml` file; raises ModelError naming what is missing."""
    if len(raw) > MAX_PAPER_BYTES:
        raise ModelError(f"{file}：文书模板超过 {MAX_PAPER_BYTES // 1024} KB", file=file)
    try:
        data = tomllib.loads(raw.decode("utf-8"))
        return Paper(
            id=str(data["id"]),
            kind=str(data["kind"]),
            title=str(data["title"]),
            fields=tuple(str(name) for name in data["fields"]),
            body=str(data.get("body", "") if data["kind"] == "record" else data["body"]),
            remedies=str(data.get("remedies", "")),
            file=file,
            parts=tuple(_load_part(one) for one in data.get("parts", ())),
            issued_by=tuple(str(role) for role in data.get("issued_by", ())),
            needs=str(data.get("needs", "")),
        )
    except KeyError as missing:
        raise ModelError(f"{file}：文书模板缺少 {missing.args[0]}", file=file) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError, AttributeError) as error:
        raise ModelError(f"{file}：文书模板读不懂（{error}）", file=file) from None


def _load_part(data: Mapping[str, Any]) -> PaperPart:
    kind = str(data["kind"])
    names = {"facts": "fields", "table": "columns", "signatures": "labels"}.get(kind, "")
    return PaperPart(
        kind=kind,
        heading=str(data.get("heading", "")),
        names=tuple(str(one) for one in data[names]) if names else (),
        rows=str(data["rows"]) if kind == "table" else "",
        text=str(data["text"]) if kind == "text" else "",
    )


def _texts(paper: Paper) -> list[str]:
    return [paper.body, *(one.text for one in paper.parts)]


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda slot: values.get(slot.group(1)) or NOTHING, text)


def _part(
    part: PaperPart,
    values: Mapping[str, str],
    rows: Mapping[str, Sequence[Mapping[str, str]]],
) -> sheets.Part:
    if part.kind == "facts":
        pairs = tuple((ALL_FIELDS[name], values.get(name) or NOTHING) for name in part.names)
        return sheets.Facts(part.heading, pairs)
    if part.kind == "signatures":
        return sheets.Signatures(part.names)
    if part.kind == "text":
        text = _filled(part.text, values).strip()
        return sheets.Text(tuple((line, False) for line in text.splitlines()))
    columns = LISTS[part.rows]
    return sheets.Table(
        part.heading,
        tuple(columns[name] for name in part.names),
        tuple(tuple(row.get(name, "") for name in part.names) for row in rows.get(part.rows, ())),
        tuple(name in FIGURES for name in part.names),
    )
