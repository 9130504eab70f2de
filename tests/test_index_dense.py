from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.dense import DenseIndex
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
