"""index.reading.spacing and .doubling: printed Chinese into reading form."""

import pytest

from index.reading.doubling import split_doubled_end, undouble
from index.reading.spacing import is_letter_spaced, join_wrapped, tidy, tidy_heading, tidy_paragraph


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("2022 年 8 月", "2022年8月"),
        ("近 300 万斤", "近300万斤"),
        ("占 31.5 % ，办 结 总 数", "占31.5%，办结总数"),
        ("云 川 新 政", "云川新政"),
        ("用 AI and  big data 的人", "用AI and big data的人"),
        ("A4 paper", "A4 paper"),
        ("　　全角　空格", "全角空格"),
        ("", ""),
        ("一", "一"),
        ("🙂 好", "🙂好"),
    ],
)
def test_spaces_of_typesetting_go(printed: str, read: str) -> None:
    assert tidy(printed) == read


def test_a_space_inside_a_name_stays_in_a_paragraph_and_between_phrases_in_a_heading() -> None:
    assert (
        tidy_paragraph("印发《关于深化改革 优化环境的意见》 ，共 8 条 办法 若干")
        == "印发《关于深化改革 优化环境的意见》，共8条办法若干"
    )
    assert tidy_heading("先走一步 乘势而进") == "先走一步 乘势而进"
    assert tidy_heading("先 走 一 步") == "先走一步"
    assert tidy_heading("老城新貌 李一鸣 摄") == "老城新貌 李一鸣 摄"


@pytest.mark.parametrize(
    ("line", "spaced"), [("民 生 观 察", True), ("民生 观察", False), ("民 生", False), ("", False)]
)
def test_letter_spacing_is_told_by_every_character(line: str, spaced: bool) -> None:
    assert is_letter_spaced(line) is spaced


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["把窗口", "并到一处。"], "把窗口并到一处。"),
        (["the single", "window"], "the single window"),
        (["总额 12", "34 万元"], "总额 1234 万元"),
        (["Done.", "Next one"], "Done. Next one"),
        ([], ""),
    ],
)
def test_wrapped_lines_join_without_losing_word_spaces(lines: list[str], joined: str) -> None:
    assert join_wrapped(lines) == joined


@pytest.mark.parametrize(
    ("printed", "once"),
    [
        ("云川县云川县““一窗办一窗办””服务大厅服务大厅", "云川县“一窗办”服务大厅"),
        ("20232023年春耕现场年春耕现场", "2023年春耕现场"),
        ("石桥石桥（（新新））村村", "石桥（新）村"),
        ("汇聚山海汇聚山海 同向而行同向而行", "汇聚山海 同向而行"),
        ("老手艺，，““新新””样子样子", "老手艺，“新”样子"),
        ("茶山茶山 李一鸣李一鸣 摄摄", "茶山 李一鸣 摄"),
    ],
)
def test_shadow_print_is_told_once(printed: str, once: str) -> None:
    text, share = undouble(printed)
    assert (text, share >= 0.6) == (once, True)


@pytest.mark.parametrize("line", ["来办事的人人人都说好，实实在在。", "前前后后十八道工序", "", "一", "1111年"])
def test_what_is_not_doubled_keeps_a_low_share_or_its_text(line: str) -> None:
    text, share = undouble(line)
    assert share < 0.6 or len(line) <= 5
    assert len(text) <= len(line)


def test_a_caption_glued_to_a_sentence_is_cut_off() -> None:
    assert split_doubled_end("共12家。茶农在采茶茶农在采茶") == ("共12家。", "茶农在采茶")
    assert split_doubled_end("共12家。茶农在采茶。") == ("共12家。茶农在采茶。", "")
