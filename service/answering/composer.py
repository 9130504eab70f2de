"""Chosen facts in, statements with their quotes out: verbatim clauses of the sources, as few as the answer needs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.article import Article
from index.passage import is_heading
from index.sentences import Span, clause_spans, paragraph_spans, sentence_spans
from service.answer import Citation, Statement
from service.answering.evidence import Match, WeightedWord, share
from service.answering.facts import Fact
from service.answering.listing import items
from service.answering.sentence import Sentence
from service.answering.verifier import support
from service.answering.wording import Kind
from service.citation_id import citation_id

SHORT_CHARS, LONG_CHARS = 110, 360
"""Room for an answer of one or two facts, and for a list, definition or measure."""

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
    grouped: dict[tuple[str, int], list[Fact]] = {}
    for fact in facts:
        grouped.setdefault((fact.match.sentence.article.id, fact.match.sentence.start), []).append(fact)
    room = max(40, SHORT_CHARS // len(grouped)) if grouped else SHORT_CHARS
    for group in grouped.values():
        sentence = group[0].match.sentence
        start, end = _window(sentence, min(fact.start for fact in group), max(fact.end for fact in group), words, room)
        quotes.append(Quote(sentence.article, sentence.start + start, sentence.start + end))
    return quotes


def _window(sentence: Sentence, first: int, last: int, words: Sequence[WeightedWord], room: int) -> tuple[int, int]:
    """The whole sentence if there is room, else the run of whole clauses around `[first, last)` that says most of
    what the question speaks of, the shorter run where two say as much.
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
                gain = sum(word.weight * share(word, text) for word in words) - 0.002 * len(text)
                best = max(best, (gain, begin, stop))
    return clauses[best[1]][0], clauses[best[2]][1]


def quote_passage(matches: Sequence[Match], fact: Fact, count: int | None) -> list[Quote]:
    """The best sentence with what belongs to it: where the `count` items asked for are not in it, the rest of its
    paragraph, or the first sentences of the paragraphs that it announces; else the well-matched sentences around it.
    Joined where they touch.
    """
    home = fact.match.sentence
    announced = _announced(home) if count and max(items(home.text), default=1) < count else []
    chosen = list(dict.fromkeys([(home.start, home.end), *announced, *_beside(matches, fact.match)]))
    quotes: list[Quote] = []
    for start, end in sorted(_fitting(chosen, LONG_CHARS)):
        if quotes and not home.article.text[quotes[-1].end : start].strip():
            quotes[-1] = Quote(home.article, quotes[-1].start, end)
        else:
            quotes.append(Quote(home.article, start, end))
    return quotes


def _announced(home: Sentence) -> list[Span]:
    """What a sentence announces: the rest of its paragraph, or else the first sentence of each paragraph after it."""
    text = home.article.text
    paragraph = next(span for span in paragraph_spans(text) if span[0] <= home.start < span[1])
    rest = [span for span in sentence_spans(text, *paragraph) if span[0] > home.start]
    leads = _leads(home)
    return rest or (leads if len(leads) > 1 else [])


def _fitting(spans: Sequence[Span], room: int) -> list[Span]:
    """The spans, first come first served, as far as there is room for their characters."""
    kept: list[Span] = []
    for start, end in spans:
        if not kept or end - start <= room:
            kept.append((start, end))
            room -= end - start
    return kept


def _leads(home: Sentence) -> list[Span]:
    """The first sentence of each paragraph after a sentence, up to the next sub-heading: what it announces."""
    text = home.article.text
    paragraphs = [span for span in paragraph_spans(text) if span[0] > home.start]
    leads = []
    for number, (start, end) in enumerate(paragraphs):
        following = text[slice(*paragraphs[number + 1])] if number + 1 < len(paragraphs) else ""
        if is_heading(text[start:end], following):
            break
        leads.append(sentence_spans(text, start, end)[0])
    return leads


def _beside(matches: Sequence[Match], best: Match) -> list[Span]:
    """The next sentence of the paragraph, then the others of it that match nearly as well."""
    home = best.sentence
    others = [match for match in matches if match.sentence.passage == home.passage and match.sentence is not home]
    following = [match for match in others if match.sentence.start > home.start and "\n" not in _between(home, match)]
    after = min(following, key=lambda match: match.sentence.start, default=None)
    good = [match for match in others if match is not after and match.score > 0.75 * best.score]
    return [(match.sentence.start, match.sentence.end) for match in ([after] if after else []) + good[:2]]


def _between(home: Sentence, match: Match) -> str:
    return home.article.text[home.end : match.sentence.start]


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
