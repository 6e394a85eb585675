"""Aims at ledger files: what is wrong with one is named, and a heading shows only declared data."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cases.ledgers import ROWS
from app.form.ledger_columns import PARAMETERS, QUERIES
from app.form.ledgers import MAX_LEDGER_BYTES, load_ledger
from app.kernel.errors import ModelError

ROOT = Path(__file__).resolve().parents[2]
GOOD = """
id = "hotline"
query = "reports"
group = "ledger"
title = "热线台账"
period = "month"
columns = ["case_no", { key = "channel", heading = "来源" }]
[params]
channels = ["hotline"]
"""


def load(text: str = GOOD):
    return load_ledger(text.encode(), file="forms/x/hotline.ledger.toml")


def test_a_ledger_shows_its_columns_in_order_under_its_own_headings():
    found = load()
    assert [one.text for one in found.headings] == ["受理编号", "来源"]
    assert found.params == {"channels": ("hotline",)}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('id = "hotline"', ""), "缺少 id"),
        (('"reports"', '"accounts"'), "没有查询“accounts”"),
        (('"ledger"', '"book"'), "group 只能是"),
        (('"month"', '"week"'), "period 只能是"),
        (('"case_no"', '"id_number"'), "第 1 栏“id_number”不在该查询的可用栏目之列"),
        (('"case_no"', '"channel"'), "栏目“channel”列了两次"),
        (('"case_no"', "3"), "第 1 栏应写明 key"),
        (("channels =", "forms ="), "参数“forms”不适用"),
        (('["hotline"]', '"hotline"'), "应为代码的清单"),
        (('columns = ["case_no", { key = "channel", heading = "来源" }]', "columns = []"), "1 至"),
    ],
)
def test_what_is_wrong_is_named(change, words):
    with pytest.raises(ModelError) as refused:
        load(GOOD.replace(*change))
    assert words in refused.value.message


@pytest.mark.parametrize("raw", [b"\xff", b"id = ", b" " * (MAX_LEDGER_BYTES + 1)])
def test_what_can_not_be_read_is_refused(raw):
    with pytest.raises(ModelError):
        load_ledger(raw, file="x.ledger.toml")


def test_every_declared_query_has_rows_and_a_shipped_file():
    assert set(QUERIES) == set(ROWS)
    shipped = [
        load_ledger(path.read_bytes(), file=path.name)
        for path in sorted((ROOT / "forms").glob("*/*.ledger.toml"))
    ]
    assert {one.query for one in shipped} == set(QUERIES)
    assert all(name in PARAMETERS for query in QUERIES.values() for name in query.params)
