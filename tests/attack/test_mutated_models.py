"""Thousands of broken diagrams: lint and library answer findings or ModelError, never a crash.

Diagrams are mutated at random from a fixed seed; whatever the lint calls free of errors must also
build, start and run without anything but our own errors.
"""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

import pytest
from lxml import etree

from app.kernel.errors import AppError, ModelError
from app.kernel.roles import ROLES
from app.process import Engine, Library, lint
from tests.attack.test_models_run_no_code import NOW, play
from tests.process.golden import ROOT
from tests.process.test_golden import BIG

SMALL = (ROOT / "tests/process/models/small.bpmn").read_bytes()
HOSTILE = [
    "", "=", "=1", "='", "=" + "(" * 60, "x" * 5000, "../../etc/passwd", "=now()", "R9/PT0S", "PT1H",
    "a", "e", "p", "true", "false", "typename", "__class__", "=if", "申请", "\u202e", "=1/0", "P99999999D",
]  # fmt: skip


def mutate(root: Any, dice: random.Random) -> None:
    nodes = list(root.iter())
    node = dice.choice(nodes[1:] or nodes)
    choice = dice.randrange(6)
    parent = node.getparent()
    if choice == 0 and parent is not None:
        parent.remove(node)
    elif choice == 1 and node.attrib:
        del node.attrib[dice.choice(list(node.attrib))]
    elif choice == 2 and node.attrib:
        node.set(dice.choice(list(node.attrib)), dice.choice(HOSTILE))
    elif choice == 3 and parent is not None:
        parent.append(deepcopy(node))
    elif choice == 4:
        dice.choice(nodes).append(deepcopy(node))
    else:
        other = dice.choice(nodes)
        node.tag = other.tag
        if other.attrib:
            key = dice.choice(list(other.attrib))
            node.set(key, other.get(key))


@pytest.mark.parametrize("seed", range(12))
def test_mutated_diagram_is_judged_not_feared(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(25):
        root = etree.fromstring(dice.choice((BIG, SMALL)))
        for _ in range(dice.randrange(1, 5)):
            mutate(root, dice)
        files = {"x.bpmn": etree.tostring(root, encoding="utf-8")}
        found = lint(
            files, call_types={"payment.pay", "message.send"}, form_ids={"verify"}, roles=ROLES
        )
        sound = all(finding.severity != "error" for finding in found)
        try:
            library = Library(files)
        except ModelError:
            assert not sound, [f.code for f in found]
            continue
        for process_id in library.process_ids:
            try:
                run, _ = Engine(library).start(process_id, {"n": 1, "route": "x"}, now=NOW)
                play(Engine(library), run)
            except AppError:
                assert not sound, files
