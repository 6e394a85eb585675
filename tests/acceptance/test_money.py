"""SCENARIOS 29 and 31 with Jiangxi data, the January review and bank batches, through HTTP.

Every number in the text is asserted. The payments that a scenario takes as given are made by the
verbs (`payers`); what it is about is done by people on pages.
"""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import pytest

from app.cases import fund, reviews, transfers, writeoffs
from app.kernel.money import Money
from app.ledger.accounts import Fund
from app.ledger.entry import Source
from app.store import transfers as rows
from app.store.session import SYSTEM
from tests.acceptance import payers
from tests.acceptance.conftest import County
from tests.acceptance.test_emergency import digits, succeeded
from tests.acceptance.test_jiangxi import CATCHUP, cash
from tests.acceptance.visitor import Page, Visitor

MARCH = "2026-03-01T09:00:00+08:00"


@pytest.fixture
def xinfeng(county):
    """A maker of the county of FX-JX."""
    return lambda moment, balance="60000.00": county(moment, balance, "jiangxi")


def packages(page: Page) -> list[str]:
    """Numbers of the write-off packages on the page."""
    anchors = [a.text_content().strip() for a in page.tree.iter("a")]
    return [text for text in anchors if text.startswith("销-")]


def test_29_reserve_exhausted_in_an_emergency_in_jiangxi(xinfeng):
    county = xinfeng("2026-04-07T09:00:00+08:00", "1600.00")
    _, earlier = payers.paid(county, "800.00")  # so that 800.00 are left
    moment = "2026-04-07T10:05:00+08:00"
    county.at(moment)
    _, case_no = payers.approved(county, "1000.00")
    book = county.fund("丙经办李")
    assert "还能用 800.00 元" in digits(book)
    assert "-200.00" not in digits(book)
    assert not county.has_item("丙经办李", case_no, "发放")

    visitor, address = county.item("丙经办李", case_no, "备用金不足")
    page = visitor.get(address)
    assert "备用金余额 800.00 元，还差 200.00 元" in digits(page)
    for way_out in ("县级直接支付", "上报销账并申请追加"):
        assert way_out in page.text
    assert "还剩" in page.text  # the 24 hours keep running
    assert "2026-04-08 10:05" in county.case(case_no).text
    succeeded(visitor.fill(address, {"resolution": "supplement", "explanation": "用完了"}))

    county.at("2026-04-07T15:00:00+08:00")
    assert "2026-04-08 10:05" in county.case(case_no).text  # the same limit: nothing stopped it
    added = {"supplement_amount": "30000.00", "papers": ["monthly", "vouchers"]}
    succeeded(county.do("信财政蒋", case_no, "追加备用金", added))
    book = county.fund("丙经办李")
    assert "账上 30800.00 元，其中 1000.00 元已预留" in digits(book)
    [package_no] = packages(book)
    assert f"追加备用金，销账材料 {package_no}" in book.text
    package = county.person("信财政蒋").get(book.link(package_no))
    assert "1 笔，合计 800.00 元" in digits(package)
    assert earlier in package.text

    county.at("2026-04-07T16:00:00+08:00")
    succeeded(county.do("丙经办李", case_no, "发放", cash("2026-04-07T16:00:00+08:00", "1000.00")))
    assert "还能用 29800.00 元" in digits(county.fund("丙经办李"))
    assert case_no not in county.person("信县办钱").get("/deadlines/").text  # on time


def test_29_the_county_pays_directly_and_the_reserve_stays(xinfeng):
    county = xinfeng("2026-04-07T10:05:00+08:00", "800.00")
    _, case_no = payers.approved(county, "1000.00")
    succeeded(county.do("丙经办李", case_no, "备用金不足", {"resolution": "county_direct"}))
    agreed = {"county_decision": "approve", "county_fund_no": "县拨〔2026〕9号", "opinion": "同意"}
    succeeded(county.do("信县办钱", case_no, "县级直接支付", agreed))
    slip = cash("2026-04-07T10:05:00+08:00", "1000.00")
    succeeded(county.do("丙经办李", case_no, "发放", slip))
    assert "还能用 800.00 元" in digits(county.fund("丙经办李"))
    money = county.person("信财政蒋").get("/county-money/")
    [row] = [tr for tr in money.tree.iter("tr") if "县级资金" in tr.text_content()]
    assert "1000.00" in row.text_content().replace(",", "").replace("\u202f", "")  # paid


