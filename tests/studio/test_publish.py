"""What is in force: two people, checked, immutable, once; and the way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.kernel.clock import FrozenClock
from app.kernel.errors import Forbidden, Invalid, ModelError, Refused
from app.store import audit, deployments
from app.store.base import REGION_NONE
from app.store.deployments import DeploymentRow, PublicationRow
from app.store.session import Actor, Database
from app.studio.localities import Package
from app.studio.publish import Order, first_import, in_force, publish, sha256
from app.studio.subject import Surroundings
from tests.studio.drawing import LAW, NOTICE, made

AUTHOR = Actor("u-author", "政策吴", (("policy_editor", "1"),))
PUBLISHER = Actor("u-publisher", "发布郑", (("publisher", "1"),))
PACKAGE = made({}, {})
OTHER = made({}, {"forms/here/notice.paper.toml": NOTICE.replace('"公示"', '"公告"').encode()})


@pytest.fixture
def surroundings(clock: FrozenClock) -> Surroundings:
    return Surroundings(now=clock.now())


def put(
    database: Database,
    surroundings: Surroundings,
    package: Package = PACKAGE,
    key: str = "k1",
    **other: object,
) -> str:
    given = {"author": AUTHOR, "publisher": PUBLISHER, "order": Order("改了公示"), **other}
    order = given.pop("order")
    return publish(database, package, order, surroundings=surroundings, key=key, **given)  # type: ignore[arg-type]


def rows(database: Database) -> tuple[int, int]:
    """(deployments, publications)."""
    with database.read() as unit:
        count = [
            unit.session.scalar(select(func.count()).select_from(t))
            for t in (DeploymentRow, PublicationRow)
        ]
    return int(count[0] or 0), int(count[1] or 0)


def test_published_package_is_in_force_with_both_names(
    database: Database, surroundings: Surroundings
) -> None:
    assert in_force(database, "here") is None
    name = put(database, surroundings)
    assert name == sha256(PACKAGE)
    found = in_force(database, "here")
    assert found is not None
    assert (found.files, found.name) == (PACKAGE.files, "示范")
    with database.read() as unit:
        ((publication, deployment),) = deployments.history(unit, "here")
        (record,) = audit.page(unit, REGION_NONE)
    assert (deployment.prepared_by, publication.published_by) == ("u-author", "u-publisher")
    assert (record.action, record.object_id, record.actor_id) == (
        "deployment.published",
        name,
        "u-publisher",
    )
    assert (record.body["locality"], record.body["prepared_by"]) == ("here", "u-author")


def test_same_files_twice_are_one_deployment(
    database: Database, surroundings: Surroundings
) -> None:
    first = put(database, surroundings)
    assert put(database, surroundings) == first
    assert put(database, surroundings, key="k2") == first
    assert rows(database) == (1, 1)


def test_successor_records_what_it_supersedes_and_the_way_back_is_a_publication(
    database: Database, surroundings: Surroundings, clock: FrozenClock
) -> None:
    first = put(database, surroundings)
    clock.advance(timedelta(minutes=1))
    second = put(database, surroundings, OTHER, key="k2")
    clock.advance(timedelta(minutes=1))
    assert put(database, surroundings, key="k3") == first != second
    assert rows(database) == (2, 3)
    with database.read() as unit:
        assert [p.supersedes for p, _ in deployments.history(unit, "here")] == [second, first, None]


def test_later_date_leaves_the_present_alone(
    database: Database, surroundings: Surroundings, clock: FrozenClock
) -> None:
    put(database, surroundings)
    later = clock.now() + timedelta(days=1)
    put(database, surroundings, OTHER, key="k2", order=Order("明天起", "济民〔2026〕1号", later))
    before, after = in_force(database, "here"), in_force(database, "here", later)
    assert before is not None
    assert after is not None
    assert (before.files, after.files) == (PACKAGE.files, OTHER.files)


def test_same_key_for_another_package_is_refused(
    database: Database, surroundings: Surroundings
) -> None:
    put(database, surroundings)
    with pytest.raises(Refused):
        put(database, surroundings, OTHER)


def test_author_does_not_publish(database: Database, surroundings: Surroundings) -> None:
    both = replace(AUTHOR, roles=(("policy_editor", "1"), ("publisher", "1")))
    for author, publisher, code in (
        (both, both, "same_person"),
        (PUBLISHER, replace(PUBLISHER, user_id="u3"), "not_editor"),
        (AUTHOR, replace(AUTHOR, user_id="u3"), "not_publisher"),
    ):
        with pytest.raises(Forbidden) as caught:
            put(database, surroundings, author=author, publisher=publisher)
        assert caught.value.code == code
    assert rows(database) == (0, 0)


def test_order_has_a_name_and_never_reaches_back(
    database: Database, surroundings: Surroundings, clock: FrozenClock
) -> None:
    put(database, surroundings, order=Order("现在起", effective_from=clock.now()))
    for order in (
        Order(" "),
        Order("字" * 101),
        Order("文号", "号" * 101),
        Order("早了一秒", effective_from=clock.now() - timedelta(seconds=1)),
    ):
        with pytest.raises(Invalid):
            put(database, surroundings, OTHER, key="k2", order=order)


def test_package_with_an_error_is_refused_with_all_findings(
    database: Database, surroundings: Surroundings
) -> None:
    law = LAW.replace('text = "发放应当公布。"', 'text = ""').encode()
    broken = made({}, {"processes/statutes/law.toml": law, "forms/here/slip.form": b"{"})
    with pytest.raises(ModelError) as caught:
        put(database, surroundings, broken)
    assert {"bad_statute", "unknown_form"} <= {finding.code for finding in caught.value.findings}
    with pytest.raises(ModelError):
        first_import(database, broken, surroundings=surroundings)
    assert rows(database) == (0, 0)


def test_first_import_happens_once_and_is_signed_by_the_system(
    database: Database, surroundings: Surroundings, clock: FrozenClock
) -> None:
    assert first_import(database, PACKAGE, surroundings=surroundings) == sha256(PACKAGE)
    clock.advance(timedelta(days=1))
    assert first_import(database, OTHER, surroundings=surroundings) is None
    found = in_force(database, "here")
    assert found is not None
    assert found.files == PACKAGE.files
    with database.read() as unit:
        ((publication, _),) = deployments.history(unit, "here")
    assert publication.published_by == "system"
