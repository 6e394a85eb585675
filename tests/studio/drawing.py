"""Small packages for tests: diagrams out of one-line elements, and one package that is in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from app.studio.localities import Package, package_of
from app.studio.report import Report, check
from app.studio.subject import Subject, Surroundings

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HERE = Surroundings(now=NOW)

_SPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def element(
    kind: str,
    id: str,
    name: str = "",
    *,
    inside: str = "",
    inputs: Mapping[str, str] | None = None,
    outputs: Mapping[str, str] | None = None,
    properties: Mapping[str, str] | None = None,
    attributes: str = "",
    more: str = "",
) -> str:
    """One flow node; `inside` is XML for its extension elements, `more` beside them."""
    lines = [
        f"<zeebe:input source={quoteattr(s)} target={quoteattr(t)}/>"
        for t, s in (inputs or {}).items()
    ]
    lines += [
        f"<zeebe:output source={quoteattr(s)} target={quoteattr(t)}/>"
        for t, s in (outputs or {}).items()
    ]
    mapping = f"<zeebe:ioMapping>{''.join(lines)}</zeebe:ioMapping>" if lines else ""
    pairs = "".join(
        f"<zeebe:property name={quoteattr(k)} value={quoteattr(v)}/>"
        for k, v in (properties or {}).items()
    )
    pairs = f"<zeebe:properties>{pairs}</zeebe:properties>" if pairs else ""
    extension = f"<bpmn:extensionElements>{inside}{mapping}{pairs}</bpmn:extensionElements>"
    return f"<bpmn:{kind} id={quoteattr(id)} name={quoteattr(name)} {attributes}>{extension}{more}</bpmn:{kind}>"


def _form(form_id: str) -> str:
    return f'<zeebe:formDefinition formId="{form_id}"/>' if form_id else ""


def start(id: str = "begin", form: str = "", **properties: str) -> str:
    return element("startEvent", id, inside=_form(form), properties=properties)


def end(id: str = "done") -> str:
    return element("endEvent", id)


def user(
    id: str, name: str = "", role: str = "township_handler", form: str = "", **properties: str
) -> str:
    inside = _form(form) + f"<zeebe:assignmentDefinition candidateGroups={quoteattr(role)}/>"
    return element("userTask", id, name, inside=inside, properties=properties)


def call(id: str, type: str, name: str = "", **inputs: str) -> str:
    return element(
        "serviceTask",
        id,
        name,
        inside=f"<zeebe:taskDefinition type={quoteattr(type)}/>",
        inputs=inputs,
    )


def rule(id: str, decision: str, result: str) -> str:
    inside = f'<zeebe:calledDecision decisionId="{decision}" resultVariable="{result}"/>'
    return element("businessRuleTask", id, inside=inside)


def either(id: str, default: str = "") -> str:
    return element("exclusiveGateway", id, attributes=f'default="{default}"' if default else "")


def both(id: str) -> str:
    return element("parallelGateway", id)


def sub(id: str, process: str) -> str:
    return element("callActivity", id, inside=f'<zeebe:calledElement processId="{process}"/>')


def timer(id: str, on: str, interrupting: bool = True) -> str:
    more = "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    attributes = f'attachedToRef="{on}" cancelActivity="{str(interrupting).lower()}"'
    return element("boundaryEvent", id, attributes=attributes, more=more)


def inside(id: str, *parts: str) -> str:
    return element("subProcess", id, more="".join(parts))


def flows(text: str) -> str:
    """Sequence flows out of lines like "a > b > c" and "a > c if x > 1"."""
    made = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        path, _, condition = line.partition(" if ")
        names = [name.strip() for name in path.split(" > ")]
        for source, target in pairwise(names):
            inner = (
                f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">={condition.replace("<", "&lt;")}'
                "</bpmn:conditionExpression>"
                if condition
                else ""
            )
            made.append(
                f'<bpmn:sequenceFlow id="f_{source}_{target}" sourceRef="{source}" targetRef="{target}">'
                f"{inner}</bpmn:sequenceFlow>"
            )
    return "".join(made)


def diagram(*parts: str, id: str = "main", name: str = "主流程", **properties: str) -> bytes:
    """A BPMN file of one process; `parts` are elements and flows."""
    extension = "".join(f'<zeebe:property name="{k}" value="{v}"/>' for k, v in properties.items())
    extension = (
        f"<bpmn:extensionElements><zeebe:properties>{extension}</zeebe:properties></bpmn:extensionElements>"
        if extension
        else ""
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions {_SPACES} id="d" targetNamespace="t">'
        f'<bpmn:process id="{id}" name="{name}" isExecutable="true">{extension}{"".join(parts)}'
        "</bpmn:process></bpmn:definitions>"
    ).encode()


def literal(id: str, text: str) -> str:
    """A decision that is one expression."""
    return (
        f'<decision id="{id}" name="{id}"><variable name="{id}"/>'
        f"<literalExpression><text>{text}</text></literalExpression></decision>"
    )


def table(
    id: str, inputs: list[str], outputs: list[str], *rules: str, hit: str = "UNIQUE", name: str = ""
) -> str:
    """A decision table; each rule is "cell | cell => cell | cell"."""
    made = [
        f'<input id="{id}_i{n}" label="{i}"><inputExpression><text>{i}</text></inputExpression></input>'
        for n, i in enumerate(inputs)
    ]
    made += [f'<output id="{id}_o{n}" label="{o}" name="{o}"/>' for n, o in enumerate(outputs)]
    for n, text in enumerate(rules, 1):
        asks, _, says = text.partition(" => ")
        cells = "".join(
            f"<inputEntry><text>{escape(c.strip())}</text></inputEntry>"
            for c in asks.split("|")
            if inputs
        )
        cells += "".join(
            f"<outputEntry><text>{c.strip()}</text></outputEntry>" for c in says.split("|")
        )
        made.append(f'<rule id="{id}_r{n}">{cells}</rule>')
    return (
        f'<decision id="{id}" name="{name or id}"><variable name="{id}"/>'
        f'<decisionTable hitPolicy="{hit}">{"".join(made)}</decisionTable></decision>'
    )


def decisions(*parts: str) -> bytes:
    """A DMN file."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:t">'
        + "".join(parts)
        + "</definitions>"
    ).encode()


