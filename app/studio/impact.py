"""What a draft would have changed, in numbers a leader reads: who, how much, on which desk.

Sums are of cases whose amount is known on both sides; the others are counted and named, never
guessed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from app.kernel.money import Money
from app.ledger.entry import Source
from app.studio.replay import Replayed, Side

VERDICTS: Mapping[str, str] = {
    "higher": "增加",
    "lower": "减少",
    "equal": "不变",
    "refused": "不再符合",
    "granted": "新符合",
    "unknown": "无法重算",
}
_CENT = Decimal("0.01")
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One past case, decided again."""

    case_no: str
    township: str  # organ code
    route: str
    on: date  # legal day the case was closed, or reported if it still runs
    asked_on: date  # legal day on which it was asked who decides
    verdict: str  # key of VERDICTS
    before: Side
    after: Side
    note: str = ""  # Chinese


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came into a township's reserve."""

    township: str
    on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class TownshipImpact:
    """What changes for one township."""

    township: str
    cases: int
    before: Money  # relief of its cases
    after: Money
    own_before: Money  # of that, decided by the township itself
    own_after: Money
    out_before: date | None  # day its reserve would not have sufficed; None = it lasts
    out_after: date | None


@dataclass(frozen=True, slots=True)
class Impact:
    """The whole answer of a back-test."""

    cases: int
    counts: Mapping[str, int]  # verdict -> cases
    before: Money
    after: Money
    moved: Mapping[tuple[str, str], int]  # (level before, level after) -> cases
    townships: tuple[TownshipImpact, ...]
    settled: int  # cases whose amount the people had set apart from the table
    problems: Mapping[str, int] = field(default_factory=dict)  # why not -> cases

    @property
    def difference(self) -> Money:
        """After less before."""
        return self.after - self.before

    @property
    def percent(self) -> Decimal | None:
        """The difference in per cent of before, two places; None when there was nothing."""
        if not self.before:
            return None
        share = Decimal(self.difference.fen) * _PERCENT / Decimal(self.before.fen)
        return share.quantize(_CENT, rounding=ROUND_HALF_UP)


def line(
    case_no: str,
    township: str,
    route: str,
    on: date,
    replayed: Replayed,
    asked_on: date | None = None,
) -> Line:
    """The case with its verdict."""
    before, after = replayed.before, replayed.after
    note = "；".join(replayed.problems)
    if replayed.settled:
        note = "；".join(filter(None, (note, "当时按理由另定金额，不随标准变化")))
    verdict = _verdict(replayed)
    return Line(case_no, township, route, on, asked_on or on, verdict, before, after, note)


def _verdict(replayed: Replayed) -> str:
    before, after = replayed.before, replayed.after
    if replayed.problems:
        return "unknown"
    if before.eligible is not False and after.eligible is False:
        return "refused"
    if before.eligible is False and after.eligible is not False:
        return "granted"
    if before.amount is None and after.amount is None:
        return "equal"
    if before.amount is None or after.amount is None:
        return "refused" if after.amount is None else "granted"
    if after.amount == before.amount:
        return "equal"
    return "higher" if before.amount < after.amount else "lower"


def impact(lines: Sequence[Line], receipts: Iterable[Receipt], own_level: str) -> Impact:
    """All lines added up. own_level: the level that spends the township's own money."""
    known = [one for one in lines if one.verdict != "unknown"]
    moved = Counter(
        (one.before.level, one.after.level)
        for one in known
        if one.before.level and one.after.level and one.before.level != one.after.level
    )
    by_township: dict[str, list[Line]] = defaultdict(list)
    for one in known:
        by_township[one.township].append(one)
    incoming: dict[str, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        incoming[receipt.township].append(receipt)
    return Impact(
        cases=len(lines),
        counts={key: sum(one.verdict == key for one in lines) for key in VERDICTS},
        before=_sum(one.before for one in known),
        after=_sum(one.after for one in known),
        moved=dict(sorted(moved.items())),
        townships=tuple(
            _township(code, found, incoming[code], own_level)
            for code, found in sorted(by_township.items())
        ),
        settled=sum("另定金额" in one.note for one in lines),
        problems=dict(Counter(one.note for one in lines if one.verdict == "unknown")),
    )


def sentence(found: Impact) -> str:
    """The one sentence that says it."""
    counts = found.counts
    parts = [f"{counts['lower']} 件减少，{counts['higher']} 件增加，{counts['equal']} 件不变"]
    parts += [
        f"{counts[key]} 件{VERDICTS[key]}"
        for key in ("refused", "granted", "unknown")
        if counts[key]
    ]
    sign = "+" if found.difference.fen >= 0 else ""
    share = "" if found.percent is None else f"（{sign}{found.percent}%）"
    money = f"{found.before} 元 → {found.after} 元，{sign}{found.difference} 元{share}"
    return f"{found.cases} 件个案重算：{'，'.join(parts)}；合计 {money}。"


def _township(
    code: str, lines: Sequence[Line], receipts: Sequence[Receipt], own_level: str
) -> TownshipImpact:
    return TownshipImpact(
        township=code,
        cases=len(lines),
        before=_sum(one.before for one in lines),
        after=_sum(one.after for one in lines),
        own_before=_sum(one.before for one in lines if one.before.level == own_level),
        own_after=_sum(one.after for one in lines if one.after.level == own_level),
        out_before=_runs_out(receipts, [(one.on, one.before) for one in lines]),
        out_after=_runs_out(receipts, [(one.on, one.after) for one in lines]),
    )


def _sum(sides: Iterable[Side]) -> Money:
    return sum((one.amount or Money.zero() for one in sides), Money.zero())


def _runs_out(receipts: Sequence[Receipt], spent: Sequence[tuple[date, Side]]) -> date | None:
    """The day on which the reserve's receipts so far no longer cover what was paid from it."""
    moves = [(one.on, 0, one.amount.fen) for one in receipts]
    moves += [
        (on, 1, -side.amount.fen)
        for on, side in spent
        if side.source == Source.RESERVE and side.amount is not None
    ]
    balance = 0
    for on, _, fen in sorted(moves):
        balance += fen
        if balance < 0:
            return on
    return None
