"""The lines of a page in, the entries of a table of contents out when it is one; knows no articles."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.reading.magazine_layout import Line
from index.reading.magazine_people import Byline, byline_of
from index.reading.spacing import tidy, tidy_heading

_LEADING = re.compile(r"(\d{1,3})[\s.、|丨]+(\S.*)")
_TRAILING = re.compile(r"(\S.*?)[\s.…·]{2,}(\d{1,3})")
_ENTRIES, _SHARE = 3, 0.4


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as the table of contents names it."""

    title: str
    page: str
    authors: tuple[str, ...] = ()
    role: str = ""
    column: str = ""


def contents_of(page: Sequence[Line]) -> list[Entry]:
    """The entries of the page, or none when it is no table of contents."""
    found = [(line, _LEADING.fullmatch(line.text.strip()) or _TRAILING.fullmatch(line.text.strip())) for line in page]
    count = sum(1 for _, match in found if match)
    if count < _ENTRIES or count < len(page) * _SHARE:
        return []
    entries, column = list[Entry](), ""
    for line, match in found:
        if not match:
            column = tidy(line.text).strip("><》《»«·•■●")
            continue
        number, named = (match[1], match[2]) if match[1].isdigit() else (match[2], match[1])
        title, _, people = named.partition("/")
        byline = byline_of(people, listed=True) or Byline(())
        entries.append(Entry(tidy_heading(title), number, byline.authors, byline.role, column))
    return entries


def entry_named(entries: Iterable[Entry], title: str) -> Entry | None:
    """The entry whose title is this one, whatever their spaces and marks."""
    wanted = bare(title)
    return next((entry for entry in entries if wanted and bare(entry.title) == wanted), None)


def bare(text: str) -> str:
    """Letters, digits and Han characters only, so that titles compare whatever the marks around them."""
    return re.sub(r"[\W_]+", "", text)