def month_of_payments(county: County) -> tuple[list[str], str]:
    """March 2026: twelve payments of 800.00, the seventh without a voucher."""
    numbers = []
    for day in range(2, 14):
        county.at(f"2026-03-{day:02d}T10:00:00+08:00")
        numbers.append(payers.paid(county, "800.00")[1])
    clerk = payers.actor(county, "丙经办李")
    for number in numbers:
        if number != numbers[6]:
            writeoffs.add_voucher(
                county.office,
                clerk,
                county.region,
                number,
                note=f"签收单 {number[-2:]}",
                upload=None,
                key=f"{number}-proof".ljust(32, "0"),
            )
    return numbers, numbers[6]


def begin_package(county: County, month: int) -> Page:
    """The page of the month's package, just begun by the township."""
    visitor = county.person("丙经办李")
    book = visitor.get(f"/funds/{county.township}")
    return visitor.press(book, book.form("month"), {"month": str(month)})


def test_31_write_off_with_a_missing_voucher(xinfeng):
    county = xinfeng(MARCH)
    _, missing = month_of_payments(county)
    county.at("2026-04-02T09:00:00+08:00")
    package = begin_package(county, 3)
    assert package.status == 200, package.text[:800]
    assert "12 笔，合计 9600.00 元" in digits(package)
    assert "1 笔缺凭证" in package.text
    assert "年度发放汇总表" not in package.text  # only in January
    package_no = package.address.rsplit("/", 1)[-1]

    visitor = county.person("丙经办李")
    succeeded(answered(visitor, "核对并上报", {"handling": "all"}))  # returned, naming the payment
    again = item_page(visitor, "核对并上报")
    assert f"凭证 {missing}（800.00 元）缺发放凭证" in digits(again)
    assert not has_item(county, "信县办钱", "县级民政审核销账")

    succeeded(answered(visitor, "核对并上报", {"handling": "split"}))
    civil = county.person("信县办钱")
    assert "本次销账 11 笔 8800.00 元，缺凭证留下 800.00 元" in digits(
        item_page(civil, "县级民政审核销账")
    )
    succeeded(answered(civil, "县级民政审核销账", {"decision": "agree"}))
    finance = county.person("信财政蒋")
    agreed = {"decision": "agree", "papers": ["monthly", "vouchers"]}
    succeeded(answered(finance, "县级财政核销", agreed))

    county.at("2026-05-04T09:00:00+08:00")
    done = county.person("信财政蒋").get(f"/writeoffs/{county.region}/{package_no}")
    assert "已销账 8800.00 元，留下 800.00 元" in digits(done)
    book = county.fund("丙经办李")
    assert "已销账 8800.00 元，未销账 800.00 元" in digits(book)
    [row] = [
        tr
        for tr in book.tree.iter("tr")
        if missing in tr.text_content() and "缺凭证，已超期" in tr.text_content()
    ]
    assert "57" in row.text_content()  # days since 2026-03-08: it ages

    page = visitor_with_voucher(county, package_no, missing)
    assert page.status == 409 or "已销账" in page.text  # a settled package takes no more papers


def visitor_with_voucher(county: County, package_no: str, number: str) -> Page:
    """The page after a voucher was added on the settled package's page."""
    visitor = county.person("丙经办李")
    page = visitor.get(f"/writeoffs/{county.region}/{package_no}")
    assert "补登凭证" not in page.text
    return page


def test_31_what_was_left_open_comes_with_the_next_package(xinfeng):
    county = xinfeng(MARCH)
    _, first = payers.paid(county, "800.00")
    county.at("2026-04-02T09:00:00+08:00")
    _, second = payers.paid(county, "500.00")
    clerk = payers.actor(county, "丙经办李")
    for number in (second, first):
        writeoffs.add_voucher(
            county.office, clerk, county.region, number, note="签收单", upload=None, key=number * 2
        )
    package = begin_package(county, 4)
    assert "2 笔，合计 1300.00 元" in digits(package)
    assert first in package.text


