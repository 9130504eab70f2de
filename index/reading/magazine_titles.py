"""What stands around a body in, the names of the article out: title, kicker, subtitle, standfirst, byline, captions."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from index.reading.magazine_contents import Entry, entry_named
from index.reading.magazine_layout import Line, width_em
from index.reading.magazine_labels import ends_sentence
from index.reading.magazine_people import byline_of, role_length
from index.reading.magazine_zones import is_credit
from index.reading.spacing import join_wrapped, tidy, tidy_heading, tidy_paragraph

_PLACE = re.compile(r"[\u4e00-\u9fff（）()·]{1,9}(?:省|市|县|区|州|盟|旗|镇|乡|村|街道)：?|[\u4e00-\u9fff]{2,10}：")
_NOTICE = re.compile(r"扫描?(?:下方|上方|右侧)?二维码|责任编辑|责编|投稿|版权所有|广告|下转|上接")
_ORGANIZER = re.compile(r"(?:主办|联办|协办|承办|合办|编辑部|杂志社|出品)$")
_MARKS = "■□◆◇▲△●○★※"
_STANDFIRST_CHARACTERS, _TITLE_LINES = 20, 3
_OPEN_END = tuple("的地得之和与及在于从向对为把被将让上下中里并而、，：")


@dataclass(slots=True)
class Naming:
    """What the lines around a body tell of its article."""

    title: str = ""
    sure: bool = False  # no mere caption: listed in the contents, printed once, or beside a kicker
    place: str = ""
    column: str = ""
    authors: tuple[str, ...] = ()
    captions: list[str] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)

    def note(self, key: str, text: str) -> None:
        """Adds to what is known under the key."""
        known = self.metadata.get(key, "")
        self.metadata[key] = f"{known} {text}" if known else text


def naming_of(
    head: Sequence[Line], tail: Sequence[Line], columns: Collection[str], themes: Collection[str], entries: Sequence[Entry]
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
        elif line.tidy not in naming.metadata.get("kicker", ""):
            naming.note("kicker", line.tidy)
        return 1
    if byline := byline_of(line.text):
        roles = role_length([other.text for other in zone[at + 1 : at + 7]])
        role = byline.role + tidy("".join(other.text for other in zone[at + 1 : at + 1 + roles]))
        naming.authors = naming.authors + byline.authors
        if role:
            naming.note("role", role)
        return 1 + roles
    if line.text.startswith("—"):
        naming.note("subtitle", tidy_heading(line.text.lstrip("—— ")))
        return 1
    if taken := _standfirst(zone, at):
        text = tidy_paragraph(join_wrapped(other.text for other in zone[at : at + taken]))
        naming.note("standfirst", text.lstrip(_MARKS))
        return taken
    if _ORGANIZER.search(line.tidy):
        naming.note("organizer", line.tidy)
        return 1
    if _PLACE.fullmatch(line.tidy) and width_em(line.text) <= 10:
        naming.place = naming.place or line.tidy
        return 1
    if _NOTICE.search(line.text):
        rest = next((i for i in range(at, len(zone)) if zone[i].doubled), len(zone))
        naming.captions.append(tidy(" ".join(other.text for other in zone[at:rest])))
        return rest - at
    if is_credit(line.text):
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
    listed = None
    for run in runs:
        for first in range(len(run)):
            for last in range(len(run), first, -1):
                if not listed and (entry := entry_named(entries, joined_title(run[first:last]))):
                    listed, title = entry, run[first:last]
    if listed:
        naming.title, naming.sure, chosen = listed.title, True, title
    else:
        chosen = _likeliest(runs, bool(naming.place))
        naming.title = joined_title(chosen) if chosen else ""
        naming.sure = bool(chosen) and (not chosen[0].doubled or bool(naming.place))
    for run in runs:
        for line in run:
            if any(line is part for part in chosen):
                continue
            if line.doubled or line.vertical and not chosen:
                naming.captions.append(tidy_heading(line.text))
            else:
                naming.note("kicker", tidy_heading(line.text))
    if naming.place and naming.title:
        naming.note("kicker", naming.place.rstrip("："))
        naming.title = f"{naming.place}{'' if naming.place.endswith('：') else ' '}{naming.title}"


def _likeliest(runs: list[list[Line]], placed: bool) -> list[Line]:
    """Vertical lines first, then those printed once, then shadow print; the earliest of each."""
    vertical = [line for run in runs for line in run if line.vertical and len(line.tidy) >= 5]
    if vertical:
        return [max(vertical, key=lambda line: len(line.tidy))]
    once = [run for run in runs if not run[0].doubled]
    if once:
        return once[0]
    doubled = runs[0] if runs else []
    return doubled[:1] if placed or len(doubled) > 1 and not doubled[0].tidy.endswith(_OPEN_END) else doubled
