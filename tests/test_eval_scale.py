import json
import lzma
from pathlib import Path

import pytest

from embeddings import load_encoder
from eval.growth import table
from eval.scale import articles, built, main, searched
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
    assert found["articles"] == len(list(articles(news, 200)))
    assert found["dense"] == {"kind": "Flat", "width": 0, "recall_at_10": 1.0, "questions": 0}
    once = searched(tmp_path)
    assert (once["passages"] >= 200, once["recall@10"]) == (True, 1.0)
    add([Article("new", "又一条", "又一条消息。")], tmp_path, load_encoder())
    assert Snapshot.open(tmp_path).manifest.dense == found["dense"]  # a change keeps what was measured


@pytest.mark.slow
def test_one_command_measures_every_size(news: Path, tmp_path: Path) -> None:
    name = tmp_path / "out" / "scale"
    given = ["--passages", "60", "--news", str(news), "--seconds", "0.2", "--store", str(name)]
    assert main(given) == 0
    found = json.loads(name.with_suffix(".json").read_text(encoding="utf-8"))
    assert found["bare"]["errors"] == 0 < found["bare"]["requests"]
    (size,) = found["sizes"]
    for path, connections in (("search", 1), ("search", 8), ("search", 64), ("ask", 1), ("ask", 8)):
        load = size[f"{path}_http_{connections}"]
        assert load["errors"] == 0 < load["requests"]
        assert load["service_processor_ms"] >= 0 < load["client_processor_ms"]
    assert 0 < size["served_mb"]["own"] <= size["served_mb"]["resident"]
    assert name.with_suffix(".md").read_text(encoding="utf-8") == table(found["sizes"]) + "\n"
    assert name.with_suffix(".svg").read_text(encoding="utf-8").startswith("<svg")
