"""A citation id that carries its own way back: article, span and a digest of the quote, so that it needs no ledger.

It resolves after every re-indexing: first at its span, then wherever the article now holds the same words, else it is
known that the source changed.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from index.article import Article

Standing = Literal["unchanged", "moved", "changed"]
_DIGEST_CHARS = 10
_ID = re.compile(
    rf"(?P<article>.+)~(?P<start>[0-9]{{1,12}})-(?P<end>[0-9]{{1,12}})~(?P<digest>[0-9a-f]{{{_DIGEST_CHARS}}})"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a citation stands in the article as it is now; `changed` has no span."""

    standing: Standing
    start: int | None = None
    end: int | None = None


def citation_id(article_id: str, start: int, end: int, quote: str) -> str:
    """The id of the quote at `[start, end)` of an article."""
    return f"{article_id}~{start}-{end}~{_digest(quote)}"


def article_of(found: str) -> str | None:
    """The article that a citation id speaks of; None when it is no citation id."""
    match = _read(found)
    return match["article"] if match else None


def locate(found: str, article: Article) -> Place:
    """Where the quote of a citation id stands in its article now. ValueError when it is no citation id."""
    match = _read(found)
    if match is None:
        raise ValueError(f"{found!r} is no citation id")
    start, length = int(match["start"]), int(match["end"]) - int(match["start"])
    if _digest(article.text[start : start + length]) == match["digest"]:
        return Place("unchanged", start, start + length)
    for begin in range(len(article.text) - length + 1):
        if _digest(article.text[begin : begin + length]) == match["digest"]:
            return Place("moved", begin, begin + length)
    return Place("changed")


def _read(found: str) -> re.Match[str] | None:
    match = _ID.fullmatch(found)
    return match if match and int(match["start"]) <= int(match["end"]) else None


def _digest(quote: str) -> str:
    return hashlib.sha256(quote.encode()).hexdigest()[:_DIGEST_CHARS]
