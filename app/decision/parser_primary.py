"""Primary expressions: literals, names, brackets, functions, contexts, lists and ranges."""

from __future__ import annotations

from abc import ABC, abstractmethod
from decimal import Decimal, DecimalException

from app.decision.lexer import KEYWORDS, canonical_name, unescape
from app.decision.nodes import (
    ContextLiteral,
    FunctionLiteral,
    ListLiteral,
    Literal,
    Name,
    Node,
    OpTest,
    Parameter,
    RangeLiteral,
    Span,
)
from app.decision.parser_types import TypeParser
from app.decision.runtime import NUMBERS
from app.decision.temporal import parse_at_literal

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_CONSTANTS = {"true": True, "false": False, "null": None}


class PrimaryParser(TypeParser, ABC):
    """Reads what stands between operators."""

    @abstractmethod
    def expression(self) -> Node:
        """Read a whole expression; supplied by Parser."""

    @abstractmethod
    def arithmetic_test(self) -> Node:
        """Read an operand that ends before comparisons; supplied by Parser."""

    def primary(self) -> Node:
        """Read one primary expression."""
        token = self.token
        name, size = self.scope.match(self.tokens, self.at)
        if size > 1 or (size == 1 and token.kind == "word" and token.text not in KEYWORDS):
            self.at += size
            return Name(self.span_from(token.start), name)
        if token.kind == "number":
            return self._number()
        if token.kind == "string":
            return self._string()
        if token.kind == "word":
            return self._word()
        if token.kind == "op":
            return self._bracketed()
        raise self.stop_unexpected()

    def span_from(self, start: int) -> Span:
        """Return the span from `start` to the end of the token just taken."""
        return Span(start, self.tokens[self.at - 1].end)

    def _number(self) -> Node:
        token = self.take()
        value: Decimal | None = None
        try:
            value = NUMBERS.create_decimal(token.text)
        except DecimalException:
            message = f"数字 {token.text[:20]} 太大。"
            self.findings.append(self.finding("number_too_large", message, "", token))
        return Literal(Span(token.start, token.end), value)

    def _string(self) -> Node:
        token = self.take()
        value = unescape(token.text)
        if value is None:
            self.findings.append(
                self.finding("bad_escape", "文字里有不成对的 \\u 代码。", "请直接写出该字", token)
            )
        return Literal(Span(token.start, token.end), value)

    def _word(self) -> Node:
        token = self.token
        if token.text in _CONSTANTS:
            self.take()
            return Literal(Span(token.start, token.end), _CONSTANTS[token.text])
        if token.text == "function":
            return self._function()
        if token.text in KEYWORDS:
            raise self.stop_unexpected()
        name = self.unknown_word()
        return Name(self.span_from(token.start), name)

    def _bracketed(self) -> Node:
        token = self.token
        match token.text:
            case "(":
                return self._parenthesis()
            case "[":
                return self._list_or_range()
            case "]":
                self.take()
                low = self._endpoint()
                return self._range(token.start, low, low_closed=False)
            case "{":
                return self._context()
            case "@":
                return self._at_literal()
            case "?":
                self.take()
                return Name(Span(token.start, token.end), "?")
        raise self.stop_unexpected()

    def _parenthesis(self) -> Node:
        start = self.take().start
        if self.token.kind == "op" and self.token.text in COMPARISONS:
            return self._open_range(start)
        with self.nested():
            inner = self.expression()
        if self.is_op(".."):
            return self._range(start, inner, low_closed=False)
        self.expect_op(")")
        return inner

    def _open_range(self, start: int) -> Node:
        """`(> 5)`, a range with one end."""
        operator = self.take().text
        with self.nested():
            end = self.expression()
        self.expect_op(")")
        return OpTest(self.span_from(start), operator, end)

    def _list_or_range(self) -> Node:
        start = self.take().start
        if self.is_op("]"):
            self.take()
            return ListLiteral(self.span_from(start), ())
        with self.nested():
            items = [self.list_item()]
        if self.is_op(".."):
            return self._range(start, items[0], low_closed=True)
        with self.nested():
            while self.is_op(","):
                self.take()
                items.append(self.list_item())
        self.expect_op("]")
        return ListLiteral(self.span_from(start), tuple(items))

    def list_item(self) -> Node:
        """Read an item of a list, which may be a comparison as in `[<5, >10]`."""
        token = self.token
        if token.kind == "op" and token.text in COMPARISONS:
            self.take()
            operand = self.expression()
            return OpTest(self.span_from(token.start), token.text, operand)
        return self.expression()

    def _endpoint(self) -> Node:
        with self.nested():
            return self.expression()

    def _range(self, start: int, low: Node, *, low_closed: bool) -> Node:
        self.expect_op("..")
        with self.nested():
            self.range_end = True
            high = self.arithmetic_test()
        if not self.is_op(")", "]", "["):
            raise self.stop_expected("]")
        closed = self.take().text == "]"
        return RangeLiteral(self.span_from(start), low, high, low_closed, closed)

    def _context(self) -> Node:
        start = self.take().start
        scope = self.scope.child()
        entries: list[tuple[str, Node]] = []
        with self.nested(), self.inside(scope):
            while not self.is_op("}"):
                key = self._context_key()
                self.expect_op(":")
                entries.append((key, self.expression()))
                scope.names.add(key)
                self.members.add(key)
                if not self.is_op(","):
                    break
                self.take()
        self.expect_op("}")
        self._refuse_repeated_keys(entries, start)
        return ContextLiteral(self.span_from(start), tuple(entries))

    def _context_key(self) -> str:
        token = self.token
        if token.kind == "string":
            self.take()
            return canonical_name(unescape(token.text) or "")
        return self.binder(":")

    def _refuse_repeated_keys(self, entries: list[tuple[str, Node]], start: int) -> None:
        keys = [key for key, _ in entries]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            message = f"同一个上下文里有两个“{key}”。"
            span = self.span_from(start)
            self.findings.append(self.finding("repeated_key", message, "请改名或删除一个", span))

    def _at_literal(self) -> Node:
        start = self.take().start
        token = self.token
        if token.kind != "string":
            raise self.stop("bad_temporal", "@ 后面应写带双引号的日期或时长。", '@"2026-01-01"')
        self.take()
        text = unescape(token.text) or ""
        value = parse_at_literal(text)
        if value is not None:
            return Literal(self.span_from(start), value)
        message = f"“{text}”不是日期、时间或时长。"
        self.findings.append(
            self.finding("bad_temporal", message, '例如 @"2026-01-01"、@"P1M"', token)
        )
        return Literal(self.span_from(start), None)

    def _function(self) -> Node:
        start = self.take().start
        self.expect_op("(")
        parameters: list[Parameter] = []
        while not self.is_op(")"):
            first = self.token.start
            name = self.binder(",", ":", ")")
            declared: Node | None = None
            if self.is_op(":"):
                self.take()
                declared = self.type_expression()
            parameters.append(Parameter(self.span_from(first), name, declared))
            if not self.is_op(","):
                break
            self.take()
        self.expect_op(")")
        external = self.is_word("external")
        if external:
            self.take()
        scope = self.scope.child(parameter.name for parameter in parameters)
        with self.nested(), self.inside(scope):
            body = self.expression()
        return FunctionLiteral(self.span_from(start), tuple(parameters), body, external)
