import json
import lzma
from itertools import product
from pathlib import Path

import pytest

from embeddings import load_encoder
from eval.bench import main
from eval.growth import table
from eval.news import articles
from eval.scale import built, searched
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
    name, questions, source = tmp_path / "out" / "bench", tmp_path / "questions.jsonl", tmp_path / "one.md"
    questions.write_text(
        json.dumps(
            {"id": "1", "question": "第3次会议在哪举行？", "answers": ["县城"], "must_include": [["县城"]],
             "evidence": ["第3次会议在县城举行"], "type": "entity"},
            ensure_ascii=False,
        ),
        encoding="utf-8",
    )  # fmt: skip
    source.write_text("# 一次会议\n\n第3次会议在县城举行，讨论了道路修建。\n", encoding="utf-8")
    given = ["--passages", "60", "3000000", "--news", str(news), "--seconds", "1", "--store", str(name)]
    given += ["--source", str(source), "--questions", str(questions), "--keep", str(tmp_path / "kept")]
    assert main(given) == 0
    found = json.loads(name.with_suffix(".json").read_text(encoding="utf-8"))
    assert found["bare"]["errors"] == 0 < found["bare"]["requests"]
    assert (found["collection"]["articles"], found["collection"]["passages"]) == (1, 1)
    assert found["collection"]["stages"][0]["function"] == "service.pipeline.ask"
    (size,) = found["sizes"]  # the other is larger than what is built each time
    for measured in (size, found["collection"]):
        for path, connections in product(("search", "ask"), (1, 8, 64)):
            load = measured[f"{path}_http_{connections}"]
            assert load["errors"] == 0 < load["requests"]
            assert load["service_processor_ms"] >= 0 < load["client_processor_ms"]
        assert 0 < measured["served_mb"]["own"] <= measured["served_mb"]["resident"]
    assert size["flat_scan"]["gb_a_second"] > 0 < size["lexical_ms"]["p50"]
    assert size["build_peak_mb"] > 0 < size["ask_ms"]["p99"]
    assert name.with_suffix(".md").read_text(encoding="utf-8") == table(found["sizes"]) + "\n"
    assert name.with_suffix(".svg").read_text(encoding="utf-8").startswith("<svg")
