"""The command that fills Milvus from a snapshot, empties it, or tells how it stands."""

import sys
from argparse import Namespace
from time import perf_counter
from typing import TYPE_CHECKING

from tqdm import tqdm

from index.snapshot import Snapshot
from service.engines import milvus_of

if TYPE_CHECKING:
    from index.milvus.collection import MilvusCollection


def milvus(arguments: Namespace) -> int:
    """Run `load`, `status` or `drop`."""
    collection = milvus_of(arguments.settings)
    try:
        if arguments.action == "load":
            return _load(arguments, collection)
        if arguments.action == "status":
            return _status(arguments, collection)
        collection.drop()
    finally:
        collection.close()
    print(f"{collection}: dropped")
    return 0


def _load(arguments: Namespace, collection: "MilvusCollection") -> int:
    from index.milvus.loading import load  # noqa: PLC0415 - pymilvus, for who uses Milvus alone

    began = perf_counter()
    articles = Snapshot.open(arguments.snapshot, hashed=False).manifest.articles
    with tqdm(total=articles, unit=" articles", disable=not sys.stderr.isatty(), file=sys.stderr) as bar:
        done = load(arguments.snapshot, collection, arguments.index, lambda count: bar.update(count - bar.n))
    print(
        f"{collection}: {done.written} articles loaded ({done.passages} passages), {done.same} already there,"
        f" {done.removed} removed; version {done.snapshot}; {perf_counter() - began:.1f} s"
    )
    return 0


def _status(arguments: Namespace, collection: "MilvusCollection") -> int:
    """Status 1 where the collection is not as the snapshot is."""
    from index.milvus.loading import standing  # noqa: PLC0415 - as above

    snapshot = Snapshot.open(arguments.snapshot)
    found = standing(snapshot, collection)
    print(
        f"{collection}: {found.articles} articles, {found.passages} passages, version {found.snapshot or 'not whole yet'};"
        f" {found.behind} articles are other than in version {snapshot.name}"
    )
    return 1 if found.behind else 0
