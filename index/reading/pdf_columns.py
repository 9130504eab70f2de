"""The atoms of a page in, regions of one column out in reading order; knows no pages before it and no articles.

A gutter is a line down the page that many rows of text leave free with text on both sides. What crosses it (a title,
a wide table) divides the page into bands, each read column by column.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from index.reading.pdf_atoms import Atom

_GUTTER_EM, _TEXT_EM, _LONG_EM, _PAIRS, _TEXT_SHARE = 0.8, 6.0, 12.0, 2, 0.4
_MOST_BINS, _DEEPEST, _MOST_TITLES, _LARGER = 2_000, 12, 200, 1.12
_NUMERIC = frozenset("0123456789.,%％+-−—–—…‰/ ()（）：:")


def is_numeric(text: str) -> bool:
    """Whether the text is a figure, with signs, a unit of one character, or a dash for none."""
    rest = [c for c in text if c not in _NUMERIC]
    return len(rest) <= 1 and (len(rest) < len(text.strip()))


def regions_of(atoms: Sequence[Atom], em: float, known: tuple[float, ...] = (), depth: int = 0) -> list[list[Atom]]:
    """The atoms region by region, in reading order; `em` is the size of the body in points.

    `known` are gutters found around these atoms or on pages before; at one of them a single row is enough.
    """
    gutter = gutter_of(atoms, em, known) if len(atoms) > 1 and depth < _DEEPEST else None
    if gutter is None:
        return [list(atoms)] if atoms else []
    regions: list[list[Atom]] = []
    wide: list[Atom] = []
    inside = (*known, gutter)
    ordered = sorted(atoms, key=lambda atom: -(atom.y0 + atom.y1))
    over = _titles_over(ordered, gutter, em)
    for crosses, group in groupby(ordered, key=lambda atom: atom.x0 < gutter < atom.x1 or id(atom) in over):
        band = list(group)
        left = [atom for atom in band if atom.x1 <= gutter]
        right = [atom for atom in band if atom.x0 >= gutter]
        if crosses or not _pairs(band, em) or not (left and right):
            wide += band
            continue
        regions += regions_of(wide, em, known, depth + 1)
        wide = []
        regions += regions_of(left, em, inside, depth + 1) + regions_of(right, em, inside, depth + 1)
    return regions + regions_of(wide, em, known, depth + 1)


def _titles_over(atoms: Sequence[Atom], gutter: float, em: float) -> set[int]:
    """Short titles that stand over both columns: the other column is empty beside them and goes on below."""
    large = [atom for atom in atoms if atom.size > em * _LARGER and not atom.x0 < gutter < atom.x1]
    found: set[int] = set()
    for title in large if len(large) <= _MOST_TITLES else ():
        beside = [atom for atom in atoms if (atom.x0 >= gutter) != (title.x0 >= gutter)]
        row = [atom for atom in beside if atom.y0 < title.y1 and atom.y1 > title.y0]
        if not row and any(atom.y1 <= title.y0 for atom in beside) and any(atom.y0 >= title.y1 for atom in beside):
            found.add(id(title))
    return found


def gutter_of(atoms: Sequence[Atom], em: float, known: Sequence[float] = ()) -> float | None:
    """Where most rows leave room between text on both sides, and the fewest cross."""
    start = min(atom.x0 for atom in atoms)
    step = max(1.0, (max(atom.x1 for atom in atoms) - start) / _MOST_BINS)
    bins = int((max(atom.x1 for atom in atoms) - start) / step) + 2
    text, others, crossing = [0] * (bins + 1), [0] * (bins + 1), [0] * (bins + 1)
    for left, right in _pairs(atoms, em):
        counts = text if _is_text(left, right) else others
        counts[int((left.x1 - start) / step) + 1] += 1
        counts[int((right.x0 - start) / step)] -= 1
    for atom in atoms:
        crossing[int((atom.x0 - start) / step)] += 1
        crossing[int((atom.x1 - start) / step) + 1] -= 1
    best: tuple[int, int, int] | None = None
    plateau = list[float]()
    counted = [0, 0, 0]
    for i in range(bins):
        counted = [counted[0] + text[i], counted[1] + others[i], counted[2] + crossing[i]]
        x = start + i * step
        fewest = 1 if any(abs(x - gutter) < em for gutter in known) else _PAIRS
        if counted[0] < fewest or counted[0] < _TEXT_SHARE * (counted[0] + counted[1]):
            continue
        rank = (counted[0] - counted[2], counted[0], -counted[2])
        if best is None or rank > best:
            best, plateau = rank, []
        if rank == best:
            plateau.append(x + step / 2)
    return plateau[len(plateau) // 2] if plateau else None


def _pairs(atoms: Sequence[Atom], em: float) -> list[tuple[Atom, Atom]]:
    """Each atom with its neighbour to the right in the same row, where a gutter fits between them."""
    shelves: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for i, atom in enumerate(atoms):
        for shelf in range(int(atom.y0 // em), int(min(atom.y1, atom.y0 + 100 * em) // em) + 1):
            shelves[shelf].append((atom.x0, i))
    for shelf_atoms in shelves.values():
        shelf_atoms.sort()
    found = []
    for left in atoms:
        row = shelves[int((left.y0 + left.y1) / 2 // em)]
        at = bisect_left(row, (left.x1, -1))
        for _, i in row[at : at + 4]:
            right = atoms[i]
            if min(left.y1, right.y1) - max(left.y0, right.y0) > 0.3 * min(left.y1 - left.y0, right.y1 - right.y0):
                if right.x0 - left.x1 >= _GUTTER_EM * em:
                    found.append((left, right))
                break
    return found


def _is_text(left: Atom, right: Atom) -> bool:
    """Whether the two are lines of two columns and not cells of a table."""
    if left.rows or right.rows:
        return True
    short, long = sorted((left, right), key=lambda atom: atom.em)
    return (short.em >= _TEXT_EM or long.em >= _LONG_EM) and not is_numeric(short.text)
