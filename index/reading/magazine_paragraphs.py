"""Printed body lines in, paragraphs and sub-headings in reading form out; knows no pages, titles or captions."""

from collections.abc import Sequence

from index.reading.magazine_furniture import is_table_row
from index.reading.magazine_labels import BULLETS, Part, headings_apart, parts_of
from index.reading.magazine_layout import width_em
from index.reading.spacing import join_wrapped, tidy_heading, tidy_paragraph


def paragraphs(lines: Sequence[str]) -> list[str]:
    """One paragraph or sub-heading an entry; empty lines and rows of a table divide paragraphs for certain."""
    made: list[str] = []
    block: list[str] = []
    for line in [*lines, ""]:
        row = is_table_row(line)
        if line.strip() and not row:
            block.append(line.strip())
            continue
        if block:
            made.extend(_of_block(block))
            block = []
        if row:
            made.append(" ".join(line.split()))
    return [paragraph for paragraph in made if paragraph]


def _of_block(lines: list[str]) -> list[str]:
    parts = parts_of(lines)
    begins = [i for i, begin in enumerate(headings_apart(lines, parts)) if begin]
    ends = [*begins[1:], len(lines)]
    return [_reading_form(lines[start:end], parts[start]) for start, end in zip(begins, ends, strict=True)]


def _reading_form(lines: list[str], part: Part) -> str:
    """A paragraph as one line, or a sub-heading; where this was printed in two lines, a space between them."""
    if part != "heading":
        return tidy_paragraph(join_wrapped(lines))
    in_one = lines[-1].endswith("—") or len(lines) > 2 or width_em(lines[-1]) <= 3
    return tidy_heading(("" if in_one else " ").join(lines).lstrip(BULLETS + " "))
