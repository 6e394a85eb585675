"""Letters and notices: a locality's own words around a fixed set of fields.

A paper is filled from the case and its decision record only; a template cannot reach anything
else, and a notice shows no field that the publicity table does not allow.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from app.kernel.errors import ModelError

MAX_PAPER_BYTES = 64 * 1024
MAX_BODY = 8_000  # characters of a template's body

FIELDS: Mapping[str, str] = {
    "case_no": "受理编号",
    "applicant_masked": "申请人（隐去名）",
    "applicant_name": "申请人姓名",
    "village": "村（居）",
    "township": "乡镇（街道）",
    "cause_class": "救助事由类别",
    "amount": "救助金额（元）",
    "amount_capitals": "金额大写",
    "paid_on": "发放日期",
    "decided_on": "决定日期",
    "reasons": "理由",
    "clauses": "依据条款",
    "remedies": "救济途径",
    "referral": "转介建议",
    "organ": "作出机关",
    "issued_on": "出具日期",
}

_SLOT = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Paper:
    """One template of a letter or notice."""

    id: str
    kind: str  # "notice" (public) | "letter" (to the applicant)
    title: str
    fields: tuple[str, ...]  # names out of FIELDS, in the order a list shows them
    body: str  # plain text with {field} slots
    remedies: str  # text of the remedies a refusal must name, "" for notices
    file: str

    def fill(self, values: Mapping[str, str]) -> str:
        """The body with its slots filled; a value that is missing reads as "—"."""
        return _SLOT.sub(lambda slot: values.get(slot.group(1)) or "—", self.body)


def problems_of(paper: Paper, allowed_in_notice: frozenset[str] | None = None) -> list[str]:
    """Chinese sentences on what is wrong with a template; empty when it may be published.

    `allowed_in_notice` are the fields the publicity table allows (guard-rail G20).
    """
    found = []
    if paper.kind not in ("notice", "letter"):
        found.append(f"kind 只能是 notice 或 letter，不能是“{paper.kind}”")
    used = set(_SLOT.findall(paper.body))
    found += [f"字段“{name}”不在可用字段之列" for name in paper.fields if name not in FIELDS]
    found += [
        f"正文用了 {{{name}}}，但 fields 没有列出它" for name in sorted(used - {*paper.fields})
    ]
    if len(paper.body) > MAX_BODY:
        found.append(f"正文超过 {MAX_BODY} 字")
    if paper.kind == "notice" and allowed_in_notice is not None:
        found += [
            f"公示不得出现“{FIELDS[name]}”（{name}）：公示内容只限公示字段表允许的各项"
            for name in paper.fields
            if name in FIELDS and name not in allowed_in_notice
        ]
    return found


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
            body=str(data["body"]),
            remedies=str(data.get("remedies", "")),
            file=file,
        )
    except KeyError as missing:
        raise ModelError(f"{file}：文书模板缺少 {missing.args[0]}", file=file) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError) as error:
        raise ModelError(f"{file}：文书模板读不懂（{error}）", file=file) from None
