"""What people do with relief money outside any case: put in, count, take back what was returned."""

from __future__ import annotations

from typing import Any

from app.cases import access
from app.cases.office import Office
from app.kernel.clock import legal_day
from app.kernel.errors import NotFound, Refused
from app.kernel.money import Money
from app.ledger import fund as deeds
from app.ledger import pools
from app.ledger.accounts import Fund, Kind
from app.ledger.entry import Deed, Entry, Source, Warrant
from app.ledger.entry import reverse as reversed_entry
from app.ledger.pools import POOLS
from app.store import cases, fund_records, journal, ledger, messages, people, writeoffs
from app.store.cases import CaseRow
from app.store.session import Actor, Unit

PURPOSE = "reserve"  # money on its way into a fund has no other use yet
_REVERSIBLE = frozenset({Deed.ALLOT, Deed.SUPPLEMENT})
MAX_TEXT = 100  # characters of a document or receipt number


def allot(
    office: Office,
    actor: Actor,
    fund: Fund,
    amount: Money,
    *,
    source: Source,
    document_no: str,
    key: str,
) -> dict[str, Any]:
    """The reserve has grown by money raised or sent down; the document number is booked.

    Source: S1 三(五).  Raises: Forbidden; Refused("bad_amount" | "bad_source").
    """
    if actor.kind != "system":
        access.require_role(actor, "county_finance")

    def body(unit: Unit) -> dict[str, Any]:
        warrant = Warrant(key=f"allot:{key}", purpose=PURPOSE, memo=f"拨入备用金 {document_no}")
        entry = deeds.allot(ledger.balances(unit, fund), fund, amount, warrant, source=source)
        row = ledger.post(unit, entry)
        facts = {"township": fund.township, "amount": str(amount), "document_no": document_no}
        unit.audit(fund.region, None, "fund.allotted", ("entry", row.id), facts)
        return {"number": row.number}

    return office.database.run(actor, "fund.allot", key, body, region=fund.region)


def allot_pool(
    office: Office,
    actor: Actor,
    region: str,
    pool_code: str,
    amount: Money,
    *,
    source: Source,
    document_no: str,
    key: str,
) -> dict[str, Any]:
    """The county's, the city's or charity's money has grown; the paper is booked.

    Source: NA5 多方筹集临时救助资金.  Raises: Forbidden; Refused("bad_amount" | "bad_source").
    """
    access.require_role(actor, "county_finance")
    if pool_code not in POOLS:
        raise Refused("bad_pool", "请选择资金。", pool=pool_code)
    pool = POOLS[pool_code]

    def body(unit: Unit) -> dict[str, Any]:
        fund = Fund(region, "", legal_day(unit.now).year)
        warrant = Warrant(
            key=f"allot:{key}", purpose=PURPOSE, memo=f"{pool.label}到账 {document_no}"
        )
        row = ledger.post(unit, pools.allot(fund, pool, amount, warrant, source=source))
        facts = {"pool": pool_code, "amount": str(amount), "document_no": document_no}
        unit.audit(region, None, "fund.allotted", ("entry", row.id), facts)
        return {"number": row.number}

    return office.database.run(actor, "fund.allot_pool", key, body, region=region)


def supplement(
    office: Office,
    actor: Actor,
    region: str,
    package_no: str,
    amount: Money,
    *,
    key: str,
) -> dict[str, Any]:
    """The county has added to the reserve of the package's township, against that package.

    Source: 赣民字〔2020〕2号 二(三) 提前用完，应及时上报销账…可再酌情追加备用金.
    Raises: Forbidden; NotFound without such a package; Refused("bad_amount").
    """
    access.require_role(actor, "county_finance")

    def body(unit: Unit) -> dict[str, Any]:
        township = writeoffs.get(unit, region, package_no).township
        fund = Fund(region, township, legal_day(unit.now).year)
        memo = f"追加备用金，销账材料 {package_no}"
        warrant = Warrant(key=f"supplement:{key}", purpose=PURPOSE, memo=memo)
        entry = deeds.supplement(ledger.balances(unit, fund), fund, amount, warrant)
        row = ledger.post(unit, entry)
        facts = {"township": township, "amount": str(amount), "package_no": package_no}
        unit.audit(region, None, "fund.supplemented", ("entry", row.id), facts)
        return {"number": row.number}

    return office.database.run(actor, "fund.supplement", key, body, region=region)


def reverse(
    office: Office, actor: Actor, book: Fund, number: int, *, reason: str, key: str
) -> dict[str, Any]:
    """A mistaken allotment or supplement is undone by an entry against it; both stay in the book.

    What concerns a case is undone by its process, never here.
    Raises: Forbidden; NotFound; Refused("not_reversible" | "already_posted" | "fund_exhausted").
    """
    access.require_role(actor, "county_finance")
    if not reason.strip():
        raise Refused("no_reason", "请写明冲正的原因。")

    def body(unit: Unit) -> dict[str, Any]:
        entry = journal.numbered(unit, book, number)
        if entry.deed not in _REVERSIBLE or entry.warrant.subject:
            raise Refused("not_reversible", "只有记错的拨入和追加可以冲正；个案的款项由个案办理。")
        memo = f"冲正第 {number} 号：{reason.strip()[:MAX_TEXT]}"
        warrant = Warrant(
            key=f"reverse:{book.township}:{book.year}:{number}", purpose=PURPOSE, memo=memo
        )
        row = ledger.post(unit, reversed_entry(entry, warrant))
        facts = {"township": book.township, "reversed": number, "reason": reason}
        unit.audit(book.region, None, "fund.reversed", ("entry", row.id), facts)
        return {"number": row.number}

    return office.database.run(actor, "fund.reverse", key, body, region=book.region)


