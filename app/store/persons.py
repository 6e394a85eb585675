"""Persons known to a county, and the keyed digests under which they are found.

What identifies a person is sealed. `person_keys` holds digests only: of the ID number, its last
four, the name, each telephone and account, and of the blocks (`kernel.likeness`) that a slip of
the pen leaves intact. Every look-up goes through an index that begins with the county, so it costs
the same among ten thousand persons as among ten million. Corrections add to the history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    delete,
    func,
    insert,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from app.kernel import likeness
from app.kernel.errors import NotFound
from app.store.base import Base, IdKey, Label, RegionKey
from app.store.session import Unit
from app.store.vault import normalise_id_number

MAX_NUMBERS = 5  # telephones, and accounts, kept of one person; the oldest go
MAX_FOUND = 50  # persons found under one key on one page
MAX_BLOCK = 20  # persons under one key; more (a village office's telephone) say nothing
_CHUNK = 400  # values in one IN list
EXACT = ("id", "phone", "account")
LIKE = ("id_a", "id_b", "id_c", "id_d", "phone_a", "phone_b", "account_a", "account_b")


class PersonRow(Base):
    """One natural person known to a county."""

    __tablename__ = "persons"

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    masked: Mapped[Label]  # "张*"
    identity_sealed: Mapped[bytes] = mapped_column(LargeBinary())  # Identity as JSON
    learned_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    merged_into: Mapped[UUID | None] = mapped_column(default=None)  # turned out to be this one


class PersonChangeRow(Base):
    """What was known of a person before one deed; append-only."""

    __tablename__ = "person_changes"
    __table_args__ = (Index("ix_person_changes_person", "region", "person_id"),)

    region: Mapped[RegionKey]
    id: Mapped[IdKey]
    person_id: Mapped[UUID]
    at: Mapped[datetime]
    by_name: Mapped[Label]
    source: Mapped[Label]  # where the news came from, in Chinese
    parts: Mapped[Label]  # which parts changed, comma separated
    before_sealed: Mapped[bytes] = mapped_column(LargeBinary())  # Identity before, as JSON


class PersonKeyRow(Base):
    """One digest under which a person is found; `kind` names what it is the digest of."""

    __tablename__ = "person_keys"
    __table_args__ = (
        ForeignKeyConstraint(
            ["region", "person_id"], ["persons.region", "persons.id"], name="fk_person_keys_persons"
        ),
        Index("ix_person_keys_person", "region", "person_id"),
    )

    region: Mapped[RegionKey]
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)


@dataclass(frozen=True, slots=True)
class Identity:
    """What identifies a person, in clear; never on a record that is not sealed."""

    name: str = ""
    id_number: str = ""
    phones: tuple[str, ...] = ()  # newest last
    accounts: tuple[str, ...] = ()

    def with_news(self, news: Identity) -> Identity:
        """What is known after `news`: a new name or ID replaces, telephones and accounts add."""
        return Identity(
            news.name or self.name,
            news.id_number or self.id_number,
            tuple(dict.fromkeys((*self.phones, *news.phones)))[-MAX_NUMBERS:],
            tuple(dict.fromkeys((*self.accounts, *news.accounts)))[-MAX_NUMBERS:],
        )

    def changed_parts(self, other: Identity) -> tuple[str, ...]:
        """The names of the parts in which the two differ."""
        mine, others = asdict(self), asdict(other)
        return tuple(part for part in mine if mine[part] != others[part])


@dataclass(frozen=True, slots=True)
class Pair:
    """Two persons who share a key."""

    one: UUID
    other: UUID
    kind: str


def normal(identity: Identity) -> Identity:
    """The same with its numbers in their one form."""
    digits = likeness.normal_digits
    return replace(
        identity,
        name=identity.name.strip(),
        id_number=normalise_id_number(identity.id_number),
        phones=tuple(filter(None, map(digits, identity.phones))),
        accounts=tuple(filter(None, map(digits, identity.accounts))),
    )


def keys_of(unit: Unit, identity: Identity) -> Iterator[tuple[str, str]]:
    """(kind, digest) of everything under which a normalised identity is to be found."""
    digest, number = unit.vault.blind_index, identity.id_number
    if number:
        yield "id", digest(number)
        yield "tail", digest(f"tail:{number[-4:]}")
        for letter, block in zip("abcd", likeness.id_blocks(number, identity.name), strict=False):
            yield f"id_{letter}", digest(f"id_{letter}:{block}")
    if identity.name:
        yield "name", digest(f"name:{likeness.normal_name(identity.name)}")
    for kind, values in (("phone", identity.phones), ("account", identity.accounts)):
        for value in values:
            yield kind, digest(f"{kind}:{value}")
            for letter, block in zip("ab", likeness.swap_blocks(value), strict=False):
                yield f"{kind}_{letter}", digest(f"{kind}_{letter}:{block}")


def add(unit: Unit, region: str, identity: Identity, *, masked: str, source: str) -> PersonRow:
    """A person the county did not know is known."""
    known = normal(identity)
    row = _row(unit, region, known, masked)
    unit.session.add(row)
    unit.session.flush()
    _write_keys(unit, row, known)
    _keep_history(unit, row, Identity(), ("learned",), source)
    return row


def add_many(unit: Unit, region: str, people: Sequence[tuple[Identity, str]]) -> list[PersonRow]:
    """Many unknown persons (identity, masked name) are known, in one stroke, without history."""
    rows, keys = [], []
    for identity, masked in people:
        known = normal(identity)
        row = _row(unit, region, known, masked)
        rows.append(row)
        keys += [
            {"region": region, "kind": kind, "key": key, "person_id": row.id}
            for kind, key in dict.fromkeys(keys_of(unit, known))
        ]
    unit.session.add_all(rows)
    unit.session.flush()
    if keys:
        unit.session.execute(insert(PersonKeyRow), keys)
    return rows


def get(unit: Unit, region: str, person_id: UUID) -> PersonRow:
    """The person; raises NotFound."""
    row = unit.session.get(PersonRow, (region, person_id))
    if row is None:
        raise NotFound("no_person", "没有这个人的登记，或您无权查看。")
    return row


def many(unit: Unit, region: str, ids: Collection[UUID]) -> dict[UUID, PersonRow]:
    """The persons of those ids, in as few statements as may be."""
    found: dict[UUID, PersonRow] = {}
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), _CHUNK):
        query = select(PersonRow).where(
            PersonRow.region == region, PersonRow.id.in_(wanted[start : start + _CHUNK])
        )
        found |= {row.id: row for row in unit.session.scalars(query)}
    return found


def identity(unit: Unit, row: PersonRow) -> Identity:
    """Who it is, in clear; who shows it to a person records why."""
    value = unit.vault.unseal_json(
        row.identity_sealed, region=row.region, table="persons", row_id=row.id
    )
    return Identity(
        str(value["name"]),
        str(value["id_number"]),
        tuple(value["phones"]),
        tuple(value["accounts"]),
    )


def learn(unit: Unit, row: PersonRow, news: Identity, *, masked: str, source: str) -> bool:
    """What is new about the person is known; True when anything was. What was stays on record."""
    before = identity(unit, row)
    after = before.with_news(normal(news))
    parts = before.changed_parts(after)
    if not parts:
        return False
    _keep_history(unit, row, before, parts, source)
    row.identity_sealed = _sealed(unit, row.region, row.id, after)
    row.changed_at = unit.now
    if masked:
        row.masked = masked
    _write_keys(unit, row, after)
    return True


def merge(unit: Unit, row: PersonRow, into: PersonRow) -> None:
    """The two are one person: the first is found no more, its history stays."""
    row.merged_into = into.id
    row.changed_at = unit.now
    _delete_keys(unit, row)


def by_id_number(unit: Unit, region: str, number: str) -> PersonRow | None:
    """The person of that ID number."""
    found = under(unit, region, [("id", unit.vault.blind_index(number))])
    return get(unit, region, found[0].person_id) if found else None


def by_tail(unit: Unit, region: str, last_four: str) -> list[PersonRow]:
    """Persons whose ID number ends so."""
    return _found(unit, region, "tail", f"tail:{last_four.upper()}")


def by_name(unit: Unit, region: str, name: str) -> list[PersonRow]:
    """Persons of exactly that name."""
    return _found(unit, region, "name", f"name:{likeness.normal_name(name)}")


def under(unit: Unit, region: str, keys: Collection[tuple[str, str]]) -> list[PersonKeyRow]:
    """Who is found under any of the (kind, digest) pairs."""
    found: list[PersonKeyRow] = []
    wanted = list(dict.fromkeys(keys))
    for start in range(0, len(wanted), _CHUNK):
        query = select(PersonKeyRow).where(
            PersonKeyRow.region == region,
            tuple_(PersonKeyRow.kind, PersonKeyRow.key).in_(wanted[start : start + _CHUNK]),
        )
        found += unit.session.scalars(query.limit(_CHUNK * MAX_BLOCK))
    return found


def keys(unit: Unit, region: str, ids: Collection[UUID]) -> list[PersonKeyRow]:
    """The keys of those persons by which others may be found to be the same or nearly so."""
    query = select(PersonKeyRow).where(
        PersonKeyRow.region == region,
        PersonKeyRow.person_id.in_(list(ids)),
        PersonKeyRow.kind.in_((*EXACT, *LIKE)),
    )
    return list(unit.session.scalars(query))


def pairs(unit: Unit, region: str) -> list[Pair]:
    """Every two persons of the county that share a key few others have.

    One pass over the index: keys with more than MAX_BLOCK persons are left out, so the work grows
    with the number of persons and not with its square.
    """
    kinds = (*EXACT, *LIKE)
    shared = (
        select(PersonKeyRow.kind, PersonKeyRow.key)
        .where(PersonKeyRow.region == region, PersonKeyRow.kind.in_(kinds))
        .group_by(PersonKeyRow.kind, PersonKeyRow.key)
        .having(func.count().between(2, MAX_BLOCK))
        .subquery()
    )
    one, other = aliased(PersonKeyRow), aliased(PersonKeyRow)
    query = (
        select(one.person_id, other.person_id, one.kind)
        .join(shared, (shared.c.kind == one.kind) & (shared.c.key == one.key))
        .join(other, (other.kind == one.kind) & (other.key == one.key))
        .where(one.region == region, other.region == region, one.person_id < other.person_id)
    )
    return [Pair(*row) for row in unit.session.execute(query)]


def history(unit: Unit, region: str, ids: Collection[UUID]) -> list[PersonChangeRow]:
    """What changed about those persons, oldest first."""
    query = select(PersonChangeRow).where(
        PersonChangeRow.region == region, PersonChangeRow.person_id.in_(list(ids))
    )
    return list(unit.session.scalars(query.order_by(PersonChangeRow.at, PersonChangeRow.id)))


def _found(unit: Unit, region: str, kind: str, text: str) -> list[PersonRow]:
    query = (
        select(PersonRow)
        .join(
            PersonKeyRow,
            (PersonKeyRow.region == PersonRow.region) & (PersonKeyRow.person_id == PersonRow.id),
        )
        .where(
            PersonKeyRow.region == region,
            PersonKeyRow.kind == kind,
            PersonKeyRow.key == unit.vault.blind_index(text),
        )
        .order_by(PersonRow.changed_at.desc())
        .limit(MAX_FOUND)
    )
    return list(unit.session.scalars(query))


def _row(unit: Unit, region: str, known: Identity, masked: str) -> PersonRow:
    row_id = unit.new_id()
    return PersonRow(
        region=region,
        id=row_id,
        masked=masked,
        identity_sealed=_sealed(unit, region, row_id, known),
        learned_at=unit.now,
        changed_at=unit.now,
    )


def _write_keys(unit: Unit, row: PersonRow, known: Identity) -> None:
    _delete_keys(unit, row)
    values = [
        {"region": row.region, "kind": kind, "key": key, "person_id": row.id}
        for kind, key in dict.fromkeys(keys_of(unit, known))
    ]
    if values:
        unit.session.execute(insert(PersonKeyRow), values)


def _delete_keys(unit: Unit, row: PersonRow) -> None:
    unit.session.execute(
        delete(PersonKeyRow).where(
            PersonKeyRow.region == row.region, PersonKeyRow.person_id == row.id
        )
    )


def _keep_history(
    unit: Unit, row: PersonRow, before: Identity, parts: Collection[str], source: str
) -> None:
    change_id = unit.new_id()
    unit.session.add(
        PersonChangeRow(
            region=row.region,
            id=change_id,
            person_id=row.id,
            at=unit.now,
            by_name=unit.actor.name,
            source=source,
            parts=",".join(parts),
            before_sealed=unit.vault.seal_json(
                _plain(before), region=row.region, table="person_changes", row_id=change_id
            ),
        )
    )


def _sealed(unit: Unit, region: str, row_id: UUID, known: Identity) -> bytes:
    return unit.vault.seal_json(_plain(known), region=region, table="persons", row_id=row_id)


def _plain(known: Identity) -> Mapping[str, Any]:
    return {
        "name": known.name,
        "id_number": known.id_number,
        "phones": list(known.phones),
        "accounts": list(known.accounts),
    }
