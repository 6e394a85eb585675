"""Models go to bpmn.io's tools and come back the same: every shipped file, and files of others.

The first half runs bpmn-moddle and dmn-moddle in node, the second the editors themselves.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Page

from app.kernel.clock import SystemClock
from app.process import lint
from app.settings import ROOT
from app.studio.localities import Package, localities, package_of, resolve
from app.studio.report import check
from app.studio.single import Everything
from app.studio.subject import Surroundings
from app.studio.trying import decisions_of
from tests.browser.conftest import Desk
from tests.browser.designers import EDITOR, PROCESS, TABLE, new_draft, open_designer
from tests.rules.source import build_tool

pytestmark = pytest.mark.browser

CODES = [code for code in localities(ROOT) if resolve(ROOT, code).of(".bpmn")]

CAMUNDA_BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:modeler="http://camunda.org/schema/modeler/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="Definitions_0x1" targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler" exporterVersion="5.40.0" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.8.0">
  <bpmn:process id="Process_0x1" name="别县的流程" isExecutable="true">
    <bpmn:startEvent id="StartEvent_1"><bpmn:outgoing>Flow_1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="Activity_1" name="入户调查">
      <bpmn:extensionElements>
        <zeebe:userTask />
        <zeebe:formDefinition formId="visit" bindingType="deployment" />
        <zeebe:assignmentDefinition candidateGroups="township_handler" />
        <zeebe:ioMapping><zeebe:output source="=visited" target="visited" /></zeebe:ioMapping>
      </bpmn:extensionElements>
      <bpmn:incoming>Flow_1</bpmn:incoming><bpmn:outgoing>Flow_2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:businessRuleTask id="Activity_2" name="确定核对方式">
      <bpmn:extensionElements><zeebe:calledDecision decisionId="verification" bindingType="deployment" resultVariable="way" /></bpmn:extensionElements>
      <bpmn:incoming>Flow_2</bpmn:incoming><bpmn:outgoing>Flow_3</bpmn:outgoing>
    </bpmn:businessRuleTask>
    <bpmn:exclusiveGateway id="Gateway_1" default="Flow_5"><bpmn:incoming>Flow_3</bpmn:incoming><bpmn:outgoing>Flow_4</bpmn:outgoing><bpmn:outgoing>Flow_5</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:endEvent id="Event_1"><bpmn:incoming>Flow_4</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="Event_2"><bpmn:incoming>Flow_5</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="Flow_1" sourceRef="StartEvent_1" targetRef="Activity_1" />
    <bpmn:sequenceFlow id="Flow_2" sourceRef="Activity_1" targetRef="Activity_2" />
    <bpmn:sequenceFlow id="Flow_3" sourceRef="Activity_2" targetRef="Gateway_1" />
    <bpmn:sequenceFlow id="Flow_4" name="已入户" sourceRef="Gateway_1" targetRef="Event_1"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=visited</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="Flow_5" sourceRef="Gateway_1" targetRef="Event_2" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="BPMNDiagram_1"><bpmndi:BPMNPlane id="BPMNPlane_1" bpmnElement="Process_0x1">
    <bpmndi:BPMNShape id="s1" bpmnElement="StartEvent_1"><dc:Bounds x="179" y="159" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s2" bpmnElement="Activity_1"><dc:Bounds x="270" y="137" width="100" height="80" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s3" bpmnElement="Activity_2"><dc:Bounds x="420" y="137" width="100" height="80" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s4" bpmnElement="Gateway_1" isMarkerVisible="true"><dc:Bounds x="575" y="152" width="50" height="50" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s5" bpmnElement="Event_1"><dc:Bounds x="682" y="159" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s6" bpmnElement="Event_2"><dc:Bounds x="682" y="272" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="e1" bpmnElement="Flow_1"><di:waypoint x="215" y="177" /><di:waypoint x="270" y="177" /></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="e2" bpmnElement="Flow_2"><di:waypoint x="370" y="177" /><di:waypoint x="420" y="177" /></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="e3" bpmnElement="Flow_3"><di:waypoint x="520" y="177" /><di:waypoint x="575" y="177" /></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="e4" bpmnElement="Flow_4"><di:waypoint x="625" y="177" /><di:waypoint x="682" y="177" /></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="e5" bpmnElement="Flow_5"><di:waypoint x="600" y="202" /><di:waypoint x="600" y="290" /><di:waypoint x="682" y="290" /></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""

CAMUNDA_DMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_1" name="DRD" namespace="http://camunda.org/schema/1.0/dmn" exporter="Camunda Modeler" exporterVersion="5.40.0" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.8.0">
  <decision id="Decision_1" name="补助标准">
    <variable id="v1" name="rate" typeRef="number" />
    <decisionTable id="DecisionTable_1" hitPolicy="FIRST">
      <input id="Input_1" label="人数"><inputExpression id="InputExpression_1" typeRef="number"><text>persons</text></inputExpression></input>
      <output id="Output_1" label="金额" name="rate" typeRef="number" />
      <rule id="Rule_1"><inputEntry id="u1"><text>[1..3]</text></inputEntry><outputEntry id="l1"><text>300</text></outputEntry></rule>
      <rule id="Rule_2"><inputEntry id="u2"><text></text></inputEntry><outputEntry id="l2"><text>500</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI><dmndi:DMNDiagram id="d1"><dmndi:DMNShape id="d2" dmnElementRef="Decision_1"><dc:Bounds height="80" width="180" x="160" y="100" /></dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>
</definitions>
"""

