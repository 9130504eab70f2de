"""index.reading.markdown: fields from the front matter, and a body without any mark."""

import time

import pytest

from index.article import Article
from index.errors import SourceError
from index.reading.markdown import read_markdown


def only(text: str) -> Article:
    (read,) = read_markdown(text, "folder/窗口.md")
    assert isinstance(read, Article), read
    return read


def test_front_matter_fields_have_their_places() -> None:
    article = only(
        "---\nid: w-1\ntitle: 窗口并到一处\nauthor: 李明、王芳\ncolumn: 民生\nissue: 2023\ndate: 2023-02-01\n"
        "pages: 4\ncaptions:\n  - 窗口前\nsource_url: https://example.org/a\ndraft: false\n---\n正文。\n"
    )
    assert (article.id, article.title, article.authors) == ("w-1", "窗口并到一处", ("李明", "王芳"))
    assert (article.column, article.issue, article.date, article.page) == ("民生", "2023", "2023-02-01", "4")
    assert (article.captions, article.text) == (("窗口前",), "正文。")
    assert article.metadata == {"source_url": "https://example.org/a", "draft": "false"}


def test_marks_are_taken_off_and_wrapped_lines_joined() -> None:
    article = only(
        "# 窗口**并到**一处\n\n来办事的人\n少跑了*路*，见[通知](https://example.org/x)。\n\n## 怎么`做`到\n\n"
        "- 一是**合并**窗口；\n- 二是减少\n  材料。\n\n1. 先看\n2) 再办\n\n> 引用一句。\n\n***\n\n```\n代码 一行\n```\n"
        "| 年 | 件 |\n|----|---:|\n| 2023 | 12 |\n\n![窗口](a.png)\n\n<!-- 注 -->[a]: https://example.org\n\nsnake_case 与 \\*星号\\*\n"
    )
    assert article.title == "窗口并到一处"
    assert article.text.split("\n") == [
        "来办事的人少跑了路，见通知。",
        "怎么做到",
        "一是合并窗口；",
        "二是减少材料。",
        "先看",
        "再办",
        "引用一句。",
        "代码 一行",
        "年 件",
        "2023 12",
        "窗口",
        "snake_case 与 *星号*",
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: 甲\n---\n# 乙\n正文。", "甲"),
        ("# 乙\n正文。", "乙"),
        ("正文。\n\n# 乙\n\n更多。", "乙"),
        ("## 二级\n正文。", "窗口"),
        ("正文。", "窗口"),
    ],
)
def test_the_title_comes_from_front_matter_heading_or_name(text: str, title: str) -> None:
    assert only(text).title == title


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\ntitle: [甲\n---\n正文。", "is not YAML"),
        ("---\n- 甲\n---\n正文。", "holds no fields"),
        ("---\na: &x [1]\nb: *x\n---\n正文。", "refers to itself"),
        ("---\ntitle: 甲\ndate: 2023-02-30\n---\n正文。", "is not YAML"),
        ("---\ntitle: 甲\ndate: yesterday\n---\n正文。", '"date" must be a day'),
        ("---\ntitle: 甲\n---\n\n", '"text" is empty'),
        ("# 只有标题", '"text" is empty'),
        (f"---\ntitle: {'长' * 70_000}\n---\n正文。", "longer than 65536"),
    ],
)
def test_what_cannot_be_used_says_why(text: str, reason: str) -> None:
    (read,) = read_markdown(text, "a.md")
    assert isinstance(read, SourceError)
    assert reason in read.reason


@pytest.mark.parametrize(
    "body",
    [
        "<!--" * 200_000,
        "甲" + " " * 500_000 + "乙",
        "# 甲" + " " * 500_000 + "乙",
        "> " * 200_000 + "甲",
        "-\t" * 200_000,
    ],
)
def test_no_body_takes_long(body: str) -> None:
    started = time.monotonic()
    list(read_markdown(f"---\ntitle: 题\n---\n{body}", "a.md"))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("甲<!-- 略\n去 -->乙", "甲乙"),
        ("甲<!-- 没有关上", "甲<!-- 没有关上"),
        ("> 引文里 3 > 2", "引文里 3 > 2"),
        ("## 小标题 ##", "小标题"),
        ("## C# 与 F#", "C# 与 F#"),
    ],
)
def test_comments_quotes_and_headings(body: str, text: str) -> None:
    assert only(f"---\ntitle: 题\n---\n{body}\n").text == text
