"""The one door to the database and the only place that commits.

One command is one `with db.begin(actor)`: it is done wholly or not at all. Reading goes through
`db.read()`, which cannot write. `db.run` makes a command safe to send twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from random import SystemRandom
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.kernel.clock import Clock, as_utc
from app.kernel.errors import Refused, Stale
from app.kernel.ids import uuid7
from app.store import audit
from app.store.base import REGION_NONE
from app.store.commands import MAX_KEY, CommandRow
from app.store.constraints import (
    DATABASE_ERRORS,
    domain_error,
    is_contention,
    is_lost_connection,
)
from app.store.engine import make_engines
from app.store.types import dump, load
from app.store.vault import Vault

MAX_ATTEMPTS = 6  # of a whole command, when others stood in the way
FIRST_PAUSE_S = 0.02  # doubled at each attempt, with jitter

_random = SystemRandom()


@dataclass(frozen=True, slots=True)
class Lent:
    """One post of an absent colleague that the actor fills for the time (外出委托)."""

    role: str
    organ: str
    user_id: str  # of the absent colleague
    name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with the roles held at this moment, or a part of the system.

    Lent posts open work items and the cases they belong to, nothing else: `holds` knows only
    the actor's own.
    """

    user_id: str  # UUID text of a user, or a system name such as "timer"
    name: str  # as written into records: “乙 代 甲” while standing in
    roles: tuple[tuple[str, str], ...] = ()  # (role code, organ code) pairs
    kind: str = "person"  # "person" | "system"
    lent: tuple[Lent, ...] = ()  # posts of absent colleagues, for now
    behalf: Lent | None = None  # the post filled in this one deed, None when it is the actor's own
    own_name: str = ""  # the actor's name alone, while standing in

    def holds(self, role: str, organ: str | None = None) -> bool:
        """True when the actor has the role, in that organ if one is named."""
        return any(code == role and organ in (None, place) for code, place in self.roles)

    def standing_in(self, post: Lent) -> Actor:
        """The same person in the absent colleague's stead; records carry both names."""
        return replace(self, name=f"{self.name} 代 {post.name}", behalf=post, own_name=self.name)

    @property
    def person_ids(self) -> frozenset[str]:
        """The ids of everybody whose deed this is: the actor and whom the actor stands in for."""
        return frozenset({self.user_id} | ({self.behalf.user_id} if self.behalf else set()))

    @property
    def person_names(self) -> frozenset[str]:
        """The names of everybody whose deed this is."""
        if self.behalf is None:
            return frozenset({self.name})
        return frozenset({self.own_name, self.behalf.name})


SYSTEM = Actor(user_id="system", name="系统", kind="system")


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of work: what the queries of this package need, fixed for the whole command."""

    session: Session
    now: datetime  # aware UTC, the same instant from beginning to end
    actor: Actor
    vault: Vault

    def new_id(self) -> UUID:
        """A fresh UUIDv7 at this command's instant."""
        return uuid7(self.now)

    def audit(
        self,
        region: str,
        case_id: UUID | None,
        action: str,
        target: tuple[str, object],
        body: Mapping[str, Any],
        *,
        on_behalf_of: str = "",
    ) -> None:
        """The deed stands in the record of the case, or of the county when `case_id` is None.

        target: (kind, id) of the thing acted on. body: facts without personal data in clear.
        """
        audit.append(
            self,
            region,
            case_id,
            action,
            (target[0], str(target[1])),
            body,
            on_behalf_of=on_behalf_of,
        )


