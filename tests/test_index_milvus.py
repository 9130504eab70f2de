"""Milvus against the snapshot's own files, on milvus-lite; the contract of retrieval is that of test_index_retrieval."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from fastapi.testclient import TestClient

pytest.importorskip("pymilvus", reason="pymilvus is not installed: pip install 'wence[milvus]'")
pytest.importorskip("milvus_lite", reason="milvus-lite is not installed: pip install milvus-lite")

from embeddings import load_encoder
from eval.served import free_port
from index.article import Article
from index.building import add, build, build_from, remove
from index.errors import MilvusError, SnapshotError
from index.milvus import loading
from index.milvus.channels import MilvusChannels, expression
from index.milvus.collection import MilvusCollection
from index.milvus.loading import Loaded, load, standing
from index.milvus.weights import Lengths, passage_weights, question_weights
from index.passage import Passage
from index.retrieval import OwnChannels, Retriever, search_terms
from index.snapshot import Snapshot
from index.store import Filters
from service.api.app import create_app
from service.cli import main
from service.pipeline import Pipeline
from service.settings import Settings
from tests.conftest import ARTICLES
from tests.encoders import HashEncoder
from tests.test_index_retrieval import (  # noqa: F401 - the same contract, with this module's `retriever`
    test_a_filter_that_nothing_meets,
    test_a_question_without_content_finds_nothing,
    test_fewer_than_one_is_none,
    test_filters_pushed_down_equal_results_filtered,
    test_nasty_questions_raise_nothing,
    test_question_words_do_not_search,
    test_scores_are_those_of_the_channels,
    test_the_right_article_comes_first,
    test_top_k_is_the_head_of_all,
)

ROOT = Path(__file__).parent.parent
FOOD = {"question": "长者食堂每天供餐多少份？"}
NAMES = (f"c{number}" for number in count())


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("milvus") / "lite.db")


@pytest.fixture
def collection(database: str) -> Iterator[MilvusCollection]:
    """One that nothing is in yet."""
    yield from opened(database)


@pytest.fixture(scope="module")
def retriever(shared: Snapshot, database: str) -> Iterator[Retriever]:
    for collection in opened(database):
        load(shared.folder, collection)
        yield Retriever(shared, HashEncoder(), MilvusChannels(shared, collection))


def opened(database: str) -> Iterator[MilvusCollection]:
    collection = MilvusCollection(database, next(NAMES))
    yield collection
    if collection.exists():
        collection.drop()
    collection.close()


def many(articles: int) -> list[Article]:
    return [
        Article(
            f"a{n}", f"题{n}", f"第{n}条关于{n * 7}号地块和{n % 13}类项目的规定。" * (1 + n % 40), issue=f"第{n % 5}期"
        )
        for n in range(articles)
    ]


def held(collection: MilvusCollection) -> dict[str, tuple[str, str]]:
    """Every passage that is in a collection: id → content of its article, text."""
    rows = list(collection.rows('id != ""', ("id", "content", "text")))
    assert len(rows) == len({row["id"] for row in rows})
    return {row["id"]: (row["content"].partition(":")[0], row["text"]) for row in rows}


def wanted(folder: Path) -> dict[str, tuple[str, str]]:
    """Every passage that a snapshot has, likewise."""
    store = Snapshot.open(folder).store
    return {
        passage.id: (article.content_hash, passage.text)
        for article in store.articles()
        for passage in store.passages(range(*store.rows_of(article.id)))
    }


def test_the_sample_collection_gives_the_same_top_10(tmp_path: Path, collection: MilvusCollection) -> None:
    encoder = load_encoder()
    build_from([ROOT / "corpus"], tmp_path / "s", encoder)
    snapshot = Snapshot.open(tmp_path / "s")
    load(tmp_path / "s", collection)
    here, there = OwnChannels(snapshot), MilvusChannels(snapshot, collection)
    own, other = Retriever(snapshot, encoder, here), Retriever(snapshot, encoder, there)
    questions = (ROOT / "eval/questions/sample-dev.jsonl").read_text(encoding="utf-8").splitlines()
    for line in questions[:50]:
        asked = json.loads(line)["question"]
        expected, found = own.search(asked), other.search(asked)
        assert [hit.row for hit in found] == [hit.row for hit in expected], asked
        assert [hit.passage for hit in found] == [hit.passage for hit in expected]
        for ours, theirs in zip(expected, found, strict=True):
            assert theirs.scores == pytest.approx(ours.scores, abs=1e-4)
        read = own.read(asked).searched
        offered = [
            channels.offer(search_terms(read), encoder.encode_question(read), 10, Filters())
            for channels in (here, there)
        ]
        (lexical, dense), (their_lexical, their_dense) = offered
        assert list(their_dense)[:10] == list(dense)[:10], asked
        assert sorted(their_lexical.values()) == pytest.approx(sorted(lexical.values()), abs=1e-4)


@pytest.mark.parametrize("kind", ["HNSW", "IVF_SQ8"])
def test_other_kinds_of_index(tmp_path: Path, collection: MilvusCollection, kind: Any) -> None:
    encoder = HashEncoder()
    build([replace(article, text=article.text[:20]) for article in many(400)], tmp_path / "s", encoder)
    snapshot = Snapshot.open(tmp_path / "s")
    load(tmp_path / "s", collection, kind)
    own, other = Retriever(snapshot, encoder), Retriever(snapshot, encoder, MilvusChannels(snapshot, collection))
    for asked in ("91号地块", "第12类项目", "规定"):
        expected, found = own.search(asked, 20), other.search(asked, 20)
        scores = [hit.scores["fused"] for hit in found]  # not the rows: many score alike
        assert scores == pytest.approx([hit.scores["fused"] for hit in expected], abs=0.02)


def test_a_load_brings_only_what_changed(tmp_path: Path, collection: MilvusCollection) -> None:
    folder, encoder = tmp_path / "s", HashEncoder()
    build(many(30), folder, encoder)
    first = load(folder, collection)
    assert first == Loaded(first.snapshot, 0, 30, 0, Snapshot.open(folder).store.passage_count)
    assert load(folder, collection) == Loaded(first.snapshot, 30, 0, 0, 0)
    long, short = many(30)[19], many(30)[1]
    add([replace(long, text=short.text), replace(short, text=long.text)], folder, encoder)
    remove(["a5", "a6"], folder, encoder)
    done = load(folder, collection)
    assert (done.same, done.written, done.removed) == (26, 2, 2)
    assert held(collection) == wanted(folder)
    assert standing(Snapshot.open(folder), collection).behind == 0


def test_an_article_in_another_issue_moves(tmp_path: Path, collection: MilvusCollection) -> None:
    folder, encoder = tmp_path / "s", HashEncoder()
    build(many(10), folder, encoder)
    load(folder, collection)
    add([replace(many(10)[3], issue="增刊")], folder, encoder)
    load(folder, collection)
    assert held(collection) == wanted(folder)
    channels = MilvusChannels(Snapshot.open(folder), collection)
    hits = Retriever(Snapshot.open(folder), encoder, channels).search("地块", 50, Filters(issues=("增刊",)))
    assert {hit.passage.article_id for hit in hits} == {"a3"}


class Interrupted(MilvusCollection):
    """Loses its connection after some writes."""

    left = 0

    def upsert(self, rows: Any) -> None:
        self._write()
        super().upsert(rows[: len(rows) // 2] if self.left == 0 else rows)  # the last one arrives in part
        if self.left == 0:
            raise MilvusError("gone")

    def delete(self, where: str) -> None:
        self._write()
        super().delete(where)
        if self.left == 0:
            raise MilvusError("gone")

    def _write(self) -> None:
        self.left -= 1


def test_an_interrupted_load_goes_on(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "BATCH_PASSAGES", 25)
    folder, encoder = tmp_path / "s", HashEncoder()
    articles = many(24)
    build(articles, folder, encoder)
    collection = Interrupted(database, next(NAMES))
    interrupted = 0
    for writes in count(1):
        if writes % 3 == 0:  # the snapshot goes on meanwhile, longer and shorter
            changed = articles[writes % 24]
            add([replace(changed, text=changed.text * (1 + writes % 4))], folder, encoder)
            remove([f"a{23 - writes}"], folder, encoder)
        collection.left = 2 if writes < 6 else writes
        try:
            load(folder, collection)
            break
        except MilvusError:
            interrupted += 1
            seen = standing(Snapshot.open(folder), collection)
            assert seen.behind > 0 or seen.snapshot != Snapshot.open(folder).name
    assert interrupted > 5
    assert held(collection) == wanted(folder)
    assert standing(Snapshot.open(folder), collection).behind == 0
    collection.drop()
    collection.close()


def test_another_version_in_milvus_is_never_mixed_in(tmp_path: Path, collection: MilvusCollection) -> None:
    folder, encoder = tmp_path / "s", HashEncoder()
    build(ARTICLES, folder, encoder)
    before = Snapshot.open(folder)
    load(folder, collection)
    retriever = Retriever(before, encoder, MilvusChannels(before, collection))
    add([Article("new", "长者食堂新篇", "长者食堂又开了三百家。")], folder, encoder)
    remove(["care"], folder, encoder)
    load(folder, collection)
    for hit in retriever.search("长者食堂", 100):
        assert hit.passage.article_id not in ("new", "care")
        assert hit.passage == before.store.passages([hit.row])[0]
    after = Snapshot.open(folder)
    hits = Retriever(after, encoder, MilvusChannels(after, collection)).search("长者食堂")
    assert hits[0].passage.article_id == "new"


def test_what_cannot_be_searched_says_what_to_do(
    tmp_path: Path, shared: Snapshot, collection: MilvusCollection
) -> None:
    with pytest.raises(MilvusError, match="not there; run `wence milvus load`"):
        MilvusChannels(shared, collection)
    build(ARTICLES, tmp_path / "s", HashEncoder(32))
    load(tmp_path / "s", collection)
    with pytest.raises(MilvusError, match="another encoder"):
        MilvusChannels(shared, collection)
    with pytest.raises(MilvusError, match="another encoder"):
        load(shared.folder, collection)
    with pytest.raises(SnapshotError, match="no snapshot there"):
        load(tmp_path / "nowhere", collection)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ['"x" or 1 == 1', "\\", '\\"', "'", "第3期\n", "%", "😀", "\ud800"])
def test_nasty_names_in_filters(tmp_path: Path, collection: MilvusCollection, name: str) -> None:
    sound = name.encode(errors="replace").decode()
    articles = [
        Article("a", "甲", "甲地块。", (sound,), sound, sound),
        Article("b", "乙", "乙地块。", ("x",), "x", "x"),
    ]
    build(articles, tmp_path / "s", HashEncoder())
    load(tmp_path / "s", collection)
    snapshot = Snapshot.open(tmp_path / "s")
    retriever = Retriever(snapshot, HashEncoder(), MilvusChannels(snapshot, collection))
    for filters in (Filters(columns=(name,)), Filters(issues=(name,)), Filters(authors=(name, "y"))):
        assert [hit.passage.article_id for hit in retriever.search("地块", 9, filters)] == ["a"]
    assert retriever.search("地块", 9, Filters(articles=(name,))) == []


def test_filters_as_milvus_takes_them() -> None:
    assert expression(Filters()) == ""
    assert expression(Filters(columns=("深度",), authors=("林", "陈"), date_to="2024-01-01")) == (
        'column in ["深度"] and array_contains_any(authors, ["林", "陈"]) and date != "" and date <= "2024-01-01"'
    )


def test_weights_are_bm25(shared: Snapshot) -> None:
    lengths = Lengths.of(shared)
    for asked in ("港口集团的资产", "长者食堂 长者食堂", "碳汇"):
        terms = search_terms(asked)
        rows, scores = shared.lexical.search(terms, 100)
        question = question_weights(terms, shared)
        for passage, score in zip(shared.store.passages(rows.tolist()), scores.tolist(), strict=True):
            own = passage_weights(passage, lengths)
            assert sum(own.get(key, 0) * weight for key, weight in question.items()) == pytest.approx(score, rel=1e-5)
    assert question_weights(search_terms("没人写过的鑫龘"), shared).keys().isdisjoint({0})
    assert passage_weights(Passage("x", "", 0, 0, "", ()), lengths) == {0: 1.0}


def serving(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    command = [
        sys.executable,
        "-m",
        "milvus_lite",
        "server",
        "--host",
        "127.0.0.1",
        "--data-dir",
        str(folder),
        "--port",
        str(port),
    ]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def connected(url: str, server: "subprocess.Popen[bytes]") -> MilvusCollection:
    for _ in range(100):
        try:
            collection = MilvusCollection(url, "c")
            collection.exists()
            return collection
        except MilvusError:
            assert server.poll() is None
            sleep(0.2)
    raise AssertionError("milvus-lite does not come up")


def test_a_server_that_goes_and_comes_back(tmp_path: Path, shared: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.milvus.collection.SEARCH_S", 1.0)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with pytest.raises(MilvusError, match=rf"{url}: .*see that it runs") as told:
        MilvusCollection(url, "c")
    assert "\n" not in str(told.value)
    server = serving(tmp_path / "data", port)
    try:
        collection = connected(url, server)
        load(shared.folder, collection)
        retriever = Retriever(shared, HashEncoder(), MilvusChannels(shared, collection))
        before = retriever.search("长者食堂")
        assert before
        settings = Settings(snapshot=shared.folder, milvus_url=url, milvus_collection="c")
        client = TestClient(create_app(settings, Pipeline(shared.folder, settings, HashEncoder())))
        hits = client.post("/v1/search", json=FOOD).json()["hits"]
        assert hits
        server.send_signal(signal.SIGKILL)
        server.wait()
        with pytest.raises(MilvusError, match="see that it runs") as told:
            retriever.search("长者食堂")
        assert "\n" not in str(told.value)
        with pytest.raises(MilvusError, match="see that it runs"):
            standing(shared, collection)
        for path in ("/v1/search", "/v1/ask"):
            reply = client.post(path, json=FOOD)
            assert (reply.status_code, reply.json()["error"]["code"]) == (503, "milvus_unavailable")
            assert reply.headers["retry-after"] == "5"
        assert "milvus_unavailable" in client.post("/v1/ask", json={**FOOD, "stream": True}).text
        assert [client.get(path).status_code for path in ("/readyz", "/healthz", "/v1/articles/care")] == [
            503,
            200,
            200,
        ]
        server = serving(tmp_path / "data", port)
        connected(url, server).open()  # milvus-lite has forgotten that it was loaded; Milvus has not
        assert retriever.search("长者食堂") == before
        assert client.post("/v1/search", json=FOOD).json()["hits"] == hits
        assert client.get("/readyz").status_code == 200
        assert standing(shared, collection).behind == 0
        collection.close()
    finally:
        server.kill()
        server.wait()


def test_the_pipeline_searches_where_the_setting_says(tmp_path: Path, database: str) -> None:
    folder, encoder = tmp_path / "s", HashEncoder()
    build(ARTICLES, folder, encoder)
    settings = Settings(snapshot=folder, milvus_url=database, milvus_collection=next(NAMES))
    with pytest.raises(MilvusError, match="wence milvus load"):
        Pipeline(folder, settings, encoder)
    collection = MilvusCollection(database, settings.milvus_collection)
    load(folder, collection)
    pipeline, plain = Pipeline(folder, settings, encoder), Pipeline(folder, Settings(snapshot=folder), encoder)
    asked = "长者食堂每天供餐多少份？"
    found, expected = pipeline.ask(asked), plain.ask(asked)
    assert replace(found, timings_ms={}, retrieved=()) == replace(expected, timings_ms={}, retrieved=())
    assert [item.passage_id for item in found.retrieved] == [item.passage_id for item in expected.retrieved]
    add([Article("new", "长者食堂新篇", "长者食堂又开了三百家。")], folder, encoder)
    pipeline.renew()
    assert pipeline.search("又开了三百家")[0].passage.article_id == "new"
    collection.drop()
    collection.close()
    reply = TestClient(create_app(settings, pipeline)).post("/v1/search", json={"question": "食堂"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (503, "milvus_unavailable")


def test_the_command(
    policies: Path, database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*words: str) -> tuple[int, str]:
        status = main([*words, "--snapshot", str(policies)])
        out = capsys.readouterr()
        assert (status == 2) == bool(out.err)
        return status, out.out + out.err

    assert run("milvus", "status") == (2, (
        "wence: WENCE_MILVUS_URL is not set; set it to `http://host:19530`, or to a path ending in `.db`\n"
    ))  # fmt: skip
    monkeypatch.setenv("WENCE_MILVUS_URL", database)
    monkeypatch.setenv("WENCE_MILVUS_COLLECTION", next(NAMES))
    assert "not there; run `wence milvus load`" in run("milvus", "status")[1]
    status, told = run("milvus", "load")
    assert status == 0
    assert "0 already there, 0 removed" in told
    status, told = run("milvus", "status")
    assert status == 0
    assert "; 0 articles are other than in version" in told
    assert run("search", "改革")[0] == 0
    assert run("milvus", "drop")[0] == 0
    assert run("milvus", "status")[0] == 2