def test_january_review_two_confirmations_and_the_package_of_january(xinfeng):
    """40 % of 23 456.78 is 9 382.712, rounded up to the fen: 9 382.72 (S2 二(三))."""
    county = xinfeng("2025-11-03T09:00:00+08:00", "30000.00")
    for amount in ("900.00", "356.78"):
        payers.paid(county, amount)
    county.at("2026-01-05T09:00:00+08:00")
    assert reviews.begin_due(county.office) == 2  # both townships
    assert reviews.begin_due(county.office) == 0
    civil = county.person("信县办钱")
    page = item_page(civil, "拟定年度备用金预算", "丙镇")
    assert "上年度使用 1256.78 元，上年度投入 30000.00 元，上年结余 28743.22 元" in digits(page)
    assert "× 40%，不足一分的进一分 = 502.72 元" in digits(page)  # 502.712 up to the fen

    plan = {"planned_amount": "502.71", "reason": ""}
    refused = civil.press(page, page.form("planned_amount"), plan)
    assert refused.status == 409
    assert "502.72 元。原则上不得低于该数" in digits(refused)
    plan = {"planned_amount": "20000.00", "reason": "上年有一次性投入"}
    succeeded(civil.press(page, page.form("planned_amount"), plan))

    finance = county.person("信财政蒋")
    page = item_page(finance, "县级财政确认预算", "丙镇")
    assert "提醒：低于上年度投入 10000.00 元，理由：上年有一次性投入" in digits(page)
    confirmed = {
        "decision": "agree",
        "allot_amount": "20000.00",
        "fund_source_code": "provincial",
        "document_no": "财社〔2026〕1号",
    }
    succeeded(finance.press(page, page.form("decision"), confirmed))
    book = county.fund("丙经办李")
    assert "还能用 0.00 元" in digits(book)  # one confirmation moves nothing

    second = county.person("信县审孙")
    page = item_page(second, "县级民政确认预算", "丙镇")
    assert "财政确认拨入 20000.00 元，文号 财社〔2026〕1号" in digits(page)
    succeeded(second.press(page, page.form("decision"), {"decision": "agree"}))
    book = county.fund("丙经办李")
    assert "还能用 48743.22 元" in digits(book)  # 28 743.22 carried over and 20 000.00
    assert "上年结转28743.22 元" in digits(book).replace(" 28", "28")
    assert "省级资金 20000.00 元" in digits(book)
    money = county.person("信财政蒋").get("/county-money/")
    assert "比上年少 10000.00 元" in digits(money)  # SA13
    [open_ones] = [t for t in money.tree.iter("table") if "正在办" in t.text_content()]
    assert "戊镇" in open_ones.text_content()  # its review waits
    assert "丙镇" not in open_ones.text_content()  # this one is over
    assert "20000.00 元（上年使用 1256.78 元，最低 502.72 元" in digits(book)
    assert reviews.begin_due(county.office) == 0

    payers.paid(county, "100.00")
    package = begin_package(county, 1)
    assert "2025 年度发放汇总表" in package.text
    assert "1256.78" in digits(package)


def bank_slip(county: County, amount: str, account: str, **who: str) -> str:
    """A case paid by bank; answers the voucher number."""
    case_id, _ = payers.approved(county, amount, **who)
    slip = payers.bank(county.clock.now().isoformat(), amount)
    payers.do(county, "丙经办李", case_id, "pay", {**slip, "bank_account": account})
    page = county.person("信财政蒋").get("/transfers/")
    return [th.text_content() for th in page.tree.iter("th") if "-V2026-" in th.text_content()][-1][
        :19
    ]


