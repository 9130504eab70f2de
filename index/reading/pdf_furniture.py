"""The atoms of all pages in, the same without running heads, feet and page numbers out; knows no columns or articles."""

import re
from collections import Counter
from collections.abc import Sequence

from index.reading.pdf_atoms import Atom, rows_of
from index.reading.spacing import tidy

_ZONE, _MOST_ROWS, _SAME_HEIGHT, _LARGEST = 0.12, 3, 4.0, 1.3
_NUMBER = re.compile(
    r"[-—–·•\s]*(?:第\s*)?(?:\d{1,4}|[ivxlc]{1,6})\s*页?(?:\s*[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[-—–·•\s]*"
)
_Key = tuple[str, int]


def without_furniture(pages: Sequence[Sequence[Atom]], heights: Sequence[float], body: float) -> list[list[Atom]]:
    """Each page without the outermost rows at its top and foot whose atoms all stand on other pages too, at the same
    height and but for digits alike, or are a page number.
    """
    seen: Counter[_Key] = Counter()
    for atoms, height in zip(pages, heights, strict=True):
        edge = [atom for row in (*_edge(atoms, height, True), *_edge(atoms, height, False)) for atom in row]
        seen.update({key for atom in edge for key in _keys(atom)})
    kept = []
    for atoms, height in zip(pages, heights, strict=True):
        gone: set[int] = set()
        for at_top in (True, False):
            for row in _edge(atoms, height, at_top):
                if any(atom.size > body * _LARGEST for atom in row):  # a title, at the height of other titles
                    break
                if not all(_is_number(atom) or max(seen[key] for key in _keys(atom)) > 1 for atom in row):
                    break
                gone |= {id(atom) for atom in row}
        kept.append([atom for atom in atoms if id(atom) not in gone])
    return kept


def _edge(atoms: Sequence[Atom], height: float, at_top: bool) -> list[list[Atom]]:
    """The outermost rows near the top or the foot, those that continue a grid of cells left out."""
    near = [a for a in atoms if (a.y0 > height * (1 - _ZONE) if at_top else a.y1 < height * _ZONE)]
    rows = rows_of(near)
    rows = rows if at_top else rows[::-1]
    whole = rows_of(atoms) if rows else []
    whole = whole if at_top else whole[::-1]
    found = list[list[Atom]]()
    for i, row in enumerate(rows[:_MOST_ROWS]):
        if len(row) >= 3 and i + 1 < len(whole) and len(whole[i + 1]) == len(row):
            break
        found.append(row)
    return found


def _is_number(atom: Atom) -> bool:
    return bool(_NUMBER.fullmatch(atom.text.strip().lower()))


def _keys(atom: Atom) -> tuple[_Key, _Key]:
    """Text and height; two heights, for one that lies between."""
    text, at = re.sub(r"\d+", "#", tidy(atom.text)), atom.y0 / _SAME_HEIGHT
    return (text, int(at)), (text, int(at + 0.5) + 1_000_000)
