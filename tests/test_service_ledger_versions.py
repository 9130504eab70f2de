"""The ledger of a version: whole, changed beside it, compacted, rolled back, resumed, missing and damaged."""

import csv
import io
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index import building
from index.article import Article
from index.command import Options
from index.snapshot import Snapshot
from index.verifying import faults
from index.versions import current
from service.errors import NoLedgerError
from service.ledger.dossiers import Dossier
from service.ledger.ledger import FigureQuery, Ledger, Row
from service.ledger.rendering import Renderer
from service.ledger.tables import GRAMMAR
from service.ledger.writing import CHANGES, FILE, LEDGER
from tests.encoders import HashEncoder

ENCODER = HashEncoder()
DERIVED = (LEDGER,)
OPTIONS = Options(derived=DERIVED)


def rows(folder: Path) -> list[Row]:
    snapshot = Snapshot.open(folder)
    return sorted(Ledger(snapshot).every(FigureQuery()), key=lambda row: (row.article, row.figure_start))


def dossiers(folder: Path) -> list[Dossier]:
    snapshot = Snapshot.open(folder)
    opened = Ledger(snapshot)
    return [opened.dossier(heading) for heading in opened.reforms]


def many(count: int) -> list[Article]:
    """Articles with a figure and a reform each, enough that one more is a small change."""
    return [
        Article(
            f"a{number}",
            f"第{number}号简报",
            f"2023年，清河县新建口袋公园{number + 3}个。“口袋公园”改革是指把边角地改成公园的做法。"
            + "居民在公园里散步聊天下棋看书，孩子们追逐嬉戏。" * 12,
            date="2024-03-01",
        )
        for number in range(count)
    ]


def texts(found: Sequence[Row]) -> list[tuple[str, str]]:
    return [(row.article, row.text) for row in found]


def test_add_and_remove_beside_a_version_yield_what_a_build_yields(tmp_path: Path) -> None:
    changed, built = tmp_path / "changed", tmp_path / "built"
    articles = many(30)
    building.build(articles, changed, ENCODER, OPTIONS)
    edited = replace(articles[4], text="2023年，清河县新建口袋公园99个。" + articles[4].text[40:])
    new = Article("new", "新到的简报", "去年，白石县减免税费超3.2亿元。", date="2024-05-02")
    building.add([edited, new], changed, ENCODER, OPTIONS)
    building.remove(["a7"], changed, ENCODER, OPTIONS)
    building.add([replace(articles[7], text="清河县有公园5个。")], changed, ENCODER, OPTIONS)
    building.remove(["a8"], changed, ENCODER, OPTIONS)
    version = changed / "versions" / (current(changed) or "")
    assert (version / CHANGES).exists(), "the change must have been a small one"

    final = [*articles[:4], edited, *articles[5:7], *articles[9:], new, replace(articles[7], text="清河县有公园5个。")]
    building.build(final, built, ENCODER, OPTIONS)
    assert rows(changed) == rows(built)
    assert dossiers(changed) == dossiers(built)
    assert ("new", "超3.2亿元") in texts(rows(changed))
    assert list(faults(changed, derived=DERIVED)) == []

    building.compact(changed, ENCODER, OPTIONS)
    assert not (changed / "versions" / (current(changed) or "") / CHANGES).exists()
    assert rows(changed) == rows(built)
    building.roll_back(changed)
    assert rows(changed) == rows(built)


