"""A small county for tests: the shipped locality published, its people at work, a frozen clock.

It stands on the shipped files, so a test that names an amount names one of SCENARIOS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from app.cases import fund, intake, setup, work_items
from app.cases.office import Office, load_calendar
from app.cases.views import case as case_view
from app.cases.views import inbox as inbox_view
from app.cases.views import item as item_view
from app.cases.work_items import ItemRef
from app.kernel.clock import FrozenClock
from app.kernel.money import Money
from app.ledger.accounts import Fund
from app.ledger.entry import Source
from app.store import deployments, people
from app.store.session import SYSTEM, Actor, Database
from app.studio.localities import resolve

ROOT = Path(__file__).resolve().parent.parent
LOCALITY = "jining"
REGION = "370881"
TOWNSHIP, OTHER_TOWNSHIP = "370881101", "370881102"
VILLAGE, OTHER_VILLAGE = "370881101201", "370881102201"

POSTS = {
    "热线员": [("hotline_operator", REGION)],
    "窗口员": [("window_clerk", TOWNSHIP)],
    "经办李": [("township_handler", TOWNSHIP)],
    "调查王": [("township_handler", TOWNSHIP)],
    "审批赵": [("township_approver", TOWNSHIP)],
    "乙镇经办": [("township_handler", OTHER_TOWNSHIP)],
    "县办钱": [("county_handler", REGION)],
    "县审孙": [("county_approver", REGION)],
    "财政吴": [("county_finance", REGION)],
    "审计冯": [("auditor", REGION)],
}

REPORT = {
    "channel": "hotline",
    "applicant_name": "王五",
    "township": TOWNSHIP,
    "village": VILLAGE,
    "applicant_kind": "family",
    "residence": "local",
    "area": "urban",
    "cause": "fire",
    "summary": "厨房失火，灶具和被褥烧毁",
    "reporter_name": "网格员",
    "reporter_phone": "13800000000",
}
ACCEPT = {
    "emergency_now": "yes",
    "irreversible_risk": "yes",
    "cause": "fire",
    "major_hardship": "no",
    "special_city": "no",
}
APPROVE = {"relative_declaration": "none", "decision": "approve", "opinion": "同意"}
PUBLISH = {"place": "village_board", "checked": True}


def verify_light(amount: str, at: str) -> dict[str, Any]:
    """What two investigators found: light, in money alone."""
    return {
        "investigator_1": "经办李",
        "investigator_2": "调查王",
        "verified_at": at,
        "findings": "厨房烧毁，一家三口无处做饭",
        "emergency_confirmed": "yes",
        "degree": "light",
        "cash_amount": amount,
        "goods": [],
    }


def slip_cash(amount: str, at: str) -> dict[str, Any]:
    """Cash handed over by two, signed by the recipient."""
    return {
        "method": "cash",
        "cash_amount": amount,
        "goods": [],
        "paid_at": at,
        "payer_1": "经办李",
        "payer_2": "调查王",
        "receipt_kind": "recipient",
        "signer_name": "王五",
    }


def catchup(amount: str) -> dict[str, Any]:
    """The registration afterwards, signed and sealed."""
    return {
        "recipient": "王五",
        "registered_cause": "fire",
        "registered_amount": amount,
        "handler": "经办李",
        "sealed": True,
    }


@dataclass
class World:
    """The office and its people."""

    office: Office
    clock: FrozenClock
    people: dict[str, Actor] = field(default_factory=dict)

    def at(self, text: str) -> None:
        """It is that moment."""
        self.clock.set(datetime.fromisoformat(text))

    def report(self, who: str = "热线员", **changes: Any) -> UUID:
        """A case is open; answers its id."""
        actor = self.people[who]
        form = intake.door(self.office, actor).form
        answer = intake.report(self.office, actor, form.parse_json({**REPORT, **changes}))
        return UUID(answer["case_id"])

    def item(self, who: str, case_id: UUID, element: str) -> ItemRef:
        """The waiting item of that element that the person sees."""
        box = inbox_view.inbox(self.office, self.people[who])
        for line in (*box.mine, *box.group):
            ref = ItemRef(line.region, line.id)
            if line.case_id == case_id and self.page(who, ref).element_id == element:
                return ref
        raise AssertionError(f"{who} sees no item “{element}”")

    def page(self, who: str, ref: ItemRef) -> item_view.ItemPage:
        """The item's page."""
        return item_view.item_page(self.office, self.people[who], ref)

    def do(
        self,
        who: str,
        case_id: UUID,
        element: str,
        answers: Mapping[str, Any],
        key: str | None = None,
    ) -> dict[str, Any]:
        """The item is done with these answers."""
        ref = self.item(who, case_id, element)
        form = self.page(who, ref).form
        assert form is not None
        return work_items.complete(
            self.office, self.people[who], ref, form.parse_json(answers), key=key
        )

    def case(self, case_id: UUID, who: str = "县办钱") -> case_view.CasePage:
        """The case's page."""
        return case_view.case_page(self.office, self.people[who], REGION, case_id)

    def allot(self, amount: str, township: str = TOWNSHIP) -> None:
        """The township's reserve of the year has grown."""
        year = self.clock.now().year
        target = Fund(REGION, township, year)
        fund.allot(
            self.office,
            SYSTEM,
            target,
            Money.from_yuan(amount),
            source=Source.COUNTY,
            document_no="测试",
            key=f"{township}:{amount}:{self.clock.now().isoformat()}",
        )

    def to_payment(self, amount: str = "1000.00", **changes: Any) -> UUID:
        """A case of that amount waits for its payment."""
        now = self.clock.now().isoformat()
        case_id = self.report(**changes)
        self.do("经办李", case_id, "accept", ACCEPT)
        self.do("经办李", case_id, "verify", verify_light(amount, now))
        self.do("审批赵", case_id, "approve_township", APPROVE)
        return case_id


def publish(office: Office, files: Mapping[str, bytes], locality: str = LOCALITY) -> str:
    """The files are in force from now on; answers the deployment id. Checks are studio's tests."""
    with office.database.begin(SYSTEM) as unit:
        row = deployments.store(unit, locality, "测试", files, prepared_by="test")
        deployments.publish(unit, row, effective_from=unit.now)
        return row.id


def build(database: Database, clock: FrozenClock) -> World:
    """The county, its people and the shipped files in force."""
    office = Office(database, load_calendar(ROOT))
    setup.import_organs(office, ROOT, LOCALITY)
    publish(office, resolve(ROOT, LOCALITY).files)
    world = World(office, clock)
    with database.begin(SYSTEM) as unit:
        for name, posts in POSTS.items():
            row = people.add_user(unit, f"u{len(world.people)}", name, "x")
            for role, organ in posts:
                people.grant(unit, row.id, role, organ)
            world.people[name] = people.actor_of(unit, row)
    return world
