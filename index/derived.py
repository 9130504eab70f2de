"""What a version may hold besides its passages: files that are made from its articles alone, by a package above this one.

Whoever writes a version hands in what makes them, and they become part of it like every other file: atomic, in the
manifest, verified. A version written without is without; what an earlier version had is never taken over unseen.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from index.article import Article


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
