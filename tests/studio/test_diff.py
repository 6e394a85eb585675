"""Two packages compared in business words; what looks different and means the same is not told."""

from __future__ import annotations

import json

from app.studio.diff import diff
from tests.studio.drawing import (
    APPROVE,
    ESCALATION,
    FIELDS,
    GOOD,
    LAW,
    NOTICE,
    NOW,
    PATH,
    PAY,
    PUBLICITY,
    PUBLISH,
    VERIFY,
    decisions,
    diagram,
    either,
    end,
    flows,
    form,
    literal,
    start,
    table,
    user,
)

MAIN = "processes/here/main.bpmn"
TABLES = "dmn/here/basic.dmn"
SLIP = "forms/here/slip.form"
PAPER = "forms/here/notice.paper.toml"


def lines(path: str, new: bytes, old: bytes | None = None) -> list[str]:
    before = {**GOOD, path: old} if old is not None else GOOD
    return [change.line for change in diff(before, {**GOOD, path: new}, now=NOW)]


def process(*parts: str) -> bytes:
    return diagram(start(), *parts, end(), route="emergency")


def test_same_package_has_no_change() -> None:
    assert diff(GOOD, dict(GOOD), now=NOW) == []


def test_moved_picture_means_the_same_and_is_still_named() -> None:
    moved = GOOD[MAIN].replace(b"</bpmn:definitions>", b"<!-- moved --></bpmn:definitions>")
    assert lines(MAIN, moved) == [f"{MAIN} 的文字或图上位置有变，含义不变"]


def test_steps_added_removed_renamed_and_handed_to_another() -> None:
    again = user("again", "复核", "county_handler")
    new = process(user("verify", "入户核实", "village_worker", form="slip"), again, PAY, PUBLISH,
                  flows("begin > verify > again > pay > publish > done"))  # fmt: skip
    assert lines(MAIN, new) == [
        "入户核实：名称 现场核实 → 入户核实",
        "入户核实：表单 无 → slip",
        "入户核实：角色 乡镇（街道）经办人 → 村（居）协理员",
        "新增人工步骤“复核”（县级民政经办人）",
        "删去人工步骤“审批”",
        "删去连线 “现场核实” → “审批”",
        "删去连线 “审批” → “登记发放”",
        "新增连线 “入户核实” → “复核”",
        "新增连线 “复核” → “登记发放”",
    ]


def test_properties_and_process_properties_are_named_in_chinese() -> None:
    new = diagram(start(), VERIFY, user("approve", "审批", "township_approver", clock="first"), PAY, PUBLISH, end(),
                  flows(PATH), name="新流程", route="expenditure")  # fmt: skip
    assert lines(MAIN, new) == [
        "流程名称 主流程 → 新流程",
        "流程的救助类型 emergency → expenditure",
        "审批：适用时限 无 → first",
        "审批：须避开的步骤 verify → 无",
    ]


def test_redrawn_flow_with_another_id_is_the_same_flow() -> None:
    assert lines(MAIN, GOOD[MAIN].replace(b'id="f_verify_approve"', b'id="Flow_1abc"')) == [
        f"{MAIN} 的文字或图上位置有变，含义不变"
    ]


def test_condition_default_and_target_of_a_flow() -> None:
    def ask(default: str, way: str) -> bytes:
        return process(VERIFY, either("ask", default), APPROVE, PAY, PUBLISH, flows(way))

    way = "begin > verify > ask > approve > pay > publish > done\nask > verify if amount > 1"
    old = ask("f_ask_approve", way)
    assert lines(MAIN, ask("f_ask_approve", way.replace("> 1", "> 2")), old) == [
        "连线 “ask” → “现场核实”：条件 =amount > 1 → =amount > 2"
    ]
    assert lines(MAIN, ask("f_ask_verify", way), old) == [
        "连线 “ask” → “审批”：不再是默认",
        "连线 “ask” → “现场核实”：设为默认",
    ]
    moved = old.replace(b'sourceRef="ask" targetRef="verify"', b'sourceRef="ask" targetRef="pay"')
    assert lines(MAIN, moved, old) == ["连线改接：“ask” → “现场核实” 改为 “ask” → “登记发放”"]


def test_changed_limit_is_said_for_the_steps_it_binds() -> None:
    def limits(amount: str, unit: str = '"workdays"') -> bytes:
        deadline = table(
            "deadline", ["key"], ["amount", "unit"], f'"entry" => {amount} | {unit}', name="时限"
        )
        return decisions(deadline, ESCALATION, FIELDS, PUBLICITY)

    entry = diagram(
        start(), user("entry", "录入申请", clock="entry"), end(), flows("begin > entry > done")
    )
    before = {**GOOD, MAIN: entry, TABLES: limits("1")}
    after = [c.line for c in diff(before, {**before, TABLES: limits("2")}, now=NOW)]
    assert after == ["录入申请：期限 1 → 2 个工作日", '时限：第 1 行（key "entry"）：amount 1 → 2']
    changed = diff(before, {**before, TABLES: limits("24", '"hours"')}, now=NOW)
    assert changed[0].line == "录入申请：期限 1 个工作日 → 24 小时"
    assert (changed[0].file, changed[0].element_id) == (MAIN, "entry")


