"""What the commands that change a collection are told besides what to change, and what they tell when it is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.derived import Derived
from index.errors import SourceError
from index.versions import KEPT

Progress = Callable[[int, int, int], None]
"""Called with the files, articles and passages done so far."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a version is written: `keep` versions stay, `derived` makes what else they hold, `progress` is told of a
    version that is written whole.
    """

    keep: int = KEPT
    derived: Sequence[Derived] = ()
    progress: Progress | None = None


PLAIN = Options()


@dataclass(frozen=True, slots=True)
class Report:
    """What one command did. `encoded` counts the passages whose vectors were made anew, `resumed` the articles that an
    interrupted build had left done.
    """

    snapshot: str
    articles: int
    passages: int
    encoded: int
    failures: tuple[SourceError, ...]
    resumed: int = 0
