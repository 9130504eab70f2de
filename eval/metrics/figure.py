"""Figures of an answer against those asked for: is the value right, the unit, the hedge, the period."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.answering.figures import Figure, find_figures, fold_hedge
from service.answering.periods import find_periods

PARTS = ("value", "unit", "hedge", "period")


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure with all that belongs to it. `value` as the text writes it, a range as both ends; `period` without
    white space, empty where none is named before the figure.
    """

    value: tuple[float, ...]
    unit: str
    hedge: str
    period: str


def claims(text: str) -> list[Claim]:
    """Every figure of a text with the period named last before it."""
    periods = find_periods(text)
    found = []
    for figure in find_figures(text):
        before = [period.text for period in periods if period.end <= figure.start]
        found.append(
            Claim(_value(figure), figure.unit, fold_hedge(figure.hedge), "".join(before[-1:]).replace(" ", ""))
        )
    return found


def _value(figure: Figure) -> tuple[float, ...]:
    return (float(figure.value),) if figure.low is None else (float(figure.low), float(figure.value))


def exactness(said: str, answers: Sequence[str], evidence: Sequence[str]) -> dict[str, tuple[int, int]]:
    """(right, asked for) of the values, units, hedges and periods of the figures asked for, each in `PARTS`.

    A figure asked for is looked up in the evidence, where its hedge and period stand. A unit, hedge or period counts
    as right only with a figure of the right value.
    """
    sources = [claim for quote in evidence for claim in claims(quote)]
    given = claims(said)
    right, total = dict.fromkeys(PARTS, 0), 0
    for wanted in (claim for answer in answers for claim in claims(answer)):
        total += 1
        source = next((one for one in sources if (one.value, one.unit) == (wanted.value, wanted.unit)), wanted)
        same = [claim for claim in given if claim.value == wanted.value]
        right["value"] += bool(same)
        right["unit"] += any(claim.unit == wanted.unit for claim in same)
        right["hedge"] += any(claim.hedge == source.hedge for claim in same)
        right["period"] += any(not source.period or claim.period == source.period for claim in same)
    return {part: (right[part], total) for part in PARTS}
