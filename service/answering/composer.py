"""Chosen facts in, statements with their quotes out: verbatim clauses of the sources, as few as the answer needs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.article import Article
from index.sentences import clause_spans
from service.answer import Citation, Statement
from service.answering.evidence import WeightedWord, share
from service.answering.excerpt import excerpt
from service.answering.facts import Fact
from service.answering.sentence import Place, Sentence
from service.answering.slots import Slot
from service.answering.verifier import support
from service.answering.wording import Kind
from service.citation_id import citation_id
from service.lines.model import Told

SHORT_CHARS, LONG_CHARS = 110, 360
"""Room for an answer of one or two facts, and for lists, definitions and measures."""

LESS = 0.002
"""What a character more counts for beside the weight of a word when a quote is cut to its room."""

LONG_KINDS = frozenset({Kind.DEFINITION, Kind.LIST, Kind.MEASURE, Kind.REASON})
SENTENCE_KINDS = LONG_KINDS | {Kind.CHANGE, Kind.OPEN, Kind.YES_NO}
"""Kinds that a whole sentence answers, so that they have no bare fact to give."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of an article chosen for the answer."""

    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


def quote_facts(facts: Sequence[Fact], words: Sequence[WeightedWord]) -> list[Quote]:
    """One quote for each sentence that the facts stand in, in the order of the facts, cut to the clauses that matter."""
    quotes: list[Quote] = []
    grouped: dict[Place, list[Fact]] = {}
    for fact in facts:
        grouped.setdefault(fact.match.sentence.place, []).append(fact)
    room = max(40, SHORT_CHARS // len(grouped)) if grouped else SHORT_CHARS
    for group in grouped.values():
        sentence = group[0].match.sentence
        start, end = _window(sentence, min(fact.start for fact in group), max(fact.end for fact in group), words, room)
        quotes.append(Quote(sentence.article, sentence.start + start, sentence.start + end))
    return quotes


def _window(sentence: Sentence, first: int, last: int, words: Sequence[WeightedWord], room: int) -> tuple[int, int]:
    """The whole sentence if there is room, else the run of whole clauses around `[first, last)` that says most of
    what the question speaks of, the shorter run where two say as much; the longer one where a whole sentence answers, as
    the answer is what the question does not say.
    """
    clauses = clause_spans(sentence.text)
    if len(sentence.text) <= room or len(clauses) < 2:
        return 0, len(sentence.text)
    whole = last - first > room
    low = 0 if whole else max((i for i, (start, _) in enumerate(clauses) if start <= first), default=0)
    high = 0 if whole else min((i for i, (_, end) in enumerate(clauses) if end >= last), default=len(clauses) - 1)
    best = (-1.0, low, high)
    for begin in range(len(clauses) if whole else low + 1):
        for stop in range(begin if whole else high, len(clauses)):
            text = sentence.text[clauses[begin][0] : clauses[stop][1]]
            if len(text) <= room or (begin, stop) == (low, high):
                gain = (
                    sum(word.weight * share(word, text) for word in words) + (len(text) if whole else -len(text)) * LESS
                )
                best = max(best, (gain, begin, stop))
    return clauses[best[1]][0], clauses[best[2]][1]


def quote_passages(wanted: Sequence[tuple[Slot, Fact]], told: Mapping[Slot, Told]) -> list[Quote]:
    """For each list, definition or measure the chosen sentence with what belongs to it; they share the room there is."""
    return [
        Quote(part.article, part.start, part.end)
        for slot, fact in wanted for part in excerpt(fact, slot, told[slot], LONG_CHARS // len(wanted))
    ]  # fmt: skip


def joined(quotes: Sequence[Quote]) -> list[Quote]:
    """The quotes in their order, those that overlap or touch made one, in the place of the first of them."""
    kept: list[Quote] = []
    for quote in quotes:
        near = [number for number, other in enumerate(kept) if _touch(quote, other)]
        parts = [quote, *(kept.pop(number) for number in reversed(near))]
        whole = Quote(quote.article, min(part.start for part in parts), max(part.end for part in parts))
        kept.insert(near[0] if near else len(kept), whole)
    return kept


def _touch(one: Quote, other: Quote) -> bool:
    first, second = sorted((one, other), key=lambda quote: quote.start)
    same = one.article.id == other.article.id
    return same and (second.start <= first.end or not one.article.text[first.end : second.start].strip())


def cite(quotes: Sequence[Quote]) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """A statement and a citation for every quote, numbered from 1 in order of first use."""
    apart = {(quote.article.id, quote.start, quote.end): quote for quote in quotes}
    statements, citations = [], []
    for number, quote in enumerate(apart.values(), 1):
        citation = _citation(number, quote)
        text = _statement(quote.text)
        citations.append(citation)
        statements.append(Statement(text, (number,), support(text, [citation])))
    return tuple(statements), tuple(citations)


def _citation(number: int, quote: Quote) -> Citation:
    article = quote.article
    return Citation(
        number, citation_id(article.id, quote.start, quote.end, quote.text), article.id, article.title, article.authors,
        article.column, article.issue, article.date, article.page, quote.text, quote.start, quote.end, article.reference,
    )  # fmt: skip


def _statement(quote: str) -> str:
    """A quote as a sentence of the answer: line breaks gone, quotation marks paired, ended with a full stop."""
    text = re.sub(r"\s*\n\s*", "", quote).strip().rstrip("，；、：—,;:")
    text = re.sub(r"^[”’」』、，；。]+", "", text)
    if text.count("“") < text.count("”"):
        text = text.replace("”", "", 1) if text.find("”") < (text.find("“") if "“" in text else len(text)) else text
    if text.count("“") > text.count("”") and text.startswith("“"):
        text = text[1:]
    return text if re.search(r"[。！？!?][”’」』）)]*$", text) else f"{text}。"


def render(statements: Sequence[Statement]) -> str:
    """The answer as a person reads it: each statement followed by its markers."""
    return "".join(
        statement.text + "".join(f"[{number}]" for number in statement.citations) for statement in statements
    )
