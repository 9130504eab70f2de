"""What reading yields, one after the other: an article, another source of one, a source that cannot be used, a file's end."""

from dataclasses import dataclass

from index.article import Article
from index.errors import SourceError


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same article met again in another source: it is stored once and remembers both."""

    article_id: str
    source: str


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file read to its end: its size in bytes and time of change in nanoseconds, by which it is known again."""

    source: str
    size_bytes: int
    changed_ns: int


Found = Article | Repeat | SourceError | FileRead
