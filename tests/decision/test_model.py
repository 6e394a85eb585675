"""Whole models: chaining, services, imports, item definitions, and everything load refuses.

Single expressions and tables have their own tests.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.decision import DecisionModelError, UnknownElementError, load_model
from app.decision.values import to_text
from app.decision.xml import MAX_FILE_BYTES
from tests.decision.models import (
    bkm,
    data,
    decision,
    definitions,
    item,
    literal,
    one_decision,
    table,
)

NAMESPACES = [
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
]


def codes(xml: bytes, *imports: bytes) -> list[str]:
    """The codes of the errors load reports."""
    with pytest.raises(DecisionModelError) as caught:
        load_model(xml, imports, file="dmn/x.dmn")
    return [finding.code for finding in caught.value.findings if finding.severity == "error"]


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_version_of_dmn_is_read(namespace: str) -> None:
    model = load_model(definitions(decision("d", literal("1 + 1")), dmn=namespace))
    assert model.evaluate("d", {}).value == Decimal(2)


def test_decisions_chain_and_are_computed_once() -> None:
    model = load_model(
        definitions(
            decision("上", literal("中 + 下"), needs=["#d_中", "#d_下"]),
            decision("中", literal("下 * 2"), needs=["#d_下"]),
            decision("下", table([("x", "number")], [("y", "")], [["-", "x"]]), needs=["#in_x"]),
            data("x", "number"),
        )
    )
    result = model.evaluate("上", {"x": 5})
    assert result.value == Decimal(15)
    assert [trace.decision for trace in result.traces] == ["下"]
    assert result.matched == ()
    assert model.decisions == ("上", "中", "下")
    assert model.inputs_of("上") == ("x",)
    assert model.evaluate("d_中", {"x": 5}).value == Decimal(10)
    assert [found.decision for found in model.tables()] == ["下"]


def test_a_failure_below_leaves_no_answer_above() -> None:
    clash = table([("x", "number")], [("y", "")], [["-", "1"], ["-", "2"]])
    model = load_model(
        definitions(
            decision("上", literal("if 下 = null then 100 else 下"), needs=["#d_下"]),
            decision("下", clash, needs=["#in_x"]),
            data("x", "number"),
        )
    )
    result = model.evaluate("上", {"x": 1})
    assert result.value is None
    assert result.errors[0].place.decision == "下"


def test_a_cycle_is_named_in_order() -> None:
    parts = [
        decision("a", literal("b"), needs=["#d_b"]),
        decision("b", literal("c"), needs=["#d_c"]),
        decision("c", literal("a"), needs=["#d_a"]),
    ]
    with pytest.raises(DecisionModelError) as caught:
        load_model(definitions(*parts))
    (finding,) = caught.value.findings
    assert finding.code == "requirement_cycle"
    assert "a → b → c → a" in finding.message
    loose = load_model(definitions(*parts), strict=False)
    assert loose.evaluate("a", {}).errors[0].code == "requirement_cycle"


def test_a_bkm_may_call_itself_within_the_depth_limit() -> None:
    body = literal("if n <= 1 then 1 else n * 阶乘(n - 1)")
    parts = [
        bkm("阶乘", {"n": "number"}, body),
        decision("d", literal("阶乘(n)"), needs=["#in_n"], knows=["#k_阶乘"]),
        data("n", "number"),
    ]
    model = load_model(definitions(*parts))
    assert model.evaluate("d", {"n": 10}).value == Decimal(3628800)
    assert model.evaluate("d", {"n": 100}).errors[0].code == "limit_exceeded"


def test_a_decision_without_drawn_inputs_takes_them_from_the_caller() -> None:
    model = load_model(definitions(decision("d", literal("人均 * 12 + 人数"))))
    assert model.inputs_of("d") == ("人均", "人数")
    assert model.evaluate("d", {"人均": 2, "人数": 1}).value == Decimal(25)
    assert {finding.code for finding in model.findings} == {"undrawn_input"}


def test_a_name_left_to_the_caller_that_resembles_a_drawn_one_is_a_warning() -> None:
    model = load_model(definitions(data("人均收入"), decision("d", literal("人均收人 * 12"))))
    (finding,) = model.findings
    assert (finding.code, finding.severity) == ("undrawn_input", "warning")
    assert finding.suggestion == "您是不是想写 人均收入？"


def test_a_required_decision_without_an_arrow_is_an_error() -> None:
    parts = (decision("a", literal("b + 1")), decision("b", literal("1")))
    assert codes(definitions(*parts)) == ["not_connected"]


@pytest.mark.parametrize("text", ["基数 + 1", "折算(1)", "下 + 1"])
def test_what_is_drawn_but_not_connected_is_named(text: str) -> None:
    parts = (
        data("x"),
        data("基数"),
        bkm("折算", {"a": ""}, literal("a")),
        decision("下", literal("1")),
    )
    xml = definitions(*parts, decision("d", literal(text), needs=["#in_x"]))
    assert codes(xml) == ["not_connected"]


# Services.


def service(name: str, outputs: list[str], inputs: list[str], kind: str = "") -> str:
    reference = f' typeRef="{kind}"' if kind else ""
    parts = "".join(f'<outputDecision href="#{href}"/>' for href in outputs)
    for href in inputs:
        tag = "inputData" if href.startswith("in_") else "inputDecision"
        parts += f'<{tag} href="#{href}"/>'
    return (
        f'<decisionService id="s_{name}" name="{name}"><variable name="{name}"{reference}/>'
        f"{parts}</decisionService>"
    )


SERVICE_PARTS = (
    decision("核定", literal("标准 * 人数"), needs=["#d_标准", "#in_人数"]),
    decision("标准", literal("基数 * 2"), needs=["#in_基数"]),
    data("人数", "number"),
    data("基数", "number"),
)


def test_a_service_computes_what_is_inside_and_takes_the_rest() -> None:
    parts = (*SERVICE_PARTS, service("全部", ["d_核定"], ["in_人数", "in_基数"]))
    model = load_model(definitions(*parts, service("上层", ["d_核定"], ["in_人数", "d_标准"])))
    assert model.decision_services == ("全部", "上层")
    assert model.invoke("全部", {"人数": 3, "基数": 10}).value == Decimal(60)
    assert model.invoke("上层", {"人数": 3, "标准": 7}).value == Decimal(21)


def test_a_service_with_two_outputs_answers_a_context() -> None:
    parts = (*SERVICE_PARTS, service("全部", ["d_核定", "d_标准"], ["in_人数", "in_基数"]))
    found = load_model(definitions(*parts)).invoke("全部", {"人数": 1, "基数": 2}).value
    assert to_text(found) == "{核定: 4, 标准: 4}"


def test_a_service_is_called_from_feel() -> None:
    caller = decision("d", literal("全部(人数: 2, 基数: 5)"), knows=["#s_全部"])
    parts = (*SERVICE_PARTS, service("全部", ["d_核定"], ["in_人数", "in_基数"]), caller)
    assert load_model(definitions(*parts)).evaluate("d", {}).value == Decimal(20)


# Item definitions.


def ref(kind: str, values: str = "") -> str:
    allowed = f"<allowedValues><text>{values}</text></allowedValues>" if values else ""
    return f"<typeRef>{kind}</typeRef>{allowed}"


def component(name: str, content: str) -> str:
    return f'<itemComponent name="{name}">{content}</itemComponent>'


PERSON = item("tPerson", component("姓 名", ref("string")) + component("年龄", ref("tAge")))
AGE = item("tAge", ref("number", "[0..150]"))


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("tAge", 30, "30"),
        ("tAge", 151, "null"),
        ("tAge", "30", "null"),
        ("tAge", [30], "30"),
        ("tPerson", {"姓 名": "张三", "年龄": 30}, "{姓 名: 张三, 年龄: 30}"),
        ("tPerson", {"姓 名": "张三", "年龄": 200}, "null"),
        ("tPerson", {"姓 名": "张三"}, "null"),
        ("tPerson", {"姓 名": "张三", "年龄": None}, "{姓 名: 张三, 年龄: null}"),
        ("tAges", [1, 2], "[1, 2]"),
        ("tAges", 1, "[1]"),
        ("tAges", [1, 151], "null"),
        ("tAges", None, "null"),
        ("number", True, "null"),
    ],
)
def test_inputs_are_checked_and_coerced(kind: str, given: object, expected: str) -> None:
    parts = (PERSON, AGE, item("tAges", ref("tAge"), collection=True), data("x", kind))
    model = load_model(definitions(*parts, decision("d", literal("x"), needs=["#in_x"])))
    text = to_text(model.evaluate("d", {"x": given}).value).replace('"', "")
    assert text == expected


def test_members_with_spaces_are_known_by_their_type() -> None:
    parts = (PERSON, AGE, data("x", "tPerson"))
    body = literal('x.姓 名 + "，" + string(x.年龄)')
    model = load_model(definitions(*parts, decision("d", body, needs=["#in_x"])))
    assert model.evaluate("d", {"x": {"姓 名": "张三", "年龄": 8}}).value == "张三，8"


def test_a_date_becomes_a_date_and_time_where_one_is_declared() -> None:
    body = literal('@"2026-01-02"')
    model = load_model(definitions(decision("d", body, kind="date and time")))
    assert to_text(model.evaluate("d", {}).value) == "2026-01-02T00:00:00Z"


def test_item_definitions_may_refer_to_later_ones_and_to_themselves() -> None:
    node = item("tNode", component("下级", ref("tNode")) + component("年龄", ref("tAge")))
    assert load_model(definitions(node, AGE, decision("d", literal("1"))))


def test_a_type_that_is_only_itself_means_anything() -> None:
    model = load_model(definitions(item("tSelf", ref("tSelf")), data("x", "tSelf"),
                                   decision("d", literal("x"), needs=["#in_x"])))  # fmt: skip
    assert model.evaluate("d", {"x": "a"}).value == "a"


@pytest.mark.parametrize("kind", ["feel:number", "xsd:number", "feel:tAge"])
def test_prefixes_of_old_files_are_understood(kind: str) -> None:
    model = load_model(
        definitions(AGE, data("x", kind), decision("d", literal("x"), needs=["#in_x"]))
    )
    assert model.evaluate("d", {"x": 7}).value == Decimal(7)
    assert model.evaluate("d", {"x": "a"}).value is None


def test_outputs_without_a_name_take_their_label() -> None:
    body = table([("1", "")], [("", ""), ("b", "")], [["-", "1", "2"]])
    body = body.replace('id="o0" name=""', 'id="o0" label="甲"')
    assert to_text(one_decision(body).evaluate("d", {}).value) == "{甲: 1, b: 2}"


def test_an_entity_reference_without_doctype_is_no_xml() -> None:
    assert codes(b"<definitions>&b;</definitions>") == ["bad_xml"]


def test_an_unknown_type_is_an_error() -> None:
    assert codes(definitions(data("x", "tNothing"))) == ["unknown_type"]


# Imports.

LIBRARY = definitions(
    AGE,
    bkm("加 倍", {"x": "tAge"}, literal("x * 2")),
    decision("基 数", literal("7")),
    namespace="http://lib",
)


def importing(*parts: str, name: str = "库") -> bytes:
    head = f'<import name="{name}" namespace="http://lib" importType="{NAMESPACES[-1]}"/>'
    return definitions(head, *parts)


def test_imported_elements_and_types_are_reached_by_the_import_name() -> None:
    body = literal("库.加 倍(x) + 库.基 数")
    main = importing(
        data("x", "库.tAge"),
        decision(
            "d", body, needs=["#in_x", "http://lib#d_基 数"], knows=["http://lib#k_加 倍"]
        ),
    )  # fmt: skip
    model = load_model(main, [LIBRARY])
    assert model.evaluate("d", {"x": 5}).value == Decimal(17)
    assert model.evaluate("d", {"x": 500}).value is None


def test_an_import_without_a_name_adds_its_elements_directly() -> None:
    main = importing(decision("d", literal("基 数 + 1"), needs=["http://lib#d_基 数"]), name="")
    assert load_model(main, [LIBRARY]).evaluate("d", {}).value == Decimal(8)


def test_a_missing_import_is_an_error() -> None:
    assert codes(importing(decision("d", literal("1")))) == ["missing_import"]


# What load refuses, all at once.


def test_all_findings_of_a_file_are_reported_at_once_with_their_places() -> None:
    rows = [["＞ 1", '"a"'], [">= 2", '"b" +'], ["收人 > 3", '"c"']]
    body = table([("收入", "number")], [("y", "string")], rows)
    xml = definitions(data("收入", "number"), decision("额度", body, needs=["#in_收入"]))
    with pytest.raises(DecisionModelError) as caught:
        load_model(xml, file="dmn/e.dmn")
    found = [(f.code, f.place.rule, f.place.column, f.place.offset) for f in caught.value.findings]
    assert found == [
        ("full_width_punctuation", 1, "收入", 0),
        ("unexpected_end", 2, "y", 5),
        ("unknown_name", 3, "收入", 0),
    ]
    assert {(f.place.file, f.place.decision) for f in caught.value.findings} == {
        ("dmn/e.dmn", "额度")
    }
    assert "收入" in caught.value.findings[2].suggestion


def test_a_loosely_loaded_model_answers_null_where_it_is_broken() -> None:
    body = table([("x", "number")], [("y", "")], [["< 1", "1 +"], [">= 1", "2"]])
    xml = definitions(data("x", "number"), decision("d", body, needs=["#in_x"]))
    model = load_model(xml, strict=False)
    assert model.evaluate("d", {"x": 1}).value == Decimal(2)
    broken = model.evaluate("d", {"x": 0})
    assert broken.value is None
    assert broken.errors[0].code == "broken_expression"
    assert broken.errors[0].place.rule == 1


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([decision("a", literal("1")), decision("a", literal("2"))], "repeated_name"),
        ([decision("", literal("1"))], "element_without_name"),
        ([decision("a", literal("1"), needs=["#nowhere"])], "missing_element"),
        ([decision("a", literal("1"), needs=["http://else#x"])], "missing_element"),
        ([decision("a", "<decisionTable/>")], "no_output"),
        ([decision("a", table([("1", "")], [("y", "")], [["-"]]))], "wrong_cell_count"),
        ([decision("a", table([("1", "")], [("y", "")], [], policy="BEST"))], "unknown_hit_policy"),
        ([decision("a", table([("", "")], [("y", "")], []))], "empty_expression"),
        ([decision("a", table([("1", "")], [("", ""), ("", "")], []))], "output_without_name"),
    ],
)
def test_broken_structure_is_refused(parts: list[str], code: str) -> None:
    assert code in codes(definitions(*parts))


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "bad_xml"),
        (b"<a", "bad_xml"),
        (b"\x00\x01", "bad_xml"),
        (b"<a/>", "not_dmn"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><definitions>&b;</definitions>', "doctype"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x"><definitions/>', "doctype"),
        (b"<definitions>" + b"<a>" * 101 + b"</a>" * 101 + b"</definitions>", "file_too_large"),
        (b"<definitions>" + b"<a/>" * 100_001 + b"</definitions>", "file_too_large"),
        (b" " * (MAX_FILE_BYTES + 1), "file_too_large"),
        ('<?xml version="1.0" encoding="gb18030"?><定义>'.encode() + b"\xff", "bad_encoding"),
    ],
)
def test_hostile_or_foreign_files_are_refused(xml: bytes, code: str) -> None:
    assert codes(xml) == [code]


def test_chinese_encodings_are_read() -> None:
    text = definitions(decision("低保", literal('"好"'))).decode().replace("UTF-8", "GB18030")
    assert load_model(text.encode("gb18030")).evaluate("低保", {}).value == "好"


def test_an_unknown_name_or_id_is_a_lookup_error() -> None:
    model = one_decision(literal("1"))
    with pytest.raises(UnknownElementError):
        model.evaluate("no such", {})
    with pytest.raises(UnknownElementError):
        model.invoke("d", {})
