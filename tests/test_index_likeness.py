"""Near-duplicates: hand-made articles that share clauses, and a check against counting every pair."""

from itertools import combinations

import pytest

from index.likeness import FEWEST, SHARE, Likeness, Pair

CLAUSES = [f"这是第{number}个互不相同而且足够长的分句" for number in range(60)]


def alike(*texts: str) -> list[Pair]:
    likeness = Likeness()
    for number, text in enumerate(texts):
        likeness.add(number, text)
    return list(likeness.pairs())


def text(*numbers: int) -> str:
    return "，".join(CLAUSES[number] for number in numbers) + "。"


def test_an_edited_reprint_is_a_near_duplicate() -> None:
    assert alike(text(*range(10)), text(*range(20, 30)), text(*range(8), 40, 41)) == [Pair(0, 2, 0.8)]


def test_width_and_punctuation_do_not_matter() -> None:
    assert alike(text(*range(6)), text(*range(6)).replace("，", "；\n")) == [Pair(0, 1, 1.0)]


@pytest.mark.parametrize("shared", [0, 1, FEWEST - 1])
def test_a_few_shared_clauses_prove_nothing(shared: int) -> None:
    assert alike(text(*range(shared), *range(20, 24)), text(*range(shared), *range(30, 34))) == []


def test_a_clause_of_many_articles_is_a_phrase() -> None:
    phrases = text(*range(FEWEST))
    pairs = alike(*(phrases + text(20 + number) for number in range(30)))
    assert all(pair.second - pair.first < 20 for pair in pairs)


@pytest.mark.parametrize("texts", [(), ("",), ("", ""), ("短。", "短。")])
def test_nothing_to_compare(texts: tuple[str, ...]) -> None:
    assert alike(*texts) == []


def test_pairs_equal_counting_every_pair() -> None:
    sets = [set(range(start, start + 12)) for start in range(0, 40, 3)]
    wanted = [
        Pair(a, b, round(len(sets[a] & sets[b]) / 12, 3))
        for a, b in combinations(range(len(sets)), 2)
        if len(sets[a] & sets[b]) >= max(FEWEST, SHARE * 12)
    ]
    assert alike(*(text(*sorted(numbers)) for numbers in sets)) == wanted
