"""The bytes of a .form file as JSON, or the reasons why they are none.

Refuses what JSON readers let pass: NaN and Infinity, a key given twice, endless digits, nesting
without bound, NUL and lone surrogates. Numbers become Decimal, never float.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from app.decision.result import Finding, Place
from app.form.limits import MAX_FORM_BYTES, MAX_NUMBER_TEXT
from app.form.typed import has_control

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
MAX_NESTING = 40  # brackets inside one another in the JSON text


class _RefusedError(ValueError):
    def __init__(self, code: str, message: str, suggestion: str) -> None:
        super().__init__(message)
        self.code = code
        self.suggestion = suggestion


def finding(
    code: str, message: str, suggestion: str = "", *, at: str = "", severity: str = "error"
) -> Finding:
    """A finding at component `at`; the caller adds the file."""
    return Finding(code, severity, message, suggestion, Place(element_id=at))


def read_json(raw: bytes) -> tuple[Any, list[Finding]]:
    """The parsed document, and what is wrong with it; None beside findings."""
    if len(raw) > MAX_FORM_BYTES:
        return None, [
            finding(
                "file_too_large",
                f"表单文件有 {len(raw)} 字节，上限是 {MAX_FORM_BYTES} 字节",
                "请把表单拆成几张",
            )
        ]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, [finding("bad_encoding", "表单文件不是 UTF-8 编码", "请另存为 UTF-8 再上传")]
    try:
        document = json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except _RefusedError as error:
        return None, [finding(error.code, str(error), error.suggestion)]
    except RecursionError:
        return None, [_too_deep()]
    except json.JSONDecodeError as error:
        where = f"第 {error.lineno} 行第 {error.colno} 列"
        return None, [
            finding("bad_json", f"表单文件不是 JSON：{where}读不下去", f"请检查{where}附近")
        ]
    if _depth(document) > MAX_NESTING:
        return None, [_too_deep()]
    return document, _bad_texts(document)


def _too_deep() -> Finding:
    return finding("too_deep", f"括号套得太深，上限是 {MAX_NESTING} 层", "请把表单拆平")


def plain_number(text: str) -> Decimal | None:
    """The number written in `text`, None when it is none or longer than any form needs.

    An exponent is refused: writing such a number out could take all memory.
    """
    if len(text) > MAX_NUMBER_TEXT or not _NUMBER.fullmatch(text):
        return None
    return Decimal(text)


def _number(text: str) -> Decimal:
    number = plain_number(text)
    if number is None:
        raise _RefusedError(
            "number_too_long", f"数字 {text[:12]} 太长或带指数", f"最多 {MAX_NUMBER_TEXT} 个字符"
        )
    return number


def _constant(text: str) -> Any:
    raise _RefusedError("not_a_number", f"{text} 不是可用的数字", "请改成普通数字或删去这一项")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _RefusedError(
                "duplicate_json_key", f"同一个对象里写了两次“{key[:40]}”", "请只留一个"
            )
        found[key] = value
    return found


def _depth(document: Any) -> int:
    deepest, level = 0, [document]
    while level and deepest <= MAX_NESTING:
        deepest += 1
        level = [child for node in level for child in _children(node)]
    return deepest


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []


def _bad_texts(document: Any) -> list[Finding]:
    waiting, found = [document], []
    while waiting:
        node = waiting.pop()
        texts = [node] if isinstance(node, str) else list(node) if isinstance(node, dict) else []
        for text in texts:
            if has_control(text, lines=True):
                shown = text[:40].encode("unicode_escape").decode()
                found.append(
                    finding(
                        "control_character", f"“{shown}”里有不可见的控制字符", "请删去后重新输入"
                    )
                )
        waiting.extend(_children(node))
    return found
