"""Passages that say the same again are folded into the first; what adds a number or a clause is not."""

from pathlib import Path

import pytest

from index.article import Article
from index.building import build
from index.folding import folded
from index.passage import Passage, split
from index.retrieval import Retriever
from index.snapshot import Snapshot
from tests.encoders import HashEncoder

TEXT = "临江县建成社区食堂42家，每天供餐3万份，老人打八折，子女可以远程付费，配送到家不加钱，菜单一周一换，营养师把关，食材可以追溯。"


def passage(article: str, text: str) -> Passage:
    return Passage(article, article, 0, len(text), text, ())


@pytest.mark.parametrize(
    ("later", "again"),
    [
        (TEXT, True),
        ("临江县建成社区食堂42家，每天供餐3万份。", True),
        (TEXT.replace("营养师", "厨师长"), False),
        (TEXT.replace("42", "43"), False),
        (TEXT + "全县覆盖率90%。", False),
        ("临江县要建社区食堂。", False),
        ("……", False),
    ],
)
def test_what_only_says_again_is_folded(later: str, again: bool) -> None:
    found = folded([passage("a", TEXT), passage("b", later)], [0.5, 0.5])
    assert found == ({0: [1]} if again else {0: [], 1: []})


def test_more_than_one_is_folded_into_the_first_and_order_stays() -> None:
    passages = [passage("a", TEXT), passage("b", "另一件事。"), passage("c", TEXT), passage("d", TEXT)]
    assert folded(passages, [0.9, 0.8, 0.88, 0.9]) == {0: [2, 3], 1: []}


def test_passages_of_one_article_are_all_its_own() -> None:
    assert folded([passage("a", TEXT), passage("a", TEXT)], [0.5, 0.5]) == {0: [], 1: []}


def test_a_search_gives_as_many_hits_with_their_duplicates(tmp_path: Path) -> None:
    copies = [Article(f"copy{n}", f"社区食堂之{n}", TEXT) for n in range(3)]
    others = [Article(f"o{n}", f"食堂{n}", f"{n}号食堂在社区开了{n}年，老人都说好。") for n in range(1, 9)]
    build([*copies, *others], tmp_path, HashEncoder())
    retriever = Retriever(Snapshot.open(tmp_path), HashEncoder())
    hits = retriever.search("临江县建成社区食堂多少家", top_k=5)
    assert len(hits) == 5
    first, *rest = hits
    assert first.passage.text == TEXT
    assert [other.text for other in first.duplicates] == [TEXT, TEXT]
    assert {first.passage.article_id, *(other.article_id for other in first.duplicates)} == {"copy0", "copy1", "copy2"}
    assert not any(hit.passage.text == TEXT or hit.duplicates for hit in rest)
    assert len(split(copies[0])) == 1
