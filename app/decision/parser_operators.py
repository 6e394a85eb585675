"""Operators and the forms that begin with a keyword: if, for, some, every.

A hand-written precedence parser: FEEL's names depend on what is in scope, and scope grows while
reading (`for`, `function`, context keys), which no grammar table can express.
"""

from __future__ import annotations

from collections.abc import Callable

from app.decision.nodes import (
    And,
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
    Negate,
    Node,
    OpTest,
    Or,
    Path,
    Quantified,
    Span,
)
from app.decision.parser_base import ParseStop
from app.decision.parser_primary import COMPARISONS, PrimaryParser
from app.decision.runtime import MAX_CHAIN

_ADD, _MULTIPLY, _POWER = 4, 5, 6
_POWERS = {"+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "**": _POWER}


class OperatorParser(PrimaryParser):
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
        tried = ("tests", self.at)
        if self.is_op("(") and tried not in self.dead_ends:
            mark = self.mark()
            try:
                return self._parenthesised_tests()
            except ParseStop:
                # Not a list of tests: a range such as (1..5] or an expression in brackets.
                self.dead_ends.add(tried)
                self.reset(mark)
        return (self.positive_test(self.arithmetic_test),)

    def _parenthesised_tests(self) -> tuple[Node, ...]:
        self.take()
        with self.nested():
            tests = [self.positive_test(self.expression)]
            while self.is_op(","):
                self.take()
                tests.append(self.positive_test(self.expression))
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
        tried = ("filter", self.at)
        if range_end and tried in self.dead_ends:
            return None
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
            self.dead_ends.add(tried)
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

    def positive_test(self, read: Callable[[], Node]) -> Node:
        token = self.token
        if token.kind == "op" and token.text in COMPARISONS:
            self.take()
            operand = self.arithmetic(_ADD)
            return OpTest(self.span_from(token.start), token.text, operand)
        return read()
