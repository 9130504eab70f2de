"""A question for the author of an article and its matches in, the article's own record of its authors out.

Bylines are metadata: they stand beside the text, so that no quote of it proves them. What can be cited is the article, by
the line that it begins with; its citation carries the authors.
"""

import re
from collections.abc import Sequence

from index.article import Article
from index.sentences import Span, clause_spans, paragraph_spans
from index.terms import fold
from service.answering.evidence import Match
from service.answering.question import Question
from service.answering.wording import Kind

_AUTHOR = re.compile("作者|执笔|撰稿|撰写|谁写|写的是谁|署名|author|wrote|written by", re.IGNORECASE)
_ARTICLE = re.compile(
    "文章?|稿|札记|随笔|评论|报道|专栏|这篇|那篇|article|essay|report|piece|column|note", re.IGNORECASE
)
OPENING_CHARS = 90

OFFICE_CHARS = 6
"""Least length of the office by which an author is asked for."""

ABOUT = 0.3
"""Least coverage of the question by what an article says, where no title of one is quoted."""


def article_by(question: Question, matches: Sequence[Match]) -> Article | None:
    """The article whose authors are asked for: the one with a title that the question quotes, else the best matched.

    None where something else is asked for, or where no authors of it are known.
    """
    asked = len(question.slots) == 1 and question.slots[0].kind in (Kind.PERSON, Kind.OPEN)
    if not (asked and matches):
        return None
    articles = {found.sentence.article.id: found.sentence.article for found in matches}
    if question.slots[0].kind is Kind.PERSON:
        held = [
            article for article in articles.values() if len(article.authors) == 1 and _is_held(question.text, article)
        ]
        if len(held) == 1:
            return held[0]
    if not _AUTHOR.search(question.asked):
        return None
    titled = [
        article for article in articles.values()
        if any(name in _plain(article.title) for name in map(_plain, question.quoted) if len(name) > 1)
    ]  # fmt: skip
    best = max(matches, key=lambda found: found.coverage)
    about = [best.sentence.article] if _ARTICLE.search(question.asked) and best.coverage >= ABOUT else []
    return next((article for article in (*titled, *about) if article.authors), None)


def _is_held(text: str, article: Article) -> bool:
    """Whether a question describes the author of an article by the end of the office that its byline tells (省委改革办常务副主任)."""
    role = fold(article.metadata.get("role", ""))
    return any(role[at:] in text for at in range(len(role) - OFFICE_CHARS + 1))


def opening(article: Article) -> Span:
    """How an article begins: as many whole clauses of its first paragraph as there is room for."""
    start, end = paragraph_spans(article.text)[0]
    ends = [start + stop for _, stop in clause_spans(article.text[start:end])]
    return start, max((stop for stop in ends if stop - start <= OPENING_CHARS), default=ends[0])


def _plain(text: str) -> str:
    return re.sub(r"\W", "", text).lower()
