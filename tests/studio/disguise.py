"""The same package with other ids, other labels and another order: what may not change a verdict."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from lxml import etree

from app.studio.localities import Package

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
_REFERENCES = (
    "id",
    "sourceRef",
    "targetRef",
    "attachedToRef",
    "default",
    "processRef",
    "bpmnElement",
)
_TEXTS = ("incoming", "outgoing", "flowNodeRef")


def disguised(package: Package, *, seed: int, labels: bool = True) -> Package:
    """All elements renamed and in another order; their labels too unless told otherwise."""
    dice = Random(seed)
    trees = {
        path: etree.fromstring(raw) for path, raw in package.files.items() if path.endswith(".bpmn")
    }
    ids = {
        node.get("id")
        for tree in trees.values()
        for node in tree.iter(etree.Element)
        if node.get("id") and node.tag.startswith(_BPMN)
    }
    fresh = [f"n{number:05d}" for number in range(len(ids))]
    dice.shuffle(fresh)
    names = dict(zip(sorted(ids), fresh, strict=True))
    files = dict(package.files)
    for path, tree in trees.items():
        for number, node in enumerate(tree.iter(etree.Element)):
            _rename(node, names)
            if labels and node.tag.startswith(_BPMN) and node.get("name"):
                node.set("name", f"环节{number}")
        for process in [*tree.iter(f"{_BPMN}process"), *tree.iter(f"{_BPMN}subProcess")]:
            children = list(process)
            dice.shuffle(children)
            process[:] = children
        files[path] = etree.tostring(tree)
    return replace(package, files=files, companions={})


def _rename(node: Any, names: dict[str, str]) -> None:
    for key in _REFERENCES:
        if node.get(key) in names:
            node.set(key, names[node.get(key)])
    if etree.QName(node).localname in _TEXTS and (node.text or "").strip() in names:
        node.text = names[node.text.strip()]
    if node.tag == f"{_ZEEBE}calledElement":
        node.set("processId", names.get(node.get("processId"), node.get("processId")))
    if node.tag == f"{_ZEEBE}property" and node.get("name") == "not_done_by":
        parts = [part.strip() for part in node.get("value").split(",")]
        node.set("value", ",".join(names.get(part, part) for part in parts))
