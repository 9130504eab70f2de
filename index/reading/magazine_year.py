"""The texts of an issue that prints no day in, the year in which it came out out; None where they do not tell it."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

_YEAR = re.compile(r"(?<!\d)(?P<ahead>(?<!截)[到至]|力争)?\s*(?P<year>(?:19|20)\d\d)\s*年")

FEWEST: Final = 3
"""Articles that must name the year."""

SHARE: Final = 1 / 3
"""And the least share of those that name the year named in most of them, which often is the one before."""


def year_of(texts: Sequence[str]) -> int | None:
    """The latest year that many of the texts name, not as a goal (到2027年): what they call 今年."""
    named = Counter(year for text in texts for year in _named(text))
    enough = max(FEWEST, SHARE * max(named.values(), default=0))
    return max((year for year, count in named.items() if count >= enough), default=None)


def _named(text: str) -> set[int]:
    return {int(match["year"]) for match in _YEAR.finditer(text) if not match["ahead"]}
