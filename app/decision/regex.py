"""XPath regular expressions on RE2, which answers in linear time.

Translates what differs: `.`, `\\d \\w \\s \\i \\c`, `\\p{IsBlock}`, class subtraction, the flags
s m i x q. Backreferences do not exist in linear time and are refused by name.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

MAX_PATTERN = 2_000  # characters of one pattern
FLAGS = frozenset("smixq")

_ESCAPES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r"\t\n\r ",
    "w": r"\p{L}\p{M}\p{N}\p{S}",
    "W": r"\p{P}\p{Z}\p{C}",
    "i": r"\p{L}_:",
    "c": r"\p{L}\p{Nd}\p{M}._:\-\x{B7}",
}
_NEGATED = {"S": "s", "I": "i", "C": "c"}
_LITERAL_ESCAPES = frozenset(r"\|.?*+(){}$-[]^")
_CONTROL = {"n": 10, "r": 13, "t": 9}
_BLOCKS = {
    "BasicLatin": (0x0, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F),
    "Greek": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "NumberForms": (0x2150, 0x218F),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7A3),
    "CJKCompatibilityIdeographs": (0xF900, 0xFAFF),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}

_Spans = list[tuple[int, int]]


class PatternError(ValueError):
    """The pattern or its flags cannot be used; the message says why, in Chinese."""


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str) -> Any:
    """The RE2 program of an XPath pattern; raises PatternError."""
    if len(pattern) > MAX_PATTERN:
        raise PatternError(f"正则表达式超过 {MAX_PATTERN} 个字符")
    if not FLAGS.issuperset(flags):
        raise PatternError(f"正则标志“{flags}”中有 s、m、i、x、q 以外的字符")
    if "q" in flags:
        body = str(re2.escape(pattern))
    else:
        body = _Translator(_strip_spaces(pattern) if "x" in flags else pattern, flags).translate()
    prefix = "".join(f"(?{flag})" for flag in "im" if flag in flags)
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(prefix + body, options=options)
    except re2.error as error:
        raise PatternError(f"正则表达式“{pattern}”写法有误") from error


def _strip_spaces(pattern: str) -> str:
    """The pattern without white space outside character classes."""
    kept, depth, escaped = [], 0, False
    for char in pattern:
        if char in " \t\n\r" and depth == 0:
            continue
        kept.append(char)
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "[":
            depth += 1
        elif char == "]" and depth:
            depth -= 1
    return "".join(kept)


class _Translator:
    """One pass over an XPath pattern, writing RE2."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.dot = r"(?s:.)" if "s" in flags else r"[^\n\r]"

    def translate(self) -> str:
        out = []
        while self.at < len(self.pattern):
            char = self._take()
            if char == "\\":
                out.append(self._escape_outside())
            elif char == "[":
                out.append(self._char_class())
            elif char == ".":
                out.append(self.dot)
            elif char == "(" and self.pattern.startswith("?", self.at):
                if not self.pattern.startswith("?:", self.at):
                    raise PatternError("正则表达式不支持“(?”写法")
                out.append(char)
            else:
                out.append(char)
        return "".join(out)

    def _take(self) -> str:
        if self.at >= len(self.pattern):
            raise PatternError("正则表达式没有写完")
        char = self.pattern[self.at]
        self.at += 1
        return char

    def _escape_outside(self) -> str:
        char = self._take()
        if char.isdigit():
            raise PatternError("不支持反向引用（\\1 之类）")
        if char in _NEGATED:
            return f"[^{_ESCAPES[_NEGATED[char]]}]"
        if char in _ESCAPES:
            return f"[{_ESCAPES[char]}]"
        if char in "pP":
            return f"[{self._property(char)}]"
        return _literal(self._escaped_code(char))

    def _escaped_code(self, char: str) -> int:
        if char in _CONTROL:
            return _CONTROL[char]
        if char in _LITERAL_ESCAPES:
            return ord(char)
        raise PatternError(f"正则表达式中“\\{char}”没有含义")

    def _property(self, letter: str) -> str:
        """The inside of `\\p{...}`, usable in a class."""
        if self._take() != "{":
            raise PatternError("\\p 后面要写 {类别}")
        end = self.pattern.find("}", self.at)
        if end < 0:
            raise PatternError("\\p{ 没有写完")
        name = self.pattern[self.at : end]
        self.at = end + 1
        if not name.startswith("Is"):
            return f"\\{letter}{{{name}}}"
        if name[2:] not in _BLOCKS:
            raise PatternError(f"不认识的字符区块“{name}”")
        block = [_BLOCKS[name[2:]]]
        return _write(block if letter == "p" else _complement(block))

    def _char_class(self) -> str:
        negated, spans, extra = self._class_parts()
        if negated:
            if extra and not spans:
                return f"[^{extra}]"
            return f"[^{_write(spans)}{extra}]"
        if not spans and not extra:
            raise PatternError("字符组 [] 是空的")
        return f"[{_write(spans)}{extra}]"

    def _class_parts(self) -> tuple[bool, _Spans, str]:
        """Whether negated, the code point spans, and category escapes as RE2 text."""
        negated = self.pattern.startswith("^", self.at)
        self.at += negated
        spans: _Spans = []
        extra = ""
        while True:
            char = self._take()
            if char == "]":
                return negated, spans, extra
            if char == "-" and self.pattern.startswith("[", self.at):
                return self._subtract(negated, spans, extra)
            if char == "\\" and self.pattern[self.at : self.at + 1] in _CLASS_ESCAPES:
                extra += self._category()
                continue
            low = self._code(char)
            spans.append((low, self._range_end(low)))

    def _category(self) -> str:
        char = self._take()
        if char in "pP":
            return self._property(char)
        if char in _NEGATED:
            raise PatternError(f"字符组里不支持“\\{char}”")
        return _ESCAPES[char]

    def _code(self, char: str) -> int:
        if char == "[":
            raise PatternError("字符组里的“[”要写成“\\[”")
        return self._escaped_code(self._take()) if char == "\\" else ord(char)

    def _range_end(self, low: int) -> int:
        """The upper end when `-x` follows, else `low` itself."""
        following = self.pattern[self.at : self.at + 2]
        if len(following) < 2 or following[0] != "-" or following[1] in "][":
            return low
        self.at += 1
        high = self._code(self._take())
        if high < low:
            raise PatternError("字符组里的范围颠倒了")
        return high

    def _subtract(self, negated: bool, spans: _Spans, extra: str) -> tuple[bool, _Spans, str]:
        self._take()
        minus_negated, minus, minus_extra = self._class_parts()
        if self._take() != "]":
            raise PatternError("字符组相减之后要写“]”")
        if extra or minus_extra:
            raise PatternError("字符组相减里不支持类别")
        base = _complement(spans) if negated else spans
        removed = minus if minus_negated else _complement(minus)
        return False, _intersect(base, removed), ""


_CLASS_ESCAPES = frozenset([*_ESCAPES, *_NEGATED, "p", "P"])


def _literal(code: int) -> str:
    return f"\\x{{{code:X}}}"


def _write(spans: _Spans) -> str:
    return "".join(
        _literal(low) if low == high else f"{_literal(low)}-{_literal(high)}" for low, high in spans
    )


def _complement(spans: _Spans) -> _Spans:
    out, next_free = [], 0
    for low, high in sorted(spans):
        if low > next_free:
            out.append((next_free, low - 1))
        next_free = max(next_free, high + 1)
    if next_free <= 0x10FFFF:
        out.append((next_free, 0x10FFFF))
    return out


def _intersect(a: _Spans, b: _Spans) -> _Spans:
    return [
        (max(low, start), min(high, end))
        for low, high in a
        for start, end in b
        if max(low, start) <= min(high, end)
    ]
