"""The lines of a page in, the parts that are no article's body out: biographies, footnotes, lone captions, repeats."""

import statistics
from collections.abc import Sequence
from dataclasses import replace

from index.reading.magazine_folio import Page
from index.reading.magazine_furniture import is_credit, is_footnote
from index.reading.magazine_labels import ends_sentence
from index.reading.magazine_layout import Line, width_em
from index.reading.magazine_paragraphs import paragraphs
from index.reading.magazine_people import Byline, are_people, byline_of, names_of
from index.reading.spacing import join_wrapped, tidy_paragraph

_LONE_CHARACTERS, _REPEATED_CHARACTERS, _FOOT_LINES = 200, 400, 12
_MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_WIDTH_CHANGE_EM, _NAMED_WORDS, _FEWEST_LINES = 0.7, 4, 4


def without_repeats(pages: Sequence[Page]) -> list[Page]:
    """The pages without those whose few lines stand word for word on another: extracts set beside the contents."""
    told = ["".join(line.tidy for line in page.lines) for page in pages]
    whole = "\n".join(told)
    return [
        page
        for page, own in zip(pages, told, strict=True)
        if own and (len(own) > _REPEATED_CHARACTERS or whole.count(own) < 2)
    ]


def is_lone_caption(page: Sequence[Line]) -> bool:
    """Whether the page is a picture with its caption: a few lines and who took it."""
    return sum(len(line.tidy) for line in page) <= _LONE_CHARACTERS and any(is_credit(line.text) for line in page)


def split_biography(page: list[Line]) -> tuple[list[Line], str]:
    """The page without the lines on its author, which follow the byline and begin with the name; and those lines."""
    for i, line in enumerate(page[:-1]):
        byline = byline_of(line.text) or (Byline(names_of(line.text)) if are_people(line.text) else None)
        if byline and page[i + 1].tidy.startswith(
            tuple(f"{name}{mark}" for name in byline.authors for mark in "，,：（、")
        ):
            signed = line if byline_of(line.text) else replace(line, text=f"■{line.text}")
            return [*page[:i], signed], "\n".join(paragraphs([other.text for other in page[i + 1 :]]))
    return page, ""


def lines_of_another(body: Sequence[str], title: str) -> int:
    """How many of the lines belong to the article before, where another begins amid the page with its title after it.

    There the column changes its width, at the end of a paragraph, and the next speaks of what the title names.
    """
    widths = [width_em(line) for line in body]
    words = {title[i : i + 2] for i in range(len(title) - 1)}

    def named(i: int) -> int:
        opening = "".join(body[i : i + 5])
        return sum(1 for word in words if word in opening)

    best, found = _WIDTH_CHANGE_EM, 0
    for i in range(_FEWEST_LINES, len(body) - _FEWEST_LINES):
        if ends_sentence(body[i - 1]) and widths[i - 1] < widths[i - 2] - 1 and named(i) >= named(0) + _NAMED_WORDS:
            change = abs(statistics.median(widths[:i]) - statistics.median(widths[i:]))
            if change > best:
                best, found = change, i
    return found


def split_footnotes(page: list[Line]) -> tuple[list[Line], list[str]]:
    """The page without the footnotes at its foot, whose marks stand in the lines before them; and the footnotes."""
    at = len(page)
    while at > max(1, len(page) - _FOOT_LINES):
        at -= 1
        mark = page[at].text[:1]
        above = "".join(line.text for line in page[:at])
        if is_footnote(page[at].text) and (mark in above if mark in _MARKS else page[at].text.startswith("注")):
            while at > 1 and is_footnote(page[at - 1].text):
                at -= 1
            break
    else:
        return page, []
    notes = list[list[str]]()
    for line in page[at:]:
        if is_footnote(line.text) or not notes:
            notes.append([])
        notes[-1].append(line.text)
    return page[:at], [tidy_paragraph(join_wrapped(note)) for note in notes]
