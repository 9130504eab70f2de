"""Mentions of all articles in, the reforms that earned a dossier and their dossiers out, each cell with its quote.

A name earns one when the title of an article has it and it is spoken of again, by a sentence that says what it is or
what its parts are, by being spoken of twice with something said of it, or three times. The title of a plan must have its
issuer, its date, its aim or its parts told; a run of nouns that nothing marks as a name must be spoken of three times
besides; a platform, an application, or what nothing but its quotation marks names must have more than its place told, or
be spoken of five times.
"""

import re
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Final

from service.ledger.cells import CELLS, CellName
from service.ledger.mentions import NameKind, key_of

_OFTEN: Final = 3
_AGAIN: Final = 5
_WHOLE: Final = 2**31
_MOST_CELLS: Final = 12
"""Quotes that one cell shows at most, those from most articles first."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A name with a dossier: how it is written, how often and in how many articles, and which cells are filled."""

    key: str
    name: str
    kind: NameKind
    names: tuple[str, ...]
    mentions: int
    articles: int
    filled: tuple[CellName, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A cell: words of one sentence, `article.text[start:end] == quote`."""

    text: str
    article: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """An article that speaks of a reform: how often, and where first."""

    article: str
    mentions: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that the articles say of one reform. A cell without a quote is empty; nothing is guessed."""

    heading: Heading
    cells: dict[CellName, tuple[Said, ...]]
    articles: tuple[Spoken, ...]
    sentences: tuple[tuple[str, int, int], ...]
    """Where its figures are: article, start and end, the whole of an article whose title names it."""


def headings(connection: sqlite3.Connection) -> list[Heading]:
    """Every name that earned a dossier, those spoken of most first."""
    spellings: dict[str, Counter[tuple[str, NameKind]]] = defaultdict(Counter)
    for key, name, kind, count in connection.execute(
        "SELECT key, name, kind, count(*) FROM all_mentions GROUP BY 1, 2, 3"
    ):
        spellings[key][name, kind] += count
    titled = {key for (key,) in connection.execute("SELECT DISTINCT key FROM all_mentions WHERE titled")}
    articles = dict(connection.execute("SELECT key, count(DISTINCT article) FROM all_mentions GROUP BY key"))
    filled: dict[str, set[CellName]] = defaultdict(set)
    for key, cell in connection.execute("SELECT DISTINCT key, cell FROM all_cells"):
        filled[key].add(cell)
    found = []
    for key, names in spellings.items():
        if _earned(names, filled[key], titled=key in titled):
            shown = max(names, key=lambda pair: (pair[0][0] in "“《", names[pair], len(pair[0])))
            every = tuple(dict.fromkeys(name for (name, _), _ in names.most_common()))
            cells = tuple(cell for cell in CELLS if cell in filled[key])
            found.append(Heading(key, shown[0], shown[1], every, names.total(), articles[key], cells))
    return sorted(found, key=lambda heading: (-heading.articles, -heading.mentions, heading.key))


def _earned(names: Counter[tuple[str, NameKind]], filled: set[CellName], *, titled: bool) -> bool:
    """Whether a name is more than mentioned in passing."""
    kinds = {kind for _, kind in names}
    told, mentions = bool(filled - {"where"}), names.total()
    if titled and mentions > 1:
        return True
    if kinds == {"named"}:
        return told and mentions >= _OFTEN
    if kinds == {"title"}:
        return told
    if all(_WEAK.search(name) or (kind == "quoted" and not name.startswith("“")) for name, kind in names):
        return (mentions > 1 and told) or (mentions >= _AGAIN and bool(filled))
    return bool(filled & {"what", "parts"}) or (mentions > 1 and bool(filled)) or mentions >= _OFTEN


_WEAK = re.compile(
    "^“[^”]{1,10}(?<!改革)(?<!工程)(?<!行动)(?<!计划)(?<!机制)(?<!清单)(?<!办法)(?<!制度)(?<!体系)(?<!方案)(?<!战略)”$|(?:平台|系统|应用|场景|专区|模式|经验|方法|规划)”?$"
)
"""Words for things that are often no reform: what they name must be told of."""


def dossier(connection: sqlite3.Connection, heading: Heading) -> Dossier:
    """The dossier of a name."""
    cells: dict[CellName, dict[str, Said]] = {cell: {} for cell in CELLS}
    query = "SELECT cell, text, article, start, end, quote FROM all_cells WHERE key = ? ORDER BY article, start"
    for cell, *said in connection.execute(query, (heading.key,)):
        cells[cell].setdefault(said[0], Said(*said))
    spoken: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    whole: set[str] = set()
    query = "SELECT article, start, end, quote, titled FROM all_mentions WHERE key = ? ORDER BY article, start"
    for article, start, end, quote, titled in connection.execute(query, (heading.key,)):
        spoken[article].append((start, end, quote))
        if titled:
            whole.add(article)
    articles = [Spoken(article, len(places), *places[0]) for article, places in spoken.items()]
    sentences = {
        (article, 0, _WHOLE) if article in whole else (article, start, end): None
        for article, places in spoken.items()
        for start, end, _ in places
    }
    return Dossier(
        heading,
        {cell: tuple(list(said.values())[:_MOST_CELLS]) for cell, said in cells.items()},
        tuple(sorted(articles, key=lambda found: (-found.mentions, found.article))),
        tuple(sentences),
    )


def near_names(name: str, known: list[Heading], most: int = 5) -> list[str]:
    """The names that share most with one that is not there."""
    wanted = set(_pairs(key_of(name)))
    scored = [(len(wanted & set(_pairs(heading.key))), heading) for heading in known]
    best = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], -pair[1].mentions))
    return [heading.name for _, heading in best[:most]]


def _pairs(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)] or [text]
