"""Exact match and F1 of spans, on tables worked by hand from the published definition."""

import pytest

from eval.metrics.span import exact_match, segments, span_f1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  ", []),
        ("。、《》", []),
        ("三百万元", ["三", "百", "万", "元"]),
        ("光荣和ω-force", ["光", "荣", "和", "ωforce"]),
        ("Nintendo Switch平台", ["nintendo", "switch", "平", "台"]),
        ("1986年4月", ["1986", "年", "4", "月"]),
        ("0.304平方公里", ["0.304", "平", "方", "公", "里"]),
        ("1,000人", ["1,000", "人"]),
        ("23～28℃", ["2328℃"]),  # the mark goes first, so the numbers meet
        ("14.2%—20.1%", ["14.2", "%", "—", "20.1", "%"]),
        ("约0.5。", ["约", "0.5"]),
        ("Henry A. Walsh", ["henry", "a.", "walsh"]),
        ("the end.", ["the", "end", "."]),
        ("等...共3个", ["等", "...", "共", "3", "个"]),
        ("它's", ["它", "'s"]),
        ("(A,B)", ["(", "a", ",", "b", ")"]),
        ("安娜·卡列尼娜", ["安", "娜", "卡", "列", "尼", "娜"]),
        ("😀好", ["😀", "好"]),
    ],
)
def test_segments(text: str, expected: list[str]) -> None:
    assert segments(text) == expected


@pytest.mark.parametrize(
    ("found", "alternatives", "exact", "f1"),
    [
        ("三百万元", ["三百万元"], 1, 1),
        ("三百万元。", ["《三百万元》"], 1, 1),
        ("Switch", ["SWITCH"], 1, 1),
        ("三百万元", ["四百万元"], 0, 3 / 4),
        ("元万百三", ["三百万元"], 0, 1 / 4),  # a bag of characters would say 1
        ("约三百万元", ["三百万元"], 0, 2 * 4 / (5 + 4)),
        ("三百", ["三百万元"], 0, 2 * 2 / (2 + 4)),
        ("甲乙丙丁", ["甲乙", "丙丁戊"], 0, 2 * 2 / (4 + 2)),
        ("丙丁戊", ["甲乙", "丙丁戊"], 1, 1),
        ("甲乙X丙丁", ["甲乙丙丁"], 0, 2 * 2 / (5 + 4)),  # the longest run, not all runs together
        ("1986年", ["1986年4月"], 0, 2 * 2 / (2 + 4)),
        ("198", ["1986年"], 0, 0),  # a number is one segment
        ("nintendo switch", ["Nintendo"], 0, 2 / 3),
        ("new york", ["newyork"], 0, 0),
        ("new york city", ["york city"], 0, 2 * 2 / (3 + 2)),
        ("2008-2009", ["20082009"], 1, 1),
        ("0.5", ["05"], 0, 0),  # a full stop in ASCII is kept
        ("上海", ["北京"], 0, 0),
        ("", ["北京"], 0, 0),
        ("。", ["北京"], 0, 0),
        ("", [], 1, 1),
        ("。", [], 1, 1),
        ("北京", [], 0, 0),
    ],
)
def test_table(found: str, alternatives: list[str], exact: float, f1: float) -> None:
    assert exact_match(found, alternatives) == exact
    assert span_f1(found, alternatives) == pytest.approx(f1)
    for text in alternatives[:1] if len(alternatives) == 1 else ():
        assert span_f1(text, [found]) == pytest.approx(f1)
