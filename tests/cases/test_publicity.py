"""Aims at what is published at run time: only lawful fields, no number, no name, no tiny village.

What a template may say before publication is tests/studio/test_checks.py; patterns are
tests/form/test_private_words.py; objections are in tests/acceptance.
"""

from __future__ import annotations

import shutil

import pytest

from app.cases.ledgers import page as ledgers
from app.cases.ledgers.reading import Filter
from app.cases.office import Office, load_calendar
from app.cases.views.lists import public_notices
from app.kernel.clock import FrozenClock
from app.kernel.errors import Refused
from app.store.session import Database
from app.store.vault import Vault
from app.studio.localities import resolve
from tests.conftest import KEY, START
from tests.world import LOCALITY, PUBLISH, ROOT, World, build, publish, slip_cash

SMALL_VILLAGE = "370881101202"
TEMPLATE = "forms/jining/relief_notice.paper.toml"


@pytest.fixture(scope="module")
def template(sqlite_template, tmp_path_factory):
    """A county's SQLite file, made once and copied by each test."""
    path = tmp_path_factory.mktemp("publicity") / "county.db"
    shutil.copyfile(sqlite_template, path)
    clock = FrozenClock(START)
    database = Database(f"sqlite:///{path}", clock=clock, vault=Vault(KEY))
    world = build(database, clock)
    world.allot("20000.00")
    database.close()
    return path, world.people


@pytest.fixture
def world(template, tmp_path):
    """The county at work, on its own copy."""
    path, staff = template
    shutil.copyfile(path, tmp_path / "county.db")
    clock = FrozenClock(START)
    database = Database(f"sqlite:///{tmp_path / 'county.db'}", clock=clock, vault=Vault(KEY))
    yield World(Office(database, load_calendar(ROOT)), clock, dict(staff))
    database.close()


def rewritten(world, change):
    """The county's package with another text of the notice is in force."""
    files = dict(resolve(ROOT, LOCALITY).files)
    text = files[TEMPLATE].decode()
    assert change(text) != text
    publish(world.office, {**files, TEMPLATE: change(text).encode()})


def posted(world, **report):
    case_id = world.to_payment(**report)
    world.do("经办李", case_id, "pay", slip_cash("1000.00", world.clock.now().isoformat()))
    world.do("经办李", case_id, "publish", PUBLISH)
    return case_id


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace("applicant_masked", "applicant_name"), "申请人姓名"),
        (lambda text: text.replace("如有异议", "电话 13800000009，如有异议"), "手机号“1380"),
        (lambda text: text.replace("如有异议", "370881199001010013 如有异议"), "身份证号“3708"),
        (
            lambda text: text.replace("如有异议", "６２１７００００００００００００ 如有异议"),
            "银行账号",
        ),
    ],
)
def test_a_notice_that_says_too_much_is_not_posted(world, change, words):
    rewritten(world, change)
    with pytest.raises(Refused) as refused:
        posted(world)
    assert words in refused.value.message
    assert public_notices(world.office) == ()


def test_a_small_village_is_not_named(world):
    posted(world, village=SMALL_VILLAGE)
    [notice] = public_notices(world.office)
    assert "甲镇（户数少，不公布到村）" in notice.body
    assert "甲二村" not in notice.body
    assert ("村（居）", "（户数少，不公布到村）") in notice.fields


def test_a_notice_comes_down_by_itself_and_stays_in_the_register(world):
    posted(world)
    [notice] = public_notices(world.office)
    assert "王*" in notice.body
    assert "王五" not in notice.body
    year = Filter()
    [row] = ledgers.read(world.office, world.people["县办钱"], "notices", year).rows
    assert (row["state"], row["objections"]) == ("up", 0)
    world.at("2026-04-15T00:00:00+08:00")  # five working days: until the 14th, 24:00
    assert public_notices(world.office) == ()
    [row] = ledgers.read(world.office, world.people["县办钱"], "notices", year).rows
    assert row["state"] == "over"
    assert row["down_at"] == row["until"]
