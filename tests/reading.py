"""What reading yields, for tests that do not care where a file ends."""

from collections.abc import Iterator
from pathlib import Path

from index.article import Article
from index.errors import SourceError
from index.found import FileRead, Repeat
from index.reading import read_sources


def items(*sources: str | Path) -> Iterator[Article | Repeat | SourceError]:
    """The articles, repeats and errors of the sources, as they are read."""
    for item in read_sources(sources):
        if not isinstance(item, FileRead):
            yield item
