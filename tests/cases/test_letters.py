"""Aims at papers of a case as PDF: each one's numbers are the record's, and who may issue it.

Letters that diagrams issue are tested with their paths; what a template may name is
tests/form/test_papers.py.
"""

from __future__ import annotations

import shutil
from uuid import UUID

import pytest
from sqlalchemy import select

from app.cases import letters, reveal
from app.cases.views.case import case_page
from app.form.pdf import render
from app.kernel.clock import FrozenClock
from app.kernel.errors import Forbidden, NotFound, Refused
from app.store.letters import LetterRow
from app.store.session import SYSTEM, Database
from app.store.vault import Vault
from app.web.letters import sheet_of
from tests.cases.meeting_world import Mechanism
from tests.cases.test_ledgers import GOODS
from tests.conftest import KEY, START
from tests.form.test_pdf import texts
from tests.world import ACCEPT, APPROVE, REGION, World, build, catchup, slip_cash, verify_light

ID_NUMBER = "370881199001010013"


def paid_case(world: World) -> UUID:
    """A case of 500.00 in cash and 390.00 in goods, paid and registered afterwards."""
    world.allot("20000.00")
    case_id = world.report(applicant_id_number=ID_NUMBER, applicant_phone="13800000001")
    now = world.clock.now().isoformat()
    world.do("经办李", case_id, "accept", ACCEPT)
    world.do("经办李", case_id, "verify", {**verify_light("500.00", now), "goods": GOODS})
    world.do("审批赵", case_id, "approve_township", APPROVE)
    slip = {**slip_cash("500.00", now), "method": "cash_and_goods", "goods": GOODS}
    world.do("经办李", case_id, "pay", slip)
    world.do("经办李", case_id, "catchup", catchup("890.00"))
    return case_id


@pytest.fixture(scope="module")
def county(sqlite_template, tmp_path_factory):
    """A county on SQLite with one paid case; answers (world, case id)."""
    path = tmp_path_factory.mktemp("letters") / "jiuji.db"
    shutil.copyfile(sqlite_template, path)
    clock = FrozenClock(START)
    database = Database(f"sqlite:///{path}", clock=clock, vault=Vault(KEY))
    world = build(database, clock)
    yield world, paid_case(world)
    database.close()


def printed(world, case_id, paper_id, who="经办李"):
    """The text of the paper's PDF, issued now; the same letter twice is the same file."""
    made = letters.issue(world.office, world.people[who], REGION, case_id, paper_id)
    letter = reveal.letter(world.office, world.people[who], REGION, UUID(made["letter_id"]))
    raw = render(sheet_of(letter))
    assert raw == render(sheet_of(letter))
    text = "".join(texts(raw))
    assert made["letter_no"] in text
    return text


def test_the_slip_shows_each_thing_and_the_sum_in_capitals(county):
    text = printed(*county, "cash_slip")
    for words in ("棉被", "2床", "240.00", "大米25千克", "150.00", "500.00", "890.00"):
        assert words in text
    assert "捌佰玖拾元整" in text
    assert "370881-V2026-000001" in text
    for name in ("经办李", "调查王", "王五", "领取人或见证人"):
        assert name in text


def test_the_application_form_shows_the_whole_case(county):
    text = printed(*county, "application")
    for words in ("王五", "男", ID_NUMBER, "13800000001", "厨房失火", "12349热线", "890.00"):
        assert words in text
    assert "第1次" in text
    assert "同意（审批赵，2026-04-07）" in text
    assert "厨房烧毁，一家三口无处做饭" in text
    assert "申请人声明" in text


def test_the_catch_up_sheet_shows_what_was_registered_and_until_when(county):
    text = printed(*county, "catchup_sheet")
    assert "890.00" in text
    assert "2026-04-1424:00" in text  # the fifth working day ends at midnight
    assert "单位（盖章）" in text


def test_the_authorisation_names_the_members_to_sign(county):
    text = printed(*county, "authorisation")
    assert ID_NUMBER in text
    assert "签名（按手印）" in text


def test_the_decision_letter_says_amount_clauses_and_remedies(county):
    text = printed(*county, "relief_decision")
    assert "合计890.00元（大写：捌佰玖拾元整）" in text
    assert "行政复议" in text
    assert "济民字〔2018〕94号" in text


def test_a_paper_is_archived_numbered_and_sealed(county):
    world, case_id = county
    printed(world, case_id, "application")
    kept = case_page(world.office, world.people["经办李"], REGION, case_id).letters
    numbers = [one.letter_no for one in kept]
    assert len(set(numbers)) == len(numbers)
    offers = letters.offered(world.office, world.people["经办李"], REGION, case_id)
    assert next(one for one in offers if one.paper_id == "application").issued >= 1
    with world.office.database.read(SYSTEM) as unit:
        row = unit.session.scalars(select(LetterRow)).first()
        assert ID_NUMBER.encode() not in row.body_sealed


def test_who_may_issue_and_what_is_too_early(county):
    world, case_id = county
    with pytest.raises(Forbidden):
        letters.issue(world.office, world.people["审计冯"], REGION, case_id, "application")
    with pytest.raises(Forbidden):
        letters.issue(world.office, world.people["乙镇经办"], REGION, case_id, "application")
    with pytest.raises(NotFound):
        letters.issue(world.office, world.people["经办李"], REGION, case_id, "nothing")
    with pytest.raises(Refused):
        letters.issue(world.office, world.people["县办钱"], REGION, case_id, "plan_sheet")
    assert letters.offered(world.office, world.people["审计冯"], REGION, case_id) == ()


def test_the_plan_and_the_minutes_of_a_major_case(sqlite_url):
    clock = FrozenClock(START)
    database = Database(sqlite_url, clock=clock, vault=Vault(KEY))
    world = build(database, clock)
    mechanism = Mechanism(world)
    case_id = mechanism.convened()
    ref = mechanism.notify(case_id)
    mechanism.votes(ref, yes=6, abstain=1)
    mechanism.close(ref)
    plan = printed(world, case_id, "plan_sheet", "县办钱")
    for words in ("46000.00元", "30000.00元", "20000.00元", "植皮费用医疗救助", "2026年5月31日"):
        assert words in plan
    minutes = printed(world, case_id, "minutes_sheet", "会办韩")
    for words in ("370881-H2026-0001", "应到9人", "实到7人", "法定人数：6人", "尚未签批"):
        assert words in minutes
    assert minutes.count("：赞成") == 6
    database.close()
