"""One component of a form file, read setting by setting; each bad setting leaves a finding.

Getters answer a usable default after a finding, so that one pass reports everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from app.decision.result import Finding
from app.form.feel import Expression, ExpressionError, compile_text
from app.form.limits import MAX_DESCRIPTION, MAX_EXPRESSION, MAX_LABEL
from app.form.reading import finding, plain_number


@dataclass(slots=True)
class Notes:
    """The findings of one file, in order met."""

    found: list[Finding] = field(default_factory=list)
    components: int = 0  # how many were met
    facts: frozenset[str] | None = None  # names around the form; None = not known, accept any

    def add(
        self, code: str, message: str, suggestion: str = "", *, at: str, severity: str = "error"
    ) -> None:
        """Record one finding at component `at`."""
        self.found.append(finding(code, message, suggestion, at=at, severity=severity))


@dataclass(slots=True)
class Source:
    """A JSON object of the file with the place it has there."""

    raw: Mapping[str, Any]
    at: str  # key of the component, or "#3" for the third component without one
    notes: Notes
    names: frozenset[str]  # field names its expressions may use
    prefix: str = ""  # where this object stands, e.g. "validate."

    def part(self, key: str) -> Source:
        """The object below `key`, empty when absent."""
        raw = self.raw.get(key, {})
        if not isinstance(raw, Mapping):
            self.refuse("bad_setting", key, "要写成一个对象 {…}")
            raw = {}
        return replace(self, raw=raw, prefix=f"{key}.")

    def refuse(self, code: str, key: str, expected: str, suggestion: str = "") -> None:
        """Record that setting `key` is not as expected."""
        message = f"组件“{self.at}”的 {self.prefix}{key} {expected}"
        self.notes.add(code, message, suggestion or f"请改正或删去 {self.prefix}{key}", at=self.at)

    def only(self, allowed: Iterable[str], code: str, suggestion: str) -> None:
        """Record every key that is not `allowed`."""
        for key in self.raw:
            if key not in allowed:
                self.refuse(code, key[:40], "不在支持的范围内", suggestion)

    def text(self, key: str, limit: int = MAX_LABEL, *, lines: bool = False) -> str:
        """A text of at most `limit` characters, "" when absent."""
        value = self.raw.get(key, "")
        if not isinstance(value, str):
            self.refuse("bad_setting", key, "要写成文字")
            return ""
        if len(value) > limit:
            self.refuse("text_too_long", key, f"有 {len(value)} 个字符，上限是 {limit}")
        if not lines and "\n" in value:
            self.refuse("bad_setting", key, "不能换行")
        return value[:limit].strip()

    def words(self, key: str, limit: int = MAX_DESCRIPTION) -> str:
        """A text for people; FEEL is not allowed here."""
        value = self.text(key, limit, lines=limit > MAX_LABEL)
        if value.startswith("="):
            self.refuse("expression_not_here", key, "不能是表达式", "请写成固定的文字")
        return value

    def flag(self, key: str) -> bool:
        """True or false; false when absent."""
        value = self.raw.get(key, False)
        if isinstance(value, str) and value in ("true", "false"):
            return value == "true"
        if not isinstance(value, bool):
            self.refuse("bad_setting", key, "要写 true 或 false")
            return False
        return value

    def choice(self, key: str, allowed: Iterable[str]) -> str:
        """One of the `allowed` words, "" when absent."""
        value, words = self.text(key), tuple(allowed)
        if value and value not in words:
            self.refuse("bad_setting", key, f"只能是 {'、'.join(words)}", f"不能写“{value}”")
            return ""
        return value

    def number(self, key: str) -> Decimal | None:
        """A number, also one written as text (form-js does so); None when absent."""
        value = self.raw.get(key)
        if value is None or value == "":
            return None
        number = plain_number(value) if isinstance(value, str) else value
        if not isinstance(number, Decimal):
            self.refuse("bad_setting", key, "要写成数字")
            return None
        return number

    def whole(self, key: str, low: int, high: int, default: int) -> int:
        """A whole number from `low` to `high`; `default` when absent."""
        number = self.number(key)
        if number is None:
            return default
        if not low <= number <= high or number != number.to_integral_value():
            self.refuse("out_of_range", key, f"要在 {low} 到 {high} 之间，写整数")
            return default
        return int(number)

    def expression(self, key: str) -> Expression | None:
        """The FEEL expression that must stand at `key`; None when absent or bad."""
        value = self.raw.get(key)
        if value is None or value == "":
            return None
        if not isinstance(value, str) or not value.startswith("="):
            self.refuse(
                "bad_expression",
                key,
                "要写成以“=”开头的 FEEL 表达式",
                '例如 "=人数 > 3" 写成 "=count > 3"',
            )
            return None
        return self.compile(key, value)

    def compile(self, key: str, value: str) -> Expression | None:
        """The FEEL expression `value` ("=…"), None after its findings are recorded."""
        text = value.removeprefix("=").strip()
        if len(text) > MAX_EXPRESSION:
            self.refuse("expression_too_long", key, f"超过 {MAX_EXPRESSION} 个字符", "请拆短")
            return None
        try:
            return compile_text(text, self._known_names())
        except ExpressionError as error:
            for one in error.findings:
                place = replace(one.place, element_id=self.at, column=f"{self.prefix}{key}")
                message = f"组件“{self.at}”的 {self.prefix}{key}：{one.message}"
                self.notes.found.append(replace(one, message=message, place=place))
        return None

    def _known_names(self) -> frozenset[str] | None:
        return None if self.notes.facts is None else self.names | self.notes.facts
