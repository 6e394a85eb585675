"""试算: an invented case carried through a draft step by step, and the scenarios kept of such."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.form import Submission
from app.kernel.clock import SHANGHAI, as_utc, local
from app.kernel.errors import AppError, FieldProblem, Invalid, Refused
from app.kernel.roles import ROLES
from app.process.simulate import Outcome
from app.process.step import OpenedItem
from app.studio import drafts, mending, scenario_files, trials
from app.studio.drafts import Draft
from app.studio.trials import Bench, Script
from app.web import auth
from app.web.diagram import Mark, Progress, TwinRow, draw, twin
from app.web.diagram_reader import UndrawableError, picture_of
from app.web.form_fields import Button, form_view, render_form
from app.web.sent import key_input, read_sent, sent_key
from app.web.services import services
from app.web.shell import csrf_input

blueprint = Blueprint("trials", __name__, url_prefix="/studio/drafts/<uuid:draft_id>")

Answer = Response | str | tuple[str, int]

SCRIPT, ELEMENT, AT, DEED = "_script", "_element", "_at", "_deed"
MAX_NAME_CHARS = 200
_SCALARS = (str, int, bool)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One step that can be taken now."""

    deed: str  # "complete" | "fire" | "send"
    element_id: str
    name: str
    who: str
    form: Markup
    note: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """One diagram with what was walked on it."""

    name: str
    svg: Markup
    rows: list[TwinRow]


@blueprint.get("/scenarios/")
def scenarios(draft_id: UUID) -> str:
    """The scenarios of the draft, each green or red."""
    draft, on = _opened(draft_id)
    kept = trials.played(on)
    return render_template(
        "scenarios.html",
        draft=draft,
        kept=kept,
        stuck=mending.stuck(kept),
        red=sum(1 for one in kept if one.problems),
        processes=_processes(on),
        process_names=dict(_processes(on)),
        key_input=key_input,
    )


@blueprint.get("/scenarios/one")
def scenario(draft_id: UUID) -> Answer:
    """One scenario played, with its picture."""
    draft, on = _opened(draft_id)
    name, process = request.args.get("name", ""), request.args.get("process", "")
    for one in trials.played(on):
        if (one.name, one.process) == (name, process):
            return _page(draft, on, one.script, kept_name=one.name, problems=one.problems)
    flash("没有这个情景，可能刚刚被删去了。", "warn")
    return redirect(url_for(".scenarios", draft_id=draft_id), 303)


@blueprint.post("/scenarios/remove")
def remove(draft_id: UUID) -> Response:
    """The scenario is no longer part of the draft."""
    _draft, on = _opened(draft_id)
    name, process = request.form.get("name", ""), request.form.get("process", "")
    drafts.edit_file(
        services().database,
        auth.actor(),
        draft_id,
        trials.file_of(on, process),
        lambda raw: scenario_files.removed(raw, name),
        key=sent_key(),
    )
    flash(f"情景“{name}”已从草稿中删去。", "ok")
    return redirect(url_for(".scenarios", draft_id=draft_id), 303)


@blueprint.post("/trial/begin")
def begin(draft_id: UUID) -> Answer:
    """An invented case begins, empty or with the facts of a kept scenario."""
    draft, on = _opened(draft_id)
    process, _, like = request.form.get("begin", "").partition("|")
    return _page(draft, on, trials.begun(on, process, like))


