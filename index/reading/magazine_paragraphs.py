"""Printed body lines in, paragraphs and sub-headings out; knows no pages, titles or captions.

Only widths and end marks speak: the last line of a paragraph is short and ends a sentence, a first line is two
characters short of the column and ends none, a sub-heading is short, ends no sentence and a first line follows it.
"""

import re
from collections.abc import Sequence

from index.reading.magazine_layout import column_widths, width_em
from index.reading.spacing import join_wrapped, tidy_heading, tidy_paragraph

_CLOSERS = "”’」』）)》〉"
_STRONG = tuple("。！？…!?")
_WEAK = tuple("—：:；")
_FULL_EM, _FIRST_EM = 1.5, 3.7  # a full line falls short of its column by less than the one, a first line of the other
_HEADING_LINES = 5
_FIGURE = re.compile(r"[\d.,]+\s*[十百千万亿]*[\u4e00-\u9fff%％‰]{1,4}|[\d.,]+")
_BULLETS = "●■◆◇▲△○□★※"


def paragraphs(lines: Sequence[str]) -> list[str]:
    """One paragraph or sub-heading an entry, in reading form; empty lines between the given ones divide paragraphs."""
    made: list[str] = []
    block: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            block.append(line.strip())
        elif block:
            made.extend(_Block(block).paragraphs())
            block = []
    return [paragraph for paragraph in made if paragraph]


def ends_sentence(line: str) -> bool:
    """Whether a sentence can end with this line."""
    return line.rstrip().rstrip(_CLOSERS).endswith(_STRONG)


class _Block:
    """Lines that follow one another, with the width of each and of the column around it."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._widths = [width_em(line) for line in lines]
        self._columns = column_widths(self._widths)

    def paragraphs(self) -> list[str]:
        made: list[str] = []
        at = 0
        while at < len(self._lines):
            end = at
            while end - at < _HEADING_LINES and self._is_heading(end):
                end += 1
                if self._lines[end - 1].endswith("—"):
                    break
            if end > at:
                made.append(_heading(self._lines[at:end]))
            else:
                end = at + 1
                while not self._ends_paragraph(end - 1):
                    end += 1
                made.append(tidy_paragraph(join_wrapped(self._lines[at:end])))
            at = end
        return made

    def _short_em(self, i: int) -> float:
        return self._columns[i] - self._widths[i]

    def _is_full(self, i: int) -> bool:
        return i < len(self._lines) and self._short_em(i) < _FULL_EM

    def _is_first(self, i: int) -> bool:
        """Whether the line is indented like the first of a paragraph, or full, and text goes on after it."""
        if self._short_em(i) > _FIRST_EM:
            return False
        return i + 1 == len(self._lines) or self._is_full(i + 1) or ends_sentence(self._lines[i + 1])

    def _is_heading(self, i: int) -> bool:
        if i >= len(self._lines):
            return False
        line = self._lines[i]
        return bool(_FIGURE.fullmatch(line)) or not (ends_sentence(line) or self._is_first(i) or line.endswith("；"))

    def _ends_paragraph(self, i: int) -> bool:
        if i + 1 >= len(self._lines):
            return True
        line, following = self._lines[i], i + 1
        indented = not self._is_full(following) and not ends_sentence(self._lines[following])
        if ends_sentence(line):
            return indented or self._short_em(i) > 2.6 or (not self._is_full(i) and not self._is_full(following))
        return line.endswith(_WEAK) and not self._is_full(i) and indented


def _heading(lines: list[str]) -> str:
    """A sub-heading in one line; where it was printed in several, a space between them."""
    open_ended = lines[-1].endswith("—") or len(lines) > 2 or width_em(lines[-1]) <= 3
    joined = ("" if open_ended else " ").join(lines)
    return tidy_heading(joined.lstrip(_BULLETS + " "))
