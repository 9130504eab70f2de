"""A page of news items or a box of figures in, its items out; knows no issue and no other page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from index.reading.magazine_contents import bare
from index.reading.magazine_labels import FIGURE, ends_sentence
from index.reading.magazine_layout import Line, width_em
from index.reading.magazine_paragraphs import paragraphs
from index.reading.magazine_people import byline_of
from index.reading.spacing import join_wrapped, tidy, tidy_heading, tidy_paragraph

_ITEMS, _FIGURES, _ITEM_PARAGRAPHS, _HEAD_LINES = 2, 3, 2, 4
_PLAIN_ITEMS, _ITEM_CHARACTERS = 3, 300


@dataclass(slots=True)
class Item:
    """One item of a round-up: a heading and its paragraphs; `section` is a second head over the column."""

    title: str
    column: str
    text: list[str] = field(default_factory=list)
    section: str = ""


def roundup_of(
    page: Sequence[Line], columns: Collection[str], titles: Collection[str] = (), head: str = ""
) -> list[Item]:
    """The items of a page that a column heads and no byline marks, each one heading and one paragraph or two.

    `titles` are those that the contents list, without marks and spaces, `head` the column in the running head. A box of
    figures among the items is one of them, titled by the line over it: a listed, vertical or letter-spaced one. Empty
    when the page is no round-up.
    """
    if any(byline_of(line.text) for line in page if line.tidy not in columns):
        return []
    listed = [line for line in page if bare(line.text) in titles]
    heads = [line for line in page[:_HEAD_LINES] if line.tidy in columns or line.vertical or line in listed[:1]]
    body = [line for line in page if line not in heads and not line.doubled]
    figures = _figures_end(body)
    if len(listed) >= _ITEMS and not figures:
        heads = [line for line in heads if line not in listed]
        body = [line for line in page if line not in heads and not line.doubled]
    elif not heads and not listed:
        return _plain_items(page, head)
    elif page[0] not in heads or (listed and not figures):
        return []
    unlisted = [line.tidy for line in heads if line not in listed]
    column = next((text for text in reversed(unlisted) if text in columns), head or "".join(unlisted[-1:]))
    items = _items(body[figures:], column, {line.text for line in listed})
    if figures:
        spaced = [line.tidy for line in heads if line.spaced or line is heads[0]]
        named = next((line.tidy for line in heads if line.vertical or line in listed), "")
        if not named and spaced and (head or len(spaced) > 1):
            named, column = spaced[-1], head or spaced[0]
        items.insert(
            0, Item(named or column, column if named else "", _figures([line.text for line in body[:figures]]))
        )
    sound = items and all(item.title and 1 <= len(item.text) <= _ITEM_PARAGRAPHS for item in items[bool(figures) :])
    for item in items[: 0 if figures else None]:
        item.section = next((line.tidy for line in heads if line.tidy != column), "")
    return items if sound and (figures or len(items) >= _ITEMS) else []


def _plain_items(page: Sequence[Line], column: str) -> list[Item]:
    """The items of a page without any head: three or more headings, nearly each over one short paragraph."""
    if any(line.doubled or line.vertical for line in page):
        return []
    items = _items(page, column, ())
    short = all(item.text and sum(map(len, item.text)) <= _ITEM_CHARACTERS for item in items)
    lone = sum(1 for item in items if len(item.text) == 1) * 3 >= len(items) * 2
    return items if short and lone and len(items) >= _PLAIN_ITEMS else []


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


def _items(body: Sequence[Line], column: str, listed: Collection[str]) -> list[Item]:
    """The items under their headings, those that the contents list or, when they list none, those the lines show."""
    items: list[Item] = []
    if listed:
        under = list[list[str]]()
        for line in body:
            if line.text in listed:
                items.append(Item(tidy_heading(line.text), column))
                under.append([])
            elif not items:
                return []
            else:
                under[-1].append(line.text)
        for item, lines in zip(items, under, strict=True):
            item.text = paragraphs(lines)
        return items
    for paragraph in paragraphs([line.text for line in body]):
        if not ends_sentence(paragraph) and width_em(paragraph) <= 40:
            items.append(Item(paragraph, column))
        elif items:
            items[-1].text.append(paragraph)
        else:
            return []
    return items
