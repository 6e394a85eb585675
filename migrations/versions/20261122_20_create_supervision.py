"""Create who is barred from a case, outages, pilots and samples of inspections."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_20"
down_revision = "20261122_19"
branch_labels = None
depends_on = None

TABLES = ("case_bars", "outages", "pilots", "samples")


def upgrade() -> None:
    """The tables exist and are guarded: each is append-only."""
    _create_case_bars()
    _create_outages()
    _create_pilots()
    _create_samples()
    for table in TABLES:
        _guard(table)


def _create_case_bars() -> None:
    op.create_table(
        "case_bars",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_case_bars"),
        sa.UniqueConstraint("region", "case_id", "user_id", name="uq_case_bars_user"),
    )
    op.create_index("ix_case_bars_user", "case_bars", ["region", "user_id"])


def _create_outages() -> None:
    op.create_table(
        "outages",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=400), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_outages"),
    )
    op.create_index("ix_outages_began", "outages", ["region", "began_at"])


def _create_pilots() -> None:
    op.create_table(
        "pilots",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pilot_no", sa.String(length=64), nullable=False),
        sa.Column("process_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("document_no", sa.String(length=400), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_pilots"),
        sa.UniqueConstraint("region", "pilot_no", name="uq_pilots_pilot_no"),
    )
    op.create_index("ix_pilots_starts", "pilots", ["region", "starts_at"])


def _create_samples() -> None:
    op.create_table(
        "samples",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("population", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_samples"),
    )
    op.create_index("ix_samples_case", "samples", ["region", "case_id"])


def _guard(table: str) -> None:
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


def downgrade() -> None:
    """The tables are gone, their guards with them."""
    for table in TABLES:
        op.drop_table(table)
