"""The commands that change, check or list a collection: build, add, remove, compact, upgrade, verify, versions, articles…"""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter

from tqdm import tqdm

from index import building
from index.command import Options, Progress, Report
from index.dense_kinds import Dense
from index.errors import SnapshotError
from index.manifest import read_manifest
from index.reading import read_sources
from index.reading.files import find_files
from index.snapshot import Snapshot
from index.store import Store
from index.verifying import faults
from index.versions import current, kept, path_of
from service.engines import encoder_of
from service.ledger.writing import LEDGER
from service.rendering import summary, whole


def build(arguments: Namespace) -> int:
    began = perf_counter()
    with _progress(arguments.sources) as progress:
        report = building.build_from(
            arguments.sources,
            arguments.snapshot,
            encoder_of(arguments.settings),
            _options(arguments, progress),
        )
    status = _tell(report, perf_counter() - began)
    dense = Dense(**read_manifest(path_of(arguments.snapshot, report.snapshot)).dense)
    exact = "exact" if not dense.width else f"{dense.width} by code compared exactly"
    print(f"vectors: {dense.kind}, {exact}, recall@10 {dense.recall_at_10:.3f} of exact search")
    return status


def add(arguments: Namespace) -> int:
    began = perf_counter()
    Snapshot.open(arguments.snapshot)
    with _progress(arguments.sources) as progress:
        found = read_sources(arguments.sources)
        encoder = encoder_of(arguments.settings)
        report = building.add(found, arguments.snapshot, encoder, _options(arguments, progress))
    return _tell(report, perf_counter() - began)


def remove(arguments: Namespace) -> int:
    began = perf_counter()
    Snapshot.open(arguments.snapshot)
    encoder = encoder_of(arguments.settings)
    report = building.remove(arguments.ids, arguments.snapshot, encoder, _options(arguments))
    return _tell(report, perf_counter() - began)


def compact(arguments: Namespace) -> int:
    began = perf_counter()
    Snapshot.open(arguments.snapshot)
    report = building.compact(arguments.snapshot, encoder_of(arguments.settings), _options(arguments))
    return _tell(report, perf_counter() - began)


def upgrade(arguments: Namespace) -> int:
    began = perf_counter()
    Snapshot.open(arguments.snapshot)
    report = building.upgrade(arguments.snapshot, encoder_of(arguments.settings), _options(arguments))
    return _tell(report, perf_counter() - began)


def verify(arguments: Namespace) -> int:
    """Status 2 with a line on stderr for every fault, else 0."""
    found = 0
    for fault in faults(arguments.snapshot, derived=(LEDGER,)):
        found += 1
        print(f"wence: {' '.join(fault.split())}", file=sys.stderr)
    if found:
        return 2
    opened = Snapshot.open(arguments.snapshot, hashed=False)
    manifest = opened.manifest
    print(
        f"{opened.name}: {manifest.articles} articles, {manifest.passages} passages, {len(manifest.files)} files, sound"
    )
    return 0


def versions(arguments: Namespace) -> int:
    now = current(arguments.snapshot)
    names = kept(arguments.snapshot)
    if not names:
        Snapshot.open(arguments.snapshot)
    for name in reversed(names):
        try:
            manifest = read_manifest(path_of(arguments.snapshot, name))
            about = f"{manifest.created}  {manifest.articles} articles, {manifest.passages} passages"
        except SnapshotError:
            about = "damaged"
        print(f"{name}  {about}{'  current' if name == now else ''}")
    return 0


def rollback(arguments: Namespace) -> int:
    print(f"snapshot {building.roll_back(arguments.snapshot, arguments.version)}")
    return 0


def articles(arguments: Namespace) -> int:
    found = [summary(article) for article in _store(arguments).articles()]
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    for item in found:
        about = " · ".join(
            part for part in ("、".join(item["authors"]), item["column"], item["issue"], item["date"]) if part
        )
        page = f" 第{item['page']}页" if item["page"] else ""
        print(f"{item['id']}  {item['title']}  ({about}{page}{'；' if about or page else ''}{item['characters']}字)")
    return 0


def show(arguments: Namespace) -> int:
    store = _store(arguments)
    article, also_in = store.article(arguments.id), store.also_in(arguments.id)
    if arguments.json:
        print(json.dumps(whole(article, also_in), ensure_ascii=False, indent=1))
        return 0
    print(article.reference)
    for name, value in article.metadata.items():
        print(f"{name}: {value}")
    for source in also_in.sources:
        print(f"also in: {source}")
    for article_id, title, share in also_in.articles:
        print(f"also in: 《{title}》 {article_id} ({share:.0%} of the shorter one in both)")
    print(f"\n{article.text}")
    if article.captions:
        print("\n图片说明：" + " / ".join(article.captions))
    return 0


def _options(arguments: Namespace, progress: Progress | None = None) -> Options:
    return Options(arguments.settings.versions, (LEDGER,), progress)


def _store(arguments: Namespace) -> Store:
    return Snapshot.open(arguments.snapshot).store


def _tell(report: Report, seconds: float) -> int:
    for failure in report.failures:
        print(f"wence: {failure}", file=sys.stderr)
    print(
        f"{report.articles} articles, {report.passages} passages ({report.encoded} encoded) in {seconds:.1f} s,"
        f" snapshot {report.snapshot}"
        + (f", {report.resumed} articles taken from an interrupted build" if report.resumed else "")
        + (f", {len(report.failures)} sources could not be read" if report.failures else "")
    )
    return 1 if report.failures else 0


@contextmanager
def _progress(sources: Sequence[str]) -> Iterator[Progress | None]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    with tqdm(total=sum(1 for _ in find_files(sources)), unit=" files", dynamic_ncols=True) as bar:

        def show(files: int, articles: int, passages: int) -> None:
            if files != bar.n or passages % 100 == 0:
                bar.set_postfix_str(f"{articles} articles, {passages} passages", refresh=False)
                bar.update(files - bar.n)

        yield show
