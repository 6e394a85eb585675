"""What answers mean beyond their form: the data dictionary that `properties.dictionary` names.

A form says of its own questions which of them hold a person's name or a household's group; code
that keeps registers asks for the entry and knows no form. An entry outside rows is about the
applicant, one inside rows about the member that the row describes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.form.form import Form
from app.form.model import RowList

ENTRIES: Mapping[str, str] = {
    "person.name": "姓名",
    "person.id_number": "居民身份证号",
    "person.phone": "联系电话",
    "person.account": "收款账号",
    "person.relation": "与申请人的关系（self 即申请人本人）",
    "household.group": "家庭类别（低保、特困等；other 为不属于）",
    "household.record_no": "类别的证号、认定依据",
    "household.certified_on": "类别的认定日期",
    "aid.amount": "拟给予的救助金额（元）",
    "visit.at": "走访时间",
    "visit.findings": "走访所见",
    "scheme.code": "申请的其他救助制度",
    "scheme.no": "其他救助制度的受理编号",
    "scheme.applied_on": "其他救助制度的申请日期",
    "scheme.outcome": "其他救助制度的结果（admitted 纳入、refused 不予纳入）",
}


@dataclass(frozen=True, slots=True)
class Meant:
    """Answers by dictionary entry; what was not answered is not there."""

    top: Mapping[str, Any]  # outside rows
    rows: tuple[Mapping[str, Any], ...]  # one per row that holds an entry of a person


def meant(form: Form, values: Mapping[str, Any]) -> Meant:
    """What the answers say in the words of the dictionary."""
    top: dict[str, Any] = {}
    rows: list[dict[str, Any]] = []
    lists: dict[str, dict[str, str]] = {}  # key of a row list -> its keys -> entry
    for path in sorted(form.field_paths()):
        question = form.field(path)
        if isinstance(question, RowList) or question.meta.dictionary not in ENTRIES:
            continue
        outer, _, key = path.rpartition(".")
        if not outer:
            _take(top, question.meta.dictionary, values.get(key))
        elif "." not in outer:
            lists.setdefault(outer, {})[key] = question.meta.dictionary
    for outer, entries in lists.items():
        for row in values.get(outer) or []:
            found: dict[str, Any] = {}
            for key, entry in entries.items():
                _take(found, entry, row.get(key))
            if found:
                rows.append(found)
    return Meant(top, tuple(rows))


def names_people(form: Form) -> bool:
    """True when the form asks who somebody is."""
    asked = (form.field(path) for path in form.field_paths())
    return any(
        one.meta.dictionary == "person.name" for one in asked if not isinstance(one, RowList)
    )


def _take(into: dict[str, Any], entry: str, value: Any) -> None:
    if value is not None and value != "":
        into.setdefault(entry, value)
