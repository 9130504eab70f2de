"""Text in, the same text in one form out, so that what says the same is the same string, and only that.

Figures, dates, ranks and codes become marked keys (so 5% is not in 2.5%, and 2.1万户 is 两万一千户); white space and
punctuation go, and 和 as 、 does. Knows no statements and no quotes.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.occurrences import occurrences
from service.answering.names import tagged
from service.answering.things import atoms, plain

_CLAUSE_MARK = re.compile(r"[，。；？！!?;\n]|,(?!\d)|——")
_JOINTS = frozenset("和 与 及 以及".split())
"""Words between the last two of a list that say no more than 、 does."""

_OPEN, _CLOSE = "\ue000", "\ue001"


@dataclass(frozen=True, slots=True)
class Clause:
    """`[start, end)` of a text without its marks, and its one form."""

    start: int
    end: int
    form: str


@dataclass(frozen=True, slots=True)
class Canonical:
    """A text in the one form. `places[i]` is where the i-th character of `form` comes from in `text`."""

    text: str
    form: str
    places: tuple[int, ...]
    clauses: tuple[Clause, ...]

    def find(self, form: str) -> list[int]:
        """Where in `text` each whole occurrence of a form begins."""
        return [self.places[at] for at in occurrences(self.form, form)]


@lru_cache(maxsize=2048)
def canonical(raw: str) -> Canonical:
    """The one form of a text, and that of each of its clauses; offsets are into `plain(raw)`."""
    text = plain(raw)
    found = {thing.start: thing for thing in atoms(text)}
    joints = {
        at
        for start, word, tag in tagged(text)
        if tag == "c" and word in _JOINTS
        for at in range(start, start + len(word))
    }
    form: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(text):
        thing = found.get(at)
        said = text[at].isalnum() and at not in joints
        piece = f"{_OPEN}{thing.kind}|{thing.key}{_CLOSE}" if thing else text[at] if said else ""
        form.append(piece)
        places += [at] * len(piece)
        at = thing.end if thing else at + 1
    whole = "".join(form)
    return Canonical(text, whole, tuple(places), _clauses(text, whole, places))


def _clauses(text: str, form: str, places: list[int]) -> tuple[Clause, ...]:
    taken = [(thing.start, thing.end) for thing in atoms(text)]
    cuts = [
        match.span()
        for match in _CLAUSE_MARK.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end in taken)
    ]
    clauses, begin, letter = [], 0, 0
    for left, right in (*cuts, (len(text), len(text))):
        stop = letter
        while stop < len(places) and places[stop] < left:
            stop += 1
        if stop > letter:
            clauses.append(Clause(begin, left, form[letter:stop]))
        begin, letter = right, stop
    return tuple(clauses)