OTHERS = {"camunda/other.bpmn": CAMUNDA_BPMN, "camunda/other.dmn": CAMUNDA_DMN}


def shipped(ending: str) -> dict[str, str]:
    """The models of all localities by path."""
    return {
        path: raw.decode("utf-8")
        for code in CODES
        for path, raw in resolve(ROOT, code).of(ending).items()
    }


@pytest.fixture(scope="module")
def node() -> str:
    """The node that has the packages of frontend/."""
    if not (ROOT / "frontend/node_modules").is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("node and the packages of frontend/ are needed in CI: make install")
        pytest.skip("no node here")
    return str(build_tool().find_node()[0])


@pytest.fixture(scope="module")
def moddled(node: str) -> dict[str, dict[str, Any]]:
    """Every model read and written by bpmn-moddle and dmn-moddle."""
    files = {**shipped(".bpmn"), **shipped(".dmn"), **OTHERS}
    done = subprocess.run(
        [node, str(ROOT / "frontend/roundtrip.mjs")],
        input=json.dumps(files), capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    assert set(found) == set(files)
    return found


def test_every_form_opens_in_the_form_viewer_without_warnings(node: str) -> None:
    packages = ROOT / "frontend/node_modules"
    bundle = packages / ".openforms.mjs"
    esbuild = [node, str(packages / "esbuild/bin/esbuild"), str(ROOT / "frontend/openforms.mjs")]
    options = ["--bundle", "--platform=node", "--format=esm", "--external:jsdom"]
    subprocess.run([*esbuild, *options, f"--outfile={bundle}", "--log-level=error"], check=True)
    done = subprocess.run(
        [node, str(bundle)], input=json.dumps(shipped(".form")), capture_output=True, text=True,
        timeout=120, check=True,
    )  # fmt: skip
    found: dict[str, list[str]] = json.loads(done.stdout)
    assert set(found) == set(shipped(".form"))
    assert {path: warnings for path, warnings in found.items() if warnings} == {}


def test_the_libraries_read_every_model_without_warnings(
    moddled: dict[str, dict[str, Any]],
) -> None:
    assert {path: one["warnings"] for path, one in moddled.items() if one["warnings"]} == {}


@pytest.mark.parametrize("code", CODES)
def test_what_the_libraries_write_is_checked_the_same(
    code: str, moddled: dict[str, dict[str, Any]]
) -> None:
    package = resolve(ROOT, code)
    again = {path: moddled[path]["xml"] for path in package.files if path in moddled}
    assert said(changed(package, again)) == said(package)


def test_models_of_camunda_modeler_open_in_the_editors_and_are_understood(desk: Desk) -> None:
    draft = new_draft(desk)
    page = desk.page(EDITOR)
    open_designer(page, desk, draft, PROCESS)
    bpmn = through(page, {"other.bpmn": CAMUNDA_BPMN})["other.bpmn"]
    known = {"call_types": frozenset[str](), "roles": {"township_handler"}}
    for text in (CAMUNDA_BPMN, bpmn):
        found = lint(
            {"o.bpmn": text.encode()}, form_ids={"visit"}, decision_ids=Everything(), **known
        )
        assert [one.message for one in found if one.severity == "error"] == []
    open_designer(page, desk, draft, TABLE)
    dmn = through(page, {"other.dmn": CAMUNDA_DMN})["other.dmn"]
    assert [one.id for one in decisions_of(dmn.encode(), "o.dmn", {})] == ["Decision_1"]


def test_the_editors_open_every_shipped_model_and_what_they_save_is_accepted(desk: Desk) -> None:
    draft = new_draft(desk)
    page = desk.page(EDITOR)
    open_designer(page, desk, draft, PROCESS)
    saved = through(page, shipped(".bpmn"))
    open_designer(page, desk, draft, TABLE)
    saved |= through(page, shipped(".dmn"))
    for code in CODES:
        package = resolve(ROOT, code)
        again = {path: text for path, text in saved.items() if path in package.files}
        assert said(changed(package, again)) == said(package)


def through(page: Page, files: Mapping[str, str]) -> dict[str, str]:
    """The files as the editor on the page writes them; it had no warnings when it read them."""
    found: dict[str, dict[str, Any]] = page.evaluate(
        """async (files) => {
          const { modeler } = window.jiujiDesigner;
          const out = {};
          for (const [path, text] of Object.entries(files)) {
            const { warnings } = await modeler.importXML(text);
            const { xml } = await modeler.saveXML({ format: true });
            out[path] = { warnings: (warnings || []).map((one) => one.message), xml };
          }
          return out;
        }""",
        dict(files),
    )
    assert {path: one["warnings"] for path, one in found.items() if one["warnings"]} == {}
    return {path: one["xml"] for path, one in found.items()}


def changed(package: Package, texts: Mapping[str, str]) -> Package:
    """The package with those files in the place of its own."""
    files = {**package.stored, **{path: text.encode() for path, text in texts.items()}}
    return package_of(package.locality, files)


def said(package: Package) -> list[tuple[str, str, str]]:
    """What the checks say, without where in a text it stands."""
    report = check(package, Surroundings(now=SystemClock().now()))
    return sorted(
        (note.finding.code, note.finding.place.element_id, note.finding.message)
        for note in report.notes
    )
