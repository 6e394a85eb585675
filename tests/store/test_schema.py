"""Guards facts of the whole schema: county first, names mapped, one commit, nothing naive."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import CheckConstraint, DateTime, Float, LargeBinary, Numeric, UniqueConstraint

from app.store import schema
from app.store.base import Base
from app.store.constraints import DOMAIN_ERRORS
from app.store.types import UtcDateTime

APP = Path(__file__).resolve().parents[2] / "app"

REFERENCE = {  # small tables that every shard would copy
    "organs", "users", "memberships", "sessions",
    "blobs", "deployments", "deployment_files", "publications",
    "drafts", "draft_files", "draft_hands", "backtests", "backtest_pieces",
}  # fmt: skip
WORKERS_INDEXES = {  # the system's own walk over all counties of one shard
    "ix_timers_due", "ix_outbox_due", "ix_deadlines_provisional", "ix_process_instances_deployment",
    "ix_work_items_assignee",
    "ix_absences_deputy",  # asked at each request, by person
    "ix_absences_user", "ix_messages_user",
}  # fmt: skip
SHARDED = [table for table in schema.metadata.sorted_tables if table.name not in REFERENCE]


def test_county_code_leads_every_key() -> None:
    for table in SHARDED:
        assert next(iter(table.primary_key.columns)).name == "region", table.name
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint):
                assert next(iter(constraint.columns)).name == "region", constraint.name
        for key in table.foreign_key_constraints:
            assert key.column_keys[0] == "region", key.name
        for index in table.indexes:
            first = next(iter(index.columns)).name
            assert first == "region" or index.name in WORKERS_INDEXES, index.name


def test_every_row_class_is_named_row_and_listed() -> None:
    names = [mapper.class_.__name__ for mapper in Base.registry.mappers]
    assert all(name.endswith("Row") for name in names)
    modules = {mapper.class_.__module__ for mapper in Base.registry.mappers}
    assert modules == {module.__name__ for module in schema.MODULES}


def test_every_constraint_name_has_its_domain_error_and_the_reverse() -> None:
    named = {
        str(constraint.name)
        for table in schema.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint | CheckConstraint)
    }
    keys = {str(table.primary_key.name) for table in schema.metadata.tables.values()}
    mapped = set(DOMAIN_ERRORS) - {"append_only"}
    assert named <= mapped
    assert mapped <= named | keys


def test_no_naive_instant_no_float_no_vendor_type() -> None:
    for table in schema.metadata.tables.values():
        for column in table.columns:
            kind = column.type
            assert not isinstance(kind, Float | Numeric), column
            assert not isinstance(kind, DateTime) or isinstance(kind, UtcDateTime), column
            assert column.name.endswith("_at") != (not isinstance(kind, UtcDateTime)) or (
                column.name in {"at", "since", "effective_from", "locked_until"}
            ), column


def test_sealed_columns_are_bytes_and_bytes_are_sealed() -> None:
    # models; routing facts only
    plain = {"blobs.content", "process_instances.state", "step_states.state"}
    for table in schema.metadata.tables.values():
        for column in table.columns:
            is_bytes = isinstance(column.type, LargeBinary)
            assert column.name.endswith("_sealed") == is_bytes or str(column) in plain, column


def test_there_is_one_commit_in_the_product() -> None:
    found = [
        (path.relative_to(APP).as_posix(), number)
        for path in APP.rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(r"\.commit\(", line)
    ]
    assert [path for path, _ in found] == ["store/session.py"]
