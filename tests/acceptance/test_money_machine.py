"""Any order of all money verbs, with crashes: the books never lie and nothing happens twice.

A machine drives one Jiangxi county through the real verbs on a real database: reports, every work
item that waits, allotments, gifts, refunds, write-offs, reviews with carry-over, counts, batches to
the bank and its answers. Each command may be killed at any of its database statements, is then sent
again with its key, and once more after it was done. Screens are left to others.

MONEY_EXAMPLES and MONEY_STEPS make a longer run.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import event as note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import event, select

from app.cases import fund, intake, reviews, timers, transfers, work_items, writeoffs
from app.cases.office import Office, load_calendar
from app.cases.views.item import item_page
from app.cases.work_items import ItemRef
from app.form import Submission
from app.kernel.clock import FrozenClock, legal_day
from app.kernel.errors import AppError
from app.kernel.money import Money
from app.ledger import fund as deeds
from app.ledger.accounts import Fund, Kind
from app.ledger.entry import Deed, Source
from app.store import cases, fund_records, journal, ledger, migrate, people, slips
from app.store import transfers as transfer_rows
from app.store import work_items as item_rows
from app.store import writeoffs as packages
from app.store.ledger import AccountRow, EntryRow
from app.store.notices import NoticeRow
from app.store.session import Database, Unit
from app.store.slips import SlipRow
from app.store.vault import Vault
from app.store.writeoffs import WriteoffRow
from app.studio.localities import resolve
from tests.acceptance.conftest import County, staffed
from tests.acceptance.payers import account, actor, approved, paid, somebody, transfer
from tests.acceptance.test_jiangxi import (
    ACCEPT,
    APPROVE,
    CATCHUP,
    PUBLISH,
    REPORT,
    cash,
    verify,
)
from tests.conftest import KEY
from tests.world import ROOT, publish

EXAMPLES = int(os.environ.get("MONEY_EXAMPLES", "4"))
STEPS = int(os.environ.get("MONEY_STEPS", "20"))
START = "2025-12-20T09:00:00+08:00"
MAX_STATEMENTS = 60  # a command is killed within its first so many, or lives
SPENT = (Kind.SPENT, Kind.WRITTEN_OFF, Kind.COUNTY_SPENT, Kind.CITY_SPENT, Kind.CHARITY_SPENT)
HELD = (Kind.RESERVE_HELD, Kind.COUNTY_HELD, Kind.CITY_HELD, Kind.CHARITY_HELD)
APPROVED = {"approve", "agree"}
PACKAGE_ITEMS = ("submit", "civil_review", "finance_confirm")
REVIEW_ITEMS = ("plan_budget", "finance_budget", "civil_budget")
LAST_YEAR = 2026  # of the holiday notices that are shipped


class Killed(Exception):  # noqa: N818 - not a mistake: it stands for the end of a process
    """The process died here."""


@contextmanager
def killed_at(database: Database, statement: int | None) -> Iterator[None]:
    """Within the block the database connection dies at that statement (1 is the first)."""
    seen = Counter[str]()

    def count(*_: Any) -> None:
        seen["n"] += 1
        if seen["n"] == statement:
            raise Killed

    engine = database._write
    event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", count)


@cache
def template() -> Path:
    """An installation of the county, made once; examples start from copies."""
    folder = Path(tempfile.mkdtemp(prefix="money-machine-"))
    url = f"sqlite:///{folder / 'made.db'}"
    migrate.upgrade(url)
    clock = FrozenClock(datetime.fromisoformat(START))
    office = Office(Database(url, clock=clock, vault=Vault(KEY)), load_calendar(ROOT))
    publish(office, resolve(ROOT, "jiangxi").files, "jiangxi")
    county = staffed(office, clock, "6000.00", "jiangxi", ROOT)
    for amount, by in (
        ("800.00", "cash"),
        ("999.99", "cash"),
        ("300.00", "bank"),
        ("0.01", "bank"),
    ):
        paid(county, amount, by=by)
    approved(county, "700.00")
    office.database.close()
    return folder / "made.db"


_calendar = load_calendar(ROOT)
_packages = Office(None, _calendar).packages  # type: ignore[arg-type] - compiled once for all


class MoneyMachine(RuleBasedStateMachine):
    """One county; rules are what people do, invariants what its books owe everybody."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="money-example-"))
        shutil.copy(template(), self.folder / "run.db")
        self.clock = FrozenClock(datetime.fromisoformat(START))
        database = Database(
            f"sqlite:///{self.folder / 'run.db'}", clock=self.clock, vault=Vault(KEY)
        )
        self.office = Office(database, _calendar, _packages)
        with database.read() as unit:
            logins = {row.name: row.login for row in people.users(unit)}
        self.county = County(None, self.office, self.clock, "", "360722", "360722101", logins)  # type: ignore[arg-type]

    def teardown(self) -> None:
        with self.office.database.read() as unit:
            for deed in set(unit.session.scalars(select(EntryRow.deed)).all()):
                note(f"saw {deed}")
        self.close()

    def close(self) -> None:
        """Nothing of the example stays behind."""
        self.office.database.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- what people do -------------------------------------------------------------------

    crashes = st.one_of(st.none(), st.integers(1, MAX_STATEMENTS))
    amounts = st.sampled_from(["0.01", "300.00", "800.00", "999.99", "2500.00"])

    def command(self, crash: int | None, deed: Callable[[str], Any]) -> Any:
        """The deed is done at most once, whatever happens on the way; None when it was refused."""
        key = uuid4().hex
        answer = None
        try:
            with killed_at(self.office.database, crash):
                answer = deed(key)
        except AppError:
            return None
        except Killed:
            try:
                answer = deed(key)
            except AppError:
                return None
        before = self.entries()
        assert deed(key) == answer  # sent again
        assert self.entries() == before
        return answer

    def entries(self) -> int:
        """How many entries all books have."""
        with self.office.database.read() as unit:
            return len(unit.session.scalars(select(EntryRow.id)).all())

    def who(self, name: str) -> Any:
        """The person as the verbs know them."""
        return actor(self.county, name)

    def report(self, crash: int | None) -> None:
        clerk = self.who("丙窗口陈")
        form = intake.door(self.office, clerk).form
        sent = form.parse_json({**REPORT, **somebody(), "channel": "window"})
        self.command(crash, lambda key: intake.report(self.office, clerk, sent, key=key))

    steps = st.lists(
        st.tuples(crashes, st.integers(0, 1000), amounts, st.integers(0, 7)),
        min_size=1,
        max_size=8,
    )

    @rule(steps=steps)
    def work_a_while(self, steps: list[tuple[int | None, int, str, int]]) -> None:
        """Several items are answered one after the other."""
        for crash, pick, amount, choice in steps:
            self.work(crash, pick, amount, choice)

    @rule(steps=steps)
    def relieve(self, steps: list[tuple[int | None, int, str, int]]) -> None:
        """A new case is reported and the newest items are worked upon."""
        self.report(steps[0][0])
        for crash, _, amount, choice in steps:
            self.work(crash, -1, amount, choice)

    @rule(steps=steps)
    def write_off(self, steps: list[tuple[int | None, int, str, int]]) -> None:
        """A month's package is begun and its items are worked upon."""
        self.begin_package(steps[0][0], prove=steps[0][1] % 4 > 0)
        for crash, pick, amount, choice in steps:
            self.work(crash, pick, amount, choice, among=PACKAGE_ITEMS)

    @rule(steps=steps)
    def new_year(self, steps: list[tuple[int | None, int, str, int]]) -> None:
        """It is January of the next year; the reviews are begun and worked upon."""
        january = datetime(self.clock.now().year + 1, 1, 5, 1, tzinfo=self.clock.now().tzinfo)
        if january.year > LAST_YEAR:
            return
        self.clock.set(january)
        reviews.begin_due(self.office)
        for crash, pick, amount, choice in steps:
            self.work(crash, pick, amount, choice, among=REVIEW_ITEMS)

    @rule(steps=steps, outcomes=st.lists(st.booleans(), min_size=1, max_size=6))
    def bank_day(self, steps: list[tuple[int | None, int, str, int]], outcomes: list[bool]) -> None:
        """A batch goes out, its answer comes in, failures are worked upon."""
        self.send(steps[0][0])
        self.answer(steps[-1][0], outcomes)
        for crash, pick, amount, choice in steps[:3]:
            self.work(crash, pick, amount, choice, among=("fix_account",))

    def work(
        self,
        crash: int | None,
        pick: int,
        amount: str,
        choice: int,
        among: tuple[str, ...] = (),
    ) -> None:
        """Somebody answers one of the items that wait, oldest first; -1 is the newest."""
        waiting = [item for item in self.waiting() if not among or item[2] in among]
        if not waiting:
            return
        region, item_id, element, role = waiting[pick % len(waiting)]
        person = self.holder(role, element)
        ref = ItemRef(region, item_id)
        page = item_page(self.office, person, ref)
        filled = Submission({})
        if page.form is not None and page.submission is not None:
            answers = self.answers(element, amount, choice)
            sent = page.form.parse_json(answers).raw
            filled = Submission({**page.submission.raw, **{n: sent[n] for n in answers}})
        self.command(
            crash, lambda key: work_items.complete(self.office, person, ref, filled, key=key)
        )

    def waiting(self) -> list[tuple[str, UUID, str, str]]:
        """Items that wait, of every case."""
        with self.office.database.read() as unit:
            rows = [row for row, _ in item_rows.waiting_forms(unit, "360722")]
        return [(row.region, row.id, row.element_id, row.role) for row in rows]

    def holder(self, role: str, element: str) -> Any:
        names = {
            "township_handler": "丙经办李",
            "township_approver": "丙审批赵",
            "county_handler": "信县办钱",
            "county_approver": "信县审孙",
            "county_finance": "信财政蒋",
        }
        return self.who(names[role])

    def answers(self, element: str, amount: str, choice: int) -> Mapping[str, Any]:
        """What the person writes; wrong things too, which the rules then refuse."""
        at = self.clock.now().isoformat()
        decision = "agree" if choice else "return"
        given: dict[str, Mapping[str, Any]] = {
            "accept": ACCEPT,
            "verify": verify(at, amount),
            "approve_township": APPROVE,
            "approve_county": APPROVE,
            "exhausted": {"resolution": "county_direct" if choice < 3 else "supplement"},
            "county_pay": {
                "county_decision": "approve" if choice else "return",
                "county_fund_no": "县拨1号",
                "opinion": "同意",
            },
            "supplement": {"supplement_amount": "4000.00", "papers": ["vouchers"]},
            "pay": self.slip(at, amount, choice),
            "publish": PUBLISH,
            "eased": {"eased_at": at, "eased_note": "好转"},
            "catchup": {**CATCHUP, "registered_amount": amount},
            "submit": {"handling": "split" if choice % 2 else "all"},
            "civil_review": {"decision": decision, "opinion": "退"},
            "finance_confirm": {"decision": decision, "papers": ["vouchers"], "opinion": "退"},
            "plan_budget": {"planned_amount": "3000.00", "reason": "预计"},
            "finance_budget": {
                "decision": decision,
                "allot_amount": "2000.00",
                "document_no": "财1号",
                "fund_source_code": "county",
                "opinion": "退",
            },
            "civil_budget": {"decision": decision, "opinion": "退"},
            "fix_account": {
                "resolution": "again" if choice else "stop",
                "account_name": "某某",
                "bank_name": "银行",
                "bank_account": account(),
                "explanation": "已去世",
            },
        }
        return given.get(element, {})

    def slip(self, at: str, amount: str, choice: int) -> Mapping[str, Any]:
        """A slip with what the form shows as approved, by bank or in cash."""
        made = transfer(at, amount) if choice % 2 else cash(at, amount)
        return {name: value for name, value in made.items() if name != "cash_amount"}

    @rule(crash=crashes, amount=amounts, source=st.sampled_from(list(Source)))
    def allot(self, crash: int | None, amount: str, source: Source) -> None:
        finance = self.who("信财政蒋")
        book = Fund("360722", "360722101", legal_day(self.clock.now()).year)
        self.command(
            crash,
            lambda key: fund.allot(
                self.office,
                finance,
                book,
                Money.from_yuan(amount),
                source=source,
                document_no="文",
                key=key,
            ),
        )

    @rule(
        crash=crashes,
        amount=amounts,
        pool=st.sampled_from(["county", "city", "charity"]),
        source=st.sampled_from(list(Source)),
    )
    def allot_pool(self, crash: int | None, amount: str, pool: str, source: Source) -> None:
        finance = self.who("信财政蒋")
        self.command(
            crash,
            lambda key: fund.allot_pool(
                self.office,
                finance,
                "360722",
                pool,
                Money.from_yuan(amount),
                source=source,
                document_no="捐",
                key=key,
            ),
        )

    @rule(crash=crashes, amount=amounts, pick=st.integers(0, 100))
    def refund(self, crash: int | None, amount: str, pick: int) -> None:
        with self.office.database.read() as unit:
            numbers = [row.case_no for row in cases.find(unit, region="360722")]
        if not numbers:
            return
        finance, money = self.who("信财政蒋"), Money.from_yuan(amount)
        number = numbers[pick % len(numbers)]
        self.command(
            crash,
            lambda key: fund.refund(
                self.office,
                finance,
                "360722",
                number,
                money,
                reason="多发",
                receipt_no="收1",
                key=key,
            ),
        )

    @rule(crash=crashes, off=st.sampled_from([0, 0, -1, 100]), note=st.sampled_from(["", "待查"]))
    def count(self, crash: int | None, off: int, note: str) -> None:
        clerk = self.who("丙经办李")
        with self.office.database.begin(clerk) as unit:
            book = Fund("360722", "360722101", legal_day(unit.now).year)
            till = deeds.till(ledger.all_balances(unit, book), book)
        counted = Money(max(till.fen + off, 0))
        self.command(
            crash,
            lambda key: fund.stock_take(
                self.office, clerk, "360722", "360722101", counted, note=note, key=key
            ),
        )

    @rule(crash=crashes, prove=st.booleans())
    def begin_package(self, crash: int | None, prove: bool) -> None:
        clerk, today = self.who("丙经办李"), legal_day(self.clock.now())
        with self.office.database.read() as unit:
            found = packages.unsettled(unit, "360722", "360722101", today.year)
        for one in found[:2] if prove else ():
            number = one.slip.voucher_no
            self.command(
                None,
                lambda key, number=number: writeoffs.add_voucher(
                    self.office, clerk, "360722", number, note="单", upload=None, key=key
                ),
            )
        place = ("360722", "360722101", today.year, today.month)
        self.command(crash, lambda key: writeoffs.begin(self.office, clerk, *place, key=key))

    @rule(crash=crashes)
    def send(self, crash: int | None) -> None:
        finance = self.who("信财政蒋")
        self.command(crash, lambda key: transfers.send(self.office, finance, "360722", key=key))

    @rule(crash=crashes, outcomes=st.lists(st.booleans(), min_size=1, max_size=6))
    def answer(self, crash: int | None, outcomes: list[bool]) -> None:
        """The bank answers its newest batch, in part or whole; failures come back."""
        finance = self.who("信财政蒋")
        with self.office.database.read() as unit:
            batches = transfer_rows.batches(unit, "360722")
            if not batches:
                return
            sent = transfer_rows.of_batch(unit, "360722", batches[0].id)
        lines = ["凭证号,金额,结果,失败原因"]
        for row, good in zip(sent, outcomes, strict=False):
            word = "成功" if good else "退回"
            lines.append(f"{row.voucher_no},{row.amount_fen},{word},账号不存在")
        content = "\n".join(lines).encode()
        self.command(
            crash,
            lambda key: transfers.take_answer(
                self.office, finance, "360722", batches[0].id, content, key=key
            ),
        )

    @rule(days=st.sampled_from([0, 1, 3, 12]))
    def later(self, days: int) -> None:
        """Time goes by and the worker does what falls due, reviews of January too."""
        self.clock.set(self.clock.now() + timedelta(days=days, minutes=7))
        timers.fire_due(self.office)
        reviews.begin_due(self.office)

    # -- what always holds ----------------------------------------------------------------

    @invariant()
    def books_are_true(self) -> None:
        with self.office.database.read() as unit:
            assert ledger.imbalances(unit) == []
            rows = unit.session.scalars(select(AccountRow)).all()
            assert [r.kind for r in rows if r.floored and r.balance_fen.fen < 0] == []
            entries = unit.session.scalars(select(EntryRow)).all()
            books = Counter((e.township, e.year) for e in entries)
            highest: dict[tuple[str, int], int] = {}
            for entry in entries:
                book = (entry.township, entry.year)
                highest[book] = max(highest.get(book, 0), entry.number)
            assert highest == dict(books)  # numbered without gaps
            assert all(entry.purpose and entry.source for entry in entries)
            self._lists_equal_the_journal(unit, rows)
            self._payments_are_approved(unit, entries)
            self._closed_cases_are_published(unit)

    def _lists_equal_the_journal(self, unit: Unit, rows: Any) -> None:
        total: Counter[tuple[Kind, int]] = Counter()
        for row in rows:
            total[(Kind(row.kind), row.year)] += row.balance_fen.fen
        years = {row.year for row in rows}
        for year in years:
            book = Fund("360722", "360722101", year)
            listed = packages.payments(unit, "360722", "360722101", year)
            assert sum(one.slip.total_fen.fen for one in listed) == total[(Kind.SPENT, year)]
            done = unit.session.scalars(select(WriteoffRow).where(WriteoffRow.year == year)).all()
            settled = sum(row.settled_fen.fen for row in done)
            assert settled == total[(Kind.WRITTEN_OFF, year)]
            months = sum(amount.fen for _, amount, _ in journal.by_month(unit, book))
            assert months == journal.year_of(unit, book).used.fen
            carried = total[(Kind.CARRIED_OUT, year)]
            assert carried == -total[(Kind.CARRIED_IN, year + 1)]
        held = sum(row.amount.fen for row in journal.held(unit, ["360722"]))
        assert held == sum(total[(kind, year)] for kind in HELD for year in years)
        handed = sum(
            slips.paid_total(unit, "360722", row.id).fen
            for row in cases.find(unit, region="360722")
        )
        assert handed == sum(total[(kind, year)] for kind in SPENT for year in years)
        for review in fund_records.reviews(unit, "360722"):
            assert review.floor_fen.fen * 100 >= review.used_last_year_fen.fen * 40
            assert (review.floor_fen.fen - 1) * 100 < review.used_last_year_fen.fen * 40

    def _payments_are_approved(self, unit: Unit, entries: Any) -> None:
        paying = {Deed.PAY.value, Deed.COUNTY_DIRECT_PAY.value}
        for subject in {entry.subject for entry in entries if entry.deed in paying}:
            items = item_rows.of_case(unit, "360722", UUID(subject))
            said = {one.outcome for one in items if one.properties.get("step") == "approval"}
            assert said & APPROVED, subject

    def _closed_cases_are_published(self, unit: Unit) -> None:
        for case in cases.find(unit, region="360722", statuses=("closed",)):
            direct = unit.session.scalars(
                select(SlipRow.id).where(SlipRow.case_id == case.id, SlipRow.form_of_aid == "cash")
            ).all()
            notices = unit.session.scalars(
                select(NoticeRow.id).where(NoticeRow.case_id == case.id)
            ).all()
            assert not direct or notices


TestMoneyMachine = MoneyMachine.TestCase
TestMoneyMachine.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


def test_a_command_killed_at_every_statement_is_done_once() -> None:
    """Approval with its hold, killed at each of its statements in turn, then sent again."""
    machine = MoneyMachine()
    try:
        machine.report(crash=None)
        for element in ("accept", "verify"):
            machine.work(crash=None, pick=0, amount="800.00", choice=1, among=(element,))
        before = machine.entries()
        [(region, item_id, element, role)] = [
            item for item in machine.waiting() if item[2] == "approve_township"
        ]
        person, ref = machine.holder(role, element), ItemRef(region, item_id)
        form = item_page(machine.office, person, ref).form
        assert form is not None
        sent = form.parse_json(dict(APPROVE))
        for statement in range(1, 400):
            try:
                with killed_at(machine.office.database, statement):
                    work_items.complete(machine.office, person, ref, sent, key="k" * 32)
                break
            except Killed:
                assert machine.entries() == before
        else:
            pytest.fail("never lived")
        assert statement > 20  # it was killed often
        work_items.complete(machine.office, person, ref, sent, key="k" * 32)
        assert machine.entries() == before + 1
        machine.books_are_true()
    finally:
        machine.close()
