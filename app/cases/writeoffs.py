"""What people do about write-offs outside the diagram: begin a month's package, add a voucher."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.cases import access, advance, matters
from app.cases.calls import writeoff as calls
from app.cases.office import Office
from app.form.uploads import UploadedFile, file_fault
from app.kernel.clock import legal_day
from app.kernel.errors import Forbidden, NotFound, Refused
from app.store import attachments, people, slips, writeoffs
from app.store.session import Actor, Unit
from app.store.slips import SlipRow

MAX_NOTE = 200  # characters
ACCEPTED = ("image/jpeg", "image/png", "application/pdf")
LAST_MONTH = 12


def begin(
    office: Office, actor: Actor, region: str, township: str, year: int, month: int, *, key: str
) -> dict[str, Any]:
    """The month's payments are a package whose process has begun; answers package_no.

    Earlier payments that stayed open come along once they have their voucher.
    Raises: Forbidden; Refused("bad_month" | "nothing_paid").
    """
    access.require_role(actor, "township_handler", "county_finance", "county_handler")

    def body(unit: Unit) -> dict[str, Any]:
        _require_place(unit, actor, region, township)
        today = legal_day(unit.now)
        if not 1 <= month <= LAST_MONTH or (year, month) > (today.year, today.month):
            raise Refused("bad_month", "请选择已经开始的月份。")
        found = [
            one
            for one in writeoffs.unsettled(unit, region, township, year)
            if one.month == month or (one.month < month and one.has_voucher)
        ]
        if not found:
            raise Refused("nothing_paid", f"{year} 年 {month} 月没有待销账的发放。")
        package = office.packages.current(unit, people.locality_of(unit, region))
        row = calls.collect(unit, region, found, package, (township, year, month))
        work, step = matters.begin(
            office,
            unit,
            region,
            calls.PROCESS,
            calls.facts_of(row, len(found)),
            township=township,
            title=calls.title_of(row),
        )
        row.case_id = work.case.id
        advance.carry(work, step)
        return {"package_no": row.package_no, "case_id": str(work.case.id)}

    return office.database.run(actor, "writeoff.begin", key, body, region=region)


def add_voucher(
    office: Office,
    actor: Actor,
    region: str,
    voucher_no: str,
    *,
    note: str,
    upload: tuple[UploadedFile, bytes] | None,
    key: str,
) -> dict[str, Any]:
    """The payment has its paper: a file, or the number of the paper in the binder.

    Raises: Forbidden; NotFound; Refused("no_paper" | "slip_settled" | file refusals).
    """
    access.require_role(actor, "township_handler", "county_finance")
    note = note.strip()[:MAX_NOTE]
    if not note:
        raise Refused("no_paper", "请写明凭证名称或纸质凭证的编号。")
    if upload is not None and (fault := file_fault(upload[0], ACCEPTED)):
        raise Refused("no_paper", f"凭证{fault}。")

    def body(unit: Unit) -> dict[str, Any]:
        slip = slips.by_voucher(unit, region, voucher_no)
        if slip is None:
            raise NotFound("no_slip", f"没有凭证号“{voucher_no}”。")
        _require_place(unit, actor, region, slip.township)
        if slip.id in writeoffs.settled(unit, region, [slip.id]):
            raise Refused("slip_settled", f"凭证 {voucher_no} 已经销账。")
        file_id = None
        if upload is not None:
            file_id = _keep(unit, slip, *upload)
        row = writeoffs.add_voucher(unit, region, slip.id, note, attachment_id=file_id)
        facts = {"voucher_no": voucher_no, "note": note, "file": str(file_id or "")}
        unit.audit(region, slip.case_id, "voucher.added", ("voucher", row.id), facts)
        return {"voucher_no": voucher_no}

    return office.database.run(actor, "voucher.add", key, body, region=region)


def _keep(unit: Unit, slip: SlipRow, file: UploadedFile, content: bytes) -> UUID:
    kept = file.kept()
    row = attachments.add(
        unit,
        slip.region,
        slip.case_id,
        content,
        name=str(kept["name"]),
        media_type=str(kept["type"]),
        field_key="voucher",
    )
    return row.id


def _require_place(unit: Unit, actor: Actor, region: str, township: str) -> None:
    scope = access.scope_of(unit, actor, access.reads_money)
    if not scope.covers(region=region, township=township):
        raise Forbidden("not_your_fund", "这个乡镇（街道）的备用金不在您的办理范围内。")
