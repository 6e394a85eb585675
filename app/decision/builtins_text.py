"""Builtins on strings. Positions count Unicode characters from 1; negative ones from the end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.decision.builtins_base import Registry, limited_list, limited_text, refuse, whole
from app.decision.regex import PatternError, compile_pattern
from app.decision.result import Value
from app.decision.runtime import MAX_STRING, OutOfFuelError, Runtime

registry = Registry()
define = registry.define


@define(
    "substring",
    "string: string, start position: number",
    "string: string, start position: number, length: number",
)
def substring(rt: Runtime, string: str, start: Decimal, length: Decimal | None = None) -> Value:
    """Characters from `start`, at most `length`; null when start is 0."""
    first = whole(start)
    if first == 0:
        return refuse(rt, "position_zero", "substring 的起始位置从 1 开始，不能为 0")
    begin = first - 1 if first > 0 else max(len(string) + first, 0)
    end = len(string) if length is None else begin + max(whole(length), 0)
    return string[begin:end]


@define("string length", "string: string")
def string_length(rt: Runtime, string: str) -> Decimal:
    """Number of Unicode characters."""
    return Decimal(len(string))


@define("upper case", "string: string")
def upper_case(rt: Runtime, string: str) -> str:
    """The text in capitals."""
    return limited_text(string.upper())


@define("lower case", "string: string")
def lower_case(rt: Runtime, string: str) -> str:
    """The text in small letters."""
    return limited_text(string.lower())


@define("substring before", "string: string, match: string")
def substring_before(rt: Runtime, string: str, match: str) -> str:
    """The text before the first `match`, empty when there is none."""
    found = string.find(match)
    return string[:found] if found >= 0 else ""


@define("substring after", "string: string, match: string")
def substring_after(rt: Runtime, string: str, match: str) -> str:
    """The text after the first `match`, empty when there is none."""
    found = string.find(match)
    return string[found + len(match) :] if found >= 0 else ""


@define("contains", "string: string, match: string")
def contains(rt: Runtime, string: str, match: str) -> bool:
    """Whether `match` occurs."""
    return match in string


@define("starts with", "string: string, match: string")
def starts_with(rt: Runtime, string: str, match: str) -> bool:
    """Whether the text begins with `match`."""
    return string.startswith(match)


@define("ends with", "string: string, match: string")
def ends_with(rt: Runtime, string: str, match: str) -> bool:
    """Whether the text ends with `match`."""
    return string.endswith(match)


def _program(rt: Runtime, pattern: str, flags: str | None) -> Any:
    """The compiled pattern, or None with a warning."""
    try:
        return compile_pattern(pattern, "".join(sorted(set(flags or ""))))
    except PatternError as error:
        rt.warn("bad_pattern", f"{error}，结果为空值")
        return None


@define(
    "matches",
    "input: string, pattern: string",
    "input: string, pattern: string, flags: string?",
)
def matches(rt: Runtime, text: str, pattern: str, flags: str | None = None) -> Value:
    """Whether the pattern occurs anywhere; null for a pattern RE2 refuses."""
    program = _program(rt, pattern, flags)
    rt.spend(1 + len(text) // 64)
    return None if program is None else program.search(text) is not None


@define(
    "replace",
    "input: string, pattern: string, replacement: string",
    "input: string, pattern: string, replacement: string, flags: string?",
)
def replace(
    rt: Runtime, text: str, pattern: str, replacement: str, flags: str | None = None
) -> Value:
    """Every match replaced; `$1` is the first group, `$0` the whole match."""
    program = _program(rt, pattern, flags)
    if program is None:
        return None
    literal = "q" in (flags or "")
    parts = [replacement] if literal else _template(replacement, program.groups)
    if parts is None or program.search("") is not None:
        return refuse(rt, "bad_pattern", "replace 的正则能匹配空文本，或替换文本写法有误")
    out: list[str] = []
    size, last = 0, 0
    for found in program.finditer(text):
        rt.spend()
        piece = text[last : found.start()] + "".join(_piece(found, part) for part in parts)
        size += len(piece)
        if size > MAX_STRING:
            raise OutOfFuelError("MAX_STRING", MAX_STRING)
        out.append(piece)
        last = found.end()
    return limited_text("".join(out) + text[last:])


def _piece(found: Any, part: str | int) -> str:
    if isinstance(part, str):
        return part
    return str(found.group(part) or "")


def _template(replacement: str, groups: int) -> list[str | int] | None:
    """Literal pieces and group numbers of an XPath replacement; None when it is malformed."""
    out: list[str | int] = []
    at = 0
    while at < len(replacement):
        char = replacement[at]
        following = replacement[at + 1 : at + 2]
        if char == "\\":
            if following not in ("\\", "$"):
                return None
            out.append(following)
            at += 2
        elif char == "$":
            if not (following.isascii() and following.isdigit()):
                return None
            at, group = _group_number(replacement, at + 1, groups)
            out.append(group if group <= groups else "")
        else:
            out.append(char)
            at += 1
    return out


def _group_number(replacement: str, at: int, groups: int) -> tuple[int, int]:
    """Position after the group number and the number: as many digits as name a group."""
    number = int(replacement[at])
    at += 1
    while at < len(replacement) and replacement[at] in "0123456789":
        longer = number * 10 + int(replacement[at])
        if longer > groups:
            break
        number, at = longer, at + 1
    return at, number


@define("split", "string: string, delimiter: string")
def split(rt: Runtime, string: str, delimiter: str) -> Value:
    """The pieces between matches of the delimiter pattern."""
    program = _program(rt, delimiter, None)
    if program is None:
        return None
    if program.search("") is not None:
        return refuse(rt, "bad_pattern", "split 的分隔正则能匹配空文本，结果为空值")
    out: list[Value] = []
    last = 0
    for found in program.finditer(string):
        out.append(string[last : found.start()])
        last = found.end()
        limited_list(rt, len(out) + 1)
    out.append(string[last:])
    return out


@define("string join", "list: list", "list: list, delimiter: string?")
def string_join(rt: Runtime, items: list[Value], delimiter: str | None = None) -> Value:
    """The texts of the list with the delimiter between them; nulls are left out."""
    texts = [item for item in items if item is not None]
    if any(type(item) is not str for item in texts):
        return refuse(rt, "wrong_argument", "string join 的列表里只能是文本")
    joint = delimiter or ""
    if sum(map(len, texts)) + len(joint) * len(texts) > MAX_STRING + len(joint):
        raise OutOfFuelError("MAX_STRING", MAX_STRING)
    return limited_text(joint.join(texts))