def stock_take(
    office: Office,
    actor: Actor,
    region: str,
    township: str,
    counted: Money,
    *,
    note: str = "",
    key: str,
) -> dict[str, Any]:
    """The book says what was counted today, and by how much that differs from its own figure.

    A difference changes no balance and blocks nothing: it is named in the book, shown until a
    later count agrees, and told to the county's finance.
    Raises: Forbidden; Refused("stock_take_differs") when a difference has no note yet.
    """
    access.require_role(actor, "township_handler", "township_approver", "county_finance")

    def body(unit: Unit) -> dict[str, Any]:
        today = legal_day(unit.now)
        fund = Fund(region, township, today.year)
        balances = ledger.all_balances(unit, fund)
        expected = deeds.till(balances, fund)
        entry = deeds.stock_take(
            balances, fund, counted, Warrant(key=f"stock:{key}", purpose="stock_take")
        )
        difference = counted - expected
        if difference and not note.strip():
            raise _differs(expected, counted)
        ledger.post(unit, entry)
        row = fund_records.add_stock_take(
            unit,
            region,
            township=township,
            year=today.year,
            month=today.month,
            expected=expected,
            counted=counted,
            note=note.strip(),
            entry_key=entry.warrant.key,
        )
        facts = {"township": township, "counted": str(counted), "difference": str(difference)}
        unit.audit(region, None, "fund.counted", ("stock_take", row.id), facts)
        if difference:
            _tell_finance(unit, region, township, expected, counted)
        return {"difference": str(difference)}

    return office.database.run(actor, "fund.stock_take", key, body, region=region)


def _differs(expected: Money, counted: Money) -> Refused:
    return Refused(
        "stock_take_differs",
        f"账面 {expected} 元，盘点 {counted} 元，相差 {counted - expected} 元。"
        "核对无误的，写明已知的原因（不明写“原因待查”）后再记入；不得改账面数。",
        expected=expected,
        counted=counted,
        difference=counted - expected,
    )


def _tell_finance(unit: Unit, region: str, township: str, expected: Money, counted: Money) -> None:
    organ = people.organ(unit, township)
    name = organ.name if organ else township
    text = f"{name}备用金盘点不符：账面 {expected} 元，盘点 {counted} 元，请核查。"
    for finance in people.organs(unit, region):
        if people.holders(unit, "county_finance", finance.code):
            messages.tell_role(unit, region, "county_finance", finance.code, "stock_take", text)


def refund(
    office: Office,
    actor: Actor,
    region: str,
    case_no: str,
    amount: Money,
    *,
    reason: str,
    receipt_no: str,
    key: str,
) -> dict[str, Any]:
    """A recipient's money is back in the fund that had paid (退款).

    The entry names the case, so that no case gives back more than it received.
    Raises: Forbidden; NotFound; Refused("refund_too_large" | "no_receipt").
    """
    access.require_role(actor, "county_finance", "township_handler")
    if not reason.strip() or not receipt_no.strip():
        raise Refused("no_receipt", "请写明退款原因和收据号。")

    def body(unit: Unit) -> dict[str, Any]:
        case = _case(unit, actor, region, case_no)
        memo = f"{case.case_no} 退款 {receipt_no[:MAX_TEXT]}：{reason[:MAX_TEXT]}"
        warrant = Warrant(key=f"refund:{key}", purpose="refund", memo=memo, subject=str(case.id))
        row = ledger.post(unit, _refund_entry(unit, case, amount, warrant))
        facts = {"amount": str(amount), "receipt_no": receipt_no, "reason": reason}
        unit.audit(region, case.id, "fund.refunded", ("entry", row.id), facts)
        return {"number": row.number}

    return office.database.run(actor, "fund.refund", key, body, region=region)


def _case(unit: Unit, actor: Actor, region: str, case_no: str) -> CaseRow:
    found = cases.find(unit, region=region, case_no=case_no.strip())
    if not found:
        raise NotFound("no_case", f"没有案件“{case_no}”，请核对案件编号。")
    [case] = found
    if not actor.holds("county_finance"):
        access.require_case(unit, actor, case)
    return case


def _refund_entry(unit: Unit, case: CaseRow, amount: Money, warrant: Warrant) -> Entry:
    """Back to where the case was paid from: the reserve, or the pool that paid most."""
    fund = Fund(case.region, case.township, legal_day(unit.now).year)
    ledger.balances(unit, fund)  # locks the fund: two refunds at once wait for each other
    rest = journal.returnable(unit, case.region, case.id)
    kind, returnable = max(rest.items(), key=lambda one: one[1], default=(Kind.SPENT, Money.zero()))
    by_kind = {pool.spent: pool for pool in POOLS.values()}
    if kind in by_kind:
        return pools.refund(fund, by_kind[kind], amount, warrant, returnable=returnable)
    return deeds.refund({}, fund, amount, warrant, returnable=returnable)
