"""The text of an article file (JSON Lines, one article a line) in, articles out; knows no paths and no ids of others."""

import json
from collections.abc import Iterator

from index.article import Article
from index.errors import SourceError
from index.reading.record import RecordError, article_in


def read_jsonl(text: str, source: str) -> Iterator[Article | SourceError]:
    """Each line's article; a line that is none comes out as a SourceError with its number, the others are read."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield _article(line, source)
        except RecordError as error:
            yield SourceError(source, f"line {number}: {error}")


def _article(line: str, source: str) -> Article:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"is not JSON ({str(error)[:80]}); write one object a line") from None
    if not isinstance(fields, dict):
        raise RecordError('is no JSON object; write {"title": ..., "text": ...}')
    return article_in(fields, source)
