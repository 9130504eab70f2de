from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.dense import DenseIndex, DenseWriter
from index.dense_kinds import Dense, kinds
from index.errors import SnapshotError


def _unit(rows: int, dimension: int, seed: int) -> NDArray[np.float32]:
    found = np.random.default_rng(seed).standard_normal((rows, dimension)).astype(np.float32)
    unit: NDArray[np.float32] = found / np.linalg.norm(found, axis=1, keepdims=True)
    return unit


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    return _unit(500, 48, 1)


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory, vectors: NDArray[np.float32]) -> DenseIndex:
    path = tmp_path_factory.mktemp("dense") / "向量.faiss"
    DenseIndex.write(vectors, path)
    return DenseIndex(path)


@pytest.mark.parametrize("top_k", [1, 10, 500, 10_000])
def test_search_is_exact(dense: DenseIndex, vectors: NDArray[np.float32], top_k: int) -> None:
    for question in _unit(10, 48, 2):
        cosines = vectors @ question
        expected = np.argsort(-cosines, kind="stable")[:top_k]
        rows, scores = dense.search(question, top_k)
        assert rows.tolist() == expected.tolist()
        np.testing.assert_allclose(scores, cosines[expected], atol=1e-5)


@pytest.mark.parametrize("allowed", [[7], [499, 0, 3], list(range(0, 500, 7)), [5, 5, 5]])
def test_limited_search_equals_all_results_filtered(dense: DenseIndex, allowed: list[int]) -> None:
    for question in _unit(5, 48, 3):
        rows, scores = dense.search(question, 500)
        inside = np.isin(rows, allowed)
        found, values = dense.search(question, 500, np.array(allowed, dtype=np.int64))
        assert found.tolist() == rows[inside].tolist()
        np.testing.assert_allclose(values, scores[inside], atol=1e-6)


def test_limited_to_nothing_finds_nothing(dense: DenseIndex) -> None:
    assert dense.search(_unit(1, 48, 4)[0], 5, np.empty(0, dtype=np.int64))[0].tolist() == []


@pytest.mark.parametrize("top_k", [0, -1])
def test_fewer_than_one_is_none(dense: DenseIndex, top_k: int) -> None:
    assert dense.search(_unit(1, 48, 4)[0], top_k)[0].tolist() == []


def test_vectors_come_back_as_they_were(dense: DenseIndex, vectors: NDArray[np.float32]) -> None:
    assert len(dense) == 500
    assert dense.dimension == 48
    assert np.array_equal(dense.vectors(0, 500), vectors)
    assert np.array_equal(dense.vectors(17, 19), vectors[17:19])
    assert dense.vectors(3, 3).shape == (0, 48)


def test_no_vectors_at_all(tmp_path: Path) -> None:
    DenseIndex.write(np.empty((0, 8), np.float32), tmp_path / "v")
    empty = DenseIndex(tmp_path / "v")
    assert (len(empty), empty.dimension) == (0, 8)
    assert empty.search(np.ones(8, np.float32), 3)[0].tolist() == []


@pytest.mark.parametrize("content", [None, b"", b"not an index", b"IxFI" + b"\xff" * 200])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.faiss"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SnapshotError, match=r"broken\.faiss.*wence build"):
        DenseIndex(path)


@pytest.fixture(scope="module")
def parted(tmp_path_factory: pytest.TempPathFactory, vectors: NDArray[np.float32]) -> DenseIndex:
    """The same vectors, the last 120 in a second file."""
    folder = tmp_path_factory.mktemp("parted")
    DenseIndex.write(vectors[:380], folder / "base")
    DenseIndex.write(vectors[380:], folder / "added")
    return DenseIndex(folder / "base", folder / "added")


@pytest.mark.parametrize("top_k", [1, 10, 500])
@pytest.mark.parametrize("allowed", [None, [379, 380, 381], [5, 499], list(range(0, 500, 3))])
def test_two_files_are_searched_as_one(
    parted: DenseIndex, dense: DenseIndex, top_k: int, allowed: list[int] | None
) -> None:
    rows = None if allowed is None else np.array(allowed, dtype=np.int64)
    for question in _unit(5, 48, 6):
        rows_found, scores = parted.search(question, top_k, rows)
        expected_rows, expected_scores = dense.search(question, top_k, rows)
        assert rows_found.tolist() == expected_rows.tolist()
        assert scores.tolist() == expected_scores.tolist()


