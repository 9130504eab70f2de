"""A small change is written beside what is there, and reads as if everything had been built at once."""

import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import changing
from index.article import Article
from index.building import add, build, compact, remove
from index.errors import UnknownArticleError
from index.found import Repeat
from index.passage import split
from index.retrieval import Retriever
from index.snapshot import Snapshot
from index.store import Filters
from index.terms import terms
from index.verifying import faults
from index.versions import kept
from tests.encoders import HashEncoder

BASE = 80
PARTS = ("港口", "食堂", "林场", "夜校", "窗口", "绿道", "公交", "药品")


def article(number: int, edition: int = 0) -> Article:
    """Three paragraphs of their own; with every fifth article a page shared with the one before it."""
    topic = PARTS[number % len(PARTS)]
    lines = [
        f"{topic}第{number}号在第{edition}版里讲了{number * 7 + line}件不同的事情，其中{line}件办成了。" * 4
        for line in range(3)
    ]
    shared = [f"第{number // 5}组文章都有的一句话，说的是{topic[0]}的第{line}个老办法。" for line in range(20)]
    text = "\n".join(lines + (["".join(shared)] if number % 5 < 2 else []))
    day = f"2024-{number % 12 + 1:02}-01" if number % 7 else None
    return Article(
        f"a{number}", f"{topic}{number}", text, (f"作者{number % 3}",), f"栏{number % 4}", date=day, source="x"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build([article(number) for number in range(BASE)], tmp_path / "s", HashEncoder())
    return tmp_path / "s"


def assert_holds(folder: Path, expected: Iterable[Article], tmp_path: Path) -> None:
    """The snapshot is sound and, but for the numbers of its rows, what a build of these articles would be."""
    expected = list(expected)
    assert list(faults(folder)) == []
    opened = Snapshot.open(folder)
    build(expected, tmp_path / "fresh", HashEncoder())
    fresh = Snapshot.open(tmp_path / "fresh")
    assert list(opened.store.articles()) == expected
    assert opened.store.passage_count == opened.manifest.passages == fresh.store.passage_count
    for item in expected:
        first, end = opened.store.rows_of(item.id)
        assert opened.store.passages(range(first, end)) == split(item)
        for row, passage in zip(range(first, end), split(item), strict=True):
            encoded = HashEncoder().encode_question(passage.indexed_text)
            assert np.array_equal(opened.dense.vectors(row, row + 1)[0], encoded)
        assert opened.store.also_in(item.id) == fresh.store.also_in(item.id)
    for filters in (
        Filters(columns=("栏1",)),
        Filters(authors=("作者2",), date_to="2024-06-30"),
        Filters(date_from="2024-09-01"),
    ):
        named = [[found[0] for found in each.store.matching(filters)] for each in (opened, fresh)]
        assert named[0] == named[1]
    for question in ("港口第8号", "林场办成了几件", "都有的一句话"):
        vector = HashEncoder().encode_question(question)
        found = [
            [
                (each.store.passages([row])[0].id, score)
                for row, score in zip(*each.dense.search(vector, 500), strict=True)
            ]
            for each in (opened, fresh)
        ]
        assert sorted(found[0]) == sorted(found[1])
        hits = [
            {each.store.passages([row])[0].id for row in each.lexical.search(terms(question), 500)[0]}
            for each in (opened, fresh)
        ]
        assert hits[0] == hits[1]


def is_changed(folder: Path) -> bool:
    return "changes.sqlite" in Snapshot.open(folder).manifest.files


def test_added_articles_are_found_as_if_built_at_once(folder: Path, tmp_path: Path) -> None:
    encoder = HashEncoder()
    report = add([article(100), article(101)], folder, encoder)
    assert is_changed(folder)
    assert (
        (report.articles, report.encoded) == (BASE + 2, len(encoder.seen)) == (BASE + 2, len(split(article(100))) * 2)
    )
    expected = [*(article(number) for number in range(BASE)), article(100), article(101)]
    assert_holds(folder, expected, tmp_path)
    one, other = (Retriever(Snapshot.open(path), HashEncoder()) for path in (folder, tmp_path / "fresh"))
    assert one.search("第101号讲了几件事情") == other.search("第101号讲了几件事情")


def test_what_did_not_change_is_shared_with_the_version_before(folder: Path) -> None:
    before = Snapshot.open(folder)
    add([article(100)], folder, HashEncoder())
    after = Snapshot.open(folder)
    assert before.path != after.path
    for name in before.manifest.files:
        if not name.endswith(".json"):
            assert (before.path / name).samefile(after.path / name), name
            assert after.manifest.files[name] == before.manifest.files[name]
    written = [name for name in after.manifest.files if (after.path / name).stat().st_nlink == 1]
    assert {"changes.sqlite", "changes.faiss", "changes.npy"} <= set(written)


def test_only_changed_passages_of_a_replaced_article_are_encoded(folder: Path, tmp_path: Path) -> None:
    old = article(7)
    lines = old.text.split("\n")
    changed = replace(old, text="\n".join([*lines[:2], "换了的一段，" * 20 + "完。"]))
    fresh = {p.indexed_text for p in split(changed)} - {p.indexed_text for p in split(old)}
    encoder = HashEncoder()
    report = add([changed], folder, encoder)
    assert set(encoder.seen) == fresh
    assert 0 < report.encoded == len(fresh) < len(split(changed))
    assert is_changed(folder)
    assert_holds(folder, [changed if number == 7 else article(number) for number in range(BASE)], tmp_path)


def test_the_same_again_publishes_nothing(folder: Path) -> None:
    name = Snapshot.open(folder).name
    report = add([article(3), article(4)], folder, HashEncoder())
    assert (report.snapshot, report.encoded, kept(folder)) == (name, 0, [name])


def test_any_sequence_of_changes_holds_what_it_should(folder: Path, tmp_path: Path) -> None:
    random_ = random.Random(5)
    held = {f"a{number}": article(number) for number in range(BASE)}
    seen = []
    for step in range(1, 14):
        numbers = random_.sample(range(BASE + 20), 2)
        if step % 3:
            put = [article(number, random_.randrange(3)) for number in numbers]
            add(put, folder, HashEncoder())
            held |= {item.id: item for item in put}
        else:
            gone = random_.sample(sorted(held), 2)
            remove(gone, folder, HashEncoder())
            for article_id in gone:
                del held[article_id]
        seen.append(is_changed(folder))
        if step % 4 == 1 or not seen[-1]:
            assert_holds(folder, held.values(), tmp_path)
    assert True in seen, "small changes stand beside what is there"
    assert False in seen, "and are folded in when they are too many"
    compact(folder, HashEncoder())
    assert not is_changed(folder)
    assert_holds(folder, held.values(), tmp_path)
    one, other = (Retriever(Snapshot.open(path), HashEncoder()) for path in (folder, tmp_path / "fresh"))
    for question in ("港口第8号", "林场办成了几件", "都有的一句话"):
        assert one.search(question, 50) == other.search(question, 50)


def test_what_is_gone_is_found_no_more(folder: Path) -> None:
    remove(["a9"], folder, HashEncoder())
    assert is_changed(folder)
    opened = Snapshot.open(folder)
    with pytest.raises(UnknownArticleError):
        opened.store.article("a9")
    found = {hit.passage.article_id for hit in Retriever(opened, HashEncoder()).search("食堂第9号讲了63件", 200)}
    assert found
    assert "a9" not in found
    assert opened.store.matching(Filters(articles=("a9",))) == []
    with pytest.raises(UnknownArticleError):
        remove(["a9"], folder, HashEncoder())


def test_other_sources_go_and_come_with_their_article(folder: Path) -> None:
    add([article(100), Repeat("a100", "y")], folder, HashEncoder())
    assert Snapshot.open(folder).store.also_in("a100").sources == ("y",)
    add([article(101)], folder, HashEncoder())
    assert Snapshot.open(folder).store.repeats() == [Repeat("a100", "y")]
    remove(["a100"], folder, HashEncoder())
    assert Snapshot.open(folder).store.repeats() == []
    add([article(100)], folder, HashEncoder())
    assert Snapshot.open(folder).store.repeats() == []
    assert is_changed(folder)


def test_compact_drops_what_is_gone_and_encodes_nothing(folder: Path) -> None:
    remove(["a1"], folder, HashEncoder())
    rows = len(Snapshot.open(folder).dense)
    encoder = HashEncoder()
    report = compact(folder, encoder)
    assert (report.encoded, encoder.seen, report.articles) == (0, [], BASE - 1)
    opened = Snapshot.open(folder)
    assert len(opened.dense) == opened.store.passage_count == rows - len(split(article(1)))
    assert list(faults(folder)) == []


def test_a_change_larger_than_its_share_writes_everything_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "SMALL", 0.0)
    add([article(100)], folder, HashEncoder())
    assert not is_changed(folder)
