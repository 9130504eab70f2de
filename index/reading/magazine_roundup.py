"""A page of news items or a box of figures in, its items out; knows no issue and no other page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from index.reading.magazine_labels import FIGURE, ends_sentence
from index.reading.magazine_layout import Line, width_em
from index.reading.magazine_paragraphs import paragraphs
from index.reading.magazine_people import byline_of
from index.reading.spacing import join_wrapped, tidy, tidy_paragraph

_ITEMS, _FIGURES, _ITEM_PARAGRAPHS, _HEAD_LINES = 2, 3, 2, 4


@dataclass(slots=True)
class Item:
    """One item of a round-up: a heading and its paragraphs; `section` is a second head over the column."""

    title: str
    column: str
    text: list[str] = field(default_factory=list)
    section: str = ""


def roundup_of(page: Sequence[Line], columns: Collection[str]) -> list[Item]:
    """The items of a page that a column heads and no byline marks, each one heading and one paragraph or two.

    A box of figures among them is one item, titled by the vertical or letter-spaced line over it. Empty when the page
    is no round-up.
    """
    if any(byline_of(line.text) for line in page if line.tidy not in columns):
        return []
    heads = [line for line in page[:_HEAD_LINES] if line.tidy in columns or line.vertical]
    if not heads or page[0] not in heads:
        return []
    column = next((line.tidy for line in reversed(heads) if line.tidy in columns), heads[-1].tidy)
    body = [line for line in page if line not in heads and not line.doubled]
    figures = _figures_end(body)
    items = _items([line.text for line in body[figures:]], column)
    if figures:
        title = next((line.tidy for line in heads if line.vertical), "") or column
        items.insert(0, Item(title, "", _figures([line.text for line in body[:figures]])))
    sound = items and all(item.title and 1 <= len(item.text) <= _ITEM_PARAGRAPHS for item in items[bool(figures) :])
    for item in items[: 0 if figures else None]:
        item.section = next((line.tidy for line in heads if line.tidy != column), "")
    return items if sound and (figures or len(items) >= _ITEMS) else []


def _figures(lines: Sequence[str]) -> list[str]:
    """Each big figure and, under it, its sentence in one line."""
    text: list[str] = []
    under = list[str]()
    for line in [*lines, ""]:
        if line and not FIGURE.fullmatch(line.strip()):
            under.append(line)
            continue
        if under:
            text.append(tidy_paragraph(join_wrapped(under)))
        text.append(tidy(line))
        under = []
    return [line for line in text if line]


def _figures_end(body: Sequence[Line]) -> int:
    """The index after the sentence of the last big figure, 0 when there are too few for a box."""
    at = [i for i, line in enumerate(body) if FIGURE.fullmatch(line.text.strip())]
    if len(at) < _FIGURES or at[0] != 0:
        return 0
    end = at[-1] + 1
    while end < len(body) and not ends_sentence(body[end].text):
        end += 1
    return end + 1


def _items(lines: list[str], column: str) -> list[Item]:
    items: list[Item] = []
    for paragraph in paragraphs(lines):
        if not ends_sentence(paragraph) and width_em(paragraph) <= 40:
            items.append(Item(paragraph, column))
        elif items:
            items[-1].text.append(paragraph)
        else:
            return []
    return items
