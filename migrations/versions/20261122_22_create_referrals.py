"""Create referrals and the register of services bought for referred people."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_22"
down_revision = "20261122_21"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables exist; a bought service can not be changed."""
    op.create_table(
        "referrals",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_no", sa.String(length=64), nullable=False),
        sa.Column("township", sa.String(length=64), nullable=False),
        sa.Column("need", sa.String(length=64), nullable=False),
        sa.Column("receiver", sa.String(length=64), nullable=False),
        sa.Column("receiver_name", sa.String(length=400), nullable=False),
        sa.Column("receiver_kind", sa.String(length=64), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(length=64), nullable=False),
        sa.Column("sent_by_name", sa.String(length=400), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=400), nullable=False),
        sa.Column("answer_note", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("outcome_note", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("followed_by", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_referrals_cases"
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_referrals"),
        sa.UniqueConstraint("region", "referral_no", name="uq_referrals_referral_no"),
    )
    op.create_index("ix_referrals_case", "referrals", ["region", "case_id", "sent_at"])
    op.create_index("ix_referrals_receiver", "referrals", ["region", "receiver_kind", "status"])
    _services()


def _services() -> None:
    op.create_table(
        "purchased_services",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=400), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("cost_fen", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "referral_id"],
            ["referrals.region", "referrals.id"],
            name="fk_purchased_services_referrals",
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_purchased_services"),
    )
    op.create_index(
        "ix_purchased_services_referral", "purchased_services", ["region", "referral_id", "at"]
    )
    table = "purchased_services"
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
    """The tables are gone."""
    op.drop_table("purchased_services")
    op.drop_table("referrals")
