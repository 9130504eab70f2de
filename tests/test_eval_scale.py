import json
import lzma
from pathlib import Path

import pytest

from embeddings import load_encoder
from eval.scale import articles, built, searched
from index.article import Article
from index.building import add
from index.passage import split
from index.snapshot import Snapshot


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("news") / "news.jsonl.xz"
    with lzma.open(path, "wt", encoding="utf-8") as file:
        for number in range(40):
            text = "".join(
                f"某市第{number}次会议在{place}举行，讨论了道路修建的第{place}项安排。" for place in range(1, 25)
            )
            print(json.dumps({"date": "2023-08-16 18:24:57", "text": text}, ensure_ascii=False), file=file)
    return path


@pytest.mark.parametrize("wanted", [1, 100, 450])
def test_as_many_passages_as_wanted(news: Path, wanted: int) -> None:
    found = list(articles(news, wanted))
    count = sum(len(split(article)) for article in found)
    assert wanted <= count < wanted + len(split(found[-1]))
    assert len({article.id for article in found}) == len({article.text for article in found}) == len(found)
    assert list(articles(news, wanted)) == found


def test_a_collection_is_built_and_searched(news: Path, tmp_path: Path) -> None:
    found = built(tmp_path, news, 200)
    assert found["passages"] >= 200
    assert found["dense"] == {"kind": "Flat", "width": 0, "recall_at_10": 1.0, "questions": 0}
    assert searched(tmp_path)["recall@10"] == 1.0
    add([Article("new", "又一条", "又一条消息。")], tmp_path, load_encoder())
    assert Snapshot.open(tmp_path).manifest.dense == found["dense"]  # a change keeps what was measured
