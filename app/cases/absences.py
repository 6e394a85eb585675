"""Out-of-office delegation (外出委托): a deputy fills a person's posts from day to day.

Which posts may be lent, to whom and for how long is the decision `delegable` of the locality.
The deputy does the items in the absent person's stead: records carry both names, and the rules
that two must differ count both. It ends by itself and can be revoked at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.cases.office import Office
from app.cases.views.absences import TO_HOLDER, choice_of, post_words
from app.kernel.clock import legal_day
from app.kernel.errors import FieldProblem, Forbidden, Invalid, Refused, Stale
from app.kernel.roles import ROLES
from app.store import absences, messages, people
from app.store.absences import AbsenceRow
from app.store.base import REGION_NONE
from app.store.session import Actor, Unit

MAX_REASON = 300  # characters


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for on the page."""

    posts: tuple[tuple[str, str], ...]  # (role, organ)
    deputy: UUID | None
    starts_on: date | None
    ends_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Filled:
    """A wish in which everything is said."""

    posts: tuple[tuple[str, str], ...]
    deputy: UUID
    starts_on: date
    ends_on: date
    reason: str


def declare(office: Office, actor: Actor, wish: Wish, *, key: str | None = None) -> dict[str, Any]:
    """The posts are the deputy's from the first day to the last, both included.

    Raises: Invalid naming each field; Refused when the locality lends such a post not, or not to
    that person, or not that long.
    """
    filled = _filled(wish)

    def body(unit: Unit) -> dict[str, Any]:
        deputy = _deputy(unit, actor, filled.deputy)
        for post in filled.posts:
            _require_lendable(office, unit, actor, filled, deputy, post)
        _require_present(unit, actor, filled, deputy)
        organ = people.organ(unit, filled.posts[0][1])
        region = organ.region if organ else REGION_NONE
        row = absences.add(
            unit,
            region,
            deputy=deputy,
            posts=list(filled.posts),
            starts_on=filled.starts_on,
            ends_on=filled.ends_on,
            reason=filled.reason,
        )
        _tell(unit, row)
        return {"id": str(row.id)}

    return office.database.run(actor, "absence.declare", key, body)


def _tell(unit: Unit, row: AbsenceRow) -> None:
    """The deputy knows, and the county's record does."""
    words = "、".join(post_words(unit, role, organ) for role, organ in row.posts)
    period = f"{row.starts_on} 至 {row.ends_on}"
    text = f"{row.user_name}外出，{period} 由您代为办理：{words}。原因：{row.reason}"
    messages.tell_user(unit, row.region, row.deputy_id, "absence", text)
    facts = {
        "deputy": row.deputy_name,
        "posts": row.posts,
        "from": row.starts_on.isoformat(),
        "to": row.ends_on.isoformat(),
        "reason": row.reason,
    }
    unit.audit(row.region, None, "absence.declared", ("absence", row.id), facts)


def revoke(
    office: Office, actor: Actor, region: str, absence_id: UUID, *, key: str | None = None
) -> dict[str, Any]:
    """The delegation is over now; only who gave it may. Stale when it was over already."""

    def body(unit: Unit) -> dict[str, Any]:
        row = absences.get(unit, region, absence_id, lock=True)
        if row.user_id != actor.user_id:
            raise Forbidden("not_yours", "只有外出的本人可以收回委托。")
        if row.revoked_at is not None or row.ends_on < legal_day(unit.now):
            raise Stale("absence_over", "这项委托已经结束，请刷新。")
        absences.revoke(unit, row)
        text = f"{actor.name}收回了外出委托，以后的待办由本人办理。"
        messages.tell_user(unit, region, row.deputy_id, "absence", text)
        unit.audit(
            region, None, "absence.revoked", ("absence", row.id), {"deputy": row.deputy_name}
        )
        return {}

    return office.database.run(actor, "absence.revoke", key, body)


def _filled(wish: Wish) -> _Filled:
    problems = []
    if not wish.posts:
        problems.append(FieldProblem("posts", "委托的岗位", "请至少选一个岗位。"))
    if wish.deputy is None:
        problems.append(FieldProblem("deputy", "受托人", "请选择由谁代为办理。"))
    if wish.starts_on is None:
        problems.append(FieldProblem("starts_on", "从哪天起", "请填写开始日期。"))
    if wish.ends_on is None:
        problems.append(FieldProblem("ends_on", "到哪天止", "请填写结束日期。"))
    if wish.starts_on and wish.ends_on and wish.ends_on < wish.starts_on:
        problems.append(FieldProblem("ends_on", "到哪天止", "结束日期不能早于开始日期。"))
    if not wish.reason.strip():
        problems.append(FieldProblem("reason", "原因", "请写明外出原因。"))
    if problems or not (wish.deputy and wish.starts_on and wish.ends_on):
        raise Invalid("请改正下列各项后再提交。", problems)
    reason = wish.reason.strip()[:MAX_REASON]
    return _Filled(wish.posts, wish.deputy, wish.starts_on, wish.ends_on, reason)


def _deputy(unit: Unit, actor: Actor, user_id: UUID) -> people.UserRow:
    row = people.user(unit, user_id)
    if row is None or not row.active:
        raise Refused("wrong_deputy", "受托人不在岗，请另选。")
    if str(row.id) == actor.user_id:
        raise Refused("own_deputy", "不能委托给本人，请选另一位同事。")
    return row


def _require_lendable(
    office: Office,
    unit: Unit,
    actor: Actor,
    wish: _Filled,
    deputy: people.UserRow,
    post: tuple[str, str],
) -> None:
    if not actor.holds(*post):
        raise Forbidden("not_your_post", "只能委托您本人现在的岗位。")
    choice = choice_of(office, unit, *post)
    if not choice.lent_to:
        raise Refused("not_delegable", f"“{choice.words}”不能委托他人。{choice.why}")
    held = people.roles_of(unit, deputy.id)
    if choice.lent_to == TO_HOLDER and post not in held:
        raise Refused(
            "not_holder", f"“{choice.words}”只能委托给同一岗位的人，{deputy.name}没有这一岗位。"
        )
    same_organ = any(organ == post[1] and ROLES[role].does_cases for role, organ in held)
    if not same_organ:
        raise Refused("other_organ", f"{deputy.name}不在同一机构，不能代“{choice.words}”办理。")
    if wish.starts_on < legal_day(unit.now):
        problem = FieldProblem("starts_on", "从哪天起", "开始日期不能早于今天。")
        raise Invalid("开始日期不能早于今天。", [problem])
    if wish.ends_on - wish.starts_on >= timedelta(days=choice.max_days):
        raise Refused(
            "too_long", f"“{choice.words}”一次最多委托 {choice.max_days} 天，请缩短或分次办理。"
        )


def _require_present(unit: Unit, actor: Actor, wish: _Filled, deputy: people.UserRow) -> None:
    """Nobody lends one post twice for one day, and nobody who is away stands in."""
    days = {"starts_on": wish.starts_on, "ends_on": wish.ends_on}
    if absences.away(unit, str(deputy.id), **days):
        raise Refused("deputy_away", f"{deputy.name}这段时间也外出，请选另一位同事。")
    wanted = set(wish.posts)
    for row in absences.away(unit, actor.user_id, **days):
        if wanted & {(role, organ) for role, organ in row.posts}:
            raise Refused("lent_already", "这段时间该岗位已委托他人，请先收回原来的委托。")