def test_rows_of_both_files_come_back(parted: DenseIndex, vectors: NDArray[np.float32]) -> None:
    assert len(parted) == parted.count == 500
    assert np.array_equal(parted.vectors(370, 390), vectors[370:390])
    assert np.array_equal(parted.added, vectors[380:])


@pytest.mark.parametrize("gone", [[0], [379, 380], [499], list(range(100, 400))])
def test_rows_left_out_are_never_found(
    tmp_path: Path, vectors: NDArray[np.float32], dense: DenseIndex, gone: list[int]
) -> None:
    DenseIndex.write(vectors[:380], tmp_path / "base")
    DenseIndex.write(vectors[380:], tmp_path / "added")
    index = DenseIndex(tmp_path / "base", tmp_path / "added")
    index.leave_out(np.array(gone, dtype=np.int64))
    assert index.count == 500 - len(gone)
    for question in _unit(5, 48, 7):
        rows, scores = dense.search(question, 500)
        left = ~np.isin(rows, gone)
        found, values = index.search(question, 500)
        assert found.tolist() == rows[left].tolist()
        np.testing.assert_allclose(values, scores[left], atol=1e-6)


def _clustered(rows: int, dimension: int, seed: int) -> NDArray[np.float32]:
    """Unit vectors around a few hundred centres, as passages are around topics."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(0).standard_normal((300, dimension), dtype=np.float32)
    found = centres[rng.integers(300, size=rows)] + 0.7 * rng.standard_normal((rows, dimension), dtype=np.float32)
    unit: NDArray[np.float32] = found / np.linalg.norm(found, axis=1, keepdims=True)
    return unit


@pytest.fixture(scope="module")
def many() -> NDArray[np.float32]:
    return _clustered(12_000, 32, 1)


def _coded(path: Path, vectors: NDArray[np.float32], memory_mb: float) -> Dense:
    writer = DenseWriter(path.with_suffix(".rows"), vectors.shape[1])
    for start in range(0, len(vectors), 5000):
        writer.add(vectors[start : start + 5000])
    return writer.close(path, memory_mb)


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory, many: NDArray[np.float32]) -> tuple[Path, Dense]:
    """An index of the kind for a memory that holds no vectors, only their codes."""
    path = tmp_path_factory.mktemp("coded") / "v.faiss"
    return path, _coded(path, many, 0.2)


def test_recall_by_code_is_measured(coded: tuple[Path, Dense], many: NDArray[np.float32]) -> None:
    path, written = coded
    assert written.kind == "PQ16x4fs"
    assert 0 < written.width < len(many)
    dense = DenseIndex(path)
    found = 0
    for question in _clustered(100, 32, 9):
        found += len(set(dense.search(question, 10)[0].tolist()) & set(np.argsort(-(many @ question))[:10].tolist()))
    assert found / 1000 >= 0.98
    assert written.recall_at_10 >= 0.99


def test_a_width_that_the_engine_does_not_read_is_kept_beside_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, many: NDArray[np.float32]
) -> None:
    """Two million passages needed 1,600, and could not be opened."""
    monkeypatch.setattr("index.dense.WIDTHS", (1600,))
    written = _coded(tmp_path / "v", many, 0.2)
    assert written.width == 1600
    questions = _clustered(100, 32, 9)
    nearest = np.argmax(many @ questions.T, axis=0)
    found = {
        width: np.mean([
            DenseIndex(tmp_path / "v", None, width).search(question, 1)[0][0] == row
            for question, row in zip(questions, nearest, strict=True)
        ])
        for width in (0, 1, written.width)
    }  # fmt: skip
    assert found[1] < 1.0 == found[0] == found[written.width]


def test_cosines_by_code_are_exact_and_in_order(coded: tuple[Path, Dense], many: NDArray[np.float32]) -> None:
    dense = DenseIndex(coded[0])
    for question in _clustered(20, 32, 3):
        rows, scores = dense.search(question, 50)
        assert len(rows) == len(set(rows.tolist())) == 50
        np.testing.assert_allclose(scores, many[rows] @ question, atol=1e-5)
        assert (np.diff(scores) <= 0).all()


@pytest.mark.parametrize("step", [1, 2, 4000])
def test_limited_search_by_code_is_exact(coded: tuple[Path, Dense], many: NDArray[np.float32], step: int) -> None:
    dense, allowed = DenseIndex(coded[0]), np.arange(0, 12_000, step)
    for question in _clustered(5, 32, 4):
        expected = allowed[np.argsort(-(many[allowed] @ question), kind="stable")][:20]
        assert dense.search(question, 20, allowed)[0].tolist() == expected.tolist()


def test_codes_keep_the_vectors_as_they_were(coded: tuple[Path, Dense], many: NDArray[np.float32]) -> None:
    dense = DenseIndex(coded[0])
    assert (len(dense), dense.dimension) == many.shape
    assert np.array_equal(dense.vectors(4990, 5010), many[4990:5010])


@pytest.mark.parametrize("top_k", [10, 12_000])
def test_codes_do_not_hide_what_is_left(
    coded: tuple[Path, Dense], many: NDArray[np.float32], tmp_path: Path, top_k: int
) -> None:
    """The nearest third left out, and a second file: what is found is what is nearest of the rest."""
    DenseIndex.write(_clustered(50, 32, 5), tmp_path / "added")
    everything = np.concatenate([many, _clustered(50, 32, 5)])
    for question in _clustered(5, 32, 6):
        order = np.argsort(-(everything @ question), kind="stable")
        dense = DenseIndex(coded[0], tmp_path / "added")
        dense.leave_out(np.sort(order[:4000]))
        assert sorted(dense.search(question, top_k)[0]) == sorted(order[4000:][:top_k])


def test_the_same_vectors_give_the_same_file(
    coded: tuple[Path, Dense], many: NDArray[np.float32], tmp_path: Path
) -> None:
    _coded(tmp_path / "again", many, 0.2)
    assert (tmp_path / "again").read_bytes() == coded[0].read_bytes()


def test_what_is_left_out_here_and_there_is_not_found_by_code(
    coded: tuple[Path, Dense], many: NDArray[np.float32]
) -> None:
    dense, left = DenseIndex(coded[0]), np.flatnonzero(np.arange(12_000) % 8)
    dense.leave_out(np.arange(0, 12_000, 8))
    found = 0
    for question in _clustered(50, 32, 7):
        rows = dense.search(question, 10)[0]
        assert len(rows) == 10
        assert (rows % 8).all()
        found += len(set(rows.tolist()) & set(left[np.argsort(-(many[left] @ question))[:10]].tolist()))
    assert found / 500 >= 0.98


def test_a_dimension_without_parts_is_coded_by_number(tmp_path: Path) -> None:
    vectors = _clustered(3000, 31, 1)
    assert _coded(tmp_path / "v", vectors, 0.2).kind == "SQ8"
    dense = DenseIndex(tmp_path / "v")
    for question in _clustered(20, 31, 2):
        assert dense.search(question, 10)[0].tolist() == np.argsort(-(vectors @ question))[:10].tolist()


@pytest.mark.parametrize(
    ("rows", "dimension", "memory_mb", "names"),
    [
        (0, 256, 1024, ["Flat", "PQ128x4fs", "PQ64x4fs"]),
        (25_000, 256, 1024, ["Flat", "PQ128x4fs", "PQ64x4fs"]),
        (25_000, 256, 20, ["PQ128x4fs", "PQ64x4fs"]),
        (250_000, 256, 1024, ["PQ128x4fs", "PQ64x4fs", "Flat"]),
        (250_000, 256, 255, ["PQ128x4fs", "PQ64x4fs"]),
        (250_000, 256, 10, ["PQ64x4fs"]),
        (250_000, 256, 1, ["PQ64x4fs"]),
        (250_000, 127, 1024, ["SQ8", "Flat"]),
        (1999, 256, 1, ["Flat", "PQ128x4fs", "PQ64x4fs"]),
    ],
)
def test_the_kind_follows_from_size_and_memory(rows: int, dimension: int, memory_mb: float, names: list[str]) -> None:
    assert [kind.name for kind in kinds(rows, dimension, memory_mb)] == names
