"""The issue of the sample collection, rebuilt whole: every listed title and author, no character lost or doubled."""

import pytest

from eval.reading.gold import magazine_gold
from eval.reading.structure import ISSUE, magazine_report
from index.article import Article
from index.reading.encoding import decode_text
from index.reading.magazine import is_magazine, read_magazine

pytestmark = pytest.mark.skipif(not ISSUE.is_file(), reason=f"{ISSUE} is not part of the repository")


def test_the_issue_is_rebuilt_whole() -> None:
    report = magazine_report()
    assert (report.failed, report.wrong) == ((), ())
    assert (report.lost, report.doubled, report.foreign) == (0, 0, 0)
    assert report.characters > 74_000


def test_bodies_hold_no_page_furniture() -> None:
    text = decode_text(ISSUE.read_bytes())
    assert is_magazine(text)
    articles = list(read_magazine(text, ISSUE.name))
    assert len(articles) == len(magazine_gold())
    for article in articles:
        assert isinstance(article, Article)
        rows = article.text.split("\n")
        assert not [row for row in rows if row in article.captions or row == article.title]
        assert not [row for row in rows if row.startswith(("■", "●")) or "  " in row]
        assert article.issue == ""
        assert article.date is None
