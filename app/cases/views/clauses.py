"""The clauses a refusal cites, quoted from the deployment the work item's case is pinned to."""

from __future__ import annotations

from app.cases.office import Office
from app.cases.separation import words
from app.cases.statutes import ClauseText, clauses_of
from app.cases.work import open_view
from app.cases.work_items import ItemRef
from app.store import work_items
from app.store.session import Actor


def clauses_for_item(
    office: Office, actor: Actor, ref: ItemRef, ids: str
) -> tuple[ClauseText, ...]:
    """The clauses named in `ids` (comma separated); public law, so that no access is asked."""
    named = words(ids)
    if not named:
        return ()
    with office.database.read(actor) as unit:
        item = work_items.get(unit, ref.region, ref.id)
        package = open_view(office, unit, item.region, item.instance_id).package
        return clauses_of(package, named)
