import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import clause_spans, clauses_around, sentence_spans, stretch_around

PUNCTUATED = st.text(alphabet="改革政策，。；：！？“”）（ \n\t\u3000…—aB1.5,;:?!😀\u2028𠮷", max_size=60)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n\u3000", []),
        ("字", ["字"]),
        ("没有标点的话", ["没有标点的话"]),
        ("第一句。第二句！第三句？", ["第一句。", "第二句！", "第三句？"]),
        ("他说：“好。”然后走了。", ["他说：“好。”", "然后走了。"]),
        ("真的吗？！是的。", ["真的吗？！", "是的。"]),
        ("标题\n正文。", ["标题", "正文。"]),
        ("增长5.2%。下降3.1%。", ["增长5.2%。", "下降3.1%。"]),
        ("It grew. 中文。", ["It grew.", "中文。"]),
        ("v1.5 is out. Next.", ["v1.5 is out.", "Next."]),
        ("甲；乙。", ["甲；乙。"]),
        ("😀。😀", ["😀。", "😀"]),
        ("（完。）下文", ["（完。）", "下文"]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[a:b] for a, b in sentence_spans(text)] == sentences


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("甲，乙；丙：丁。", ["甲，", "乙；", "丙：", "丁。"]),
        ("共3,268件,其中8:30前", ["共3,268件,", "其中8:30前"]),
        ("甲，2021年乙", ["甲，", "2021年乙"]),
        ("甲——乙", ["甲——", "乙"]),
        ("说：“甲，”乙", ["说：", "“甲，”", "乙"]),
        ("没有标点", ["没有标点"]),
    ],
)
def test_clauses(text: str, clauses: list[str]) -> None:
    assert [text[a:b] for a, b in clause_spans(text)] == clauses


@pytest.mark.parametrize(
    ("start", "end", "around"),
    [(0, 1, "甲有三，"), (6, 7, "乙有四；"), (2, 6, "甲有三，乙有四；"), (8, 9, "丙。"), (3, 4, "甲有三，"), (11, 12, "甲有三，乙有四；丙。 ")],
)  # fmt: skip
def test_clauses_around_a_place(start: int, end: int, around: str) -> None:
    assert clauses_around("甲有三，乙有四；丙。 ", start, end) == around


@pytest.mark.parametrize(("at", "stretch"), [(0, "甲有三，乙有四"), (6, "甲有三，乙有四"), (8, "丙。"), (9, "丙。")])
def test_the_stretch_between_semicolons(at: int, stretch: str) -> None:
    assert stretch_around("甲有三，乙有四；丙。", at) == stretch


@pytest.mark.parametrize("spans", [sentence_spans, clause_spans])
@given(text=st.one_of(PUNCTUATED, st.text(max_size=40)), cut=st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_spans_cover_all_but_space(spans: object, text: str, cut: tuple[int, int]) -> None:
    assert callable(spans)
    start, stop = sorted(min(end, len(text)) for end in cut)
    position, left_out = start, ""
    for begin, end in spans(text, start, stop):
        assert position <= begin < end <= stop
        assert text[begin:end] == text[begin:end].strip()
        left_out += text[position:begin]
        position = end
    assert not (left_out + text[position:stop]).strip()