def form(id: str, *keys: str) -> bytes:
    questions = ",".join(
        f'{{"type": "textfield", "key": "{k}", "label": "{k}", "id": "c_{k}"}}' for k in keys
    )
    return f'{{"type": "default", "id": "{id}", "name": "{id}", "schemaVersion": 19, "components": [{questions}]}}'.encode()


LAW = """
document = "示范〔2018〕1号"
[[clauses]]
id = "law.1"
article = "一"
force = "H"
text = "发放应当公布。"
[[guards]]
id = "G05"
kind = "not_before"
sentence = "发放前不得核对"
clause = "law.1"
routes = ["emergency"]
steps = ["means_check"]
words = ["经济状况核对"]
calls = ["notice.publish"]
before = ["payment.pay"]
[[guards]]
id = "G14"
kind = "followed_by"
sentence = "发放后必须公示"
clause = "law.1"
calls = ["payment.pay"]
followed = ["notice.publish"]
excused_by = ["publicity"]
[[guards]]
id = "G14"
kind = "answers"
sentence = "现金必须公示"
clause = "law.1"
decision = "publicity"
when = { method = "cash" }
wants = { owed = true }
[[guards]]
id = "G16"
kind = "separated"
sentence = "审批人不是调查人"
clause = "law.1"
roles = ["township_approver"]
words = ["核实"]
before = ["payment.pay"]
[[guards]]
id = "G20"
kind = "notice_fields"
sentence = "公示不得泄露隐私"
clause = "law.1"
"""

