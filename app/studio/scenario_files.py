"""Scenario files as text: one scenario added or taken out, every other line left as it was."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml

from app.kernel.errors import Invalid, NotFound
from app.studio.play import ENDING, MAX_FILE_BYTES, MAX_SCENARIOS, read_scenarios

MAX_NAME = 100  # characters
_WIDTH = 110  # columns of a written line


class _Dumper(yaml.CSafeDumper):
    """Writes decimals as the numbers they are; knows nothing of Python objects."""

    def ignore_aliases(self, data: Any) -> bool:
        """Everything is written out; a scenario file has no aliases."""
        return True


_Dumper.add_representer(
    Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", f"{value:f}")
)


def path_of(process_file: str) -> str:
    """Where the scenarios of a diagram stand."""
    return process_file.removesuffix(".bpmn") + ENDING


def names_of(raw: bytes) -> list[str]:
    """The names of the scenarios, in order; raises Invalid for a file nobody can read."""
    scenarios, problem = read_scenarios(raw)
    if problem:
        raise Invalid(problem)
    return [str(one.get("name", "")) for one in scenarios]


def added(raw: bytes, process: str, scenario: Mapping[str, Any]) -> bytes:
    """The file with the scenario at its end; raises Invalid for a name that is taken or missing."""
    name = str(scenario.get("name", "")).strip()
    if not 0 < len(name) <= MAX_NAME:
        raise Invalid(f"请给情景起一个名字（1 至 {MAX_NAME} 字）。")
    taken = names_of(raw) if raw.strip() else []
    if name in taken:
        raise Invalid(f"已有名为“{name}”的情景，请换一个名字。")
    if len(taken) >= MAX_SCENARIOS:
        raise Invalid(f"一个流程的情景最多 {MAX_SCENARIOS} 个，请先删去不用的。")
    text = raw.decode("utf-8") if raw.strip() else f"process: {process}\nscenarios:\n"
    made = (text.rstrip() + "\n\n" + _block(scenario, _indent(text))).encode()
    if len(made) > MAX_FILE_BYTES or names_of(made) != [*taken, name]:
        raise Invalid("情景文件放不下这个情景了，请先删去不用的。")
    return made


def replaced(raw: bytes, name: str, scenario: Mapping[str, Any]) -> bytes:
    """The file with another scenario in the place of that one; raises NotFound."""
    before, indent, after = _around(raw, name)
    block = _block(scenario, indent)
    made = (before + block + ("\n" if after else "") + after).encode()
    if len(made) > MAX_FILE_BYTES or names_of(made) != names_of(raw):
        raise Invalid("情景文件改写后读不懂，没有保存。请下载文件手工修改。")
    return made


def removed(raw: bytes, name: str) -> bytes:
    """The file without that scenario; raises NotFound."""
    before, _indent_of_it, after = _around(raw, name)
    return (before + after).encode()


def _around(raw: bytes, name: str) -> tuple[str, str, str]:
    """What stands before the scenario, the spaces before its dash, and what stands after it."""
    names = names_of(raw)
    if name not in names:
        raise NotFound("no_scenario", f"没有名为“{name}”的情景。")
    text = raw.decode("utf-8")
    item = _items(text)[names.index(name)]
    start = text.rindex("\n", 0, item.start_mark.index) + 1
    indent = text[start : item.start_mark.index].partition("-")[0]
    return text[:start], indent, text[item.end_mark.index :].lstrip("\n")


def _block(scenario: Mapping[str, Any], indent: str) -> str:
    """The scenario as lines of the file."""
    text = yaml.dump(
        [dict(scenario)], Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH
    )
    return "".join(f"{indent}{line}\n" if line.strip() else "\n" for line in text.splitlines())


def _items(text: str) -> list[yaml.Node]:
    """The nodes of the scenarios, in order, with their places in the text."""
    root = yaml.compose(text, yaml.CSafeLoader)
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if key.value == "scenarios" and isinstance(value, yaml.SequenceNode):
                return list(value.value)
    return list(root.value) if isinstance(root, yaml.SequenceNode) else []


def _indent(text: str) -> str:
    """The spaces before the dash of the file's scenarios."""
    items = _items(text)
    if not items:
        return ""
    start = text.rindex("\n", 0, items[-1].start_mark.index) + 1
    line = text[start : items[-1].start_mark.index]
    return line[: len(line) - len(line.lstrip())]
