"""Create the papers of money: matters, stock-takes, reviews, write-offs, bank transfers."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_16"
down_revision = "20261122_15"
branch_labels = None
depends_on = None

TABLES = (
    "stock_takes",
    "reserve_reviews",
    "slip_voids",
    "writeoffs",
    "writeoff_lines",
    "settled_slips",
    "vouchers",
    "transfer_batches",
    "transfers",
    "transfer_results",
)
APPEND_ONLY = (
    "slip_voids",
    "settled_slips",
    "vouchers",
    "stock_takes",
    "reserve_reviews",
    "transfer_results",
    "writeoff_lines",
)


def upgrade() -> None:
    """The tables exist; what is a record can not be changed; every old case is one of relief."""
    op.add_column(
        "cases",
        sa.Column("kind", sa.String(length=64), nullable=False, server_default="relief"),
    )
    _records()
    _writeoffs()
    _transfers()
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
                f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )


def _records() -> None:
    op.create_table(
        "stock_takes",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("township", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("expected_fen", sa.BigInteger(), nullable=False),
        sa.Column("counted_fen", sa.BigInteger(), nullable=False),
        sa.Column("difference_fen", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entry_key", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_stock_takes"),
    )
    op.create_index("ix_stock_takes_fund", "stock_takes", ["region", "township", "year", "at"])
    op.create_table(
        "reserve_reviews",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("township", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("used_last_year_fen", sa.BigInteger(), nullable=False),
        sa.Column("ratio", sa.String(length=40), nullable=False),
        sa.Column("floor_fen", sa.BigInteger(), nullable=False),
        sa.Column("input_last_year_fen", sa.BigInteger(), nullable=False),
        sa.Column("planned_fen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_no", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_reserve_reviews"),
        sa.UniqueConstraint("region", "township", "year", name="uq_reserve_reviews_year"),
    )


def _writeoffs() -> None:
    op.create_table(
        "slip_voids",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("slip_id", sa.Uuid(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "slip_id"],
            ["slips.region", "slips.id"],
            name="fk_slip_voids_slips",
        ),
        sa.PrimaryKeyConstraint("region", "slip_id", name="pk_slip_voids"),
    )
    op.create_table(
        "writeoffs",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("package_no", sa.String(length=64), nullable=False),
        sa.Column("township", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("summary_year", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=400), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("settled_fen", sa.BigInteger(), nullable=False),
        sa.Column("left_fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_writeoffs"),
        sa.UniqueConstraint("region", "package_no", name="uq_writeoffs_package_no"),
    )
    op.create_index("ix_writeoffs_township", "writeoffs", ["region", "township", "year"])
    op.create_table(
        "writeoff_lines",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("writeoff_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("slip_id", sa.Uuid(), nullable=False),
        sa.Column("voucher_no", sa.String(length=64), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "writeoff_id"],
            ["writeoffs.region", "writeoffs.id"],
            name="fk_lines_package",
        ),
        sa.PrimaryKeyConstraint("region", "writeoff_id", "seq", name="pk_writeoff_lines"),
    )
    op.create_index("ix_writeoff_lines_slip", "writeoff_lines", ["region", "slip_id"])
    op.create_table(
        "settled_slips",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("slip_id", sa.Uuid(), nullable=False),
        sa.Column("writeoff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "slip_id", name="pk_settled_slips"),
    )
    op.create_table(
        "vouchers",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slip_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "slip_id"],
            ["slips.region", "slips.id"],
            name="fk_vouchers_slips",
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_vouchers"),
    )
    op.create_index("ix_vouchers_slip", "vouchers", ["region", "slip_id"])


def _transfers() -> None:
    op.create_table(
        "transfer_batches",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_no", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_by_name", sa.String(length=400), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("deployment_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_transfer_batches"),
        sa.UniqueConstraint("region", "batch_no", name="uq_transfer_batches_batch_no"),
    )
    op.create_table(
        "transfers",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("slip_id", sa.Uuid(), nullable=False),
        sa.Column("township", sa.String(length=64), nullable=False),
        sa.Column("voucher_no", sa.String(length=64), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("payee_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("entry_key", sa.String(length=400), nullable=False),
        sa.Column("pool", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"],
            ["cases.region", "cases.id"],
            name="fk_transfers_cases",
        ),
        sa.ForeignKeyConstraint(
            ["region", "slip_id"],
            ["slips.region", "slips.id"],
            name="fk_transfers_slips",
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_transfers"),
        sa.UniqueConstraint("region", "slip_id", name="uq_transfers_slip"),
    )
    op.create_index("ix_transfers_status", "transfers", ["region", "status", "ordered_at"])
    op.create_index("ix_transfers_batch", "transfers", ["region", "batch_id"])
    op.create_table(
        "transfer_results",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.Column("paid", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "batch_id"],
            ["transfer_batches.region", "transfer_batches.id"],
            name="fk_transfer_results_batches",
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_transfer_results"),
        sa.UniqueConstraint("region", "batch_id", "sha256", name="uq_transfer_results_file"),
    )


def downgrade() -> None:
    """The tables and the column are gone."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("cases", "kind")
