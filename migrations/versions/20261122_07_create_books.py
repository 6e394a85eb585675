"""Create books."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_07"
down_revision = "20261122_06"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables exist."""
    op.create_table(
        "accounts",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("township", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("floored", sa.Boolean(), nullable=False),
        sa.Column("balance_fen", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("NOT floored OR balance_fen >= 0", name=op.f("ck_accounts_floor")),
        sa.PrimaryKeyConstraint("region", "id", name="pk_accounts"),
        sa.UniqueConstraint(
            "region", "township", "year", "kind", "subject", name="uq_accounts_name"
        ),
    )
    op.create_table(
        "entries",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("township", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("deed", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_entries"),
        sa.UniqueConstraint("region", "key", name="uq_entries_key"),
        sa.UniqueConstraint("region", "township", "year", "number", name="uq_entries_number"),
    )
    op.create_index("ix_entries_subject", "entries", ["region", "subject"])
    op.create_table(
        "postings",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("balance_after_fen", sa.BigInteger(), nullable=False),
        sa.Column("asserted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "account_id"],
            ["accounts.region", "accounts.id"],
            name="fk_postings_accounts",
        ),
        sa.ForeignKeyConstraint(
            ["region", "entry_id"], ["entries.region", "entries.id"], name="fk_postings_entries"
        ),
        sa.PrimaryKeyConstraint("region", "entry_id", "seq", name="pk_postings"),
    )
    op.create_index("ix_postings_account", "postings", ["region", "account_id"])
    op.create_table(
        "slips",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("township", sa.String(length=64), nullable=False),
        sa.Column("voucher_no", sa.String(length=64), nullable=False),
        sa.Column("form_of_aid", sa.String(length=64), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payer_1", sa.String(length=400), nullable=False),
        sa.Column("payer_2", sa.String(length=400), nullable=False),
        sa.Column("receiver_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("entry_key", sa.String(length=400), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_slips_cases"
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_slips"),
        sa.UniqueConstraint("region", "voucher_no", name="uq_slips_voucher_no"),
    )
    op.create_index("ix_slips_case", "slips", ["region", "case_id"])
    op.create_index("ix_slips_township", "slips", ["region", "township", "paid_at"])
    op.create_table(
        "slip_lines",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("slip_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=400), nullable=False),
        sa.Column("quantity", sa.String(length=40), nullable=False),
        sa.Column("measure", sa.String(length=400), nullable=False),
        sa.Column("value_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "slip_id"], ["slips.region", "slips.id"], name="fk_slip_lines_slips"
        ),
        sa.PrimaryKeyConstraint("region", "slip_id", "seq", name="pk_slip_lines"),
    )
    op.create_table(
        "notices",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("township", sa.String(length=64), nullable=False),
        sa.Column("village", sa.String(length=64), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_by", sa.String(length=64), nullable=False),
        sa.Column("take_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_notices_cases"
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_notices"),
    )
    op.create_index("ix_notices_case", "notices", ["region", "case_id"])
    op.create_index("ix_notices_posted", "notices", ["region", "township", "posted_at"])


def downgrade() -> None:
    """The tables are gone."""
    op.drop_table("notices")
    op.drop_table("slip_lines")
    op.drop_table("slips")
    op.drop_table("postings")
    op.drop_table("entries")
    op.drop_table("accounts")
