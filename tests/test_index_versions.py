import os
import shutil
from pathlib import Path

import pytest

from index.article import Article
from index.building import add, build, compact, remove, roll_back
from index.command import Options
from index.errors import SnapshotError, UnknownVersionError
from index.snapshot import Snapshot
from index.verifying import faults
from index.versions import current, hold, kept, path_of
from tests.conftest import ARTICLES
from tests.encoders import HashEncoder

NEW = Article("new", "新文", "别的内容。")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build(ARTICLES, tmp_path / "s", HashEncoder())
    return tmp_path / "s"


def test_roll_back_to_the_version_before_and_forth_again(folder: Path) -> None:
    first = current(folder)
    second = add([NEW], folder, HashEncoder()).snapshot
    assert kept(folder) == [first, second]
    assert roll_back(folder) == first == current(folder)
    assert Snapshot.open(folder).store.article_count == len(ARTICLES)
    with pytest.raises(UnknownVersionError, match=r"no earlier version is kept; `wence versions` lists"):
        roll_back(folder)
    assert roll_back(folder, second) == second
    assert Snapshot.open(folder).store.article_count == len(ARTICLES) + 1


def test_a_change_after_going_back_goes_on_from_there(folder: Path) -> None:
    add([NEW], folder, HashEncoder())
    first = roll_back(folder)
    report = remove(["care"], folder, HashEncoder())
    assert report.articles == len(ARTICLES) - 1
    assert report.snapshot.startswith("000003-")
    assert kept(folder) == [first, report.snapshot], "what was gone back from is not kept"
    assert list(faults(folder)) == []


@pytest.mark.parametrize("name", ["000009-00000000", "..", "", "CURRENT"])
def test_a_version_that_is_not_kept_is_named(folder: Path, name: str) -> None:
    before = current(folder)
    with pytest.raises(UnknownVersionError, match="wence versions"):
        roll_back(folder, name)
    assert current(folder) == before


def test_no_damaged_version_becomes_the_current_one(folder: Path) -> None:
    first = str(current(folder))
    build([NEW], folder, HashEncoder())
    (path_of(folder, first) / "store.sqlite").write_bytes(b"x")
    with pytest.raises(SnapshotError, match=r"store\.sqlite: missing or damaged"):
        roll_back(folder)
    assert Snapshot.open(folder).store.article_count == 1


def test_a_damaged_current_version_can_be_left(folder: Path) -> None:
    first = current(folder)
    second = compact(folder, HashEncoder()).snapshot
    shutil.rmtree(path_of(folder, second) / "lexical")
    assert roll_back(folder) == first
    assert list(faults(folder)) == []


@pytest.mark.parametrize("keep", [1, 2, 4])
def test_so_many_versions_are_kept(folder: Path, keep: int) -> None:
    names = [build(ARTICLES[:1], folder, HashEncoder(), Options(keep=keep)).snapshot for _ in range(5)]
    assert kept(folder) == names[-keep:]


def test_a_version_that_is_read_is_not_removed(folder: Path) -> None:
    opened = Snapshot.open(folder)
    names = [build([NEW], folder, HashEncoder(), Options(keep=1)).snapshot for _ in range(3)]
    assert kept(folder) == [opened.name, names[-1]]
    assert opened.store.article("care").title == ARTICLES[1].title
    del opened
    last = build([NEW], folder, HashEncoder(), Options(keep=1)).snapshot
    assert kept(folder) == [last]


def test_holding_keeps_a_version_until_it_is_let_go(folder: Path) -> None:
    first = str(current(folder))
    descriptor = hold(path_of(folder, first))
    last = build([NEW], folder, HashEncoder(), Options(keep=1)).snapshot
    assert kept(folder) == [first, last]
    os.close(descriptor)
