"""Drafts: who may open and change one, what a save may overwrite, what would be published."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.kernel.clock import FrozenClock
from app.kernel.errors import AppError, Forbidden, Invalid, NotFound, Refused, Stale
from app.store import audit, deployments
from app.store.base import REGION_NONE
from app.store.session import Database
from app.studio import drafts
from app.studio.localities import MAX_FILE_BYTES, Package
from app.studio.subject import Surroundings
from tests.studio.drawing import GOOD, NOTICE, made
from tests.studio.staff import Staff, hire, put_in_force

SLIP, MAIN = "forms/here/slip.form", "processes/here/main.bpmn"
UPPER = "forms/upper/extra.paper.toml"
EXTRA = NOTICE.replace('id = "notice"', 'id = "extra"').encode()
DESCRIPTION = 'name = "示范"\nparent = "upper"\n'.encode()
PACKAGE = made({}, {UPPER: EXTRA, "processes/here/locality.toml": DESCRIPTION})


@pytest.fixture
def staff(database: Database) -> Staff:
    found = hire(database)
    put_in_force(database, PACKAGE)
    return found


@pytest.fixture
def draft_id(database: Database, staff: Staff) -> UUID:
    return drafts.open_draft(database, staff.editor, "here", "改单据", key="k-open")


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def save(
    database: Database, staff: Staff, draft_id: UUID, path: str, content: bytes, seen: bytes = b""
) -> drafts.Saved:
    return drafts.write_file(
        database, staff.editor, draft_id, path, content,
        expected_sha256=sha(seen) if seen else "", key=uuid4().hex,
    )  # fmt: skip


def test_draft_starts_as_what_is_in_force(database: Database, staff: Staff, draft_id: UUID) -> None:
    draft = drafts.load(database, staff.editor, draft_id)
    assert (draft.locality, draft.title, draft.state, draft.revision) == (
        "here", "改单据", "editing", 1,
    )  # fmt: skip
    assert draft.changed == {}
    assert draft.package == draft.base
    assert draft.package.stored == PACKAGE.stored
    assert set(draft.package.companions) == set(PACKAGE.companions) != set()
    with database.read() as unit:
        record = audit.page(unit, REGION_NONE)[0]
    assert (record.action, record.object_id) == ("draft.opened", str(draft_id))


def test_only_editors_of_the_locality_open_one(database: Database, staff: Staff) -> None:
    for actor in (staff.publisher, staff.stranger):
        with pytest.raises(Forbidden):
            drafts.open_draft(database, actor, "here", "改", key="k")
    with pytest.raises(Forbidden):
        drafts.open_draft(database, staff.editor, "there", "改", key="k")
    with pytest.raises(Refused, match="现行"):
        drafts.open_draft(database, staff.stranger, "there", "改", key="k")
    for title in (" ", "字" * 101):
        with pytest.raises(Invalid):
            drafts.open_draft(database, staff.editor, "here", title, key="k")


def test_same_key_opens_one_draft(database: Database, staff: Staff, draft_id: UUID) -> None:
    again = drafts.open_draft(database, staff.editor, "here", "改单据", key="k-open")
    assert again == draft_id
    assert [card.id for card in drafts.drafts(database, staff.editor)] == [draft_id]


def test_written_file_is_in_the_package_and_named(
    database: Database, staff: Staff, draft_id: UUID
) -> None:
    new = b'{"broken": true}'
    saved = save(database, staff, draft_id, SLIP, new, GOOD[SLIP])
    added = save(database, staff, draft_id, "dmn/here/more.cases.csv", b"x")
    assert (saved.sha256, saved.revision, added.revision) == (sha(new), 2, 3)
    draft = drafts.load(database, staff.editor, draft_id)
    assert draft.changed == {SLIP: "changed", "dmn/here/more.cases.csv": "added"}
    assert draft.package.files[SLIP] == new
    assert draft.base.files[SLIP] == GOOD[SLIP]
    assert draft.package.companions["dmn/here/more.cases.csv"] == b"x"
    found = drafts.read_file(database, staff.editor, draft_id, SLIP)
    assert (found.content, found.sha256, found.inherited_from) == (new, sha(new), "")


def test_saving_over_what_was_not_seen_is_refused(
    database: Database, staff: Staff, draft_id: UUID
) -> None:
    save(database, staff, draft_id, SLIP, b"first", GOOD[SLIP])
    for seen in (GOOD[SLIP], b"", b"else"):
        with pytest.raises(Stale) as caught:
            drafts.write_file(
                database, staff.colleague, draft_id, SLIP, b"second",
                expected_sha256=sha(seen) if seen else "", key=None,
            )  # fmt: skip
        assert (caught.value.code, caught.value.facts["sha256"]) == ("stale_file", sha(b"first"))
    drafts.write_file(
        database,
        staff.colleague,
        draft_id,
        SLIP,
        b"second",
        expected_sha256=sha(b"first"),
        key=None,
    )
    draft = drafts.load(database, staff.editor, draft_id)
    assert draft.package.files[SLIP] == b"second"
    assert set(draft.hands.values()) == {"政策吴", "政策周"}


def test_inherited_file_is_overridden_by_one_of_its_name(
    database: Database, staff: Staff, draft_id: UUID
) -> None:
    own = "forms/here/extra.paper.toml"
    for asked in (UPPER, own):
        found = drafts.read_file(database, staff.editor, draft_id, asked)
        assert (found.path, found.content, found.inherited_from) == (own, EXTRA, "upper")
    with pytest.raises(Refused):
        save(database, staff, draft_id, UPPER, b"x", EXTRA)
    with pytest.raises(Stale):
        save(database, staff, draft_id, own, b"x")
    save(database, staff, draft_id, own, b"own", EXTRA)
    draft = drafts.load(database, staff.editor, draft_id)
    assert (UPPER in draft.package.files, draft.package.files[own]) == (False, b"own")
    drafts.revert_file(database, staff.editor, draft_id, own, key=None)
    back = drafts.load(database, staff.editor, draft_id)
    assert (back.package.stored, back.changed) == (back.base.stored, {})


def test_removed_file_is_gone_until_reverted(
    database: Database, staff: Staff, draft_id: UUID
) -> None:
    drafts.remove_file(database, staff.editor, draft_id, SLIP, key="k1")
    draft = drafts.load(database, staff.editor, draft_id)
    assert (draft.changed, SLIP in draft.package.files) == ({SLIP: "removed"}, False)
    empty = drafts.read_file(database, staff.editor, draft_id, SLIP)
    assert (empty.content, empty.sha256) == (b"", "")
    with pytest.raises(NotFound):
        drafts.remove_file(database, staff.editor, draft_id, SLIP, key="k2")
    drafts.revert_file(database, staff.editor, draft_id, SLIP, key="k3")
    assert drafts.load(database, staff.editor, draft_id).changed == {}


def test_file_put_back_as_it_was_is_no_change(
    database: Database, staff: Staff, draft_id: UUID
) -> None:
    save(database, staff, draft_id, SLIP, b"new", GOOD[SLIP])
    save(database, staff, draft_id, SLIP, GOOD[SLIP], b"new")
    assert drafts.load(database, staff.editor, draft_id).changed == {}


@pytest.mark.parametrize(
    "path",
    [
        "processes/here/locality.toml", "processes/statutes/law.toml", "processes/statutes/x.bpmn",
        "processes/there/main.bpmn", "processes/here/../there/main.bpmn", "/etc/passwd.bpmn",
        "processes/here/organs.toml", "dmn/here/x.bpmn", "forms/here/", "x.bpmn", "",
        "processes/here/流程.bpmn", "processes/here/a/b.bpmn", "processes/here/.bpmn",
        "processes/calendar/cn-2026.json", "processes/here/x.bpmn\n", "processes/here/a.exe.bpmn.x",
    ],
)  # fmt: skip
def test_other_paths_are_refused(
    database: Database, staff: Staff, draft_id: UUID, path: str
) -> None:
    with pytest.raises(AppError):
        save(database, staff, draft_id, path, b"x", PACKAGE.stored.get(path, b""))
    with pytest.raises(AppError):
        drafts.remove_file(database, staff.editor, draft_id, path, key=None)
    assert drafts.load(database, staff.editor, draft_id).changed == {}


def test_size_is_bounded_at_the_byte(database: Database, staff: Staff, draft_id: UUID) -> None:
    save(database, staff, draft_id, "dmn/here/big.dmn", b"x" * MAX_FILE_BYTES)
    with pytest.raises(Refused, match="KB"):
        save(database, staff, draft_id, "dmn/here/big2.dmn", b"x" * (MAX_FILE_BYTES + 1))


def test_others_see_and_change_nothing(database: Database, staff: Staff, draft_id: UUID) -> None:
    deeds: list[Callable[[], object]] = [
        lambda: drafts.load(database, staff.stranger, draft_id),
        lambda: drafts.read_file(database, staff.stranger, draft_id, SLIP),
        lambda: drafts.write_file(
            database, staff.stranger, draft_id, SLIP, b"", expected_sha256=sha(GOOD[SLIP]), key=None
        ),
        lambda: drafts.write_file(
            database,
            staff.publisher,
            draft_id,
            SLIP,
            b"",
            expected_sha256=sha(GOOD[SLIP]),
            key=None,
        ),
        lambda: drafts.remove_file(database, staff.stranger, draft_id, SLIP, key=None),
        lambda: drafts.revert_file(database, staff.publisher, draft_id, SLIP, key=None),
    ]
    for deed in deeds:
        with pytest.raises(Forbidden):
            deed()
    assert drafts.drafts(database, staff.stranger) == []
    (card,) = drafts.drafts(database, staff.publisher)
    assert (card.mine, card.awaits_me, card.files) == (False, False, 0)
    with pytest.raises(NotFound):
        drafts.load(database, staff.editor, UUID(int=0))


def test_base_stays_what_it_was_when_something_else_is_published(
    database: Database, staff: Staff, draft_id: UUID, clock: FrozenClock
) -> None:
    clock.advance(timedelta(hours=1))
    other = Package(PACKAGE.chain, {**PACKAGE.files, SLIP: b"{}"}, PACKAGE.companions, {})
    put_in_force(database, other)
    draft = drafts.load(database, staff.editor, draft_id)
    assert draft.base.files[SLIP] == GOOD[SLIP]
    with database.read() as unit:
        assert deployments.current(unit, "here") is not None
        assert draft.base_id != deployments.current(unit, "here").id  # type: ignore[union-attr]


def test_check_tells_of_broken_files_and_never_raises(
    database: Database, staff: Staff, draft_id: UUID, clock: FrozenClock
) -> None:
    around = Surroundings(now=clock.now())
    assert drafts.check_draft(database, staff.editor, draft_id, around).ok
    save(database, staff, draft_id, MAIN, b"<broken", GOOD[MAIN])
    report = drafts.check_draft(database, staff.editor, draft_id, around)
    assert not report.ok
    assert {finding.place.file for finding in report.of("error")} >= {MAIN}
    drafts.revert_file(database, staff.editor, draft_id, MAIN, key=None)
    assert drafts.check_draft(database, staff.editor, draft_id, around).ok