def test_bank_batch_out_and_back(xinfeng):
    county = xinfeng("2026-04-07T09:00:00+08:00", "3000.00")
    people = [payers.somebody(), payers.somebody()]
    names = [who["applicant_name"] for who in people]
    good = bank_slip(county, "800.00", "6200000000000001", **people[0])
    bad = bank_slip(county, "700.00", "6200000000000002", **people[1])
    finance = county.person("信财政蒋")
    page = finance.get("/transfers/")
    assert "2 笔待代发，合计 1500.00 元" in digits(page)
    assert "6200000000000001" not in page.text  # masked on the screen
    batch = finance.press(page, form_to(page, "/transfers/send"), {})
    assert "已送1500.00元2 笔" in tight(batch)
    client: Any = finance._client
    head = {"Origin": "http://localhost"}
    form = dict(form_to(batch, "/file").fields)
    assert client.post(f"{batch.address}/file", data=form, headers=head).status_code == 409
    file = client.post(f"{batch.address}/file", data={**form, "purpose": "送农商行"}, headers=head)
    lines = file.get_data().decode("utf-8-sig").splitlines()
    assert lines[0] == "凭证号,收款人姓名,收款账号,开户行,金额,用途"
    assert lines[1] == f"{good},{names[0]},6200000000000001,信丰农商行,800.00,emergency_relief"
    assert len(lines) == 3

    def answer(text: str) -> Page:
        form = dict(form_to(finance.get(batch.address), "/answer").fields)
        form["answer"] = (io.BytesIO(text.encode("gb18030")), "回单.csv")
        got = client.post(f"{batch.address}/answer", data=form, headers=head, follow_redirects=True)
        return Page(got.status_code, batch.address, _tree(got))

    assert lines[2].startswith(f"{bad},{names[1]},6200000000000002,")
    head_line = "凭证号,金额,结果,失败原因\n"
    wrong = answer(head_line + f"{good},799.99,成功,\n{bad},700.00,好了,\nX-1,1.00,成功,\n")
    assert wrong.status == 422
    assert "第 3 行：结果“好了”看不懂" in wrong.text
    wrong = answer(
        head_line + f"{good},799.99,成功,\nX-1,1.00,成功,\n{bad},700.00,成功,\n{bad},700.00,成功,\n"
    )
    assert wrong.status == 422
    for fault in (
        "第 2 行：金额 799.99 元与代发的 800.00 元不符",
        "第 3 行：凭证号“X-1”不在这个批次里",
        f"第 5 行：凭证号“{bad}”在文件里出现了两次",
    ):
        assert fault in wrong.text
    assert "未回1500.00元2 笔" in tight(finance.get(batch.address))  # nothing was half done

    text = head_line + f"{good},800.00,成功,\n{bad},700.00,退回,账号不存在\n"
    done = answer(text)
    assert "到账 1 笔，退回 1 笔" in done.text
    assert "已经导入过，没有任何改动" in answer(text).text
    assert "退回700.00元1 笔" in tight(finance.get(batch.address))
    book = county.fund("丙经办李")
    assert "账上 2200.00 元，其中 700.00 元已预留" in digits(book)  # kept for the case

    clerk = county.person("丙经办李")
    page = item_page(clerk, "银行退回处理")
    assert "转账 700.00 元 没有成功，银行原因：账号不存在" in digits(page)
    again = {
        "resolution": "again",
        "account_name": "王建国",
        "bank_name": "信丰农商行",
        "bank_account": "6200000000000003",
    }
    succeeded(clerk.press(page, page.form("resolution"), again))
    assert "账上 1500.00 元，其中 0.00 元已预留" in digits(county.fund("丙经办李"))
    assert "1 笔待代发，合计 700.00 元" in digits(finance.get("/transfers/"))


def test_stock_take_names_a_difference_and_blocks_nothing(xinfeng):
    county = xinfeng("2026-04-30T09:00:00+08:00", "5000.00")
    payers.approved(county, "1000.00")
    visitor = county.person("丙经办李")
    book = visitor.get(f"/funds/{county.township}")
    assert "1 月、2 月、3 月没有盘点记录" in book.text
    refused = visitor.press(book, book.form("counted"), {"counted": "4999.00"})
    assert refused.status == 409
    assert "账面 5000.00 元，盘点 4999.00 元，相差 -1.00 元" in digits(refused)
    named = {"counted": "4999.00", "note": "原因待查"}
    page = succeeded(visitor.press(refused, refused.form("counted"), named))
    assert "最近一次盘点与账面相差 -1.00 元" in digits(page).replace("−", "-")
    assert "还能用 4000.00 元" in digits(page)  # nothing moved
    assert "备用金盘点不符" in county.person("信财政蒋").get("/inbox/").text
    page = succeeded(visitor.press(page, page.form("counted"), {"counted": "5000.00", "note": ""}))
    assert "盘点不符" not in page.text


