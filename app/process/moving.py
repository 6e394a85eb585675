"""Whether a running instance can go on in another deployment: what it waits with must be there.

The saved state names elements by id, so an instance moves by being read with other files. What
would be lost or never come is told first, in sentences; an empty answer means it can move.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.kernel.errors import ModelError
from app.process import codec
from app.process.library import Library
from app.process.machine import label_of
from app.process.model import Element, ProcessDefinition
from app.process.tokens import Token


def reasons_against(state: bytes, before: Library, after: Library) -> list[str]:
    """Chinese sentences on why the instance can not go on in `after`; [] when it can."""
    case, _end = codec.decode(state, before)
    if case.spec.process_id not in after.process_ids:
        return [f"新版本里没有流程“{before.definition(case.spec.process_id).name}”"]
    found: dict[str, None] = {}
    for token in case.every_token():
        for reason in _of_token(token, before, after):
            found.setdefault(reason)
    if not found:
        try:
            codec.decode(state, after)
        except ModelError:
            found.setdefault("个案停的位置与新版本的流程对不上")
    return list(found)


def _of_token(token: Token, before: Library, after: Library) -> Iterator[str]:
    name, process_id = label_of(token), token.task_spec.process_id
    if token.stopped:
        yield f"停在“{name}”等人处理异常，请先处理"
    if process_id not in after.process_ids:
        yield f"新版本里没有“{name}”所在的流程"
        return
    old, new = before.definition(process_id), after.definition(process_id)
    was = old.elements[token.task_spec.element.id]
    now = new.elements.get(was.id)
    if now is None:
        yield f"正等在“{name}”，新版本里没有这一环节"
    elif (now.kind, now.parent_id, now.attached_to) != (was.kind, was.parent_id, was.attached_to):
        yield f"正等在“{name}”，新版本里它换了种类或位置"
    else:
        yield from _of_element(name, was, now, old, new)


def _of_element(
    name: str, was: Element, now: Element, old: ProcessDefinition, new: ProcessDefinition
) -> Iterator[str]:
    """What would be lost or hang although the element itself is there."""
    if now.role != was.role:
        yield f"“{name}”换了办理角色，等它办结后再迁移"
    if now.call_type != was.call_type or now.called_process != was.called_process:
        yield f"“{name}”换了动作，等它完成后再迁移"
    if (now.event and now.event.kind) != (was.event and was.event.kind):
        yield f"“{name}”等的事换了种类"
    if was.event and now.event and was.event.message != now.event.message:
        yield f"“{name}”等的消息换了名称"
    if was.kind.endswith("Gateway") and set(now.incoming) != set(was.incoming):
        yield f"汇合处“{name}”的来路变了，可能永远等不齐"
    beside = {one.id for one in new.boundaries(now.id)}
    if beside != {one.id for one in old.boundaries(was.id)}:
        yield f"“{name}”上的边界事件变了，对已经在办的这一环节不起作用"
