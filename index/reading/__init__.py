"""Source files in, articles out: text, Markdown, JSON Lines, HTML, Word, EPUB, PDF, and whole magazine issues taken apart."""

from index.reading.register import Register
from index.reading.sources import MAX_FILE_BYTES, read_sources

__all__ = ["MAX_FILE_BYTES", "Register", "read_sources"]
