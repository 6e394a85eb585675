"""Ten thousand households with planted duplicates, typing errors and splits: all are found.

One pass over the county's keys (`alike.all_pairs`), one over its cases (`surveys.sweep`, with the
shipped tables). Precision is the share of what was found that was planted; it is printed (`-s`) and
bounded here. Births, names and numbers are drawn as unevenly as in a county, so that chance
likenesses occur.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

import pytest

from app.cases import alike, surveys
from app.cases.package import Package
from app.form.id_card import check_digit
from app.kernel.clock import FrozenClock
from app.kernel.money import Money
from app.store import persons
from app.store.cases import CaseRow
from app.store.households import HouseholdCaseRow, HouseholdRow, MemberRow
from app.store.persons import Identity
from app.store.session import SYSTEM, Database, Unit
from app.studio.localities import resolve
from tests.world import LOCALITY, ROOT

REGION = "370881"
HOUSEHOLDS = 10_000
TODAY = date(2026, 10, 19)
CAUSES = ("fire", "traffic", "medical", "major_illness", "education", "living", "other")
PLANTED = 60  # of each kind
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂兰玉华建国文辉力红"


class Asked(NamedTuple):
    """One household and what its members asked for: (who asks, cause, day, yuan)."""

    people: tuple[Identity, ...]
    cases: tuple[tuple[int, str, date, str], ...]


class Plant(NamedTuple):
    """Two identities that are one person or one household, and what should show it."""

    kind: str
    first: Identity
    second: Identity


def number(random: Random, district: str) -> str:
    """A sound ID number."""
    day = f"{random.randint(1930, 2020)}{random.randint(1, 12):02}{random.randint(1, 28):02}"
    first = f"{district}{day}{random.randint(1, 999):03}"
    return first + check_digit(first)


def name(random: Random) -> str:
    """A name; some are much more frequent than others."""
    length = random.choice((1, 2, 2))
    surname = SURNAMES[min(int(random.expovariate(0.25)), len(SURNAMES) - 1)]
    return surname + "".join(random.choice(GIVEN) for _ in range(length))


def person(random: Random) -> Identity:
    """Somebody of the county, with a telephone and an account of one of its banks."""
    district = random.choices(("370881", "370811", "370883"), (80, 15, 5))[0]
    phone = f"1{random.choice('35789')}{random.randint(0, 10**9 - 1):09}"
    account = f"622{random.choice(('202', '848', '319'))}16080{random.randint(0, 10**8 - 1):08}"
    return Identity(name(random), number(random, district), (phone,), (account,))


def swapped(random: Random, text: str) -> str:
    """The number with two different neighbouring digits exchanged."""
    places = [at for at in range(3, len(text) - 1) if text[at] != text[at + 1]]
    at = random.choice(places)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def one_wrong(random: Random, text: str) -> str:
    """The ID number with one digit wrong and a check digit that fits."""
    while True:
        at = random.randrange(4, 17)
        digit = random.choice([one for one in "0123456789" if one != text[at]])
        first = text[:at] + digit + text[at + 1 : 17]
        day = (int(first[10:12]), int(first[12:14]))
        if 1 <= day[0] <= 12 and 1 <= day[1] <= 28 and "1930" <= first[6:10] <= "2020":
            return first + check_digit(first)


def variant(random: Random, text: str) -> str:
    """The name as somebody else hears it: one given character is another."""
    at = random.randrange(1, len(text))
    return text[:at] + random.choice([one for one in GIVEN if one != text[at]]) + text[at + 1 :]


def plants(random: Random) -> list[Plant]:
    """The pairs to be found."""
    found = []
    for _ in range(PLANTED):
        one = person(random)
        found.append(Plant("id", one, Identity(variant(random, one.name), one.id_number)))
        one = person(random)
        found.append(Plant("account", one, Identity(name(random), "", (), one.accounts)))
        one = person(random)
        found.append(Plant("phone", one, Identity(name(random), "", one.phones)))
        one = person(random)
        wrong = Identity(one.name, one_wrong(random, one.id_number))
        found.append(Plant("similar_id", one, wrong))
        one = person(random)
        phone = Identity(name(random), "", (swapped(random, one.phones[0]),))
        found.append(Plant("similar_phone", one, phone))
        one = person(random)
        account = Identity(name(random), "", (), (swapped(random, one.accounts[0]),))
        found.append(Plant("similar_account", one, account))
    return found


def asked_once(random: Random, *people: Identity) -> Asked:
    """A household with one case some day of the last year."""
    day = TODAY - timedelta(days=random.randint(100, 360))
    return Asked(people, ((0, random.choice(CAUSES), day, f"{random.randint(5, 27)}00.00"),))


def twice(random: Random) -> list[Asked]:
    """Households of which two members asked for the same, four months apart."""
    found = []
    for _ in range(PLANTED):
        one, other = person(random), person(random)
        cases = ((0, "medical", date(2026, 2, 1), "2700.00"), (1, "major_illness", TODAY, "900.00"))
        found.append(Asked((one, other), cases))
    return found


def divided(random: Random) -> list[Asked]:
    """Households whose need was cut into sums below the township's quota, under other causes."""
    found = []
    for _ in range(PLANTED):
        days = [TODAY - timedelta(days=gap) for gap in (80, 40, 0)]
        causes = random.sample(("fire", "medical", "education", "living", "other"), 3)
        cases = tuple((0, c, d, "1500.00") for c, d in zip(causes, days, strict=True))
        found.append(Asked((person(random),), cases))
    return found


