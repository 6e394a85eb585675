"""FEEL expressions and unary tests to syntax nodes.

A hand-written precedence parser: FEEL's names depend on what is in scope, and scope grows while
reading (`for`, `function`, context keys), which no grammar table can express.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.decision.nodes import (
    And,
    AnyTest,
    Arithmetic,
    Between,
    Call,
    Compare,
    Filter,
    For,
    If,
    In,
    InstanceOf,
    Iterator,
    Name,
    Negate,
    Node,
    OpTest,
    Or,
    Path,
    Quantified,
    Span,
    UnaryTests,
    depth_of,
)
from app.decision.parser_base import ParseStop, UnknownName, Vocabulary
from app.decision.parser_primary import COMPARISONS, PrimaryParser
from app.decision.result import Finding, Place
from app.decision.runtime import MAX_CHAIN, MAX_TEXT, MAX_TREE

_ADD, _MULTIPLY, _POWER = 4, 5, 6
_POWERS = {"+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "**": _POWER}
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What reading one text gave; `node` is None when a finding says why."""

    text: str  # as given
    node: Node | None  # UnaryTests for a table cell
    findings: tuple[Finding, ...]  # syntax errors, offsets inside `text`
    unknown: tuple[UnknownName, ...]  # words nobody declared; `check` words the findings


