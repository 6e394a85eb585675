"""Create objections to public notices."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_12"
down_revision = "20261122_11"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table exists."""
    op.create_table(
        "objections",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=400), nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_objections_cases"
        ),
        sa.ForeignKeyConstraint(
            ["region", "notice_id"], ["notices.region", "notices.id"], name="fk_objections_notices"
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_objections"),
    )
    op.create_index("ix_objections_case", "objections", ["region", "case_id"])


def downgrade() -> None:
    """The table is gone."""
    op.drop_table("objections")
