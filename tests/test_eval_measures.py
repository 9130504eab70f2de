"""Citations, figures, refusals and significance, on tables worked by hand."""

import numpy as np
import pytest

from eval.metrics.abstention import area_under, refusal_precision, refusal_recall, risk_coverage
from eval.metrics.citation import is_relevant, is_supported, is_verbatim, proven
from eval.metrics.figure import exactness
from eval.metrics.significance import Score, fewer_p, interval, mean, paired_p


@pytest.mark.parametrize(
    ("quote", "start", "end", "expected"),
    [("改革", 1, 3, True), ("改革", 0, 2, False), ("", 1, 1, False), ("改 革", 1, 3, False), ("改革", 1, 99, False)],
)
def test_verbatim(quote: str, start: int, end: int, expected: bool) -> None:
    assert is_verbatim(quote, "看改革三年", start, end) is expected


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("全省兑现资金712亿元。", True),
        ("全省兑现资金1712亿元。", False),
        ("近2000家企业受益", True),
        ("共有近2000家企业受益，涉及多地。", True),
        ("企业受益", True),
        ("另一件事。", False),
        ("", False),
    ],
)
def test_a_relevant_quote_holds_a_key_or_the_evidence(quote: str, expected: bool) -> None:
    assert is_relevant(quote, [["712亿元"]], ["近2000家企业受益"]) is expected


def test_keys_proven() -> None:
    groups = [["712亿元"], ["2000家", "两千家"], ["3年"]]
    assert proven(["兑现712亿元", "惠及两千家企业"], groups) == 2
    assert proven([], groups) == 0


@pytest.mark.parametrize(
    ("statement", "quotes", "expected"),
    [
        ("兑现资金712亿元。[1]", ["全年兑现资金712亿元，惠及多家"], True),
        ("兑现资金717亿元。[1]", ["全年兑现资金712亿元，惠及多家"], False),
        ("增长5%。", ["增长2.5%。"], False),
        ("增长2.5％。", ["比上年增长2.5%。"], True),
        ("兑现资金712亿元，惠及2000家。", ["兑现资金712亿元", "惠及2000家"], True),
        ("港口货物吞吐量居第一位。", ["兑现资金712亿元"], False),
        ("兑现资金712亿元。", [], False),
        ("", ["兑现资金712亿元"], False),
        ("[1]", ["兑现资金712亿元"], False),
        ("其中，兑现资金总共达到712亿元。", ["兑现资金712亿元"], False),
    ],
)
def test_support_needs_every_number_and_nearly_all_words(statement: str, quotes: list[str], expected: bool) -> None:
    assert is_supported(statement, quotes) is expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2023年，全省兑现近712亿元。", (1, 1, 1, 1)),
        ("2023年，全省兑现接近712亿元。", (1, 1, 1, 1)),
        ("2023年，全省兑现0.0712万亿元。", (1, 1, 0, 1)),
        ("2022年，全省兑现近712亿元。", (1, 1, 1, 0)),
        ("全省兑现超712亿元。", (1, 1, 0, 0)),
        ("2023年，全省兑现近712亿美元。", (1, 0, 1, 1)),
        ("2023年，全省兑现近713亿元。", (0, 0, 0, 0)),
        ("", (0, 0, 0, 0)),
    ],
)
def test_exactness_of_a_figure(said: str, expected: tuple[int, int, int, int]) -> None:
    found = exactness(said, ["近712亿元"], ["2023年全省兑现资金近712亿元"])
    assert tuple(found.values()) == tuple((right, 1) for right in expected)


def test_an_answer_without_figures_asks_for_none() -> None:
    assert exactness("有712亿元。", ["很多"], ["很多"])["value"] == (0, 0)


def test_refusals() -> None:
    refused, unanswerable = [True, True, False, False], [True, False, True, False]
    assert refusal_precision(refused, unanswerable) == 0.5
    assert refusal_recall(refused, unanswerable) == 0.5
    assert refusal_precision([False], [True]) == 0.0
    assert refusal_recall([True], [False]) == 0.0


def test_risk_falls_with_coverage_where_confidence_is_good() -> None:
    curve = risk_coverage([0.9, 0.8, 0.3, 0.3], [False, False, True, False])
    assert curve == [(0.25, 0.0), (0.5, 0.0), (1.0, 0.25)]
    assert area_under(curve) == pytest.approx(0.5 * 0.25)
    assert risk_coverage([], []) == []
    assert area_under([]) == 0.0


def test_the_mean_counts_what_gives_nothing_as_nothing() -> None:
    assert mean([(1, 1), (0, 1), (2, 3), (0, 0)]) == 3 / 5
    assert mean([(0, 0)]) == 0.0
    assert mean([]) == 0.0


def test_the_interval_of_a_share_is_that_of_the_binomial() -> None:
    scores: list[Score] = [*[(1.0, 1.0)] * 80, *[(0.0, 1.0)] * 20]
    low, high = interval(scores)
    assert low == pytest.approx(0.8 - 1.96 * (0.8 * 0.2 / 100) ** 0.5, abs=0.015)
    assert high == pytest.approx(0.8 + 1.96 * (0.8 * 0.2 / 100) ** 0.5, abs=0.015)
    assert interval(scores) == (low, high)
    assert interval([(1, 1)] * 5) == (1.0, 1.0)
    assert interval([]) == (0.0, 0.0)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(3)
    covered = 0
    for _ in range(200):
        low, high = interval([(float(hit), 1.0) for hit in random.random(120) < 0.7])
        covered += low <= 0.7 <= high
    assert 0.90 <= covered / 200 <= 0.99


def test_paired_p() -> None:
    right: list[Score] = [(1, 1)] * 30
    assert paired_p(right, right) == 1.0
    assert paired_p(right, [(0, 1)] * 10 + [(1, 1)] * 20) < 0.01
    assert paired_p(right, [(0, 1)] + [(1, 1)] * 29) == pytest.approx(1.0)
    assert paired_p([], []) == 1.0
    with pytest.raises(ValueError, match="same questions"):
        paired_p(right, right[1:])


def test_paired_p_of_two_equal_runs_is_even() -> None:
    """Under no difference a p below 0.1 comes about one time in ten."""
    random = np.random.default_rng(5)
    low = 0
    for _ in range(200):
        first, second = ([(float(hit), 1.0) for hit in random.random(60) < 0.7] for _ in range(2))
        low += paired_p(first, second) < 0.1
    assert 0.02 <= low / 200 <= 0.16


@pytest.mark.parametrize(
    ("lost", "won", "expected"),
    [(0, 0, 1.0), (1, 0, 0.5), (5, 0, 1 / 32), (5, 5, 0.623046875), (0, 5, 1.0), (3, 1, 5 / 16)],
)
def test_fewer_p_is_the_sign_test(lost: int, won: int, expected: float) -> None:
    assert fewer_p(lost, won) == expected
