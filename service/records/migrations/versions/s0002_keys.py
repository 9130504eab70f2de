"""API keys, and how often a widget's was used on a day."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "keys",
        sa.Column("id", sa.String(8), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("scope", sa.String(8), nullable=False),
        sa.Column("origins", sa.JSON, nullable=False),
        sa.Column("per_day", sa.Integer),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "key_days",
        sa.Column("key_id", sa.String(8), sa.ForeignKey("keys.id"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("uses", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Drop them, with what they hold."""
    op.drop_table("key_days")
    op.drop_table("keys")
