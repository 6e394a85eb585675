"""Scenarios of a package carried through its processes in memory, and what they walked over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from app.decision.result import Finding, Place
from app.process.library import Library
from app.process.simulate import Outcome, compare, scenarios_of, simulate

MAX_FILE_BYTES = 256 * 1024
MAX_SCENARIOS = 200  # of one file
MAX_NESTING = 40  # lists and mappings inside one another

ENDING = ".scenarios.yaml"


@dataclass(frozen=True, slots=True)
class Played:
    """What came out of all scenarios."""

    count: int = 0
    findings: tuple[Finding, ...] = ()  # scenarios that went otherwise, files not understood
    walked: Mapping[str, frozenset[str]] = field(default_factory=dict)  # process -> flow ids


def play(library: Library, companions: Mapping[str, bytes]) -> Played:
    """Every scenario run; one that goes otherwise is an error."""
    findings: list[Finding] = []
    walked: dict[str, set[str]] = {}
    count = 0
    for path in sorted(path for path in companions if path.endswith(ENDING)):
        scenarios, problem = read_scenarios(companions[path])
        if problem:
            advice = "请改正情景文件。"
            findings.append(Finding("bad_scenarios", "error", problem, advice, Place(file=path)))
        for scenario in scenarios:
            count += 1
            outcome, problems = _play_one(library, scenario)
            findings += [_failed(path, outcome, text) for text in problems]
            for passed in outcome.passed:
                if passed.kind == "sequenceFlow":
                    walked.setdefault(passed.process_id, set()).add(passed.element_id)
    return Played(count, tuple(findings), {name: frozenset(ids) for name, ids in walked.items()})


def read_scenarios(raw: bytes) -> tuple[list[dict[str, Any]], str]:
    """The scenarios of a file, and what is wrong with it in words."""
    if len(raw) > MAX_FILE_BYTES:
        return [], f"情景文件超过 {MAX_FILE_BYTES // 1024} KB。"
    try:
        text = raw.decode("utf-8")
        problem = _refused(text)
        if problem:
            return [], problem
        document = _loaded(text)
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        return [], f"情景文件读不懂（{type(error).__name__}）。"
    if isinstance(document, list):
        document = {"scenarios": document}
    if not isinstance(document, dict):
        return [], "情景文件里没有情景。"
    items = document.get("scenarios", "")
    if items is None:
        return [], ""  # "scenarios:" with nothing beneath
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return [], "情景文件的 scenarios 须是一列情景。"
    if len(items) > MAX_SCENARIOS:
        return [], f"一个文件的情景超过 {MAX_SCENARIOS} 个。"
    return scenarios_of(document), ""


def _refused(text: str) -> str:
    """What must not reach the loader, which recurses: aliases, and nesting without bound."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            return "情景文件用了别名（*），请写全内容。"
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_NESTING:
            return f"情景文件套得太深，最多 {MAX_NESTING} 层。"
    return ""


def _loaded(text: str) -> Any:
    """The document as plain data, read by libyaml: ten times as fast, and as safe."""
    loader = yaml.CSafeLoader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _play_one(library: Library, scenario: Mapping[str, Any]) -> tuple[Outcome, list[str]]:
    outcome = simulate(library, scenario)
    expect = scenario.get("expect")
    if not isinstance(expect, dict) or not expect:
        return outcome, ["没有写明预期（expect）。"]
    return outcome, compare(outcome, expect)


def _failed(path: str, outcome: Outcome, text: str) -> Finding:
    return Finding(
        "scenario_failed",
        "error",
        f"情景“{outcome.name}”：{text}",
        "请核对是流程改错了，还是情景要跟着改。",
        Place(file=path, element_id=outcome.name),
    )
