"""Sources in (files, folders, globs), articles with unique ids out, and an error for each file that cannot be read."""

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from index.article import Article
from index.errors import SourceError
from index.found import FileRead, Found
from index.reading.docx import read_docx
from index.reading.encoding import UndecodableError, decode_text
from index.reading.epub import read_epub
from index.reading.files import find_files, shown
from index.reading.html import read_html
from index.reading.jsonl import read_jsonl
from index.reading.kind import KindError, is_pdf, kind_of
from index.reading.markdown import read_markdown
from index.reading.pdf import read_pdf
from index.reading.plain import read_text
from index.reading.register import Register
from index.reading.sidecar import with_sidecar

MAX_FILE_BYTES = 64 * 1024 * 1024

_TEXT_READERS: dict[str, Callable[[str, str], Iterator[Article | SourceError]]] = {  # text, source
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".jsonl": read_jsonl,
}
_BINARY_READERS: dict[str, Callable[[bytes, str], Iterator[Article | SourceError]]] = {  # all the bytes, source
    ".docx": read_docx,
    ".epub": read_epub,
    ".html": read_html,
}
_SAME_KIND = {".htm": ".html", ".xhtml": ".html"}


def read_sources(
    sources: Iterable[str | Path], done: Collection[FileRead] = (), register: Register | None = None
) -> Iterator[Found]:
    """Each article of each source, in order; a file or line that cannot be used yields a SourceError in its place.

    Nothing is raised for bad input and no other file is lost by it. One file is in memory at a time. Ids given in
    files are kept; ids made here that clash get "-2", "-3" ... An article with the same words as one before
    yields a Repeat that names its source. A file without faults ends with a FileRead; files `done` before, of the same
    size and time of change, are passed over, and `register` knows what was read of them.
    """
    register = register or Register()
    for found in find_files(sources):
        if isinstance(found, SourceError):
            yield found
            continue
        end = _end_of(found)
        if end is not None and end in done:
            continue
        sound = True
        for read in with_sidecar(found, read_file(found)):
            sound = sound and not isinstance(read, SourceError)
            yield read if isinstance(read, SourceError) else register.admit(read)
        if sound and end is not None:
            yield end


def _end_of(path: Path) -> FileRead | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return FileRead(shown(path), facts.st_size, facts.st_mtime_ns)


def read_file(path: Path) -> Iterator[Article | SourceError]:
    """The articles of one file; ids are empty where the file gives none.

    The reader is chosen by content where that shows what the file is, else by its extension.
    """
    source = shown(path)
    try:
        given = _SAME_KIND.get(path.suffix.lower(), path.suffix.lower())
        with path.open("rb") as file:
            head = file.read(1024)
        if is_pdf(head, given):
            yield from read_pdf(path, source)  # which minds its size
            return
        data = _bytes_of(path)
        kind = kind_of(data, given)
        if kind in _BINARY_READERS:
            yield from _BINARY_READERS[kind](data, source)
            return
        if kind not in _TEXT_READERS:
            yield SourceError(source, f"is a {kind} file by its content; give it as .txt, .md, .html or .docx")
            return
        text = decode_text(data)
    except OSError as error:
        yield SourceError(source, f"cannot be opened ({error.strerror or error}); check its permissions")
        return
    except (KindError, UndecodableError) as error:
        yield SourceError(source, str(error))
        return
    if not any(character.isprintable() and not character.isspace() for character in text):  # of no width, say
        yield SourceError(source, "is empty; give a file with text in it")
        return
    yield from _TEXT_READERS[kind](text, source)


def _bytes_of(path: Path) -> bytes:
    """All of the file; refused by its size before it is read, and no more is read should it grow meanwhile."""
    size_bytes = path.stat().st_size
    if size_bytes <= MAX_FILE_BYTES:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
        if len(data) <= MAX_FILE_BYTES:
            return data
        size_bytes = len(data)
    limit = f"{size_bytes / 2**20:.0f} MB, more than {MAX_FILE_BYTES // 2**20} MB"
    raise KindError(f"is too large ({limit}); split it into smaller files")
