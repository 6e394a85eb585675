"""Aims at published models: named by content, in force from their instant, never changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from app.kernel.audit import digest
from app.kernel.clock import FrozenClock
from app.kernel.errors import NotFound, Refused
from app.store import deployments
from app.store.session import Actor, Database

WU = Actor(user_id="wu", name="政策吴")
ZHENG = Actor(user_id="zheng", name="发布郑")
FILES = {"processes/jining/a.bpmn": b"<a/>", "dmn/jining/b.dmn": b"<b/>", "forms/x.form": b"<b/>"}


def test_same_files_are_the_same_deployment_and_content_is_kept_once(database: Database) -> None:
    with database.begin(WU) as unit:
        first = deployments.store(unit, "jining", "一", FILES, prepared_by="wu")
        again = deployments.store(
            unit, "jining", "二", dict(reversed(FILES.items())), prepared_by="x"
        )
        other = deployments.store(unit, "jiangxi", "一", FILES, prepared_by="wu")
        assert first is again
        assert first.id != other.id
        assert unit.session.scalar(select(func.count()).select_from(deployments.BlobRow)) == 2
        assert deployments.files(unit, first.id) == FILES
        assert deployments.digests(unit, first.id)["forms/x.form"] == digest(b"<b/>")
        assert deployments.file(unit, first.id, "forms/x.form") == b"<b/>"
        assert deployments.get(unit, other.id) is other
        assert len(deployments.deployments(unit)) == 2
        assert deployments.deployments(unit, "jining") == [first]
        with pytest.raises(NotFound):
            deployments.get(unit, "0" * 64)
        with pytest.raises(NotFound, match="没有文件"):
            deployments.file(unit, first.id, "forms/y.form")


def test_current_is_the_latest_effective_not_later_than_the_instant(
    database: Database, clock: FrozenClock
) -> None:
    start = clock.now()
    with database.begin(ZHENG) as unit:
        old = deployments.store(unit, "jining", "旧", FILES, prepared_by="wu")
        new = deployments.store(unit, "jining", "新", {**FILES, "x": b"1"}, prepared_by="wu")
        deployments.publish(unit, old, effective_from=start)
        later = deployments.publish(
            unit, new, effective_from=start + timedelta(days=1), document_no="曲民〔2026〕1号"
        )
        assert later.supersedes == old.id
        assert deployments.publication(unit, later.id) is later
        with pytest.raises(NotFound):
            deployments.publication(unit, unit.new_id())
    for moment, expected in (
        (start - timedelta(seconds=1), None),
        (start, old.id),
        (start + timedelta(days=1) - timedelta(seconds=1), old.id),
        (start + timedelta(days=1), new.id),
    ):
        with database.read() as unit:
            found = deployments.current(unit, "jining", moment)
            assert (found.id if found else None) == expected
    with database.read() as unit:
        assert deployments.current(unit, "jiangxi") is None
        assert [name.label for _, name in deployments.history(unit, "jining")] == ["新", "旧"]


def test_publishing_an_older_one_again_is_the_way_back(
    database: Database, clock: FrozenClock
) -> None:
    with database.begin(ZHENG) as unit:
        old = deployments.store(unit, "jining", "旧", FILES, prepared_by="wu")
        new = deployments.store(unit, "jining", "新", {"x": b"1"}, prepared_by="wu")
    for deployment in (old, new, old):
        clock.advance(timedelta(seconds=1))
        with database.begin(ZHENG) as unit:
            deployments.publish(unit, deployment, effective_from=clock.now())
    with database.read() as unit:
        found = deployments.current(unit, "jining")
        assert found is not None
        assert found.id == old.id


@pytest.mark.parametrize("table", ["blobs", "deployments", "deployment_files", "publications"])
def test_published_models_are_never_changed(database: Database, table: str) -> None:
    with database.begin(ZHENG) as unit:
        deployment = deployments.store(unit, "jining", "旧", FILES, prepared_by="wu")
        deployments.publish(unit, deployment, effective_from=unit.now)
    with pytest.raises(Refused) as caught, database.begin(ZHENG) as unit:
        unit.session.execute(text(f"DELETE FROM {table}"))
    assert caught.value.code == "append_only"


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, "too_many_files"),
        ({"a": b"x" * (deployments.MAX_FILE_BYTES + 1)}, "file_too_big"),
        ({"a" * 301: b""}, "file_too_big"),
    ],
)
def test_deployment_has_limits(database: Database, files: dict[str, bytes], code: str) -> None:
    with pytest.raises(Refused) as caught, database.begin(WU) as unit:
        deployments.store(unit, "jining", "x", files, prepared_by="wu")
    assert caught.value.code == code


def test_id_depends_on_every_part() -> None:
    base = deployments.deployment_id("jining", {"a": "1", "b": "2"})
    assert base == deployments.deployment_id("jining", {"b": "2", "a": "1"})
    assert (
        len(
            {
                base,
                deployments.deployment_id("jining", {"a": "2", "b": "1"}),
                deployments.deployment_id("x", {"a": "1", "b": "2"}),
            }
        )
        == 3
    )
