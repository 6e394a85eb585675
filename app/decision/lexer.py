"""FEEL text to tokens.

The lexer does not decide where a name ends: FEEL names may hold spaces and operator characters,
so the parser joins word tokens by longest match against the names in scope. It never fails:
what it cannot read becomes a "bad" token for the parser to report.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

KEYWORDS = frozenset(
    "if then else for in return some every satisfies and or between instance of function"
    " external true false null".split()
)

WIDE = {
    "，": ",", "（": "(", "）": ")", "：": ":", "；": ",", "［": "[", "］": "]", "｛": "{",
    "｝": "}", "＞": ">", "＜": "<", "＝": "=", "＋": "+", "－": "-", "＊": "*", "／": "/",
    "。": ".", "．": ".", "、": ",", "【": "[", "】": "]", "！": "!", "？": "?", "＠": "@",
    "≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "/", "–": "-", "—": "-", "−": "-",
    "〔": "(", "〕": ")", "～": "..", "…": "..",
}  # fmt: skip
"""What Chinese input methods type -> what FEEL reads."""

_WIDE_QUOTES = "“”„‟＂「」『』"

_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\ud7ff"
    "\uf900-\ufaff\ufb00-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\uff10-\uff19\uff21-\uff3a"
    "\uff41-\uff5a\uff66-\uffdc\U00010000-\U000effff"
)
_PART = _START + r"0-9\u00b7\u0300-\u036f\u203f-\u2040\ufe00-\ufe0f"

_TOKEN = re.compile(
    rf"""
      (?P<space>[\s\u3000\ufeff\u200b]+ | //[^\n]* | /\*.*?\*/)
    | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<word>[{_START}][{_PART}]*)
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<wide_string>[{_WIDE_QUOTES}](?:[^"\\{_WIDE_QUOTES}])*["{_WIDE_QUOTES}]
        | "(?:[^"\\{_WIDE_QUOTES}])*[{_WIDE_QUOTES}] | ‘[^’\n]*’)
    | (?P<op>\*\* | \.\. | -> | <= | >= | != | [-+*/<>=(){{}}\[\],.:?@])
    | (?P<wide>[{re.escape("".join(WIDE))}])
    | (?P<bad>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, string or sign with its place in the text."""

    kind: str  # word | number | string | op | wide | wide_string | bad | end
    text: str  # as written, NFC for words; the content for strings, still escaped
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Return the tokens of `text`, closed by one token of kind "end"."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "bad"
        if kind == "space":
            continue
        found = match.group()
        if kind == "word":
            found = unicodedata.normalize("NFC", found)
        elif kind in {"string", "wide_string"}:
            found = found[1:-1]
        tokens.append(Token(kind, found, match.start(), match.end()))
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


@lru_cache(maxsize=4096)
def canonical_name(name: str) -> str:
    """Return `name` NFC-normalised, trimmed, with each run of white space as one space."""
    return " ".join(unicodedata.normalize("NFC", name).split())


@lru_cache(maxsize=4096)
def name_parts(name: str) -> tuple[str, ...]:
    """Return the token texts a name is made of: the unit of longest-match."""
    return tuple(token.text for token in tokenize(name)[:-1])


def unescape(text: str) -> str | None:
    """Return string content with its escapes resolved, or None for a lone surrogate."""
    if "\\" not in text:
        return text
    joined = _ESCAPE.sub(_unescape_one, text)
    # "\uD83D\uDC0E" is one character written as a surrogate pair.
    try:
        return joined.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return None


def _unescape_one(match: re.Match[str]) -> str:
    code = match.group(1)
    if code[0] in "uU" and len(code) > 1:
        point = int(code[1:], 16)
        return chr(point) if point <= 0x10FFFF else "\ud800"  # refused by the decoding above
    return _SIMPLE.get(code, match.group(0))
