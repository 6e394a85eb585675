"""A whole installation with the Jining pack and its demonstration people, for page tests.

The installation is made once per process and copied; each test has its own file and clock.
"""

from __future__ import annotations

import logging
import re
import shutil
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from app.cases import setup
from app.cases.fund import allot
from app.cases.office import Office, load_calendar
from app.kernel.clock import FrozenClock
from app.kernel.money import Money
from app.ledger.accounts import Fund
from app.ledger.entry import Source
from app.settings import ROOT, load_settings
from app.store import migrate
from app.store.session import SYSTEM, Database
from app.store.vault import Vault
from app.studio.localities import resolve
from app.studio.publish import first_import
from app.studio.subject import Surroundings
from app.web import create_app

KEY = b"k" * 32
PASSWORD = str(setup.read_toml(ROOT, "jining", "demo")["password"])
MORNING = datetime(2026, 4, 7, 2, 5, tzinfo=UTC)  # Tuesday 10:05 in Shanghai
REGION = "370881"
JIA = "370881101"  # 甲镇
OPENING = Money.from_yuan("20000.00")

HANDLER = "jingban.li"
INVESTIGATOR = "diaocha.wang"
APPROVER = "shenpi.zhao"


@dataclass
class Site:
    """One installation at work, with its clock."""

    app: Flask
    office: Office
    clock: FrozenClock

    @property
    def database(self) -> Database:
        return self.office.database

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def sign_in(self, login: str, password: str = PASSWORD) -> FlaskClient:
        client = self.client()
        answer = send(client, "/sign-in", {"login": login, "password": password})
        assert answer.status_code == 303, answer.text
        return client

    def close(self) -> None:
        self.database.close()


def make_site(folder: Path) -> Site:
    """A fresh copy of the installation in `folder`, at Tuesday 10:05."""
    path = folder / "web.db"
    shutil.copyfile(_template(), path)
    clock = FrozenClock(MORNING)
    office = _office(path, clock)
    app = create_app(load_settings({}), office=office, clock=clock, key=KEY)
    app.testing = True
    return Site(app, office, clock)


def _office(path: Path, clock: FrozenClock) -> Office:
    database = Database(f"sqlite:///{path}", clock=clock, vault=Vault(KEY))
    return Office(database, load_calendar(ROOT))


@cache
def _template() -> Path:
    """The installation's file: migrated, published, peopled, with money in the reserve."""
    path = Path(mkdtemp(prefix="jiuji-web-")) / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    clock = FrozenClock(MORNING)
    office = _office(path, clock)
    around = Surroundings(now=clock.now())
    assert first_import(office.database, resolve(ROOT, "jining"), surroundings=around)
    setup.import_organs(office, ROOT, "jining")
    setup.import_users(office, ROOT, "jining")
    allot(
        office,
        SYSTEM,
        Fund(REGION, JIA, MORNING.year),
        OPENING,
        source=Source.COUNTY,
        document_no="演示〔2026〕1号",
        key="opening",
    )
    office.database.close()
    return path


def token_in(page: str) -> str:
    """The CSRF token of the first form of a page."""
    found = re.search(r'name="csrf_token" value="([0-9a-f]{64})"', page)
    assert found, page[:2000]
    return found.group(1)


def send(
    client: FlaskClient, path: str, data: dict[str, object], *, form_at: str = ""
) -> TestResponse:
    """POST as a browser does: with the token of the page the form stands on."""
    page = client.get(form_at or path).get_data(as_text=True)
    return client.post(path, data={"csrf_token": token_in(page), **data})


class Server:
    """The site on a real port, for browsers."""

    def __init__(self, site: Site) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = make_server("127.0.0.1", 0, site.app, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join(timeout=5)
        self._server.server_close()