CLOCKED = """
[[guards]]
id = "G01"
kind = "preceded_by"
sentence = "发放前须已计时"
clause = "law.1"
routes = ["emergency"]
calls = ["payment.pay"]
preceded = ["clock.start"]
keys = ["first"]
"""

RESULTS = """
[[guards]]
id = "G17"
kind = "preceded_by"
sentence = "不予救助须有告知书"
clause = "law.1"
calls = ["case.close"]
outcomes = ["refused"]
preceded = ["letter.issue"]
[[guards]]
id = "G18"
kind = "every_way"
sentence = "每件都有结果"
clause = "law.1"
followed = ["case.close"]
"""

NOTICE = """
id = "notice"
kind = "notice"
title = "公示"
fields = ["applicant_masked", "amount"]
body = "{applicant_masked} {amount}"
"""

VERIFY = user("verify", "现场核实")
APPROVE = user("approve", "审批", "township_approver", not_done_by="verify")
PAY = call("pay", "payment.pay", "登记发放", amount="=1", source="reserve", slip="slip")
PUBLISH = call("publish", "notice.publish", "张贴公示", paper="notice")
PATH = "begin > verify > approve > pay > publish > done"

DEADLINE = table("deadline", ["key"], ["amount", "unit"], '"first" => 24 | "hours"')
ESCALATION = literal("escalation", '[{percent: 100, role: "township_approver", text: "到时"}]')
FIELDS = literal("publicity_fields", '["applicant_masked", "amount"]')
PUBLICITY = table("publicity", ["method"], ["owed"], '"bank" => false', 'not("bank") => true')

SCENARIO = """
process: main
scenarios:
  - name: 走通
    steps: [{complete: verify}, {complete: approve}]
    expect: {end: done}
"""

EXAMPLES = 'name,decision,clause,in.key,out.amount,out.unit\n先行救助,deadline,law.1,"""first""",24,"""hours"""\n'

GOOD: Mapping[str, bytes] = {
    "processes/here/locality.toml": 'name = "示范"\nparent = ""\n'.encode(),
    "processes/here/main.bpmn": diagram(
        start(), VERIFY, APPROVE, PAY, PUBLISH, end(), flows(PATH), route="emergency"
    ),
    "processes/statutes/law.toml": LAW.encode(),
    "dmn/here/basic.dmn": decisions(DEADLINE, ESCALATION, FIELDS, PUBLICITY),
    "forms/here/slip.form": form("slip", "method"),
    "forms/here/notice.paper.toml": NOTICE.encode(),
}
EXTRAS: Mapping[str, bytes] = {
    "processes/here/main.scenarios.yaml": SCENARIO.encode(),
    "dmn/here/basic.cases.csv": EXAMPLES.encode(),
}


def made(extras: Mapping[str, bytes | None], files: Mapping[str, bytes | None]) -> Package:
    """The good package with files and companions replaced, added or taken out, by path."""
    kept = {path: raw for path, raw in {**GOOD, **files}.items() if raw is not None}
    beside = {path: raw for path, raw in {**EXTRAS, **extras}.items() if raw is not None}
    return replace(package_of("here", kept), companions=beside)


def main(*parts: str, **properties: str) -> Package:
    """The good package with another main process and without its scenarios."""
    properties.setdefault("route", "emergency")
    files = {"processes/here/main.bpmn": diagram(*parts, **properties)}
    return made({"processes/here/main.scenarios.yaml": None}, files)


def subject(pack: Package) -> Subject:
    return Subject(pack, HERE)


def report(pack: Package) -> Report:
    return check(pack, HERE)


def codes(pack: Package, check_id: str, severity: str = "error") -> list[tuple[str, str]]:
    """(code, element id) of what one check says."""
    return [
        (note.finding.code, note.finding.place.element_id)
        for note in report(pack).notes
        if note.check == check_id and note.finding.severity == severity
    ]
