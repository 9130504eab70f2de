"""Proven sentences in, one at a time; the statements, citations and bare facts of an answer out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.occurrences import occurrences
from service.answer import Answer, Citation, FigureCheck, Statement
from service.answering.composer import Quote, cite, render
from service.answering.figures import find_figures, squeezed
from service.answering.periods import find_periods
from service.answering.question import Question
from service.answering.slots import Slot
from service.answering.suitability import unit_fit
from service.answering.verifier import check_figures, support
from service.answering.wording import Kind
from service.generation.grounding import Grounded


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement as a reader may see it, with those of its citations that no statement before it had."""

    statement: Statement
    citations: tuple[Citation, ...]


class Draft:
    """An answer as it grows, within `most_chars` characters. `full` once a statement had no room in it."""

    def __init__(self, most_chars: int) -> None:
        self.full = False
        self.statements: list[Statement] = []
        self._most_chars = most_chars
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.citations: list[Citation] = []

    @property
    def text(self) -> str:
        return render(self.statements)

    def add(self, found: Grounded) -> Shown | None:
        """The statement under its numbers; None when it is there already or there is no room for it."""
        if any(squeezed(found.text) == squeezed(statement.text) for statement in self.statements):
            return None
        fresh: list[Citation] = []
        numbers: list[int] = []
        for quote in found.quotes:
            known = self._numbers.get(_key(quote))
            numbers.append(known or len(self.citations) + len(fresh) + 1)
            if known is None:
                fresh.append(replace(cite([quote])[1][0], n=numbers[-1]))
        cited = [*self.citations, *fresh]
        proof = support(found.text, [cited[number - 1] for number in numbers])
        statement = Statement(found.text, tuple(numbers), proof)
        if len(render([*self.statements, statement])) > self._most_chars:
            self.full = True
            return None
        self.statements.append(statement)
        self.citations = cited
        self._numbers.update({_key(quote): number for quote, number in zip(found.quotes, numbers, strict=True)})
        return Shown(statement, tuple(fresh))

    def figures(self) -> tuple[FigureCheck, ...]:
        """Every figure of every statement, looked up in the quotes that it cites."""
        return tuple(
            check for statement in self.statements
            for check in check_figures(statement.text, [self.citations[number - 1] for number in statement.citations])
        )  # fmt: skip

    def holds(self, facts: Sequence[str]) -> bool:
        """Whether there are facts, and all of them stand here."""
        text = squeezed("".join(statement.text for statement in self.statements))
        return bool(facts) and all(_stands(squeezed(fact), text) for fact in facts)

    def facts(self, question: Question, plain: Answer) -> tuple[str, ...]:
        """The bare facts asked for: those of the extractive answer if they are here, else what suits each slot."""
        if self.holds(plain.short_answers):
            return plain.short_answers
        found: list[str] = []
        for slot in question.slots:
            found += [fact for fact in self._fitting(slot) if fact not in found][:1]
        return tuple(found)

    def _fitting(self, slot: Slot) -> list[str]:
        if slot.kind is Kind.DATE:
            return [squeezed(period.text) for statement in self.statements for period in find_periods(statement.text)]
        if slot.kind is not Kind.FIGURE:
            return []
        figures = [figure for statement in self.statements for figure in find_figures(statement.text)]
        fits = [(unit_fit(figure, slot.units), squeezed(figure.text)) for figure in figures]
        best = max((fit for fit, _ in fits), default=0.0)
        return [text for fit, text in fits if fit == best > 0]


def _key(quote: Quote) -> tuple[str, int, int]:
    return quote.article.id, quote.start, quote.end


def _stands(fact: str, text: str) -> bool:
    """Whether a fact stands in a text and is not a part of a longer number there (8个 in 18个)."""
    for at in occurrences(text, fact):
        before, after = text[at - 1 : at], text[at + len(fact) : at + len(fact) + 1]
        if not (fact[:1].isdigit() and (before.isdigit() or before == ".")) and not (
            fact[-1:].isdigit() and (after.isdigit() or after == ".")
        ):
            return True
    return False
