"""Reading FEEL: names by longest match, precedence, unary tests, and messages for slips.

What the nodes mean is left to test_expressions.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.decision.lexer import canonical_name, tokenize, unescape
from app.decision.nodes import (
    And,
    AnyTest,
    Arithmetic,
    Call,
    Compare,
    Filter,
    For,
    If,
    In,
    InstanceOf,
    Literal,
    Name,
    Negate,
    Node,
    OpTest,
    Path,
    RangeLiteral,
    UnaryTests,
    walk,
)
from app.decision.parser import Parsed, parse_expression, parse_iteration, parse_unary_tests
from app.decision.parser_base import Vocabulary
from app.decision.scope import Names
from app.decision.site import ROOT


def read(text: str, *names: str, members: tuple[str, ...] = ()) -> Parsed:
    return parse_expression(text, Vocabulary(ROOT.child(names), Names(members)))


def node_of(text: str, *names: str, members: tuple[str, ...] = ()) -> Node:
    parsed = read(text, *names, members=members)
    assert parsed.node is not None, parsed.findings
    return parsed.node


def shape(node: Node) -> str:
    """Operators in brackets, so that precedence can be read."""
    match node:
        case Name(name=name):
            return name
        case Literal(value=value):
            return str(value)
        case Arithmetic(op=op, left=left, right=right) | Compare(op=op, left=left, right=right):
            return f"({shape(left)} {op} {shape(right)})"
        case Negate(operand=operand):
            return f"-{shape(operand)}"
        case And(items=items):
            return "(" + " and ".join(map(shape, items)) + ")"
    return type(node).__name__


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * c", "(a + (b * c))"),
        ("(a + b) * c", "((a + b) * c)"),
        ("a - b - c", "((a - b) - c)"),
        ("a ** b ** c", "((a ** b) ** c)"),
        ("-a ** b", "(-a ** b)"),
        ("--a", "--a"),
        ("a - -b", "(a - -b)"),
        ("a + 1 > b * 2", "((a + 1) > (b * 2))"),
        ("a = b and b < c", "((a = b) and (b < c))"),
        ("a // 注\n + b", "(a + b)"),
        ("a /* x */ * b", "(a * b)"),
    ],
)
def test_operators_bind_as_the_specification_says(text: str, expected: str) -> None:
    assert shape(node_of(text, "a", "b", "c")) == expected


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("人均 收入 * 12", ["人均 收入"], "(人均 收入 * 12)"),
        ("人均   收入 * 12", ["人均 收入"], "(人均 收入 * 12)"),
        ("人均\n收入 * 12", ["人均 收入"], "(人均 收入 * 12)"),
        ("a-b - a", ["a-b", "a", "b"], "(a-b - a)"),
        ("a - b", ["a-b", "a", "b"], "a-b"),
        ("a-b", ["a", "b"], "(a - b)"),
        ("家庭收入（元） + 1", ["家庭收入（元）"], "(家庭收入（元） + 1)"),
        ("3个月收入 / 3", ["3个月收入"], "(3个月收入 / 3)"),
        ("收入和支出 + 收入", ["收入", "收入和支出"], "(收入和支出 + 收入)"),
        ("Student's name", ["Student's name"], "Student's name"),
        ("date of birth", ["date of birth", "date"], "date of birth"),
        ("a or b", ["a or b", "a", "b"], "a or b"),
    ],
)
def test_the_longest_known_name_wins(text: str, names: list[str], expected: str) -> None:
    assert shape(node_of(text, *names)) == expected


def test_names_are_compared_after_unicode_normalisation() -> None:
    assert shape(node_of("e\u0301tat + 1", "\u00e9tat")) == "(\u00e9tat + 1)"


def test_loop_variables_parameters_and_keys_are_names() -> None:
    assert isinstance(node_of("for 户 主 in [1] return 户 主 + 1"), For)
    assert not read("for 户 主 in [1] return 户 主 + 1").unknown
    assert not read("function(月 收入, b: number) 月 收入 + b").unknown
    assert not read("{月 收入: 1, 年 收入: 月 收入 * 12}").unknown
    assert not read("some x in [1], y in [x] satisfies x = y").unknown
    assert not read("for i in 1..3 return count(partial)").unknown


def test_a_name_after_a_dot_is_the_longest_known_member() -> None:
    node = node_of("申请人.月 收入 + 1", "申请人", members=("月 收入",))
    assert isinstance(node, Arithmetic)
    assert isinstance(node.left, Path)
    assert node.left.name == "月 收入"


def test_members_of_items_are_known_inside_a_filter() -> None:
    node = node_of("成员[月 收入 > 100]", "成员", members=("月 收入",))
    assert isinstance(node, Filter)
    assert not read("成员[月 收入 > 100]", "成员", members=("月 收入",)).unknown


def test_ranges_of_every_kind() -> None:
    ends = {
        "[1..2]": (True, True),
        "(1..2)": (False, False),
        "]1..2[": (False, False),
        "[1..2)": (True, False),
        "(1..2]": (False, True),
        "[1..2[": (True, False),
    }
    for text, (low, high) in ends.items():
        node = node_of(text)
        assert isinstance(node, RangeLiteral)
        assert (node.low_closed, node.high_closed) == (low, high)


def test_an_open_range_that_ends_with_a_bracket_is_not_a_filter() -> None:
    node = node_of("a in [1..b[ and c", "a", "b", "c")
    assert isinstance(node, And)
    assert isinstance(node.items[0], In)


def test_in_takes_one_test_or_several() -> None:
    several, single = node_of("a in (1, < 5, [7..9])", "a"), node_of("a in > 3", "a")
    assert isinstance(several, In)
    assert [type(test) for test in several.tests] == [Literal, OpTest, RangeLiteral]
    assert isinstance(single, In)
    assert isinstance(single.tests[0], OpTest)


def test_if_nests_to_the_right() -> None:
    node = node_of("if a then 1 else if b then 2 else 3", "a", "b")
    assert isinstance(node, If)
    assert isinstance(node.otherwise, If)


def test_named_and_positional_arguments() -> None:
    named, plain = node_of('substring(string: "abc", start position: 2)'), node_of("max(1, 2)")
    assert isinstance(named, Call)
    assert named.names == ("string", "start position")
    assert isinstance(plain, Call)
    assert plain.names is None


def test_types_are_read_with_all_their_parts() -> None:
    texts = ["number", "date and time", "list<list<number>>", "context<a b: string, c: Any>",
             "function<number, string>->boolean", "range<date>", "years and months duration"]  # fmt: skip
    for text in texts:
        assert isinstance(node_of(f"a instance of {text}", "a"), InstanceOf)


def test_spans_cover_the_text_they_stand_for() -> None:
    text = "人均 收入 >= 1000"
    node = node_of(text, "人均 收入")
    found = {type(part).__name__: text[part.span.start : part.span.end] for part in walk(node)}
    assert found == {"Compare": text, "Name": "人均 收入", "Literal": "1000"}


def cell(text: str) -> UnaryTests:
    node = parse_unary_tests(text, Vocabulary(ROOT.child(("?",)))).node
    assert isinstance(node, UnaryTests)
    return node


def test_cells() -> None:
    assert isinstance(cell("-").tests[0], AnyTest)
    assert len(cell('"a", "b"').tests) == 2
    assert cell('not("a", "b")').negated
    assert isinstance(cell("< 5").tests[0], OpTest)
    assert isinstance(cell("-5").tests[0], Negate)
    assert not cell("not(true) and false").negated


def test_a_boxed_loop_may_run_over_a_span() -> None:
    assert isinstance(parse_iteration("1..3", Vocabulary(ROOT)).node, For)


def test_strings_numbers_and_escapes() -> None:
    assert node_of(r'"a\"b\n\u4e2d\U01F40E"') == Literal(
        node_of(r'"a\"b\n\u4e2d\U01F40E"').span, 'a"b\n中🐎'
    )
    assert unescape(r"\uD83D\uDC0E") == "🐎"
    assert unescape(r"\uD83D") is None
    assert unescape(r"\U110000") is None
    assert shape(node_of(".5 + 1.5e3")) == "(0.5 + 1.5E+3)"
    assert [token.text for token in tokenize("1..10")] == ["1", "..", "10", ""]
    assert canonical_name("  人均 \n 收入 ") == "人均 收入"


def test_decimal_digits_are_kept() -> None:
    node = node_of("0.1234567890123456789012345678901234")
    assert isinstance(node, Literal)
    assert node.value == Decimal("0.1234567890123456789012345678901234")


SLIPS = [
    ("a ＞ 1", "full_width_punctuation", "请改为半角的 >", 2),
    ("max(a，1)", "full_width_punctuation", "请改为半角的 ,", 5),
    ("max（a, 1)", "full_width_punctuation", "请改为半角的 (", 3),
    ("a ≥ 1", "full_width_punctuation", "请改为半角的 >=", 2),
    ("a = “低保”", "full_width_quotes", '请改为 "低保"', 4),
    ("a = ‘低保’", "full_width_quotes", '请改为 "低保"', 4),
    ("a = 「低保」", "full_width_quotes", '请改为 "低保"', 4),
    ('a = "低保', "open_quote", '请在文字末尾补上 "', 4),
    ("a == 1", "syntax", "相等只写一个 =", 3),
    ("a && b", "syntax", "“并且”请写 and", 2),
    ("a 并且 b", "syntax", "“并且”请写 and", 2),
    ("a 大于 1", "syntax", "“大于”请写 >", 2),
    ("a = 'x'", "syntax", "文字请用半角双引号", 4),
    ("if a then 1", "unexpected_end", "请补上 else", 11),
    ("max(a", "unexpected_end", "请补上 )", 5),
    ("a +", "unexpected_end", "请补全表达式", 3),
    ("a b", "syntax", "", 2),
    ("{a: 1, a: 2}", "repeated_key", "请改名或删除一个", 0),
    ('@"2026-02-30"', "bad_temporal", '例如 @"2026-01-01"、@"P1M"', 1),
    ('"\\uD800"', "bad_escape", "请直接写出该字", 0),
    ("1e99999", "number_too_large", "", 0),
    ("a.", "name_missing", "", 2),
    ("a\x00b", "bad_character", "", 1),
    ("a instance of", "type_missing", "例如 number、string、date", 13),
]


@pytest.mark.parametrize(("text", "code", "suggestion", "offset"), SLIPS)
def test_slips_are_named_with_place_and_remedy(
    text: str, code: str, suggestion: str, offset: int
) -> None:
    parsed = read(text, "a", "b")
    assert parsed.node is None
    finding = parsed.findings[0]
    assert (finding.code, finding.suggestion, finding.place.offset) == (code, suggestion, offset)
    assert finding.message.endswith("。")


def test_all_full_width_signs_of_a_text_are_found_at_once() -> None:
    codes = [finding.code for finding in read("max（a，1）＞2", "a").findings]
    assert codes == ["full_width_punctuation"] * 4


def test_full_width_signs_inside_a_text_are_left_alone() -> None:
    assert node_of('"（甲，乙）：“好”"') == Literal(
        node_of('"（甲，乙）：“好”"').span, "（甲，乙）：“好”"
    )


def test_unknown_names_are_recorded_with_what_is_in_scope() -> None:
    (unknown,) = read("人均 收人 + 1", "人均 收入").unknown
    assert unknown.name == "人均 收人"
    assert "人均 收入" in unknown.candidates
    assert not unknown.called
    assert read("sume([1])").unknown[0].called
    assert read("[1][price > 1]").unknown[0].in_filter
