"""Lists from other offices: taken in as a preview, confirmed, compared, acted on, withdrawn.

A confirmed list of events only asks people to act; a confirmed watch list puts its households on
that list. Withdrawing a batch takes off what it put on; the batch itself stays on record.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.cases import access
from app.cases.list_files import NAME, NUMBER, Fault, Places, ReadFile, read
from app.cases.office import Office
from app.cases.reasons import required
from app.cases.watches import package_of
from app.cases.watching import lists_of
from app.kernel.clock import legal_day
from app.kernel.errors import FieldProblem, Forbidden, Invalid, Refused
from app.kernel.roles import Level
from app.store import households, imports, people, persons, visits
from app.store.imports import ImportBatchRow, ImportLineRow
from app.store.persons import Identity, PersonRow
from app.store.session import Actor, Unit

EVENTS = "events"  # kind of a batch that names what happened to whom
KEEPERS = ("county_handler",)
MAX_NAME = 60  # characters
MAX_REASON = 500  # characters


def check(office: Office, actor: Actor, region: str, raw: bytes) -> ReadFile:
    """What the file holds, nothing kept; raises Invalid, Forbidden."""
    access.require_role(actor, *KEEPERS)
    with office.database.read(actor) as unit:
        _require_county(unit, actor, region)
        return read(raw, _places(unit, region), legal_day(unit.now))


def take_in(
    office: Office,
    actor: Actor,
    region: str,
    raw: bytes,
    *,
    kind: str,
    name: str,
    source: str,
    key: str | None = None,
) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """A sound file is kept as a preview; a faulty one is not, and its faults are answered."""
    found = check(office, actor, region, raw)
    if found.faults:
        return {}, found.faults
    name, source = _said(name, "name", "名单名称"), _said(source, "source", "来自哪个部门")

    def body(unit: Unit) -> dict[str, Any]:
        known = {
            EVENTS,
            *(one.code for one in lists_of(package_of(office, unit, region), unit.now)),
        }
        if kind not in known:
            raise Invalid(
                "请选择名单种类。", [FieldProblem("kind", "名单种类", "请选择名单种类。")]
            )
        batch = imports.preview(
            unit,
            region,
            kind=kind,
            name=name,
            source=source,
            sha256=hashlib.sha256(raw).hexdigest(),
            lines=found.lines,
        )
        facts = {"kind": kind, "rows": batch.rows, "sha256": batch.sha256}
        unit.audit(region, None, "list.previewed", ("import_batch", batch.id), facts)
        return {"batch_id": str(batch.id)}

    return office.database.run(actor, "list.preview", key, body, region=region), ()


def confirm(
    office: Office, actor: Actor, region: str, batch_id: UUID, *, key: str | None = None
) -> dict[str, Any]:
    """The batch counts; of a watch list, every household stands on the list."""
    access.require_role(actor, *KEEPERS)

    def body(unit: Unit) -> dict[str, Any]:
        _require_county(unit, actor, region)
        batch = imports.get(unit, region, batch_id, lock=True)
        imports.decide(unit, batch, state="active")
        put = 0 if batch.kind == EVENTS else _put_on_list(office, unit, batch)
        facts = {"kind": batch.kind, "rows": batch.rows, "put_on": put}
        unit.audit(region, None, "list.confirmed", ("import_batch", batch.id), facts)
        return {"put_on": put}

    return office.database.run(actor, "list.confirm", key, body, region=region)


def withdraw(
    office: Office,
    actor: Actor,
    region: str,
    batch_id: UUID,
    *,
    reason: str,
    key: str | None = None,
) -> dict[str, Any]:
    """The batch counts no more: what it put on lists is off them; the record of both stays."""
    access.require_role(actor, *KEEPERS)
    reason = _said(reason, "reason", "撤回理由")

    def body(unit: Unit) -> dict[str, Any]:
        _require_county(unit, actor, region)
        batch = imports.get(unit, region, batch_id, lock=True)
        imports.decide(unit, batch, state="withdrawn", reason=reason)
        taken = 0
        for row in visits.of_batch(unit, region, batch_id):
            if row.until is None:
                visits.close(unit, row, until=legal_day(unit.now), reason=f"名单撤回：{reason}")
                taken += 1
        facts = {"reason": reason, "taken_off": taken}
        unit.audit(region, None, "list.withdrawn", ("import_batch", batch.id), facts)
        return {"taken_off": taken}

    return office.database.run(actor, "list.withdraw", key, body, region=region)


def handle(
    office: Office,
    actor: Actor,
    region: str,
    batch_id: UUID,
    line: int,
    *,
    state: str,
    reason: str,
    key: str | None = None,
) -> dict[str, Any]:
    """Somebody looked into a line without a case: reported now, or no need, and why."""
    access.require_role(actor, "county_handler", "township_handler")
    reason = _said(reason, "reason", "处理说明")

    def body(unit: Unit) -> dict[str, Any]:
        batch = imports.get(unit, region, batch_id)
        row = next((one for one in imports.lines(unit, batch) if one.line == line), None)
        scope = access.scope_of(unit, actor, access.reads_cases)
        if row is None or not scope.covers(region=region, township=row.township):
            raise Forbidden("not_your_line", "名单上的这一行不在您的办理范围内。")
        if batch.state != "active" or row.state != "open" or state not in ("reported", "no_need"):
            raise Refused("line_handled", "这一行已经处理过，或者名单已经撤回，请刷新。")
        imports.handle(unit, row, state=state, reason=reason)
        facts = {"line": line, "state": state, "reason": reason}
        unit.audit(region, None, "list.line_handled", ("import_batch", batch.id), facts)
        return {}

    return office.database.run(actor, "list.handle", key, body, region=region)


def _put_on_list(office: Office, unit: Unit, batch: ImportBatchRow) -> int:
    chosen = {one.code: one for one in lists_of(package_of(office, unit, batch.region), unit.now)}
    days = chosen[batch.kind].visit_days if batch.kind in chosen else 0
    today, put = legal_day(unit.now), 0
    for line in imports.lines(unit, batch):
        person = _person(unit, batch, line)
        home = _home(unit, batch, line, person)
        made = visits.watch(
            unit,
            batch.region,
            home,
            list_code=batch.kind,
            reason=f"{batch.source}：{batch.name}",
            since=today,
            next_visit_on=today + timedelta(days=days),
            batch_id=batch.id,
        )
        put += made is not None
    return put


def _person(unit: Unit, batch: ImportBatchRow, line: ImportLineRow) -> PersonRow:
    told = imports.content(unit, line)
    number = str(told[NUMBER])
    known = persons.by_id_number(unit, batch.region, number)
    if known is not None:
        return known
    news = Identity(str(told[NAME]), number)
    source = f"{batch.source}：{batch.name}"
    return persons.add(unit, batch.region, news, masked=line.masked, source=source)


def _home(unit: Unit, batch: ImportBatchRow, line: ImportLineRow, person: PersonRow) -> UUID:
    lived = [
        row for row in households.of_persons(unit, batch.region, [person.id]) if row.until is None
    ]
    if lived:
        return lived[0].household_id
    row = households.open_household(
        unit, batch.region, township=line.township, village=line.village, head_masked=line.masked
    )
    households.join(unit, row, person.id, relation="", since=legal_day(unit.now))
    return row.id


def _require_county(unit: Unit, actor: Actor, region: str) -> None:
    if region not in access.scope_of(unit, actor, access.reads_cases).regions:
        raise Forbidden("not_your_county", "名单由本县民政部门导入和比对。")


def _places(unit: Unit, region: str) -> Places:
    organs = people.organs(unit, region)
    towns = [one for one in organs if one.level == Level.TOWNSHIP]
    homes = [one for one in organs if one.level == Level.VILLAGE]
    return Places(
        {key: one.code for one in towns for key in (one.name, one.code)},
        {key: (one.code, one.parent or "") for one in homes for key in (one.name, one.code)},
    )


def _said(text: str, field: str, label: str) -> str:
    most = MAX_REASON if field == "reason" else MAX_NAME
    return required(text, field, label, f"请写明{label}。", most=most)
