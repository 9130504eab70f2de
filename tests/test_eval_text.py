"""Texts compared: keys on number boundaries, and evidence among passages, on tables worked by hand."""

import pytest

from eval.metrics.text import evidence_ranks, exactly, holds, includes, normalised


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("３．３ 万 个", "3.3万个"),
        ("3,268亿元", "3268亿元"),
        ("1,234,567元", "1234567元"),
        ("1,23", "1,23"),
        ("12,3456", "12,3456"),
        ("１，２３４", "1234"),
        ("甲, 乙", "甲,乙"),
        ("68.52％\n\t", "68.52%"),
        ("①②", "12"),
        ("ＧＤＰ", "GDP"),
    ],
)
def test_normalised(text: str, expected: str) -> None:
    assert normalised(text) == expected
    assert normalised(normalised(text)) == expected


@pytest.mark.parametrize(
    ("answer", "key", "expected"),
    [
        ("共有8个。", "8个", True),
        ("共有18个。", "8个", False),
        ("共有3.8个。", "8个", False),
        ("占2.5%。", "5%", False),
        ("占2.5%。", "2.5%", True),
        ("占12.5%。", "2.5%", False),
        ("2023年", "2023", True),
        ("12023年", "2023", False),
        ("20230年", "2023", False),
        ("得78.65分", "78.6", False),
        ("得78.6分", "78.6", True),
        ("得78.6。", "78.6", True),
        ("共1,234个", "234个", False),
        ("共1,234个", "1234个", True),
        ("共 3.3 万 个", "3.3万个", True),
        ("５Ｇ", "5G", True),
        ("杭州市", "杭州", True),
        ("杭州", "杭州市", False),
        ("18个、8个", "8个", True),
        ("a.b", "a?b", False),
        ("什么都有", "", False),
        ("", "8个", False),
    ],
)
def test_holds_on_number_boundaries(answer: str, key: str, expected: bool) -> None:
    assert holds(answer, key) is expected


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([], True),
        ([["712亿元"]], True),
        ([["712亿元", "700亿元"]], True),
        ([["700亿元"], ["2000家"]], False),
        ([["712亿元"], ["2000家", "两千家"]], True),
        ([["712亿元"], []], False),
        ([["12亿元"]], False),
    ],
)
def test_includes_one_alternative_of_every_group(groups: list[list[str]], expected: bool) -> None:
    assert includes("兑现资金712 亿元，近2000家企业受益。[1]", groups) is expected


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        ([], [], True),
        (["712亿元"], ["712 亿元"], True),
        (["712亿元", "3268亿元"], ["712亿元", "3,268亿元"], True),
        (["3268亿元", "712亿元"], ["712亿元", "3268亿元"], False),
        (["712亿元"], ["712亿元", "3268亿元"], False),
        (["约712亿元"], ["712亿元"], False),
    ],
)
def test_exactly_the_facts_in_their_order(found: list[str], wanted: list[str], expected: bool) -> None:
    assert exactly(found, wanted) is expected


def test_the_rank_of_each_evidence_quote() -> None:
    passages = ["无关的话。", "也无关。", "累计开放\n数据集３.3万个，", "累计开放数据集3.3万个"]
    assert evidence_ranks(passages, ["没有的话", "开放数据集3.3万个", "无关"]) == [None, 3, 1]
    assert evidence_ranks([], ["话"]) == [None]
    assert evidence_ranks(["话"], []) == []
    assert evidence_ranks(["话"], [" "]) == [None]