class Parser(PrimaryParser):
    """Reads operators and the forms that begin with a keyword."""

    def expression(self) -> Node:
        """Read one expression."""
        with self.nested():
            return self._keyword_form() or self._disjunction()

    def _keyword_form(self) -> Node | None:
        if self.scope.match(self.tokens, self.at)[1] > 1:
            return None
        if self.is_word("if"):
            return self._if()
        if self.is_word("for"):
            return self._for()
        if self.is_word("some", "every"):
            return self._quantified()
        return None

    def _if(self) -> Node:
        start = self.take().start
        condition = self.expression()
        self.expect_word("then")
        then = self.expression()
        self.expect_word("else")
        otherwise = self.expression()
        return If(self.span_from(start), condition, then, otherwise)

    def _for(self) -> Node:
        start = self.take().start
        scope = self.scope.child(("partial",))
        with self.inside(scope):
            iterators = self._iterators()
            self.expect_word("return")
            body = self.expression()
        return For(self.span_from(start), iterators, body)

    def _quantified(self) -> Node:
        word = self.take()
        scope = self.scope.child()
        with self.inside(scope):
            iterators = self._iterators()
            self.expect_word("satisfies")
            condition = self.expression()
        return Quantified(self.span_from(word.start), word.text == "every", iterators, condition)

    def _iterators(self) -> tuple[Iterator, ...]:
        found: list[Iterator] = []
        while True:
            start = self.token.start
            name = self.binder("in")
            self.expect_word("in")
            source = self.expression()
            end: Node | None = None
            if self.is_op(".."):
                self.take()
                end = self.expression()
            self.scope.names.add(name)
            found.append(Iterator(self.span_from(start), name, source, end))
            if not self.is_op(","):
                return tuple(found)
            self.take()

    # Operators, loosest first.

    def _disjunction(self) -> Node:
        items = [self._conjunction()]
        while self.is_word("or"):
            self.take()
            items.append(self._keyword_form() or self._conjunction())
        if len(items) == 1:
            return items[0]
        return Or(Span(items[0].span.start, items[-1].span.end), tuple(items))

    def _conjunction(self) -> Node:
        items = [self._comparison()]
        while self.is_word("and"):
            self.take()
            items.append(self._keyword_form() or self._comparison())
        if len(items) == 1:
            return items[0]
        return And(Span(items[0].span.start, items[-1].span.end), tuple(items))

    def _comparison(self) -> Node:
        left = self.arithmetic(_ADD)
        for _ in range(MAX_CHAIN):
            start = left.span.start
            if self.token.kind == "op" and self.token.text in COMPARISONS:
                operator = self.take().text
                right = self._keyword_form() or self.arithmetic(_ADD)
                left = Compare(self.span_from(start), operator, left, right)
            elif self.is_word("between"):
                left = self._between(left)
            elif self.is_word("in"):
                self.take()
                tests = self._in_tests()
                left = In(self.span_from(start), left, tests)
            else:
                return left
        raise self._chain_too_long()

    def _between(self, value: Node) -> Node:
        self.take()
        low = self.arithmetic(_ADD)
        self.expect_word("and")
        high = self.arithmetic(_ADD)
        return Between(self.span_from(value.span.start), value, low, high)

    def _in_tests(self) -> tuple[Node, ...]:
        if self.is_op("("):
            mark = self.mark()
            try:
                return self._parenthesised_tests()
            except ParseStop:
                # Not a list of tests: a range such as (1..5] or an expression in brackets.
                self.reset(mark)
        return (self._positive_test(self.arithmetic_test),)

    def _parenthesised_tests(self) -> tuple[Node, ...]:
        self.take()
        with self.nested():
            tests = [self._positive_test(self.expression)]
            while self.is_op(","):
                self.take()
                tests.append(self._positive_test(self.expression))
        self.expect_op(")")
        if self.is_op("+", "-", "*", "/", "**", ".", "["):
            raise self.stop_unexpected()
        return tuple(tests)

    def arithmetic_test(self) -> Node:
        """Read the operand of `in`, which stops before and, or and comparisons."""
        return self.arithmetic(_ADD)

    def arithmetic(self, power: int) -> Node:
        """Read sums, products and powers binding at least as tightly as `power`."""
        left = self._unary()
        for _ in range(MAX_CHAIN):
            token = self.token
            binding = _POWERS.get(token.text, 0) if token.kind == "op" else 0
            if binding < power:
                return left
            self.take()
            right = self._keyword_form() or self.arithmetic(binding + 1)
            left = Arithmetic(self.span_from(left.span.start), token.text, left, right)
        raise self._chain_too_long()

    def _chain_too_long(self) -> ParseStop:
        return self.stop("too_long", f"一层里超过 {MAX_CHAIN} 个运算。", "请拆成几个决策")

    def _unary(self) -> Node:
        starts: list[int] = []
        while self.is_op("-"):
            if len(starts) == MAX_CHAIN:
                raise self._chain_too_long()
            starts.append(self.take().start)
        node = self._keyword_form() if starts else None
        node = node or self._postfix()
        for start in reversed(starts):
            node = Negate(self.span_from(start), node)
        return node

    def _postfix(self) -> Node:
        range_end = self.range_end
        node = self.primary()
        for _ in range(MAX_CHAIN):
            if self.is_op("."):
                self.take()
                name = self.member()
                node = Path(self.span_from(node.span.start), node, name)
            elif self.is_op("("):
                node = self._call(node)
            elif self.is_op("["):
                filtered = self._filter(node, range_end)
                if filtered is None:
                    return node
                node = filtered
            elif self.is_word("instance"):
                self.take()
                self.expect_word("of")
                kind = self.type_expression()
                node = InstanceOf(self.span_from(node.span.start), node, kind)
            else:
                return node
        raise self._chain_too_long()

    def _filter(self, base: Node, range_end: bool) -> Node | None:
        mark = self.mark()
        self.take()
        scope = self.scope.child(("item",), is_filter=True)
        # Members of the items may be named in the condition; which ones, only the value tells.
        scope.names.add_all(self.members)
        try:
            with self.nested(), self.inside(scope):
                condition = self.expression()
            self.expect_op("]")
        except ParseStop:
            if not range_end:
                raise
            self.reset(mark)  # `[1..10[`: the bracket closes the range
            return None
        return Filter(self.span_from(base.span.start), base, condition)

    def _call(self, function: Node) -> Node:
        self.take()
        arguments: list[Node] = []
        names: list[str] = []
        named = self._named_arguments_follow()
        with self.nested():
            while not self.is_op(")"):
                if named:
                    names.append(self.binder(":"))
                    self.expect_op(":")
                arguments.append(self.expression())
                if not self.is_op(","):
                    break
                self.take()
        self.expect_op(")")
        span = self.span_from(function.span.start)
        return Call(span, function, tuple(arguments), tuple(names) if named else None)

    def _named_arguments_follow(self) -> bool:
        at = self.at
        while self.tokens[at].kind in {"word", "number", "op", "wide"}:
            text = self.tokens[at].text
            if text in {":", "："}:
                return at > self.at
            if text in {"(", ")", "[", "]", "{", "}", ",", "，", "?"}:
                return False
            at += 1
        return False

    def iteration_domain(self) -> Node:
        """Read what a boxed loop runs over: an expression, or `a..b` as after `for x in`."""
        source = self.expression()
        if not self.is_op(".."):
            return source
        self.take()
        end = self.expression()
        span = Span(source.span.start, end.span.end)
        return For(span, (Iterator(span, "item", source, end),), Name(span, "item"))

    # Unary tests.

    def unary_tests(self) -> Node:
        """Read a table cell."""
        start = self.token.start
        if self.is_op("-") and self.tokens[self.at + 1].kind == "end":
            self.take()
            span = self.span_from(start)
            return UnaryTests(span, (AnyTest(span),))
        if self.is_word("not") and self.tokens[self.at + 1].text in {"(", "（"}:
            mark = self.mark()
            try:
                return self._negated_tests(start)
            except ParseStop:
                self.reset(mark)  # `not(a) and b`: an ordinary expression
        tests = self._tests()
        return UnaryTests(self.span_from(start), tests)

    def _negated_tests(self, start: int) -> Node:
        self.take()
        self.expect_op("(")
        tests = self._tests()
        self.expect_op(")")
        self.expect_end()
        return UnaryTests(self.span_from(start), tests, negated=True)

    def _tests(self) -> tuple[Node, ...]:
        tests = [self._positive_test(self.expression)]
        while self.is_op(","):
            self.take()
            tests.append(self._positive_test(self.expression))
        return tuple(tests)

    def _positive_test(self, read: Callable[[], Node]) -> Node:
        token = self.token
        if token.kind == "op" and token.text in COMPARISONS:
            self.take()
            operand = self.arithmetic(_ADD)
            return OpTest(self.span_from(token.start), token.text, operand)
        return read()

    def expect_end(self) -> None:
        """Stop unless the whole text was read."""
        if self.token.kind != "end":
            raise self.stop_unexpected()


