"""Create out-of-office delegations, the states before each step, and the steps taken back."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_19"
down_revision = "20261122_18"
branch_labels = None
depends_on = None

APPEND_ONLY = ("step_states", "step_backs")


def upgrade() -> None:
    """The tables exist; states and steps back can not be changed; no old item has a stand-in."""
    op.add_column("work_items", sa.Column("done_for", sa.String(length=64), nullable=True))
    op.create_table(
        "absences",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("user_name", sa.String(length=400), nullable=False),
        sa.Column("deputy_id", sa.String(length=64), nullable=False),
        sa.Column("deputy_name", sa.String(length=400), nullable=False),
        sa.Column("posts", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("region", "id", name="pk_absences"),
    )
    op.create_index("ix_absences_deputy", "absences", ["deputy_id", "ends_on"])
    op.create_index("ix_absences_user", "absences", ["user_id", "ends_on"])
    _steps()
    for table in APPEND_ONLY:
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


def _steps() -> None:
    op.create_table(
        "step_states",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("work_item_id", sa.Uuid(), nullable=False),
        sa.Column("passed_seq", sa.Integer(), nullable=False),
        sa.Column("codec_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "instance_id"],
            ["process_instances.region", "process_instances.id"],
            name="fk_step_states_instances",
        ),
        sa.PrimaryKeyConstraint("region", "instance_id", "seq", name="pk_step_states"),
    )
    op.create_table(
        "step_backs",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("work_item_id", sa.Uuid(), nullable=False),
        sa.Column("from_element", sa.String(length=64), nullable=False),
        sa.Column("to_element", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state_sha256", sa.String(length=64), nullable=False),
        sa.Column("left_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_step_backs_cases"
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_step_backs"),
    )
    op.create_index("ix_step_backs_case", "step_backs", ["region", "case_id", "at"])


def downgrade() -> None:
    """The tables and the column are gone."""
    for table in ("step_backs", "step_states", "absences"):
        op.drop_table(table)
    op.drop_column("work_items", "done_for")