class Database:
    """The store of one installation."""

    def __init__(self, url: str, *, clock: Clock, vault: Vault) -> None:
        """Take the URL of an SQLite file or a PostgreSQL database; connects on first use."""
        self._write, self._read = make_engines(url)
        self._clock = clock
        self._vault = vault
        self._joined: Session | None = None  # the transaction of `gathered`, None = one each
        self.url = url

    def with_clock(self, clock: Clock) -> Database:
        """The same store under another clock: demonstrations and replays live in the past."""
        twin = Database.__new__(Database)
        twin._write, twin._read = self._write, self._read
        twin._clock, twin._vault, twin.url = clock, self._vault, self.url
        twin._joined = self._joined
        return twin

    @contextmanager
    def gathered(self, actor: Actor) -> Iterator[Database]:
        """The same store, whose commands are kept together at the end of the block, or none is.

        For loading in bulk by one process: a commit for each of hundreds of commands takes minutes
        on a slow disk. Everybody else waits, so keep the block short.
        """
        with self.begin(actor) as unit:
            twin = self.with_clock(self._clock)
            twin._joined = unit.session
            yield twin

    @property
    def is_sqlite(self) -> bool:
        """True for the embedded database, which has one writer at a time."""
        return self._write.dialect.name == "sqlite"

    @contextmanager
    def begin(self, actor: Actor) -> Iterator[Unit]:
        """A unit of work that is kept when the block ends and undone when it raises.

        Raises: the domain errors of `constraints`; Stale("busy") when others hold the rows.
        """
        if self._joined is not None:
            yield Unit(self._joined, as_utc(self._clock.now()), actor, self._vault)
            self._joined.flush()
            return
        session = Session(self._write, expire_on_commit=False)
        try:
            session.connection()  # begin now: on SQLite the write lock, on both the snapshot
            yield Unit(session, as_utc(self._clock.now()), actor, self._vault)
            session.commit()
        except DATABASE_ERRORS as error:
            session.rollback()
            _raise_known(error)
            raise
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()

    @contextmanager
    def read(self, actor: Actor = SYSTEM) -> Iterator[Unit]:
        """A unit that only reads; the database refuses its writes."""
        if self._joined is not None:
            yield Unit(self._joined, as_utc(self._clock.now()), actor, self._vault)
            return
        session = Session(self._read, expire_on_commit=False, autoflush=False)
        try:
            yield Unit(session, as_utc(self._clock.now()), actor, self._vault)
        except DATABASE_ERRORS as error:
            _raise_known(error)
            raise
        finally:
            session.close()  # rows already read stay readable

    def run(
        self,
        actor: Actor,
        verb: str,
        key: str | None,
        body: Callable[[Unit], dict[str, Any]],
        *,
        region: str = REGION_NONE,
        fingerprint: str = "",
    ) -> dict[str, Any]:
        """The answer of `body`, carried out at most once per `key`.

        The same key again answers what was answered then and does nothing. The whole body is tried
        again when another transaction stood in the way, so it must keep no state outside the unit.
        Raises: Refused("key_reused") for a known key with another verb, actor or fingerprint.
        """
        if key is not None and not 1 <= len(key) <= MAX_KEY:
            raise Refused("bad_key", f"请求编号须为 1 至 {MAX_KEY} 个字符。")
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                with self.begin(actor) as unit:
                    return _perform(unit, verb, key, body, region, fingerprint)
            except (Stale, SQLAlchemyError) as error:
                if attempt == MAX_ATTEMPTS or not _may_retry(error, keyed=key is not None):
                    raise
            time.sleep(FIRST_PAUSE_S * 2**attempt * _random.uniform(0.5, 1))
        raise AssertionError("unreachable")

    def close(self) -> None:
        """All pooled connections are closed."""
        self._write.dispose()
        self._read.dispose()


def _perform(
    unit: Unit,
    verb: str,
    key: str | None,
    body: Callable[[Unit], dict[str, Any]],
    region: str,
    fingerprint: str,
) -> dict[str, Any]:
    if key is None:
        return body(unit)
    known = unit.session.get(CommandRow, (region, key))
    if known is not None:
        same = (known.verb, known.actor_id, known.fingerprint)
        if same != (verb, unit.actor.user_id, fingerprint):
            raise Refused(
                "key_reused", "该请求编号已用于另一操作，请刷新页面后重新提交。", verb=known.verb
            )
        return known.answer
    row = CommandRow(
        region=region,
        key=key,
        verb=verb,
        actor_id=unit.actor.user_id,
        fingerprint=fingerprint,
        at=unit.now,
        answer={},
    )
    unit.session.add(row)
    unit.session.flush()  # a rival with the same key waits here, then reads our answer
    row.answer = load(dump(body(unit)))  # the first answer reads like every later one
    return row.answer


def _raise_known(error: Exception) -> None:
    known = domain_error(error)
    if known is not None:
        raise known from error


def _may_retry(error: Exception, *, keyed: bool) -> bool:
    if isinstance(error, Stale):
        return error.code == "command_running" or is_contention(error.__cause__ or error)
    return keyed and is_lost_connection(error)
