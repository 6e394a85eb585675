"""Create letters."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_09"
down_revision = "20261122_08"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table exists."""
    op.create_table(
        "letters",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("letter_no", sa.String(length=64), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_letters_cases"
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_letters"),
        sa.UniqueConstraint("region", "letter_no", name="uq_letters_letter_no"),
    )
    op.create_index("ix_letters_case", "letters", ["region", "case_id"])


def downgrade() -> None:
    """The table is gone."""
    op.drop_table("letters")
