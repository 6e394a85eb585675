"""A question added, set, moved and taken out of a form of a draft; through HTTP without script."""

from __future__ import annotations

import json
from uuid import UUID

from app.studio import drafts
from tests.acceptance.test_backtest import person
from tests.acceptance.test_trials import opened, pressed
from tests.world import LOCALITY

FILE = f"forms/{LOCALITY}/apply.form"


def kept(county, base: str) -> dict:
    """The form as the draft has it."""
    actor = person(county, "政策吴")
    draft_id = UUID(base.rpartition("/")[2])
    return json.loads(drafts.read_file(county.office.database, actor, draft_id, FILE).content)


def test_a_question_is_added_set_moved_and_taken_out(county):
    county = county("2026-04-01T09:00:00+08:00")
    base = opened(county)
    before = kept(county, base)
    visitor = county.person("政策吴")
    page = visitor.get(f"{base}/form/{FILE}/")
    assert "填写申请书" in page.text  # where it is used
    page = pressed(visitor, page, "加上", kind="radio")
    assert page.status == 200
    assert len(kept(county, base)["components"]) == len(before["components"]) + 1
    wrong = pressed(
        visitor, page, "存入草稿", label="家里有学生吗", values="有 = yes\n= no", when_key=""
    )
    assert wrong.status == 422
    assert "写成“文字 = 值”" in wrong.text
    assert "家里有学生吗" in str(wrong.tree.xpath("//input[@name='label']/@value"))
    page = pressed(
        visitor, wrong, "存入草稿",
        **{"label": "家里有学生吗", "key": "has_student", "values": "有 = yes\n没有 = no",
           "validate.required": "true", "when_key": "group", "when_value": "other"},
    )  # fmt: skip
    assert "已存入草稿" in page.text
    added = kept(county, base)["components"][-1]
    assert added["label"] == "家里有学生吗"
    assert added["values"][1] == {"label": "没有", "value": "no"}
    assert added["validate"] == {"required": True}
    assert added["conditional"] == {"hide": '=group != "other"'}
    preview = visitor._client.get(f"{base}/form/{FILE}/preview")
    assert "家里有学生吗" in preview.get_data(as_text=True)
    assert "frame-ancestors 'self'" in preview.headers["Content-Security-Policy"]
    moved = [
        one
        for one in page.tree.iter("button")
        if one.get("value") == f"up:{len(before['components'])}"
    ]
    form = moved[0].getparent()
    page = visitor.press(page, form, {"deed": moved[0].get("value")})
    assert kept(county, base)["components"][-2]["key"] == "has_student"
    page = pressed(visitor, page, "删去这一项", deed=f"remove:{len(before['components']) - 1}")
    assert kept(county, base) == before


def test_what_another_person_saved_is_not_overwritten(county):
    county = county("2026-04-01T09:00:00+08:00")
    base = opened(county)
    visitor = county.person("政策吴")
    page = visitor.get(f"{base}/form/{FILE}/?at=0")
    pressed(visitor, page, "加上", kind="text")
    late = pressed(visitor, page, "加上", kind="number")
    assert late.status == 409
    assert "刚刚被别人改过" in late.text
    assert kept(county, base)["components"][1]["type"] == "text"
    assert "number" not in [one["type"] for one in kept(county, base)["components"][:3]]


def test_a_finding_stands_at_its_question_and_strangers_stay_out(county):
    county = county("2026-04-01T09:00:00+08:00")
    base = opened(county)
    visitor = county.person("政策吴")
    page = visitor.get(f"{base}/form/{FILE}/")
    page = pressed(visitor, page, "加上", kind="number")
    page = pressed(
        visitor,
        page,
        "存入草稿",
        **{"label": "几岁", "key": "age", "validate.min": "9", "validate.max": "3"},
    )
    assert "大于 max" in page.text
    assert "有问题" in page.text
    assert "大于 max" in visitor.get(f"{base}/").text  # the draft's page says so, too
    assert county.person("经办李").get(f"{base}/form/{FILE}/").status == 403
    assert visitor.get(f"{base}/form/forms/{LOCALITY}/nothing.form/").status == 404
    assert visitor.get(f"{base}/form/dmn/{LOCALITY}/authority.dmn/").status == 404