def test_a_refund_goes_back_to_where_it_came_from_and_no_further(xinfeng):
    county = xinfeng("2026-04-07T09:00:00+08:00", "5000.00")
    case_no, _ = payers.paid(county, "1000.00")
    finance = county.person("信财政蒋")
    book = finance.get(f"/funds/{county.township}")
    back = {"case_no": case_no, "refunded": "1000.01", "reason": "多发", "receipt_no": "收-1"}
    refused = finance.press(book, book.form("refunded"), back)
    assert refused.status == 409
    assert "退回 1000.01 元超过本案尚未退回的支出 1000.00 元" in digits(refused)
    back["refunded"] = "400.00"
    page = succeeded(finance.press(refused, refused.form("refunded"), back))
    assert "还能用 4400.00 元" in digits(page)
    back["refunded"] = "600.01"
    refused = finance.press(page, page.form("refunded"), back)
    assert "超过本案尚未退回的支出 600.00 元" in digits(refused)
    unknown = finance.press(page, page.form("refunded"), {**back, "case_no": "没有这个"})
    assert unknown.status == 422
    assert "没有案件“没有这个”" in unknown.text


def test_approved_and_unpaid_is_shown_with_its_days(xinfeng):
    county = xinfeng("2026-04-07T09:00:00+08:00", "5000.00")
    _, case_no = payers.approved(county, "1000.00")
    county.at("2026-04-10T09:00:00+08:00")
    page = county.person("信财政蒋").get("/county-money/")
    assert "1 笔批准了还没有支付，都在 3 天以内" in page.text
    county.at("2026-04-11T09:00:00+08:00")
    page = county.person("信财政蒋").get("/county-money/")
    assert "1 笔批准后超过 3 天没有支付" in page.text
    assert case_no in page.text
    assert not page.has_link(case_no)  # finance sees amounts, not the case


def test_gifts_are_paid_into_their_own_pool(xinfeng):
    county = xinfeng("2026-04-07T09:00:00+08:00")
    finance = county.person("信财政蒋")
    page = finance.get("/county-money/")
    given = {"pool": "charity", "amount": "20000.00", "source": "central", "document_no": "捐-1"}
    refused = finance.press(page, page.form("document_no"), given)
    assert refused.status == 409
    assert "慈善资金的来源不能是" in refused.text
    page = succeeded(finance.press(page, page.form("document_no"), {**given, "source": "charity"}))
    [row] = [tr for tr in page.tree.iter("tr") if "慈善资金" in tr.text_content()[:8]]
    assert row.text_content().replace(",", "").replace("\u202f", "").count("20000.00") == 2


