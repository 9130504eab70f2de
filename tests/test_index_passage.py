from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.article import Article
from index.passage import TARGET_CHARS, Passage, is_heading, split

NASTY = st.one_of(
    st.text(alphabet="政策改革一二，。；：！？“”）（ \n\n\t\r\u3000…—ab1.5😀\u2028\x0b\x0c\x85\0𠮷", max_size=60),
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            [
                "改革",
                "。",
                "，",
                "\n",
                "小标题",
                "一段比较长的正文" * 5,
                "没有标点" * 120,
                "——",
                " ",
                "1,000",
                "\0",
                ".",
                "A",
            ]
        ),
        max_size=20,
    ).map("".join),
)
LONG = "这一句话有二十个字左右用来把段落撑到目标长度。"


def _split(text: str) -> list[Passage]:
    return split(Article("a", "题", text, column="栏", issue="刊"))


@settings(max_examples=400, deadline=None)
@given(text=NASTY)
@example(text="")
@example(text="字")
@example(text="标题\n标题\n标题")
@example(text="标题\n" + "没有标点的话" * 200)
@example(text="“" * 500)
def test_passages_are_ordered_slices_that_cover_the_body(text: str) -> None:
    passages = _split(text)
    assert passages
    position, left_out = 0, ""
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
        assert passage.start >= position
        assert passage.heading[:3] == ("刊", "栏", "题")
        left_out += text[position : passage.start]
        position = passage.end
    left_out += text[position:]
    headings = "".join(part for passage in passages for part in passage.heading[3:])
    lost = Counter("".join(left_out.split())) - Counter(headings)
    assert not lost, "characters in no passage and no heading"
    assert len({passage.id for passage in passages}) == len(passages)
    if text.strip():
        assert all(passage.text.strip() for passage in passages)


@settings(max_examples=100, deadline=None)
@given(text=NASTY)
def test_splitting_depends_on_nothing_but_the_article(text: str) -> None:
    assert _split(text) == _split(text)


def test_headings_go_to_the_passages_below_them() -> None:
    text = f"{LONG}\n改革之初\n{LONG}\n改革之后\n再往后\n{LONG}"
    assert [(passage.heading, passage.text) for passage in _split(text)] == [
        (("刊", "栏", "题"), LONG),
        (("刊", "栏", "题", "改革之初"), LONG),
        (("刊", "栏", "题", "改革之后", "再往后"), LONG),
    ]


def test_indexed_text_has_the_headings_and_id_the_span() -> None:
    passage = _split(f"改革之初\n{LONG}")[0]
    assert passage.indexed_text == f"刊\n栏\n题\n改革之初\n{LONG}"
    assert passage.id == f"a:5-{5 + len(LONG)}"


def test_an_article_without_body_is_one_empty_passage() -> None:
    for text in ("", " \n\u3000\n"):
        assert _split(text) == [Passage("a", "题", 0, 0, "", ("刊", "栏", "题"))]


def test_passages_close_at_sentence_ends_near_the_target() -> None:
    passages = _split(LONG * 40)
    assert "".join(passage.text for passage in passages) == LONG * 40
    assert all(passage.text.endswith("。") for passage in passages)
    assert all(TARGET_CHARS - len(LONG) < len(passage.text) <= TARGET_CHARS for passage in passages[:-1])


@pytest.mark.parametrize("mark", ["", "，", "；", "——"])
def test_an_endless_sentence_is_cut(mark: str) -> None:
    text = f"没有句号的长句{mark}" * 200
    passages = _split(text)
    assert "".join(passage.text for passage in passages) == text
    assert max(len(passage.text) for passage in passages) <= 2 * TARGET_CHARS


@pytest.mark.parametrize(
    ("line", "following", "heading"),
    [
        ("改革之初", LONG, True),
        ("改革之初", "短。", True),
        ("改革之初", "短", False),
        ("改革之初。", LONG, False),
        ("改革之初：", LONG, False),
        ("", LONG, False),
        ("长" * 33, LONG, False),
        ("长" * 32, LONG, True),
    ],
)
def test_is_heading(line: str, following: str, heading: bool) -> None:
    assert is_heading(line, following) is heading
