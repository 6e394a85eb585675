"""Signing in and out, and who stands behind a session token at each request.

Says the same for an unknown name, a wrong password and a locked account, and takes as long.
Passwords are checked outside any transaction: the check is slow on purpose and would hold others.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.kernel.errors import Invalid, Stale
from app.kernel.roles import ROLES
from app.store import absences, people
from app.store.base import REGION_NONE
from app.store.session import SYSTEM, Actor, Database, Unit

IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)  # the last-seen moment is written no oftener
TOKEN_BYTES = 32
DELAY_FROM_FAILURES = 5
DELAY_STEP = timedelta(seconds=30)  # times the failures beyond the fourth
LOCK_FROM_FAILURES = 10
LOCK_FOR = timedelta(minutes=15)
MAX_LOGIN_CHARS = 64
MAX_PASSWORD_CHARS = 256
CHECKERS = 2  # password checks at the same time; each takes 19 MiB
CHECKER_WAIT_S = 10.0

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_checkers = BoundedSemaphore(CHECKERS)
_NOBODY = _hasher.hash(secrets.token_urlsafe(TOKEN_BYTES))  # what unknown names are checked against

REFUSAL = (
    "登录名或密码不对，或者该账号因多次输错暂时锁定。"
    f"连续输错 {DELAY_FROM_FAILURES} 次后须稍等再试，{LOCK_FROM_FAILURES} 次后锁定 15 分钟。"
)


@dataclass(frozen=True, slots=True)
class Post:
    """One role the person holds in one organ, in words."""

    role: str  # code
    role_label: str
    organ: str  # code
    organ_name: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a session, with the roles held at this moment."""

    actor: Actor
    posts: tuple[Post, ...]


def hash_password(password: str) -> str:
    """What is stored instead of the password."""
    return _hasher.hash(password)


def sign_in(db: Database, login: str, password: str, *, ip: str, old_token: str = "") -> str:
    """A fresh session token for the person; the browser's old session is over.

    Raises: Invalid with the same words whatever was wrong; Stale when too many sign in at once.
    """
    login, password = login.strip()[:MAX_LOGIN_CHARS], password[:MAX_PASSWORD_CHARS]
    with db.read() as unit:
        row = people.user_by_login(unit, login)
        usable = row is not None and row.active and not _locked(row, unit.now)
        stored = row.password_hash if row is not None and usable else _NOBODY
    matches = _check(stored, password) and usable
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with db.begin(SYSTEM) as unit:
        row = people.user_by_login(unit, login, lock=True)
        # Looked at again under the lock: a rival attempt may have locked the account meanwhile.
        usable = usable and row is not None and row.active and not _locked(row, unit.now)
        if row is not None and usable:
            if matches:
                _enter(unit, row, token, ip=ip, old_token=old_token)
            else:
                _count_failure(unit, row, ip)
    if not (matches and usable):
        raise Invalid(REFUSAL, code="bad_credentials")
    return token


def sign_out(db: Database, actor: Actor, token: str) -> None:
    """The token opens nothing any more."""
    with db.begin(actor) as unit:
        people.end_session(unit, token)
        unit.audit(REGION_NONE, None, "sign_in.ended", ("user", actor.user_id), {})


def resume(db: Database, token: str) -> SignedIn | None:
    """Who stands behind the token now; None when ended, expired or idle too long."""
    if not token:
        return None
    with db.read() as unit:
        found = people.open_session(unit, token)
        if found is None:
            return None
        session, user = found
        idle = unit.now - session.last_seen_at
        if idle > IDLE_LIMIT:
            return None
        signed_in = _signed_in(unit, user)
    if idle > TOUCH_EVERY:
        with db.begin(signed_in.actor) as unit:
            people.touch_session(unit, token)
    return signed_in


def _signed_in(unit: Unit, user: people.UserRow) -> SignedIn:
    actor = replace(people.actor_of(unit, user), lent=absences.lent_to(unit, str(user.id)))
    posts = []
    for role, organ_code in actor.roles:
        organ = people.organ(unit, organ_code)
        label = ROLES[role].label if role in ROLES else role
        posts.append(Post(role, label, organ_code, organ.name if organ else organ_code))
    return SignedIn(actor, tuple(posts))


def _enter(unit: Unit, row: people.UserRow, token: str, *, ip: str, old_token: str) -> None:
    row.failed_logins, row.locked_until = 0, None
    if old_token:
        people.end_session(unit, old_token)
    people.start_session(unit, row.id, token, expires_at=unit.now + ABSOLUTE_LIMIT, ip=ip)
    unit.audit(REGION_NONE, None, "sign_in.done", ("user", row.id), {"ip": ip})


def _count_failure(unit: Unit, row: people.UserRow, ip: str) -> None:
    row.failed_logins += 1
    failures = row.failed_logins
    if failures >= LOCK_FROM_FAILURES:
        row.locked_until = unit.now + LOCK_FOR
        unit.audit(
            REGION_NONE, None, "sign_in.locked", ("user", row.id), {"ip": ip, "failures": failures}
        )
    elif failures >= DELAY_FROM_FAILURES:
        row.locked_until = unit.now + DELAY_STEP * (failures - DELAY_FROM_FAILURES + 1)


def _locked(row: people.UserRow, now: datetime) -> bool:
    return row.locked_until is not None and now < row.locked_until


def _check(stored: str, password: str) -> bool:
    if not _checkers.acquire(timeout=CHECKER_WAIT_S):
        raise Stale("busy", "登录的人较多，请过几秒再试。")
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
    finally:
        _checkers.release()
