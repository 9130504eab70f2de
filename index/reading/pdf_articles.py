"""The pieces of all pages in, articles in reading form out; knows no glyphs, columns or files.

An article begins at a heading as large as those that head text elsewhere in the file. Smaller and numbered headings
stay in its text as lines of their own. Asides follow the text of the article they stand beside.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from index.reading.magazine_labels import ends_sentence
from index.reading.magazine_people import Byline, byline_of
from index.reading.pdf_layout import Piece, text_of

_TITLE_SHARE, _BYLINED_LARGER, _ALIKE = 0.75, 1.25, 0.06
_NUMBERED = re.compile(
    r"[（(]?[一二三四五六七八九十百]{1,4}[）)、.．]|第[一二三四五六七八九十百\d]+[章节条部篇]|\d{1,2}(?:\.\d+)*[、.．\s]|[（(]\d{1,2}[）)]"
)
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?(?!\d)")
_LINE_CHARACTERS, _TITLE_CHARACTERS, _PARAGRAPH_CHARACTERS = 45, 40, 10_000


class Heads(NamedTuple):
    """Headings that follow each other without text between: where they begin, the title among them, and the rest."""

    start: int
    end: int
    title: int
    largest: float


@dataclass(slots=True)
class Draft:
    """An article while its pieces are read; `title` is empty for text before the first title."""

    title: str = ""
    kicker: str = ""
    subtitle: str = ""
    byline: Byline | None = None
    date: str | None = None
    body: list[Piece] = field(default_factory=list)
    asides: list[Piece] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    pages: set[int] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The body with the asides after it, a paragraph a line."""
        return "\n".join(piece.text for piece in (*self.body, *self.asides))


def drafts_of(pieces: Sequence[Piece], body: float) -> list[Draft]:
    """The articles of a file in order; `body` is the size of its running text."""
    main = [piece for piece in pieces if not piece.aside]
    indents = [piece.indented for piece in main if piece.kind == "paragraph"]
    indented = sum(indents) > len(indents) / 2
    titles = {heads.start: heads for heads in _titles(main, body)}
    drafts, at = [Draft()], 0
    while at < len(main):
        piece = main[at]
        if at in titles:
            heads = titles[at]
            drafts.append(_begun(main[heads.start : heads.end], heads.title - heads.start))
            at = heads.end
            continue
        _add(drafts[-1], piece, indented)
        at += 1
    drafts = _first_settled(drafts)
    for piece in pieces:
        if piece.aside:
            beside = (
                [draft for draft in drafts if piece.page in draft.pages]
                or [d for d in drafts if min(d.pages) < piece.page]
                or drafts
            )
            _add_aside(beside[-1], piece)
    for draft in drafts:
        _name(draft)
    return drafts


def _titles(main: Sequence[Piece], body: float) -> list[Heads]:
    """The headings at which articles begin."""
    groups = _groups(main)
    heading_text = [group for group in groups if group.end < len(main)]
    if not heading_text:
        return []
    largest = max(main[group.title].size for group in heading_text)
    titles = []
    for group in groups:
        after = main[group.end] if group.end < len(main) else None
        signed = after is not None and bool(after.printed and byline_of(after.printed))
        size = main[group.title].size
        if size >= largest * _TITLE_SHARE or (signed and size >= body * _BYLINED_LARGER):
            titles.append(_without_subheadings(group, main, groups))
    return titles


def _groups(main: Sequence[Piece]) -> list[Heads]:
    """Unnumbered headings in a row, with the one that names the article: the largest, unless that one is a masthead
    over a title of a size that others have too.
    """
    spans = list[tuple[int, int]]()
    for i, piece in enumerate(main):
        if piece.kind == "heading" and not _NUMBERED.match(piece.text):
            if spans and spans[-1][1] == i:
                spans[-1] = (spans[-1][0], i + 1)
            else:
                spans.append((i, i + 1))
    tops = [max(piece.size for piece in main[start:end]) for start, end in spans]
    groups = []
    for (start, end), top in zip(spans, tops, strict=True):
        shared = [i for i in range(start, end) if sum(1 for other in tops if _alike(other, main[i].size)) >= 2]
        lone = sum(1 for other in tops if _alike(other, top)) == 1
        chosen = shared if shared and lone else range(start, end)
        groups.append(Heads(start, end, max(chosen, key=lambda i: main[i].size), top))
    return groups


