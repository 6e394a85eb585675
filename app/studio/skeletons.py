"""New files: the smallest diagram and the smallest table that open in the editors.

A new file is not finished; what is missing in it is for the checks to say.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from app.kernel.errors import FieldProblem, Invalid

MAX_LABEL = 60  # characters of a name
_KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")

KINDS = {"process": ("processes", ".bpmn"), "table": ("dmn", ".dmn")}
"""Kind -> folder, ending."""


def new_path(kind: str, locality: str, key: str) -> str:
    """Where the locality keeps a new file of that kind; raises Invalid for an unusable key."""
    if kind not in KINDS:
        raise Invalid("只能新建流程或决策表。")
    if not _KEY.fullmatch(key):
        problem = "请用 2 至 40 个小写字母、数字或下划线，以字母开头，例如 home_visit。"
        raise Invalid("编号不能用。", [FieldProblem("key", "编号", problem)], "bad_key")
    folder, ending = KINDS[kind]
    return f"{folder}/{locality}/{key}{ending}"


def new_file(kind: str, locality: str, key: str, label: str) -> bytes:
    """The text of a new file; raises Invalid for a name that is empty or too long."""
    label = " ".join(label.split())
    if not 0 < len(label) <= MAX_LABEL or not label.isprintable():
        problem = f"请写 1 至 {MAX_LABEL} 个字，例如“入户调查”。"
        raise Invalid("名称不能用。", [FieldProblem("label", "名称", problem)], "bad_label")
    text = _process(key, label) if kind == "process" else _table(locality, key, label)
    return text.encode("utf-8")


def _process(key: str, label: str) -> str:
    name = quoteattr(label)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="definitions_{key}" targetNamespace="http://bpmn.io/schema/bpmn" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.8.0">
  <bpmn:process id="{key}" name={name} isExecutable="true">
    <bpmn:startEvent id="{key}_started" name="开始">
      <bpmn:outgoing>flow_{key}_started_{key}_ended</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:endEvent id="{key}_ended" name="结束">
      <bpmn:incoming>flow_{key}_started_{key}_ended</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="flow_{key}_started_{key}_ended" sourceRef="{key}_started" targetRef="{key}_ended" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram_{key}">
    <bpmndi:BPMNPlane id="plane_{key}" bpmnElement="{key}">
      <bpmndi:BPMNShape id="{key}_started_di" bpmnElement="{key}_started">
        <dc:Bounds x="180" y="160" width="36" height="36" />
        <bpmndi:BPMNLabel><dc:Bounds x="187" y="203" width="22" height="14" /></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="{key}_ended_di" bpmnElement="{key}_ended">
        <dc:Bounds x="480" y="160" width="36" height="36" />
        <bpmndi:BPMNLabel><dc:Bounds x="487" y="203" width="22" height="14" /></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="flow_{key}_started_{key}_ended_di" bpmnElement="flow_{key}_started_{key}_ended">
        <di:waypoint x="216" y="178" />
        <di:waypoint x="480" y="178" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""  # noqa: E501 - the first line of the XML


def _table(locality: str, key: str, label: str) -> str:
    name, text = quoteattr(label), escape(label)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:di="http://www.omg.org/spec/DMN/20180521/DI/" id="definitions_{key}" name={name} namespace="urn:jiuji:{locality}:{key}">
  <inputData id="in_{key}" name="情形">
    <variable id="in_{key}_var" name="situation" typeRef="string" />
  </inputData>
  <decision id="{key}" name={name}>
    <description>{text}</description>
    <variable id="{key}_var" name="{key}" />
    <informationRequirement id="{key}_needs_situation">
      <requiredInput href="#in_{key}" />
    </informationRequirement>
    <decisionTable id="{key}_table" hitPolicy="UNIQUE">
      <input id="{key}_in1" label="情形">
        <inputExpression id="{key}_in1_expr" typeRef="string"><text>situation</text></inputExpression>
      </input>
      <output id="{key}_out1" label="结果" name="result" typeRef="string" />
      <annotation name="条款" />
      <annotation name="效力" />
      <annotation name="生效" />
      <annotation name="备注" />
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="diagram_{key}">
      <dmndi:DMNShape id="{key}_di" dmnElementRef="{key}">
        <dc:Bounds height="80" width="180" x="160" y="100" />
      </dmndi:DMNShape>
      <dmndi:DMNShape id="in_{key}_di" dmnElementRef="in_{key}">
        <dc:Bounds height="45" width="125" x="187" y="260" />
      </dmndi:DMNShape>
      <dmndi:DMNEdge id="{key}_needs_situation_di" dmnElementRef="{key}_needs_situation">
        <di:waypoint x="250" y="260" />
        <di:waypoint x="250" y="200" />
        <di:waypoint x="250" y="180" />
      </dmndi:DMNEdge>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""  # noqa: E501 - the first line of the XML
