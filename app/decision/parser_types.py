"""Type expressions: `number`, `list<string>`, `context<a: number>`, `function<number>->number`."""

from __future__ import annotations

from app.decision.lexer import KEYWORDS
from app.decision.nodes import (
    ContextType,
    FunctionType,
    ListType,
    NamedType,
    Node,
    RangeType,
    Span,
)
from app.decision.parser_base import ParserBase
from app.decision.scope import Names

BASIC_TYPES = Names(
    (
        "number", "string", "boolean", "date", "time", "date and time", "dateTime",
        "days and time duration", "dayTimeDuration", "years and months duration",
        "yearMonthDuration", "Any", "Null", "list", "context", "function", "range", "null", "any",
    )
)  # fmt: skip


class TypeParser(ParserBase):
    """Reads types; item definitions come from the vocabulary."""

    def type_expression(self) -> Node:
        """Read one type."""
        with self.nested():
            start = self.token.start
            name = self._type_name()
            span = Span(start, self.tokens[self.at - 1].end)
            if name == "list" and self.is_op("<"):
                return ListType(span, self._bracketed_type())
            if name == "range" and self.is_op("<"):
                return RangeType(span, self._bracketed_type())
            if name == "context" and self.is_op("<"):
                return ContextType(span, self._context_entries())
            if name == "function" and self.is_op("<"):
                return self._function_type(start)
            return NamedType(span, name)

    def _type_name(self) -> str:
        name, size = self.types.match(self.tokens, self.at)
        basic, basic_size = BASIC_TYPES.match(self.tokens, self.at)
        if max(size, basic_size) > 0:
            self.at += max(size, basic_size)
            return name if size >= basic_size else basic
        first = self.at
        if self.token.kind != "word":
            raise self.stop("type_missing", "这里缺一个类型。", "例如 number、string、date")
        while self.is_op(".") or (
            self.token.kind == "word" and (self.at == first or self.token.text not in KEYWORDS)
        ):
            self.at += 1
        return self.slice(first)

    def _bracketed_type(self) -> Node:
        self.expect_op("<")
        item = self.type_expression()
        self.expect_op(">")
        return item

    def _context_entries(self) -> tuple[tuple[str, Node], ...]:
        self.expect_op("<")
        entries: list[tuple[str, Node]] = []
        while not self.is_op(">"):
            key = self.binder(":")
            self.expect_op(":")
            entries.append((key, self.type_expression()))
            if not self.is_op(","):
                break
            self.take()
        self.expect_op(">")
        return tuple(entries)

    def _function_type(self, start: int) -> Node:
        self.expect_op("<")
        parameters: list[Node] = []
        while not self.is_op(">"):
            parameters.append(self.type_expression())
            if not self.is_op(","):
                break
            self.take()
        self.expect_op(">")
        self.expect_op("->")
        result = self.type_expression()
        return FunctionType(Span(start, result.span.end), tuple(parameters), result)
