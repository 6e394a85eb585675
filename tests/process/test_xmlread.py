"""Files that are refused before anybody looks at their meaning, and each limit at its edge."""

from __future__ import annotations

import pytest

from app.process import Library, limits
from app.process.read import read_definitions
from app.process.xmlread import read_xml
from tests.process.drawing import draw, end, flows, start, user

GOOD = draw(start(), user("a"), end(), flows("s > a > e"))


def code(data: bytes) -> str:
    root, found = read_xml(data, "x.bpmn")
    assert (root is None) is bool(found)
    return found[0].code if found else ""


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (GOOD, ""),
        (b"\xef\xbb\xbf" + GOOD, ""),
        (b"", "bad_xml"),
        (b"<a>", "bad_xml"),
        (b"<a/><b/>", "bad_xml"),
        (b"\xff\xfe<\x00a\x00/\x00>\x00", "not_utf8"),
        ('<?xml version="1.0" encoding="GBK"?><a>中</a>'.encode("gbk"), "not_utf8"),
        ('<?xml version="1.0" encoding="GBK"?><a>中</a>'.encode(), "not_utf8"),
        ("<a>中</a>".encode("gbk"), "not_utf8"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "doctype"),
        (b"<a>&undefined;</a>", "bad_xml"),
        (b"<a>\x01</a>", "bad_xml"),
    ],
)
def test_bytes_are_read_or_refused(data: bytes, expected: str) -> None:
    assert code(data) == expected


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


def test_depth_limit() -> None:
    assert code(nested(limits.XML_DEPTH)) == ""
    assert code(nested(limits.XML_DEPTH + 1)) == "too_deep"


def test_element_limit() -> None:
    assert code(b"<a>" + b"<b/>" * (limits.XML_ELEMENTS - 1) + b"</a>") == ""
    assert code(b"<a>" + b"<b/>" * limits.XML_ELEMENTS + b"</a>") == "too_many_elements"


def test_attribute_limits() -> None:
    def attributes(count: int) -> bytes:
        return b"<a " + b" ".join(b'x%d="1"' % n for n in range(count)) + b"/>"

    assert code(attributes(limits.XML_ATTRIBUTES)) == ""
    assert code(attributes(limits.XML_ATTRIBUTES + 1)) == "too_many_attributes"
    assert code(b'<a x="' + b"y" * limits.ATTRIBUTE_CHARS + b'"/>') == ""
    assert code(b'<a x="' + b"y" * (limits.ATTRIBUTE_CHARS + 1) + b'"/>') == "too_long"


def test_text_limit() -> None:
    assert code(b"<a>" + b"y" * limits.TEXT_CHARS + b"</a>") == ""
    assert code(b"<a>" + b"y" * (limits.TEXT_CHARS + 1) + b"</a>") == "too_long"


def test_size_limit() -> None:
    padding = b" " * (limits.FILE_BYTES - len(GOOD))
    assert code(GOOD + padding) == ""
    assert code(GOOD + padding + b" ") == "file_too_large"


PICTURE = b"""<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI">
<bpmndi:BPMNPlane bpmnElement="p">
<bpmndi:BPMNShape bpmnElement="a"><dc:Bounds x="10" y="20" width="100" height="80"/>
<bpmndi:BPMNLabel><dc:Bounds x="1" y="2" width="3" height="4"/></bpmndi:BPMNLabel></bpmndi:BPMNShape>
<bpmndi:BPMNShape bpmnElement="e"><dc:Bounds x="nan" y="20" width="1e999" height="80"/></bpmndi:BPMNShape>
<bpmndi:BPMNEdge bpmnElement="s_a"><di:waypoint x="1" y="2"/><di:waypoint x="3" y="4.5"/></bpmndi:BPMNEdge>
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"""


def test_definition_carries_the_picture() -> None:
    data = GOOD.replace(b"</bpmn:definitions>", PICTURE)
    process = Library({"x.bpmn": data}).definition("p")
    assert process.shapes["a"].bounds.x == 10
    assert process.shapes["a"].label is not None
    assert process.edges["s_a"].waypoints == ((1, 2), (3, 4.5))
    assert "e" not in process.shapes
    assert process.elements["a"].incoming == ("s_a",)
    assert process.elements["a"].outgoing == ("a_e",)


def test_lanes_reach_into_subprocesses() -> None:
    lane = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="乡镇">'
        "<bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    root, _ = read_xml(draw(lane, start(), user("a"), end(), flows("s > a > e")), "x")
    (process,) = read_definitions(root, "x", b"")
    assert process.elements["a"].lane_name == "乡镇"
    assert process.lanes[0].elements == ("a",)
