"""Create the register of persons and households, and clues to repeated aid."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_17"
down_revision = "20261122_16"
branch_labels = None
depends_on = None

APPEND_ONLY = ("person_changes", "certifications", "case_links")


def upgrade() -> None:
    """The tables exist; what is append-only is guarded."""
    _create_persons()
    _create_households()
    _create_repeats()
    for table in APPEND_ONLY:
        _guard(table)


def _create_persons() -> None:
    op.create_table(
        "persons",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("masked", sa.String(length=400), nullable=False),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("region", "id", name="pk_persons"),
    )
    op.create_table(
        "person_changes",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("parts", sa.String(length=400), nullable=False),
        sa.Column("before_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_person_changes"),
    )
    op.create_index("ix_person_changes_person", "person_changes", ["region", "person_id"])
    op.create_table(
        "person_keys",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "person_id"], ["persons.region", "persons.id"], name="fk_person_keys_persons"
        ),
        sa.PrimaryKeyConstraint("region", "kind", "key", "person_id", name="pk_person_keys"),
    )
    op.create_index("ix_person_keys_person", "person_keys", ["region", "person_id"])


def _create_households() -> None:
    op.create_table(
        "households",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("township", sa.String(length=64), nullable=False),
        sa.Column("village", sa.String(length=64), nullable=False),
        sa.Column("head_masked", sa.String(length=400), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_households"),
    )
    op.create_index("ix_households_village", "households", ["region", "township", "village"])
    op.create_table(
        "household_members",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "household_id"],
            ["households.region", "households.id"],
            name="fk_household_members_households",
        ),
        sa.ForeignKeyConstraint(
            ["region", "person_id"],
            ["persons.region", "persons.id"],
            name="fk_household_members_persons",
        ),
        sa.PrimaryKeyConstraint("region", "household_id", "person_id", name="pk_household_members"),
    )
    op.create_index("ix_household_members_person", "household_members", ["region", "person_id"])
    op.create_table(
        "household_cases",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_household_cases_cases"
        ),
        sa.ForeignKeyConstraint(
            ["region", "household_id"],
            ["households.region", "households.id"],
            name="fk_household_cases_households",
        ),
        sa.PrimaryKeyConstraint("region", "case_id", name="pk_household_cases"),
    )
    op.create_index("ix_household_cases_applied", "household_cases", ["region", "applied_on"])
    op.create_index("ix_household_cases_household", "household_cases", ["region", "household_id"])
    op.create_table(
        "certifications",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("record_no", sa.String(length=400), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name="pk_certifications"),
    )
    op.create_index("ix_certifications_household", "certifications", ["region", "household_id"])
    op.create_table(
        "case_links",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("other_case_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("region", "case_id", "other_case_id", name="pk_case_links"),
    )
    op.create_index("ix_case_links_other", "case_links", ["region", "other_case_id"])


def _create_repeats() -> None:
    op.create_table(
        "repeats",
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("other_case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=64), nullable=False),
        sa.Column("earlier_on", sa.Date(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=400), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["cases.region", "cases.id"], name="fk_repeats_cases"
        ),
        sa.PrimaryKeyConstraint("region", "id", name="pk_repeats"),
        sa.UniqueConstraint("region", "case_id", "other_case_id", "kind", name="uq_repeats_pair"),
    )
    op.create_index("ix_repeats_other", "repeats", ["region", "other_case_id"])
    op.create_index("ix_repeats_state", "repeats", ["region", "state", "found_at"])


def _guard(table: str) -> None:
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
    """The tables are gone, their guards with them."""
    for table in (
        "repeats",
        "case_links",
        "certifications",
        "household_cases",
        "household_members",
        "households",
        "person_keys",
        "person_changes",
        "persons",
    ):
        op.drop_table(table)
