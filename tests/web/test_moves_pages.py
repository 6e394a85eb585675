"""Moving running cases by HTTP: the dry run, the move with its reason, the record, the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.studio.localities import package_of, resolve
from app.studio.publish import in_force, sha256
from tests.studio.staff import put_in_force
from tests.web import story
from tests.web.policy import press
from tests.web.world import HANDLER, Site, make_site

ROOT = Path(__file__).resolve().parents[2]
PUBLISHER, EDITOR = "fabu.zheng", "zhengce.wu"
STOCKS = "/studio/moves/jining/"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = make_site(tmp_path)
    yield made
    made.close()


def newer(site: Site) -> tuple[str, str]:
    """(old, new) deployment: the accepting step has another name in the new one."""
    old = in_force(site.database, "jining")
    assert old is not None
    files = dict(resolve(ROOT, "jining").stored)
    path = "processes/jining/intake.bpmn"
    assert files[path].count('name="受理与分办"'.encode()) == 1
    files[path] = files[path].replace('name="受理与分办"'.encode(), 'name="受理"'.encode())
    return sha256(old), put_in_force(site.database, package_of("jining", files))


def test_case_is_moved_after_a_dry_run_and_back(site: Site) -> None:
    case = story.report(site)
    old, new = newer(site)
    publisher = site.sign_in(PUBLISHER)
    page = publisher.get(STOCKS).get_data(as_text=True)
    assert "有 1 件在办个案还用着旧版本" in page
    path = f"{STOCKS}{old}/{new}/"
    sheet = publisher.get(path).get_data(as_text=True)
    assert "1 件在办，1 件可以迁移" in sheet
    assert "370881-2026-000001" in sheet
    assert "李演示" not in sheet
    chosen = sheet.split('name="chosen" value="')[1][:36]
    for data in (
        {"chosen": chosen, "reason": " "},
        {"reason": "统一"},
        {"chosen": "x", "reason": "y"},
    ):
        assert press(publisher, path, data, at=path).status_code == 422
    answer = press(publisher, path, {"chosen": chosen, "reason": "统一新标准"}, at=path)
    assert answer.status_code == 303
    record = answer.headers["Location"]
    assert "这一批迁移了 1 件个案" in publisher.get(record).get_data(as_text=True)
    handler = site.sign_in(HANDLER)
    assert "迁到另一个政策版本" in handler.get(case).get_data(as_text=True)
    assert _names(handler) == {"受理"}
    answer = press(publisher, record + "undo", {"reason": "试错了"}, at=record)
    assert answer.status_code == 303
    assert _names(handler) == {"受理与分办"}


def test_others_move_nothing(site: Site) -> None:
    story.report(site)
    old, new = newer(site)
    for login in (EDITOR, HANDLER):
        client = site.sign_in(login)
        assert client.get(STOCKS).status_code == 403
        assert client.get(f"{STOCKS}{old}/{new}/").status_code == 403
    publisher = site.sign_in(PUBLISHER)
    assert publisher.get(f"{STOCKS}{old}/{'0' * 64}/").status_code == 404


def _names(client: FlaskClient) -> set[str]:
    page = client.get("/inbox/").get_data(as_text=True)
    return {name for name in ("受理", "受理与分办") if f">{name}<" in page}
