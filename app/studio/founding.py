"""A new locality: everything of its parent, its own description, and from then on its own files.

It begins as a draft over the parent's package. Nothing of it is in force before it is checked and
signed by two people like any other publication.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.kernel.audit import digest
from app.kernel.errors import FieldProblem, Forbidden, Invalid, Refused
from app.store import deployments, people
from app.store import drafts as table
from app.store.base import REGION_NONE
from app.store.session import Actor, Database, Unit
from app.studio.localities import DESCRIPTION
from app.studio.people import EDITOR, governed

MAX_NAME = 40  # characters

_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
_REGION = re.compile(r"\d{6}")
_TAKEN = frozenset({"statutes", "calendar", "proposed", "national"})


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new locality is called and stands on."""

    code: str  # of its folders
    name: str  # Chinese
    region: str  # six digits: the county in which its cases run
    parent: str  # code of the locality it inherits from


def found(database: Database, actor: Actor, wanted: Founding, *, key: str) -> UUID:
    """The draft of the new locality, and its organ under the actor's own.

    Raises: Invalid naming the field; Forbidden for who edits no policy; Refused when the parent
    has nothing in force or the locality exists.
    """
    _require_filled(wanted)

    def body(unit: Unit) -> dict[str, Any]:
        organs = [organ for role, organ in actor.roles if role == EDITOR]
        if not organs or wanted.parent not in governed(unit, actor, EDITOR):
            raise Forbidden("not_policy_staff", "只有上级地区的政策管理员可以新建下级地区。")
        _refuse_taken(unit, wanted)
        parent = deployments.current(unit, wanted.parent)
        if parent is None:
            raise Refused("nothing_in_force", "上级地区还没有现行版本，不能从它开始。")
        files = deployments.files(unit, parent.id)
        files[f"processes/{wanted.code}/{DESCRIPTION}"] = _description(wanted)
        title = f"新建地区：{wanted.name}"
        base = deployments.store(
            unit, wanted.code, f"{wanted.name}：沿用上级", files, prepared_by=actor.user_id
        )
        people.add_organ(
            *(unit, wanted.region, wanted.name, "county"),
            parent=organs[0],
            region=wanted.region,
            locality=wanted.code,
        )
        row = table.add(unit, wanted.code, title, base.id)
        facts = {"locality": wanted.code, "parent": wanted.parent, "region": wanted.region}
        unit.audit(REGION_NONE, None, "locality.founded", ("draft", row.id), facts)
        return {"draft_id": row.id}

    answer = database.run(
        actor, "locality.found", key, body, fingerprint=digest(repr(wanted).encode())
    )
    return UUID(str(answer["draft_id"]))


def _require_filled(wanted: Founding) -> None:
    problems = []
    if not _CODE.fullmatch(wanted.code) or wanted.code in _TAKEN:
        text = "代号用小写字母开头，可含数字和下划线，2 至 40 个字符。"
        problems.append(FieldProblem("code", "代号", text))
    if not 0 < len(wanted.name.strip()) <= MAX_NAME:
        problems.append(FieldProblem("name", "名称", f"名称须为 1 至 {MAX_NAME} 个字。"))
    if not _REGION.fullmatch(wanted.region):
        problems.append(FieldProblem("region", "区划代码", "区划代码是六位数字。"))
    if problems:
        raise Invalid("请改正下列各项。", problems)


def _refuse_taken(unit: Unit, wanted: Founding) -> None:
    if deployments.deployments(unit, wanted.code):
        raise Refused("locality_exists", f"代号“{wanted.code}”已经有地区在用，请换一个。")
    if people.organ(unit, wanted.region) is not None:
        raise Refused("region_taken", f"区划 {wanted.region} 已经登记过机构，请核对。")


def _description(wanted: Founding) -> bytes:
    """The description; JSON's texts are also TOML's."""
    lines = [
        f"# {wanted.name}：由上级地区新建，文件未改写的沿用上级。",
        f"name = {json.dumps(wanted.name.strip(), ensure_ascii=False)}",
        f"code = {json.dumps(wanted.region)}",
        f"region = {json.dumps(wanted.region)}",
        f"parent = {json.dumps(wanted.parent)}",
        "basis = []",
    ]
    return ("\n".join(lines) + "\n").encode()
