"""The routes and commands of the ledger over the sample collection: shapes, pages, filters, CSV, errors."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from index import building
from index.command import Options
from index.reading import read_sources
from index.snapshot import Snapshot
from service.api.app import create_app
from service.citation_id import locate
from service.cli import main
from service.ledger.writing import LEDGER
from service.pipeline import Pipeline
from service.settings import Settings
from tests.encoders import HashEncoder

CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of the sample collection with its ledger."""
    folder = tmp_path_factory.mktemp("sample") / "snapshot"
    building.build(read_sources([CORPUS]), folder, HashEncoder(), Options(derived=(LEDGER,)))
    return folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    settings = Settings(snapshot=folder)
    with TestClient(create_app(settings, Pipeline(folder, settings, HashEncoder()))) as client:
        yield client


def figures(client: TestClient, **wanted: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/v1/figures", params=wanted).json()["figures"]
    return found


def test_every_figure_stands_in_its_article_word_for_word(client: TestClient, folder: Path) -> None:
    store = Snapshot.open(folder).store
    found = figures(client, limit=1000)
    assert len(found) > 300
    for row in found:
        article = store.article(row["article_id"])
        assert article.text[row["start"] : row["end"]] == row["quote"]
        assert article.text[row["figure_start"] : row["figure_end"]] == row["text"]
        assert locate(row["citation_id"], article).standing == "unchanged"
        assert locate(row["id"], article).standing == "unchanged"


def test_a_query_a_unit_and_an_article_narrow_the_ledger(client: TestClient) -> None:
    (supplied,) = [row for row in figures(client, q="温州 供地", unit="亩") if row["subject"] == "供地"]
    assert supplied["value"] == 5780
    assert (supplied["about"], supplied["comparator"]) == ("温州", "累计")
    assert {row["unit"] for row in figures(client, unit="万元")} == {"元"}
    assert {row["article_id"] for row in figures(client, article_id=supplied["article_id"])} == {supplied["article_id"]}
    assert figures(client, indicator=supplied["indicator"]) == [supplied]
    titled = figures(client, q="企呼我应 处置模式")
    assert {row["title"] for row in titled} == {"湖州“企呼我应”：涉企问题归集、分级办理和闭环评价"}


def test_pages_follow_each_other_and_make_the_whole(client: TestClient) -> None:
    whole = client.get("/v1/figures", params={"limit": 1000}).json()
    seen: list[str] = []
    cursor: str | None = "0"
    while cursor is not None:
        page = client.get("/v1/figures", params={"limit": 97, "cursor": cursor}).json()
        seen += [row["id"] for row in page["figures"]]
        cursor = page["next_cursor"]
    assert seen == [row["id"] for row in whole["figures"]]
    assert len(seen) == len(set(seen)) == whole["total"]


def test_values_are_sorted(client: TestClient) -> None:
    values = [row["value"] for row in figures(client, unit="元", sort="-value", limit=1000)]
    tops = [value[1] if isinstance(value, list) else value for value in values]
    assert tops == sorted(tops, reverse=True)


def test_timelines_hold_all_values_of_an_indicator(client: TestClient) -> None:
    reply = client.get("/v1/figures/indicators", params={"values": 1, "q": "供地"}).json()
    assert reply["total"] == len(reply["indicators"]) > 0
    for timeline in reply["indicators"]:
        assert figures(client, indicator=timeline["indicator"]) != []
        assert {row["indicator"] for row in timeline["figures"]} == {timeline["indicator"]}
    assert client.get("/v1/figures/indicators", params={"values": 500}).json()["indicators"] == []


def test_csv_holds_the_same_rows(client: TestClient) -> None:
    reply = client.get("/v1/figures", params={"format": "csv", "q": "温州"})
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
    rows = figures(client, q="温州", limit=1000)
    assert [line["id"] for line in lines] == [row["id"] for row in rows]
    assert [line["quote"] for line in lines] == [row["quote"] for row in rows]
    assert [float(line["value"]) for line in lines] == [
        row["value"][1] if isinstance(row["value"], list) else row["value"] for row in rows
    ]


def test_a_dossier_cites_every_cell(client: TestClient, folder: Path) -> None:
    store = Snapshot.open(folder).store
    reforms = client.get("/v1/reforms", params={"limit": 1000}).json()["reforms"]
    assert len(reforms) > 10
    for heading in reforms:
        dossier = client.get(f"/v1/reforms/{heading['name']}").json()
        assert dossier["name"] == heading["name"]
        assert [cell for cell, said in dossier["cells"].items() if said] == heading["filled"]
        assert len(dossier["articles"]) == heading["articles"]
        for said in (*(one for cell in dossier["cells"].values() for one in cell or ()), *dossier["articles"]):
            assert store.article(said["article_id"]).text[said["start"] : said["end"]] == said["quote"]
            assert said.get("text", "") in said["quote"]


def test_a_reform_is_found_by_any_spelling(client: TestClient) -> None:
    names = {client.get(f"/v1/reforms/{name}").json()["name"] for name in ("数据得地", "“数据得地”", "数据得地改革")}
    assert len(names) == 1
    assert "数据得地" in names.pop()


def test_an_unknown_reform_names_what_is_near(client: TestClient) -> None:
    reply = client.get("/v1/reforms/数据得土地")
    assert reply.status_code == 404
    error = reply.json()["error"]
    assert error["code"] == "unknown_reform"
    assert "数据得地" in error["detail"]["near"][0]


@pytest.mark.parametrize(
    ("path", "params", "field"),
    [
        ("/v1/figures", {"limit": 0}, "limit"),
        ("/v1/figures", {"sort": "size"}, "sort"),
        ("/v1/figures", {"format": "xls"}, "format"),
        ("/v1/figures/indicators", {"values": "many"}, "values"),
        ("/v1/reforms", {"cursor": -1}, "cursor"),
        ("/v1/figures", {"cursor": [3, 5]}, "cursor"),
        ("/v1/articles", {"limit": [3, 5]}, "limit"),
    ],
)
def test_a_wrong_field_is_named(client: TestClient, path: str, params: dict[str, Any], field: str) -> None:
    reply = client.get(path, params=params)
    assert reply.status_code == 422
    assert reply.json()["error"]["detail"][0]["field"] == field


def test_a_snapshot_without_a_ledger_says_what_to_run(tmp_path: Path) -> None:
    building.build(read_sources([CORPUS / "27-wenzhou-shuju-dedi.md"]), tmp_path / "s", HashEncoder())
    settings = Settings(snapshot=tmp_path / "s")
    with TestClient(create_app(settings, Pipeline(tmp_path / "s", settings, HashEncoder()))) as client:
        for path in ("/v1/figures", "/v1/figures?format=csv", "/v1/figures/indicators", "/v1/reforms", "/v1/reforms/x"):
            reply = client.get(path)
            assert reply.status_code == 503
            assert reply.json()["error"]["code"] == "no_ledger"
            assert "wence compact" in reply.json()["error"]["message"]


def test_the_commands_print_what_the_routes_send(
    client: TestClient, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def out(*words: str) -> str:
        assert main([*words, "--snapshot", str(folder)]) == 0
        return capsys.readouterr().out

    assert json.loads(out("figures", "供地", "--json"))["figures"] == figures(client, q="供地", limit=1000)
    assert out("figures", "供地", "--csv") == client.get("/v1/figures?format=csv&q=供地").content.decode()
    assert "5780亩" in out("figures", "供地")
    known = json.loads(out("reforms", "--json"))["reforms"]
    assert known == client.get("/v1/reforms?limit=1000").json()["reforms"]
    assert known[0]["name"] in out("reforms")
    assert json.loads(out("reform", "数据得地", "--json")) == client.get("/v1/reforms/数据得地").json()
    assert "（文章中没有写明）" in out("reform", "数据得地")


def test_an_unknown_reform_on_the_command_line_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reform", "数据得土地", "--snapshot", str(folder)]) == 2
    told = capsys.readouterr().err
    assert told.startswith("wence: no reform is called '数据得土地'; near it: ")
    assert told.count("\n") == 1
