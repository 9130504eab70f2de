"""A line and its candidates in, for each the stretch of the line whose words are its own out. Knows no question.

Where several figures share a sentence (清理文件48035件、审查12447件), each has words of its own: those before it since
the one before, and after it as far as its noun goes (541项事项). They tell it from its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from index.sentences import Span
from service.answering.names import tagged

_MARKS = tuple(re.compile(marks) for marks in ("[；;。！？]", "[，,：:]", "、"))
_CLAUSE = re.compile("[；;。！？，,：:]")
_DOING = frozenset("vpcd")
"""Tags of what cannot belong to the noun of a figure before it: verbs, prepositions, conjunctions, adverbs."""


@lru_cache(maxsize=2048)
def regions(text: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The region of each span; `spans` in order, none inside another."""
    if not spans:
        return ()
    first = max((mark.end() for mark in _CLAUSE.finditer(text, 0, spans[0][0])), default=0)
    cuts = [_border(text, before[1], after[0]) for before, after in pairwise(spans)]
    return tuple(zip((first, *cuts), (*cuts, len(text)), strict=True))


def _border(text: str, start: int, end: int) -> int:
    """Where, between two neighbours, the words of the second begin: at the strongest mark, else at a verb or the like."""
    for marks in _MARKS:
        if mark := marks.search(text, start, end):
            return mark.end()
    return next((at for at, word, tag in _within(tagged(text), start, end) if tag[0] in _DOING and tag != "vn"), start)


def _within(words: Sequence[tuple[int, str, str]], start: int, end: int) -> list[tuple[int, str, str]]:
    return [item for item in words if start <= item[0] and item[0] + len(item[1]) <= end]
