"""A figure and a question in, how well its unit, year and role suit what is asked out."""

import re

from service.answering.figures import Figure
from service.answering.periods import covers, find_periods
from service.answering.question import Question
from service.answering.wording import UNIT_FAMILIES


def unit_fit(figure: Figure, wanted: frozenset[str]) -> float:
    """How well a figure's unit suits: 1 for one asked for, 0.65 for one of the same family, 0.6 where the question
    leaves it open; less for a figure without a unit, the least for a small one; 0 for a unit of another kind.
    """
    if not figure.unit:
        return 0.6 if figure.value >= 10_000 else 0.4 if wanted else 0.3
    if not wanted:
        return 0.6
    if figure.unit in wanted:
        return 1.0
    return 0.65 if any(figure.unit in family and wanted & family for family in UNIT_FAMILIES) else 0.0


def of_its_year(figure: Figure, text: str, question: Question) -> float:
    """0 for a figure that its own sentence puts in another year than the question's: the year named last before it."""
    before = [period for period in find_periods(text) if period.has_year and period.end <= figure.start]
    return 0.0 if question.years and before and not covers(before[-1], question.years) else 1.0


_CHANGED = re.compile(
    r"(?:增长|增加|提高|提升|上升|上涨|下降|降低|减少|缩短|缩减|提前|提速|翻|涨|降|增|减)了?[约近超]?$"
)
"""What stands before the size of a change."""


def changed(before: str) -> bool:
    """Whether a figure after this text is the size of a change (增长了约…)."""
    return bool(_CHANGED.search(before))
