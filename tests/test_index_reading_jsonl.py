"""index.reading.jsonl and .record: fields into their places, and a reason for each line that is no article."""

import json

import pytest

from index.article import Article
from index.errors import SourceError
from index.reading.jsonl import read_jsonl


def only(text: str) -> Article:
    (read,) = read_jsonl(text, "a.jsonl")
    assert isinstance(read, Article), read
    return read


def test_every_field_of_the_contract_has_its_place() -> None:
    fields = {
        "id": "n-1",
        "title": " 窗口  并到一处 ",
        "text": "第一段。\r\n\n  第二段。 \n",
        "authors": ["李明", "王 芳"],
        "column": "民生",
        "issue": "今闻 2023年第3期",
        "date": "2023-02-01",
        "page": "12-13",
        "captions": ["窗口前排队的人"],
        "subtitle": "一年间",
        "rank": 3,
        "hot": True,
        "tags": ["窗口", "改革"],
        "metadata": {"kicker": "云川县"},
        "none": None,
    }
    article = only(json.dumps(fields, ensure_ascii=False))
    assert article == Article(
        id="n-1",
        title="窗口 并到一处",
        text="第一段。\n第二段。",
        authors=("李明", "王 芳"),
        column="民生",
        issue="今闻 2023年第3期",
        date="2023-02-01",
        page="12-13",
        captions=("窗口前排队的人",),
        source="a.jsonl",
        metadata={"subtitle": "一年间", "rank": "3", "hot": "true", "tags": '["窗口", "改革"]', "kicker": "云川县"},
    )


@pytest.mark.parametrize(
    ("more", "page", "authors"),
    [
        ({"pages": "4"}, "4", ()),
        ({"page": 7, "pages": "8"}, "7", ()),
        ({"author": "李明、王芳"}, None, ("李明", "王芳")),
        ({"authors": "李明"}, None, ("李明",)),
        ({"authors": []}, None, ()),
    ],
)
def test_page_and_author_in_their_other_forms(
    more: dict[str, object], page: str | None, authors: tuple[str, ...]
) -> None:
    article = only(json.dumps({"title": "题", "text": "文。", **more}))
    assert (article.page, article.authors) == (page, authors)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("1" * 5000, "is not JSON"),
        ("null", "is no JSON object"),
        ('"text"', "is no JSON object"),
        ('{"title": "题"}', '"text" is missing'),
        ('{"title": "题", "text": 5}', '"text" is missing or no text'),
        ('{"title": "题", "text": " \\n "}', '"text" is empty'),
        ('{"text": "文。"}', '"title" is missing'),
        ('{"title": ["题"], "text": "文。"}', '"title" must be text'),
        ('{"title": "题", "text": "文。", "date": "2024-13-01"}', '"date" must be a day'),
        ('{"title": "题", "text": "文。", "date": "20240601"}', '"date" must be a day'),
        ('{"title": "题", "text": "文。", "authors": [["李明"]]}', '"authors" must be a list of texts'),
        ('{"title": "题", "text": "文。", "authors": "李明", "author": [{}]}', '"author" must be a list of texts'),
        ('{"title": "题", "text": "文。", "page": 3, "pages": [4]}', '"pages" must be text'),
        ('{"title": "题", "text": "文\\ud800。"}', "half of a surrogate pair"),
        ('{"title": "题", "text": "文。", "id": "a\\ud800"}', "half of a surrogate pair"),
    ],
)
def test_a_line_that_is_no_article_says_where_and_why(line: str, reason: str) -> None:
    good = '{"title": "好", "text": "文。"}'
    first, second, third = read_jsonl(f"{good}\n{line}\n{good}", "a.jsonl")
    assert isinstance(first, Article)
    assert isinstance(third, Article)
    assert isinstance(second, SourceError)
    assert second.reason.startswith("line 2: ")
    assert reason in second.reason


def test_line_separators_inside_a_string_do_not_end_the_line() -> None:
    assert only('{"title": "题", "text": "一\u2028二。"}').text == "一\n二。"
