"""What every part of the FEEL parser shares: the token cursor, the scope, the findings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.decision.lexer import KEYWORDS, WIDE, Token, canonical_name, tokenize
from app.decision.nodes import Span
from app.decision.result import Finding, Place
from app.decision.runtime import MAX_NESTING
from app.decision.scope import Names, Scope


class ParseStop(Exception):  # noqa: N818 - a signal inside the parser, not an error type
    """Parsing cannot go on; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


_HINTS = {
    "'": "文字请用半角双引号",
    "&": "“并且”请写 and",
    "|": "“或者”请写 or",
    "%": "百分之五请写 0.05",
    "=": "相等只写一个 =",
    "!": "“不是”请写 not(...)",
    ";": "请改为 ,",
    "并且": "“并且”请写 and",
    "且": "“并且”请写 and",
    "或者": "“或者”请写 or",
    "或": "“或者”请写 or",
    "如果": "“如果”请写 if … then … else …",
    "大于": "“大于”请写 >",
    "小于": "“小于”请写 <",
    "等于": "“等于”请写 =",
    "不等于": "“不等于”请写 !=",
    "大于等于": "“大于等于”请写 >=",
    "小于等于": "“小于等于”请写 <=",
    "万": "“一万”请写 10000",
    "元": "金额只写数字，单位写在列名里",
    "％": "百分之五请写 0.05",
}


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A word that no scope declares, with what could have been written there."""

    name: str  # canonical, words joined
    span: Span  # where it stands
    candidates: frozenset[str]  # names in scope there
    in_filter: bool  # True: it may be a member of a list item, so only a warning
    called: bool  # True: written as a function


@dataclass(slots=True)
class Vocabulary:
    """The names one expression may use."""

    scope: Scope  # variables and functions
    members: Names = field(default_factory=Names)  # names that may follow a dot
    types: Names = field(default_factory=Names)  # item definitions


class ParserBase:
    """A cursor over the tokens; full-width signs are reported once and read as meant."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.at = 0
        self.scope = vocabulary.scope
        self.members = vocabulary.members
        self.types = vocabulary.types
        self.findings: list[Finding] = []
        self.unknown: list[UnknownName] = []
        self.dead_ends: set[tuple[str, int]] = set()  # (reading, token) tried in vain: not again
        self.range_end = False  # True while reading the upper end of a range
        self._depth = 0

    # Cursor.

    @property
    def token(self) -> Token:
        """The current token, with a full-width sign already replaced."""
        token = self.tokens[self.at]
        if token.kind in {"wide", "wide_string"}:
            token = self._replace_wide(token)
        return token

    def _replace_wide(self, token: Token) -> Token:
        if token.kind == "wide":
            meant = WIDE[token.text]
            self.findings.append(
                self.finding(
                    "full_width_punctuation",
                    f"用了全角符号“{token.text}”。",
                    f"请改为半角的 {meant}",
                    token,
                )
            )
            fixed = Token("op", meant, token.start, token.end)
        else:
            written = self.text[token.start : token.end]
            self.findings.append(
                self.finding(
                    "full_width_quotes",
                    f"文字 {written} 没有用半角双引号括起来。",
                    f'请改为 "{token.text}"',
                    token,
                )
            )
            fixed = Token("string", token.text, token.start, token.end)
        self.tokens[self.at] = fixed
        return fixed

    def is_op(self, *signs: str) -> bool:
        """True when the current token is one of these signs."""
        token = self.token
        return token.kind == "op" and token.text in signs

    def is_word(self, *words: str) -> bool:
        """True when the current token is one of these words."""
        token = self.tokens[self.at]
        return token.kind == "word" and token.text in words

    def take(self) -> Token:
        """Return the current token and step past it."""
        token = self.token
        self.at += 1
        return token

    def expect_op(self, sign: str) -> Token:
        """Step past `sign` or stop."""
        if not self.is_op(sign):
            raise self.stop_expected(sign)
        return self.take()

    def expect_word(self, word: str) -> Token:
        """Step past the keyword `word` or stop."""
        if not self.is_word(word):
            raise self.stop_expected(word)
        return self.take()

    # Findings.

    def finding(self, code: str, message: str, suggestion: str, token: Token | Span) -> Finding:
        """Return an error finding at `token`."""
        start, end = (token.start, token.end)
        place = Place(offset=start, length=end - start)
        return Finding(code, "error", message, suggestion, place)

    def stop(self, code: str, message: str, suggestion: str = "") -> ParseStop:
        """Return the signal to raise when nothing sensible can follow."""
        return ParseStop(self.finding(code, message, suggestion, self.tokens[self.at]))

    def stop_expected(self, sign: str) -> ParseStop:
        """Return the signal for a missing sign or word."""
        token = self.tokens[self.at]
        if token.kind == "end":
            return self.stop("unexpected_end", f"表达式没有写完，还缺“{sign}”。", f"请补上 {sign}")
        return self.stop("syntax", f"这里应为“{sign}”，却写了“{token.text}”。")

    def stop_unexpected(self) -> ParseStop:
        """Return the signal for a token that cannot stand here."""
        token = self.tokens[self.at]
        if token.kind == "end":
            return self.stop("unexpected_end", "表达式没有写完。", "请补全表达式")
        if token.text == '"':
            return self.stop("open_quote", "文字缺少右边的双引号。", '请在文字末尾补上 "')
        written = self.text[token.start : token.end]
        return self.stop("syntax", f"“{written}”不能写在这里。", _HINTS.get(written, ""))

    def deepen(self) -> None:
        """Count one level of nesting until `nested` or `reset` takes it back."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise self.stop("too_deep", f"表达式嵌套超过 {MAX_NESTING} 层。", "请拆成几个决策")

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Count one level of nesting; stops when there are too many."""
        self.deepen()
        outer, self.range_end = self.range_end, False
        yield
        self.range_end = outer
        self._depth -= 1

    @contextmanager
    def inside(self, scope: Scope) -> Iterator[None]:
        """Parse with `scope` as the innermost one."""
        outer, self.scope = self.scope, scope
        yield
        self.scope = outer

    # Names.

    def mark(self) -> tuple[int, int, int, int, Scope, bool]:
        """Return the state to come back to with `reset`."""
        counts = (self.at, len(self.findings), len(self.unknown), self._depth)
        return (*counts, self.scope, self.range_end)

    def reset(self, mark: tuple[int, int, int, int, Scope, bool]) -> None:
        """Go back to a state returned by `mark`."""
        self.at, findings, unknown, self._depth, self.scope, self.range_end = mark
        del self.findings[findings:]
        del self.unknown[unknown:]

    def binder(self, *ends: str) -> str:
        """Read a new name up to (not including) one of the signs or words in `ends`."""
        first = self.at
        while not (self.is_op(*ends) or self.is_word(*ends)):
            token = self.token
            if token.kind not in {"word", "number", "op", "bad"} or self.is_op(*"()[]{},:"):
                raise self.stop_expected(ends[0])
            self.at += 1
        if self.at == first:
            raise self.stop("name_missing", "这里缺一个名称。")
        return self.slice(first)

    def slice(self, first: int) -> str:
        """Return the canonical text from token `first` up to the current one."""
        return canonical_name(self.text[self.tokens[first].start : self.tokens[self.at - 1].end])

    def member(self) -> str:
        """Read the name after a dot: the longest known member, else one word."""
        name, size = self.members.match(self.tokens, self.at)
        token = self.token
        if size > 1 or (size == 1 and token.kind == "word"):
            self.at += size
            return name
        if token.kind != "word":
            raise self.stop("name_missing", "点号后面缺名称。")
        self.at += 1
        return token.text

    def unknown_word(self) -> str:
        """Read the words of a name nobody declared, and record it."""
        first = self.at
        while self.tokens[self.at].kind == "word" and (
            self.at == first or self.tokens[self.at].text not in KEYWORDS
        ):
            known = self.scope.match(self.tokens, self.at)[1] > 0
            if self.at > first and (known or self.tokens[self.at].text in _HINTS):
                break
            self.at += 1
        name = self.slice(first)
        span = Span(self.tokens[first].start, self.tokens[self.at - 1].end)
        candidates = frozenset(self.scope.all_names())
        called = self.is_op("(")
        self.unknown.append(UnknownName(name, span, candidates, self.scope.in_filter, called))
        return name
