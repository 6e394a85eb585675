"""Database refusals in the reader's words: one table from constraint name to domain error.

PostgreSQL names the constraint; SQLite names the columns, from which the name is found again.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import Table, UniqueConstraint
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from app.kernel.errors import AppError, Refused, Stale
from app.store.base import Base

SERIALIZATION_STATES = frozenset({"40001", "40P01"})  # serialisation failure, deadlock
LOCK_STATES = frozenset({"55P03"})  # lock not available in time
TOO_SLOW = "57014"  # statement time-out: trying again at once would only be slow again

UNSTORABLE = (DataError, UnicodeEncodeError, OverflowError)
"""Too long, a NUL, half a surrogate pair, a number beyond 64 bits."""

DATABASE_ERRORS = (SQLAlchemyError, UnicodeEncodeError, OverflowError)
"""What a session may raise because of what it was given or met."""

_SQLITE_COLUMNS = re.compile(r"UNIQUE constraint failed: (.+)$")
_SQLITE_INDEX = re.compile(r"UNIQUE constraint failed: index '(.+)'$")
_SQLITE_CHECK = re.compile(r"CHECK constraint failed: (\w+)")
_APPEND_ONLY = "append-only"


def _refused(code: str, message: str) -> Callable[[str], AppError]:
    return lambda name: Refused(code, message, constraint=name)


def _stale(code: str, message: str) -> Callable[[str], AppError]:
    return lambda name: Stale(code, message, constraint=name)


_FASTER = "另一人刚刚办理了同一事项，请刷新后再看。"

DOMAIN_ERRORS: dict[str, Callable[[str], AppError]] = {
    "pk_commands": _stale("command_running", "同一请求正在处理，请稍候刷新。"),
    "uq_users_login": _refused("login_taken", "该登录名已被使用，请换一个登录名。"),
    "pk_memberships": _refused("already_member", "该人员在该单位已有此角色，不必重复添加。"),
    "uq_cases_region_case_no": _stale("case_no_taken", _FASTER),
    "uq_handovers_seq": _stale("handover_exists", _FASTER),
    "uq_work_items_token": _stale("item_exists", _FASTER),
    "uq_deadlines_key": _stale("deadline_exists", _FASTER),
    "uq_outbox_key": _refused("already_queued", "同一事项已在发送队列中，不会重复发送。"),
    "uq_accounts_name": _stale("account_opened", _FASTER),
    "uq_entries_number": _stale("entry_number_taken", _FASTER),
    "uq_entries_key": _refused(
        "already_posted", "该笔款项已经记账，不能重复记账；请查看备用金明细。"
    ),
    "uq_repeats_pair": _stale("repeat_found", _FASTER),
    "uq_slips_voucher_no": _refused("voucher_taken", "该凭证号已登记，请核对凭证号后重新填写。"),
    "uq_letters_letter_no": _stale("letter_no_taken", _FASTER),
    "uq_meetings_meeting_no": _stale("meeting_no_taken", _FASTER),
    "uq_meetings_round": _stale("meeting_convened", _FASTER),
    "pk_ballots": _refused("already_voted", "您对这一议题已经表决，一人一票，不能再投或改投。"),
    "ck_accounts_floor": _refused(
        "fund_exhausted", "余额不足，账户不能为负；请改由县级支付或申请追加。"
    ),
    "uq_writeoffs_package_no": _stale("package_no_taken", _FASTER),
    "uq_referrals_referral_no": _stale("referral_no_taken", _FASTER),
    "pk_settled_slips": _refused(
        "slip_settled", "其中有一笔已经销账，不能重复销账，请刷新后再看。"
    ),
    "pk_slip_voids": _stale("slip_voided", _FASTER),
    "uq_transfers_slip": _refused("transfer_ordered", "这张发放单已在代发名单中，不会重复代发。"),
    "uq_transfer_batches_batch_no": _stale("batch_no_taken", _FASTER),
    "uq_transfer_results_file": _stale("result_imported", "这份回单文件已经导入过。"),
    "uq_reserve_reviews_year": _refused("year_reviewed", "该乡镇（街道）本年度备用金已经核定。"),
    "uq_case_bars_user": _stale("already_barred", _FASTER),
    "uq_pilots_pilot_no": _stale("pilot_no_taken", _FASTER),
    "append_only": _refused("append_only", "该记录只能追加，不能修改或删除。"),
}


def domain_error(error: Exception) -> AppError | None:
    """The domain error that a database error stands for, None when it is nobody's fault but ours.

    `facts` carry the constraint's name; lock time-outs answer `Stale("busy")`.
    """
    if isinstance(error, StaleDataError):
        return Stale("faster", _FASTER)
    if is_contention(error) or _state(error) == TOO_SLOW:
        return Stale("busy", "系统繁忙，同一事项正由他人办理，请稍后重试。")
    if isinstance(error, UNSTORABLE):
        return Refused("bad_value", "填写的内容过长，或含有无法保存的字符，请修改后重新提交。")
    if isinstance(error, DBAPIError) and _APPEND_ONLY in str(error.orig):
        return DOMAIN_ERRORS["append_only"]("append_only")
    if isinstance(error, IntegrityError):
        name = constraint_name(error)
        if name in DOMAIN_ERRORS:
            return DOMAIN_ERRORS[name](name)
    return None


def constraint_name(error: IntegrityError) -> str:
    """The name of the violated constraint, "" when the database does not tell."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name or "")
    text = str(error.orig)
    if found := _SQLITE_INDEX.search(text):
        return found[1]
    if found := _SQLITE_CHECK.search(text):
        return found[1]
    if found := _SQLITE_COLUMNS.search(text):
        return _name_of([part.strip() for part in found[1].split(",")])
    return ""


def is_contention(error: BaseException) -> bool:
    """True when another transaction stood in the way and the same command may be tried again."""
    if not isinstance(error, DBAPIError):
        return False
    if _state(error) in SERIALIZATION_STATES | LOCK_STATES:
        return True
    return "database is locked" in str(error.orig) or "table is locked" in str(error.orig)


def is_lost_connection(error: BaseException) -> bool:
    """True when the database went away; whether the last commit arrived is then unknown."""
    return isinstance(error, DBAPIError) and bool(error.connection_invalidated)


def _state(error: BaseException) -> str:
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")


def _name_of(columns: list[str]) -> str:
    table_name = columns[0].partition(".")[0]
    names = {column.partition(".")[2] for column in columns}
    table = Base.metadata.tables.get(table_name)
    return "" if table is None else _matching(table, names)


def _matching(table: Table, names: set[str]) -> str:
    if {column.name for column in table.primary_key.columns} == names:
        return str(table.primary_key.name)
    for constraint in table.constraints:
        if (
            isinstance(constraint, UniqueConstraint)
            and {column.name for column in constraint.columns} == names
        ):
            return str(constraint.name)
    for index in table.indexes:
        if index.unique and {column.name for column in index.columns} == names:
            return str(index.name)
    return ""
