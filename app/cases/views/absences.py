"""外出委托: what a person may lend, to whom, and the delegations that stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.cases.office import Office
from app.kernel.clock import legal_day, local
from app.kernel.errors import NotFound
from app.kernel.roles import ROLES
from app.store import absences, people
from app.store.absences import AbsenceRow
from app.store.session import Actor, Unit

DECISION = "delegable"
TO_HOLDER, TO_COLLEAGUE = "holder", "colleague"  # holds the role there | has a post there
MAX_POSTS = 20  # of one person on the page


@dataclass(frozen=True, slots=True)
class PostChoice:
    """One post of the person, and whether it may be lent."""

    role: str
    organ: str
    words: str  # 甲镇 · 乡镇（街道）经办人
    lent_to: str  # "holder" | "colleague" | "" (may not be lent)
    max_days: int
    why: str  # the rule in Chinese


@dataclass(frozen=True, slots=True)
class Choice:
    """A colleague who may be named."""

    id: UUID
    words: str


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """One delegation on the page."""

    region: str
    id: UUID
    absent: str
    deputy: str
    posts: tuple[str, ...]
    starts_on: date
    ends_on: date
    reason: str
    state: str  # "ahead" | "here" | "done" (over) | "refused" (revoked)
    mine: bool  # the reader's own, so that it can be revoked


@dataclass(frozen=True, slots=True)
class AbsencePage:
    """The page 外出委托."""

    today: date
    posts: tuple[PostChoice, ...]
    colleagues: tuple[Choice, ...]
    lines: tuple[AbsenceLine, ...]  # of and to the reader, newest first


def absence_page(office: Office, actor: Actor) -> AbsencePage:
    """What the person may lend, to whom, and what stands now."""
    with office.database.read(actor) as unit:
        today = legal_day(unit.now)
        rows = absences.concerning(unit, actor.user_id)
        return AbsencePage(
            today=today,
            posts=tuple(choice_of(office, unit, *post) for post in actor.roles[:MAX_POSTS]),
            colleagues=_colleagues(unit, actor),
            lines=tuple(_line(unit, actor, row, today) for row in rows),
        )


def choice_of(office: Office, unit: Unit, role: str, organ: str) -> PostChoice:
    """The post and what the locality says of lending it."""
    verdict = _rule(office, unit, role, organ)
    lent_to = str(verdict.get("to") or "")
    return PostChoice(
        role=role,
        organ=organ,
        words=post_words(unit, role, organ),
        lent_to=lent_to if lent_to in (TO_HOLDER, TO_COLLEAGUE) else "",
        max_days=int(verdict.get("max_days") or 0),
        why=str(verdict.get("why") or "本地的委托规则没有列出这个岗位。"),
    )


def _rule(office: Office, unit: Unit, role: str, organ_code: str) -> Mapping[str, Any]:
    """What the locality says of lending that post; {} when it says nothing."""
    organ = people.organ(unit, organ_code)
    try:
        locality = people.locality_of(unit, organ.region) if organ else ""
    except NotFound:
        locality = organ.locality if organ else ""
    if not locality:
        return {}
    package = office.packages.current(unit, locality)
    if DECISION not in package.library.decision_ids:
        return {}
    answer = package.decide(DECISION, {"role": role}, local(unit.now))
    return answer.value if isinstance(answer.value, Mapping) else {}


def _colleagues(unit: Unit, actor: Actor) -> tuple[Choice, ...]:
    """The people with a post in one of the actor's organs, with their posts there."""
    organs = list(dict.fromkeys(organ for _, organ in actor.roles))
    found: dict[UUID, str] = {}
    for organ in organs:
        row = people.organ(unit, organ)
        for user in people.colleagues(unit, row.region) if row else []:
            if str(user.id) == actor.user_id or user.id in found:
                continue
            held = [role for role, place in people.roles_of(unit, user.id) if place in organs]
            does = [role for role in held if role in ROLES and ROLES[role].does_cases]
            if does:
                labels = "、".join(ROLES[role].label for role in does)
                found[user.id] = f"{user.name}（{labels}）"
    return tuple(Choice(user_id, words) for user_id, words in found.items())


def post_words(unit: Unit, role: str, organ: str) -> str:
    """甲镇 · 乡镇（街道）经办人."""
    row = people.organ(unit, organ)
    label = ROLES[role].label if role in ROLES else role
    return f"{row.name if row else organ} · {label}"


def _line(unit: Unit, actor: Actor, row: AbsenceRow, today: date) -> AbsenceLine:
    over = "done" if row.ends_on < today else "ahead" if row.starts_on > today else "here"
    return AbsenceLine(
        region=row.region,
        id=row.id,
        absent=row.user_name,
        deputy=row.deputy_name,
        posts=tuple(post_words(unit, role, organ) for role, organ in row.posts),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        reason=row.reason,
        state="refused" if row.revoked_at is not None else over,
        mine=row.user_id == actor.user_id,
    )
