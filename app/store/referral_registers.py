"""Rows for the ledgers of referrals and of errors found in the work."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from app.store.cases import CaseRow
from app.store.referrals import ReferralRow
from app.store.registers import Span, pairs
from app.store.session import Unit
from app.store.work_items import WorkItemRow


def referrals_in(unit: Unit, span: Span) -> list[tuple[ReferralRow, CaseRow]]:
    """The referrals sent in the span, with their cases, oldest first."""
    query = (
        select(ReferralRow, CaseRow)
        .join(CaseRow, (CaseRow.region == ReferralRow.region) & (CaseRow.id == ReferralRow.case_id))
        .where(*span.holds(CaseRow.region, CaseRow.township, ReferralRow.sent_at))
        .order_by(ReferralRow.sent_at, ReferralRow.referral_no)
    )
    return [(referral, case) for referral, case in pairs(unit, query)]


def items_of_forms(
    unit: Unit, span: Span, form_ids: Collection[str]
) -> list[tuple[WorkItemRow, CaseRow]]:
    """The work items opened in the span that ask one of those forms, with their cases."""
    query = (
        select(WorkItemRow, CaseRow)
        .join(CaseRow, (CaseRow.region == WorkItemRow.region) & (CaseRow.id == WorkItemRow.case_id))
        .where(
            WorkItemRow.form_id.in_(form_ids),
            *span.holds(CaseRow.region, CaseRow.township, WorkItemRow.opened_at),
        )
        .order_by(WorkItemRow.opened_at, WorkItemRow.id)
    )
    return [(item, case) for item, case in pairs(unit, query)]
