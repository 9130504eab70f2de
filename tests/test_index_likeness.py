"""Near-duplicates: hand-made articles that share clauses, and a check against counting every pair."""

from itertools import combinations

import pytest

from index.likeness import FEWEST, SHARE, Clauses, Likeness, Pair, in_order, new_pairs

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
    assert pairs
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


def clauses(texts: dict[int, str]) -> Clauses:
    likeness = Likeness()
    for number, words in sorted(texts.items()):
        likeness.add(number, words)
    return likeness.clauses()


def test_new_articles_are_compared_with_all_that_are_there() -> None:
    base = {0: text(*range(10)), 1: text(*range(20, 30)), 2: text(*range(10)), 3: text(*range(40, 50))}
    changed = {3: text(*range(30, 40)), 4: text(*range(20, 30))}  # 3 was replaced
    new = {0: text(*range(50, 60)), 5: text(*range(30, 40)), 6: text(*range(20, 28), 58, 59), 7: text(*range(40, 50))}
    found = list(new_pairs(clauses(new), clauses(base), [0, 3], clauses(changed)))
    everything = base | changed | new
    likeness = Likeness()
    for number, words in sorted(everything.items()):
        likeness.add(number, words)
    assert found == [pair for pair in likeness.pairs() if {pair.first, pair.second} & new.keys()]
    assert found == [Pair(1, 6, 0.8), Pair(3, 5, 1.0), Pair(4, 6, 0.8)]


def test_collections_of_clauses_are_put_in_one_order() -> None:
    both = in_order(clauses({0: text(1, 2, 3), 9: text(2)}), clauses({4: text(2, 7)}))
    assert both["hash"].tolist() == sorted(both["hash"].tolist())
    assert sorted(both["article"].tolist()) == [0, 0, 0, 4, 4, 9]


def test_nothing_new_makes_no_pairs() -> None:
    base = clauses({0: text(*range(10)), 1: text(*range(10))})
    assert list(new_pairs(base[:0], base, [], base[:0])) == []
    assert list(new_pairs(base[:0], base[:0], [], base[:0])) == []


def test_a_phrase_of_many_articles_is_not_compared_with_each() -> None:
    phrase = "凡是文章都要说的一句很长的套话"
    base = clauses({n: f"{phrase}，{text(n % 50)}" for n in range(5000)})
    new = {5000: f"{phrase}，{text(*range(50, 56))}", 5001: f"{phrase}，{text(*range(50, 57))}"}
    assert list(new_pairs(clauses(new), base, [], base[:0])) == [Pair(5000, 5001, 1.0)]


def test_an_article_without_a_clause_can_be_gone() -> None:
    """The last of a collection, which is in no array of clauses."""
    base, nothing = Likeness(), Likeness().clauses()
    base.add(0, text(*range(10)))
    new = Likeness()
    new.add(1, text(*range(10)))
    assert list(new_pairs(nothing, base.clauses(), [5], nothing)) == []
    assert list(new_pairs(new.clauses(), base.clauses(), [5], nothing)) == [Pair(0, 1, 1.0)]
