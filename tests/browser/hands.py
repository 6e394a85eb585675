"""The people of a case at their browsers without JavaScript, on a phone; what they see is judged.

Set JIUJI_SHOTS to a folder to keep a picture of every page that was judged.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from app.cases import setup, timers
from app.settings import ROOT
from tests.acceptance.conftest import County
from tests.acceptance.visitor import flat
from tests.browser.conftest import PHONE, Desk
from tests.browser.test_pages import findings
from tests.web.world import JIA, PASSWORD, REGION

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Hands:
    """The people of one installation, each with a phone that runs no scripts."""

    desk: Desk
    wrong: list[str] = field(default_factory=list)
    _phones: dict[str, Page] = field(default_factory=dict)
    _judges: dict[str, Page] = field(default_factory=dict)
    _logins: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        users = setup.read_toml(ROOT, "jining", "demo")["users"]
        self._logins = {one["name"]: one["login"] for one in users}

    def at(self, text: str) -> None:
        """It is that moment in Shanghai; what fell due is done, and all sessions have expired."""
        site = self.desk.site
        for page in (*self._phones.values(), *self._judges.values()):
            page.context.close()
        self._phones.clear()
        self._judges.clear()
        site.clock.set(datetime.fromisoformat(text))
        timers.fire_due(site.office)

    def county(self) -> County:
        """The same people without a browser, to carry a case on quickly."""
        site = self.desk.site
        return County(site.app, site.office, site.clock, PASSWORD, REGION, JIA, self._logins)

    def phone(self, name: str) -> Page:
        """The person's phone, at the inbox."""
        if name not in self._phones:
            login = self._logins[name]
            self._phones[name] = self.desk.page(login, javascript=False, size=PHONE)
        page = self._phones[name]
        page.goto(f"{self.desk.url}/inbox/")
        return page

    def judge(self, name: str, page: Page, what: str) -> None:
        """Notes what is wrong with a main page of the person's: its width, or an axe finding.

        Axe needs scripts: it looks at the same address in a browser of the same person.
        """
        self.measure(name, page, what)
        if name not in self._judges:
            self._judges[name] = self.desk.page(self._logins[name], size=PHONE)
            expect(self._judges[name].locator("h1")).to_be_visible()
        twin = self._judges[name]
        twin.goto(page.url)
        self.wrong += [f"{name}, {what}: {text}" for text in findings(twin)]

    def measure(self, name: str, page: Page, what: str) -> None:
        """Notes when the page must be scrolled sideways on a phone."""
        page.wait_for_load_state()
        expect(page.locator("main")).to_be_visible()
        _keep(page, f"{name}-{what}")
        over = page.evaluate(TOO_WIDE)
        if over > 0:
            self.wrong.append(f"{name}, {what}: {over} px too wide")

    def do(self, name: str, item: str, answers: Mapping[str, Any], *, main: bool = False) -> Page:
        """The person takes the item from the inbox, answers its form and sends it."""
        page = self.phone(name)
        page.get_by_role("link", name=item, exact=True).first.click()
        expect(page.locator("h1")).to_have_text(item)
        (self.judge if main else self.measure)(name, page, item)
        fill(page, answers)
        page.locator(".jf-actions button").first.click()
        expect(page.get_by_role("status")).to_contain_text(f"“{item}”已办结")
        return page


def fill(page: Page, answers: Mapping[str, Any]) -> None:
    """The answers are typed; a missing row is added, a hidden question asked for."""
    for name, value in flat(answers):
        control = page.locator(f'[name="{name}"]')
        if control.count() == 0:
            _bring(page, name)
            expect(control.first).to_be_attached()
        _answer(control, value)


def _bring(page: Page, name: str) -> None:
    rows, bracket, _ = name.partition("[")
    add = page.locator(f'button[name="_add"][value="{rows}"]')
    if bracket and add.count():
        add.click()
    else:
        page.get_by_role("button", name="刷新问题").last.click()


def _answer(control: Locator, value: str | list[str]) -> None:
    first = control.first
    if first.evaluate("one => one.tagName") == "SELECT":
        first.select_option(value)
    elif first.get_attribute("type") in ("radio", "checkbox"):
        for one in [value] if isinstance(value, str) else value:
            control.and_(control.page.locator(f'[value="{one}"]')).check()
    else:
        assert isinstance(value, str)
        first.fill(value)


def _keep(page: Page, name: str) -> None:
    folder = os.environ.get("JIUJI_SHOTS")
    if folder:
        page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)
