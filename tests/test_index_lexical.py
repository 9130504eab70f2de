import errno
import math
import os
import tempfile
from pathlib import Path

import pytest

from index.errors import SnapshotError
from index.lexical import LexicalIndex
from index.passage import Passage
from index.terms import Terms, terms

TEXTS = [
    "港口改革吞吐量增长",
    "养老食堂补贴老人",
    "林场碳汇收入",
    "港口集团港口合并",
    "數字經濟ＡＩ大模型",
    "",
    "😀",
    "5G基站1+5+16",
]
PASSAGES = [Passage(f"a{row % 3}", "", 0, len(text), text, ()) for row, text in enumerate(TEXTS)]


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    folder = tmp_path_factory.mktemp("lexical") / "词"
    LexicalIndex.write(PASSAGES, folder)
    return LexicalIndex(folder)


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("食堂", [1]),
        ("港口", [3, 0]),
        ("数字经济", [4]),
        ("數字經濟", [4]),
        ("ai", [4]),
        ("ＡＩ", [4]),
        ("1+5+16", [7]),
        ("碳汇食堂", [1, 2]),
        ("没人提到", []),
        ("", []),
        ("😀", []),
        ('AND OR NOT " ( * : ~', []),
        ("x" * 100_000, []),
    ],
)
def test_search(lexical: LexicalIndex, question: str, rows: list[int]) -> None:
    found, scores = lexical.search(terms(question), 10)
    assert sorted(found.tolist()) == sorted(rows)
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)
    assert (scores > 0).all()
    if question == "港口":
        assert found.tolist() == rows


def test_scores_are_bm25(lexical: LexicalIndex) -> None:
    """Against the formula of Robertson and Zaragoza (2009) with k1 1.2 and b 0.75, worked out here."""
    lengths = [len(terms(text).bigrams) for text in TEXTS]
    mean = sum(lengths) / len(lengths)
    idf = math.log(1 + (len(TEXTS) - 2 + 0.5) / (2 + 0.5))
    rows, scores = lexical.search(Terms([], ["港口"]), 10)
    for row, score in zip(rows.tolist(), scores.tolist(), strict=True):
        times = terms(TEXTS[row]).bigrams.count("港口")
        expected = idf * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * lengths[row] / mean))
        assert score == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("allowed", [["a0"], ["a1", "a2"], ["a0", "a0"], ["nobody"], []])
def test_limited_search_equals_all_results_filtered(lexical: LexicalIndex, allowed: list[str]) -> None:
    for question in ("港口", "港口食堂收入", "ai基站"):
        rows, scores = lexical.search(terms(question), 100)
        inside = [PASSAGES[row].article_id in allowed for row in rows.tolist()]
        found, values = lexical.search(terms(question), 100, allowed)
        assert found.tolist() == rows[inside].tolist()
        assert values.tolist() == pytest.approx(scores[inside].tolist())


@pytest.mark.parametrize("top_k", [0, -1])
def test_fewer_than_one_is_none(lexical: LexicalIndex, top_k: int) -> None:
    assert lexical.search(terms("港口"), top_k)[0].tolist() == []


def test_top_k_is_the_head_of_all(lexical: LexicalIndex) -> None:
    everything = lexical.search(terms("港口食堂林场"), 100)[0].tolist()
    for top_k in range(1, len(everything) + 1):
        assert lexical.search(terms("港口食堂林场"), top_k)[0].tolist() == everything[:top_k]


def test_document_frequency(lexical: LexicalIndex) -> None:
    assert lexical.document_frequency("bigrams", "港口") == 2
    assert lexical.document_frequency("words", "食堂") == 1
    assert lexical.document_frequency("words", "没有") == 0


def test_rows_survive_many_passages(tmp_path: Path) -> None:
    """Each passage has a word of its own; it must lead back to its row, in whatever order the engine merges."""
    LexicalIndex.write([Passage("a", "", 0, 0, f"w{row}x 共同", ()) for row in range(3000)], tmp_path / "l")
    lexical = LexicalIndex(tmp_path / "l")
    for row in range(0, 3000, 97):
        assert lexical.search(terms(f"w{row}x"), 5)[0].tolist() == [row]
    assert sorted(lexical.search(terms("共同"), 5000)[0].tolist()) == list(range(3000))


def test_no_passages(tmp_path: Path) -> None:
    LexicalIndex.write([], tmp_path / "l")
    assert LexicalIndex(tmp_path / "l").search(terms("港口"), 3)[0].tolist() == []


def test_a_missing_or_foreign_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for name in ("file", "empty", "missing"):
        with pytest.raises(SnapshotError, match=f"{name}.*wence build"):
            LexicalIndex(tmp_path / name)


def test_opens_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """tantivy would create its lock file beside the index; in a read-only folder that must not be needed."""
    LexicalIndex.write(PASSAGES, tmp_path / "l")
    for lock in (tmp_path / "l").glob(".*"):
        lock.unlink()
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write anywhere, so that the mode would not tell
    before = sorted(path.name for path in (tmp_path / "l").iterdir())
    assert LexicalIndex(tmp_path / "l").search(terms("食堂"), 3)[0].tolist() == [1]
    assert sorted(path.name for path in (tmp_path / "l").iterdir()) == before


def test_links_that_cannot_be_thrown_away_are_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine may still write beside them."""

    def busy(*_: object, **__: object) -> None:
        raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY))

    LexicalIndex.write(PASSAGES, tmp_path / "index")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("index.lexical.os.access", lambda *_: False)
    monkeypatch.setattr(os, "rmdir", busy)
    assert LexicalIndex(tmp_path / "index").search(terms("食堂"), 1)[0].tolist() == [1]
