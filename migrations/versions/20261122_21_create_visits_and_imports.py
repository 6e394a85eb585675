"""Create visits, watch lists, campaigns, and lists taken in from other offices."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_21"
down_revision = "20261122_20"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables exist; visits are guarded against change."""
    _create_visits()
    _create_imports()
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER visits_no_{verb.lower()} BEFORE {verb} ON visits "
                "BEGIN SELECT RAISE(ABORT, 'visits is append-only'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER visits_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            "ON visits FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _create_visits() -> None:
    op.create_table(
        "visits",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("findings_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "household_id"],
            ["households.region", "households.id"],
            name="fk_visits_households",
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_visits"),
    )
    op.create_index("ix_visits_household", "visits", ["region", "household_id", "visited_at"])
    op.create_table(
        "watches",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("list_code", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("next_visit_on", sa.Date(), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "household_id"],
            ["households.region", "households.id"],
            name="fk_watches_households",
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_watches"),
    )
    op.create_index("ix_watches_household", "watches", ["region", "household_id"])
    op.create_index("ix_watches_list", "watches", ["region", "until", "next_visit_on"])
    op.create_table(
        "campaigns",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("list_code", sa.String(length=64), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_campaigns"),
    )
    op.create_index("ix_campaigns_region", "campaigns", ["region", "ends_on"])


def _create_imports() -> None:
    op.create_table(
        "import_batches",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=400), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_import_batches"),
    )
    op.create_index("ix_import_batches_state", "import_batches", ["region", "state", "at"])
    op.create_table(
        "import_lines",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("masked", sa.String(length=400), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("township", sa.String(length=64), nullable=False),
        sa.Column("village", sa.String(length=64), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by", sa.String(length=400), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "batch_id"],
            ["import_batches.region", "import_batches.id"],
            name="fk_import_lines_import_batches",
        ),
        sa.PrimaryKeyConstraint("region", "batch_id", "line", name="pk_import_lines"),
    )
    op.create_index("ix_import_lines_person", "import_lines", ["region", "person_key"])


def downgrade() -> None:
    """The tables are gone, their guard with them."""
    for table in ("import_lines", "import_batches", "campaigns", "watches", "visits"):
        op.drop_table(table)
