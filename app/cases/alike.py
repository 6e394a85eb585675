"""Who may be the same person, household or account as the applicant of a case, and why.

Found by keyed digests only; a likeness (one digit wrong, two swapped) is made sure of by opening
the few persons that share a block. The opened values are compared and not shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.kernel import likeness
from app.store import persons
from app.store.persons import EXACT, MAX_BLOCK, Identity, PersonKeyRow
from app.store.session import Unit

LABELS = {
    "id": "同一身份证号",
    "household": "同一家庭",
    "account": "同一收款账号",
    "phone": "同一联系电话",
    "similar_id": "身份证号只差一位",
    "similar_account": "收款账号有两位数字颠倒",
    "similar_phone": "联系电话有两位数字颠倒",
}
STRONG = frozenset({"id", "household", "account", "similar_id", "similar_account"})
"""Not by chance; a telephone may be a neighbour's or the village office's."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """That somebody known resembles somebody asked about."""

    person_id: UUID
    evidence: str  # key of LABELS


def kin_of(unit: Unit, region: str, ids: Collection[UUID]) -> list[Likeness]:
    """Persons outside `ids` who share a number, or nearly, with one of them."""
    own = persons.keys(unit, region, ids)
    named = {person_id: row for person_id, row in persons.many(unit, region, ids).items()}
    asked = {person_id: persons.identity(unit, row) for person_id, row in named.items()}
    wanted: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    for row in own:
        wanted[row.kind, row.key].append(row.person_id)
    found = _rare(persons.under(unit, region, wanted))
    pairs = [
        (one, row.person_id, row.kind)
        for row in found
        if row.person_id not in asked
        for one in wanted[row.kind, row.key]
    ]
    return list(dict.fromkeys(_sure(unit, region, asked, pairs)))


def like(unit: Unit, region: str, identity: Identity) -> list[Likeness]:
    """Persons known to the county who share a number, or nearly, with an identity just told."""
    told = persons.normal(identity)
    unknown = UUID(int=0)
    wanted = [key for key in persons.keys_of(unit, told) if key[0] not in ("tail", "name")]
    pairs = [
        (unknown, row.person_id, row.kind) for row in _rare(persons.under(unit, region, wanted))
    ]
    return list(dict.fromkeys(_sure(unit, region, {unknown: told}, pairs)))


def all_pairs(unit: Unit, region: str) -> list[tuple[UUID, UUID, str]]:
    """(person, person, evidence) for every likeness within the county, each once."""
    shared = persons.pairs(unit, region)
    ids = {pair.one for pair in shared} | {pair.other for pair in shared}
    known = {
        person_id: persons.identity(unit, row)
        for person_id, row in persons.many(unit, region, ids).items()
    }
    found = {
        (pair.one, pair.other, evidence)
        for pair in shared
        if (evidence := evidence_of(pair.kind, known[pair.one], known[pair.other]))
    }
    return sorted(found)


def evidence_of(kind: str, one: Identity, other: Identity) -> str:
    """What sharing a key of that kind proves of the two; "" when it was chance."""
    if kind in EXACT:
        return kind
    family = kind.partition("_")[0]
    if family == "id":
        sure = likeness.one_digit_apart(one.id_number, other.id_number)
        return "similar_id" if sure and likeness.name_alike(one.name, other.name) else ""
    mine, others = (
        (one.phones, other.phones) if family == "phone" else (one.accounts, other.accounts)
    )
    near = any(likeness.swapped(a, b) for a in mine for b in others)
    return f"similar_{family}" if near else ""


def words(evidence: Iterable[str]) -> str:
    """The evidence in Chinese."""
    return "、".join(LABELS[one] for one in LABELS if one in set(evidence))


def _rare(rows: list[PersonKeyRow]) -> list[PersonKeyRow]:
    """Without the keys that too many share, such as the telephone of a village office."""
    count = Counter((row.kind, row.key) for row in rows)
    return [row for row in rows if count[row.kind, row.key] <= MAX_BLOCK]


def _sure(
    unit: Unit,
    region: str,
    asked: Mapping[UUID, Identity],
    pairs: Collection[tuple[UUID, UUID, str]],
) -> Iterator[Likeness]:
    opened = {
        person_id: persons.identity(unit, row)
        for person_id, row in persons.many(
            unit, region, {other for _, other, kind in pairs if kind not in EXACT}
        ).items()
    }
    for one, other, kind in pairs:
        if kind in EXACT:
            yield Likeness(other, kind)
        elif evidence := evidence_of(kind, asked[one], opened[other]):
            yield Likeness(other, evidence)
