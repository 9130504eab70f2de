from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from service.citation_id import Place, article_of, citation_id, locate

TEXT = "开头一句。通关时间由3天缩短至1天。😀结尾一句。"
QUOTE = "通关时间由3天缩短至1天。"
ARTICLE = Article("port~1", "海港", TEXT)
START = TEXT.index(QUOTE)
END = START + len(QUOTE)
ID = citation_id(ARTICLE.id, START, END, QUOTE)


def test_the_id_is_made_of_article_span_and_sha256() -> None:
    assert ID == "port~1~5-18~c3c5305ae0"
    assert article_of(ID) == "port~1"
    assert citation_id(ARTICLE.id, START, END, QUOTE) == ID


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (TEXT, Place("unchanged", START, END)),
        (TEXT + "新的一段。", Place("unchanged", START, END)),
        ("新的开头。" + TEXT, Place("moved", START + 5, END + 5)),
        (QUOTE, Place("moved", 0, len(QUOTE))),
        (TEXT + QUOTE, Place("unchanged", START, END)),
        ("xx" + QUOTE + QUOTE, Place("moved", 2, 2 + len(QUOTE))),
        (TEXT.replace("3天", "4天"), Place("changed")),
        (TEXT.replace("。", "．"), Place("changed")),
        ("", Place("changed")),
        ("短", Place("changed")),
    ],
)
def test_locate(text: str, place: Place) -> None:
    found = locate(ID, replace(ARTICLE, text=text))
    assert found == place
    if found.start is not None:
        assert text[found.start : found.end] == QUOTE


@given(st.text(max_size=30), st.integers(0, 30), st.integers(0, 30), st.text(max_size=10))
def test_a_quote_is_found_again_wherever_it_went(text: str, one: int, other: int, before: str) -> None:
    start, end = sorted(min(cut, len(text)) for cut in (one, other))
    made = citation_id("a", start, end, text[start:end])
    assert locate(made, Article("a", "", text)) == Place("unchanged", start, end)
    moved = locate(made, Article("a", "", before + text))
    assert moved.standing in ("unchanged", "moved")
    assert (before + text)[moved.start : moved.end] == text[start:end]


@pytest.mark.parametrize("article_id", ["a", "a~b", "a~1-2~0123456789", "文章", "a:0-9", "~"])
def test_any_article_id_comes_back(article_id: str) -> None:
    assert article_of(citation_id(article_id, 0, 3, "字句。")) == article_id


@pytest.mark.parametrize(
    "wrong",
    ["", "port", "port~0-5", "port~0-5~abc", "port~0-5~ABCDEF0123", "port~5-0~c3c5305ae0", "port~-1-5~c3c5305ae0", "~0-5~c3c5305ae0",
     "port~٣-٥~c3c5305ae0", f"port~0-{'9' * 5000}~c3c5305ae0", ID + "\n", "port~5-18~c3c5305ae0 "],
)  # fmt: skip
def test_what_is_no_citation_id(wrong: str) -> None:
    assert article_of(wrong) is None
    with pytest.raises(ValueError, match="is no citation id"):
        locate(wrong, ARTICLE)


def test_a_span_far_outside_is_changed() -> None:
    assert locate(f"port~1~0-{10**12 - 1}~c3c5305ae0", ARTICLE) == Place("changed")
