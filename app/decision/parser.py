"""FEEL texts to syntax nodes: expressions, table cells, and what a boxed loop runs over."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.decision.nodes import (
    AnyTest,
    For,
    Iterator,
    Name,
    Node,
    Span,
    UnaryTests,
    depth_of,
)
from app.decision.parser_base import ParseStop, UnknownName, Vocabulary
from app.decision.parser_operators import OperatorParser
from app.decision.result import Finding, Place
from app.decision.runtime import MAX_TEXT, MAX_TREE

_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What reading one text gave; `node` is None when a finding says why."""

    text: str  # as given
    node: Node | None  # UnaryTests for a table cell
    findings: tuple[Finding, ...]  # syntax errors, offsets inside `text`
    unknown: tuple[UnknownName, ...]  # words nobody declared; `check` words the findings


class Parser(OperatorParser):
    """Reads a whole text in one of its forms."""

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
        tests = [self.positive_test(self.expression)]
        while self.is_op(","):
            self._refuse_thousands()
            self.take()
            tests.append(self.positive_test(self.expression))
        return tuple(tests)

    def _refuse_thousands(self) -> None:
        """`1,000` in a cell would silently mean "1 or 0"."""
        before, comma, after = self.tokens[self.at - 1 : self.at + 2]
        if (
            before.kind == after.kind == "number"
            and before.end == comma.start
            and comma.end == after.start
            and len(after.text.partition(".")[0]) == 3
        ):
            whole = Span(before.start, after.end)
            message = f"{self.text[before.start : after.end]} 会被当作两个值。"
            hint = f"如果是一个数，请写 {before.text}{after.text}；如果是两个值，请在逗号后加空格"
            self.findings.append(self.finding("thousands_separator", message, hint, whole))

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
