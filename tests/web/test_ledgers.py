"""Aims at the pages of ledgers: filters, refusals that keep what was typed, files on record."""

from __future__ import annotations

import csv
import io

import pytest

from tests.form.test_pdf import texts
from tests.web import story
from tests.web.world import make_site, send

COUNTY, FINANCE, HOTLINE = "xianban.qian", "caizheng.jiang", "rexian.chu"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The county with one case reported; the tests only read and export."""
    made = make_site(tmp_path_factory.mktemp("ledgers"))
    story.report(made)
    yield made
    made.close()


def test_a_ledger_is_masked_and_leads_to_the_case(site):
    page = site.sign_in(COUNTY).get("/ledgers/relief").get_data(as_text=True)
    assert "救助台账：1 行" in page
    assert "/cases/370881/" in page
    assert "王五" not in page
    empty = site.sign_in(COUNTY).get("/ledgers/relief?since=2025-01-01&until=2025-12-31")
    assert "这段时间没有记录" in empty.get_data(as_text=True)


def test_a_day_that_is_none_is_refused_and_kept(site):
    answer = site.sign_in(COUNTY).get("/ledgers/relief?since=2026-13-40")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "起始日期“2026-13-40”不是日期" in page
    assert 'value="2026-13-40"' in page


@pytest.mark.parametrize(
    "query", ["until=9999-12-31", "since=0001-01-01", "since=2026-05-01&until=2026-04-01"]
)
def test_days_out_of_reach_are_refused(site, query):
    assert site.sign_in(COUNTY).get(f"/ledgers/relief?{query}").status_code == 422


@pytest.mark.parametrize("query", ["page=abc", "page=-1", "state=x&route=%27", "township="])
def test_odd_filters_are_no_error(site, query):
    assert site.sign_in(COUNTY).get(f"/ledgers/relief?{query}").status_code == 200


def test_an_export_needs_a_purpose_and_a_format(site):
    client = site.sign_in(COUNTY)
    for data, words in (
        ({"form": "csv", "purpose": ""}, "请写明导出用途"),
        ({"form": "exe", "purpose": "检查"}, "请选择文件格式"),
    ):
        answer = send(client, "/ledgers/relief/export", data, form_at="/ledgers/relief")
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)


def test_the_same_list_as_csv_xlsx_and_pdf(site):
    client = site.sign_in(COUNTY)
    files = {}
    for form in ("csv", "xlsx", "pdf"):
        data = {"form": form, "purpose": "季度检查"}
        answer = send(client, "/ledgers/relief/export", data, form_at="/ledgers/relief")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        files[form] = answer.data
    head, row, total = csv.reader(io.StringIO(files["csv"].decode("utf-8-sig")))
    assert head[:2] == ["受理编号", "申请人"]
    assert row[0].startswith("370881-2026-")
    assert "*" in row[1]
    assert total[0] == "合计"
    assert files["xlsx"].startswith(b"PK")
    [text] = texts(files["pdf"])
    assert row[0] in text
    assert "救助台账" in text


def test_finance_reads_money_and_the_hotline_nothing(site):
    finance = site.sign_in(FINANCE)
    assert "每月发放表" in finance.get("/ledgers/").get_data(as_text=True)
    assert finance.get("/ledgers/relief").status_code == 403
    assert site.sign_in(HOTLINE).get("/ledgers/").status_code == 403
    assert site.sign_in(COUNTY).get("/ledgers/none").status_code == 404
