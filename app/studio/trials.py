"""One invented case carried through a draft, step by step, by the forms people will fill.

The case is a script: facts, moments, answers. It is played from its beginning at every look, so
nothing is kept on the server and every step can be taken back. What was played can be kept as a
scenario; from then on it is a test that publication asks for.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from app.form import Form, Submission, load_form
from app.form.model import FileQuestion
from app.kernel.clock import local
from app.kernel.errors import Invalid, ModelError, NotFound, Refused
from app.process.facts import exact
from app.process.library import Library
from app.process.model import ProcessDefinition
from app.process.simulate import Outcome, compare, simulate
from app.process.step import OpenedItem
from app.store.types import dump, load
from app.studio.localities import Package
from app.studio.play import ENDING, read_scenarios
from app.studio.publish import sha256
from app.studio.scenario_files import path_of

MAX_SCRIPT_CHARS = 200_000
MAX_STEPS = 100  # of one script
MAX_KEPT = 4  # compiled packages

Script = dict[str, Any]
"""What a scenario file holds, without `expect`: process, name, now, facts, steps, answers."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One scenario of the draft, played."""

    process: str
    name: str
    path: str  # of its file
    problems: tuple[str, ...]  # Chinese; () = green
    script: Script
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Bench:
    """A draft made ready for trials."""

    package: Package
    library: Library
    forms: Mapping[str, Form]
    defaults: Mapping[str, Mapping[str, Any]]  # call -> the answer scenarios of the draft give

    def definition(self, process: str) -> ProcessDefinition:
        """The diagram; raises NotFound."""
        if process not in self.library.process_ids:
            raise NotFound("no_process", f"草稿里没有流程“{process}”。")
        return self.library.definition(process)

    def scenarios(self) -> list[tuple[str, Script]]:
        """(path, scenario) of everything the draft keeps; unreadable files are left to checks."""
        found = []
        for path, raw in sorted(self.package.companions.items()):
            if path.endswith(ENDING):
                found += [(path, dict(one)) for one in read_scenarios(raw)[0]]
        return found

    def play(self, script: Mapping[str, Any]) -> Outcome:
        """Where the script leads."""
        return simulate(self.library, script, defaults=self.defaults)


_kept: OrderedDict[str, Bench] = OrderedDict()
_lock = Lock()


def bench(package: Package) -> Bench:
    """The draft made ready, once for the same files; raises ModelError when models are broken."""
    name = sha256(package)
    with _lock:
        if name in _kept:
            _kept.move_to_end(name)
            return _kept[name]
    made = Bench(package, Library(package.files), _forms(package), _defaults(package))
    with _lock:
        _kept[name] = made
        while len(_kept) > MAX_KEPT:
            _kept.popitem(last=False)
    return made


def played(on: Bench) -> list[Kept]:
    """Every scenario of the draft with what came of it."""
    found = []
    for path, script in on.scenarios():
        outcome = simulate(on.library, script)
        expect = script.get("expect")
        problems = compare(outcome, expect) if isinstance(expect, dict) else ["没有写明预期。"]
        process, name = str(script.get("process", "")), str(script.get("name", ""))
        found.append(Kept(process, name, path, tuple(problems), script, outcome))
    return found


def begun(on: Bench, process: str, like: str = "") -> Script:
    """A script at its beginning: the facts of a scenario of that name, or none."""
    on.definition(process)
    script: Script = {"process": process, "facts": {}, "steps": [], "answers": {}}
    for _, scenario in on.scenarios():
        if scenario.get("process") == process and scenario.get("name") == like:
            kept = ("now", "facts", "answers")
            return script | {key: exact(scenario[key]) for key in kept if key in scenario}
    return script


def item_of(outcome: Outcome, element_id: str) -> OpenedItem:
    """The waiting work item; raises Refused when the case stands elsewhere."""
    for item in outcome.items:
        if item.element_id == element_id:
            return item
    raise Refused("not_waiting", "这一步现在不在等待办理，请按页面上列出的环节继续。")


def context_of(outcome: Outcome, item: OpenedItem) -> dict[str, Any]:
    """What the item's form may use in FEEL."""
    return {**outcome.scopes.get(item.token, {}), **item.inputs}


def completed(on: Bench, script: Script, element_id: str, at: datetime, sent: Submission) -> Script:
    """The script with the work item done; raises Invalid, or Refused as the table says."""
    outcome = on.play(script)
    item = item_of(outcome, element_id)
    values = answers(on, item, outcome, sent, at)
    _require_allowed(on, item, values, at)
    return _with(script, {"complete": element_id, "at": at.isoformat(), "values": values})


def fired(on: Bench, script: Script, element_id: str) -> Script:
    """The script with the timer having come due."""
    if element_id not in {timer.element_id for timer in on.play(script).timers}:
        raise Refused("not_waiting", "这个期限现在没有在走。")
    return _with(script, {"fire": element_id})


def told(on: Bench, script: Script, message: str, at: datetime) -> Script:
    """The script with the message having come in."""
    if message not in {one.message for one in on.play(script).messages}:
        raise Refused("not_waiting", "现在没有在等这条消息。")
    return _with(script, {"send": message, "at": at.isoformat()})


