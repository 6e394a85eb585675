"""Drafts of policy: opened from what is in force, changed file by file, checked at any moment.

A draft may be broken while it is worked on; only what is put in force must be in order. It writes
files of its own locality alone: clauses, calendars and the description of the locality stay what
they are. Who may work on it: policy editors of the locality, one saving after the other and never
over what they have not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.kernel.audit import digest
from app.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.store import deployments
from app.store import drafts as table
from app.store.base import REGION_NONE
from app.store.drafts import DraftRow
from app.store.session import Actor, Database, Unit
from app.studio.checking import checked
from app.studio.localities import (
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_PACKAGE_BYTES,
    Package,
    origin,
    package_of,
)
from app.studio.overlay import inherited, is_writable, own_path, resolved
from app.studio.people import EDITOR, PUBLISHER, governed
from app.studio.report import Report
from app.studio.subject import Surroundings

MAX_TITLE = 100  # characters
MAX_OPEN_DRAFTS = 100  # of one locality

CLOSED = "这份草稿已经送审或办结，不能再改；送审的可先退回。"


@dataclass(frozen=True, slots=True)
class DraftCard:
    """One draft in a list."""

    id: UUID
    locality: str
    title: str
    author: str  # name
    state: str  # "editing" | "submitted" | "published" | "withdrawn"
    changed_at: datetime
    submitted_at: datetime | None
    files: int  # in which it differs
    mine: bool  # the actor opened it or worked on it
    awaits_me: bool  # the actor may give the second signature


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft with its files."""

    id: UUID
    locality: str
    title: str
    author: str  # user id
    author_name: str
    state: str
    revision: int  # one more at every change
    row: DraftRow  # dates, reasons and signatures
    hands: Mapping[str, str]  # user id -> name of everybody who worked on it
    base_id: str  # deployment it started from
    base: Package
    package: Package  # resolved: what would be published
    changed: Mapping[str, str]  # path -> "added" | "changed" | "removed"

    @property
    def is_open(self) -> bool:
        """True while files may be changed."""
        return self.state == table.EDITING


@dataclass(frozen=True, slots=True)
class DraftFile:
    """One file as the draft has it."""

    path: str  # where a change of it is written
    content: bytes
    sha256: str  # to be given back when it is written; "" when there is no such file yet
    inherited_from: str  # code of the locality it comes from, "" for the draft's own


@dataclass(frozen=True, slots=True)
class Saved:
    """What a file is after it was written."""

    sha256: str
    revision: int


def open_draft(database: Database, actor: Actor, locality: str, title: str, *, key: str) -> UUID:
    """An empty draft over what is in force now.

    Raises: Forbidden unless the actor edits that locality's policy; Invalid without a title;
    Refused when nothing is in force or too many drafts are open.
    """
    if not 0 < len(title.strip()) <= MAX_TITLE:
        raise Invalid(f"请写明这份草稿要改什么（1 至 {MAX_TITLE} 字）。")

    def body(unit: Unit) -> dict[str, Any]:
        require(unit, actor, locality, EDITOR)
        base = deployments.current(unit, locality)
        if base is None:
            raise Refused("nothing_in_force", "这个地区还没有现行版本，不能从它开始修改。")
        if len(table.listing(unit, {locality})) >= MAX_OPEN_DRAFTS:
            raise Refused("too_many_drafts", f"未办结的草稿已有 {MAX_OPEN_DRAFTS} 份，请先清理。")
        row = table.add(unit, locality, title.strip(), base.id)
        facts = {"locality": locality, "title": row.title, "base": base.id}
        unit.audit(REGION_NONE, None, "draft.opened", ("draft", row.id), facts)
        return {"draft_id": row.id}

    answer = database.run(actor, "draft.open", key, body, fingerprint=digest(title.encode()))
    return UUID(str(answer["draft_id"]))


def drafts(database: Database, actor: Actor) -> list[DraftCard]:
    """The open drafts of the localities whose policy the actor edits or publishes."""
    with database.read(actor) as unit:
        edits, publishes = governed(unit, actor, EDITOR), governed(unit, actor, PUBLISHER)
        return [
            _card(unit, actor, row, may_publish=row.locality in publishes)
            for row in table.listing(unit, edits | publishes)
        ]


