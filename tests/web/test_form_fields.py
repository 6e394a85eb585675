"""Forms as HTML: what is printed, what is escaped, how errors lead to their field.

Reading and judging answers: `tests/form`. Real pages in a browser: `tests/browser`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import html
from markupsafe import Markup

from app.form import Form, UploadedFile, load_form
from app.form.reference import EXAMPLE
from app.kernel.errors import FieldProblem
from app.web.form_fields import Button, FieldView, form_view, html_id, render_form, summary_rows
from tests.form.factory import NOW, field, form, group, rows

TEMPLATES = Path(__file__).parents[2] / "app" / "web" / "templates"
JINJA = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
CSRF = Markup('<input type="hidden" name="csrf_token" value="t">')
BUTTONS = (
    Button("批准并预留 1000.00 元", note="会从备用金里预留"),
    Button("保存草稿", "_draft", "1", "quiet"),
)
CHOICES = [{"label": "火灾", "value": "fire"}, {"label": "疾病", "value": "ill"}]
EVIL = '"><script>alert(1)</script>'


def page(one: Form, *pairs: tuple[str, str], problems=None, **more) -> html.HtmlElement:
    sent = one.after_action(one.parse(pairs))
    if problems is None:
        problems = one.validate(sent, context=more.get("context", {}), now=NOW).problems
    view = form_view(one, sent, problems, now=NOW, **more)
    return printed(view)


def printed(view) -> html.HtmlElement:
    text = render_form(JINJA, view, action="/work-items/7", csrf_field=CSRF, buttons=BUTTONS)
    return html.fromstring(str(text))


def only(tree, path):
    found = tree.xpath(path)
    assert len(found) == 1, f"{path}: {len(found)}"
    return found[0]


def words(element) -> str:
    return " ".join(element.text_content().split())


def test_the_example_form_is_printed_whole():
    one = load_form(EXAMPLE.encode())
    tree = printed(form_view(one, one.initial({}, NOW), now=NOW))
    assert tree.get("id") == "form-verify"
    assert tree.get("enctype") == "multipart/form-data"
    assert [words(legend) for legend in tree.xpath(".//legend")] == [
        "困难原因 （必填）",
        "家庭成员 （必填）",
        "成员 1",
    ]
    assert not tree.xpath(".//*[@class='error-summary']")


def test_every_control_has_a_label_and_ids_are_unique():
    one = load_form(EXAMPLE.encode())
    tree = page(
        one,
        ("members[0].name", ""),
        ("members[1].name", ""),
        ("cause", "illness"),
        ("_refresh", "1"),
        problems=[],
    )
    ids = tree.xpath(".//@id")
    assert len(ids) == len(set(ids))
    labels = set(tree.xpath(".//label/@for"))
    for control in tree.xpath(".//input[not(@type='hidden')] | .//select | .//textarea"):
        assert control.get("id") in labels


def test_errors_are_linked_described_and_keep_what_was_typed():
    tree = page(
        form(
            field(
                "number", "paid", "自付费用", description="扣除报销", properties={"kind": "money"}
            )
        ),
        ("paid", "abc"),
    )
    summary = only(tree, ".//*[@class='error-summary']")
    assert (summary.get("role"), summary.get("tabindex")) == ("alert", "-1")
    link = only(summary, ".//a")
    assert words(link) == "“自付费用”要填数字，最多 2 位小数，如 1200.50"
    control = tree.get_element_by_id(link.get("href")[1:])
    assert control.get("value") == "abc"
    assert control.get("aria-invalid") == "true"
    described = [
        words(tree.get_element_by_id(part)) for part in control.get("aria-describedby").split()
    ]
    assert described == ["扣除报销", "错误：“自付费用”要填数字，最多 2 位小数，如 1200.50"]


@pytest.mark.parametrize(
    ("component", "target"),
    [
        (field("radio", values=CHOICES, validate={"required": True}), "input"),
        (field("checklist", values=CHOICES, validate={"required": True}), "input"),
        (field("checkbox", validate={"required": True}), "input"),
        (field("filepicker", validate={"required": True}), "input"),
        (field("textarea", validate={"required": True}), "textarea"),
        (field("select", values=CHOICES, validate={"required": True}), "select"),
        (rows(field("textfield"), key="list", validate={"required": True}), "fieldset"),
    ],
)
def test_every_error_leads_to_something_that_takes_the_focus(component, target):
    tree = page(form(component))
    link = only(tree, ".//*[@class='error-summary']//a")
    assert tree.get_element_by_id(link.get("href")[1:]).tag == target


def test_an_error_of_the_whole_form_has_no_link():
    tree = page(form(field("textfield")), problems=[FieldProblem("", "", "别人已办理")])
    assert words(only(tree, ".//*[@class='error-summary']//li")) == "别人已办理"


def test_money_is_text_with_a_decimal_keyboard_and_its_unit():
    tree = page(form(field("number", properties={"kind": "money"})), ("a", "1"))
    control = only(tree, ".//input[@name='a']")
    assert (control.get("type"), control.get("inputmode")) == ("text", "decimal")
    assert words(only(tree, ".//*[@class='jf-suffix']")) == "元"


def test_no_number_inputs_and_nothing_inline_anywhere():
    for path in (TEMPLATES / "form").glob("*.html"):
        text = path.read_text()
        assert 'type="number"' not in text
        assert "style=" not in text
        assert text.count("<script") == text.count("<script src=")
        assert " on" not in text.replace(" one", "")
        assert "|safe" not in text.replace(" ", "")


@pytest.mark.parametrize("typed", ["", "2026-11-22", "2026-02-30", "11月22日", "２０２６"])
def test_days_are_lines_of_text_that_keep_what_was_typed(typed):
    tree = page(form(field("datetime", description="出生的日子")), ("a", typed))
    control = only(tree, ".//input[@name='a']")
    assert (control.get("type"), control.get("value"), control.get("data-picker")) == (
        "text",
        typed,
        "date",
    )
    assert words(tree.get_element_by_id("f-a-hint")) == "出生的日子（如 2026-11-22）"


def test_a_kept_moment_is_shown_as_it_is_typed():
    one = form(field("datetime", subtype="datetime"))
    tree = printed(form_view(one, {"a": "2026-11-22T14:30:00+08:00"}, now=NOW))
    control = only(tree, ".//input[@name='a']")
    assert (control.get("data-picker"), control.get("value")) == (
        "datetime-local",
        "2026-11-22 14:30",
    )


def test_everything_a_person_or_policy_writes_is_escaped():
    values = [{"label": EVIL, "value": EVIL}]
    one = form(
        field("textfield", "t", EVIL, description=EVIL, properties={"unit": "<b>x</b>"}),
        field("textarea", "long", EVIL),
        field("radio", "r", EVIL, values=values),
        field("select", "s", EVIL, values=values),
        {"type": "text", "text": EVIL},
        group(field("checkbox", "c", EVIL), label=EVIL),
        rows(field("textfield", "name", EVIL), key="list", properties={"row_label": EVIL}),
        field("expression", "e", EVIL, expression="=t"),
        field("filepicker", "p", EVIL),
    )
    tree = page(
        one, ("t", EVIL), ("long", EVIL), ("r", EVIL), ("list[0].name", EVIL), ("_refresh", "")
    )
    assert not tree.xpath(".//script")
    assert only(tree, ".//input[@name='t']").get("value") == EVIL


def test_static_text_is_words_only():
    one = form(
        field("textfield"), {"type": "text", "text": "# 标题\n第一行\n第二行\n\n- 甲\n- <b>乙</b>"}
    )
    tree = page(one)
    box = only(tree, ".//*[@class='jf-words']")
    assert [child.tag for child in box] == ["h2", "p", "ul"]
    assert [words(item) for item in box.xpath(".//li")] == ["甲", "<b>乙</b>"]


def test_static_text_may_be_computed():
    one = form(field("textfield"), {"type": "text", "text": '="可用 " + string(available) + " 元"'})
    assert (
        words(only(page(one, context={"available": 5}), ".//*[@class='jf-words']")) == "可用 5 元"
    )


def test_hidden_questions_are_not_printed_and_refresh_is_offered():
    one = form(
        field("radio", "kind", values=CHOICES),
        field("textfield", "ill", conditional={"hide": '=kind != "ill"'}),
    )
    tree = page(one, ("kind", "fire"))
    assert not tree.xpath(".//input[@name='ill']")
    assert page(one, ("kind", "ill")).xpath(".//input[@name='ill']")
    assert all(box.get("data-live") is not None for box in tree.xpath(".//input[@name='kind']"))
    assert len(tree.xpath(".//p[@class='jf-refresh']/button[@name='_refresh']")) == 1


def test_answers_in_rows_that_a_sum_reads_refresh_it():
    one = form(
        rows(field("number", "n"), field("textfield", "x")),
        field("expression", "t", expression="=sum(members.n)"),
    )
    tree = page(one, ("members[0].n", "1"))
    assert only(tree, ".//input[@name='members[0].n']").get("data-live") is not None


def test_a_form_without_conditions_offers_no_refresh():
    assert not page(form(field("textfield"))).xpath(".//p[@class='jf-refresh']")


def test_the_enter_key_never_does_a_deed():
    tree = page(load_form(EXAMPLE.encode()))
    first = tree.xpath(".//button | .//input[@type='submit']")[0]
    assert (first.get("name"), first.get("tabindex"), first.get("aria-hidden")) == (
        "_refresh",
        "-1",
        "true",
    )


def test_rows_can_be_added_and_removed_without_script():
    one = form(rows(field("textfield", "name"), properties={"row_label": "成员", "max_rows": 2}))
    tree = page(one, ("members[0].name", "张"), ("_add", "members"))
    assert [box.get("value") for box in tree.xpath(".//input[@type='text']")] == ["张", ""]
    removes = tree.xpath(".//button[@name='_remove']")
    assert [(button.get("value"), words(button)) for button in removes] == [
        ("members[0]", "删去成员 1"),
        ("members[1]", "删去成员 2"),
    ]
    assert removes[0].get("formaction") == "/work-items/7#f-members"
    assert not tree.xpath(".//button[@name='_add']")  # two is the most
    gone = page(
        one, ("members[0].name", "张"), ("members[1].name", "李"), ("_remove", "members[0]")
    )
    assert [box.get("value") for box in gone.xpath(".//input[@type='text']")] == ["李"]


def test_the_least_rows_cannot_be_removed():
    one = form(rows(field("textfield", "name"), properties={"min_rows": 1}))
    assert not page(one, ("members[0].name", "张")).xpath(".//button[@name='_remove']")


def test_what_the_page_sends_is_what_was_read():
    one = load_form(EXAMPLE.encode())
    first = one.parse(
        [
            ("applicant_name", "张"),
            ("cause", "illness"),
            ("members[0].name", "李"),
            ("members[1].name", ""),
            ("_refresh", "1"),
        ]
    )
    tree = printed(form_view(one, first, now=NOW))
    sent = [(name, value) for name, value in tree.form_values()]
    again = one.parse([*sent, ("_refresh", "1")])
    assert again.raw == first.raw
    assert again.unknown == ()


def test_papers_already_handed_in_stay():
    one = form(field("filepicker", accept="image/*", properties={"capture": "environment"}))
    known = {"a": [{"ref": "sha1", "name": "房屋.png", "type": "image/png", "size": 2048}]}
    again = printed(form_view(one, one.parse([("a", "sha1")]), now=NOW, values_so_far=known))
    assert "房屋.png" in words(only(again, ".//ul[@class='jf-files']"))
    assert only(again, ".//input[@type='hidden'][@name='a']").get("value") == "sha1"
    control = only(again, ".//input[@type='file']")
    assert (control.get("accept"), control.get("capture")) == (
        "image/jpeg,image/png",
        "environment",
    )


def test_a_chosen_file_that_was_not_kept_must_be_chosen_again():
    paper = UploadedFile("sha1", "<b>.png", 2048, b"\x89PNG\r\n\x1a\n")
    one = form(field("filepicker"))
    tree = printed(form_view(one, one.parse([], {"a": paper}), now=NOW))
    assert not tree.xpath(".//input[@type='hidden'][@name='a']")
    assert "刚才选的“<b>.png”还没有保存" in words(only(tree, ".//p[@class='jf-hint']"))


def test_readonly_and_computed_are_shown_not_asked():
    one = form(
        field("textfield", "card", readonly=True, properties={"kind": "id_card"}),
        field("number", "limit", readonly=True, defaultValue="=available"),
        field("number", "n"),
        field("expression", "t", "合计", expression="=n + 1", properties={"kind": "money"}),
    )
    tree = page(
        one, ("n", "2"), values_so_far={"card": "370881199001010013"}, context={"available": 5}
    )
    assert [words(shown) for shown in tree.xpath(".//output")] == [
        "3708**********0013",
        "5",
        "3.00 元",
    ]
    assert not tree.xpath(".//*[@name='card'] | .//*[@name='t']")


def test_buttons_name_the_deed_and_the_draft_is_told():
    one = form(field("textfield"))
    tree = printed(form_view(one, {}, now=NOW, draft="草稿已于 14:30 保存"))
    assert words(only(tree, ".//*[@role='status']")) == "草稿已于 14:30 保存"
    actions = tree.xpath(".//div[@class='jf-actions']//button")
    assert [(words(one), one.get("name"), one.get("class")) for one in actions] == [
        ("批准并预留 1000.00 元", None, "btn"),
        ("保存草稿", "_draft", "btn quiet"),
    ]
    assert "会从备用金里预留" in words(tree)


def test_html_ids():
    assert html_id("members[0].name") == "f-members-0-name"
    assert html_id("members[0]") == "f-members-0"


def test_summary_list():
    one = form(field("textfield", "n", "姓名", properties={"mask": "name", "clause": "jn94.1"}))
    module = JINJA.get_template("form/form.html").module
    shown = html.fromstring(str(module.summary_list(summary_rows(one, {"n": "张小三"}))))
    assert words(shown) == "姓名 张*三 依据 jn94.1" or words(shown) == "姓名张*三 依据 jn94.1"


def test_views_are_plain_records():
    assert FieldView(kind="input", id="x", hint="h", error="e").described_by == "x-hint x-error"
