"""What stands around a body in, the names of the article out: title, kicker, subtitle, standfirst, byline, captions."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from index.reading.magazine_contents import Entry, entry_named
from index.reading.magazine_furniture import is_author_note, is_caption, is_notice, is_organizer, is_place
from index.reading.magazine_labels import ends_sentence
from index.reading.magazine_layout import Line, width_em
from index.reading.magazine_people import byline_of, role_length
from index.reading.spacing import join_wrapped, tidy, tidy_heading, tidy_paragraph

_MARKS = "■□◆◇▲△●○★※"
_STANDFIRST_CHARACTERS, _TITLE_LINES = 20, 3
_OPEN_END = tuple("的地得之和与及在于从向对为把被将让上下中里并而、，：")


@dataclass(slots=True)
class Naming:
    """What the lines around a body tell of its article."""

    title: str = ""
    listed: bool = False  # the contents list the title
    sure: bool = False  # no mere caption: listed in the contents, printed once, or beside a kicker
    place: str = ""
    column: str = ""
    authors: tuple[str, ...] = ()
    captions: list[str] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    over_subtitle: Line | None = None  # the line that a subtitle, noted already, stands under

    def note(self, key: str, text: str) -> None:
        """Adds to what is known under the key."""
        known = self.metadata.get(key, "")
        self.metadata[key] = f"{known} {text}" if known else text


def naming_of(
    head: Sequence[Line],
    tail: Sequence[Line],
    columns: Collection[str],
    themes: Collection[str],
    entries: Sequence[Entry],
) -> Naming:
    """Names from the lines before and after a body."""
    naming = Naming()
    runs: list[list[Line]] = []  # lines that may be the title, those printed one under the other together
    for zone in (head, tail):
        runs.append([])
        at = 0
        while at < len(zone):
            taken = _take(zone, at, naming, columns, themes)
            if taken == 0:
                if runs[-1] and (runs[-1][-1].doubled != zone[at].doubled or len(runs[-1]) >= _TITLE_LINES):
                    runs.append([])
                runs[-1].append(zone[at])
            elif runs[-1]:
                runs.append([])
            at += taken or 1
    _choose(naming, [run for run in runs if run], entries)
    return naming


def first_clause(text: str) -> str:
    """A title for a text that has none: its first clause, at most 40 characters."""
    return re.split(r"[，。；！？：,;!?\n]", text, maxsplit=1)[0][:40] or text[:40]


def joined_title(lines: Sequence[Line]) -> str:
    """A title of several lines as one: a space between them unless the first runs on into the second."""
    title = tidy_heading(lines[0].text)
    for line in lines[1:]:
        part = tidy_heading(line.text)
        title += part if title.endswith(_OPEN_END) else f" {part}"
    return title


def _take(zone: Sequence[Line], at: int, naming: Naming, columns: Collection[str], themes: Collection[str]) -> int:
    """How many lines from `at` have a part of their own, noted in `naming`; 0 for one that may be the title."""
    line = zone[at]
    if line.tidy in columns or line.tidy in themes:
        if line.tidy in columns:
            naming.column = line.tidy
        elif line.tidy not in naming.metadata.get("theme", ""):
            naming.note("theme", line.tidy)
        return 1
    if byline := byline_of(line.text):
        roles = role_length([other.text for other in zone[at + 1 : at + 7]])
        role = byline.role + tidy("".join(other.text for other in zone[at + 1 : at + 1 + roles]))
        naming.authors = naming.authors + byline.authors
        if role:
            naming.note("role", role)
        return 1 + roles
    if line.text.startswith("—"):
        naming.note("subtitle", tidy_heading(line.text.lstrip("— ")))
        naming.over_subtitle = zone[at - 1] if at else None
        return 1
    if taken := _standfirst(zone, at):
        text = tidy_paragraph(join_wrapped(other.text for other in zone[at : at + taken]))
        naming.note("standfirst", text.lstrip(_MARKS))
        return taken
    if is_organizer(line.text):
        naming.note("organizer", line.tidy)
        return 1
    if is_place(line.text):
        naming.place = naming.place or line.tidy
        return 1
    if is_notice(line.text):
        rest = next((i for i in range(at, len(zone)) if zone[i].doubled), len(zone))
        naming.note("notice", tidy(" ".join(other.text for other in zone[at:rest])))
        return rest - at
    if is_author_note(line.text):
        naming.note("role", line.tidy.strip("（）()"))
        return 1
    if is_caption(line.text):
        naming.captions.append(tidy_heading(line.text))
        return 1
    return 0


def _standfirst(zone: Sequence[Line], at: int) -> int:
    """How many lines a standfirst takes that begins here: marked, set wide, up to its last, shorter line."""
    first = zone[at]
    if not (first.text[:1] in _MARKS and len(first.tidy) > _STANDFIRST_CHARACTERS) or first.doubled:
        return 0
    end = at + 1
    while end < len(zone) and not (zone[end].doubled or zone[end].vertical or zone[end].spaced):
        shorter = width_em(zone[end - 1].text) < width_em(first.text) - 3
        if shorter or byline_of(zone[end].text) or (ends_sentence(zone[end - 1].text) and len(zone[end].tidy) < 20):
            break
        end += 1
    return end - at


def _choose(naming: Naming, runs: list[list[Line]], entries: Sequence[Entry]) -> None:
    """The title among the candidates; the others become kicker (printed once) or captions (shadow print)."""
    chosen, listed = _listed(runs, entries)
    chosen = chosen or _likeliest(runs, bool(naming.place))
    naming.title = listed or (joined_title(chosen) if chosen else "")
    naming.listed = bool(listed)
    naming.sure = bool(listed) or (bool(chosen) and (not chosen[0].doubled or bool(naming.place)))
    for line in (line for run in runs for line in run if not any(line is part for part in chosen)):
        if line is naming.over_subtitle:  # the subtitle is that of a series which the article belongs to
            naming.note("series", f"{tidy_heading(line.text)}——{naming.metadata.pop('subtitle')}")
        elif line.doubled:
            naming.captions.append(tidy_heading(line.text))
        else:
            naming.note("kicker", tidy_heading(line.text))
    if naming.place and naming.title:
        naming.note("kicker", naming.place.rstrip("："))
        naming.title = f"{naming.place}{'' if naming.place.endswith('：') else ' '}{naming.title}"


def _listed(runs: list[list[Line]], entries: Sequence[Entry]) -> tuple[list[Line], str]:
    """The lines that make a title which the contents list, and the title as it stands there."""
    for run in runs:
        for first in range(len(run)):
            for last in range(len(run), first, -1):
                if entry := entry_named(entries, joined_title(run[first:last])):
                    return run[first:last], entry.title
    return [], ""


def _likeliest(runs: list[list[Line]], placed: bool) -> list[Line]:
    """Vertical lines first, then those printed once, then shadow print; the earliest of each."""
    vertical = [line for run in runs for line in run if line.vertical and len(line.tidy) >= 5]
    if vertical:
        return [max(vertical, key=lambda line: len(line.tidy))]
    once = [run for run in runs if not run[0].doubled]
    if once:
        return once[0]
    doubled = runs[0] if runs else []
    return doubled[:1] if placed or (len(doubled) > 1 and not doubled[0].tidy.endswith(_OPEN_END)) else doubled