def load(database: Database, actor: Actor, draft_id: UUID) -> Draft:
    """The draft with its files; raises NotFound, Forbidden for who has no part in it."""
    with database.read(actor) as unit:
        return draft_of(unit, actor, draft_id)


def draft_of(unit: Unit, actor: Actor, draft_id: UUID) -> Draft:
    """The draft inside a unit of work."""
    row = table.get(unit, draft_id)
    require(unit, actor, row.locality, EDITOR, PUBLISHER)
    base = deployments.files(unit, row.base_deployment)
    rows = table.changes(unit, row.id)
    contents = table.contents(unit, {one.sha256 for one in rows if one.sha256})
    changes = {one.path: contents[one.sha256] if one.sha256 else None for one in rows}
    files = resolved(base, changes)
    return Draft(
        id=row.id,
        locality=row.locality,
        title=row.title,
        author=row.author,
        author_name=row.author_name,
        state=row.state,
        revision=row.revision,
        row=row,
        hands=table.hands(unit, row.id),
        base_id=row.base_deployment,
        base=package_of(row.locality, base),
        package=package_of(row.locality, files),
        changed={path: _kind(path, raw, base) for path, raw in changes.items()},
    )


def read_file(database: Database, actor: Actor, draft_id: UUID, path: str) -> DraftFile:
    """The file; an inherited one is found under its own path and under the draft's.

    A path that a file could have and has not yet answers empty content and an empty SHA-256.
    """
    with database.read(actor) as unit:
        draft = draft_of(unit, actor, draft_id)
    own = own_path(draft.locality, path)
    files = draft.package.stored
    source = own if own in files else inherited(files, own)
    if not source:
        if not is_writable(draft.locality, own):
            raise NotFound("no_file", f"草稿里没有文件 {path}。")
        return DraftFile(own, b"", "", "")
    raw = files[source]
    return DraftFile(own, raw, digest(raw), "" if source == own else origin(source))


def write_file(
    database: Database,
    actor: Actor,
    draft_id: UUID,
    path: str,
    content: bytes,
    *,
    expected_sha256: str,
    key: str | None,
) -> Saved:
    """The draft has that content at the path; an inherited file of the name is overridden.

    `expected_sha256`: of the content that was seen ("" = none was there). Raises: Stale
    ("stale_file") when somebody saved meanwhile; Refused for a path or size that can not be.
    """
    saved = write_files(
        *(database, actor, draft_id, {path: content}), expected={path: expected_sha256}, key=key
    )
    return Saved(digest(content), saved)


def write_files(
    database: Database,
    actor: Actor,
    draft_id: UUID,
    files: Mapping[str, bytes],
    *,
    expected: Mapping[str, str],
    key: str | None,
) -> int:
    """The draft has all those contents, or none of them; answers the revision.

    `expected`: path -> SHA-256 of the content that was seen, as in `write_file`.
    """
    for path, content in files.items():
        if len(content) > MAX_FILE_BYTES:
            limit = f"{MAX_FILE_BYTES // 1000} KB"
            raise Refused("file_too_big", f"文件超过 {limit}，请拆小。", path=path)

    def body(unit: Unit) -> dict[str, Any]:
        row = open_row(unit, actor, draft_id)
        base = deployments.digests(unit, row.base_deployment)
        for path, content in files.items():
            _refuse_unseen(unit, row, path, content, expected.get(path, ""))
            if base.get(path) == digest(content):
                table.revert(unit, row, path)
            else:
                table.put(unit, row, path, content)
        return {"revision": row.revision}

    told = [f"{path} {digest(raw)} {expected.get(path, '')}" for path, raw in sorted(files.items())]
    fingerprint = digest("\n".join(told).encode())
    return int(database.run(actor, "draft.write", key, body, fingerprint=fingerprint)["revision"])


def edit_file(
    database: Database,
    actor: Actor,
    draft_id: UUID,
    path: str,
    change: Callable[[bytes], bytes],
    *,
    key: str | None,
) -> Saved:
    """The file is what `change` makes of it; raises as reading, `change` and writing do."""
    seen = read_file(database, actor, draft_id, path)
    made = change(seen.content)
    return write_file(
        database, actor, draft_id, seen.path, made, expected_sha256=seen.sha256, key=key
    )


