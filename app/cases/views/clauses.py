"""The clauses a refusal or a limit cites, quoted from the deployment the case is pinned to.

Public law: who may see the page that asks may read them, so no access is asked here.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from app.cases.office import Office
from app.cases.separation import words
from app.cases.statutes import ClauseText, clauses_of
from app.cases.work import open_view
from app.cases.work_items import ItemRef
from app.store import instances, work_items
from app.store.session import Actor


def clauses_for_item(
    office: Office, actor: Actor, ref: ItemRef, ids: str
) -> tuple[ClauseText, ...]:
    """The clauses named in `ids` (comma separated), for a page of that work item."""
    named = words(ids)
    if not named:
        return ()
    with office.database.read(actor) as unit:
        item = work_items.get(unit, ref.region, ref.id)
        package = open_view(office, unit, item.region, item.instance_id).package
        return clauses_of(package, named)


def clauses_for_case(
    office: Office, actor: Actor, region: str, case_id: UUID, ids: Iterable[str]
) -> tuple[ClauseText, ...]:
    """The clauses named in `ids` (each may hold several, comma separated), for a case's page."""
    named = [name for text in ids for name in words(text)]
    if not named:
        return ()
    with office.database.read(actor) as unit:
        found = instances.of_case(unit, region, case_id)[0]
        package = office.packages.load(unit, found.deployment_id)
        return clauses_of(package, dict.fromkeys(named))
