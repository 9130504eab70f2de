"""Passages in order of their worth in, each once out: one that only says again what an earlier one says is folded into it.

The same text often stands in several articles: reprints, a report and its summary. A passage with another number, or with
more to say, is none of those.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from index.passage import Passage

SHARE: Final = 0.9
"""So much of a passage's clauses, and all of its numbers, must stand in the earlier one."""

ALIKE: Final = 0.05
"""Passages whose cosines with a question are further apart are not compared: the same words have nearly the same."""

_CUT: Final = re.compile(r"\W+")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


class _Said(NamedTuple):
    clauses: frozenset[str]
    numbers: frozenset[str]


def folded(passages: Sequence[Passage], cosines: Sequence[float]) -> dict[int, list[int]]:
    """The places of the passages that stay, in order, each with those of the later ones that are folded into it."""
    said: dict[int, _Said] = {}

    def says(place: int) -> _Said:
        if place not in said:
            said[place] = _said(passages[place].text)
        return said[place]

    stay: dict[int, list[int]] = {}
    for place, passage in enumerate(passages):
        for first, others in stay.items():
            near = abs(cosines[first] - cosines[place]) <= ALIKE
            if near and passages[first].article_id != passage.article_id and _says_again(says(place), says(first)):
                others.append(place)
                break
        else:
            stay[place] = []
    return stay


def _said(text: str) -> _Said:
    return _Said(frozenset(filter(None, _CUT.split(text))), frozenset(_NUMBER.findall(text)))


def _says_again(later: _Said, first: _Said) -> bool:
    common = len(later.clauses & first.clauses)
    return later.numbers <= first.numbers and 0 < common >= SHARE * len(later.clauses)
