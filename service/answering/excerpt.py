"""A chosen sentence and the line model's opinion of the sentences around it in, what of its article belongs to it out.

The surer the model is of one sentence, the shorter the excerpt: sentences are taken, those beside the chosen one before
others, until together they have most of the probability there is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.article import Article
from index.passage import is_heading
from index.sentences import Span, paragraph_spans, sentence_spans
from service.answering.enumeration import enumerations
from service.answering.facts import Fact
from service.answering.listing import items, lists_all, lists_here
from service.answering.parts import apart, counting, explained
from service.answering.referring import points_back
from service.answering.rows import leads_to, rows
from service.answering.sentence import Sentence
from service.answering.signs import deeds
from service.answering.slots import Slot
from service.answering.sought import sought
from service.answering.wording import LANDS, Kind
from service.lines.model import Told

ENOUGH = 0.95
"""Share of the probability of all sentences of the paragraph that an excerpt has to have."""

NEXT, GOING_ON = 0.5, 0.8
"""Share of what the chosen sentence leaves open that the next one has at least: what is told first is explained then. More
where it says that it goes on.
"""

AFTER, BEFORE = 2.0, 1.2
"""What the probability of the sentence right after those taken counts for, and that of the one right before them."""

SUBJECT_CHARS = 90
"""Longest sentence before that is quoted because the chosen one points back to its subject (该中心, 它, 此举)."""

LEAD_SENTENCES = 2
"""Most sentences from the chosen one to the enumeration that it leads up to."""

SOON, DONE = 4, 2
"""Sentences after one that tells no deed in which deeds are looked for, and how many are quoted from the first on."""

FEW = 2
"""Names of bodies or places from which a sentence tells those asked for."""

_GOES_ON = re.compile(
    "此外|同时|与此同时|另外|还|并|再|[二三四五六七八九]是|其次|然后|最后|第[二三四五六七八九]|（[二三四五六]）|[二三四五六]、"
)
_BEGINS_LIST = re.compile("一是|首先|第一|（一）|一、|分别是|包括|具体|例如|比如|其中")
_ANNOUNCES = re.compile(r"[：:]$|(?:如下|以下)[^，。]{0,12}[。：:]$")


@dataclass(frozen=True, slots=True)
class Stretch:
    """`[start, end)` of an article."""

    article: Article
    start: int
    end: int


def excerpt(fact: Fact, slot: Slot, told: Told, room: int) -> list[Stretch]:
    """The chosen sentence with what belongs to it, as far as there is room for its characters, in the order of the source.
    Where things are told one by one after a sentence that does not speak of them, they alone.
    """
    home = fact.match.sentence
    place = (home.start, home.end)
    told_in = _told_after(home, slot)
    first = [place] if not told_in or (slot.kind is Kind.LIST and leads_to(slot, home.text)) else []
    wanted = dict.fromkeys([*first, *(told_in or _belonging(fact, slot, told))])
    return [Stretch(home.article, start, end) for start, end in sorted(_fitting(list(wanted), room))]


def _told_after(home: Sentence, slot: Slot) -> Sequence[Span]:
    """What other sentences tell in place of the chosen one: things one by one, or the one part of a formula asked of."""
    text, place = home.article.text, (home.start, home.end)
    if slot.kind is Kind.LIST and not slot.names:
        return rows(slot, text, place)
    if len(slot.names) != 1 or explained(slot.names, home.text):
        return []
    spans = sentence_spans(text)
    return apart(slot.names, text, spans, place) or counting(slot.names, text, spans, place)


def _belonging(fact: Fact, slot: Slot, told: Told) -> Iterator[Span]:
    """What belongs to the chosen sentence, the most needed first: what it announces, then what is likely too."""
    home = fact.match.sentence
    text, place = home.article.text, (home.start, home.end)
    if slot.names:
        others = apart(slot.names, text, sentence_spans(text), place)
        yield from others
        if others or explained(slot.names, home.text) == len(slot.names):
            return
        yield from counting(slot.names, text, sentence_spans(text), place)
    if (slot.count is not None and lists_here(home.text, slot.count)) or _names_bodies(slot, home.text):
        return
    paragraph = next(span for span in paragraph_spans(text) if span[0] <= home.start < span[1])
    beside = sentence_spans(text, *paragraph)
    rest = [span for span in beside if span[0] > home.start]
    whole = slot.count is not None and lists_all(home.text, slot.count)
    lacking = slot.count is not None and not whole and max(items(home.text), default=1) < slot.count
    if lacking or (slot.kind in (Kind.LIST, Kind.MEASURE) and not whole):
        yield from _enumerated(home, slot)
    if lacking or _ANNOUNCES.search(home.text):
        yield from _announced(home, rest, slot.count)
    before = max((span for span in beside if span < place), default=None)
    if before and points_back(home.text) and before[1] - before[0] <= SUBJECT_CHARS:
        yield before
    if slot.kind is Kind.MEASURE and not deeds(home.text):
        yield from _sequel(home)
    chances = {(start, end): chance for start, end, chance in told.of_article(home.article.id)}
    own = chances.get(place, 0.0)
    if rest:
        begins = _GOES_ON.match(text, rest[0][0]) or _BEGINS_LIST.match(text, rest[0][0])
        chances[rest[0]] = max(chances.get(rest[0], 0.0), (GOING_ON if begins else NEXT) * own * (1 - own))
    yield from _likely(place, beside, chances)


def _names_bodies(slot: Slot, text: str) -> bool:
    """Whether bodies or places are asked for (与哪些高校合作), and a sentence names as many: no other is needed then."""
    wanted = sought(slot, slot.focus) if slot.kind is Kind.LIST else None
    bodies = wanted is not None and (wanted.body or re.fullmatch(LANDS, wanted.noun) is not None)
    return bodies and max(items(text), default=1) >= (slot.count or FEW)


def _likely(home: Span, beside: Sequence[Span], chances: Mapping[Span, float]) -> Iterator[Span]:
    """Sentences `beside` the chosen one, each next to those taken before, by their probability and those that follow before
    others, until they have enough of what there is.
    """
    total = sum(chances.get(span, 0.0) for span in beside)
    taken, low, high = chances.get(home, 0.0), home, home
    while taken < ENOUGH * total and (sides := _edges(beside, low, high)):
        best = max(sides, key=lambda span: chances.get(span, 0.0) * sides[span])
        low, high = min(low, best), max(high, best)
        taken += chances.get(best, 0.0)
        yield best


def _edges(beside: Sequence[Span], low: Span, high: Span) -> dict[Span, float]:
    """The sentences of a paragraph right after and before a stretch of it, as far as there are, with what they count for."""
    after = min((span for span in beside if span > high), default=None)
    before = max((span for span in beside if span < low), default=None)
    return {span: weight for span, weight in ((after, AFTER), (before, BEFORE)) if span}


def _enumerated(home: Sentence, slot: Slot) -> Sequence[Span]:
    """The items of the enumeration that a sentence leads up to or begins; for a list, also of one that it stands in."""
    text = home.article.text
    spans = sentence_spans(text)
    at = next((number for number, span in enumerate(spans) if span[0] >= home.start), len(spans))
    for chain in enumerations(text, spans):
        first = spans.index(chain[0])
        leads = at <= first <= at + LEAD_SENTENCES
        if leads or (slot.kind is Kind.LIST and (home.start, home.end) in chain):
            return chain
    return ()


def _announced(home: Sentence, rest: Sequence[Span], count: int | None) -> Sequence[Span]:
    """What a sentence announces: the rest of its paragraph, or else the first sentence of each paragraph after it, as many as
    are asked for.
    """
    leads = _leads(home)
    return rest or (leads[:count] if len(leads) > 1 else [])


def _sequel(home: Sentence) -> Sequence[Span]:
    """What is done about a plight that a sentence tells of: the first sentences that tell deeds among those soon after it, with
    what stands between, and how it ended.
    """
    text = home.article.text
    after = [span for span in sentence_spans(text) if span[0] > home.start][:SOON]
    first = next((number for number, span in enumerate(after) if deeds(text[slice(*span)])), None)
    ended = (number + 1 for number, span in enumerate(after) if _ENDED.search(text, *span))
    return after[: max(first + DONE, *ended, 0)] if first is not None else []


_ENDED = re.compile("最终|最后(?!一)")


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


def _fitting(spans: Sequence[Span], room: int) -> list[Span]:
    """The spans, come first served first, as far as there is room for their characters."""
    kept: list[Span] = []
    for start, end in spans:
        if not kept or end - start <= room:
            kept.append((start, end))
            room -= end - start
    return kept
