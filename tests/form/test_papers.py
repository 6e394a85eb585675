"""Aims at templates: fixed fields, no reach beyond them, nothing personal in a notice (G20)."""

from pathlib import Path

import pytest

from app.form.paper_reference import reference
from app.form.papers import MAX_PAPER_BYTES, load_paper, problems_of
from app.kernel.errors import ModelError

NOTICE = """
id = "relief_notice"
kind = "notice"
title = "临时救助发放公示"
fields = ["applicant_masked", "amount"]
body = "{applicant_masked} 获救助 {amount} 元。"
"""
ALLOWED = frozenset({"applicant_masked", "village", "cause_class", "amount", "paid_on"})


def paper(text=NOTICE):
    return load_paper(text.encode(), file="relief_notice.paper.toml")


def test_fill_puts_values_and_a_dash_for_what_is_missing():
    assert paper().fill({"applicant_masked": "王*"}) == "王* 获救助 — 元。"


def test_fill_does_not_follow_attributes_or_nested_slots():
    odd = paper(NOTICE.replace("{amount} 元", "{amount.__class__} 元"))
    assert odd.fill({"amount": "{applicant_masked}"}) == "— 获救助 — 元。"
    assert paper().fill({"applicant_masked": "{amount}"}).startswith("{amount} 获")


def test_a_lawful_notice_has_no_problem():
    assert problems_of(paper(), ALLOWED) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("notice", "poster"), "kind"),
        (('"amount"]', '"amount", "id_number"]'), "id_number"),
        (('"amount"]', '"amount", "applicant_name"]'), "公示不得出现“申请人姓名”"),
        (('["applicant_masked", "amount"]', '["amount"]'), "{applicant_masked}"),
    ],
)
def test_problems_are_named(change, words):
    found = problems_of(paper(NOTICE.replace(*change)), ALLOWED)
    assert any(words in sentence for sentence in found)


@pytest.mark.parametrize("raw", [b"\xff", b"id = ", b'id = "x"', b" " * (MAX_PAPER_BYTES + 1)])
def test_broken_templates_are_refused(raw):
    with pytest.raises(ModelError):
        load_paper(raw, file="x.paper.toml")


RECORD = """
id = "slip"
kind = "record"
title = "发放单"
fields = ["case_no", "applicant_id_number"]
[[parts]]
kind = "facts"
fields = ["case_no", "applicant_id_number"]
[[parts]]
kind = "table"
rows = "handed_over"
columns = ["item", "value"]
[[parts]]
kind = "signatures"
labels = ["经办人"]
"""


def test_a_record_shows_fields_and_lists_in_order():
    made = paper(RECORD)
    assert problems_of(made) == []
    assert made.lists() == {"handed_over"}
    facts, table, seals = made.filled_parts(
        {"case_no": "1"}, {"handed_over": [{"item": "棉被", "value": "240.00", "secret": "x"}]}
    )
    assert facts.pairs == (("受理编号", "1"), ("身份证号", "—"))
    assert table.rows == (("棉被", "240.00"),)
    assert table.right == (False, True)
    assert seals.labels == ("经办人",)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('"record"', '"letter"\nbody = ""'), "只有存档的文书可以写“身份证号”"),
        (('"record"', '"notice"\nbody = ""'), "公示不得出现“身份证号”"),
        (('"record"', '"notice"\nbody = ""'), "公示只写正文"),
        (('"handed_over"', '"bank_accounts"'), "没有清单“bank_accounts”"),
        (('"item", "value"', '"item", "phone"'), "没有栏目“phone”"),
        (('labels = ["经办人"]', "labels = []"), "没有列出内容"),
        (('["case_no", "applicant_id_number"]', '["case_no"]', 1), "{applicant_id_number}"),
    ],
)
def test_problems_of_a_record_are_named(change, words):
    found = problems_of(paper(RECORD.replace(*change)), ALLOWED)
    assert any(words in sentence for sentence in found)


def test_the_reference_page_is_fresh():
    page = Path(__file__).resolve().parents[2] / "docs/papers.md"
    assert page.read_text("utf-8") == reference(), "python -m app.form.paper_reference"
