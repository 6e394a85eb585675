"""Aims at templates: fixed fields, no reach beyond them, nothing personal in a notice (G20)."""

import pytest

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
