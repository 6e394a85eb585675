"""Cases carried to their payment by the verbs: what scenarios of money take as given."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import count
from typing import Any
from uuid import UUID

from app.cases import intake, work_items
from app.cases.views.item import item_page
from app.cases.work_items import ItemRef
from app.form import HEAD_BYTES, Submission, UploadedFile
from app.store import people
from app.store import slips as slip_rows
from app.store import work_items as item_rows
from app.store.session import Actor
from tests.acceptance.conftest import County
from tests.acceptance.test_jiangxi import ACCEPT, APPROVE, REPORT, bank, cash, verify

_SURNAMES = "赵钱孙李周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶"
_GIVEN = ("文", "丽华", "志强", "秀英", "军", "桂兰", "海涛")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_people = count(1)


def somebody() -> dict[str, str]:
    """A person who was never helped: other name, number, telephone and house than all before."""
    number = next(_people)
    body = (
        f"360722{1950 + number % 50}{1 + number % 12:02d}{1 + number % 28:02d}{number % 1000:03d}"
    )
    rest = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11
    surname = _SURNAMES[number % len(_SURNAMES)]
    return {
        "applicant_name": f"{surname}{_GIVEN[number % len(_GIVEN)]}",
        "applicant_id_number": body + "10X98765432"[rest],
        "applicant_phone": f"139{number:08d}",
        "address": f"{number}号",
    }


def account() -> str:
    """The number of an account that nobody was paid into before."""
    return f"62{next(_people):014d}"


def transfer(at: str, amount: str) -> dict[str, Any]:
    """A slip for a transfer to a fresh account."""
    return {**bank(at, amount), "bank_account": account()}


def actor(county: County, name: str) -> Actor:
    """The person as the verbs know them."""
    with county.office.database.read() as unit:
        row = people.user_by_login(unit, county.logins[name])
        assert row is not None
        return people.actor_of(unit, row)


def approved(county: County, amount: str, **changes: Any) -> tuple[UUID, str]:
    """An emergency of that amount waits for its payment: (case id, case number)."""
    here = actor(county, "丙窗口陈")
    form = intake.door(county.office, here).form
    answer = intake.report(
        county.office,
        here,
        form.parse_json({**REPORT, **somebody(), "channel": "window", **changes}),
    )
    case_id = UUID(answer["case_id"])
    at = county.clock.now().isoformat()
    do(county, "丙经办李", case_id, "accept", ACCEPT)
    do(county, "丙经办李", case_id, "verify", verify(at, amount))
    do(county, "丙审批赵", case_id, "approve_township", APPROVE)
    return case_id, str(answer["case_no"])


def paid(county: County, amount: str, *, by: str = "cash", **changes: Any) -> tuple[str, str]:
    """A case of that amount is paid now: (case number, voucher number)."""
    case_id, case_no = approved(county, amount, **changes)
    at = county.clock.now().isoformat()
    slip = cash(at, amount) if by == "cash" else transfer(at, amount)
    do(county, "丙经办李", case_id, "pay", slip)
    with county.office.database.read() as unit:
        [(row, _)] = slip_rows.of_case(unit, county.region, case_id)
    return case_no, row.voucher_no


def do(
    county: County,
    who: str,
    case_id: UUID,
    element: str,
    answers: Mapping[str, Any],
    photo: bytes = b"",
) -> None:
    """The waiting item of that element is done with these answers over what the form shows."""
    person = actor(county, who)
    with county.office.database.read() as unit:
        found = item_rows.of_case(unit, county.region, case_id, waiting_only=True)
        [item] = [one for one in found if one.element_id == element]
    ref = ItemRef(county.region, item.id)
    page = item_page(county.office, person, ref)
    assert page.form is not None
    assert page.submission is not None
    sent = page.form.parse_json(dict(answers)).raw
    filled = Submission({**page.submission.raw, **{name: sent[name] for name in answers}})
    files = {}
    if photo:
        reference = hashlib.sha256(photo).hexdigest()
        files[reference] = photo
        paper = UploadedFile(reference, "签收.png", len(photo), photo[:HEAD_BYTES])
        filled = Submission({**filled.raw, "photo": [paper]})
    work_items.complete(county.office, person, ref, filled, files=files)