def test_a_photograph_on_the_slip_is_its_voucher(xinfeng):
    """IA5: papers complete – two payers, who took it, a photograph."""
    county = xinfeng("2026-04-07T09:00:00+08:00", "5000.00")
    case_id, _ = payers.approved(county, "800.00")
    slip = cash(county.clock.now().isoformat(), "800.00")
    payers.do(county, "丙经办李", case_id, "pay", slip, photo=b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    book = county.fund("丙经办李")
    [ledger] = book.tree.xpath("//table[contains(caption, '现金实物发放台账')]")
    [line] = ledger.xpath(".//tbody/tr")
    for words in ("丙经办李、丙调查王", "本人签收", "有照片或凭证"):
        assert words in line.text_content()
    assert "缺凭证" not in book.text


def test_a_failure_after_the_case_is_over_still_finds_somebody(xinfeng):
    county = xinfeng("2026-04-07T09:00:00+08:00", "1000.00")
    case_id, case_no = payers.approved(county, "800.00")
    at = county.clock.now().isoformat()
    payers.do(county, "丙经办李", case_id, "pay", payers.transfer(at, "800.00"))
    payers.do(county, "丙经办李", case_id, "eased", {"eased_at": at, "eased_note": "出院"})
    registered = {**CATCHUP, "registered_amount": "800.00"}
    payers.do(county, "丙经办李", case_id, "catchup", registered)
    assert "办理中" not in county.case(case_no).text
    finance = payers.actor(county, "信财政蒋")
    batch = transfers.send(county.office, finance, county.region, key="a" * 32)
    with county.office.database.read() as unit:
        [row] = rows.of_batch(unit, county.region, UUID(batch["batch_id"]))
    said = f"凭证号,金额,结果,失败原因\n{row.voucher_no},800.00,失败,销户\n".encode()
    where = (county.region, UUID(batch["batch_id"]))
    transfers.take_answer(county.office, finance, *where, said, key="b" * 32)
    clerk = county.person("丙经办李")
    page = item_page(clerk, "银行退回处理")
    stop = {"resolution": "stop", "explanation": "本人已去世，家属放弃"}
    succeeded(clerk.press(page, page.form("resolution"), stop))
    book = county.fund("丙经办李")
    assert "账上 1000.00 元，其中 0.00 元已预留" in digits(book)
    assert "还没有需要销账的发放" in book.text
    assert "销户" in book.text


def test_finance_sees_amounts_and_no_illness(xinfeng):
    """§4: 县财政 – amount and voucher only."""
    county = xinfeng("2026-04-07T10:05:00+08:00", "800.00")
    case_id, case_no = payers.approved(county, "1000.00", summary="白血病化疗没有钱")
    succeeded(county.do("丙经办李", case_no, "备用金不足", {"resolution": "supplement"}))
    finance = county.person("信财政蒋")
    item = item_page(finance, "追加备用金")
    assert "批准金额 1000.00 元" in digits(item)
    address = f"/cases/{county.region}/{case_id}"
    for page in (item, finance.get(address)):
        for private in ("白血病", "两人到场", "情况属实"):
            assert private not in page.text
    case = finance.get(address)
    asked = finance.press(case, case.form("purpose"), {"purpose": "看看"})
    assert asked.status == 403
    assert "只查看金额和凭证" in asked.text
    own = county.person("信县办钱")
    page = own.get(address)
    opened = own.press(page, page.form("purpose"), {"purpose": "核对"})
    assert opened.status == 200  # who reads cases may, on record


def test_a_mistaken_allotment_is_undone_and_both_entries_stay(xinfeng):
    county = xinfeng("2026-04-07T09:00:00+08:00", "5000.00")
    payers.approved(county, "1000.00")
    finance = county.person("信财政蒋")
    book = finance.get(f"/funds/{county.township}")
    put_in = {"amount": "70.00", "source": "township", "document_no": "错"}
    book = succeeded(finance.press(book, book.form("document_no"), put_in))
    assert "还能用 4070.00 元" in digits(book)
    book = succeeded(finance.press(book, book.form("number"), {"number": "3", "why": "记错"}))
    assert "还能用 4000.00 元" in digits(book)
    assert "冲正第 3 号：记错" in book.text
    again = finance.press(book, book.form("number"), {"number": "3", "why": "记错"})
    assert again.status == 409  # once only
    for number, words in (("2", "只有记错的拨入和追加可以冲正"), ("1", "账户不能为负")):
        refused = finance.press(book, book.form("number"), {"number": number, "why": "试"})
        assert refused.status == 409
        assert words in refused.text  # 2 is a promise; of 1 a part is promised
    for number in ("99", "x", ""):
        refused = finance.press(book, book.form("number"), {"number": number, "why": "试"})
        assert refused.status == 422
    assert "还能用 4000.00 元" in digits(county.fund("丙经办李"))


def test_a_supplement_rests_on_a_package(xinfeng):
    county = xinfeng("2026-03-05T09:00:00+08:00", "1000.00")
    payers.paid(county, "800.00")
    running_out = county.fund("丙经办李")
    assert "200.00 元 ÷（800.00 元 ÷ 56 天）≈ 14 天" in digits(running_out)
    assert "快要用完" in running_out.text
    package = begin_package(county, 3)
    address = package.address
    finance = county.person("信财政蒋")
    page = finance.get(address)
    wrong = finance.press(page, page.form("supplement"), {"supplement": "许多"})
    assert wrong.status == 422
    succeeded(finance.press(page, page.form("supplement"), {"supplement": "30000.00"}))
    book = county.fund("丙经办李")
    assert "还能用 30200.00 元" in digits(book)
    assert "快要用完" not in book.text
    assert f"追加备用金，销账材料 {address.rsplit('/', 1)[-1]}" in book.text
    assert "supplement" not in [
        f.get("name") for f in county.person("丙经办李").get(address).tree.iter("input")
    ]


def test_who_may_not_see_money_does_not(xinfeng):
    county = xinfeng("2026-04-07T09:00:00+08:00")
    for who in ("丙经办李", "信县办钱"):
        assert (county.person(who).get("/county-money/").status == 403) is (who == "丙经办李")
    assert county.person("丙经办李").get("/transfers/").status == 403
    assert county.person("信审计冯").get("/county-money/").status == 200
    page = county.person("信审计冯").get("/transfers/")
    assert "生成代发批次" not in page.text


def test_money_of_a_year_is_carried_over_with_its_promises(xinfeng):
    """A promise of December is paid in January, before and after the books are carried over."""
    county = xinfeng("2025-12-30T09:00:00+08:00", "5000.00")
    first, first_no = payers.approved(county, "1000.00")
    second, _ = payers.approved(county, "900.00")
    county.at("2025-12-31T08:00:00+08:00")
    fund.allot(
        county.office,
        SYSTEM,
        Fund(county.region, county.township, 2026),
        Money.from_yuan("100.00"),
        source=Source.TOWNSHIP,
        document_no="本级",
        key="new-year",
    )
    county.at("2026-01-01T08:00:00+08:00")
    payers.do(county, "丙经办李", first, "pay", cash("2026-01-01T08:00:00+08:00", "1000.00"))
    reviews.begin_due(county.office)
    civil, finance, other = (county.person(who) for who in ("信县办钱", "信财政蒋", "信县审孙"))
    page = item_page(civil, "拟定年度备用金预算", "丙镇")
    assert "上年度使用 1000.00 元" in digits(page)  # booked in the year that had promised it
    plan = {"planned_amount": "5000.00", "reason": ""}
    succeeded(civil.press(page, page.form("planned_amount"), plan))
    page = item_page(finance, "县级财政确认预算", "丙镇")
    confirmed = {
        "decision": "agree",
        "allot_amount": "0.01",
        "fund_source_code": "county",
        "document_no": "财〔2026〕1号",
    }
    succeeded(finance.press(page, page.form("decision"), confirmed))
    page = item_page(other, "县级民政确认预算", "丙镇")
    succeeded(other.press(page, page.form("decision"), {"decision": "agree"}))
    book = county.fund("丙经办李")
    assert "账上 4100.01 元，其中 900.00 元已预留" in digits(book)
    payers.do(county, "丙经办李", second, "pay", cash("2026-01-01T08:00:00+08:00", "900.00"))
    assert "账上 3200.01 元，其中 0.00 元已预留" in digits(county.fund("丙经办李"))
    assert first_no


def item_page(visitor: Visitor, name: str, about: str = "") -> Page:
    """The page of the person's work item of that name (about that township)."""
    inbox = visitor.get("/inbox/")
    for anchor in inbox.tree.iter("a"):
        href = str(anchor.get("href") or "")
        if "/work-items/" in href and name in anchor.text_content():
            page = visitor.get(href)
            if about in page.text:
                return page
    raise AssertionError(f"no “{name}”: {inbox.text[:1500]}")


def answered(visitor: Visitor, name: str, answers: dict[str, Any]) -> Page:
    """The page after the item of that name was answered."""
    page = item_page(visitor, name)
    return visitor.press(page, page.form(next(iter(answers))), answers)


def has_item(county: County, who: str, name: str) -> bool:
    """True when the person's inbox shows such an item."""
    return name in county.person(who).get("/inbox/").text


def form_to(page: Page, ending: str) -> Any:
    """The form of the page that is sent to such an address."""
    return next(form for form in page.tree.forms if str(form.get("action")).endswith(ending))


def tight(page: Page) -> str:
    """The page's words with the spaces between figure and unit left out."""
    return (
        digits(page)
        .replace(" 元", "元")
        .replace("元 ", "元")
        .replace("已送 ", "已送")
        .replace("退回 7", "退回7")
        .replace("未回 ", "未回")
    )


def _tree(got: Any) -> Any:
    from lxml import html

    return html.fromstring(got.get_data(as_text=True))
