"""Rows of the ledger and dossiers in, JSON rows and CSV out, the same for the command line and HTTP."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from index.article import Article
from index.snapshot import Snapshot
from service.citation_id import citation_id
from service.errors import UnknownReformError
from service.ledger.cells import CELLS
from service.ledger.dossiers import Dossier, Heading, Said, Spoken, near_names
from service.ledger.ledger import Ledger, Row, Timeline
from service.ledger.mentions import key_of

Record = dict[str, Any]
COLUMNS: Final = (
    "indicator", "about", "subject", "comparator", "change", "text", "value", "low", "unit", "hedge", "period",
    "period_start", "period_end", "period_resolved", "conflicts", "article_id", "title", "date", "page", "start",
    "end", "quote", "citation_id", "id", "growth_of",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DOSSIER_FIGURES: Final = 100


class Renderer:
    """Renders rows of one version's ledger; each article is read once."""

    def __init__(self, ledger: Ledger, snapshot: Snapshot) -> None:
        self._ledger = ledger
        self._snapshot = snapshot
        self._articles: dict[str, Article] = {}

    def figures(self, rows: Sequence[Row]) -> list[Record]:
        """Figures as JSON, each with the ids of those that contradict it."""
        conflicts = self._ledger.conflicts(rows)
        return [self._figure(row, conflicts[row.article, row.figure_start]) for row in rows]

    def timeline(self, timeline: Timeline) -> Record:
        """All values of one indicator."""
        first = timeline.rows[0]
        figures = self.figures(timeline.rows)
        return {
            "indicator": timeline.indicator,
            "subject": first.subject,
            "about": first.about or None,
            "comparator": first.comparator,
            "change": first.change,
            "unit": first.unit,
            "articles": len({row.article for row in timeline.rows}),
            "conflict": any(figure["conflicts"] for figure in figures),
            "figures": figures,
        }

    def heading(self, heading: Heading) -> Record:
        """A reform as lists show it."""
        return {
            "name": heading.name,
            "kind": heading.kind,
            "names": list(heading.names),
            "mentions": heading.mentions,
            "articles": heading.articles,
            "filled": list(heading.filled),
        }

    def dossier(self, found: Dossier) -> Record:
        """A dossier with every cell cited; an empty cell is null."""
        rows = [row for place in found.sentences for row in self._ledger.in_sentence(*place)][:_DOSSIER_FIGURES]
        cells = {cell: [self._said(said) for said in found.cells[cell]] or None for cell in CELLS}
        return {
            "name": found.heading.name,
            "kind": found.heading.kind,
            "names": list(found.heading.names),
            "mentions": found.heading.mentions,
            "cells": cells,
            "figures": self.figures(rows) or None,
            "articles": [self._spoken(spoken) for spoken in found.articles],
            "snapshot": self._snapshot.name,
        }

    def csv(self, rows: Iterable[Row]) -> Iterator[str]:
        """Figures as CSV, a line at a time, begun with the mark that tells spreadsheets UTF-8."""
        yield "\ufeff" + _line(COLUMNS)
        block: list[Row] = []
        for row in rows:
            block.append(row)
            if len(block) >= _BLOCK:
                yield from self._lines(block)
                block = []
                self._articles.clear()  # or a large collection would be held in memory
        yield from self._lines(block)

    def _lines(self, rows: Sequence[Row]) -> Iterator[str]:
        for figure in self.figures(rows):
            yield _line([_cell(value) for value in _flat(figure)])

    def _figure(self, row: Row, conflicts: Sequence[Row]) -> Record:
        period = {
            "text": row.period,
            "start": row.period_start,
            "end": row.period_end,
            "resolved_against": row.date if row.resolved else None,
        }
        return {
            "id": _figure_id(row),
            "indicator": row.indicator,
            "subject": row.subject or None,
            "about": row.about or None,
            "text": row.text,
            "value": row.value,
            "unit": row.unit,
            "hedge": row.hedge,
            "period": period if row.period else None,
            "comparator": row.comparator,
            "change": row.change,
            "growth_of": self._grown(row),
            "conflicts": [_figure_id(other) for other in conflicts],
            **self._source(row.article),
            "figure_start": row.figure_start,
            "figure_end": row.figure_end,
            **_quoted(row.article, row.start, row.end, row.quote),
        }

    def _grown(self, row: Row) -> str | None:
        if row.grows is None:
            return None
        found = self._ledger.in_sentence(row.article, row.grows, row.figure_end)
        return next((_figure_id(other) for other in found if other.figure_start == row.grows), None)

    def _said(self, said: Said) -> Record:
        return {
            "text": said.text,
            **self._source(said.article),
            **_quoted(said.article, said.start, said.end, said.quote),
        }

    def _spoken(self, spoken: Spoken) -> Record:
        quoted = _quoted(spoken.article, spoken.start, spoken.end, spoken.quote)
        return {**self._source(spoken.article), "mentions": spoken.mentions, **quoted}

    def _source(self, article_id: str) -> Record:
        article = self._articles.get(article_id)
        if article is None:
            article = self._articles[article_id] = self._snapshot.store.article(article_id)
        return {
            "article_id": article.id,
            "title": article.title,
            "date": article.date,
            "page": article.page,
            "reference": article.reference,
        }


_BLOCK: Final = 500


def found_reform(ledger: Ledger, name: str) -> Dossier:
    """The dossier of a name in any of its spellings. Raises UnknownReformError with the names that are near."""
    known = ledger.reforms
    keys = (key_of(name), key_of(f"《{name}》"))
    heading = next((each for each in known if name in each.names or each.key in keys), None)
    if heading is None:
        raise UnknownReformError(name, tuple(near_names(name, known)))
    return ledger.dossier(heading)


def _figure_id(row: Row) -> str:
    return citation_id(row.article, row.figure_start, row.figure_end, row.text)


def _quoted(article: str, start: int, end: int, quote: str) -> Record:
    return {"start": start, "end": end, "quote": quote, "citation_id": citation_id(article, start, end, quote)}


def _flat(figure: Record) -> list[object]:
    period = figure["period"] or {}
    low, high = figure["value"] if isinstance(figure["value"], list) else ("", figure["value"])
    flat = {
        **figure,
        "value": high,
        "low": low,
        "period": period.get("text"),
        "period_start": period.get("start"),
        "period_end": period.get("end"),
        "period_resolved": period.get("resolved_against"),
        "conflicts": " ".join(figure["conflicts"]),
    }
    return [flat[name] for name in COLUMNS]


def _cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe before it."""
    text = "" if value is None else value
    return f"'{text}" if isinstance(text, str) and text.startswith(_FORMULA) else text


def _line(cells: Sequence[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