def settle(unit: Unit, asked: list[Asked]) -> tuple[dict[Identity, UUID], dict[UUID, Asked]]:
    """All of it stands in the register; answers person ids, and whose household is whose."""
    told = [(one, one.name[:1] + "*") for family in asked for one in family.people]
    rows = iter(persons.add_many(unit, REGION, told))
    ids: dict[Identity, UUID] = {}
    homes: dict[UUID, Asked] = {}
    made: list[object] = []
    serial = 0
    for family in asked:
        home = unit.new_id()
        homes[home] = family
        made.append(
            HouseholdRow(
                region=REGION, id=home, township="370881101", village="370881101201",
                head_masked="*", opened_at=unit.now, changed_at=unit.now,
            )
        )  # fmt: skip
        living = [next(rows).id for _ in family.people]
        ids.update(zip(family.people, living, strict=True))
        made += [
            MemberRow(region=REGION, household_id=home, person_id=one, relation="", since=TODAY)
            for one in living
        ]
        for who, cause, day, yuan in family.cases:
            serial += 1
            case_id = unit.new_id()
            made.append(case_row(case_id, serial, cause, day))
            made.append(
                HouseholdCaseRow(
                    region=REGION, case_id=case_id, household_id=home, person_id=living[who],
                    applied_on=day, amount_fen=Money.from_yuan(yuan), decided_on=day,
                )
            )  # fmt: skip
    for kind in (HouseholdRow, CaseRow, MemberRow, HouseholdCaseRow):
        unit.session.add_all([one for one in made if isinstance(one, kind)])
        unit.session.flush()
    return ids, homes


def case_row(case_id: UUID, serial: int, cause: str, day: date) -> CaseRow:
    """An open case with nothing in it but what the sweep asks."""
    moment = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    return CaseRow(
        region=REGION, id=case_id, case_no=f"{REGION}-2026-{serial:06}", locality=LOCALITY,
        township="370881101", village="370881101201", route="emergency", status="open",
        cause=cause, title="", applicant_masked="*", applicant_index="", applicant_sealed=b"",
        reported_at=moment, channel="window", opened_at=moment, opened_by="test",
    )  # fmt: skip


def share(found: Iterable[object], wanted: Iterable[object]) -> float:
    """Which part of what was found was planted."""
    return len(set(found) & set(wanted)) / len(set(found))


def test_all_that_was_planted_among_ten_thousand_households_is_found(
    database: Database, clock: FrozenClock
) -> None:
    clock.set(datetime(2026, 10, 19, 2, tzinfo=UTC))
    random = Random(20261122)
    planted = plants(random)
    size = HOUSEHOLDS if database.is_sqlite else HOUSEHOLDS // 5  # the same queries, less waiting
    village_office = "05374412349"  # one telephone for fifty people says nothing
    crowd = [asked_once(random, person(random)) for _ in range(size)]
    crowd += [asked_once(random, Identity(name(random), "", (village_office,))) for _ in range(50)]
    pairs = [
        Asked((one,), ((0, "medical", day, "1000.00"),))
        for plant in planted
        for one, day in ((plant.first, date(2026, 3, 1)), (plant.second, date(2026, 9, 1)))
    ]
    again, cut = twice(random), divided(random)
    package = Package("test", LOCALITY, resolve(ROOT, LOCALITY).files)
    with database.begin(SYSTEM) as unit:
        ids, homes = settle(unit, [*crowd, *pairs, *again, *cut])
    with database.read() as unit:
        began = time.process_time()
        alike_pairs = alike.all_pairs(unit, REGION)
        middle = time.process_time()
        found = surveys.sweep(unit, package, REGION)
        spent = time.process_time() - middle

    shown = {(frozenset((one, other)), evidence) for one, other, evidence in alike_pairs}
    wanted = {(frozenset((ids[p.first], ids[p.second])), p.kind) for p in planted}
    assert Counter(kind for _, kind in wanted - shown) == Counter()  # every likeness
    precision = share({pair for pair, _ in shown}, {pair for pair, _ in wanted})

    strong = {p.first for p in planted if p.kind in alike.STRONG}
    home_of = {family.people[0]: home for home, family in homes.items()}
    flagged = {one.earlier.entry.household_id for one in found if one.kind == "repeat"}
    split = {one.earlier.entry.household_id for one in found if one.kind == "split"}
    due = {home_of[one] for one in strong} | {home_of[one.people[0]] for one in again}
    assert due <= flagged  # every repeat, under another number, name or member
    assert {home_of[one.people[0]] for one in cut} <= split  # every need cut into small sums
    sys.stdout.write(
        f"\n{len(homes)} households, {len(ids)} persons: {len(wanted)} likenesses planted, "
        f"{len(shown)} found, precision {precision:.3f} ({middle - began:.2f} s); repeats planted "
        f"{len(due)}, found {len(flagged)}, precision {share(flagged, due):.3f}; splits planted "
        f"{len(cut)}, found {len(split)} (sweep {spent:.2f} s of processor)\n"
    )
    assert precision > 0.9
    assert share(flagged, due) > 0.9
    assert share(split, {home_of[one.people[0]] for one in cut}) > 0.9
    assert len(shown) < len(ids)  # grows with the persons, not with their square


@pytest.mark.parametrize("kind", sorted(alike.LABELS))
def test_every_kind_of_evidence_has_words(kind: str) -> None:
    assert alike.words([kind])
