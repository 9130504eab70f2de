"""Printed body lines in, the part each plays in its paragraph out: first, middle, last, single, or sub-heading.

Widths and end marks are evidence, each with a cost when it speaks against a part; the cheapest sequence of parts is
found over all lines together (Viterbi), so that one oddly set line does not break the paragraphs around it. A first
line is two characters short of its column, a middle line fills it as far as the next word allows, a last line ends a
sentence, a sub-heading ends none and a first line follows it. Knows no pages, titles or captions.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from index.reading.magazine_layout import column_widths, width_em

Part = Literal["first", "middle", "last", "single", "heading"]

BULLETS = "●■◆◇▲△○□★※"
FIGURE = re.compile(r"[\d.,]+\s*[十百千万亿]*[\u4e00-\u9fff%％‰]{0,4}(?:以上|以下)?")
_CLOSERS = "”’」』）)》〉\"'"
_STRONG, _WEAK, _OPEN = tuple("。！？…!?"), tuple("—：:；"), tuple("，、,：；")
_INNER_END = re.compile(r"[。！？；][^”’」』）)]")
_EARLY_END = re.compile(r".{1,4}[。？！；]")
_UNBROKEN = re.compile(
    r"[“‘（《〈(]*(?:[\dA-Za-z.,+%]+|.)[，。、；：？！”’）》〉…—%％,.;:?!)]*"
)  # a line breaks nowhere inside
_PARTS: tuple[Part, ...] = ("first", "middle", "last", "single", "heading")
_AFTER: dict[Part, tuple[Part, ...]] = {
    "first": ("middle", "last"),
    "middle": ("middle", "last"),
    "last": ("first", "single", "heading"),
    "single": ("first", "single", "heading"),
    "heading": ("heading", "first", "single"),
}
_NEVER = 1e9
_SLACK_EM, _MOST_ROOM_EM = 0.9, 4.0
_ALIKE_EM, _ALIKE_HEADINGS, _WORD_CHARACTERS = 0.3, 100, 4
_INDENTS_EM = (2.0, 0.0)


def ends_sentence(line: str) -> bool:
    """Whether a sentence can end with this line."""
    end = line.rstrip().rstrip(_CLOSERS)
    return end.endswith(_STRONG) or (end.endswith(".") and end[-2:-1].isalpha())


def parts_of(lines: Sequence[str]) -> list[Part]:
    """The part of each line, for lines that make whole paragraphs."""
    first = min((_Labelling(lines, indent) for indent in _INDENTS_EM), key=lambda each: each.whole_cost())
    alike = _headings_of(lines, first.parts())
    return _Labelling(lines, first.indent, alike=alike).parts() if alike else first.parts()


def costs_of(lines: Sequence[str], columns: Sequence[float]) -> list[float]:
    """For 0, 1, 2 ... of the lines how badly they make body text that may begin and break off in a sentence."""
    return _Labelling(lines, _INDENTS_EM[0], columns, open_start=True).prefix_costs()


def _headings_of(lines: Sequence[str], parts: Sequence[Part]) -> list[tuple[float, bool]]:
    """The sub-headings found: the width of the first line of each, and whether it has a second."""
    begins = headings_apart(lines, parts)
    found = []
    for i, part in enumerate(parts):
        if part == "heading" and begins[i]:
            found.append((width_em(lines[i]), i + 1 < len(parts) and parts[i + 1] == "heading" and not begins[i + 1]))
    return found[:_ALIKE_HEADINGS]


class _Labelling:
    """The cheapest parts for the lines, kept for each number of lines and each part of the last of them.

    `alike` are sub-headings known already: those of one article tend to have the same length and number of lines.
    """

    def __init__(
        self,
        lines: Sequence[str],
        indent: float,
        columns: Sequence[float] | None = None,
        open_start: bool = False,
        alike: Sequence[tuple[float, bool]] = (),
    ) -> None:
        self._lines = lines
        self._widths = [width_em(line) for line in lines]
        self._short = [c - w for c, w in zip(columns or column_widths(self._widths), self._widths, strict=True)]
        self._rooms = [*(_room(line) for line in lines[1:]), 0.0]
        self.indent = indent
        self._alike = alike
        self._costs: list[dict[Part, float]] = []
        self._from: list[dict[Part, Part]] = []
        for i in range(len(lines)):
            self._add(i, open_start)

    def _add(self, i: int, open_start: bool) -> None:
        own = {part: self._own_cost(i, part) for part in _PARTS}
        if i == 0:
            begins = {"first": 0.0, "single": 0.0, "heading": 1.6}
            begins |= {"middle": 0.0, "last": 0.0} if open_start else {"middle": 1.5, "last": 1.5}
            self._costs.append({part: own[part] + begins[part] for part in _PARTS})
            self._from.append({})
            return
        best = {part: (_NEVER, part) for part in _PARTS}
        for before, cost in self._costs[-1].items():
            for part in _AFTER[before]:
                step = cost + own[part] + self._step_cost(i, before, part)
                if step < best[part][0]:
                    best[part] = (step, before)
        self._costs.append({part: best[part][0] for part in _PARTS})
        self._from.append({part: best[part][1] for part in _PARTS})

    def prefix_costs(self) -> list[float]:
        return [0.0, *(min(costs.values()) for costs in self._costs)]

    def whole_cost(self) -> float:
        """The cost of all lines; text that breaks off in a paragraph costs a little, after a sub-heading more."""
        return min((self._costs[-1][part] + _end_cost(part) for part in _PARTS), default=0.0)

    def parts(self) -> list[Part]:
        if not self._costs:
            return []
        part = min(_PARTS, key=lambda part: self._costs[-1][part] + _end_cost(part))
        parts = [part]
        for origins in reversed(self._from[1:]):
            part = origins[part]
            parts.append(part)
        return parts[::-1]

    def _own_cost(self, i: int, part: Part) -> float:
        line, short = self._lines[i], self._short[i]
        if part == "first":
            marked = (2.0 if line[0] in BULLETS else 0.0) + (3.0 if FIGURE.fullmatch(line) else 0.0)
            return _stretch_cost(short - self.indent, self._rooms[i]) + marked
        if part == "middle":
            return _stretch_cost(short, self._rooms[i])
        if part == "heading":
            if ends_sentence(line) or _INNER_END.search(line):
                return 8.0
            signs = 1.2 * line.endswith("—") + 1.5 * (line[0] in BULLETS) + 3.0 * bool(FIGURE.fullmatch(line))
            return max(0.0, 2.5 - short) - signs
        end = 0.0 if ends_sentence(line) else 2.5 if line.endswith(_WEAK) else 5.0
        return end + (0.7 if short < _SLACK_EM else 0.0) + 2.0 * (short < -1.5) + 1.5 * (part == "single")

    def _step_cost(self, i: int, before: Part, part: Part) -> float:
        if part == "heading" and before == "heading":
            paired = any(two and abs(width - self._widths[i - 1]) < _ALIKE_EM for width, two in self._alike)
            return 3.0 if self._lines[i - 1].endswith("—") else 0.4 - 1.0 * paired
        if part == "heading":
            same = sum(1 for width, _ in self._alike if abs(width - self._widths[i]) < _ALIKE_EM)
            return 1.6 - 0.8 * (same >= 2)
        if before == "heading":
            told = 1.2 * bool(_EARLY_END.match(self._lines[i])) - 1.5 * _repeats(self._lines[i - 1], self._lines[i])
            return 4.0 * self._lines[i - 1].endswith(_OPEN) + told
        return 0.0


def _end_cost(part: Part) -> float:
    return {"last": 0.0, "single": 0.0, "heading": 3.0}.get(part, 1.0)


def _stretch_cost(short: float, room: float) -> float:
    """What it costs that a line falls short of its due by so many characters; up to the next word's width, little."""
    if short < -_SLACK_EM:
        return 1.6 * (-_SLACK_EM - short)
    explained = max(_SLACK_EM, min(room, _MOST_ROOM_EM) + 0.3)
    if short <= _SLACK_EM:
        return 0.0
    return 0.4 * (min(short, explained) - _SLACK_EM) + (2.0 * (short - explained) + 0.5 if short > explained else 0.0)


def _repeats(heading: str, line: str) -> bool:
    """Whether the line takes up words of the heading over it, as the text under a sub-heading does."""
    return any(heading[k : k + _WORD_CHARACTERS] in line for k in range(len(heading) - _WORD_CHARACTERS + 1))


def _room(line: str) -> float:
    """The width of the first piece of the line that cannot be broken, which the line before had no room for."""
    found = _UNBROKEN.match(line)
    return width_em(found[0]) if found else 0.0


def headings_apart(lines: Sequence[str], parts: Sequence[Part]) -> list[bool]:
    """For each line whether a paragraph or sub-heading begins with it."""
    begins = [True] if lines else []
    for (line, before), (_, part) in pairwise(zip(lines, parts, strict=True)):
        if part in ("middle", "last"):
            begins.append(False)
        elif part == "heading" and before == "heading":
            begins.append(line.endswith("—") or bool(FIGURE.fullmatch(line)))
        else:
            begins.append(True)
    return begins
