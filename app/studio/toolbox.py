"""What the diagram editor offers: what the engine executes, and what the package has to pick from.

The lists come from the machines themselves (the white list, the catalogues, the files of the
draft), so that nothing can be picked that a check would refuse as unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.decision import Model
from app.decision.check_table import listed_texts
from app.kernel.clock import local
from app.kernel.roles import ROLES
from app.process.checks.vocabulary import ADVICE, BPMN_RULES, ZEEBE_RULES
from app.studio import call_words
from app.studio.calls import CALLS
from app.studio.diff.clocks import DEADLINE, UNITS
from app.studio.element_templates import element_templates
from app.studio.localities import Package
from app.studio.statutes import Clause
from app.studio.subject import Subject, Surroundings, argument, listed

FORCE_WORDS: Mapping[str, str] = {
    "H": "刚性",
    "P": "原则",
    "L": "授权本地",
    "E": "鼓励",
    "X": "本系统设计",
}
STEPS: tuple[tuple[str, str], ...] = (
    ("application", "申请"),
    ("acceptance", "受理"),
    ("investigation", "调查"),
    ("means_check", "家庭经济状况核对"),
    ("appraisal", "民主评议"),
    ("publicity", "公示"),
    ("approval", "审批"),
    ("registration", "补登"),
    ("meeting", "会议"),
)
"""What a step is to the law, as the guard-rails know it (docs/vocabulary.md)."""

Choice = dict[str, str]


def toolbox(package: Package, now: datetime) -> dict[str, Any]:
    """Everything the page of the diagram editor is told, ready for JSON."""
    subject = Subject(package, Surroundings(now=now))
    forms = [_choice(form.id, form.name or form.id) for form in subject.forms.values()]
    papers = [_choice(paper.id, paper.title or paper.id) for paper in subject.papers.values()]
    roles = [_choice(role.code, role.label) for role in ROLES.values() if role.does_cases]
    clocks = clock_choices(subject)
    offered = {
        call_words.PAPER: _pairs(papers),
        call_words.FORM: _pairs(forms),
        call_words.ROLE: _pairs(roles),
        call_words.CLOCK: _pairs(clocks),
        call_words.PROCESS: [(one.id, one.name or one.id) for one in subject.processes.values()],
    }
    return {
        "elements": white_list(),
        "zeebe": {name: sorted(attributes) for name, attributes in ZEEBE_RULES.items()},
        "advice": {name: list(words) for name, words in ADVICE.items()},
        "forms": forms,
        "papers": papers,
        "roles": roles,
        "clocks": clocks,
        "decisions": decision_choices(subject),
        "processes": [
            _choice(process.id, process.name or process.id) | {"file": process.file}
            for process in subject.processes.values()
        ],
        "steps": [_choice(value, label) for value, label in STEPS],
        "clauses": clause_choices(subject, now),
        "calls": [_choice(name, shape.label) for name, shape in CALLS.items()],
        "templates": element_templates(offered),
    }


def table_box(package: Package, now: datetime) -> dict[str, Any]:
    """Everything the page of the table editor is told, ready for JSON."""
    subject = Subject(package, Surroundings(now=now))
    return {
        "clauses": clause_choices(subject, now),
        "forces": [_choice(code, words) for code, words in FORCE_WORDS.items()],
        "today": local(now).date().isoformat(),
    }


def white_list() -> dict[str, dict[str, Any]]:
    """Element -> what may stand in it and which attributes have one value only."""
    return {
        name: {
            "children": sorted(rule.children),
            "extensions": sorted(rule.extensions),
            "fixed": rule.fixed,
        }
        for name, rule in BPMN_RULES.items()
    }


def decision_choices(subject: Subject) -> list[Choice]:
    """The decisions with their files, by file and name."""
    found = [
        _choice(name, model.element(name, "decision").label or name) | {"file": file}
        for name, (model, file) in subject.decisions.items()
    ]
    return sorted(found, key=lambda one: (one["file"], one["label"]))


def clock_choices(subject: Subject) -> list[Choice]:
    """The clocks the deadline table or a diagram names, with their limits in words."""
    found = []
    for key in dict.fromkeys(_clock_keys(subject)):
        answer = subject.ask(DEADLINE, {"key": key})
        value = answer.value if answer is not None else None
        limit = value if isinstance(value, dict) else {}
        name = str(limit.get("name") or key)
        unit = UNITS.get(str(limit.get("unit")), str(limit.get("unit") or ""))
        length = f"：{limit['amount']} {unit}" if limit.get("amount") is not None else "：没有期限"
        found.append(_choice(key, name + length))
    return found


def _clock_keys(subject: Subject) -> Iterator[str]:
    given = subject.decisions.get(DEADLINE)
    if given is not None:
        yield from _listed_texts(given[0], "key")
    for _, element in subject.elements():
        if element.call_type == "clock.start":
            key = argument(element, "key")
            if key:
                yield key
        yield from listed(element.properties.get("clock", ""))


def _listed_texts(model: Model, name: str) -> Iterator[str]:
    """The texts a column that asks this input allows."""
    for table in model.tables():
        for clause in table.inputs:
            if clause.text == name and table.decision_id == DEADLINE:
                yield from listed_texts(clause.values)


def clause_choices(subject: Subject, now: datetime) -> list[dict[str, Any]]:
    """The clauses on file, those in force today first."""
    day = local(now).date()

    def ended(clause: Clause) -> bool:
        return clause.valid_to is not None and clause.valid_to < day

    clauses = sorted(subject.statutes.clauses.values(), key=ended)
    return [
        _choice(clause.id, f"{clause.document} {clause.article}".strip())
        | {
            "text": clause.text,
            "force": FORCE_WORDS.get(clause.force, clause.force),
            "code": clause.force,
            "from": clause.valid_from.isoformat() if clause.valid_from else "",
            "ended": clause.valid_to.isoformat() if ended(clause) and clause.valid_to else "",
        }
        for clause in clauses
    ]


def _choice(value: str, label: str) -> Choice:
    return {"value": value, "label": label}


def _pairs(choices: list[Choice]) -> list[tuple[str, str]]:
    return [(one["value"], one["label"]) for one in choices]
