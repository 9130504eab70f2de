"""Sources in (files, folders, globs), articles with unique ids out, and an error for each file that cannot be read."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from index.article import Article, Repeat
from index.errors import SourceError
from index.reading.encoding import UndecodableError, decode_text
from index.reading.files import find_files, shown
from index.reading.jsonl import read_jsonl
from index.reading.markdown import read_markdown
from index.reading.plain import read_text
from index.reading.register import Register

MAX_FILE_BYTES = 64 * 1024 * 1024

_READERS: dict[str, Callable[[str, str], Iterator[Article | SourceError]]] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".jsonl": read_jsonl,
}


def read_sources(sources: Iterable[str | Path]) -> Iterator[Article | Repeat | SourceError]:
    """Each article of each source, in order; a file or line that cannot be used yields a SourceError in its place.

    Nothing is raised for bad input and no other file is lost by it. One file is in memory at a time. Ids given in
    files are kept; ids made here that clash get "-2", "-3" ... An article with the same words as one before
    yields a Repeat that names its source.
    """
    register = Register()
    for found in find_files(sources):
        if isinstance(found, SourceError):
            yield found
            continue
        for read in read_file(found):
            yield read if isinstance(read, SourceError) else register.admit(read)


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
