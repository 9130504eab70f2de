"""A clause and quotes in, the stretches of it that stand where a quote says something else in the same surroundings.

A clause that is a quote's but for a word is no paraphrase: the word was put in another's place, be it one character
of a name or a name that the quote says of another. Knows no figures; those are compared by what they claim.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from service.answering.things import atoms, names
from service.answering.words import is_contrary, is_empty, is_same, words

SURROUNDING_CHARS = 2
"""Characters that must agree on both sides of a stretch for it to stand in another's place."""

SLACK_CHARS = 8
"""How much longer the quote may tell it, on either side of what agrees most."""

MOST_CHARS = 12
"""The longest stretch that is still a word put in another's place, and not a clause told otherwise."""


def replaced(text: str, start: int, end: int, quotes: Sequence[str]) -> Iterator[str]:
    """The replaced stretches of `text[start:end)`, in order, against the quote that it is most like."""
    own, places = _letters(text, start, end)
    _, near, quote, begins = max((_nearest(own, quote) for quote in quotes), default=(0, [], "", []))
    codes = SequenceMatcher(None, own, near, autojunk=False).get_opcodes()
    for number, (tag, a, b, first, last) in enumerate(codes):
        if tag == "replace" and max(b - a, last - first) <= MOST_CHARS and _surrounded(codes, number):
            # the quote goes on beyond the edges of the clause
            c = first if a else max(first, last - (b - a))
            d = last if b < len(own) or not a else min(last, first + (b - a))
            left, right = places[a], places[b - 1] + 1
            judged_elsewhere = any(len(letter) > 1 for letter in (*own[a:b], *near[c:d]))
            if not judged_elsewhere and _differs(
                text, left, right, near, c, d, _naming(quote, begins[c], begins[d - 1])
            ):
                yield text[left:right]


def _nearest(own: Sequence[str], quote: str) -> tuple[int, list[str], str, list[int]]:
    """How long a stretch of a clause its quote holds as it is, and the letters around it as far as the clause goes,
    the quote and where each of the letters begins in it.
    """
    letters, places = _letters(quote, 0, len(quote))
    block = SequenceMatcher(None, own, letters, autojunk=False).find_longest_match()
    around = slice(max(0, block.b - block.a - SLACK_CHARS), block.b - block.a + len(own) + SLACK_CHARS)
    return block.size, letters[around], quote, places[around]


def _naming(quote: str, first: int, last: int) -> bool:
    """Whether a stretch of a quote is part of a word that names something."""
    return any(word.naming and word.start <= last and first < word.end for word in words(quote))


def _surrounded(codes: Sequence[tuple[str, int, int, int, int]], number: int) -> bool:
    """Whether what agrees on either side is long enough, or goes to the edge of the clause."""
    before = [code for code in codes[:number] if code[2] > code[1]]
    after = [code for code in codes[number + 1 :] if code[2] > code[1]]
    left = not before or (before[-1][0] == "equal" and (len(before) == 1 or _size(before[-1]) >= SURROUNDING_CHARS))
    right = not after or (after[0][0] == "equal" and (len(after) == 1 or _size(after[0]) >= SURROUNDING_CHARS))
    agreeing = sum(_size(code) for code in codes if code[0] == "equal")
    return left and right and agreeing >= 2 * SURROUNDING_CHARS


def _size(code: tuple[str, int, int, int, int]) -> int:
    return code[2] - code[1]


def _differs(text: str, start: int, end: int, near: Sequence[str], c: int, d: int, naming: bool) -> bool:
    """Whether a stretch names something else, or is a character of another word; verbs may be told by others."""
    mine, theirs = text[start:end], "".join(near[c:d])
    touched = [word for word in words(text) if word.start < end and start < word.end]
    linking = is_empty(mine) and (len(theirs) > 1 or (is_empty(theirs) and not naming))
    if linking or mine in _DEIXIS or (is_empty(theirs) and len(mine) > 1):
        return False
    around = ((before, after) for before in (0, 1) for after in (0, 1))
    if any(
        is_same(text[max(0, start - before) : end + after], "".join(near[max(0, c - before) : d + after]))
        for before, after in around
    ):
        return False
    named = any(name.start < end and start < name.end for name in names(text))
    if theirs[-1] in _WHOLE and named:  # 全市 told of one town; whether of the right one, its bearers tell
        return False
    if named or naming or len(mine) == len(theirs) == 1:
        return True
    return any(word.naming or is_contrary(word.text, theirs) for word in touched)


_WHOLE = frozenset("全我本各该其此")
_DEIXIS = frozenset("该 其 此 这 这个 该市 当地 我".split())


def _letters(text: str, start: int, end: int) -> tuple[list[str], list[int]]:
    """The letters of a stretch with figures, dates, ranks and codes as one each, and where each begins."""
    letters, places, at = [], [], start
    held = {thing.start: thing for thing in atoms(text)}
    while at < end:
        thing = held.get(at)
        if thing or text[at].isalnum():
            letters.append(f"<{thing.kind}|{thing.key}>" if thing else text[at])
            places.append(at)
        at = thing.end if thing else at + 1
    return letters, places
