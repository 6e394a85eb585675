"""Create the record of cases moved to another deployment, which is only added to."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_23"
down_revision = "20261122_22"
branch_labels = None
depends_on = None

TABLE = "instance_moves"


def upgrade() -> None:
    """The table and its guards exist."""
    op.create_table(
        TABLE,
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("from_deployment", sa.String(length=64), nullable=False),
        sa.Column("to_deployment", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "instance_id"],
            ["process_instances.region", "process_instances.id"],
            name="fk_instance_moves_instances",
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_instance_moves"),
    )
    op.create_index("ix_instance_moves_batch", TABLE, ["region", "batch_id"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """The table is gone."""
    op.drop_table(TABLE)
