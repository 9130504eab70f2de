"""A statement and its quotes in, what of it the quotes prove out. The only place that marks a figure as verified.

A figure counts as found when the cited quote holds one of the same text (`exact`), or of the same value, unit and
hedge written otherwise (`equal`). Matching is between whole figures, so 5% is never found in 2.5%, and there is no
tolerance.
"""

from collections.abc import Sequence

from service.answer import Citation, FigureCheck, Support, Verdict
from service.answering.figures import Figure, find_figures, squeezed
from service.answering.periods import find_periods


def check_figures(statement: str, citations: Sequence[Citation]) -> tuple[FigureCheck, ...]:
    """One check for every figure of a statement against the quotes it cites, the best quote first."""
    quotes = [(citation, find_figures(citation.quote)) for citation in citations]
    return tuple(_check(figure, quotes) for figure in find_figures(statement))


def _check(figure: Figure, quotes: Sequence[tuple[Citation, Sequence[Figure]]]) -> FigureCheck:
    verdict: Verdict = "not_found"
    number = quotes[0][0].n if quotes else 0
    period: str | None = None
    for citation, figures in quotes:
        same = [other for other in figures if squeezed(other.text) == squeezed(figure.text)]
        equal = [other for other in figures if other.same_claim(figure)]
        if same or (equal and verdict == "not_found"):
            verdict, number = ("exact" if same else "equal"), citation.n
            period = _period(citation.quote, (same or equal)[0])
        if same:
            break
    return FigureCheck(squeezed(figure.text), figure.number, figure.unit, figure.hedge, period, number, verdict)


def _period(quote: str, figure: Figure) -> str | None:
    """The period named last before a figure in its quote."""
    before = [period.text for period in find_periods(quote) if period.end <= figure.start]
    return squeezed(before[-1]) if before else None


def support(statement: str, citations: Sequence[Citation]) -> Support:
    """`supported` when every clause of the statement stands in a cited quote and every figure was found there."""
    quotes = [squeezed(citation.quote) for citation in citations]
    figures = check_figures(statement, citations)
    if any(check.verdict == "not_found" for check in figures):
        return "unsupported"
    clauses = [clause for clause in _clauses(squeezed(statement)) if clause]
    found = sum(any(clause in quote for quote in quotes) for clause in clauses)
    return "unsupported" if not found else "supported" if found == len(clauses) else "partly"


def _clauses(text: str) -> list[str]:
    for mark in "，。；：,;:、？！":
        text = text.replace(mark, "\n")
    return text.split("\n")
