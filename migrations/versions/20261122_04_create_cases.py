"""Create cases."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_04"
down_revision = "20261122_03"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables exist."""
    op.create_table(
        "cases",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_no", sa.String(length=64), nullable=False),
        sa.Column("locality", sa.String(length=64), nullable=False),
        sa.Column("township", sa.String(length=64), nullable=False),
        sa.Column("village", sa.String(length=64), nullable=False),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("applicant_masked", sa.String(length=400), nullable=False),
        sa.Column("applicant_index", sa.String(length=64), nullable=False),
        sa.Column("applicant_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_cases"),
        sa.UniqueConstraint("region", "case_no", name="uq_cases_region_case_no"),
    )
    op.create_index("ix_cases_applicant", "cases", ["region", "applicant_index"])
    op.create_index("ix_cases_status", "cases", ["region", "status", "opened_at"])
    op.create_index("ix_cases_township", "cases", ["region", "township", "status"])
    op.create_table(
        "handovers",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("user_name", sa.String(length=400), nullable=False),
        sa.Column("organ_code", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_handovers_cases"
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_handovers"),
        sa.UniqueConstraint("region", "case_id", "seq", name="uq_handovers_seq"),
    )
    op.create_table(
        "submissions",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("work_item_id", sa.Uuid(), nullable=True),
        sa.Column("form_id", sa.String(length=64), nullable=False),
        sa.Column("deployment_id", sa.String(length=64), nullable=False),
        sa.Column("form_sha256", sa.String(length=64), nullable=False),
        sa.Column("values_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("values_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_submissions_cases"
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_submissions"),
    )
    op.create_index("ix_submissions_case", "submissions", ["region", "case_id", "form_id"])
    op.create_index("ix_submissions_item", "submissions", ["region", "work_item_id", "status"])
    op.create_table(
        "attachments",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("work_item_id", sa.Uuid(), nullable=True),
        sa.Column("field_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("media_type", sa.String(length=400), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_attachments_cases"
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_attachments"),
    )
    op.create_index("ix_attachments_case", "attachments", ["region", "case_id"])


def downgrade() -> None:
    """The tables are gone."""
    op.drop_table("attachments")
    op.drop_table("submissions")
    op.drop_table("handovers")
    op.drop_table("cases")
