"""A question for the author of an article or an author's office and its matches in, the article's own record of them out.

Bylines are metadata: they stand beside the text, so that no quote of it proves them. What can be cited is the article, by
the line that it begins with; its citation carries the authors.
"""

import re
from collections.abc import Sequence

from index.article import Article
from index.sentences import Span, clause_spans, paragraph_spans
from index.terms import fold
from service.answering.evidence import Match, WeightedWord
from service.answering.nearness import said
from service.answering.question import Question
from service.answering.wording import Kind

_AUTHOR = re.compile("作者|执笔|撰稿|撰写|谁写|写的是谁|署名|author|wrote|written by", re.IGNORECASE)
_ARTICLE = re.compile(
    "文章?|稿|札记|随笔|评论|报道|专栏|这篇|那篇|article|essay|report|piece|column|note", re.IGNORECASE
)
_OFFICE = re.compile("职务|职位|职衔|头衔|身份|什么官|[任当]什么|担任|任[职教哪副]|[院校]任|供职|工作单位")

_OFFICE_KINDS = frozenset((Kind.OPEN, Kind.ORGANISATION, Kind.DEFINITION))

OPENING_CHARS = 90

OFFICE_CHARS = 6
"""Least length of the office by which an author is asked for."""

ABOUT = 0.6
"""Least share of the topic of the question that a sentence of an article says, where no title of one is quoted."""


def article_by(question: Question, words: Sequence[WeightedWord], matches: Sequence[Match]) -> Article | None:
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
    named = any(author in question.text for article in articles.values() for author in article.authors)
    if named or not _AUTHOR.search(question.asked):
        return None
    titled = [
        article for article in articles.values()
        if any(name in _plain(article.title) for name in map(_plain, question.quoted) if len(name) > 1)
    ]  # fmt: skip
    topic = [
        word for word in words if not (_ARTICLE.search(word.text) or _AUTHOR.search(word.text) or len(word.text) < 2)
    ]
    best = max(matches, key=lambda found: (said(topic, _around(found)), found.coverage))
    enough = bool(topic) and said(topic, _around(best)) >= ABOUT and _ARTICLE.search(question.asked) is not None
    about = [best.sentence.article] if enough else []
    return next((article for article in (*titled, *about) if article.authors), None)


def _around(found: Match) -> str:
    """A sentence with what stands above it."""
    return f"{found.sentence.heading}{found.sentence.folded}"


def _is_held(text: str, article: Article) -> bool:
    """Whether a question describes the author of an article by the end of the office that its byline tells (省委改革办常务副主任)."""
    role = fold(article.metadata.get("role", ""))
    return any(role[at:] in text for at in range(len(role) - OFFICE_CHARS + 1))


def office_asked_of(question: Question, matches: Sequence[Match]) -> Article | None:
    """The article whose one author a question names and asks the office of; None where something else is asked for, or what
    was found speaks of the person itself.
    """
    asked = len(question.slots) == 1 and question.slots[0].kind in _OFFICE_KINDS and _OFFICE.search(question.asked)
    if not asked:
        return None
    articles = {found.sentence.article.id: found.sentence.article for found in matches}
    own = [
        article for article in articles.values()
        if len(article.authors) == 1 and article.authors[0] in question.text
    ]  # fmt: skip
    told = any(article.authors[0] in found.sentence.text for article in own for found in matches)
    return own[0] if len(own) == 1 and not told else None


def told_by_byline(article: Article) -> str:
    """That no sentence tells the office of an author, with what the byline says of it, which no quote could prove."""
    told = f"正文没有说明{article.authors[0]}的职务"
    role = article.metadata.get("role")
    return f"{told}，署名处写的是“{role}”" if role else told


def opening(article: Article) -> Span:
    """How an article begins: as many whole clauses of its first paragraph as there is room for."""
    start, end = paragraph_spans(article.text)[0]
    ends = [start + stop for _, stop in clause_spans(article.text[start:end])]
    return start, max((stop for stop in ends if stop - start <= OPENING_CHARS), default=ends[0])


def _plain(text: str) -> str:
    return re.sub(r"\W", "", text).lower()
