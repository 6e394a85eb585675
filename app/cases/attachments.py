"""Papers that people hand in with a form: kept sealed, named in the answers by a reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.cases.work import CaseWork
from app.form import UploadedFile, files_in
from app.kernel.errors import Invalid
from app.store import attachments
from app.store.work_items import WorkItemRow


def keep(
    work: CaseWork, item_id: UUID | None, values: Mapping[str, Any], files: Mapping[str, bytes]
) -> None:
    """The papers named in the answers are kept with the case; raises Invalid for one not sent."""
    known = {row.sha256 for row in attachments.of_case(work.unit, work.case.region, work.case.id)}
    for record in files_in(values):
        ref = str(record["ref"])
        if ref in known:
            continue
        if ref not in files:
            raise Invalid(f"文件“{record['name']}”没有收到，请重新选择。")
        attachments.add(
            work.unit,
            work.case.region,
            work.case.id,
            files[ref],
            name=str(record["name"]),
            media_type=str(record.get("type") or "application/octet-stream"),
            work_item_id=item_id,
        )
        known.add(ref)


def known_files(work: CaseWork, item: WorkItemRow) -> dict[str, Any]:
    """The files already kept with the case, so that a form sent again need not send them again."""
    rows = attachments.of_case(work.unit, work.case.region, work.case.id)
    files = [
        {"ref": row.sha256, "name": row.name, "type": row.media_type, "size": row.size}
        for row in rows
    ]
    return {"_files": files} if files else {}


def without_bytes(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A draft's raw answers as JSON: uploads are left out, for a draft keeps no bytes."""
    return {key: _plain(value) for key, value in raw.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value if not isinstance(inner, UploadedFile)]
    return value
