"""A version's ledger opened for reading: figures by query, timelines of indicators, conflicts. Reads no article again."""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from shlex import quote as quoted
from typing import Any, Final, Literal
from weakref import WeakKeyDictionary

from index.connections import Connections
from index.snapshot import Snapshot
from index.store import sound
from service.answering.figures import find_figures
from service.errors import NoLedgerError
from service.ledger.dossiers import Dossier, Heading, dossier, headings
from service.ledger.writing import is_there, opened

Sort = Literal["article", "period", "-period", "value", "-value"]
_ORDER = {
    "period": "coalesce(period_end, date) IS NULL, coalesce(period_end, date), period_start",
    "-period": "coalesce(period_end, date) IS NULL, coalesce(period_end, date) DESC, period_start DESC",
    "value": "value",
    "-value": "value DESC",
}
_COLUMNS = (
    "article, figure_start, figure_end, start, end, text, number, unit, hedge, subject, about, period, period_start,"
    " period_end, resolved, date, comparator, change, grows, indicator, quote"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure as it stands in the ledger; `number` is its value as JSON."""

    article: str
    figure_start: int
    figure_end: int
    start: int
    end: int
    text: str
    number: str
    unit: str
    hedge: str
    subject: str
    about: str
    period: str
    period_start: str | None
    period_end: str | None
    resolved: int
    date: str | None
    comparator: str
    change: str
    grows: int | None
    indicator: str
    quote: str

    @property
    def value(self) -> Any:
        return json.loads(self.number)

    @property
    def time(self) -> tuple[str, ...] | None:
        """What it must share with another of its indicator to tell of the same time; None where it tells of none."""
        if self.period_start or self.period_end:
            return self.period_start or "", self.period_end or ""
        return ("as of", self.date) if self.date and not self.period else None


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """Which figures are wanted; an empty field limits nothing. Every word of `q` stands in the row or in
    the title of its article.
    """

    q: str = ""
    unit: str = ""
    article: str = ""
    indicator: str = ""
    sort: Sort = "article"


@dataclass(frozen=True, slots=True)
class Timeline:
    """All values of one indicator in the order of their times."""

    indicator: str
    rows: tuple[Row, ...]


class Ledger:
    """Safe to share between threads. Does not keep its version from being removed: whoever reads it holds the snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._opened = partial(_opened, snapshot.path, snapshot.folder)
        self._connections = Connections(self._opened)

    def figures(self, query: FigureQuery, limit: int, offset: int = 0) -> tuple[list[Row], int]:
        """Some of the figures asked for, and how many there are in all."""
        where, bound = _where(query)
        total: int = self._run(f"SELECT count(*) FROM all_figures{where}", bound).fetchone()[0]
        page = f"SELECT {_COLUMNS} FROM all_figures{where}{_order(query)} LIMIT :limit OFFSET :offset"
        return [Row(*row) for row in self._run(page, {**bound, "limit": limit, "offset": offset})], total

    def every(self, query: FigureQuery) -> Iterator[Row]:
        """All of the figures asked for, read as they are taken, by whatever thread takes them."""
        where, bound = _where(query)
        with closing(self._opened()) as connection:
            found = connection.execute(f"SELECT {_COLUMNS} FROM all_figures{where}{_order(query)}", bound)
            yield from (Row(*row) for row in found)

    def timelines(self, query: FigureQuery, limit: int, offset: int = 0, least: int = 2) -> tuple[list[Timeline], int]:
        """The indicators that have at least so many values among the figures asked for, those with most first."""
        where, bound = _where(query)
        where = f"{where} AND subject != ''" if where else " WHERE subject != ''"
        groups = f"SELECT indicator, count(*) AS n FROM all_figures{where} GROUP BY indicator HAVING n >= :least"
        bound = {**bound, "least": least}
        total: int = self._run(f"SELECT count(*) FROM ({groups})", bound).fetchone()[0]
        page = f"{groups} ORDER BY n DESC, indicator LIMIT :limit OFFSET :offset"
        names = [name for name, _ in self._run(page, {**bound, "limit": limit, "offset": offset})]
        found = self._of_indicators(names)
        return [Timeline(name, tuple(sorted(found[name], key=_moment))) for name in names], total

    def conflicts(self, rows: Sequence[Row]) -> dict[tuple[str, int], list[Row]]:
        """For each of the rows, by article and place, the other rows that give its indicator another value for its time."""
        every = self._of_indicators({row.indicator for row in rows if row.subject})
        return {
            (row.article, row.figure_start): [other for other in every[row.indicator] if disagree(row, other)]
            for row in rows
        }

    def in_sentence(self, article: str, start: int, end: int) -> list[Row]:
        """The figures that stand in a stretch of an article."""
        query = f"SELECT {_COLUMNS} FROM all_figures WHERE article = :article AND figure_start >= :start AND figure_end <= :end"
        return [Row(*row) for row in self._run(query, {"article": article, "start": start, "end": end})]

    @cached_property
    def reforms(self) -> list[Heading]:
        """The names that earned a dossier, those spoken of most first; worked out when first asked for."""
        return headings(self._connection())

    def called(self, words: str) -> list[Heading]:
        """Those of which some spelling holds the words."""
        return [heading for heading in self.reforms if any(words in name for name in heading.names)]

    def dossier(self, heading: Heading) -> Dossier:
        """The dossier of one of them."""
        return dossier(self._connection(), heading)

    def _of_indicators(self, names: Sequence[str] | set[str]) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        query = f"SELECT {_COLUMNS} FROM all_figures WHERE indicator IN (SELECT value FROM json_each(:names))"
        for values in self._run(query, {"names": json.dumps(sorted(names))}):
            row = Row(*values)
            found[row.indicator].append(row)
        return found

    def _run(self, query: str, bound: dict[str, Any]) -> sqlite3.Cursor:
        return self._connection().execute(query, bound)

    def _connection(self) -> sqlite3.Connection:
        return self._connections.mine()


def _opened(version: Path, folder: Path) -> sqlite3.Connection:
    if not is_there(version):
        raise NoLedgerError(
            f"{version}: was written without the ledger of figures and reforms, or with an older one;"
            f" run `wence compact --snapshot {quoted(str(folder))}`"
        )
    return opened(version)


_OPEN: WeakKeyDictionary[Snapshot, Ledger] = WeakKeyDictionary()


def ledger_of(snapshot: Snapshot) -> Ledger:
    """The ledger of an open version, the same for all who ask."""
    return _OPEN.setdefault(snapshot, Ledger(snapshot))


def disagree(row: Row, other: Row) -> bool:
    """Whether two rows of one indicator, in two articles, give it different values for the same time.

    Only where it is said of whom and of what: 全市 is another city in another article, and 企业 any enterprises.
    """
    if row.article == other.article or row.number == other.number or row.time is None or row.time != other.time:
        return False
    return len(row.subject) >= _TELLING and bool(row.about) and not _ANY.fullmatch(row.about)


_TELLING: Final = 3
"""Characters of a subject that tells one thing from another of its kind."""

_ANY = re.compile("(?:全|该|本|我)(?!国|球|省).{1,3}")


def canonical_unit(unit: str) -> str:
    """A unit as the ledger writes it: 万元 is 元, ％ is %."""
    figures = find_figures(f"3{unit}")
    return figures[0].unit if figures and figures[0].unit else unit


def _moment(row: Row) -> tuple[bool, str, str, str, int]:
    moment = row.period_end or row.date
    return moment is None, moment or "", row.period_start or "", row.article, row.figure_start


def _order(query: FigureQuery) -> str:
    return "" if query.sort == "article" else f" ORDER BY {_ORDER[query.sort]}, article, figure_start"


def _where(query: FigureQuery) -> tuple[str, dict[str, Any]]:
    clauses, bound = [], {}
    for name, value in (("article", query.article), ("indicator", query.indicator), ("unit", query.unit)):
        if value:
            clauses.append(f"{name} = :{name}")
            bound[name] = sound(canonical_unit(value) if name == "unit" else value)
    for number, word in enumerate(query.q.split()):
        titled = f"article IN (SELECT id FROM all_articles WHERE instr(title, :q{number}))"
        row = f"instr(indicator, :q{number}) OR instr(period, :q{number}) OR instr(quote, :q{number})"
        clauses.append(f"({row} OR {titled})")
        bound[f"q{number}"] = sound(word)
    return (f" WHERE {' AND '.join(clauses)}" if clauses else ""), bound
