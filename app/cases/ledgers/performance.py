"""绩效评价表: the indicators the documents support, each with its two numbers and its meaning.

Which limits there are is the locality's own; an indicator without anything to count says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.cases.ledgers.books import reserve_book
from app.cases.ledgers.limits import timeliness
from app.cases.ledgers.payments import paid_in
from app.cases.ledgers.reading import Reading, Row, Value, percent
from app.kernel.money import Money
from app.store import registers

NONE = "没有可计算的件"


def performance(reading: Reading) -> Iterator[Row]:
    """One line per indicator over the cases of the period."""
    yield from _in_time(reading)
    yield from _reported(reading)
    yield from _published(reading)
    yield from _money(reading)


def _in_time(reading: Reading) -> Iterator[Row]:
    """Per limit: the share kept, over all townships."""
    sums: dict[str, list[int]] = {}
    for row in timeliness(reading):
        kept, judged = int(str(row["on_time"])), sums.setdefault(str(row["limit"]), [0, 0])
        judged[0] += kept
        judged[1] += kept + int(str(row["late"])) + int(str(row["late_open"]))
    for name, (kept, whole) in sorted(sums.items()):
        meaning = "按时办结的件数 ÷（按时办结、超期办结和超期未办的件数）"
        yield _share(f"{name}按时率", kept, whole, meaning)


def _reported(reading: Reading) -> Iterator[Row]:
    """The share that was found rather than applied for, and that was helped."""
    rows = registers.cases_in(reading.unit, reading.span())
    channels = reading.codes("channels")
    found = [row for row in rows if row.channel in channels]
    if channels:
        yield _share("主动发现占比", len(found), len(rows), "经主动发现渠道报告的件数 ÷ 全部件数")
    over = [row for row in rows if row.closed_at is not None]
    helped = [row for row in over if row.outcome == "relieved"]
    yield _share("办结件中已救助占比", len(helped), len(over), "已救助的件数 ÷ 办结的件数")


def _published(reading: Reading) -> Iterator[Row]:
    """The share of the relieved cases that were published, and the objections met."""
    rows = registers.cases_in(reading.unit, reading.span())
    helped = {row.id for row in rows if row.outcome == "relieved"}
    posted = registers.notices_in(reading.unit, reading.span())
    shown = helped & {row.case_id for row in posted}
    yield _share("发放情况公布率", len(shown), len(helped), "已公布的救助件数 ÷ 已救助并办结的件数")
    said = sum(registers.objections_to(reading.unit, posted).values())
    yield _number("公示异议", said, "件", "期内张贴的公示收到的异议")


def _money(reading: Reading) -> Iterator[Row]:
    """How much was given, on average and out of the reserve."""
    found = paid_in(reading)
    total = Money(sum(one.amount.fen for one in found))
    cases = len({one.case.id for one in found})
    yield _number("发放总额", str(total), "元", "期内全部发放单合计")
    average = total.times(Decimal(1) / cases, "ROUND_HALF_UP") if cases else None
    yield {
        "indicator": "件均救助金额",
        "value": str(average) if average is not None else NONE,
        "unit": "元",
        "part": str(total),
        "whole": cases,
        "meaning": "发放总额 ÷ 得到救助的件数",
    }
    books = list(reserve_book(reading))
    spent = sum((one for one in _amounts(books, "spent")), Money.zero())
    left = sum((one for one in _amounts(books, "balance")), Money.zero())
    yield _share(
        "备用金使用率", spent.fen, (spent + left).fen, "已支出 ÷（已支出＋账面余额）", Money
    )


def _amounts(rows: list[Row], key: str) -> Iterator[Money]:
    for row in rows:
        value = row[key]
        assert isinstance(value, Money)
        yield value


def _share(
    name: str, part: int, whole: int, meaning: str, unit: type[Money] | type[int] = int
) -> Row:
    share = percent(part, whole)
    return {
        "indicator": name,
        "value": str(share) if share is not None else NONE,
        "unit": "%",
        "part": str(unit(part)),
        "whole": str(unit(whole)),
        "meaning": meaning,
    }


def _number(name: str, value: Value, unit: str, meaning: str) -> Row:
    return {
        "indicator": name,
        "value": str(value),
        "unit": unit,
        "part": "",
        "whole": "",
        "meaning": meaning,
    }
