"""Aims at the drawing of a case's path: what is shown, where, in which state, and its twin."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml import etree

from app.process import Library
from app.web.diagram import Mark, Progress, draw, twin
from app.web.diagram_reader import UndrawableError, picture_of
from app.web.diagram_text import width, wrap

BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI">
<process id="p" isExecutable="true">
  <laneSet><lane id="lane_a" name="乡镇经办"/><lane id="lane_b" name="乡镇审批"/></laneSet>
  <startEvent id="start" name="报告登记"/>
  <userTask id="verify" name="现场核实"/>
  <exclusiveGateway id="heavy" name="轻度急难？" default="f4"/>
  <userTask id="approve" name="&lt;script&gt;审批&amp;金额"/>
  <boundaryEvent id="late" name="满 24 小时" attachedToRef="approve"><timerEventDefinition><timeDuration>PT24H</timeDuration></timerEventDefinition></boundaryEvent>
  <endEvent id="end" name="办结"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="verify"/>
  <sequenceFlow id="f2" sourceRef="verify" targetRef="heavy"/>
  <sequenceFlow id="f3" name="是" sourceRef="heavy" targetRef="approve"/>
  <sequenceFlow id="f4" sourceRef="approve" targetRef="end"/>
</process>
<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="p">
  <bpmndi:BPMNShape bpmnElement="lane_a"><dc:Bounds x="100" y="50" width="800" height="150"/></bpmndi:BPMNShape>
  <bpmndi:BPMNShape bpmnElement="lane_b"><dc:Bounds x="100" y="200" width="800" height="150"/></bpmndi:BPMNShape>
  <bpmndi:BPMNShape bpmnElement="start"><dc:Bounds x="150" y="107" width="36" height="36"/></bpmndi:BPMNShape>
  <bpmndi:BPMNShape bpmnElement="verify"><dc:Bounds x="240" y="85" width="100" height="80"/></bpmndi:BPMNShape>
  <bpmndi:BPMNShape bpmnElement="heavy"><dc:Bounds x="400" y="100" width="50" height="50"/></bpmndi:BPMNShape>
  <bpmndi:BPMNShape bpmnElement="approve"><dc:Bounds x="500" y="235" width="100" height="80"/></bpmndi:BPMNShape>
  <bpmndi:BPMNShape bpmnElement="late"><dc:Bounds x="580" y="297" width="36" height="36"/></bpmndi:BPMNShape>
  <bpmndi:BPMNShape bpmnElement="end"><dc:Bounds x="700" y="257" width="36" height="36"/>
    <bpmndi:BPMNLabel><dc:Bounds x="705" y="300" width="24" height="14"/></bpmndi:BPMNLabel></bpmndi:BPMNShape>
  <bpmndi:BPMNEdge bpmnElement="f1"><di:waypoint x="186" y="125"/><di:waypoint x="240" y="125"/></bpmndi:BPMNEdge>
  <bpmndi:BPMNEdge bpmnElement="f2"><di:waypoint x="340" y="125"/><di:waypoint x="400" y="125"/></bpmndi:BPMNEdge>
  <bpmndi:BPMNEdge bpmnElement="f3"><di:waypoint x="425" y="150"/><di:waypoint x="425" y="275"/><di:waypoint x="500" y="275"/></bpmndi:BPMNEdge>
  <bpmndi:BPMNEdge bpmnElement="f4"><di:waypoint x="600" y="275"/><di:waypoint x="700" y="275"/></bpmndi:BPMNEdge>
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>
""".encode()

DEFINITION = Library({"processes/x/p.bpmn": BPMN}).definition("p")
PICTURE = picture_of(DEFINITION)

MARKS = {
    "start": Mark(Progress.DONE, "热线孙", "今天 10:05"),
    "verify": Mark(Progress.DONE, "经办李", "今天 11:20"),
    "approve": Mark(Progress.HERE, "审批赵", note="还剩 5 小时 25 分"),
}


def drawing() -> str:
    svg = draw(PICTURE, MARKS, passed={"f1", "f2", "f3"}, title="先行救助")
    return f"<div>{svg}</div>"


def test_the_drawing_is_well_formed_and_without_inline_style() -> None:
    svg = drawing()
    root = etree.fromstring(svg.encode())
    assert not root.xpath("//@style")
    assert not re.search(r"<script|<style|\son\w+=", svg)


def test_every_element_says_its_name_and_state() -> None:
    root = etree.fromstring(drawing().encode())
    titles = root.xpath("//*[local-name()='g']/*[local-name()='title']/text()")
    assert "现场核实：已办结，经办李，今天 11:20" in titles
    assert "办结：未到" in titles
    assert any("正在此处，审批赵，还剩 5 小时 25 分" in title for title in titles)


def test_texts_from_the_model_are_escaped() -> None:
    svg = drawing()
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg


def test_taken_flows_are_drawn_over_the_others() -> None:
    root = etree.fromstring(drawing().encode())
    classes = root.xpath("//*[local-name()='path'][contains(@class,'dg-flow')]/@class")
    assert classes == ["dg-flow ahead", *["dg-flow taken"] * 3]


def test_the_picture_frames_everything_drawn() -> None:
    bounds = PICTURE.bounds
    assert (bounds.x, bounds.y, bounds.right, bounds.bottom) == (100, 50, 900, 350)


def test_ids_of_two_pictures_on_one_page_differ() -> None:
    one, two = (draw(PICTURE, MARKS, title="x", uid=uid) for uid in ("a", "b"))
    ids = [set(re.findall(r' id="([^"]+)"', str(svg))) for svg in (one, two)]
    assert not ids[0] & ids[1]


def test_the_twin_says_what_the_picture_says_in_the_order_it_happened() -> None:
    rows = twin(PICTURE, MARKS)
    assert [(row.name, row.words, row.who) for row in rows][:2] == [
        ("报告登记", "已办结", "热线孙"),
        ("现场核实", "已办结", "经办李"),
    ]
    assert [row.lane for row in rows][:3] == ["乡镇经办", "乡镇经办", "乡镇审批"]
    assert [row.progress for row in rows][-1] is Progress.NOT_REACHED


def test_a_process_without_a_drawing_is_refused() -> None:
    bare = replace(DEFINITION, shapes={}, edges={})
    with pytest.raises(UndrawableError):
        picture_of(bare)


def test_lines_break_evenly_and_never_before_a_mark() -> None:
    assert wrap("确定救助方式与金额", 7, max_lines=3) == ["确定救助方", "式与金额"]
    lines = wrap("先行救助（小额）审批", 5, max_lines=3)
    assert all(width(line) <= 6 and line[0] not in "）" and line[-1] != "（" for line in lines)
    assert wrap("很长很长很长很长的名称", 3, max_lines=2) == ["很长很", "长很…"]
    assert wrap("24 小时内", 9, max_lines=1) == ["24 小时内"]
    assert wrap("", 5, max_lines=2) == []
