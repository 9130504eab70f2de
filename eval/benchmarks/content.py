"""What every reader of a test set yields, and how its articles come to their ids. Knows no format and no file."""

import hashlib
import re
from typing import Literal, NamedTuple

from eval.question import Question
from index.article import Article
from index.reading.record import body_of
from index.store import sound

Task = Literal["reading", "retrieval", "answering"]
"""reading: each question on its `given` articles alone; retrieval: find the `relevant` ones among all; answering: answer
from what is found, among the `given` ones where a question has them.
"""

_NOT_IN_IDS = re.compile(r"[\s/\\\x00-\x1f\x7f-\x9f]+")
_LONGEST_ID = 128


class BenchmarkError(ValueError):
    """A test set cannot be used as asked; the message names the file, what is wrong and what to do."""


class Content(NamedTuple):
    """What a test set holds. No articles: its questions are about a collection that is there already."""

    articles: tuple[Article, ...]
    questions: list[Question]


def article_of(given_id: str, title: str, text: str, source: str) -> Article:
    """An article in reading form: paragraphs as lines, no control characters; a title is not made up where none is."""
    title, text = (sound(part) for part in (" ".join(title.split()), body_of(text)))
    return Article(id=safe_id(given_id), title=title, text=text, source=source)


def safe_id(given: str) -> str:
    """The id as it is, or, where an article id may not be like that, as much of it as may, and a digest of it."""
    if given and len(given) <= _LONGEST_ID and not _NOT_IN_IDS.search(given):
        return sound(given)
    return sound(f"{_NOT_IN_IDS.sub('_', given)[:100]}-{digest(given)}")


def digest(text: str) -> str:
    """Twelve hexadecimal digits of a text: the id of what has none."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]
