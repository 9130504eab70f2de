"""A snapshot version and a few changed articles in, the next version out, with only what changed written and encoded.

The new version shares the files of the one before. What is put in gets rows after all others; what is gone leaves its
rows empty. Writing the whole version anew (`index.building`) closes the gaps.
"""

import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder
from index.article import Article
from index.changes import ChangesWriter
from index.command import PLAIN, Options, Report
from index.dense import DenseIndex
from index.errors import SourceError, UnknownArticleError
from index.found import Repeat
from index.lexical import LexicalWriter
from index.passage import Passage, split
from index.snapshot import Snapshot
from index.store import Store
from index.versions import new_version, publish, take_over

SMALL: Final = 0.125
"""Up to this share of a version's passages, what was put in and what is gone since it was written stays beside it."""


def is_small(before: Snapshot, passages: int) -> bool:
    """Whether so many passages more or less can be written beside what is there."""
    added, empty = len(before.dense.added), len(before.dense) - before.dense.count
    base = len(before.dense) - added
    return "clauses.npy" in before.manifest.files and added + empty + passages <= SMALL * base


def change(
    before: Snapshot,
    encoder: Encoder,
    put: Sequence[Article] = (),
    *,
    removed: Sequence[str] = (),
    repeats: Sequence[Repeat] = (),
    failures: tuple[SourceError, ...] = (),
    options: Options = PLAIN,
) -> Report:
    """Publish a version with these articles put in, each in the place of the one of its id if there is one, and those
    removed gone; each id once. Where nothing changes, no version is published. Only for the holder of the writer lock.
    """
    known = {article.id: same for article in put if (same := _found(before.store, article.id))}
    put = [article for article in put if known.get(article.id) != article]
    store = before.store
    if not (put or removed or repeats):
        return Report(before.name, store.article_count, store.passage_count, 0, failures)
    old = [*removed, *(article.id for article in put if article.id in known)]
    with new_version(before.folder) as draft:
        take_over(before.path, draft, [name for name in before.manifest.files if _is_shared(name)])
        passages = [split(article) for article in put]
        _write_texts(before, draft, put, passages, removed, repeats, old)
        vectors, encoded = _vectors(before, encoder, passages, known)
        DenseIndex.write(np.concatenate([before.dense.added, vectors]), draft / "changes.faiss")
        for other in options.derived:
            other.change(draft, before.path, put, old)
        articles = store.article_count + len(put) - len(old)
        rows = store.passage_count + len(vectors) - sum(end - first for first, end in map(store.rows_of, old))
        name = publish(before.folder, draft, encoder.info, articles, rows, before=before.path, keep=options.keep)
        return Report(name, articles, rows, encoded, failures)


def _is_shared(name: str) -> bool:
    """Whether a file stays as it is when little changes; what others derive, they take over themselves."""
    return name in ("store.sqlite", "vectors.faiss", "clauses.npy") or name.startswith("lexical/")


def _found(store: Store, article_id: str) -> Article | None:
    try:
        return store.article(article_id)
    except UnknownArticleError:
        return None


def _write_texts(
    before: Snapshot,
    draft: Path,
    put: Sequence[Article],
    passages: Sequence[Sequence[Passage]],
    removed: Sequence[str],
    repeats: Sequence[Repeat],
    old: Sequence[str],
) -> None:
    """The store and the lexical index of the new version."""
    for name in ("changes.sqlite", "changes.npy"):
        if name in before.manifest.files:
            shutil.copyfile(before.path / name, draft / name)
    row = len(before.dense)
    with closing(ChangesWriter(draft)) as store, LexicalWriter(draft / "lexical", row) as lexical:
        for article_id in removed:
            store.remove(article_id)
        for article_id in old:
            lexical.remove(article_id)
        for article, own in zip(put, passages, strict=True):
            store.put(article, own, row)
            row += len(own)
            for passage in own:
                lexical.add(passage)
        store.repeat(repeats)
        store.finish()
        lexical.close()


def _vectors(
    before: Snapshot, encoder: Encoder, passages: Sequence[Sequence[Passage]], known: Mapping[str, Article]
) -> tuple[NDArray[np.float32], int]:
    """One vector a passage, and how many of them had to be made; the others stood in the article's last version."""
    every = [passage for own in passages for passage in own]
    vectors = np.empty((len(every), encoder.info.dimension), dtype=np.float32)
    rows: dict[str, dict[str, int]] = {}
    for article_id in {passage.article_id for passage in every} & known.keys():
        first, end = before.store.rows_of(article_id)
        texts = (passage.indexed_text for passage in before.store.passages(range(first, end)))
        rows[article_id] = dict(zip(texts, range(first, end), strict=True))
    fresh: list[int] = []
    for number, passage in enumerate(every):
        row = rows.get(passage.article_id, {}).get(passage.indexed_text)
        if row is None:
            fresh.append(number)
        else:
            vectors[number] = before.dense.vectors(row, row + 1)[0]
    if fresh:
        vectors[fresh] = encoder.encode_passages([every[number].indexed_text for number in fresh])
    return vectors, len(fresh)
