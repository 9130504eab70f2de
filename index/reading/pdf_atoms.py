"""The glyphs of a page in, runs of text without a wide gap out ("atoms"); knows no columns, pages or articles."""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from index.reading.magazine_layout import width_em
from index.reading.pdf_page import Glyph

_ROW_EM, _GAP_EM, _TITLE_GAP_EM, _WORD_EM, _HAN_SPACE_EM = 0.3, 0.8, 2.2, 0.15, 0.4
_LARGER, _RAISED, _SHADOW_EM = 1.15, 0.8, 0.15


class Atom(NamedTuple):
    """A run of text in one row; `rows` when it stands for a whole table, a row of text each."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    rows: tuple[str, ...] = ()

    @property
    def em(self) -> float:
        """The width of the text in characters of its own size."""
        return width_em(self.text)


def usual_size(sizes: Iterable[float]) -> float:
    """The size that most of the text has; 10 points when there is none."""
    counted = Counter(round(size * 2) / 2 for size in sizes)
    return counted.most_common(1)[0][0] if counted else 10.0


def atoms_of(glyphs: Sequence[Glyph]) -> list[Atom]:
    """The atoms of a page, from the top down and from left to right."""
    body = usual_size(glyph.size for glyph in glyphs)
    made = list[Atom]()
    for row in _rows(glyphs):
        once = _once(sorted(row, key=lambda glyph: glyph.x0))
        usual = _usual_gap(once)
        made.extend(_atom(run, usual) for run in _spread_joined(_runs(once, usual, body)))
    return made


def rows_of(atoms: Iterable[Atom]) -> list[list[Atom]]:
    """The atoms that stand beside each other, row by row from the top; in a row from left to right."""
    rows: list[list[Atom]] = []
    for atom in sorted(atoms, key=lambda atom: -(atom.y0 + atom.y1)):
        middle = (atom.y0 + atom.y1) / 2
        if rows and rows[-1][0].y0 < middle and not rows[-1][0].rows and not atom.rows:
            rows[-1].append(atom)
        else:
            rows.append([atom])
    return [sorted(row, key=lambda atom: atom.x0) for row in rows]


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    rows: list[list[Glyph]] = []
    for glyph in sorted(_lowered(glyphs), key=lambda glyph: -glyph.base):
        first = rows[-1][0] if rows else glyph
        if rows and first.base - glyph.base <= _ROW_EM * min(first.size, glyph.size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return rows


def _lowered(glyphs: Sequence[Glyph]) -> Iterable[Glyph]:
    """Raised and sunken small print put on the base line of the glyph before it."""
    before: Glyph | None = None
    for given in glyphs:
        glyph = given
        if before and glyph.size < before.size * _RAISED and -0.1 < (glyph.x0 - before.x1) / before.size < _ROW_EM:
            if 0 < abs(glyph.base - before.base) < 0.6 * before.size:
                glyph = glyph._replace(base=before.base)
        else:
            before = glyph
        yield glyph
        if before is not glyph and before is not None:
            before = before._replace(x1=max(before.x1, glyph.x1))


def _once(row: Sequence[Glyph]) -> list[Glyph]:
    """The row without what is printed a second time for a shadow or for weight."""
    kept = list[Glyph]()
    for glyph in row:
        twins = (old for old in kept[-3:] if old.text == glyph.text and abs(old.size - glyph.size) < 1)
        if not any(glyph.x0 - old.x0 < min(_SHADOW_EM * glyph.size, (old.x1 - old.x0) / 2) for old in twins):
            kept.append(glyph)
    return kept


def _usual_gap(row: Sequence[Glyph]) -> float:
    """The room between the characters of a row that is set with wide letters throughout, else 0."""
    gaps = [right.x0 - left.x1 for left, right in pairwise(row) if not right.spaced and right.x0 - left.x1 < right.size]
    return max(0.0, statistics.median_low(gaps)) if len(gaps) >= 4 else 0.0


def _runs(row: Sequence[Glyph], usual: float, body: float) -> list[list[Glyph]]:
    runs: list[list[Glyph]] = []
    for glyph in row:
        before = runs[-1][-1] if runs else glyph
        large = min(before.size, glyph.size) > body * _LARGER
        most = (_TITLE_GAP_EM if large else _GAP_EM) * max(before.size, glyph.size)
        if runs and glyph.x0 - before.x1 - usual * (2 if glyph.spaced else 1) < most:
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return runs


def _spread_joined(runs: list[list[Glyph]]) -> list[list[Glyph]]:
    """Single characters set evenly far apart (`浙　江　新　政`) joined to one run."""
    made: list[list[Glyph]] = []
    at = 0
    while at < len(runs):
        end = at + 1
        while end < len(runs) and len(runs[at]) == len(runs[end]) == 1 and _evenly(runs[at : end + 1]):
            end += 1
        if end - at >= 3:
            made.append([run[0]._replace(spaced=True) for run in runs[at:end]])
        else:
            end = at + 1
            made.append(runs[at])
        at = end
    return made


def _evenly(runs: Sequence[Sequence[Glyph]]) -> bool:
    gaps = [right[0].x0 - left[0].x1 for left, right in pairwise(runs)]
    size = runs[0][0].size
    alike = all(abs(run[0].size - size) < 0.5 and not run[0].text.isascii() for run in runs)
    return alike and max(gaps) < 4 * size and max(gaps) - min(gaps) < 0.5 * size


def _atom(run: Sequence[Glyph], usual: float) -> Atom:
    size = statistics.median_high([glyph.size for glyph in run])
    text = run[0].text
    for left, right in pairwise(run):
        latin = left.text.isascii() and right.text.isascii()
        gap = right.x0 - left.x1 - usual
        text += (" " if right.spaced or gap > (_WORD_EM if latin else _HAN_SPACE_EM) * size else "") + right.text
    base = statistics.median_low([glyph.base for glyph in run])
    right_end = max(glyph.x1 for glyph in run)
    return Atom(text, run[0].x0, base - 0.2 * size, right_end, base + 0.8 * size, size)
