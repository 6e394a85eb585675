"""Random FEEL: well-typed expressions for comparison with another engine, token soup for fuzzing."""

from __future__ import annotations

import random

TEXTS = ["", "a", "abc", "救急", "A b", "2026-01-02", "1.5", "🐎"]
DATES = ["2024-01-31", "2024-02-29", "2026-11-22", "1999-12-31"]
TIMES = ["10:30:00", "23:59:59", "00:00:00"]
TOKENS = [
    "(", ")", "[", "]", "{", "}", ",", ":", "..", ".", "+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "?", "@",
    "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "not", "between", "instance", "of",
    "function", "null", "true", "false", "external", "number", "string", "date and time", "list<", "context<", "->", "item",
    "1", "0", "2.5", "1e400", "1e-9", "9" * 40, '"a"', '"\\u0041"', '"', "//", "/*", "*/", "\n", "\t", "，", "（", "“", "”", "＞", "x", "家庭 人口",
    "duration", "date", "time", "sum", "matches", "replace", "split", "sort", "count", "flatten", "context put", "get value",
    '@"2024-01-01"', '@"P1D"', '@"P1Y"', '@"99999-01-01T10:00:00@Europe/Paris"', "string join", "list replace", "range",
    "__class__", "eval", "\x00", "\ud83d", "\ufeff",
]  # fmt: skip


