"""Aims at what pages say and keep: refusals, drafts, reasons, reveal, lists, files.

Whole cases through the pages are tests/acceptance's business; looks are tests/browser's.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

from app.cases.timers import fire_due
from tests.web import story
from tests.web.world import APPROVER, HANDLER, INVESTIGATOR, JIA, REGION, Site, send, token_in

FINANCE = "caizheng.jiang"
AUDITOR = "shenji.feng"
COUNTY = "xianban.qian"


def verifying(site: Site) -> str:
    """A case whose verification waits; the path of that work item."""
    story.report(site)
    story.do(site, story.STEPS[0])
    return story.item_path(site, HANDLER, "现场核实")


def test_inbox_answers_its_question_first(site: Site) -> None:
    assert "没有待办" in site.sign_in(HANDLER).get("/inbox/").text
    story.report(site)
    page = site.sign_in(HANDLER).get("/inbox/").text
    assert "待办共 1 件" in page
    assert "还剩 24 小时" in page
    site.clock.advance(timedelta(hours=24, seconds=1))
    page = site.sign_in(HANDLER).get("/inbox/").text
    assert re.search(r"<h1>1 件已超期", page)
    assert "超期 1 秒" in page


def test_inbox_narrows_to_a_step_and_says_when_nothing_fits(site: Site) -> None:
    story.report(site)
    client = site.sign_in(HANDLER)
    assert "受理与分办" in client.get("/inbox/?step=受理与分办").text
    assert "没有符合筛选的待办" in client.get("/inbox/?step=别的").text
    assert "没有符合筛选的待办" in client.get("/inbox/?pressing=1").text


def test_claim_release_and_hand_on(site: Site) -> None:
    story.report(site)
    path = story.item_path(site, HANDLER, "受理与分办")
    client = site.sign_in(HANDLER)
    assert send(client, f"{path}claim", {}, form_at=path).status_code == 303
    assert "经办李已签收" in client.get(path).text
    other = site.sign_in(INVESTIGATOR)
    assert "已由经办李签收" in other.get(path).text
    assert send(other, f"{path}claim", {}, form_at=path).status_code == 409
    page = send(client, f"{path}reassign", {"to_user": "", "reason": ""}, form_at=path)
    assert page.status_code == 422
    assert "请选择转给谁" in page.text
    colleague = re.search(r'<option value="([0-9a-f-]{36})">调查王', client.get(path).text)
    assert colleague
    without = {"to_user": colleague.group(1), "reason": " "}
    page = send(client, f"{path}reassign", without, form_at=path)
    assert page.status_code == 422
    assert "请写明转办原因" in page.text
    with_reason = {"to_user": colleague.group(1), "reason": "出差"}
    assert send(client, f"{path}reassign", with_reason, form_at=path).status_code == 303
    assert "我手上的 1 件" in other.get("/inbox/").text
    assert send(other, f"{path}release", {}, form_at=path).status_code == 303
    assert "本组待签收 1 件" in other.get("/inbox/").text


def test_what_must_be_mended_keeps_what_was_typed(site: Site) -> None:
    path = verifying(site)
    client = site.sign_in(HANDLER)
    page = send(client, path, {"investigator_1": "经办李", "findings": "<b>湿了</b>"})
    assert page.status_code == 422
    assert "处需要修改" in page.text
    assert 'value="经办李"' in page.text
    assert "&lt;b&gt;湿了&lt;/b&gt;" in page.text


def test_refusal_quotes_the_clause_names_the_alternatives_and_keeps_the_answers(
    site: Site,
) -> None:
    path = verifying(site)
    client = site.sign_in(HANDLER)
    answers = {**story.STEPS[1].answers, "verified_at": "2026-04-07 10:10"}
    page = send(client, path, {**answers, "cash_amount": "1000.01"})
    assert page.status_code == 409
    assert "按规定不能这样办" in page.text
    assert "可以这样办" in page.text
    assert "1000元以下（含1000元）" in page.text  # the clause, word for word
    assert 'value="1000.01"' in page.text


def test_draft_is_kept_for_its_writer_and_offered_again(site: Site) -> None:
    path = verifying(site)
    client = site.sign_in(HANDLER)
    answer = send(client, path, {"investigator_1": "半个", "_draft": "1"})
    assert answer.status_code == 303
    page = client.get(path).text
    assert "上次保存的草稿" in page
    assert 'value="半个"' in page
    assert "半个" not in site.sign_in(INVESTIGATOR).get(path).text


def test_the_same_form_twice_is_one_deed(site: Site) -> None:
    story.report(site)
    step = story.STEPS[0]
    path = story.item_path(site, HANDLER, step.item)
    client = site.sign_in(HANDLER)
    page = client.get(path).text
    key = re.search(r'name="_key" value="([0-9a-f]{32})"', page.split('class="jf"')[1])
    assert key
    data = {"csrf_token": token_in(page), "_key": key.group(1), **step.answers}
    assert client.post(path, data=data).status_code == 303
    again = client.post(path, data=data)
    assert again.status_code in (303, 409)
    assert client.get("/inbox/").text.count("现场核实</a>") == 2  # the list and the first line


def test_an_item_of_another_role_says_whose_it_is(site: Site) -> None:
    path = verifying(site)
    page = site.sign_in(APPROVER).get(path).text
    assert "由其他角色办理" in page
    assert "办结“现场核实”" not in page


def test_a_township_does_not_see_its_neighbours_case(site: Site) -> None:
    case = story.report(site)
    page = site.sign_in("yi.jingban.he").get(case)
    assert page.status_code == 403
    assert "不在您的办理或查看范围内" in page.text


def test_unknown_case_is_not_found(site: Site) -> None:
    answer = site.sign_in(HANDLER).get(f"/cases/{REGION}/00000000-0000-7000-8000-000000000000")
    assert answer.status_code == 404
    assert "没有找到" in answer.text


def test_personal_data_are_shown_once_for_a_purpose_and_on_record(site: Site) -> None:
    case = story.report(site)
    client = site.sign_in(HANDLER)
    assert "张演示三" not in client.get(case).text
    assert send(client, f"{case}/reveal", {"purpose": ""}, form_at=case).status_code == 422
    shown = send(client, f"{case}/reveal", {"purpose": "电话核实"}, form_at=case).text
    assert "张演示三" in shown
    assert story.REPORT["applicant_id_number"] in shown
    after = client.get(case).text
    assert "张演示三" not in after
    assert "查看个人信息原文" in after
    assert "电话核实" in after


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def test_papers_are_opened_on_record_by_who_may_see_them(site: Site) -> None:
    path = verifying(site)
    client = site.sign_in(HANDLER)
    answers = {**story.STEPS[1].answers, "verified_at": "2026-04-07 10:10"}
    page = send(client, path, {**answers, "photos": (io.BytesIO(PNG), "厨房.png")})
    assert page.status_code == 303, page.text
    case = str(page.location)
    paper = re.search(r'action="(/papers/[^"]+)"', client.get(case).text)
    assert paper
    shown = send(client, paper.group(1), {}, form_at=case)
    assert shown.data == PNG
    assert shown.content_type == "image/png"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert "打开材料" in client.get(case).text
    stranger = site.sign_in("yi.jingban.he")
    assert send(stranger, paper.group(1), {}, form_at="/inbox/").status_code == 403
    approval = story.item_path(site, APPROVER, "乡镇（街道）审批")
    assert "厨房.png" in site.sign_in(APPROVER).get(approval).text


def test_a_file_that_is_not_what_it_says_is_refused(site: Site) -> None:
    path = verifying(site)
    client = site.sign_in(HANDLER)
    answers = {**story.STEPS[1].answers, "verified_at": "2026-04-07 10:10"}
    fake = (io.BytesIO(b"<script>alert(1)</script>"), "厨房.png")
    page = send(client, path, {**answers, "photos": fake})
    assert page.status_code == 422
    assert 'value="1000.00"' in page.text


def test_case_page_names_the_table_row_and_the_clause(site: Site) -> None:
    case = story.report(site)
    for step in story.STEPS[:2]:
        story.do(site, step)
    page = site.sign_in(HANDLER).get(case).text
    assert "核定救助标准" in page
    assert re.search(r"用了“[^”]+”第 \d+ 行", page)
    assert "1000元以下（含1000元）" in page
    assert "dmn/jining/emergency_amount.dmn" in page


def test_finance_books_an_allotment_and_counts_the_till(site: Site) -> None:
    client = site.sign_in(FINANCE)
    path = f"/funds/{JIA}"
    page = send(client, f"{path}/allot", {"amount": "一千", "document_no": ""}, form_at=path)
    assert page.status_code == 422
    assert "有 3 处需要修改" in page.text
    assert 'value="一千"' in page.text
    good = {"amount": "5,000.5", "source": "county", "document_no": "财社〔2026〕3号"}
    assert send(client, f"{path}/allot", good, form_at=path).status_code == 303
    assert 'value="25000.50"' in client.get(path).text
    wrong = send(client, f"{path}/count", {"counted": "25000.00"}, form_at=path)
    assert wrong.status_code == 409
    right = send(client, f"{path}/count", {"counted": "25000.50"}, form_at=path)
    assert right.status_code == 303


def test_reminders_are_shown_until_read(site: Site) -> None:
    story.report(site)
    site.clock.advance(timedelta(hours=13))
    assert fire_due(site.office)
    client = site.sign_in(HANDLER)
    page = client.get("/inbox/").text
    assert "提醒 1 条" in page
    note = re.search(r'action="(/inbox/notes/[^"]+)"', page)
    assert note
    assert send(client, note.group(1), {}, form_at="/inbox/").status_code == 303
    assert "提醒" not in client.get("/inbox/").text


def test_a_handler_may_not_book_money(site: Site) -> None:
    path = f"/funds/{JIA}"
    client = site.sign_in(HANDLER)
    assert "记入拨款" not in client.get(path).text
    data = {"amount": "1.00", "source": "county", "document_no": "x"}
    assert send(client, f"{path}/allot", data, form_at=path).status_code == 403


def test_reserve_of_another_township_is_closed(site: Site) -> None:
    assert site.sign_in(HANDLER).get("/funds/370881102").status_code == 403


def test_late_list_says_by_how_much(site: Site) -> None:
    story.report(site)
    assert "没有超期" in site.sign_in(COUNTY).get("/deadlines/").text
    site.clock.advance(timedelta(hours=26))
    page = site.sign_in(COUNTY).get("/deadlines/").text
    assert "1 件超期还没有办" in page
    assert "超期 2 小时" in page


def test_notices_are_public_and_bare_of_personal_data(site: Site) -> None:
    story.report(site)
    for step in story.STEPS[:5]:
        story.do(site, step)
    page = site.client().get("/notices/").text
    assert "现在公示 1 件" in page
    one = re.search(r'href="(/notices/[0-9a-f-]{36})"', page)
    assert one
    page += site.client().get(one.group(1)).text
    for private in ("张演示三", story.REPORT["applicant_id_number"], "灶具"):
        assert private not in page


def test_audit_page_checks_the_chain_and_exports_safely(site: Site) -> None:
    story.report(site)
    client = site.sign_in(AUDITOR)
    assert "留痕完整，账目相符" in client.get("/audit/").text
    export = client.get("/audit/export.csv")
    rows = list(csv.reader(io.StringIO(export.get_data(as_text=True).lstrip("\ufeff"))))
    assert rows[0][0] == "时间"
    assert any(row[3] == "case.reported" for row in rows)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert site.sign_in(HANDLER).get("/audit/").status_code == 403


def test_search_finds_by_number_and_tells_when_it_does_not(site: Site) -> None:
    story.report(site)
    client = site.sign_in(HANDLER)
    assert "找到 1 件" in client.get("/search/?q=000001").text
    assert "没有找到" in client.get("/search/?q=999999").text


def test_the_public_bar_offers_notices_and_signing_in_only(site: Site) -> None:
    page = site.client().get("/notices/").text
    bar = page.split("</nav>")[0]
    assert "待办" not in bar
    assert "登录" in bar
