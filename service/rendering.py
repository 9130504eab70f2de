"""Domain values in, JSON rows out, the same for the command line and HTTP."""

from typing import Any

from index.article import Article
from index.retrieval import Hit
from index.store import AlsoIn
from service.pipeline import Found

Row = dict[str, Any]


def hit_row(hit: Hit) -> Row:
    """A hit as JSON: the passage, its span in the article, and its score in every channel."""
    passage = hit.passage
    return {
        "passage_id": passage.id,
        "article_id": passage.article_id,
        "title": passage.title,
        "heading": list(passage.heading),
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "scores": hit.scores,
        "duplicates": [
            {"passage_id": other.id, "article_id": other.article_id, "title": other.title} for other in hit.duplicates
        ],
    }


def search_reply(found: Found, seconds: float) -> Row:
    """What a search found as JSON, and how long it took."""
    return {
        "hits": [hit_row(hit) for hit in found.hits],
        "timings_ms": {"total": round(seconds * 1000, 2)},
        "snapshot": found.snapshot,
    }


def summary(article: Article) -> Row:
    """One article as lists show it, without its text."""
    return {
        "id": article.id,
        "title": article.title,
        "authors": list(article.authors),
        "column": article.column,
        "issue": article.issue,
        "date": article.date,
        "page": article.page,
        "language": article.language,
        "captions": len(article.captions),
        "characters": len(article.text),
    }


def whole(article: Article, also_in: AlsoIn) -> Row:
    """One article with everything that is known of it."""
    alike = [{"id": key, "title": title, "share": share} for key, title, share in also_in.articles]
    return {
        **summary(article),
        "captions": list(article.captions),
        "reference": article.reference,
        "source": article.source,
        "metadata": dict(article.metadata),
        "also_in": {"sources": list(also_in.sources), "articles": alike},
        "text": article.text,
    }