@blueprint.post("/trial")
def step(draft_id: UUID) -> Answer:
    """The next step is taken, or the last one taken back, or the whole kept as a scenario."""
    draft, on = _opened(draft_id)
    script = trials.unpacked(request.form.get(SCRIPT, ""))
    deed = request.form.get(DEED, "")
    sent: Submission | None = None
    try:
        if deed == "back":
            return _page(draft, on, trials.taken_back(script))
        if deed == "keep":
            return _keep(draft, on, script)
        if deed == "choose":
            return _page(draft, on, script)
        element, at = request.form.get(ELEMENT, ""), _moment(on, script)
        if deed == "fire":
            return _page(draft, on, trials.fired(on, script, element))
        if deed == "send":
            return _page(draft, on, trials.told(on, script, element, at))
        item = trials.item_of(on.play(script), element)
        if item.form_id:
            form = trials.form_of(on, item)
            sent = read_sent(form).submission
            if sent.action:
                shown = form.after_action(sent)
                return _page(draft, on, script, typed=(element, shown))
        done = trials.completed(on, script, element, at, sent or Submission({}))
        return _page(draft, on, done)
    except (Invalid, Refused) as error:
        typed = (request.form.get(ELEMENT, ""), sent) if sent is not None else None
        return _page(draft, on, script, typed=typed, error=error), 422


def _keep(draft: Draft, on: Bench, script: Script) -> Response:
    name = request.form.get("name", "").strip()[:MAX_NAME_CHARS]
    made = trials.as_scenario(on, script, name, request.form.getlist("fact"))
    process = str(script["process"])
    drafts.edit_file(
        services().database,
        auth.actor(),
        draft.id,
        trials.file_of(on, process),
        lambda raw: scenario_files.added(raw, process, made),
        key=sent_key(),
    )
    flash(f"情景“{name}”已存入草稿，发布前每次都会核对。", "ok")
    return redirect(url_for(".scenarios", draft_id=draft.id), 303)


def _opened(draft_id: UUID) -> tuple[Draft, Bench]:
    draft = drafts.load(services().database, auth.actor(), draft_id)
    return draft, trials.bench(draft.package)


def _processes(on: Bench) -> list[tuple[str, str]]:
    """(id, name) of every diagram of the draft."""
    known = on.library
    return [(one, known.definition(one).name or one) for one in known.process_ids]


def _page(
    draft: Draft,
    on: Bench,
    script: Script,
    *,
    typed: tuple[str, Submission] | None = None,
    error: AppError | None = None,
    kept_name: str = "",
    problems: Sequence[str] = (),
) -> str:
    outcome = on.play(script)
    at = _last_moment(outcome, script)
    process = on.definition(str(script["process"]))
    return render_template(
        "trial.html",
        draft=draft,
        process=process,
        outcome=outcome,
        kept_name=kept_name,
        problems=[
            {"href": "", "message": one} for one in dict.fromkeys((*problems, *outcome.problems))
        ],
        waiting=[] if kept_name else _waiting(draft.id, on, script, outcome, at, typed, error),
        error=error,
        at=f"{local(at):%Y-%m-%dT%H:%M}",
        script=trials.packed(script) if not kept_name else "",
        steps=script.get("steps") or [],
        end_name=_name(on, outcome.end_element_id),
        decisions=outcome.decisions,
        calls=outcome.calls,
        facts=[(k, v) for k, v in outcome.facts.items() if isinstance(v, _SCALARS) or _number(v)],
        paths=_paths(on, outcome),
        csrf=csrf_input,
        key_input=key_input,
        names=(SCRIPT, ELEMENT, AT, DEED),
    )


def _waiting(
    draft_id: UUID,
    on: Bench,
    script: Script,
    outcome: Outcome,
    at: datetime,
    typed: tuple[str, Submission] | None,
    error: AppError | None,
) -> list[Waiting]:
    wanted = request.form.get(ELEMENT, "") if request.method == "POST" else ""
    items = [item.element_id for item in outcome.items]
    chosen = wanted if wanted in items else next(iter(items), "")
    found = [
        _item(draft_id, on, script, outcome, item, at, typed, error)
        if item.element_id == chosen
        else Waiting("choose", item.element_id, item.name, _role(item), Markup(""))
        for item in outcome.items
    ]
    found += [
        Waiting(
            "fire",
            one.element_id,
            one.name or "期限",
            "",
            Markup(""),
            f"{local(one.due_at):%Y-%m-%d %H:%M} 到期",
        )
        for one in outcome.timers
    ]
    found += [
        Waiting("send", one.message, one.name or one.message, "", Markup(""), "等待外面的消息")
        for one in outcome.messages
    ]
    return found


