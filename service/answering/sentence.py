"""Hits in, the sentences of their passages out, each with its surroundings folded for matching."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.article import Article
from index.retrieval import Hit
from index.sentences import sentence_spans
from index.snapshot import Snapshot
from index.terms import fold
from service.answering.referring import points_back

LEAD_CHARS = 120

_SUMS_UP = re.compile("截至|目前|到目前|至今|迄今|其中|最终")
"""How a sentence begins that says what has come of what the one before it tells."""

Place = tuple[str, int]
"""Article of a sentence, and where in it the sentence starts."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article, `article.text[start:end] == text`, with what stands around it, all folded."""

    article: Article
    start: int
    end: int
    text: str
    folded: str
    heading: str
    before: str
    passage: str
    whole: str
    score: float
    """Fused retrieval score of the passage."""
    lead: str = ""
    """How the article begins: what it says there it is about all through."""

    @property
    def place(self) -> Place:
        """What tells it from every other."""
        return self.article.id, self.start

    @property
    def paragraph(self) -> str:
        """What stands before it in its paragraph, folded."""
        return _paragraph_before(self.article.text, self.start)


def sentences(hits: Sequence[Hit], snapshot: Snapshot) -> list[Sentence]:
    """The sentences of the hits' passages, in the order of the hits, each once."""
    articles: dict[str, Article] = {}
    found: list[Sentence] = []
    for hit in hits:
        passage = hit.passage
        if passage.article_id not in articles:
            articles[passage.article_id] = snapshot.store.article(passage.article_id)
        article = articles[passage.article_id]
        heading = fold(" ".join((*passage.heading, *article.metadata.values(), *article.authors)))
        around, whole = fold(passage.text), _folded_whole(article.text)
        score, lead, before = hit.scores["fused"], whole[:LEAD_CHARS], ""
        for start, end in sentence_spans(article.text, passage.start, passage.end):
            text = article.text[start:end]
            folded = fold(text)
            if start == passage.start and points_back(text):
                before = _said_last(article.text, start)
            if _SUMS_UP.match(text):
                before = _paragraph_before(article.text, start)
            found.append(Sentence(article, start, end, text, folded, heading, before, around, whole, score, lead))
            before = folded
    return found


@lru_cache(maxsize=512)  # asked for with every place of a question
def _paragraph_before(text: str, at: int) -> str:
    return fold(text[text.rfind("\n", 0, at) + 1 : at])


REACH_CHARS = 400


def _said_last(text: str, start: int) -> str:
    """The sentence before a place, folded; empty where there is none."""
    spans = sentence_spans(text, max(0, start - REACH_CHARS), start)
    return fold(text[slice(*spans[-1])]) if spans else ""


@lru_cache(maxsize=256)
def _folded_whole(text: str) -> str:
    """An article folded once for the questions that come back to it."""
    return fold(text)
