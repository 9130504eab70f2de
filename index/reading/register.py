"""Articles as they are read in; the same with ids for good out, and a repeat where an article comes a second time."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from index.article import Article, article_id
from index.errors import SourceError
from index.found import Repeat

_SHORT_CHARS = 80
"""A body shorter than this is the same article only under the same title."""


class Register:
    """What has been read so far, so that ids stay unique and no article is stored twice."""

    def __init__(self, known: Iterable[Article] = ()) -> None:
        self._ids: dict[bytes, str] = {}
        self._taken: set[str] = set()
        for article in known:
            self._ids[_words(article)] = article.id
            self._taken.add(article.id)

    def admit(self, article: Article) -> Article | Repeat | SourceError:
        """The article with its id; a repeat of one with the same words; an error for a given id already taken.

        Width, spaces, punctuation and metadata do not make another article. Ids made here that clash get "-2", "-3" …
        """
        words = _words(article)
        if words in self._ids:
            return Repeat(self._ids[words], article.source)
        if article.id in self._taken:
            return SourceError(article.source, f"gives the id {article.id!r}, which another article has; change one")
        name = article.id or self._free_id(article)
        self._ids[words] = name
        self._taken.add(name)
        return replace(article, id=name)

    def _free_id(self, article: Article) -> str:
        made = name = article_id(article.title, article.authors, article.issue, article.date)
        copy = 1
        while name in self._taken:
            copy += 1
            name = f"{made}-{copy}"
        return name


def _words(article: Article) -> bytes:
    """A digest of the words of an article alone."""
    body = re.sub(r"\W+", "", unicodedata.normalize("NFKC", article.text))
    title = article.title if len(body) < _SHORT_CHARS else ""
    return hashlib.blake2b(f"{title}\n{body}".encode(errors="replace"), digest_size=16).digest()
