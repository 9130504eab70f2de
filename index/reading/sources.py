"""Sources in (files, folders, globs), articles with unique ids out, and an error for each file that cannot be read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from index.article import Article, article_id
from index.errors import SourceError
from index.reading.encoding import UndecodableError, decode_text
from index.reading.files import find_files, shown
from index.reading.jsonl import read_jsonl
from index.reading.markdown import read_markdown
from index.reading.plain import read_text

MAX_FILE_BYTES = 64 * 1024 * 1024

_READERS: dict[str, Callable[[str, str], Iterator[Article | SourceError]]] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".jsonl": read_jsonl,
}


def read_sources(sources: Iterable[str | Path]) -> Iterator[Article | SourceError]:
    """Each article of each source, in order; a file or line that cannot be used yields a SourceError in its place.

    Nothing is raised for bad input and no other file is lost by it. One file is in memory at a time. Ids given in
    files are kept; ids made here that clash get "-2", "-3" ... An article with the same content as one before is
    passed over.
    """
    register = _Register()
    for found in find_files(sources):
        if isinstance(found, SourceError):
            yield found
            continue
        for read in read_file(found):
            admitted = read if isinstance(read, SourceError) else register.admit(read)
            if admitted is not None:
                yield admitted


def read_file(path: Path) -> Iterator[Article | SourceError]:
    """The articles of one file; ids are empty where the file gives none."""
    source = shown(path)
    try:
        size_bytes = path.stat().st_size
        if size_bytes > MAX_FILE_BYTES:
            limit = f"{size_bytes / 2**20:.0f} MB, more than {MAX_FILE_BYTES // 2**20} MB"
            yield SourceError(source, f"is too large ({limit}); split it into smaller files")
            return
        text = decode_text(path.read_bytes())
    except OSError as error:
        yield SourceError(source, f"cannot be opened ({error.strerror or error}); check its permissions")
        return
    except UndecodableError as error:
        yield SourceError(source, str(error))
        return
    if not text.strip():
        yield SourceError(source, "is empty; give a file with text in it")
        return
    yield from _READERS[path.suffix.lower()](text, source)


class _Register:
    """What has been yielded, so that ids stay unique and no article comes twice."""

    def __init__(self) -> None:
        self._hashes: set[str] = set()
        self._ids: set[str] = set()

    def admit(self, article: Article) -> Article | SourceError | None:
        """The article with its id for good; None for one already yielded; an error for a given id already taken."""
        content = article.content_hash
        if content in self._hashes:
            return None
        if article.id in self._ids:
            return SourceError(article.source, f"gives the id {article.id!r}, which another article has; change one")
        name = article.id or self._free_id(article)
        self._hashes.add(content)
        self._ids.add(name)
        return replace(article, id=name)

    def _free_id(self, article: Article) -> str:
        made = name = article_id(article.title, article.authors, article.issue, article.date)
        copy = 1
        while name in self._ids:
            copy += 1
            name = f"{made}-{copy}"
        return name
