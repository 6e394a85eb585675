"""The saved state of an instance: versioned, compact, exact, and readable by nobody but us.

Version byte, then zlib over JSON. Never pickle, never Spiff's serializer: a form key can not
become an object here. Only open tokens are saved, so the size follows what is open, not how long
the case has run.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from app.kernel.errors import ModelError
from app.process import limits
from app.process.facts import from_plain, text_of, to_plain
from app.process.tokens import Case, Token

if TYPE_CHECKING:
    from app.process.library import Library

VERSION = 1
_STATES = {TaskState.WAITING: "w", TaskState.READY: "r", TaskState.STARTED: "s"}
_CODES = {code: state for state, code in _STATES.items()}


def encode(case: Case, end_element_id: str) -> bytes:
    """The instance as bytes; raises ModelError above the size limit."""
    scopes = []
    for scope in case.scopes():
        facts = scope.facts if scope is case else scope.own_facts
        scopes.append(
            [
                0 if scope is case else scope.parent_task_id,
                None if facts is None else to_plain(facts),
                scope.visits,
                [_encode_token(token) for token in scope.tokens()],
            ]
        )
    plain = [case.spec.name, case.serial, int(case.completed), end_element_id, scopes]
    data = bytes([VERSION]) + zlib.compress(text_of(plain).encode(), 6)
    if len(data) > limits.STATE_BYTES:
        raise ModelError(f"流程状态 {len(data)} 字节，超过上限。", size=len(data))
    return data


def _encode_token(token: Token) -> list[Any]:
    code = _STATES.get(token.state)
    if code is None:
        raise ModelError(f"流程停在中间状态（{token.task_spec.name}），不能保存。")
    return [token.id, token.task_spec.name, code, token.internal_data]


def decode(data: bytes, library: Library) -> tuple[Case, str]:
    """The instance and its end event; raises ModelError for bytes that are no state of ours."""
    return revive(unpack(data), library)


def revive(plain: Any, library: Library) -> tuple[Case, str]:
    """The instance and its end event out of what `unpack` gave; raises ModelError."""
    process_id, serial, completed, end_element_id, scopes = plain
    try:
        case = Case(library.scopes[process_id], library.scopes)
        for holder_id, facts, visits, tokens in scopes:
            scope: Any = case
            if holder_id:
                holder = case.find(holder_id)
                assert holder is not None
                scope = case.create_subprocess(holder, holder.task_spec.inside)
            values = None if facts is None else from_plain(facts)
            if scope is case:
                case.facts = values
            else:
                scope.own_facts = values
            scope.visits = visits
            scope.completed = not tokens
            for number, name, code, internal in tokens:
                token = Token(
                    scope, scope.spec.task_specs[name], scope.task_tree, _CODES[code], number
                )
                token.internal_data = internal
    except (KeyError, TypeError, ValueError, AttributeError, AssertionError) as error:
        raise ModelError("流程状态与部署不符，不能继续。请联系维护人员。") from error
    case.serial = serial
    case.completed = bool(completed)
    return case, end_element_id


def unpack(data: bytes) -> Any:
    """[process, serial, completed, end event, scopes] as saved; raises ModelError for others.

    A scope is [holder's token or 0, facts or None, visits, tokens], a token [number, element,
    state code, what it waits with].
    """
    if not data or data[0] != VERSION:
        raise ModelError("流程状态的版本不认识。请联系维护人员。")
    reader = zlib.decompressobj()
    try:
        text = reader.decompress(data[1:], limits.STATE_RAW_BYTES)
        if reader.unconsumed_tail or not reader.eof:
            raise ModelError("流程状态过大或不完整。请联系维护人员。")
        plain = json.loads(text)
        if not isinstance(plain, list) or len(plain) != 5:
            raise ValueError("shape")
    except (zlib.error, ValueError) as error:
        raise ModelError("流程状态已损坏。请联系维护人员。") from error
    return plain
