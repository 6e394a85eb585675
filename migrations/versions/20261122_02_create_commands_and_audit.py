"""Create commands and audit."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_02"
down_revision = "20261122_01"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables exist."""
    op.create_table(
        "commands",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("verb", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("region", "key", name="pk_commands"),
    )
    op.create_index("ix_commands_region_at", "commands", ["region", "at"])
    op.create_table(
        "counters",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("region", "name", name="pk_counters"),
    )
    op.create_table(
        "audit_heads",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("region", "chain_id", name="pk_audit_heads"),
    )
    op.create_table(
        "audit_records",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("actor_name", sa.String(length=400), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=400), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object_kind", sa.String(length=64), nullable=False),
        sa.Column("object_id", sa.String(length=400), nullable=False),
        sa.Column("body_json", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("region", "chain_id", "seq", name="pk_audit_records"),
    )
    op.create_index(
        "ix_audit_records_object", "audit_records", ["region", "object_kind", "object_id"]
    )
    op.create_index("ix_audit_records_region_at", "audit_records", ["region", "at"])


def downgrade() -> None:
    """The tables are gone."""
    op.drop_table("audit_records")
    op.drop_table("audit_heads")
    op.drop_table("counters")
    op.drop_table("commands")
