import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from opencc import OpenCC

from index.terms import fold, normal, terms


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＧＤＰ５．２％", "gdp5.2%"),
        ("國務院關於台灣", "国务院关于台湾"),
        ("ﬁ①㎡", "fi1m2"),
        ("", ""),
        ("😀", "😀"),
        ("半\ud800个", "半?个"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "words", "bigrams"),
    [
        ("", [], []),
        ("，。！", [], []),
        ("😀", [], []),
        ("县", [], ["县"]),
        ("浙江", ["浙江"], ["浙江"]),
        ("浙江省", ["浙江", "浙江省"], ["浙江", "江省"]),
        ("增长5.2%", ["增长"], ["增长", "5.2"]),
        ("5G与AI", ["5g", "ai"], ["5g", "与", "ai"]),
        ("1+5+16", ["1", "5", "16"], ["1+5+16"]),
        ("数字，经济", ["数字", "经济"], ["数字", "经济"]),
    ],
)
def test_terms(text: str, words: list[str], bigrams: list[str]) -> None:
    assert terms(text) == (words, bigrams)


_TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from("，：；！？（）％\xa0…ＡⅡ①沈浸打坏批覆藉口瞭解海哩甦醒衹得國发臺")),
    max_size=12,
)


@given(_TEXT)
@example("沈浸于沈阳")
@example("一目瞭然，答覆、藉口、毛坏、英哩、甦醒、衹得")
@example("≠=\u0338；")
def test_folding_by_shortcuts_is_folding_step_by_step(text: str) -> None:
    whole = unicodedata.normalize("NFKC", text.encode(errors="replace").decode())
    assert normal(text).encode(errors="replace").decode() == whole
    assert fold(text) == OpenCC("t2s").convert(whole).lower()


def test_terms_repeat_as_often_as_they_occur() -> None:
    assert terms("改革、改革、改革").words == ["改革"] * 3


@pytest.mark.parametrize(
    ("one", "other"), [("數字經濟", "数字经济"), ("ＡＩ", "ai"), ("１２３", "123"), ("GDP", "gdp")]
)
def test_terms_do_not_hang_on_script_width_or_case(one: str, other: str) -> None:
    assert terms(one) == terms(other)


@given(st.text(max_size=60))
def test_terms_hold_no_space(text: str) -> None:
    """Both fields are joined by spaces and cut at them again by the index."""
    for term in (*terms(text).words, *terms(text).bigrams):
        assert term.split() == [term]


def test_long_texts_are_not_kept_in_memory_but_folded_alike() -> None:
    text = "數字經濟，" * 200
    assert terms(text).words == terms("數字經濟，").words * 200
