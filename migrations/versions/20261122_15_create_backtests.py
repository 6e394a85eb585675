"""Create the back-tests of drafts and their lines."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_15"
down_revision = "20261122_14"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables exist."""
    op.create_table(
        "backtests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("locality", sa.String(length=64), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("candidate", sa.String(length=64), nullable=False),
        sa.Column("running_cases", sa.Boolean(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("cursor_region", sa.String(length=64), nullable=False),
        sa.Column("cursor_id", sa.Uuid(), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_by_name", sa.String(length=400), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["candidate"], ["deployments.id"], name="fk_backtests_deployments"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_backtests"),
    )
    op.create_index("ix_backtests_state", "backtests", ["state", "asked_at"])
    op.create_index("ix_backtests_locality", "backtests", ["locality", "asked_at"])
    op.create_table(
        "backtest_pieces",
        sa.Column("backtest_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["backtest_id"], ["backtests.id"], name="fk_backtest_pieces_backtests"
        ),
        sa.PrimaryKeyConstraint("backtest_id", "seq", name="pk_backtest_pieces"),
    )


def downgrade() -> None:
    """The tables are gone."""
    op.drop_table("backtest_pieces")
    op.drop_table("backtests")
