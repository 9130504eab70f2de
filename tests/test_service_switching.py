"""A service that is asked all the time while versions are published: no request fails, none sees two versions."""

import gc
import re
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from embeddings import load_encoder
from index.article import Article
from index.building import add, build, compact, remove
from index.command import Options
from service.api.app import create_app
from service.pipeline import Pipeline
from service.settings import Settings

EDITIONS = 12
READERS = 4
COUNTIES = ("镜湖县", "云岭县")
OTHERS = [Article(f"o{n}", f"旧闻{n}", f"第{n}号旧闻说，某地办成了{n * 3}件事，大家都很满意。") for n in range(60)]


def articles(edition: int) -> list[Article]:
    """Two articles that speak of the same edition."""
    return [
        Article(county, f"{county}修绿道", f"{county}修成绿道{1000 + edition}公里。", date="2024-05-06")
        for county in COUNTIES
    ]


def editions(reply: dict[str, Any]) -> set[int]:
    """The editions that the hits of a search, or what an answer looked at, are of."""
    texts = [hit["text"] for hit in reply.get("hits", reply.get("retrieved", []))]
    return {int(found) - 1000 for text in texts for found in re.findall("绿道([0-9]+)公里", text)}


@pytest.mark.slow
def test_no_request_fails_or_is_mixed_while_versions_are_published(tmp_path: Path) -> None:
    folder, encoder = tmp_path / "s", load_encoder()
    of_version = {build([*OTHERS, *articles(0)], folder, encoder).snapshot: 0}
    settings = Settings(snapshot=folder)
    app = create_app(settings, Pipeline(folder, settings))
    over = threading.Event()

    def read(client: TestClient) -> list[tuple[str, set[int], str]]:
        seen = []
        while not over.is_set():
            for route in ("/v1/search", "/v1/ask"):
                reply = client.post(route, json={"question": "修成绿道多少公里？", "top_k": 5})
                assert reply.status_code == 200, reply.text
                seen.append((reply.json()["snapshot"], editions(reply.json()), reply.text))
            reply = client.get(f"/v1/articles/{COUNTIES[0]}")
            assert reply.status_code == 200, reply.text
        return seen

    with TestClient(app) as client, ThreadPoolExecutor(READERS) as readers:
        reading = [readers.submit(read, client) for _ in range(READERS)]
        try:
            for edition in range(1, EDITIONS + 1):
                of_version[add(articles(edition), folder, encoder, Options(keep=1)).snapshot] = edition
                if edition % 4 == 0:
                    of_version[compact(folder, encoder, Options(keep=1)).snapshot] = edition
                if edition % 5 == 0:
                    of_version[remove([f"o{edition}"], folder, encoder, Options(keep=1)).snapshot] = edition
        finally:
            over.set()
        seen = [item for readers_ in reading for item in readers_.result()]
        last = client.post("/v1/search", json={"question": "修成绿道多少公里？"}).json()
    assert len({name for name, _, _ in seen}) > 3, "versions were taken up while it was asked"
    for name, found, text in seen:
        assert found == {of_version[name]}, text
    assert of_version[last["snapshot"]] == EDITIONS
    compact(folder, encoder, Options(keep=1))
    assert len(list((folder / "versions").iterdir())) <= 3, "versions are removed when nobody reads them any more"


def test_a_change_over_http_is_answered_from_at_once(tmp_path: Path) -> None:
    build(OTHERS, tmp_path / "s", load_encoder())
    settings = Settings(snapshot=tmp_path / "s", admin_key="key", versions=1)
    with TestClient(create_app(settings, Pipeline(tmp_path / "s", settings))) as client:
        for edition in range(4):
            rows = [{"id": item.id, "title": item.title, "text": item.text} for item in articles(edition)]
            posted = client.post("/v1/articles", json={"articles": rows}, headers={"Authorization": "Bearer key"})
            assert posted.status_code == 200, posted.text
            found = client.post("/v1/search", json={"question": "修成绿道多少公里？"}).json()
            assert (found["snapshot"], editions(found)) == (posted.json()["snapshot"], {edition})


def test_as_of_a_day_leaves_what_was_there(tmp_path: Path) -> None:
    dated = [
        Article(
            f"d{month}", f"{month}月的绿道", f"镜湖县{month}月修成绿道{1000 + month}公里。", date=f"2024-{month:02}-01"
        )
        for month in range(1, 7)
    ]
    undated = Article("undated", "某月的绿道", "镜湖县某月修成绿道1099公里。")
    build([*OTHERS, undated, *dated], tmp_path / "s", load_encoder())
    add([Article("d7", "七月的绿道", "镜湖县7月修成绿道1007公里。", date="2024-07-01")], tmp_path / "s", load_encoder())
    settings = Settings(snapshot=tmp_path / "s")
    with TestClient(create_app(settings, Pipeline(tmp_path / "s", settings))) as client:

        def found(**filters: str) -> set[int]:
            return editions(client.post("/v1/search", json={"question": "镜湖县绿道", "filters": filters}).json())

        assert found() == {1, 2, 3, 4, 5, 6, 7, 99}
        assert found(as_of="2024-07-01") == {1, 2, 3, 4, 5, 6, 7}
        assert found(as_of="2024-03-31") == {1, 2, 3}
        assert found(as_of="2024-03-31", date_from="2024-02-01") == {2, 3}
        assert found(as_of="2024-03-31", date_to="2024-02-01") == {1, 2}
        assert found(as_of="2023-12-31") == set()
        refused = client.post("/v1/search", json={"question": "绿道", "filters": {"as_of": "2024-13-01"}})
        assert refused.status_code == 422


def test_a_version_that_nobody_reads_any_more_is_closed_without_the_collector(tmp_path: Path) -> None:
    """What is loaded before the service starts is frozen, so the collector never comes by it."""
    folder, encoder = tmp_path / "s", load_encoder()
    build(OTHERS, folder, encoder)
    pipeline = Pipeline(folder, Settings())
    pipeline.ask("第7号旧闻办成了几件事？")
    pipeline.ask("How many companies are there in Suzhou?")
    before = weakref.ref(pipeline.snapshot)
    gc.collect()
    gc.disable()
    try:
        add(articles(1), folder, encoder)
        pipeline.renew()
        assert before() is None
    finally:
        gc.enable()
