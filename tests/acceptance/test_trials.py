"""An invented case carried through a draft in the browser and kept as a scenario; through HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.studio import drafts
from app.studio.scenario_files import names_of
from tests.acceptance.test_backtest import person
from tests.acceptance.visitor import Page, Visitor
from tests.world import LOCALITY

LIKE = "医疗支出 22000.00 元，2700.00 元，乡镇审批（情景12）"
FILE = f"processes/{LOCALITY}/expenditure.scenarios.yaml"
MEMBER = [{"member_name": "孙建军", "relation": "self", "adult": True}]
MEANS = {
    "income_6m": "36000.00",
    "income_12m": "72000.00",
    "vehicles": "0",
    "houses": "1",
    "savings": "0",
}


def opened(county) -> str:
    """A draft nobody has changed yet."""
    draft = drafts.open_draft(
        county.office.database, person(county, "政策吴"), LOCALITY, "试试情景", key="o"
    )
    return f"/studio/drafts/{draft}"


def named(page: Page, words: str) -> Any:
    """The form whose button says that."""
    for form in page.tree.forms:
        if any(words in button.text_content() for button in form.iter("button")):
            return form
    raise AssertionError(f"no button “{words}”: {page.text[:600]}")


def pressed(visitor: Visitor, page: Page, words: str, **answers: Any) -> Page:
    """The page after the button was pressed; its own name and value are sent along."""
    form = named(page, words)
    button = next(one for one in form.iter("button") if words in one.text_content())
    sent = {str(button.get("name")): button.get("value")} if button.get("name") else {}
    return visitor.press(page, form, {**sent, **answers})


def test_a_case_is_tried_step_by_step_and_kept_as_a_scenario(county):
    county = county("2026-04-01T09:00:00+08:00")
    base = opened(county)
    visitor = county.person("政策吴")
    listed = visitor.get(f"{base}/scenarios/")
    assert "个情景都与预期相符" in listed.text
    page = pressed(visitor, listed, "开始试算", begin=f"expenditure|{LIKE}")
    assert "等待：填写申请书" in page.text
    wrong = pressed(visitor, page, "办结“填写申请书”", household=MEMBER, group="other")
    assert wrong.status == 422
    assert "等待：填写申请书" in wrong.text
    applied = {
        **MEANS, "household": MEMBER, "group": "other", "self_paid_medical": "22000.00",
        "self_paid_education": "0", "papers_brought": ["identity"], "declared": True,
    }  # fmt: skip
    page = pressed(visitor, wrong, "办结“填写申请书”", **applied)
    assert page.status == 200, page.text[:1500]
    assert "等待：受理审查" in page.text
    page = pressed(visitor, page, "办结“受理审查”", papers_complete="yes")
    assert "签核对授权书" in page.text
    assert "启动" in page.text  # what the system will do: the limit starts
    back = pressed(visitor, page, "退回一步")
    assert "等待：受理审查" in back.text

    unnamed = pressed(visitor, page, "存入草稿", name="")
    assert unnamed.status == 422
    assert "起一个名字" in unnamed.text
    kept = pressed(visitor, page, "存入草稿", name="两步：申请和受理")
    assert "已存入草稿" in kept.text
    assert "两步：申请和受理" in kept.text
    database, actor = county.office.database, person(county, "政策吴")
    draft_id = UUID(base.rpartition("/")[2])
    assert (
        names_of(drafts.read_file(database, actor, draft_id, FILE).content)[-1]
        == "两步：申请和受理"
    )
    shown = visitor.get(kept.link("两步：申请和受理"))
    assert "受理审查" in shown.text
    assert "与预期不符" not in shown.text


def test_a_changed_diagram_turns_a_scenario_red_and_blocks_nothing_else(county):
    county = county("2026-04-01T09:00:00+08:00")
    base = opened(county)
    database, actor = county.office.database, person(county, "政策吴")
    draft_id = UUID(base.rpartition("/")[2])
    path = f"dmn/{LOCALITY}/authority.dmn"
    file = drafts.read_file(database, actor, draft_id, path)
    lower = file.content.replace(b"<text>3000.00</text>", b"<text>2000.00</text>")
    assert lower != file.content
    drafts.write_file(database, actor, draft_id, path, lower, expected_sha256=file.sha256, key="w")
    visitor = county.person("政策吴")
    page = visitor.get(f"{base}/scenarios/")
    assert "与预期不符，发布以前要改好" in page.text
    red = visitor.get(page.link(LIKE))
    assert "没有按顺序走到“decide_township”" in red.text
    assert county.person("经办李").get(f"{base}/scenarios/").status == 403


def test_a_trial_that_was_tampered_with_is_refused_in_words(county):
    county = county("2026-04-01T09:00:00+08:00")
    base = opened(county)
    visitor = county.person("政策吴")
    page = pressed(visitor, visitor.get(f"{base}/scenarios/"), "开始试算", begin="expenditure|")
    form = named(page, "办结")
    for bad in ("", "{", "[]", '{"process": "expenditure"}', '{"process": 1, "steps": []}'):
        answer = visitor.press(page, form, {"_script": bad})
        assert answer.status in (409, 422), bad
        assert "试算的内容不完整" in answer.text
    unknown = visitor.press(page, form, {"_script": '{"process": "nowhere", "steps": []}'})
    assert unknown.status in (404, 422)
