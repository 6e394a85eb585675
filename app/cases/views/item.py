"""办理: what one work item asks, the evidence beside it, and what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.cases import access
from app.cases.office import Office
from app.cases.places import places_of
from app.cases.separation import act_as, require_separate, words
from app.cases.statutes import ClauseText, clauses_of
from app.cases.views.deeds import deeds_of
from app.cases.views.inbox import governing_limit
from app.cases.views.lines import ItemLine, LimitLine, Names, item_line, limit_line
from app.cases.work import CaseWork, open_view
from app.cases.work_items import ItemRef, form_context
from app.form import DescribedField, Form, Submission
from app.kernel.clock import local
from app.kernel.errors import Refused
from app.kernel.roles import ROLES
from app.store import people, submissions, work_items
from app.store.session import Actor, Unit
from app.store.submissions import SubmissionRow
from app.store.work_items import WorkItemRow


@dataclass(frozen=True, slots=True)
class FilledForm:
    """One submitted form, masked unless revealed."""

    form_id: str
    title: str
    by: str
    at: datetime
    fields: tuple[DescribedField, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """A person the item may be handed on to."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    """The page of one work item."""

    line: ItemLine
    element_id: str
    process_id: str
    step: str  # the diagram's property `step`, "" = none
    limit: LimitLine | None
    clauses: tuple[ClauseText, ...]  # what the step rests on
    form: Form | None
    submission: Submission | None  # the actor's draft, else the untouched form
    context: Mapping[str, Any]  # facts for FEEL in the form
    has_draft: bool
    may_work: bool  # the actor holds the role, nobody else holds the item, and duties are separate
    why_not: str  # Chinese; "" when may_work
    evidence: tuple[FilledForm, ...]  # what was submitted before, oldest first
    holders: tuple[Holder, ...]  # others of the same role and organ
    deeds: Mapping[str, str]  # the button's words by decision, `views.deeds`
    rechecks: bool = False  # who does it may open the objections of the case


def item_page(office: Office, actor: Actor, ref: ItemRef) -> ItemPage:
    """The item as the actor may see it; raises NotFound, Forbidden."""
    with office.database.read(actor) as unit:
        item = work_items.get(unit, ref.region, ref.id)
        work = open_view(office, unit, item.region, item.instance_id)
        access.require_case(unit, actor, work.case, [item])
        waiting = item.state in work_items.WAITING
        why_not = _why_not(work, actor, item)
        form = work.package.form(item.form_id) if item.form_id and waiting else None
        context = form_context(work, item) if waiting else {}
        draft = _draft(unit, item)
        names = Names(unit)
        limit = governing_limit(unit, item)
        return ItemPage(
            line=item_line(unit, names, item, work.case, limit),
            element_id=item.element_id,
            process_id=item.process_id,
            step=str(item.properties.get("step", "")),
            limit=limit_line(limit, unit.now) if limit else None,
            clauses=clauses_of(work.package, words(str(item.properties.get("clause", "")))),
            form=form,
            submission=_submission(work, form, context, draft),
            context=context,
            has_draft=draft is not None,
            may_work=not why_not,
            why_not=why_not,
            evidence=_evidence(work, actor, item),
            holders=_holders(unit, actor, item),
            deeds=deeds_of(item),
            rechecks=bool(item.properties.get("objections")) and not why_not,
        )


def filled_forms(
    work: CaseWork, *, mask: bool, only_by: str | None = None
) -> tuple[FilledForm, ...]:
    """Everything submitted in the case, oldest first; of one person if named."""
    rows = submissions.of_case(work.unit, work.case.region, work.case.id)
    steps = _telling_steps(work, rows)
    return tuple(
        _titled(filled_form(work, row, mask=mask), steps.get(row.id))
        for row in rows
        if only_by in (None, row.by_user)
    )


def _titled(one: FilledForm, step: str | None) -> FilledForm:
    if step in (None, one.title):
        return one
    return replace(one, title=f"{one.title}（{step}）")


def _telling_steps(work: CaseWork, rows: Sequence[SubmissionRow]) -> dict[UUID, str]:
    """The step by submission, where one form served several steps."""
    items = work_items.of_case(work.unit, work.case.region, work.case.id)
    names = {one.id: one.name for one in items}
    steps = {row.id: names[row.work_item_id] for row in rows if row.work_item_id in names}
    served: dict[str, set[str]] = {}
    for row in rows:
        if row.id in steps:
            served.setdefault(row.form_id, set()).add(steps[row.id])
    return {
        row.id: steps[row.id] for row in rows if row.id in steps and len(served[row.form_id]) > 1
    }


def _evidence(work: CaseWork, actor: Actor, item: WorkItemRow) -> tuple[FilledForm, ...]:
    """What the doer needs: all of it in clear for a role that reads cases.

    Others (finance, charities) see what they filled in themselves and the item's own inputs:
    means and illness are not theirs to read (REQUIREMENTS §4).
    """
    if item.role in ROLES and ROLES[item.role].reads_all:
        return filled_forms(work, mask=not access.may_work(actor, item))
    return filled_forms(work, mask=True, only_by=actor.user_id)


def filled_form(work: CaseWork, row: SubmissionRow, *, mask: bool) -> FilledForm:
    """The submission with its labels, masked unless the reader may see it in clear."""
    form = work.office.packages.load(work.unit, row.deployment_id).form(row.form_id)
    values = form.load(submissions.values(work.unit, row))
    places = places_of(work.unit, work.case.region)
    fields = tuple(form.describe(values, mask, context=places, now=local(work.now)))
    return FilledForm(row.form_id, form.name or row.form_id, row.by_name, row.at, fields)


def _draft(unit: Unit, item: WorkItemRow) -> dict[str, Any] | None:
    row = submissions.draft(unit, item.region, work_item_id=item.id, form_id=item.form_id)
    return submissions.values(unit, row) if row else None


def _submission(
    work: CaseWork, form: Form | None, context: Mapping[str, Any], draft: dict[str, Any] | None
) -> Submission | None:
    if form is None:
        return None
    if draft is not None:
        return Submission(draft)
    return form.fill(form.initial(context, local(work.now)))


def _why_not(work: CaseWork, actor: Actor, item: WorkItemRow) -> str:
    if item.state not in work_items.WAITING:
        return "这项待办已经办理或撤回。"
    me = access.standing(actor, item)
    if me is None:
        return "这项待办由其他角色办理，您只能查看。"
    act_as(work, me)
    if not access.is_free(me, item):
        return f"已由{Names(work.unit).user(item.assignee)}签收。"
    try:
        require_separate(work, item)
    except Refused as refusal:
        return refusal.message
    return ""


def _holders(unit: Unit, actor: Actor, item: WorkItemRow) -> tuple[Holder, ...]:
    rows = people.holders(unit, item.role, item.organ_code)
    return tuple(Holder(row.id, row.name) for row in rows if str(row.id) != actor.user_id)