def remove_file(
    database: Database, actor: Actor, draft_id: UUID, path: str, *, key: str | None
) -> int:
    """The file is not part of what will be published; answers the revision."""

    def body(unit: Unit) -> dict[str, Any]:
        row = open_row(unit, actor, draft_id)
        if path not in _digests(unit, row):
            raise NotFound("no_file", f"草稿里没有文件 {path}。")
        if not is_writable(row.locality, path):
            raise Refused("bad_path", f"草稿不能删去文件 {path}。", path=path)
        if path in deployments.digests(unit, row.base_deployment):
            table.put(unit, row, path, None)
        else:
            table.revert(unit, row, path)
        return {"revision": row.revision}

    answer = database.run(actor, "draft.remove", key, body, fingerprint=digest(path.encode()))
    return int(answer["revision"])


def revert_file(
    database: Database, actor: Actor, draft_id: UUID, path: str, *, key: str | None
) -> int:
    """The file is again what it was in the base; answers the revision."""

    def body(unit: Unit) -> dict[str, Any]:
        row = open_row(unit, actor, draft_id)
        table.revert(unit, row, path)
        return {"revision": row.revision}

    answer = database.run(actor, "draft.revert", key, body, fingerprint=digest(path.encode()))
    return int(answer["revision"])


def check_draft(
    database: Database, actor: Actor, draft_id: UUID, surroundings: Surroundings
) -> Report:
    """Everything the checks say about the draft as it is; broken models are findings."""
    draft = load(database, actor, draft_id)
    return checked(draft.package, surroundings, draft.base)


def require_open(draft: Draft) -> None:
    """Raises Refused unless files of the draft may still be changed."""
    if not draft.is_open:
        raise Refused("draft_closed", CLOSED)


def require(unit: Unit, actor: Actor, locality: str, *roles: str) -> None:
    """Raises Forbidden unless the actor holds one of the roles for the locality."""
    if not any(locality in governed(unit, actor, role) for role in roles):
        raise Forbidden("not_policy_staff", "这个地区的政策不由您编制或发布。")


def open_row(unit: Unit, actor: Actor, draft_id: UUID) -> DraftRow:
    """The draft, locked, its files still to be changed by the actor."""
    row = table.get(unit, draft_id, lock=True)
    require(unit, actor, row.locality, EDITOR)
    if row.state != table.EDITING:
        raise Refused("draft_closed", CLOSED)
    return row


def _card(unit: Unit, actor: Actor, row: DraftRow, *, may_publish: bool) -> DraftCard:
    hands = table.hands(unit, row.id)
    mine = actor.user_id in hands
    return DraftCard(
        id=row.id,
        locality=row.locality,
        title=row.title,
        author=row.author_name,
        state=row.state,
        changed_at=row.changed_at,
        submitted_at=row.submitted_at,
        files=len(table.changes(unit, row.id)),
        mine=mine,
        awaits_me=row.state == table.SUBMITTED and may_publish and not mine,
    )


def _kind(path: str, raw: bytes | None, base: Mapping[str, bytes]) -> str:
    if raw is None:
        return "removed"
    return "changed" if path in base else "added"


def _digests(unit: Unit, row: DraftRow) -> dict[str, str]:
    """Path -> SHA-256 of every file the draft has now."""
    changes = {one.path: one.sha256 for one in table.changes(unit, row.id)}
    base = deployments.digests(unit, row.base_deployment)
    return resolved(base, changes)


def _refuse_unseen(unit: Unit, row: DraftRow, path: str, content: bytes, expected: str) -> None:
    """Raises unless the path may be written, what stands there was seen, and there is room."""
    if not is_writable(row.locality, path):
        raise Refused("bad_path", f"草稿不能写文件 {path}。", path=path)
    present = _digests(unit, row)
    seen = present.get(path) or present.get(inherited(present, path), "")
    if expected != seen:
        raise Stale("stale_file", "这个文件刚刚被别人改过，请先看新的内容再保存。", sha256=seen)
    if path not in present and len(present) >= MAX_FILES:
        raise Refused("too_many_files", f"文件超过 {MAX_FILES} 个。")
    others = {one.sha256 for one in table.changes(unit, row.id) if one.sha256 and one.path != path}
    if table.size(unit, others) + len(content) > MAX_PACKAGE_BYTES:
        raise Refused("draft_too_big", f"草稿改动的文件超过 {MAX_PACKAGE_BYTES // 1_000_000} MB。")