def _without_subheadings(group: Heads, main: Sequence[Piece], groups: Sequence[Heads]) -> Heads:
    """The group up to a heading of the size that sub-headings elsewhere have."""
    if group.end < len(main) and main[group.end].printed and byline_of(main[group.end].printed):
        return group
    for i in range(group.title + 1, group.end):
        if main[i].text.startswith("—"):
            continue
        others = [
            other
            for other in groups
            if other != group and main[other.title].size < main[group.title].size * _TITLE_SHARE
        ]
        if any(_alike(main[other.title].size, main[i].size) for other in others):
            return group._replace(end=i)
    return group


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= _ALIKE * max(one, other)


def _begun(heads: Sequence[Piece], title: int) -> Draft:
    draft = Draft(title=heads[title].text, pages={piece.page for piece in heads[title:]})
    draft.kicker = " ".join(piece.text for piece in heads[:title])
    draft.subtitle = " ".join(piece.text for piece in heads[title + 1 :]).lstrip("—–-－ ")
    return draft


def _add(draft: Draft, piece: Piece, indented: bool) -> None:
    """Put a piece into an article: as its byline, as the rest of its last paragraph, or as a line of its own."""
    draft.pages.add(piece.page)
    if piece.kind == "caption":
        draft.captions.append(piece.text)
        return
    if draft.title and not draft.body and piece.printed and len(piece.text) <= _LINE_CHARACTERS:
        byline, dated = byline_of(piece.printed), _date_in(piece.text)
        if byline and not draft.byline:
            draft.byline = byline
            return
        if dated and not ends_sentence(piece.text):
            draft.date = draft.date or dated
    last = next((i for i in range(len(draft.body) - 1, -1, -1) if draft.body[i].kind != "row"), None)
    if (
        piece.kind == "paragraph"
        and piece.goes_on
        and last is not None
        and _continues(draft.body[last], piece, indented)
    ):
        before = draft.body[last]
        whole = text_of([before.text, piece.text])
        draft.body[last] = before._replace(text=whole, is_open=piece.is_open, page=piece.page)
        return
    draft.body.append(piece)


def _add_aside(draft: Draft, piece: Piece) -> None:
    draft.pages.add(piece.page)
    if piece.kind == "caption":
        draft.captions.append(piece.text)
    elif draft.asides and piece.goes_on and _continues(draft.asides[-1], piece, True):
        draft.asides[-1] = draft.asides[-1]._replace(text=text_of([draft.asides[-1].text, piece.text]))
    else:
        draft.asides.append(piece)


def _continues(before: Piece, piece: Piece, indented: bool) -> bool:
    """Whether a paragraph at the start of a column is the rest of the one at the end of the column before."""
    if len(before.text) > _PARAGRAPH_CHARACTERS:  # no paragraph is that long; the text shows no ends
        return False
    alike = before.kind == "paragraph" and abs(before.size - piece.size) < 0.6
    return alike and before.is_open and (not ends_sentence(before.text) or indented)


def _first_settled(drafts: list[Draft]) -> list[Draft]:
    """Without an empty start; a few words before the first title are its kicker, and a title without text stays with
    what follows.
    """
    kept = list[Draft]()
    before = ""
    for i, draft in enumerate(drafts):
        few = (
            not draft.title
            and len(draft.text) <= _LINE_CHARACTERS
            and not any(ends_sentence(p.text) for p in draft.body)
        )
        if i + 1 < len(drafts) and not draft.captions and (few or not draft.body):
            before = " ".join(
                part
                for part in (before, draft.kicker, draft.title, draft.subtitle, draft.text.replace("\n", " "))
                if part
            )
            continue
        draft.kicker = " ".join(part for part in (before, draft.kicker) if part)
        before = ""
        kept.append(draft)
    return [draft for draft in kept if draft.title or draft.body or draft.captions]


def _name(draft: Draft) -> None:
    """Take what is missing from the text: a short line at its head as title, a line at its end as date."""
    if not draft.title and len(draft.body) > 1:
        first = draft.body[0]
        if first.printed and len(first.text) <= _TITLE_CHARACTERS and first.text[-1] not in "。！？；，、：…,.;:!?":
            draft.title, draft.body = first.text, draft.body[1:]
            byline = byline_of(draft.body[0].printed) if draft.body[0].printed else None
            if byline and len(draft.body) > 1:
                draft.byline, draft.body = byline, draft.body[1:]
    for piece in draft.body[-1:]:
        if not draft.date and len(piece.text) <= _LINE_CHARACTERS:
            draft.date = _date_in(piece.text)


def _date_in(text: str) -> str | None:
    found = _DATE.search(text)
    return f"{int(found[1]):04}-{int(found[2]):02}-{int(found[3]):02}" if found else None
