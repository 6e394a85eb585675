"""Ledgers and reports: declared queries read whole, filtered, masked, and exported on record.

A ledger of another room plugs in with four lines: its columns in `app.form.ledger_columns`, its
rows as a function here, its file `forms/<locality>/<id>.ledger.toml`, its place in `ROWS`.
"""

from collections.abc import Callable, Iterable, Mapping

from app.cases.ledgers.books import reserve_book, reserve_journal, reserve_reviews, writeoffs
from app.cases.ledgers.households import repeats, visits_made
from app.cases.ledgers.limits import limits, timeliness
from app.cases.ledgers.meetings import meetings
from app.cases.ledgers.payments import handed_over, payments, payments_by_month, standards
from app.cases.ledgers.performance import performance
from app.cases.ledgers.publicity import notices
from app.cases.ledgers.reading import Reading, Row
from app.cases.ledgers.referrals import error_cases, referrals
from app.cases.ledgers.relief import discovery, relief, reports
from app.cases.ledgers.supervised import supervised

ROWS: Mapping[str, Callable[[Reading], Iterable[Row]]] = {
    "relief": relief,
    "payments": payments,
    "handed_over": handed_over,
    "payments_by_month": payments_by_month,
    "reserve_journal": reserve_journal,
    "reserve_book": reserve_book,
    "writeoffs": writeoffs,
    "reserve_reviews": reserve_reviews,
    "visits": visits_made,
    "referrals": referrals,
    "error_cases": error_cases,
    "supervised": supervised,
    "repeats": repeats,
    "notices": notices,
    "reports": reports,
    "meetings": meetings,
    "limits": limits,
    "timeliness": timeliness,
    "discovery": discovery,
    "standards": standards,
    "performance": performance,
}
"""Name of a query (ledger_columns.QUERIES) -> its rows."""
