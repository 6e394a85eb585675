"""Create meetings with their ballots, minutes and signatures; what is said there stays."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_11"
down_revision = "20261122_10"
branch_labels = None
depends_on = None

TABLES = [
    "meetings",
    "meeting_agenda",
    "meeting_materials",
    "meeting_members",
    "meeting_notices",
    "meeting_declarations",
    "ballots",
    "meeting_minutes",
    "meeting_signoffs",
]
GUARDED = [
    "meeting_agenda",
    "meeting_materials",
    "meeting_notices",
    "meeting_declarations",
    "ballots",
    "meeting_minutes",
    "meeting_signoffs",
]


def upgrade() -> None:
    """The tables exist, and the database refuses to change what was recorded."""
    _make_meetings()
    _make_records()
    for table in GUARDED:
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


def _make_meetings() -> None:
    op.create_table(
        "meetings",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_no", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=64), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(length=400), nullable=False),
        sa.Column("convened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("convened_by", sa.String(length=400), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=400), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "instance_id"],
            ["process_instances.region", "process_instances.id"],
            name="fk_meetings_instances",
        ),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_meetings_cases"
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_meetings"),
        sa.UniqueConstraint("region", "meeting_no", name="uq_meetings_meeting_no"),
        sa.UniqueConstraint("region", "case_id", "round", name="uq_meetings_round"),
    )
    op.create_index("ix_meetings_status", "meetings", ["region", "status", "convened_at"])
    op.create_table(
        "meeting_agenda",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "meeting_id"],
            ["meetings.region", "meetings.id"],
            name="fk_meeting_agenda_meetings",
        ),
        sa.PrimaryKeyConstraint("region", "meeting_id", "seq", name="pk_meeting_agenda"),
    )
    op.create_table(
        "meeting_materials",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("agenda_seq", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("form_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "meeting_id"],
            ["meetings.region", "meetings.id"],
            name="fk_meeting_materials_meetings",
        ),
        sa.PrimaryKeyConstraint("region", "meeting_id", "seq", name="pk_meeting_materials"),
    )
    op.create_table(
        "meeting_members",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("user_name", sa.String(length=400), nullable=False),
        sa.Column("organ_code", sa.String(length=64), nullable=False),
        sa.Column("organ_name", sa.String(length=400), nullable=False),
        sa.Column("capacity", sa.String(length=64), nullable=False),
        sa.Column("votes", sa.Boolean(), nullable=False),
        sa.Column("present_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recused_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "meeting_id"],
            ["meetings.region", "meetings.id"],
            name="fk_meeting_members_meetings",
        ),
        sa.PrimaryKeyConstraint("region", "meeting_id", "user_id", name="pk_meeting_members"),
    )
    op.create_index("ix_meeting_members_user", "meeting_members", ["region", "user_id"])


def _make_records() -> None:
    op.create_table(
        "meeting_notices",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "meeting_id"],
            ["meetings.region", "meetings.id"],
            name="fk_meeting_notices_meetings",
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_meeting_notices"),
    )
    op.create_index("ix_meeting_notices_meeting", "meeting_notices", ["region", "meeting_id"])
    op.create_table(
        "meeting_declarations",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "meeting_id"],
            ["meetings.region", "meetings.id"],
            name="fk_meeting_declarations_meetings",
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_meeting_declarations"),
    )
    op.create_index(
        "ix_meeting_declarations_meeting", "meeting_declarations", ["region", "meeting_id"]
    )
    op.create_table(
        "ballots",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("agenda_seq", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_name", sa.String(length=400), nullable=False),
        sa.Column("choice", sa.String(length=64), nullable=False),
        sa.Column("opinion_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "meeting_id"], ["meetings.region", "meetings.id"], name="fk_ballots_meetings"
        ),
        sa.PrimaryKeyConstraint("region", "meeting_id", "agenda_seq", "user_id", name="pk_ballots"),
    )
    op.create_table(
        "meeting_minutes",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "meeting_id"],
            ["meetings.region", "meetings.id"],
            name="fk_meeting_minutes_meetings",
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_meeting_minutes"),
    )
    op.create_index("ix_meeting_minutes_meeting", "meeting_minutes", ["region", "meeting_id"])
    op.create_table(
        "meeting_signoffs",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("user_name", sa.String(length=400), nullable=False),
        sa.Column("capacity", sa.String(length=64), nullable=False),
        sa.Column("decision", sa.String(length=64), nullable=False),
        sa.Column("opinion_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("materials_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "meeting_id"],
            ["meetings.region", "meetings.id"],
            name="fk_meeting_signoffs_meetings",
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_meeting_signoffs"),
    )
    op.create_index("ix_meeting_signoffs_meeting", "meeting_signoffs", ["region", "meeting_id"])


def downgrade() -> None:
    """The tables are gone, their triggers with them."""
    for table in reversed(TABLES):
        op.drop_table(table)
