"""Passages in order of their worth in, each once out: one that only says again what an earlier one says is folded into it.

The same text often stands in several articles: reprints, a report and its summary. A passage with another number, or with
more to say, is none of those.
"""

import re
from collections.abc import Sequence
from typing import Final

from index.passage import Passage

SHARE: Final = 0.9
"""So much of a passage's clauses, and all of its numbers, must stand in the earlier one."""

ALIKE: Final = 0.05
"""Passages whose cosines with a question are further apart are not compared: the same words have nearly the same."""

_CUT: Final = re.compile(r"\W+")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


def folded(passages: Sequence[Passage], cosines: Sequence[float]) -> dict[int, list[int]]:
    """The places of the passages that stay, in order, each with those of the later ones that are folded into it."""
    clauses: dict[int, frozenset[str]] = {}

    def said(place: int) -> frozenset[str]:
        if place not in clauses:
            clauses[place] = frozenset(filter(None, _CUT.split(passages[place].text)))
        return clauses[place]

    def says_again(later: int, first: int) -> bool:
        common = len(said(later) & said(first))
        return 0 < common >= SHARE * len(said(later)) and _numbers(passages[later]) <= _numbers(passages[first])

    stay: dict[int, list[int]] = {}
    for place, passage in enumerate(passages):
        for first, others in stay.items():
            near = abs(cosines[first] - cosines[place]) <= ALIKE
            if near and passages[first].article_id != passage.article_id and says_again(place, first):
                others.append(place)
                break
        else:
            stay[place] = []
    return stay


def _numbers(passage: Passage) -> frozenset[str]:
    return frozenset(_NUMBER.findall(passage.text))