class Grower:
    """Expressions of a wanted kind, never deeper than asked."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def pick(self, *options: str) -> str:
        """One of the options."""
        return self.rng.choice(options)

    def any(self, depth: int) -> str:
        """An expression of any kind."""
        kind = self.rng.choice(
            [self.number, self.text, self.flag, self.numbers, self.texts, self.context]
        )
        return kind(depth)

    def number(self, depth: int) -> str:
        """A number."""
        if depth <= 0:
            return self.pick("0", "1", "2", "3", "10", "-1", "0.5", "2.25", "100", "7", "x", "y")
        n, m = (lambda: self.number(depth - 1)), (lambda: self.numbers(depth - 1))
        form = self.rng.randrange(20)
        if form < 6:
            return f"({n()} {self.pick('+', '-', '*')} {n()})"
        if form == 6:
            return f"({n()} / {self.pick('2', '4', '5', '8')})"
        if form == 7:
            return f"(if {self.flag(depth - 1)} then {n()} else {n()})"
        if form == 8:
            return f"{self.pick('sum', 'min', 'max', 'count', 'mean')}({m()})"
        if form == 9:
            return f"{self.pick('abs', 'floor', 'ceiling')}({n()})"
        if form == 10:
            return f"modulo({n()}, {self.pick('2', '3', '-3', '7')})"
        if form == 11:
            return f"string length({self.text(depth - 1)})"
        if form == 12:
            return f"{m()}[{self.pick('1', '2', '-1')}]"
        if form == 13:
            return f"-({n()})"
        if form == 14:
            return f"{{a: {n()}, b: a + 1}}.{self.pick('a', 'b')}"
        if form == 15:
            return f"{self.pick('round half up', 'round down', 'round up', 'decimal')}({n()}, {self.pick('0', '1', '2')})"
        if form == 16:
            return f'date("{self.pick(*DATES)}").{self.pick("year", "month", "day", "weekday")}'
        if form == 17:
            return f"(function(p, q) p + q)({n()}, {n()})"
        if form == 18:
            return f"{self.pick('median', 'product')}({m()})"
        return f"({n()} ** {self.pick('2', '3')})"

    def text(self, depth: int) -> str:
        """A string."""
        if depth <= 0:
            return f'"{self.pick(*TEXTS)}"'
        t = lambda: self.text(depth - 1)  # noqa: E731
        form = self.rng.randrange(10)
        if form < 3:
            return f"({t()} + {t()})"
        if form == 3:
            return f"{self.pick('upper case', 'lower case')}({t()})"
        if form == 4:
            return f"substring({t()}, {self.pick('1', '2', '-1')}{self.pick('', ', 1', ', 2')})"
        if form == 5:
            return f"substring {self.pick('before', 'after')}({t()}, {t()})"
        if form == 6:
            return f"string({self.number(depth - 1)})"
        if form == 7:
            return f"(if {self.flag(depth - 1)} then {t()} else {t()})"
        if form == 8:
            return f"replace({t()}, {self.pick(chr(34) + 'a' + chr(34), chr(34) + '[a-c]' + chr(34))}, {self.pick(chr(34) + 'z' + chr(34), chr(34) + chr(34))})"
        return f"string join({self.texts(depth - 1)}, {self.pick(chr(34) + ',' + chr(34), chr(34) + chr(34))})"

    def flag(self, depth: int) -> str:
        """A truth value, perhaps null."""
        if depth <= 0:
            return self.pick("true", "false", "null")
        f, n, t = (
            (lambda: self.flag(depth - 1)),
            (lambda: self.number(depth - 1)),
            (lambda: self.text(depth - 1)),
        )
        form = self.rng.randrange(16)
        if form < 3:
            return f"({n()} {self.pick('<', '<=', '>', '>=', '=', '!=')} {n()})"
        if form == 3:
            return f"({t()} {self.pick('=', '!=', '<', '>')} {t()})"
        if form == 4:
            return f"({f()} {self.pick('and', 'or')} {f()})"
        if form == 5:
            return f"not({f()})"
        if form == 6:
            return f"({n()} in {self.pick('[', '(')}{self.pick('0', '1')}..{self.pick('5', '10')}{self.pick(']', ')')})"
        if form == 7:
            return f"({n()} between {n()} and {n()})"
        if form == 8:
            return (
                f"({self.pick('some', 'every')} i in {self.numbers(depth - 1)} satisfies i > {n()})"
            )
        if form == 9:
            return f"{self.pick('contains', 'starts with', 'ends with')}({t()}, {t()})"
        if form == 10:
            return f"list contains({self.numbers(depth - 1)}, {n()})"
        if form == 11:
            return f"({n()} instance of {self.pick('number', 'string', 'boolean')})"
        if form == 12:
            return f'(date("{self.pick(*DATES)}") {self.pick("<", "=", ">=")} date("{self.pick(*DATES)}"))'
        if form == 13:
            return f"{self.pick('all', 'any')}([{f()}, {f()}])"
        if form == 14:
            return f"({n()} in ({self.pick('<', '>=', '')} {n()}, {n()}))"
        return f"({self.numbers(depth - 1)} = {self.numbers(depth - 1)})"

    def numbers(self, depth: int) -> str:
        """A list of numbers."""
        if depth <= 0:
            return self.pick("[1, 2, 3]", "[]", "[5]", "[3, 1, 2, 3]", "[0.5, -1]", "xs")
        m, n = (lambda: self.numbers(depth - 1)), (lambda: self.number(depth - 1))
        form = self.rng.randrange(12)
        if form < 2:
            return f"[{n()}, {n()}]"
        if form == 2:
            return f"{m()}[item {self.pick('>', '<=', '=')} {n()}]"
        if form == 3:
            return f"(for i in {m()} return i {self.pick('+', '*')} {n()})"
        if form == 4:
            return f"(for i in 1..{self.pick('3', '4')} return i * {n()})"
        if form == 5:
            return f"{self.pick('reverse', 'distinct values', 'flatten')}({m()})"
        if form == 6:
            return f"append({m()}, {n()})"
        if form == 7:
            return f"{self.pick('concatenate', 'union')}({m()}, {m()})"
        if form == 8:
            return f"sort({m()}, function(p, q) p {self.pick('<', '>')} q)"
        if form == 9:
            return f"sublist({m()}, {self.pick('1', '2')})"
        if form == 10:
            return f"index of({m()}, {n()})"
        return f"(if {self.flag(depth - 1)} then {m()} else {m()})"

    def texts(self, depth: int) -> str:
        """A list of strings."""
        if depth <= 0:
            return self.pick('["a", "b"]', "[]", '["救", "急", "a"]')
        if self.rng.randrange(2):
            return f"[{self.text(depth - 1)}, {self.text(depth - 1)}]"
        return f'split({self.text(depth - 1)}, "{self.pick("a", ",", " ")}")'

    def context(self, depth: int) -> str:
        """A context."""
        if depth <= 0:
            return self.pick("{}", "{a: 1}", '{"b c": "x"}')
        form = self.rng.randrange(4)
        if form == 0:
            return f"{{a: {self.any(depth - 1)}, b: {self.number(depth - 1)}}}"
        if form == 1:
            return f'context put({self.context(depth - 1)}, "k", {self.any(depth - 1)})'
        if form == 2:
            return f"context merge([{self.context(depth - 1)}, {self.context(depth - 1)}])"
        return f'context([{{key: "a", value: {self.any(depth - 1)}}}])'


def soup(rng: random.Random) -> str:
    """Tokens in any order, with and without spaces."""
    words = [rng.choice(TOKENS) for _ in range(rng.randrange(1, 40))]
    return "".join(word + rng.choice(["", " "]) for word in words)


def mutate(rng: random.Random, text: str) -> str:
    """The text with a few pieces cut, doubled, moved or replaced."""
    for _ in range(rng.randrange(1, 5)):
        at, to = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
        to = min(to, at + 20)
        form = rng.randrange(4)
        if form == 0:
            text = text[:at] + text[to:]
        elif form == 1:
            text = text[:to] + text[at:]
        elif form == 2:
            text = text[:at] + rng.choice(TOKENS) + text[to:]
        else:
            text = text[:at] + text[at:to] * rng.randrange(1, 30) + text[to:]
    return text[:4000]
