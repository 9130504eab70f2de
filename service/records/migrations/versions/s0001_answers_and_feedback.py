"""The log of answers, and feedback on them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "answers",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("surface", sa.String(16), nullable=False),
        sa.Column("question_hash", sa.String(64), nullable=False, index=True),
        sa.Column("question", sa.Text),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("composer", sa.String(16), nullable=False),
        sa.Column("model", sa.Text),
        sa.Column("citations", sa.JSON, nullable=False),
        sa.Column("timings_ms", sa.JSON, nullable=False),
        sa.Column("snapshot", sa.Text, nullable=False),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("answer_id", sa.String(32), sa.ForeignKey("answers.id"), nullable=False, index=True),
        sa.Column("rating", sa.String(8), nullable=False),
        sa.Column("comment", sa.Text),
    )


def downgrade() -> None:
    """Drop them, with what they hold."""
    op.drop_table("feedback")
    op.drop_table("answers")
