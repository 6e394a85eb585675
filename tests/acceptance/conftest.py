"""The installation as it is shipped, on both databases, with a frozen clock, reached by HTTP only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.cases import fund, setup, timers
from app.cases.office import Office, load_calendar
from app.kernel.clock import FrozenClock
from app.kernel.money import Money
from app.ledger.accounts import Fund
from app.ledger.entry import Source
from app.settings import load_settings
from app.store.session import SYSTEM, Database
from app.studio.localities import resolve
from app.web import create_app
from tests.acceptance.visitor import Page, Visitor
from tests.world import LOCALITY, ROOT, publish


@dataclass
class County:
    """One county of a locality at work: its people by name, each with a browser of their own."""

    app: Flask
    office: Office
    clock: FrozenClock
    password: str
    region: str
    township: str  # the first one; whose reserve the maker fills
    logins: Mapping[str, str]  # name -> log-in
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def at(self, text: str) -> None:
        """It is that moment in Shanghai; the worker has done what fell due on the way."""
        self.clock.set(datetime.fromisoformat(text))
        timers.fire_due(self.office)

    def person(self, name: str) -> Visitor:
        """The person, signed in now."""
        visitor = Visitor(self.app.test_client())
        page = visitor.sign_in(self.logins[name], self.password)
        assert page.status == 200, page.text[:400]
        assert page.address != "/sign-in", page.text[:400]
        return visitor

    def public(self) -> Visitor:
        """Anybody, not signed in."""
        return Visitor(self.app.test_client())

    def report(self, who: str = "热线楚", **answers: Any) -> str:
        """A report was registered; answers the case number."""
        visitor = self.person(who)
        page = visitor.fill("/reports/new/", answers)
        assert page.status == 200, page.text[:1500]
        found = page.tree.xpath("//*[contains(text(), '-2026-') or contains(text(), '-2025-')]")
        for element in found:
            for word in element.text_content().split():
                if word.startswith(f"{self.region}-20"):
                    return str(word).strip("，。·")
        raise AssertionError(page.text[:1500])

    def item(self, who: str, case_no: str, name: str) -> tuple[Visitor, str]:
        """The person at work and the address of the named work item of the case."""
        visitor = self.person(who)
        page = visitor.get("/inbox/")
        for anchor in page.tree.iter("a"):
            href = str(anchor.get("href") or "")
            if "/work-items/" not in href or name not in anchor.text_content():
                continue
            item = visitor.get(href)
            if case_no in item.text:
                return visitor, href
        raise AssertionError(f"{who} has no “{name}” of {case_no}: {page.text[:1500]}")

    def has_item(self, who: str, case_no: str, name: str) -> bool:
        """True when the person's inbox shows the item."""
        try:
            self.item(who, case_no, name)
        except AssertionError:
            return False
        return True

    def do(self, who: str, case_no: str, name: str, answers: Mapping[str, Any]) -> Page:
        """The page after the person answered the item; the person need not have succeeded."""
        visitor, address = self.item(who, case_no, name)
        return visitor.fill(address, answers)

    def case(self, case_no: str, who: str = "") -> Page:
        """The case's page as that person sees it, the county's handler if nobody is named."""
        visitor = self.person(who or next(name for name in self.logins if "县办" in name))
        page = visitor.get(f"/search/?q={case_no}")
        return page if f"/cases/{self.region}" in page.address else visitor.get(page.link(case_no))

    def fund(self, who: str = "经办李") -> Page:
        """The township's reserve fund page."""
        return self.person(who).get(f"/funds/{self.township}")


@pytest.fixture
def county(database: Database, clock: FrozenClock) -> Callable[..., County]:
    """A maker: county(moment, balance, locality, root) stands at that moment with that reserve."""

    def make(
        moment: str, balance: str = "20000.00", locality: str = LOCALITY, root: Path = ROOT
    ) -> County:
        clock.set(datetime.fromisoformat(moment))
        office = Office(database, load_calendar(ROOT))
        publish(office, resolve(root, locality).stored, locality)
        return staffed(office, clock, balance, locality, root)

    return make


def staffed(office: Office, clock: FrozenClock, balance: str, locality: str, root: Path) -> County:
    """The locality's organs and people at work, the first township with that reserve."""
    setup.import_organs(office, root, locality)
    logins = setup.import_users(office, root, locality)
    organs = setup.read_toml(root, locality, "organs")["organs"]
    region = str(setup.read_toml(root, locality, "locality")["region"])
    township = next(str(one["code"]) for one in organs if one["level"] == "township")
    fund.allot(
        office,
        SYSTEM,
        Fund(region, township, clock.now().year),
        Money.from_yuan(balance),
        source=Source.COUNTY,
        document_no="测试",
        key="opening",
    )
    app = create_app(load_settings({}), office=office, clock=clock, key=b"k" * 32)
    app.testing = True
    names = {login.name: login.login for login in logins}
    return County(app, office, clock, logins[0].password, region, township, names)
