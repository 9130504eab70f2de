"""The text of one .txt file in, its articles out: a magazine issue when the text shows one, else a single article."""

from collections.abc import Iterator
from pathlib import PurePath

from index.article import Article
from index.errors import SourceError
from index.reading.magazine import is_magazine, read_magazine
from index.reading.magazine_paragraphs import paragraphs
from index.reading.record import RecordError, article_of

_ENDS = tuple("。！？；，、：…,.;:!?")
_TITLE_CHARACTERS = 40


def read_text(text: str, source: str) -> Iterator[Article | SourceError]:
    """The articles of a magazine issue, or one article titled by its short first line, else by the file's name."""
    if is_magazine(text):
        yield from read_magazine(text, source)
        return
    lines = [line.strip() for line in text.replace("\f", "\n").split("\n")]
    first = next(line for line in lines if line)
    titled = len(first) <= _TITLE_CHARACTERS and not first.endswith(_ENDS) and len([line for line in lines if line]) > 1
    body = lines[lines.index(first) + 1 :] if titled else lines
    title = first if titled else PurePath(source).stem
    try:
        yield article_of({"title": title}, "\n".join(paragraphs(body)), source)
    except RecordError as error:
        yield SourceError(source, str(error))