def taken_back(script: Script) -> Script:
    """The script without its last step."""
    return script | {"steps": list(script.get("steps") or ())[:-1]}


def as_scenario(on: Bench, script: Script, name: str, facts: list[str]) -> dict[str, Any]:
    """The script with what it came to as its expectation; `facts` names those to be held."""
    outcome = on.play(script)
    if outcome.problems or outcome.stopped:
        raise Invalid("试算停在半路，还不能存成情景：请先改好流程或退回一步。")
    own = [one.element_id for one in outcome.passed if one.kind != "sequenceFlow"]
    expect: dict[str, Any] = {"path": own}
    if outcome.ended:
        expect["end"] = outcome.end_element_id
    else:
        expect["waiting"] = sorted(set(outcome.waiting))
    chosen = {key: outcome.facts[key] for key in facts if key in outcome.facts}
    if chosen:
        expect["facts"] = chosen
    answers = dict(script.get("answers") or {})
    for call in outcome.calls:
        if call.type in on.defaults and not {call.type, call.element_id} & answers.keys():
            answers[call.type] = dict(on.defaults[call.type])
    kept = {key: script[key] for key in ("now", "facts", "steps") if script.get(key)}
    return {"name": name.strip(), **kept, "answers": answers, "expect": expect}


def file_of(on: Bench, process: str) -> str:
    """Where scenarios of the process are kept in the draft's own folder."""
    return path_of(on.definition(process).file)


def packed(script: Script) -> str:
    """The script as text for a hidden field."""
    return dump(script)


def unpacked(text: str) -> Script:
    """The script of such a text; raises Invalid for anything else."""
    if len(text) > MAX_SCRIPT_CHARS:
        raise Invalid("试算的步骤太多，请重新开始。")
    try:
        script = load(text)
    except (ValueError, TypeError, RecursionError):
        script = None
    if not isinstance(script, dict) or not isinstance(script.get("process"), str):
        raise Invalid("试算的内容不完整，请重新开始。")
    steps = script.get("steps")
    if not isinstance(steps, list) or not all(isinstance(one, dict) for one in steps):
        raise Invalid("试算的内容不完整，请重新开始。")
    return script


def _with(script: Script, step: Mapping[str, Any]) -> Script:
    steps = [*(script.get("steps") or ()), dict(step)]
    if len(steps) > MAX_STEPS:
        raise Invalid(f"一次试算最多 {MAX_STEPS} 步。")
    return script | {"steps": steps}


def answers(
    on: Bench, item: OpenedItem, outcome: Outcome, sent: Submission, at: datetime
) -> dict[str, Any]:
    """The answers as the form keeps them; papers are not asked for in a trial."""
    if not item.form_id:
        return {}
    form = form_of(on, item)
    found = form.validate(sent, context=context_of(outcome, item), now=local(at))
    problems = [one for one in found.problems if not _asks_paper(form, one.key)]
    if problems:
        raise Invalid("请改正下列各项后再继续。", problems)
    return dict(found.values)


def form_of(on: Bench, item: OpenedItem) -> Form:
    """The form the item asks; raises ModelError when the draft has none of that id."""
    if item.form_id not in on.forms:
        raise ModelError(f"草稿里没有表单“{item.form_id}”，或者它有错误。", form_id=item.form_id)
    return on.forms[item.form_id]


def _asks_paper(form: Form, key: str) -> bool:
    try:
        return isinstance(form.field(key), FileQuestion)
    except KeyError:
        return False


def _require_allowed(on: Bench, item: OpenedItem, values: Mapping[str, Any], at: datetime) -> None:
    """The item's checks, as at the desk."""
    for decision_id in str(item.properties.get("check", "")).replace("，", ",").split(","):
        if not decision_id.strip():
            continue
        model, _file = on.library.decision(decision_id.strip())
        given = {**item.inputs, **values}
        result = model.evaluate(decision_id.strip(), given, now=local(at))
        verdict = result.value if isinstance(result.value, Mapping) else {}
        if verdict.get("allowed") is not True:
            message = verdict.get("message") or "没有一条标准适用于所填内容。"
            raise Refused("not_allowed", str(message), clause=str(verdict.get("clause") or ""))


def _forms(package: Package) -> dict[str, Form]:
    found: dict[str, Form] = {}
    for path, raw in package.of(".form").items():
        try:
            form = load_form(raw, file=path)
        except ModelError:
            continue  # the checks say what is wrong with it
        found.setdefault(form.id, form)
    return found


def _defaults(package: Package) -> dict[str, Mapping[str, Any]]:
    """Call -> the first answer a scenario of the package gives it."""
    found: dict[str, Mapping[str, Any]] = {}
    for path, raw in sorted(package.companions.items()):
        if not path.endswith(ENDING):
            continue
        for scenario in read_scenarios(raw)[0]:
            for name, answer in (scenario.get("answers") or {}).items():
                first = answer[0] if isinstance(answer, list) and answer else answer
                if isinstance(first, Mapping):
                    found.setdefault(str(name), exact(first))
    return found
