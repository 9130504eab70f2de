"""index.reading.plain: one article from a text file, its paragraphs rejoined where lines were wrapped."""

from pathlib import PurePath

import pytest

from index.article import Article
from index.reading.plain import is_wrapped, read_text

FIRST = "去年春天，云川县把散在七个部门的窗口并到一处，来办事的人只要交一次材料，等一次结果，少跑了许多冤枉路，也少等了许多天。"
SECOND = "并窗口容易，并流程难。县里先把每件事要的材料逐条对过，能从别处取到的就不再要，剩下的写成一张清单，贴在窗口上，谁也不能多要一样。"
THIRD = "一年下来，清单上的材料少了四成，办结的日子短了一半，群众打来的投诉电话也少了大半，最忙的窗口如今下午四点就没有人排队了。"


def wrap(paragraph: str, width: int, indent: int = 0) -> list[str]:
    """The paragraph cut into rows of `width` characters, marks kept off the beginning of a row, the first row short."""
    rows, rest, room = list[str](), paragraph, width - indent
    while rest:
        cut = min(room, len(rest))
        while cut < len(rest) and rest[cut] in "，。、；：”》）":
            cut += 1
        rows.append(rest[:cut])
        rest, room = rest[cut:], width
    return rows


def only(text: str, name: str = "窗口.txt") -> Article:
    (read,) = read_text(text, name)
    assert isinstance(read, Article), read
    return read


@pytest.mark.parametrize("width", [14, 18, 24, 27])
@pytest.mark.parametrize("indent", [0, 2])
def test_wrapped_text_is_rejoined_by_its_short_last_lines(width: int, indent: int) -> None:
    rows = [row for paragraph in (FIRST, SECOND, THIRD) for row in wrap(paragraph, width, indent)]
    assert only("窗口并到一处\n\n" + "\n".join(rows)).text.split("\n") == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize("between", ["\n\n", "\n　　"])
def test_empty_rows_and_indents_divide_paragraphs_for_certain(between: str) -> None:
    blocks = ["\n".join(wrap(paragraph, 20)) for paragraph in (FIRST, SECOND, THIRD)]
    article = only("窗口并到一处\n\n　　" + between.join(blocks))
    assert article.text.split("\n") == [FIRST, SECOND, THIRD]
    assert article.title == "窗口并到一处"


def test_an_empty_row_after_every_row_divides_nothing() -> None:
    rows = [row for paragraph in (FIRST, SECOND, THIRD) for row in wrap(paragraph, 16, 2)]
    assert only("\n\n".join(rows)).text.split("\n") == [FIRST, SECOND, THIRD]


def test_wrapped_english_keeps_its_word_spaces() -> None:
    text = "One window\n\nThe county moved seven offices behind one\nwindow, so that people hand in their papers\nonce and wait once.\n\nIt took a year."
    article = only(text)
    assert article.title == "One window"
    assert article.text == (
        "The county moved seven offices behind one window, so that people hand in their papers once and wait once.\nIt took a year."
    )


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        (f"窗口并到一处\n{FIRST}\n{SECOND}", "窗口并到一处", f"{FIRST}\n{SECOND}"),
        (f"{FIRST}\n{SECOND}", "窗口", f"{FIRST}\n{SECOND}"),
        ("先看清楚，再办。\n第二行", "窗口", "先看清楚，再办。\n第二行"),
        ("只有一行", "窗口", "只有一行"),
        ("题\n文", "题", "文"),
        ("🙂\n文🙂。", "🙂", "文🙂。"),
        ("無標點的題目\n無標點的內文", "無標點的題目", "無標點的內文"),
        (f"长{'长' * 50}\n文。", "窗口", f"长{'长' * 50}\n文。"),
    ],
)
def test_the_title_is_a_short_first_line_or_the_file_name(text: str, title: str, body: str) -> None:
    article = only(text, "folder/窗口.txt")
    assert (article.title, article.text) == (title, body)
    assert article.source == str(PurePath("folder/窗口.txt"))


def test_text_of_whole_paragraphs_is_not_wrapped() -> None:
    assert not is_wrapped([FIRST, SECOND, THIRD, FIRST])
    assert is_wrapped(wrap(FIRST + SECOND, 16))
    assert not is_wrapped([])


def test_a_line_with_nothing_but_space_under_it_is_text_and_no_title() -> None:
    article = only("题\n  \n", "a.txt")
    assert (article.title, article.text) == ("a", "题")
