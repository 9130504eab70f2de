"""Source files in, articles out: plain text, Markdown, JSON Lines, and magazine issues as text taken from their PDF."""

from index.reading.register import Register
from index.reading.sources import MAX_FILE_BYTES, read_sources

__all__ = ["MAX_FILE_BYTES", "Register", "read_sources"]
