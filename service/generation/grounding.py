"""A sentence that a model wrote and the sources that it cites in, what of it is proven out, with the quotes that prove it.

Three things can come of it: the sentence as it was written, where the verifier finds all of it in its quotes; its quotes
in its place, where they hold its figures and names but not its wording; nothing, where they hold something else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from index.sentences import clause_spans, sentence_spans
from index.terms import fold
from service.answering.composer import Quote, cite
from service.answering.figures import Figure, find_figures, squeezed
from service.answering.names import NameKind, find_names
from service.answering.periods import find_periods
from service.answering.things import ThingKind
from service.answering.verifier import Verification, verify
from service.generation.prompt import Source

ALIKE: Final = 0.5
"""Least share of a sentence's character pairs that its quotes must hold for them to stand in its place."""

MOST_QUOTES: Final = 3
WHOLE_CHARS: Final = 110
"""A source sentence up to this long is quoted whole; a longer one is cut to the clauses that matter."""

_FIGURE_PAIRS: Final = 4
"""What a figure counts for beside a pair of characters when quotes are chosen."""

_CHARACTER_COST: Final = 0.1
_GAIN: Final = 0.25
"""Share of the pairs that a further quote must add when it adds no figure."""


@dataclass(frozen=True, slots=True)
class Grounded:
    """A statement and the quotes that prove it, best first."""

    text: str
    quotes: tuple[Quote, ...]


def ground(sentence: str, cited: Sequence[Source]) -> list[Grounded]:
    """What may be shown of a sentence: itself, or a statement for each of its quotes, or nothing."""
    text = _ended(sentence)
    if text.rstrip("”’」』").endswith(("？", "?")):  # a question says nothing that could be true
        return []
    quotes = _chosen(sentence, cited)
    found = _verified(text, quotes)
    if found.supported:
        return [Grounded(text, _needed(text, quotes))]
    if not _only_worded_otherwise(found, quotes, cited):
        return []
    held = "\n".join(squeezed(quote.text) for quote in quotes)
    if _share(_pairs(sentence), held) < ALIKE:
        return []
    return [
        Grounded(statement.text, (quote,))
        for quote in quotes
        for statement in cite([quote])[0]
        if statement.support == "supported"
    ]


def _verified(text: str, quotes: Sequence[Quote]) -> Verification:
    return verify(text, cite(quotes)[1])


def _needed(text: str, quotes: tuple[Quote, ...]) -> tuple[Quote, ...]:
    """The quotes without those that the statement is proven without."""
    for quote in quotes[:0:-1]:
        fewer = tuple(other for other in quotes if other is not quote)
        if _verified(text, fewer).supported:
            quotes = fewer
    return quotes


def _only_worded_otherwise(found: Verification, quotes: Sequence[Quote], cited: Sequence[Source]) -> bool:
    """Whether the quotes fail to say only turns of phrase, and names or dates that stand around them while the quotes
    themselves name none of that kind.
    """
    around = squeezed(fold("".join(map(_around, cited))))
    return all(failure.why in ("unsaid", "not_found") for failure in found.failures) and all(
        squeezed(fold(check.text)) in around and not any(_names(quote.text, check.kind) for quote in quotes)
        for check in found.checks
        if check.verdict == "not_found"
    )


def _names(text: str, kind: ThingKind) -> bool:
    """Whether a text has a date or name of this kind; any text may have a figure, rank or code."""
    if kind == "period":
        return bool(find_periods(text))
    return kind in ("figure", "rank", "code") or bool(find_names(text, cast("NameKind", kind)))


def _around(source: Source) -> str:
    passage = source.hit.passage
    return "\n".join((*passage.heading, source.article.title, passage.text, source.article.date or "", ""))


def _chosen(sentence: str, cited: Iterable[Source]) -> tuple[Quote, ...]:
    """The fewest sentences of the cited passages that hold what the sentence says, in the order in which they help."""
    places = {
        (source.article.id, start, end): Quote(source.article, start, end)
        for source in cited
        for start, end in sentence_spans(source.article.text, source.hit.passage.start, source.hit.passage.end)
    }
    free = list(places.values())
    pairs, figures = _pairs(sentence), list(find_figures(sentence))
    least = _GAIN * len(pairs)
    chosen: list[Quote] = []
    while free and len(chosen) < MOST_QUOTES:
        gains = [(_FIGURE_PAIRS * len(_held(figures, quote)) + len(_found(pairs, quote)), quote) for quote in free]
        gain, best = max(gains, key=lambda item: item[0])
        if gain <= 0 or (chosen and not _held(figures, best) and gain < least):
            break
        chosen.append(_cut(best, pairs, figures))
        free.remove(best)
        held = _held(figures, best)
        figures = [figure for figure in figures if figure not in held]
        pairs = pairs - _found(pairs, best)
    return tuple(chosen)


def _cut(quote: Quote, pairs: frozenset[str], figures: Sequence[Figure]) -> Quote:
    """The run of clauses of a long sentence that holds its share of the figures and most of the pairs for its length."""
    if quote.end - quote.start <= WHOLE_CHARS:
        return quote
    clauses = clause_spans(quote.article.text, quote.start, quote.end)
    needed = len(_held(figures, quote))
    runs = (
        Quote(quote.article, clauses[first][0], clauses[last][1])
        for first in range(len(clauses))
        for last in range(first, len(clauses))
    )
    full = [run for run in runs if len(_held(figures, run)) == needed]
    return max(full, key=lambda run: len(_found(pairs, run)) - _CHARACTER_COST * len(run.text), default=quote)


def _held(figures: Sequence[Figure], quote: Quote) -> list[Figure]:
    """The figures that a quote holds, however written."""
    own = find_figures(quote.text)
    return [figure for figure in figures if any(figure.same_claim(other) for other in own)]


def _pairs(text: str) -> frozenset[str]:
    plain = squeezed(fold(text))
    return frozenset(pair for pair in (plain[i : i + 2] for i in range(len(plain) - 1)) if pair.isalnum())


def _found(pairs: frozenset[str], quote: Quote) -> frozenset[str]:
    plain = squeezed(fold(quote.text))
    return frozenset(pair for pair in pairs if pair in plain)


def _share(pairs: frozenset[str], text: str) -> float:
    plain = fold(text)
    return sum(pair in plain for pair in pairs) / len(pairs) if pairs else 0.0


def _ended(text: str) -> str:
    """A sentence with a full stop at its end, if it has none."""
    text = text.rstrip("，；、：—,;: ")
    return text if text.endswith(("。", "！", "？", "!", "?", "。”", "！”", "？”")) else f"{text}。"
