"""Record with a publication what it said: its own name, who prepared it, changes and reasons."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_18"
down_revision = "20261122_17"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The columns exist; older publications have them empty."""
    for name, kind, default in (
        ("label", sa.String(length=400), ""),
        ("prepared_by", sa.String(length=64), ""),
        ("record", sa.Text(), "{}"),
    ):
        op.add_column(
            "publications", sa.Column(name, kind, nullable=False, server_default=default)
        )


def downgrade() -> None:
    """The columns are gone."""
    for name in ("record", "prepared_by", "label"):
        op.drop_column("publications", name)
