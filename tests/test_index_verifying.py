import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import versions
from index.article import Article
from index.building import add, build, remove
from index.dense import DenseIndex
from index.lexical import LexicalWriter
from index.snapshot import Snapshot
from index.verifying import faults
from index.versions import current, new_version, path_of, publish, take_over, writing
from tests.encoders import HashEncoder

ARTICLES = [
    Article(f"a{n}", f"题目{n}", "\n".join(f"第{n}篇第{line}段说了{n * 7 + line}件事。" * 8 for line in range(3)))
    for n in range(60)
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A snapshot with changes beside it."""
    build(ARTICLES, tmp_path / "s", HashEncoder())
    add([Article("new", "新文", "新的正文。")], tmp_path / "s", HashEncoder())
    remove(["a3"], tmp_path / "s", HashEncoder())
    return tmp_path / "s"


def spoiled(folder: Path, spoil: Callable[[Path], object]) -> list[str]:
    """The faults of a version that was spoiled before its digests were taken, so that only its content tells."""
    before = Snapshot.open(folder)
    with writing(folder), new_version(folder) as draft:
        take_over(before.path, draft, list(before.manifest.files))
        for path in [path for path in draft.rglob("*") if path.is_file()]:
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content)
        spoil(draft)
        manifest = before.manifest
        publish(folder, draft, before.encoder, manifest.articles, manifest.passages)
    return list(faults(folder))


def _sql(name: str, statement: str) -> Callable[[Path], None]:
    def spoil(draft: Path) -> None:
        with sqlite3.connect(draft / name) as connection:
            connection.execute(statement)
        connection.close()

    return spoil


def _forget(draft: Path) -> None:
    with LexicalWriter(draft / "lexical", 1000) as lexical:
        lexical.remove("a5")
        lexical.close()


def _not_finite(draft: Path) -> None:
    vectors = DenseIndex(draft / "changes.faiss").vectors(0, 1)
    (draft / "changes.faiss").unlink()
    DenseIndex.write(np.full_like(vectors, np.nan), draft / "changes.faiss")


def test_a_sound_version_has_no_faults(folder: Path) -> None:
    assert list(faults(folder)) == []
    assert spoiled(folder, lambda draft: None) == []


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_sql("store.sqlite", "UPDATE passages SET article = 9 WHERE row = 30"), "are not of article"),
        (_sql("store.sqlite", "DELETE FROM passages WHERE row = 30"), "no passage in row 30"),
        (_sql("store.sqlite", "UPDATE passages SET end = 100000 WHERE row = 30"), "is no span of it"),
        (_sql("store.sqlite", "UPDATE articles SET first_row = first_row - 1 WHERE id = 'a7'"), "disagree"),
        (_sql("changes.sqlite", "INSERT INTO likenesses VALUES (1, 777, .9)"), "1 passages or likenesses"),
        (_forget, "the lexical index has other rows for a5"),
        (_not_finite, "is not finite"),
    ],
)  # fmt: skip
def test_rows_that_do_not_agree_are_named(folder: Path, spoil: Callable[[Path], None], says: str) -> None:
    found = spoiled(folder, spoil)
    assert any(says in fault for fault in found), found


def test_every_spoiled_file_is_a_fault(folder: Path) -> None:
    version = path_of(folder, str(current(folder)))
    (version / "changes.npy").write_bytes(b"x")
    (version / "clauses.npy").unlink()
    content = bytearray((version / "vectors.faiss").read_bytes())
    content[-1] ^= 1
    (version / "vectors.faiss").write_bytes(content)
    (version / "stray").write_bytes(b"")
    found = {fault.removeprefix(f"{version}/").split(":")[0]: fault for fault in faults(folder)}
    assert set(found) == {"changes.npy", "clauses.npy", "vectors.faiss", "stray"}
    assert "has 1 bytes, not" in found["changes.npy"]
    assert "missing" in found["clauses.npy"]
    assert "content" in found["vectors.faiss"]


def test_no_snapshot_is_one_fault(tmp_path: Path) -> None:
    assert len(list(faults(tmp_path))) == 1
    assert "wence build" in next(faults(tmp_path))


def test_a_missing_version_is_one_fault(folder: Path) -> None:
    versions.make_current(folder, "000009-00000000")
    assert len(list(faults(folder))) == 1
