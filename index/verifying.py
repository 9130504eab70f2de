"""A snapshot version in, what is wrong with it out, fault by fault. Reads everything, repairs nothing."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from index.derived import Derived
from index.errors import SnapshotError
from index.manifest import digest_of, read_manifest
from index.snapshot import Snapshot
from index.store import Filters
from index.versions import current, hold, path_of

_ARTICLES_AT_ONCE = 256
_ROWS_AT_ONCE = 65_536


def faults(folder: Path, name: str | None = None, derived: Sequence[Derived] = ()) -> Iterator[str]:
    """Every fault of a version, by default the current one, a line each; none when it is sound.

    Its files are checked against the manifest, and when those are sound whether each article has its passages, each
    passage is its span, and the store, the vectors and the lexical index hold the same rows; then what was derived.
    """
    name = name or current(folder)
    if name is None:
        try:
            Snapshot.open(folder)
        except SnapshotError as error:
            yield str(error)
        return
    version = path_of(folder, name)
    try:
        descriptor = hold(version)
    except SnapshotError as error:
        yield str(error)
        return
    try:
        broken = False
        for fault in _files(version):
            broken = True
            yield fault
        if not broken:
            snapshot = Snapshot.open(folder, name, hashed=False)
            yield from _rows(snapshot)
            yield from _vectors(snapshot)
            for other in derived:
                yield from other.faults(version, snapshot.store.articles())
    except SnapshotError as error:
        yield str(error)
    finally:
        os.close(descriptor)


def _files(version: Path) -> Iterator[str]:
    manifest = read_manifest(version)
    for path, (size_bytes, digest) in manifest.files.items():
        file = version / path
        if not file.is_file():
            yield f"{file}: missing; run `wence build` again"
        elif file.stat().st_size != size_bytes:
            yield f"{file}: has {file.stat().st_size} bytes, not {size_bytes}; run `wence build` again"
        elif digest_of(file) != digest:
            yield f"{file}: its content is not what was written; run `wence build` again"
    for file in sorted(version.rglob("*")):
        known = str(file.relative_to(version)) in manifest.files or file.name == "manifest.json"
        if file.is_file() and not known and file.suffix != ".lock":
            yield f"{file}: is no file of this version; remove it"


def _rows(snapshot: Snapshot) -> Iterator[str]:
    """Whether articles, passages, vectors and lexical documents are the same ones."""
    store, where = snapshot.store, snapshot.path
    taken = np.zeros(len(snapshot.dense), dtype=np.int64)
    articles = store.matching(Filters())
    if not len(articles) == store.article_count == snapshot.manifest.articles:
        yield f"{where}: {len(articles)} articles, the manifest says {snapshot.manifest.articles}; run `wence build` again"
    for at in range(0, len(articles), _ARTICLES_AT_ONCE):
        some = articles[at : at + _ARTICLES_AT_ONCE]
        try:
            passages = iter(store.passages(row for _, first, end in some for row in range(first, end)))
        except KeyError as error:
            yield f"{where}: an article has no passage in row {error}; run `wence build` again"
            continue
        for article_id, first, end in some:
            taken[first:end] += 1
            own = [next(passages) for _ in range(first, end)]
            if not own or any(passage.article_id != article_id for passage in own):
                yield f"{where}: rows {first} to {end} are not of article {article_id}; run `wence build` again"
            if any(len(passage.text) != passage.end - passage.start or passage.start < 0 for passage in own):
                yield f"{where}: a passage of {article_id} is no span of it; run `wence build` again"
            if snapshot.lexical.rows(article_id).tolist() != list(range(first, end)):
                yield f"{where}: the lexical index has other rows for {article_id}; run `wence build` again"
    if (taken > 1).any():
        yield f"{where}: row {int(np.argmax(taken > 1))} is of two articles; run `wence build` again"
    if not np.array_equal(snapshot.lexical.rows(), np.flatnonzero(taken)):
        yield f"{where}: the lexical index and the store have different rows; run `wence build` again"
    if loose := store.loose_ends():
        yield f"{where}: {loose} passages or likenesses of articles that are not there; run `wence build` again"


def _vectors(snapshot: Snapshot) -> Iterator[str]:
    dense = snapshot.dense
    if dense.dimension != snapshot.encoder.dimension:
        yield f"{snapshot.path}: the vectors have {dense.dimension} dimensions, the encoder {snapshot.encoder.dimension}"
    for start in range(0, len(dense), _ROWS_AT_ONCE):
        block = dense.vectors(start, min(start + _ROWS_AT_ONCE, len(dense)))
        if not np.isfinite(block).all():
            row = start + int(np.argmin(np.isfinite(block).all(axis=1)))
            yield f"{snapshot.path}: the vector of row {row} is not finite; run `wence build` again"
