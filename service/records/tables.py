"""The tables of the database as the code reads them. How they came to be is told by the migrations."""

from typing import Final

from sqlalchemy import JSON, Column, Date, DateTime, ForeignKey, Integer, MetaData, String, Table, Text

VERSION: Final = "0002"
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

KEYS: Final = Table(
    "keys",
    METADATA,
    Column("id", String(8), primary_key=True),
    Column("name", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("scope", String(8), nullable=False),
    Column("origins", JSON, nullable=False),
    Column("per_day", Integer),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("revoked", DateTime(timezone=True)),
)

KEY_DAYS: Final = Table(
    "key_days",
    METADATA,
    Column("key_id", String(8), ForeignKey("keys.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("uses", Integer, nullable=False),
)
