"""The issue of the sample collection, rebuilt whole: every listed title and author, no character lost or doubled."""

import pytest

from eval.structure import GOLD, ISSUE, UNTITLED, structure_of
from index.article import Article
from index.reading.encoding import decode_text
from tests.reading import items

pytestmark = pytest.mark.skipif(not ISSUE.is_file(), reason=f"{ISSUE} is not part of the repository")


def test_the_issue_is_rebuilt_whole() -> None:
    read = list(items(ISSUE))
    articles = [each for each in read if isinstance(each, Article)]
    assert len(read) == len(articles) == len(GOLD) + UNTITLED
    result = structure_of(articles, decode_text(ISSUE.read_bytes()))
    assert (result.missed, result.wrong_authors, result.lost, result.doubled, result.broken) == ((), (), (), (), ())
    assert len(result.unexpected) == UNTITLED
    assert result.body_characters > 74_000


def test_bodies_hold_no_page_furniture() -> None:
    for article in items(ISSUE):
        assert isinstance(article, Article)
        rows = article.text.split("\n")
        assert not [row for row in rows if row in article.captions or row == article.title]
        assert not [row for row in rows if row.startswith(("■", "●")) or "  " in row]
        assert article.issue == ""
        assert article.date is None
