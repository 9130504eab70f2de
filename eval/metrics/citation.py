"""Citations and statements against their sources: verbatim, to the point, complete, and enough to prove what is said."""

import re
from collections.abc import Sequence

from eval.metrics.text import holds, normalised

SHARE = 0.8
"""Least share of a statement's character pairs that its quotes must hold; the rest may be joining words."""

_MARKERS = re.compile(r"\[\d+\]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")


def is_verbatim(quote: str, text: str, start: int, end: int) -> bool:
    """Whether a quote is what stands at `[start, end)` of its article; an empty quote proves nothing."""
    return bool(quote) and text[start:end] == quote


def is_relevant(quote: str, groups: Sequence[Sequence[str]], evidence: Sequence[str]) -> bool:
    """Whether a quote holds one of the keys, or is, holds or is held by one of the evidence quotes."""
    plain = normalised(quote)
    if any(holds(quote, key) for group in groups for key in group):
        return True
    return bool(plain) and any(plain in wanted or wanted in plain for wanted in map(normalised, evidence) if wanted)


def proven(quotes: Sequence[str], groups: Sequence[Sequence[str]]) -> int:
    """How many groups have a key that one of the quotes holds."""
    return sum(any(holds(quote, key) for quote in quotes for key in group) for group in groups)


def is_supported(statement: str, quotes: Sequence[str]) -> bool:
    """Whether the quotes hold every number of a statement, on number boundaries, and nearly all of its wording.

    Made without the answer's own verifier, so that a fault there is seen here.
    """
    said = normalised(_MARKERS.sub("", statement))
    if not re.search(r"\w", said):
        return False
    together = "\n".join(quotes)
    if not all(holds(together, number) for number in _NUMBER.findall(said)):
        return False
    source = normalised(together)
    pairs = [said[i : i + 2] for i in range(len(said) - 1) if re.fullmatch(r"\w\w", said[i : i + 2])]
    return sum(pair in source for pair in pairs) >= SHARE * len(pairs)
