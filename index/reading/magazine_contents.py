"""The lines of a page in, the entries of a table of contents out when it is one; knows no articles."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.reading.magazine_columns import is_usual_column
from index.reading.magazine_layout import Line, width_em
from index.reading.magazine_people import Byline, byline_of
from index.reading.spacing import tidy, tidy_heading

_LEADING = re.compile(r"(?P<page>\d{1,3})[\s.、|丨/／]+(?P<named>\S.*)")
_DOTTED = re.compile(r"(?P<named>\S.*?)\s*[.…·⋯]{3,}\s*(?P<people>[^.…·⋯]*?)\s*(?P<page>\d{1,3})")
_SPACED = re.compile(r"(?P<named>\S.*?)\s{2,}(?P<page>\d{1,3})")
_SLASHED = re.compile(r"(?P<named>\S.*?)\s*[/／]\s*(?P<people>\S.*?)\s+(?P<page>\d{1,3})")
_HEADING = re.compile(r"(?:本期)?目\s*[录次]|(?:本期)?要\s*目|CONTENTS", re.IGNORECASE)
_IMPRINT = re.compile(r"第\s*\d+\s*期|\d{4}\s*年.*(?:月|出版)|刊号|定价|[：:]|ISSN|CN\d")
_COLUMN_MARKS = "><》《»«·•■●【】[]"
_ENTRIES, _SHARE, _HEADED_SHARE, _COLUMN_EM, _ENTRY_CHARACTERS = 3, 0.4, 0.25, 12, 120


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
    found = [(line, _numbered(line.text.strip())) for line in page]
    numbers = [int(match["page"]) for _, match in found if match]
    headed = any(_HEADING.fullmatch(line.text.strip()) for line in page)
    rises = sum(1 for a, b in pairwise(numbers) if a <= b)
    share = _HEADED_SHARE if headed and rises >= 0.8 * (len(numbers) - 1) else _SHARE
    if len(numbers) < _ENTRIES or len(numbers) < len(page) * share:
        return []
    entries, column = list[Entry](), ""
    for line, match in found:
        if match:
            entries.append(_entry(match, column))
        elif _HEADING.fullmatch(line.text.strip()) or _IMPRINT.search(line.text) or line.text.startswith("—"):
            continue
        elif entries and not entries[-1].authors and (byline := _people(line)):
            entries[-1] = replace(entries[-1], authors=byline.authors, role=byline.role)
        elif width_em(line.text) <= _COLUMN_EM:
            column = tidy(line.text).strip(_COLUMN_MARKS)
    return entries


def entry_named(entries: Iterable[Entry], title: str) -> Entry | None:
    """The entry whose title is this one, whatever their spaces and marks."""
    wanted = bare(title)
    return next((entry for entry in entries if wanted and bare(entry.title) == wanted), None)


def bare(text: str) -> str:
    """Letters, digits and Han characters only, so that titles compare whatever the marks around them."""
    return re.sub(r"[\W_]+", "", text)


def _numbered(text: str) -> re.Match[str] | None:
    if len(text) > _ENTRY_CHARACTERS:
        return None
    return next((match for form in (_LEADING, _DOTTED, _SLASHED, _SPACED) if (match := form.fullmatch(text))), None)


def _entry(match: re.Match[str], column: str) -> Entry:
    parts = match.groupdict()
    title, people = parts["named"], parts.get("people") or ""
    if not people:
        title, _, people = title.replace("／", "/").partition("/")
    byline = byline_of(people, listed=True) or Byline(())
    return Entry(tidy_heading(title), str(int(match["page"])), byline.authors, byline.role, column)


def _people(line: Line) -> Byline | None:
    """The byline under an entry, where nothing but its place and the surnames tell it from the name of a column."""
    if line.spaced or is_usual_column(line.tidy):
        return None
    return byline_of(f"■{line.text}")