def parse_expression(text: str, vocabulary: Vocabulary) -> Parsed:
    """Return the nodes of an expression and everything wrong with it."""
    return _parse(text, vocabulary, Parser.expression)


def parse_unary_tests(text: str, vocabulary: Vocabulary) -> Parsed:
    """Return the UnaryTests of a table cell and everything wrong with it."""
    return _parse(text, vocabulary, Parser.unary_tests)


def parse_iteration(text: str, vocabulary: Vocabulary) -> Parsed:
    """Return the nodes of what a boxed loop runs over and everything wrong with it."""
    return _parse(text, vocabulary, Parser.iteration_domain)


def _parse(text: str, vocabulary: Vocabulary, read: Callable[[Parser], Node]) -> Parsed:
    if len(text) > MAX_TEXT:
        message = f"表达式超过 {MAX_TEXT} 个字符。"
        finding = Finding("too_long", "error", message, "请拆成几个决策", Place(offset=0))
        return Parsed(text, None, (finding,), ())
    odd = _NOT_TEXT.search(text)
    if odd is not None:
        message = f"第 {odd.start() + 1} 个字符不是文字。"
        place = Place(offset=odd.start(), length=1)
        return Parsed(text, None, (Finding("bad_character", "error", message, "", place),), ())
    parser = Parser(text, vocabulary)
    node: Node | None = None
    try:
        node = read(parser)
        parser.expect_end()
        if depth_of(node) > MAX_TREE:
            raise parser.stop("too_deep", f"表达式嵌套超过 {MAX_TREE} 层。", "请拆成几个决策")
    except ParseStop as stop:
        node = None
        # After a full-width sign the rest may make no sense: the sign is the thing to say.
        if all(found.place.offset != stop.finding.place.offset for found in parser.findings):
            parser.findings.append(stop.finding)
    except RecursionError:
        node = None
        parser.findings.append(parser.stop("too_deep", "表达式嵌套太深。").finding)
    if parser.findings:
        node = None
    return Parsed(text, node, tuple(parser.findings), tuple(parser.unknown))
