"""Create processes."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_05"
down_revision = "20261122_04"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables exist."""
    op.create_table(
        "process_instances",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.String(length=64), nullable=False),
        sa.Column("process_id", sa.String(length=64), nullable=False),
        sa.Column("codec_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_element_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_instances_cases"
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_process_instances"),
    )
    op.create_index("ix_process_instances_case", "process_instances", ["region", "case_id"])
    op.create_index(
        "ix_process_instances_deployment", "process_instances", ["deployment_id", "status"]
    )
    op.create_table(
        "passed_elements",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.String(length=64), nullable=False),
        sa.Column("element_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_name", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "instance_id"],
            ["process_instances.region", "process_instances.id"],
            name="fk_passed_elements_instances",
        ),
        sa.PrimaryKeyConstraint("region", "instance_id", "seq", name="pk_passed_elements"),
    )
    op.create_table(
        "incidents",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=400), nullable=False),
        sa.Column("process_id", sa.String(length=64), nullable=False),
        sa.Column("element_id", sa.String(length=64), nullable=False),
        sa.Column("element_name", sa.String(length=400), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("retryable", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=64), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "instance_id"],
            ["process_instances.region", "process_instances.id"],
            name="fk_incidents_instances",
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_incidents"),
    )
    op.create_index("ix_incidents_instance", "incidents", ["region", "instance_id"])
    op.create_index("ix_incidents_open", "incidents", ["region", "resolved_at", "opened_at"])
    op.create_table(
        "work_items",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=400), nullable=False),
        sa.Column("process_id", sa.String(length=64), nullable=False),
        sa.Column("element_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("organ_code", sa.String(length=64), nullable=False),
        sa.Column("form_id", sa.String(length=64), nullable=False),
        sa.Column("properties", sa.Text(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("assignee", sa.String(length=64), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_key", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_work_items_cases"
        ),
        sa.ForeignKeyConstraint(
            ["region", "instance_id"],
            ["process_instances.region", "process_instances.id"],
            name="fk_work_items_instances",
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_work_items"),
        sa.UniqueConstraint("region", "instance_id", "token", name="uq_work_items_token"),
    )
    op.create_index("ix_work_items_assignee", "work_items", ["assignee", "state"])
    op.create_index("ix_work_items_case", "work_items", ["region", "case_id"])
    op.create_index(
        "ix_work_items_inbox", "work_items", ["region", "organ_code", "role", "state", "due_at"]
    )
    op.create_table(
        "work_item_moves",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("work_item_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("from_user", sa.String(length=64), nullable=True),
        sa.Column("to_user", sa.String(length=64), nullable=True),
        sa.Column("to_organ", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "work_item_id"],
            ["work_items.region", "work_items.id"],
            name="fk_work_item_moves_items",
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_work_item_moves"),
    )
    op.create_index("ix_work_item_moves_item", "work_item_moves", ["region", "work_item_id", "at"])
    op.create_table(
        "decision_records",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.String(length=64), nullable=False),
        sa.Column("element_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("decision_id", sa.String(length=64), nullable=False),
        sa.Column("deployment_id", sa.String(length=64), nullable=False),
        sa.Column("file", sa.String(length=400), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("inputs_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("output", sa.Text(), nullable=False),
        sa.Column("matched", sa.Text(), nullable=False),
        sa.Column("clauses", sa.Text(), nullable=False),
        sa.Column("warnings", sa.Text(), nullable=False),
        sa.Column("errors", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_decision_records_cases"
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_decision_records"),
    )
    op.create_index("ix_decision_records_case", "decision_records", ["region", "case_id", "at"])


def downgrade() -> None:
    """The tables are gone."""
    op.drop_table("decision_records")
    op.drop_table("work_item_moves")
    op.drop_table("work_items")
    op.drop_table("incidents")
    op.drop_table("passed_elements")
    op.drop_table("process_instances")
