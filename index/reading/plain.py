"""The text of one .txt file in, its articles out: a magazine issue when the text shows one, else a single article."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePath

from index.article import Article
from index.errors import SourceError
from index.reading.magazine import is_magazine, read_magazine
from index.reading.magazine_labels import ends_sentence
from index.reading.magazine_layout import width_em
from index.reading.magazine_paragraphs import paragraphs
from index.reading.record import RecordError, article_of
from index.reading.spacing import join_wrapped

_ENDS = tuple("。！？；，、：…,.;:!?")
_TITLE_CHARACTERS = 40
_INDENT = re.compile(r"\u3000|\t| {2,}")
_WRAPPED_SHARE, _BROKEN_SHARE, _RAGGED_EM, _WIDEST_EM, _FEWEST_LINES = 0.6, 0.3, 2.5, 60.0, 4
_SAMPLE_ROWS = 20_000


def read_text(text: str, source: str) -> Iterator[Article | SourceError]:
    """The articles of a magazine issue, or one article titled by its short first line, else by the file's name."""
    if is_magazine(text):
        yield from read_magazine(text, source)
        return
    rows = text.replace("\f", "\n").split("\n")
    first = next(i for i, row in enumerate(rows) if row.strip())
    line = rows[first].strip()
    rest = rows[first + 1 :]
    titled = len(line) <= _TITLE_CHARACTERS and not line.endswith(_ENDS) and any(row.strip() for row in rest)
    if titled and is_wrapped(rows) and not _stands_apart(rows[first:]):
        titled = False
    title = line if titled else PurePath(source).stem
    try:
        yield article_of({"title": title}, "\n".join(body_paragraphs(rest if titled else rows)), source)
    except RecordError as error:
        yield SourceError(source, str(error))


def body_paragraphs(rows: Sequence[str]) -> list[str]:
    """One paragraph an entry: the rows as they are, or joined where the text is wrapped at a fixed width."""
    if not is_wrapped(rows):
        return [row.strip() for row in rows if row.strip()]
    blocks = _blocks(rows)
    if any(len(block) > 1 for block in blocks) and len(blocks) > 1:
        return [join_wrapped(block) for block in blocks]
    return paragraphs([line for block in blocks for line in block])


def is_wrapped(rows: Sequence[str]) -> bool:
    """Whether many lines break off in a sentence and nearly all of these are about as long as the longest."""
    lines = [row.strip() for row in rows[:_SAMPLE_ROWS] if row.strip()]
    if len(lines) < _FEWEST_LINES:
        return False
    widths = sorted(width_em(line) for line in lines)
    usual = widths[int(len(widths) * 0.8)]
    broken = [line for line in lines if not ends_sentence(line)]
    full = sum(1 for line in broken if usual - width_em(line) < _RAGGED_EM)
    return usual <= _WIDEST_EM and full > len(broken) * _WRAPPED_SHARE and full > len(lines) * _BROKEN_SHARE


def _stands_apart(rows: Sequence[str]) -> bool:
    """Whether the first row is no line of the text below: only it has an empty row after it, or it is far shorter."""
    following = next(row for row in rows[1:] if row.strip())
    gapped = not rows[1].strip() and any(row.strip() and after.strip() for row, after in pairwise(rows))
    return gapped or width_em(rows[0]) < width_em(following) - _RAGGED_EM - 2


def _blocks(rows: Sequence[str]) -> list[list[str]]:
    """The lines between empty rows and before indented ones."""
    lines = [row for row in rows if row.strip()]
    marked = 0 < sum(1 for row in lines if _INDENT.match(row)) < len(lines)
    blocks: list[list[str]] = [[]]
    for row in rows:
        if not row.strip() or (marked and _INDENT.match(row)):
            blocks.append([])
        if row.strip():
            blocks[-1].append(row.strip())
    return [block for block in blocks if block]
