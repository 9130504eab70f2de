"""From an earlier wence to this one: snapshots of format 1 and the records of the first migration, with nothing lost.

tests/golden/format-1.tar.xz was written by the last commit of format 1 (f635db7): three of `tests.policies` built from
`a.jsonl` and `again.jsonl`, which gives one of them a second time; one added and one replaced from `later.jsonl`; one
removed. `built-in` is made with the built-in encoder of that commit, `own` with the one in `characters`.
"""

import json
import os
import sqlite3
import tarfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from alembic import command
from alembic.config import Config
from numpy.typing import NDArray
from sqlalchemy import create_engine, text

from embeddings.errors import EncoderError
from index.building import upgrade
from index.command import Options
from index.manifest import FORMAT, READABLE
from index.snapshot import Snapshot
from index.verifying import faults
from service.cli import main
from service.ledger.writing import LEDGER
from service.records import database
from service.records.batches import write
from service.records.database import open_database
from service.records.feedback import list_feedback
from service.records.keys import count_use, create_key, list_keys
from service.records.tables import VERSION
from tests.encoders import HashEncoder
from tests.policies import ARTICLES

GOLDEN = Path(__file__).parent / "golden" / "format-1.tar.xz"
KEPT = ["songping-loan", "beilan-bus", "night-school"]
BUSES = "北岚市投放新能源公交车多少辆？"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The folder with both snapshots and the encoder of one."""
    with tarfile.open(GOLDEN) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.fixture
def wence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in [name for name in os.environ if name.startswith("WENCE_")]:
        monkeypatch.delenv(name)

    def run(*words: object, **settings: object) -> tuple[int, str, str]:
        for name, value in settings.items():
            monkeypatch.setenv(name, str(value))
        return main([str(word) for word in words]), *capsys.readouterr()

    return run


def texts() -> dict[str, str]:
    """What the snapshots of format 1 hold: the buses have been counted again since `tests.policies`."""
    found = {str(one["id"]): str(one["text"]) for one in ARTICLES}
    return {key: found[key].replace("460辆", "480辆") for key in KEPT}


def assert_all_there(folder: Path) -> None:
    opened = Snapshot.open(folder)
    assert {article.id: article.text for article in opened.store.articles()} == texts()
    assert [article.id for article in opened.store.articles()] == KEPT
    assert opened.store.article("songping-loan").authors == ("林岚",)
    assert opened.store.also_in("songping-loan").sources == ("again.jsonl",)
    assert list(faults(folder, derived=(LEDGER,))) == []


def answer(wence: Run, folder: Path, **settings: object) -> dict[str, Any]:
    status, out, err = wence("ask", BUSES, "--json", "--snapshot", folder, **settings)
    assert (status, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_formats_before_this_one_are_tested_here() -> None:
    assert (FORMAT, READABLE) == (2, (1, 2)), "keep a snapshot of the format before, and test its upgrade here"


def test_format_1_answers_as_it_is_and_a_change_brings_it_up(old: Path, wence: Run) -> None:
    folder, encoder = old / "own", old / "characters"
    assert Snapshot.open(folder).manifest.format == 1
    assert_all_there(folder)
    assert answer(wence, folder, WENCE_ENCODER=encoder)["short_answers"] == ["480辆"]
    status, _, err = wence("figures", "--snapshot", folder)
    assert status == 2
    assert f"wence compact --snapshot {folder}" in err
    (old / "new.md").write_text("# 镜湖县绿道\n\n2023年，镜湖县新修绿道63公里。\n", encoding="utf-8")
    assert wence("add", old / "new.md", "--snapshot", folder)[0] == 0
    opened = Snapshot.open(folder)
    assert (opened.manifest.format, opened.store.article_count) == (FORMAT, 4)
    assert {article.id: article.text for article in opened.store.articles()}.items() >= texts().items()
    assert "63公里" in wence("figures", "绿道", "--snapshot", folder)[1]
    status, out, _ = wence("rollback", "--snapshot", folder)
    assert (status, out) == (0, "snapshot 000003-ffdb84ee\n")
    assert_all_there(folder)


def test_a_built_in_encoder_that_is_no_more_is_refused_with_the_command_that_keeps_everything(
    old: Path, wence: Run
) -> None:
    folder = old / "built-in"
    assert wence("articles", "--snapshot", folder)[0] == 0
    for words in (["ask", BUSES], ["add", old / "sources" / "a.jsonl"], ["remove", "night-school"], ["compact"]):
        status, out, err = wence(*words, "--snapshot", folder)
        assert (status, out) == (2, "")
        assert "revision '99969a400e2c2913' ≠ " in err
        assert err.endswith(
            f"; run `wence upgrade --snapshot {folder}`, which keeps its articles and encodes them anew\n"
        )
    assert_all_there(folder)
    status, out, err = wence("upgrade", "--snapshot", folder)
    assert (status, err) == (0, "")
    assert out.startswith("3 articles, 3 passages (3 encoded)")
    assert Snapshot.open(folder).manifest.format == FORMAT
    assert_all_there(folder)
    assert answer(wence, folder)["short_answers"] == ["480辆"]
    assert "3.2亿元" in wence("figures", "--snapshot", folder)[1]


class Unreachable(HashEncoder):
    """An encoder whose endpoint goes away."""

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise EncoderError("the endpoint went away")


def test_an_upgrade_that_fails_leaves_what_was_there(old: Path) -> None:
    folder = old / "built-in"
    with pytest.raises(EncoderError, match="went away"):
        upgrade(folder, Unreachable(), Options(derived=(LEDGER,)))
    assert Snapshot.open(folder).name == "000003-b5190422"
    assert_all_there(folder)
    assert not list((folder / "versions").glob(".draft-*"))


def test_an_upgrade_to_the_encoder_that_is_there_encodes_nothing(wence: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    source = tmp_path / "a.md"
    source.write_text("# 镜湖县绿道\n\n2023年，镜湖县新修绿道63公里。\n", encoding="utf-8")
    assert wence("build", source, "--snapshot", folder)[0] == 0
    status, out, _ = wence("upgrade", "--snapshot", folder)
    assert status == 0
    assert out.startswith("1 articles, 1 passages (0 encoded)")


# the records


ANSWER = {
    "id": "a" * 32, "at": "2026-11-20 08:00:00.000000", "surface": "ask", "question_hash": "b" * 64,
    "question": "多少辆？", "status": "answered", "composer": "extractive", "model": None,
    "citations": '["x~1-2~y"]', "timings_ms": '{"total": 4.5}', "snapshot": "000001-1e03bfd9",
}  # fmt: skip
COMMENT = {
    "id": "c" * 32, "at": "2026-11-20 09:00:00.000000", "answer_id": "a" * 32, "rating": "down", "comment": "少了单位",
}  # fmt: skip


def first_records(path: Path) -> None:
    """A database of the first migration with an answer and what somebody thought of it."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
        command.upgrade(config, "0001")
        for table, row in (("answers", ANSWER), ("feedback", COMMENT)):
            names = ", ".join(row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{n}' for n in row)})"), row)
    engine.dispose()


def rows(path: Path, table: str) -> list[dict[str, Any]]:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
    finally:
        connection.close()


def test_records_of_the_first_migration_are_taken_to_the_last_with_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "s.records.sqlite"
    first_records(path)
    assert rows(path, "alembic_version") == [{"version_num": "0001"}]
    engine = open_database(f"sqlite:///{path}")
    assert rows(path, "alembic_version") == [{"version_num": VERSION}]
    assert (rows(path, "answers"), rows(path, "feedback")) == ([ANSWER], [COMMENT])
    (found,) = list_feedback(engine, 10)
    assert (found.rating, found.comment, found.status, found.question) == ("down", "少了单位", "answered", "多少辆？")
    later = {"id": "d" * 32, "at": datetime.now(UTC), "answer_id": "a" * 32, "rating": "up", "comment": None}
    assert write(engine, [], [later]) == {"d" * 32}
    key, _ = create_key(engine, "site", "ask", ("https://example.org",), 10)
    assert [(one.id, one.hash) for one in list_keys(engine)] == [(key.id, key.hash)]
    assert count_use(engine, key, datetime.now(UTC).date()) == 1
    engine.dispose()
