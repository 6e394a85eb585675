"""A whole application on an empty SQLite file with a clock that stands still."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.cases.office import Office
from app.cases.sign_in import hash_password
from app.kernel.clock import FrozenClock
from app.kernel.workdays import WorkCalendar
from app.settings import load_settings
from app.store import people
from app.store.schema import metadata
from app.store.session import SYSTEM, Database
from app.store.vault import Vault
from app.web import create_app

KEY = b"k" * 32
PASSWORD = "correct horse battery"
MORNING = datetime(2026, 4, 7, 2, 5, tzinfo=UTC)  # Tuesday 10:05 in Shanghai

_PASSWORD_HASH = hash_password(PASSWORD)


@dataclass
class Site:
    """The application, its store and its clock."""

    app: Flask
    database: Database
    clock: FrozenClock

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def sign_in(self, login: str, password: str = PASSWORD) -> FlaskClient:
        client = self.client()
        answer = send(client, "/sign-in", {"login": login, "password": password})
        assert answer.status_code == 303, answer.text
        return client


def token_in(page: str) -> str:
    """The CSRF token of the first form of a page."""
    found = re.search(r'name="csrf_token" value="([0-9a-f]{64})"', page)
    assert found, page[:2000]
    return found.group(1)


def send(
    client: FlaskClient, path: str, data: dict[str, str], *, form_at: str = ""
) -> TestResponse:
    """POST as a browser does: with the token of the page the form stands on."""
    page = client.get(form_at or path).get_data(as_text=True)
    return client.post(path, data={"csrf_token": token_in(page), **data})


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    clock = FrozenClock(MORNING)
    database = Database(f"sqlite:///{tmp_path / 'web.db'}", clock=clock, vault=Vault(KEY))
    metadata.create_all(database._write)
    with database.begin(SYSTEM) as unit:
        people.add_organ(unit, "370881", "曲阜市", "county", parent=None, region="370881")
        people.add_organ(unit, "jia", "甲镇", "township", parent="370881", region="370881")
        for login, name, role in (
            ("li", "经办李", "township_handler"),
            ("zhao", "审批赵", "township_approver"),
            ("feng", "审计冯", "auditor"),
        ):
            row = people.add_user(unit, login, name, _PASSWORD_HASH)
            people.grant(unit, row.id, role, "370881" if role == "auditor" else "jia")
    office = Office(database, WorkCalendar([]))
    app = create_app(load_settings({}), office=office, clock=clock, key=KEY)
    app.testing = True
    yield Site(app, database, clock)
    database.close()