def test_only_articles_that_changed_are_read_again(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    first, second = many(2)
    LEDGER.write(old, [first, second], None)
    with closing(sqlite3.connect(old / FILE)) as connection:
        connection.execute("UPDATE figures SET subject = 'as read before'")
        connection.commit()
    LEDGER.write(new, [first, replace(second, text="清河县有公园5个。")], old)
    with closing(sqlite3.connect(new / FILE)) as connection:
        found = connection.execute("SELECT text, subject FROM figures").fetchall()
    assert found == [("3个", "as read before"), ("5个", "公园")]


def test_rows_of_another_grammar_are_not_taken_over(tmp_path: Path) -> None:
    old, new, changed = tmp_path / "old", tmp_path / "new", tmp_path / "changed"
    for folder in (old, new, changed):
        folder.mkdir()
    LEDGER.write(old, many(1), None)
    with closing(sqlite3.connect(old / FILE)) as connection:
        connection.execute("UPDATE figures SET subject = 'as read before'")
        connection.execute(f"PRAGMA user_version = {GRAMMAR - 1}")
        connection.commit()
    LEDGER.write(new, many(1), old)
    with closing(sqlite3.connect(new / FILE)) as connection:
        assert connection.execute("SELECT subject FROM figures").fetchall() == [("新建口袋公园",)]
    LEDGER.change(changed, old, many(2)[1:], ())
    assert list(changed.iterdir()) == []


def test_a_version_written_without_says_which_command_makes_it(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    building.build(many(2), folder, ENCODER)
    with pytest.raises(NoLedgerError, match="run `wence compact --snapshot "):
        Ledger(Snapshot.open(folder)).figures(FigureQuery(), 10)
    assert list(faults(folder, derived=DERIVED)) == []
    building.compact(folder, ENCODER, OPTIONS)
    assert texts(rows(folder)) == [("a0", "3个"), ("a1", "4个")]


def test_a_change_written_without_leaves_no_ledger_of_before(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    building.build(many(30), folder, ENCODER, OPTIONS)
    building.remove(["a1"], folder, ENCODER)
    with pytest.raises(NoLedgerError):
        Ledger(Snapshot.open(folder)).figures(FigureQuery(), 10)


def test_an_interrupted_build_goes_on_to_the_same_ledger(tmp_path: Path) -> None:
    source = tmp_path / "articles.jsonl"
    source.write_text(
        "".join(
            f'{{"id": "{article.id}", "title": "{article.title}", "text": "{article.text}", "date": "2024-03-01"}}\n'
            for article in many(6)
        ),
        encoding="utf-8",
    )

    class StoppedError(Exception):
        pass

    def stop(files: int, articles: int, passages: int) -> None:
        del files, passages
        if articles == 4:
            raise StoppedError

    with pytest.raises(StoppedError):
        building.build_from([source], tmp_path / "s", ENCODER, Options(derived=DERIVED, progress=stop))
    building.build_from([source], tmp_path / "s", ENCODER, OPTIONS)
    building.build(many(6), tmp_path / "whole", ENCODER, OPTIONS)
    assert rows(tmp_path / "s") == rows(tmp_path / "whole")
    assert len(rows(tmp_path / "s")) == 6


def test_verify_tells_of_a_ledger_of_other_articles(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    building.build(many(2), folder, ENCODER, OPTIONS)
    version = folder / "versions" / (current(folder) or "")
    store = Snapshot.open(folder).store
    moved = [replace(article, text="。" + article.text) for article in store.articles()]
    assert len(list(LEDGER.faults(version, moved))) == 2
    assert "which is not there" in "".join(LEDGER.faults(version, [store.article("a0")]))
    (version / FILE).write_bytes(b"\0" + (version / FILE).read_bytes()[1:])
    assert any(FILE in fault for fault in faults(folder, derived=DERIVED))


def test_what_two_articles_tell_differently_is_a_conflict_and_another_time_is_none(tmp_path: Path) -> None:
    def told(article_id: str, text: str) -> Article:
        return Article(article_id, article_id, text, date="2024-03-01")

    found = [
        told("one", "2023年，清河县供餐人数达8.7万人。"),
        told("two", "去年，清河县供餐人数为8.78万人。"),
        told("three", "2022年，清河县供餐人数为6万人。"),
        told("four", "去年，清河县供餐人数为87000人。"),
    ]
    building.build(found, tmp_path / "s", ENCODER, OPTIONS)
    snapshot = Snapshot.open(tmp_path / "s")
    opened = Ledger(snapshot)
    ((timeline,), total) = opened.timelines(FigureQuery(), 10)
    assert total == 1
    assert timeline.indicator == "清河县·供餐人数·人"
    assert [row.article for row in timeline.rows] == ["three", "four", "one", "two"]
    conflicts = opened.conflicts(timeline.rows)
    assert {key[0]: [row.article for row in rows] for key, rows in conflicts.items()} == {
        "one": ["two"],
        "two": ["one", "four"],
        "three": [],
        "four": ["two"],
    }


def test_a_cell_that_a_spreadsheet_would_run_is_told_as_text(tmp_path: Path) -> None:
    title, text = '=HYPERLINK("x")', '-5.2%的增速，“一"二”，\n@县有企业3家。'
    building.build([Article("=a", title, text, date="2024-03-01")], tmp_path / "s", ENCODER, OPTIONS)
    snapshot = Snapshot.open(tmp_path / "s")
    opened = Ledger(snapshot)
    written = "".join(Renderer(opened, snapshot).csv(opened.every(FigureQuery())))
    assert written.startswith("\ufeff")
    lines = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))
    assert [line["value"] for line in lines] == ["-5.2", "3"]
    for line in lines:
        assert line["title"] == f"'{title}"
        for name, cell in line.items():
            assert name in ("value", "low") or not cell.startswith(("=", "+", "-", "@"))
    assert [line["quote"].removeprefix("'") for line in lines] == [row.quote for row in opened.every(FigureQuery())]
