"""Articles in, a new snapshot version out: build from nothing, add, replace, remove, compact, upgrade, encoding only what is new.

A build from files goes on where it was interrupted: every few hundred articles what is done is saved in a draft, and
the same build of the same files started again passes over those read to their end. A change that is small beside what is there is
written beside it (`index.changing`); a larger one, or one too many, writes the whole version anew and compact.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path

from embeddings import Encoder
from index.article import Article
from index.changing import change, is_small
from index.command import PLAIN, Options, Report
from index.errors import SourceError
from index.found import Found, Repeat
from index.manifest import FORMAT
from index.passage import split
from index.reading import Register, read_sources
from index.reading.files import find_files
from index.reading.sidecar import sidecar_of
from index.snapshot import Snapshot
from index.store import Store
from index.version_writer import VersionWriter, taken
from index.versions import make_current, new_version, previous, writing


def build_from(sources: Sequence[str | Path], folder: Path, encoder: Encoder, options: Options = PLAIN) -> Report:
    """Write a snapshot of files, folders and globs; the same build, interrupted, goes on where it was.

    Raises SnapshotError when there is no article at all: the folder then stays as it was.
    """
    work = _work(sources, encoder)
    with (
        writing(folder),
        new_version(folder, work) as draft,
        VersionWriter(draft, encoder, None, options) as version,
    ):
        register = Register(version.store.saved_articles())
        version.write(read_sources(sources, version.store.saved_files(), register))
        return version.publish(folder)


def build(found: Iterable[Found], folder: Path, encoder: Encoder, options: Options = PLAIN) -> Report:
    """Write a snapshot of these articles; one that is there already is replaced.

    Raises SnapshotError when there is no article at all: the folder then stays as it was.
    """
    with writing(folder):
        return _write(found, folder, encoder, None, options)


def add(found: Iterable[Found], folder: Path, encoder: Encoder, options: Options = PLAIN) -> Report:
    """Add articles, replacing those with the same id in their place; passages that did not change are not encoded again."""
    with writing(folder):
        before = _open(folder, encoder)
        new: dict[str, Article] = {}
        repeats: list[Repeat] = []
        failures: list[SourceError] = []
        for item in found:
            match item:
                case SourceError():
                    failures.append(item)
                case Repeat():
                    repeats.append(item)
                case Article() if item.id in new:
                    failures.append(taken(item))
                case Article():
                    new[item.id] = item
        if not new:
            return Report(before.name, before.store.article_count, before.store.passage_count, 0, tuple(failures))
        if is_small(before, sum(map(len, map(split, new.values())))):
            put = list(new.values())
            return change(before, encoder, put, repeats=repeats, failures=tuple(failures), options=options)
        merged = _merged(before.store, new, [*repeats, *failures])
        return _write(merged, folder, encoder, before, options)


def remove(article_ids: Iterable[str], folder: Path, encoder: Encoder, options: Options = PLAIN) -> Report:
    """Remove articles by id; UnknownArticleError when one is not there, and then nothing is removed."""
    with writing(folder):
        before = _open(folder, encoder)
        gone = dict.fromkeys(article_ids)
        rows = [before.store.rows_of(article_id) for article_id in gone]  # raises where one is not there
        if is_small(before, sum(end - first for first, end in rows)):
            return change(before, encoder, removed=list(gone), options=options)
        kept: Iterator[Found] = (article for article in before.store.articles() if article.id not in gone)
        repeats = (repeat for repeat in before.store.repeats() if repeat.article_id not in gone)
        return _write(chain(kept, repeats), folder, encoder, before, options)


def compact(folder: Path, encoder: Encoder, options: Options = PLAIN) -> Report:
    """Write the current version anew, without what is gone from it and with later changes in their place."""
    with writing(folder):
        return _anew(folder, encoder, _open(folder, encoder), options)


def upgrade(folder: Path, encoder: Encoder, options: Options = PLAIN) -> Report:
    """Write the current version anew in today's format and with this encoder, whichever made it; all its articles stay,
    and no source is read.
    """
    with writing(folder):
        return _anew(folder, encoder, Snapshot.open(folder), options)


def roll_back(folder: Path, name: str | None = None) -> str:
    """Make another version that is kept the current one, by default the one before; returns its name.

    Raises SnapshotError when it is not there or not sound; the current version then stays.
    """
    opened = Snapshot.open(folder, name or previous(folder))  # which keeps it from being removed meanwhile
    with writing(folder):
        make_current(folder, opened.name)
    return opened.name


def _work(sources: Sequence[str | Path], encoder: Encoder) -> str:
    """A name for this build that changes with anything that would make its articles or vectors others.

    Of files that changed, vanished or came, an interrupted build knows too little to go on from it.
    """
    named = hashlib.sha256(f"{FORMAT}\x1f{encoder.info!r}".encode())
    for found in find_files(sources):
        named.update(f"\x1f{found}".encode(errors="replace"))
        for path in (found, sidecar_of(found)) if isinstance(found, Path) else ():
            with suppress(OSError):
                facts = path.stat()
                named.update(
                    f"\x1f{path.absolute()}\x1f{facts.st_size}\x1f{facts.st_mtime_ns}".encode(errors="replace")
                )
    return named.hexdigest()[:16]


def _open(folder: Path, encoder: Encoder) -> Snapshot:
    before = Snapshot.open(folder)
    before.require(encoder.info)
    return before


def _merged(store: Store, new: dict[str, Article], others: Iterable[Found]) -> Iterator[Found]:
    """What was there, with replaced articles in their place, then what is new, then the rest."""
    for article in store.articles():
        yield new.pop(article.id, article)
    yield from new.values()
    yield from store.repeats()
    yield from others


def _anew(folder: Path, encoder: Encoder, before: Snapshot, options: Options) -> Report:
    """What a version holds, written once more; vectors are taken from it where they are of the same encoder."""
    found: Iterator[Found] = chain[Found](before.store.articles(), before.store.repeats())
    same = before if before.encoder == encoder.info else None
    return _write(found, folder, encoder, same, options)


def _write(found: Iterable[Found], folder: Path, encoder: Encoder, before: Snapshot | None, options: Options) -> Report:
    with new_version(folder) as draft, VersionWriter(draft, encoder, before, options) as version:
        version.write(found)
        return version.publish(folder)
