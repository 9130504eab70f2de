"""The tables of the database as the code reads them. How they came to be is told by the migrations."""

from typing import Final

from sqlalchemy import JSON, Column, DateTime, ForeignKey, MetaData, String, Table, Text

VERSION: Final = "0001"
"""The last migration, which these tables are the result of."""

METADATA: Final = MetaData()

ANSWERS: Final = Table(
    "answers",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("surface", String(16), nullable=False),
    Column("question_hash", String(64), nullable=False, index=True),
    Column("question", Text),
    Column("status", String(16), nullable=False),
    Column("composer", String(16), nullable=False),
    Column("model", Text),
    Column("citations", JSON, nullable=False),
    Column("timings_ms", JSON, nullable=False),
    Column("snapshot", Text, nullable=False),
)

FEEDBACK: Final = Table(
    "feedback",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("answer_id", String(32), ForeignKey("answers.id"), nullable=False, index=True),
    Column("rating", String(8), nullable=False),
    Column("comment", Text),
)
