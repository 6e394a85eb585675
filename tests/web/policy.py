"""A small installation for the pages of the studio: one little package and its policy staff.

Checks of the little package take milliseconds; what needs the shipped packages uses `world`.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.cases.office import Office, load_calendar
from app.cases.sign_in import hash_password
from app.kernel.clock import FrozenClock
from app.settings import ROOT, load_settings
from app.store import migrate
from app.store.session import Database
from app.store.vault import Vault
from app.studio.localities import Package
from app.web import create_app
from tests.studio.drawing import made
from tests.studio.staff import Staff, hire, put_in_force
from tests.web.world import KEY, MORNING, Site, send, token_in

PASSWORD = "gaozheng-2026"
PACKAGE: Package = made({}, {})


@dataclass
class PolicySite(Site):
    """The installation and its people."""

    staff: Staff

    def enter(self, login: str) -> FlaskClient:
        """A browser in which the person is signed in."""
        return self.sign_in(login, PASSWORD)


def make_policy_site(folder: Path, package: Package = PACKAGE, models: Path = ROOT) -> PolicySite:
    """A fresh installation in `folder` with the package in force, at Tuesday 10:05."""
    path = folder / "policy.db"
    shutil.copyfile(_template(), path)
    clock = FrozenClock(MORNING)
    database = Database(f"sqlite:///{path}", clock=clock, vault=Vault(KEY))
    office = Office(database, load_calendar(ROOT))
    staff = hire(database, password_hash=_hash())
    put_in_force(database, package)
    settings = load_settings({"JIUJI_MODELS_DIR": str(models)})
    app: Flask = create_app(settings, office=office, clock=clock, key=KEY)
    app.testing = True
    return PolicySite(app, office, clock, staff)


def begin(client: FlaskClient, title: str = "改单据") -> str:
    """The path of a fresh draft."""
    page = client.get("/studio/").get_data(as_text=True)
    data = {"title": title, "locality": "here", "_key": key_in(page)}
    answer = send(client, "/studio/drafts", data, form_at="/studio/")
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def press(
    client: FlaskClient, path: str, data: dict[str, object] | None = None, *, at: str
) -> TestResponse:
    """POST as a browser does, with the token and the key of the page the form stands on."""
    page = client.get(at).get_data(as_text=True)
    sent = {"csrf_token": token_in(page), "_key": key_in(page), **(data or {})}
    return client.post(path, data=sent)


def key_in(page: str) -> str:
    """The command key of the first form of a page that has one."""
    found = re.search(r'name="_key" value="([0-9a-f]{32})"', page)
    assert found, page[:2000]
    return found.group(1)


@cache
def _hash() -> str:
    return hash_password(PASSWORD)


@cache
def _template() -> Path:
    path = Path(mkdtemp(prefix="jiuji-policy-")) / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path