def test_rows_are_matched_by_id_and_by_question() -> None:
    def tables(*rules: str, hit: str = "FIRST") -> bytes:
        return decisions(table("t", ["x"], ["y"], *rules, hit=hit))

    old = tables("1 => 10", "2 => 20", "- => 0")
    assert lines("dmn/here/t.dmn", tables("1 => 10", "2 => 25", "- => 0"), old) == [
        "t：第 2 行（x 2）：y 20 → 25"
    ]
    assert lines("dmn/here/t.dmn", tables("1 => 10", "2 => 20", "- => 0", hit="UNIQUE"), old) == [
        "t：命中规则 FIRST → UNIQUE"
    ]
    fresh = tables("1 => 10", "2 => 20").replace(b"t_r", b"r")
    assert lines("dmn/here/t.dmn", fresh, old) == ["t：删去第 3 行（其他情形）"]
    swapped = tables("2 => 20", "1 => 10", "- => 0").replace(b"t_r", b"r")
    assert lines("dmn/here/t.dmn", swapped, old) == [
        "t：第 2 行移到第 1 行（x 2）",
        "t：第 1 行移到第 2 行（x 1）",
    ]
    added = tables("1 => 10", "2 => 20", "- => 0", "3 => 30")
    assert lines("dmn/here/t.dmn", added, old) == ["t：新增第 4 行（x 3，得 y 30）"]


def test_decisions_columns_and_expressions() -> None:
    sum_up = literal("sum_up", "a + b")
    old = decisions(sum_up, table("t", ["x"], ["y"], "1 => 10"))
    new = decisions(sum_up.replace("+", "-"), table("t", ["x", "z"], ["y"], "1 | - => 10"))
    found = lines("dmn/here/t.dmn", new, old)
    assert found == ["sum_up：算法 a + b → a - b", "t：新增一列“z”"]
    assert (
        lines("dmn/here/t.dmn", decisions(table("u", ["x"], ["y"], "1 => 1")))[0] == "新增决策“u”"
    )


def test_questions_labels_checks_and_options() -> None:
    def slip(**method: object) -> bytes:
        question = {"type": "select", "key": "method", "label": "发放方式", "id": "c", **method}
        return json.dumps(
            {"type": "default", "id": "slip", "name": "发放单", "components": [question]}
        ).encode()

    cash, bank = {"label": "现金", "value": "cash"}, {"label": "转账", "value": "bank"}
    old = slip(values=[cash], validate={"required": False})
    new = slip(
        label="怎么发", values=[{**cash, "label": "现款"}, bank], validate={"required": True}
    )
    assert lines(SLIP, new, old) == [
        "表单“发放单”：“怎么发”的名称 发放方式 → 怎么发",
        "表单“发放单”：“怎么发”的必填 否 → 是",
        "表单“发放单”：“怎么发”的选项 cash 现金 → 现款",
        "表单“发放单”：“怎么发”新增选项“转账”",
    ]


def test_questions_added_removed_and_reordered() -> None:
    assert lines(SLIP, form("slip", "b", "a", "c"), form("slip", "a", "b", "x")) == [
        "表单“slip”：新增“c”",
        "表单“slip”：删去“x”",
        "表单“slip”：问题的先后次序有变",
    ]


def test_papers_and_clauses() -> None:
    new = (
        NOTICE.replace('"amount"', '"village"')
        .replace("{amount}", "{village}")
        .replace("公示", "公告")
        .encode()
    )
    assert lines(PAPER, new) == [
        "文书“公告”：标题 公示 → 公告",
        "文书“公告”：新增字段“村（居）”",
        "文书“公告”：删去字段“救助金额（元）”",
        "文书“公告”：正文 {applicant_masked} {amount} → {applicant_masked} {village}",
    ]
    law = LAW.replace("应当公布", "应当及时公布").encode()
    assert lines("processes/statutes/law.toml", law) == [
        "条款 示范〔2018〕1号一：原文 发放应当公布。 → 发放应当及时公布。"
    ]


def test_file_from_another_locality_is_named() -> None:
    after = {path: raw for path, raw in GOOD.items() if path != SLIP}
    after["forms/upper/slip.form"] = GOOD[SLIP]
    found = [change.line for change in diff(GOOD, after, now=NOW)]
    assert found == ["forms/slip.form 改用“upper”的文件，原来用“here”的"]


def test_broken_files_are_compared_without_an_exception() -> None:
    broken = dict.fromkeys(GOOD, b"\x00<")
    assert diff(GOOD, broken, now=NOW)
    assert diff(broken, GOOD, now=NOW)