def _item(
    draft_id: UUID,
    on: Bench,
    script: Script,
    outcome: Outcome,
    item: OpenedItem,
    at: datetime,
    typed: tuple[str, Submission] | None,
    error: AppError | None,
) -> Waiting:
    who = _role(item)
    if not item.form_id:
        return Waiting("complete", item.element_id, item.name, who, Markup(""))
    form, context = trials.form_of(on, item), trials.context_of(outcome, item)
    mine = typed is not None and typed[0] == item.element_id
    sent = typed[1] if typed is not None and mine else None
    answers = sent or form.fill(form.initial(context, local(at)))
    failed = error.problems if isinstance(error, Invalid) and mine else ()
    view = form_view(form, answers, failed, context, now=local(at))
    hidden = csrf_input() + _hidden(SCRIPT, trials.packed(script))
    hidden += _hidden(ELEMENT, item.element_id) + _when(at, item.element_id)
    rendered = render_form(
        current_app.jinja_env,
        view,
        action=url_for(".step", draft_id=draft_id),
        csrf_field=hidden,
        buttons=[Button(f"办结“{item.name}”", note="只在试算里办，不影响真实个案")],
    )
    return Waiting("complete", item.element_id, item.name, who, rendered)


def _role(item: OpenedItem) -> str:
    return ROLES[item.role].label if item.role in ROLES else item.role


def _hidden(name: str, value: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(name, value)


def _when(at: datetime, element_id: str) -> Markup:
    field = f"at-{element_id}"
    return Markup(
        '<p class="field-plain"><label for="{0}">办理时间</label>'
        '<input id="{0}" type="datetime-local" name="{1}" value="{2}"></p>'
    ).format(field, AT, f"{local(at):%Y-%m-%dT%H:%M}")


def _moment(on: Bench, script: Script) -> datetime:
    text = request.form.get(AT, "")
    if not text:
        return _last_moment(on.play(script), script)
    try:
        return as_utc(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI))
    except ValueError:
        problem = FieldProblem("", "办理时间", "办理时间请写成 2026-03-02 09:30 这样。")
        raise Invalid("办理时间有误。", [problem]) from None


def _last_moment(outcome: Outcome, script: Script) -> datetime:
    """An hour after the last step, so that times run forward by themselves."""
    last = outcome.now
    return last + timedelta(hours=1) if script.get("steps") else last


def _name(on: Bench, element_id: str) -> str:
    for process in on.library.process_ids:
        found = on.definition(process).elements.get(element_id)
        if found is not None:
            return found.name or element_id
    return element_id


def _number(value: object) -> bool:
    return type(value).__name__ == "Decimal"


def _paths(on: Bench, outcome: Outcome) -> list[Path]:
    found = []
    walked = list(dict.fromkeys(one.process_id for one in outcome.passed))
    for number, process in enumerate(walked):
        definition = on.definition(process)
        marks = {
            one.element_id: Mark(Progress.DONE)
            for one in outcome.passed
            if one.process_id == process and one.kind != "sequenceFlow"
        }
        marks |= {wait: Mark(Progress.HERE) for wait in outcome.waiting}
        marks |= {stop: Mark(Progress.INCIDENT) for stop in outcome.stopped}
        flows = {one.element_id for one in outcome.passed if one.kind == "sequenceFlow"}
        try:
            picture = picture_of(definition)
        except UndrawableError:
            continue
        name = definition.name or process
        svg = draw(
            picture, marks, passed=flows, title=f"试算在“{name}”上走到哪里", uid=f"t{number}"
        )
        found.append(Path(name, svg, twin(picture, marks)))
    return found
