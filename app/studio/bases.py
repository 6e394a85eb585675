"""Which text a draft stands on: what is in force, an earlier publication, today's clauses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.kernel.audit import digest
from app.kernel.clock import local
from app.kernel.errors import Refused
from app.store import deployments
from app.store import drafts as table
from app.store.base import REGION_NONE
from app.store.session import Actor, Database, Unit
from app.studio.drafts import MAX_TITLE, open_row, require
from app.studio.localities import DESCRIPTION
from app.studio.people import EDITOR

STATUTES = "processes/statutes/"


def rebase(
    database: Database,
    actor: Actor,
    draft_id: UUID,
    *,
    at: datetime | None = None,
    key: str | None,
) -> list[str]:
    """The draft stands on what is in force at that instant (now if not given).

    Answers the files that both sides changed.

    The draft's own text stays in those: the comparison with what is in force shows them.
    """

    def body(unit: Unit) -> dict[str, Any]:
        row = table.get(unit, draft_id, lock=True)
        require(unit, actor, row.locality, EDITOR)
        if row.state != table.EDITING:
            raise Refused("draft_closed", "送审或办结的草稿不能换版本，请先退回。")
        newest = deployments.current(unit, row.locality, at)
        if newest is None or newest.id == row.base_deployment:
            return {"both": []}
        before = deployments.digests(unit, row.base_deployment)
        after = deployments.digests(unit, newest.id)
        moved = {path for path in {*before, *after} if before.get(path) != after.get(path)}
        both = []
        for change in table.changes(unit, row.id):
            if change.sha256 == after.get(change.path):
                table.revert(unit, row, change.path)
            elif change.path in moved:
                both.append(change.path)
        row.base_deployment = newest.id
        table.touch(unit, row)
        facts = {"base": newest.id, "both": both}
        unit.audit(REGION_NONE, None, "draft.rebased", ("draft", row.id), facts)
        return {"both": both}

    answer = database.run(
        actor, "draft.rebase", key, body, fingerprint=digest(str(draft_id).encode())
    )
    return list(answer["both"])


def rollback(database: Database, actor: Actor, publication_id: UUID, *, key: str) -> UUID:
    """A draft with the text of an earlier publication, to be handed in and signed like any other.

    Clauses and the description of the locality stay those of today: the old text must keep
    today's law. Raises NotFound; Forbidden; Refused when that text is what is in force.
    """
    with database.read(actor) as unit:
        old = deployments.publication(unit, publication_id)
        require(unit, actor, old.locality, EDITOR)
        deployment = deployments.get(unit, old.deployment_id)
        title = f"恢复 {local(old.effective_from):%Y-%m-%d} 的版本：{old.label or deployment.label}"

    def body(unit: Unit) -> dict[str, Any]:
        present = deployments.current(unit, old.locality)
        if present is None:
            raise Refused("nothing_in_force", "这个地区还没有现行版本。")
        then = deployments.digests(unit, old.deployment_id)
        now = deployments.digests(unit, present.id)
        differing = [
            path
            for path in sorted({*then, *now})
            if then.get(path) != now.get(path) and not _is_law(path)
        ]
        if not differing:
            raise Refused("nothing_to_restore", "现行版本与这个版本的内容相同，不用恢复。")
        row = table.add(unit, old.locality, title[:MAX_TITLE], present.id)
        wanted = table.contents(unit, {then[path] for path in differing if path in then})
        for path in differing:
            table.put(unit, row, path, wanted[then[path]] if path in then else None)
        facts = {"locality": old.locality, "restores": publication_id, "base": present.id}
        unit.audit(REGION_NONE, None, "draft.opened", ("draft", row.id), facts)
        return {"draft_id": row.id}

    answer = database.run(
        actor, "draft.rollback", key, body, fingerprint=digest(str(publication_id).encode())
    )
    return UUID(str(answer["draft_id"]))


def take_clauses(
    database: Database,
    actor: Actor,
    draft_id: UUID,
    files: Mapping[str, bytes],
    *,
    key: str | None,
) -> int:
    """The draft has the clauses and guard-rails on file; answers how many files that changed.

    `files`: everything of `processes/statutes/` as the installation has it.
    """

    def body(unit: Unit) -> dict[str, Any]:
        row = open_row(unit, actor, draft_id)
        base = {
            p: s for p, s in deployments.digests(unit, row.base_deployment).items() if _is_clause(p)
        }
        changed = 0
        for path in sorted({*base, *filter(_is_clause, files)}):
            content = files.get(path)
            if content is None or base.get(path) != digest(content):
                table.put(unit, row, path, content)
                changed += 1
            else:
                table.revert(unit, row, path)
        return {"changed": changed}

    answer = database.run(
        actor, "draft.clauses", key, body, fingerprint=digest(str(draft_id).encode())
    )
    return int(answer["changed"])


def _is_clause(path: str) -> bool:
    return path.startswith(STATUTES)


def _is_law(path: str) -> bool:
    return _is_clause(path) or path.endswith(f"/{DESCRIPTION}")
