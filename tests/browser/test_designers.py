"""Policy staff draw a process and edit a table in the browser: pickers, findings, saving, words.

What the editors of bpmn.io do by themselves is theirs to test; what is ours around them is here.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.studio import drafts
from app.studio.people import person
from app.studio.skeletons import new_file
from tests.browser.conftest import PHONE, Desk
from tests.browser.designers import (
    EDITOR,
    PATIENCE_MS,
    PROCESS,
    TABLE,
    drag,
    latin,
    middle_of,
    new_draft,
    open_designer,
    own_words,
    pick,
    ready,
    save_now,
    select,
    stored,
    wait_saved,
)

pytestmark = pytest.mark.browser


def test_a_new_task_is_drawn_with_form_role_deadline_and_clause(desk: Desk) -> None:
    draft = new_draft(desk)
    page = desk.page(EDITOR)
    open_designer(page, desk, draft, PROCESS)
    target = middle_of(page, "flow_visit_home_appraise")
    drag(page, '.djs-palette [data-action="create.task"]', target)
    page.keyboard.type("复核入户记录")
    page.keyboard.press("Enter")
    save_now(page)
    finding = page.locator('[data-findings] [data-finding="no_role"]')
    finding.wait_for(timeout=PATIENCE_MS)
    element = finding.get_attribute("data-element")
    expect(page.locator(f'[data-mark="{element}"]')).to_be_visible()
    select(page, "apply")
    finding.click()  # jumps to the element
    pick(page, "role", "county_handler")
    pick(page, "form", "visit")
    pick(page, "deadline", "workdays")
    page.locator("#bio-properties-panel-jiuji-limit").fill("3")
    picks = page.locator('[data-picks="jiuji-clauses"]')
    picks.get_by_role("searchbox").fill("s1-3-5")
    options = picks.locator("option").evaluate_all("all => all.map((one) => one.value)")
    picks.get_by_role("combobox").select_option(options[1])
    expect(picks.locator(f'[data-value="{options[1]}"]')).to_be_visible()
    save_now(page)
    expect(finding).to_have_count(0, timeout=PATIENCE_MS)
    page.reload()
    ready(page)
    select(page, str(element))
    expect(page.locator("#bio-properties-panel-jiuji-form")).to_have_value("visit")
    text = stored(desk, draft, PROCESS)
    for part in (
        'name="复核入户记录"',
        '<zeebe:formDefinition formId="visit" />',
        '<zeebe:assignmentDefinition candidateGroups="county_handler" />',
        '<zeebe:property name="limit" value="3 workdays" />',
        f'<zeebe:property name="clause" value="{options[1]}" />',
    ):
        assert part in text, part


def test_a_system_action_is_picked_and_writes_its_call(desk: Desk) -> None:
    draft = new_draft(desk)
    page = desk.page(EDITOR)
    open_designer(page, desk, draft, PROCESS, "?element=issue_once_notice")
    pick(page, "call", "message.send")
    role = page.locator('[data-entry-id*="role"] select, select[id*="custom-entry"]').first
    role.select_option(label="县级民政经办人")
    save_now(page)
    text = stored(desk, draft, PROCESS)
    task = text[text.index('id="issue_once_notice"') :].split("</bpmn:serviceTask>")[0]
    assert 'type="message.send"' in task
    assert 'target="role"' in task
    assert "county_handler" in task
    assert '<zeebe:property name="clause"' in task  # a template takes nothing of the law away


def test_menus_hold_only_what_the_engine_executes(desk: Desk) -> None:
    draft = new_draft(desk)
    page = desk.page(EDITOR)
    open_designer(page, desk, draft, PROCESS, "?element=apply")
    page.locator('.djs-palette [data-action="create"]').click()
    shown = page.locator(".djs-popup .entry .djs-popup-label").all_inner_texts()
    assert "用户任务" in shown
    assert "预留资金" in shown
    assert [
        one for one in shown if any(word in one for word in ("发送", "多实例", "信号", "数据"))
    ] == ["发送提醒"]
    page.keyboard.press("Escape")
    actions = page.locator(".djs-palette .entry").evaluate_all(
        "all => all.map((one) => one.dataset.action)"
    )
    assert not {"create.data-object", "create.data-store", "create.participant-expanded"} & {
        *actions
    }


def test_an_amount_is_changed_tried_and_seen_by_a_guard_rail(desk: Desk) -> None:
    draft = new_draft(desk)
    page = desk.page(EDITOR)
    open_designer(page, desk, draft, TABLE, "?element=deadline_rule3")
    cell = page.locator('[data-element-id="deadline_rule3_out2"]')
    cell.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("25")
    page.locator("[data-input=key]").select_option("expenditure")
    page.locator("[data-trial-run]").click()
    expect(page.locator("[data-trial-value]")).to_contain_text("数量：25")
    expect(page.locator("[data-matched=deadline]")).to_contain_text("第 3 行符合")
    lit = page.locator('td[data-row-id="deadline_rule3"]').first
    assert lit.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(255, 243, 196)"
    save_now(page)
    refusal = page.locator('[data-findings] [data-severity="error"]').first
    refusal.wait_for(timeout=PATIENCE_MS)
    expect(refusal).to_contain_text("20个工作日")  # the clause, word for word
    cell.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("20")
    save_now(page)
    expect(page.locator('[data-findings] [data-severity="error"]')).to_have_count(
        0, timeout=PATIENCE_MS
    )


def test_rows_are_pasted_and_carry_their_clause(desk: Desk) -> None:
    draft = new_draft(desk)
    page = desk.page(EDITOR)
    open_designer(page, desk, draft, TABLE, "?element=deadline")
    page.locator("[data-tool=paste]").click()
    page.locator("[data-paste]").fill(
        "first_relief、catchup\t≥2030年1月1日\t试用\t1,024\thours\ts1-2-2-1\ts1-2-2-1\tH\t2030-01-01\t粘贴来的"
    )
    page.locator("[data-paste-add]").click()
    row = page.locator('td[data-annotation="备注"]', has_text="粘贴来的")
    row.click()
    page.locator('[data-law="force"]').select_option("P")
    save_now(page)
    text = stored(desk, draft, TABLE)
    rule = text[text.rindex("<rule", 0, text.index("粘贴来的")) :].split("</rule>")[0]
    for part in ('"first_relief","catchup"', '&gt;= date("2030-01-01")', "<text>1024</text>"):
        assert part in rule, rule
    assert "<text>P</text>" in rule


def test_bad_input_of_a_trial_is_named_at_its_field(desk: Desk) -> None:
    draft = new_draft(desk)
    page = desk.page(EDITOR)
    path = "dmn/jining/expenditure_amount.dmn"
    open_designer(page, desk, draft, path, "?element=expenditure_position")
    page.locator("[data-trial-decision]").select_option("expenditure_position")
    page.locator("[data-input=amount]").fill("一千")
    page.locator("[data-trial-run]").click()
    expect(page.locator('[data-problem="amount"]')).to_contain_text("要填数字")
    desk.complaints[:] = [one for one in desk.complaints if "422" not in one]  # the answer's status


def test_somebody_else_saved_meanwhile_and_both_versions_are_offered(desk: Desk) -> None:
    draft = new_draft(desk)
    page = desk.page(EDITOR)
    open_designer(page, desk, draft, PROCESS, "?element=apply")
    other = person(desk.site.database, EDITOR)
    seen = drafts.read_file(desk.site.database, other, draft, PROCESS)
    theirs = seen.content.replace("填写申请书".encode(), "填写申请表".encode())
    drafts.write_file(
        desk.site.database, other, draft, PROCESS, theirs, expected_sha256=seen.sha256, key=None
    )
    pick(page, "step", "acceptance")
    page.locator("[data-tool=save]").click()
    page.locator("[data-conflict]").wait_for()
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "conflict")
    page.locator('[data-view="theirs"]').click()
    expect(page.locator(".djs-container")).to_contain_text("填写申请表")
    page.locator('[data-take="mine"]').click()
    wait_saved(page)
    kept = stored(desk, draft, PROCESS)
    assert 'name="填写申请书"' in kept
    desk.complaints[:] = [one for one in desk.complaints if "409" not in one]


def test_a_lost_session_keeps_the_text_until_the_next_log_in(desk: Desk) -> None:
    draft = new_draft(desk)
    page = desk.page(EDITOR)
    open_designer(page, desk, draft, PROCESS, "?element=apply")
    page.context.clear_cookies()
    pick(page, "step", "acceptance")
    page.locator("[data-tool=save]").click()
    expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "lost")
    page.locator("[data-sign-in]").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{desk.url}/sign-in")
    page.get_by_label("登录名").fill(EDITOR)
    page.get_by_label("密码").fill("yanshi-2026")
    page.get_by_role("button", name="登录", exact=True).click()
    open_designer(page, desk, draft, PROCESS)
    page.locator('[data-kept="restore"]').click()
    wait_saved(page)
    page.wait_for_timeout(1500)
    wait_saved(page)
    task = stored(desk, draft, PROCESS).split('id="apply"')[1].split("</bpmn:userTask>")[0]
    assert '<zeebe:property name="step" value="acceptance" />' in task
    desk.complaints[:] = [one for one in desk.complaints if "403" not in one]


def test_no_string_of_the_diagram_designer_is_english(desk: Desk) -> None:
    draft = new_draft(desk)
    page = desk.page(EDITOR)
    open_designer(page, desk, draft, PROCESS)
    known = own_words(stored(desk, draft, PROCESS))
    assert latin(page, known) == []
    for element in (
        *("apply", "before_papers", "issue_once_notice", "find_standard", "expenditure_started"),
        *("end_granted", "flow_papers_complete", "objection_received", "take_findings"),
    ):
        select(page, element)
        for heading in page.locator(
            ".bio-properties-panel-group-header:not(.open) .bio-properties-panel-group-header-title"
        ).all():
            if heading.is_visible():
                heading.click()
        assert latin(page, known) == [], element
    select(page, "apply")
    for menu in ("replace", "append"):
        page.locator(f'.djs-context-pad [data-action="{menu}"]').click()
        page.locator(".djs-popup .entry").first.wait_for()
        assert latin(page, known) == [], menu
        page.keyboard.press("Escape")
    page.locator(".djs-minimap .toggle").click()
    page.locator(".bts-toggle-mode").click()
    page.locator(".bts-context-pad:not(.hidden)").first.click()
    page.wait_for_timeout(800)
    assert latin(page, known) == [], "simulation"


def test_no_string_of_the_table_designer_is_english(desk: Desk) -> None:
    draft = new_draft(desk)
    page = desk.page(EDITOR)
    path = "dmn/jining/expenditure_amount.dmn"
    open_designer(page, desk, draft, path)
    known = own_words(stored(desk, draft, path), stored(desk, draft, TABLE))
    assert latin(page, known) == [], "picture"
    views = page.locator("[data-views] option").all_inner_texts()
    for number, name in enumerate(views):
        page.locator("[data-views]").select_option(str(number))
        page.wait_for_timeout(150)
        assert latin(page, known) == [], name
    open_designer(page, desk, draft, TABLE, "?element=deadline")
    for target in ("deadline_in1", "deadline_out2"):
        page.locator(f'th[data-col-id="{target}"]').first.dblclick()
        page.wait_for_timeout(200)
        assert latin(page, known) == [], target
        page.keyboard.press("Escape")
    for target in ("deadline_rule3_in1", "deadline_rule3_in2", "deadline_rule3_out2"):
        page.locator(f'[data-element-id="{target}"]').click()
        page.wait_for_timeout(150)
        assert latin(page, known) == [], target
        page.locator(f'[data-element-id="{target}"]').click(button="right")
        page.wait_for_timeout(150)
        assert latin(page, known) == [], f"menu of {target}"
        page.keyboard.press("Escape")


def test_a_new_table_is_named_and_opens(desk: Desk) -> None:
    draft = new_draft(desk)
    page = desk.page(EDITOR)
    page.goto(f"{desk.url}/studio/drafts/{draft}/new/table")
    page.get_by_label("名称").fill("试用标准")
    page.get_by_label("编号").fill("trial_rate")
    page.get_by_role("button", name="新建并打开").click()
    ready(page)
    expect(page.locator("[data-file-title]")).to_have_text("试用标准")
    assert stored(desk, draft, "dmn/jining/trial_rate.dmn")


def test_a_phone_is_told_plainly_that_the_screen_is_too_narrow(desk: Desk) -> None:
    draft = new_draft(desk)
    page = desk.page(EDITOR, size=PHONE)
    open_designer(page, desk, draft, TABLE)
    expect(page.locator("[data-too-narrow]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_step_is_drawn_named_and_found_with_the_keyboard_alone(desk: Desk) -> None:
    draft = new_draft(desk)
    page = desk.page(EDITOR)
    open_designer(page, desk, draft, PROCESS, "?element=visit_home")
    page.locator("[data-tool=save]").focus()
    page.keyboard.press("Tab")  # the canvas
    page.keyboard.press("a")
    page.locator(".djs-popup-search input").fill("用户任务")
    chosen = page.locator(".djs-popup .entry.selected")
    expect(chosen).to_have_text("用户任务")
    page.keyboard.press("Enter")
    page.locator(".djs-direct-editing-content").wait_for()
    page.keyboard.type("键盘画的")
    page.keyboard.press("Enter")
    canvas = page.locator(".djs-container svg:focus")
    canvas.wait_for()
    page.keyboard.press("Control+f")
    page.locator(".djs-search-input input").fill("填写申请书")
    page.locator(".djs-search-result.selected, .djs-search-result-selected").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("#bio-properties-panel-jiuji-form")).to_have_value("apply")
    canvas.wait_for()
    page.keyboard.press("e")
    page.locator(".djs-direct-editing-content").wait_for()
    page.keyboard.type("填申请书")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")
    wait_saved(page)
    text = stored(desk, draft, PROCESS)
    drawn = text[: text.index('name="键盘画的"')].rsplit("<bpmn:", 1)[1]
    assert drawn.startswith("userTask ")
    assert f'sourceRef="visit_home" targetRef="{drawn.split(chr(34))[1]}"' in text
    assert "填申请书" in text


def test_a_gap_fills_the_trial_with_its_example(desk: Desk) -> None:
    draft = new_draft(desk)
    editor = person(desk.site.database, EDITOR)
    path = "dmn/jining/trial_rate.dmn"
    table = new_file("table", "jining", "trial_rate", "试用标准").decode("utf-8")
    rule = '<rule id="r1"><inputEntry id="c1"><text>&lt; 3</text></inputEntry><outputEntry id="o1"><text>"少"</text></outputEntry></rule>'
    table = table.replace("</decisionTable>", f"{rule}</decisionTable>").replace(
        'typeRef="string"', 'typeRef="number"', 2
    )
    drafts.write_file(
        desk.site.database, editor, draft, path, table.encode(), expected_sha256="", key=None
    )
    page = desk.page(EDITOR)
    open_designer(page, desk, draft, path)
    gap = page.locator('[data-finding="gap"]').first
    expect(gap).to_contain_text("例如")
    gap.click()
    expect(page.locator("[data-input=situation]")).not_to_have_value("")
    page.locator("[data-trial-run]").click()
    expect(page.locator("[data-matched=trial_rate]")).to_contain_text("没有一行符合")
