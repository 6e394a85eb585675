"""Create the requests people make of each other about work items."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_13"
down_revision = "20261122_12"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table exists."""
    op.create_table(
        "work_item_requests",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("work_item_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("from_user", sa.String(length=64), nullable=False),
        sa.Column("from_name", sa.String(length=400), nullable=False),
        sa.Column("to_user", sa.String(length=64), nullable=False),
        sa.Column("to_name", sa.String(length=400), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=64), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "work_item_id"],
            ["work_items.region", "work_items.id"],
            name="fk_work_item_requests_items",
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_work_item_requests"),
    )
    op.create_index(
        "ix_work_item_requests_item",
        "work_item_requests",
        ["region", "work_item_id", "asked_at"],
    )
    op.create_index(
        "ix_work_item_requests_case", "work_item_requests", ["region", "case_id", "to_user"]
    )


def downgrade() -> None:
    """The table is gone."""
    op.drop_table("work_item_requests")
