"""What a version may hold besides its passages: files that are made from its articles alone, by a package above this one.

Whoever writes a version hands in what makes them, and they become part of it like every other file: atomic, in the
manifest, verified. A version written without is without; what an earlier version had is never taken over unseen.
"""

import signal
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Final, Protocol

from index.article import Article
from index.store_writer import StoreWriter

MANY: Final = 5000
"""Articles from which on it is worth a process of its own to make what is derived from them: that takes two seconds to
start, and as long as all the rest of a build.
"""


class Derived(Protocol):
    """One such maker. All of its files lie at the top of the version's folder under names that nothing else uses."""

    def write(self, draft: Path, articles: Iterable[Article], before: Path | None) -> None:
        """Write the files of a whole version, taking what did not change from the version `before` if there is one."""

    def change(self, draft: Path, before: Path, put: Sequence[Article], gone: Collection[str]) -> None:
        """Write the files of a version that differs from `before` in few articles: those with the ids `gone` are
        taken out, then those `put` are put in. Files of `before` are never changed; they may be linked.
        """

    def faults(self, version: Path, articles: Iterable[Article]) -> Iterator[str]:
        """What is wrong with the files of a version that holds these articles, a line each; none where it has none."""


@contextmanager
def written(
    derived: Sequence[Derived], draft: Path, before: Path | None, articles: int, many: int = MANY
) -> Iterator[None]:
    """Write the files of a whole version from the articles saved in a draft, beside what is done in the block where they
    are `many`. The block writes nothing into the draft's store.
    """
    if not derived or articles < many:
        yield
        _write(derived, draft, before)
        return
    aside = get_context("spawn").Process(target=_write_aside, args=(derived, draft, before), daemon=True)
    aside.start()
    try:
        yield
        aside.join()
    finally:
        aside.kill()
    if aside.exitcode:
        _write(derived, draft, before)  # which says what is wrong, or mends it


def _write_aside(derived: Sequence[Derived], draft: Path, before: Path | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this is told as well, and ends it
    starter = parent_process()
    if starter and starter.is_alive():  # else another may be at work in the draft by now
        _write(derived, draft, before)


def _write(derived: Sequence[Derived], draft: Path, before: Path | None) -> None:
    store = StoreWriter(draft / "store.sqlite")
    try:
        for other in derived:
            other.write(draft, store.saved_articles(), before)
    finally:
        store.abandon()
