"""Hits in, sentences out: each with how much of the question it and its surroundings speak of, and what it contradicts."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.article import Article
from index.retrieval import Hit
from index.sentences import sentence_spans
from index.snapshot import Snapshot
from index.terms import fold
from service.answering.names import find_names, place_stem
from service.answering.periods import years_in
from service.answering.question import Question

SENTENCE_WEIGHT, HEADING_WEIGHT, NEIGHBOUR_WEIGHT, PASSAGE_WEIGHT, ARTICLE_WEIGHT = 1.0, 0.8, 0.6, 0.5, 0.3
"""What a question word counts for, by where it is found."""

UNSEEN_WEIGHT = 0.4
"""Share of its weight that a question word keeps when no passage holds it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article, `article.text[start:end] == text`, with what stands around it, all folded."""

    article: Article
    start: int
    end: int
    text: str
    folded: str
    heading: str
    before: str
    passage: str
    score: float
    """Fused retrieval score of the passage."""


@dataclass(frozen=True, slots=True)
class WeightedWord:
    """A content word of the question with its inverse document frequency."""

    text: str
    start: int
    weight: float


@dataclass(frozen=True, slots=True)
class Match:
    """How a sentence stands to a question. `coverage` in 0..1 is the weighted share of question words found in and
    around it, `inside` the share in the sentence itself; `agreement` in 0..1 falls where years or places differ.
    """

    sentence: Sentence
    coverage: float
    inside: float
    agreement: float
    missing: tuple[str, ...]

    @property
    def score(self) -> float:
        return self.agreement * (0.7 * self.coverage + 0.3 * self.inside) + 0.15 * self.sentence.score


def sentences(hits: Sequence[Hit], snapshot: Snapshot) -> list[Sentence]:
    """The sentences of the hits' passages, in the order of the hits, each once."""
    articles: dict[str, Article] = {}
    found: list[Sentence] = []
    for hit in hits:
        passage = hit.passage
        if passage.article_id not in articles:
            articles[passage.article_id] = snapshot.store.article(passage.article_id)
        article = articles[passage.article_id]
        heading = fold(" ".join((*passage.heading, *article.metadata.values())))
        around = fold(passage.text)
        before = ""
        for start, end in sentence_spans(article.text, passage.start, passage.end):
            text = article.text[start:end]
            folded = fold(text)
            found.append(
                Sentence(article, start, end, text, folded, heading, before, around, hit.scores.get("fused", 0.0))
            )
            before = folded
    return found


def weigh(question: Question, snapshot: Snapshot) -> list[WeightedWord]:
    """Question words with their inverse document frequency over the passages.

    A word that no passage holds is more often another way to say something than the heart of the question.
    """
    total = max(1, snapshot.store.passage_count)
    weighted = []
    for word in question.words:
        known = snapshot.lexical.document_frequency("words", word.text)
        if not known and len(word.text) > 1:
            known = min(snapshot.lexical.document_frequency("bigrams", pair) for pair in _pairs(word.text))
        weight = (
            math.log(1 + total / (1 + known)) * (1.0 if len(word.text) > 1 else 0.3) * (1.0 if known else UNSEEN_WEIGHT)
        )
        weighted.append(WeightedWord(word.text, word.start, weight))
    return weighted


def match(question: Question, words: Sequence[WeightedWord], candidates: Iterable[Sentence]) -> list[Match]:
    """Every sentence with its match, best first."""
    return sorted((_match(question, words, sentence) for sentence in candidates), key=lambda found: -found.score)


def share(word: str, text: str) -> float:
    """The share of a word's character pairs that stand in a text, 0 when less than half do."""
    if word in text:
        return 1.0
    if len(word) < 3:
        return 0.0
    pairs = _pairs(word)
    found = sum(pair in text for pair in pairs) / len(pairs)
    return found if found >= 0.5 else 0.0


@lru_cache(maxsize=4096)
def _pairs(word: str) -> tuple[str, ...]:
    return tuple(word[i : i + 2] for i in range(len(word) - 1)) or (word,)


def _match(question: Question, words: Sequence[WeightedWord], sentence: Sentence) -> Match:
    total = sum(word.weight for word in words) or 1.0
    covered = inside = 0.0
    missing = []
    article = _folded_article(sentence.article.id, sentence.article.content_hash, sentence.article.text)
    for word in words:
        own = share(word.text, sentence.folded)
        best = max(
            SENTENCE_WEIGHT * own,
            HEADING_WEIGHT * share(word.text, sentence.heading),
            NEIGHBOUR_WEIGHT * share(word.text, sentence.before),
            PASSAGE_WEIGHT * share(word.text, sentence.passage),
            ARTICLE_WEIGHT * share(word.text, article) if own < 1 else 0.0,
        )
        covered += word.weight * best
        inside += word.weight * own
        if not best:
            missing.append(word.text)
    agreement = _years_agree(question, sentence) * _places_agree(question, sentence, article)
    return Match(sentence, covered / total, inside / total, agreement, tuple(missing))


@lru_cache(maxsize=256)
def _folded_article(article_id: str, content_hash: str, text: str) -> str:
    del article_id, content_hash
    return fold(text)


def _years_agree(question: Question, sentence: Sentence) -> float:
    """1 where the sentence speaks of a year asked for; low where it or the text right before it speaks of another."""
    if not question.years:
        return 1.0
    own = years_in(sentence.text)
    if own:
        return 1.0 if set(own) & set(question.years) else 0.1
    upto = sentence.article.text[: sentence.start]
    paragraph = upto[upto.rfind("\n") + 1 :]
    for text, agrees in ((paragraph, 0.95), (sentence.passage, 0.85), (sentence.heading, 0.85)):
        if years := years_in(text):
            return agrees if set(years) & set(question.years) else 0.25
    if sentence.article.date and int(sentence.article.date[:4]) in question.years:
        return 0.85
    return 0.6 if any(f"{year}年" in sentence.article.text for year in question.years) else 0.2


def _places_agree(question: Question, sentence: Sentence, article: str) -> float:
    """1 where every place asked for is named in the sentence or above it; 0 where one is not in the article at all."""
    agreement = 1.0
    for place in question.places:
        if place in sentence.folded or place in sentence.heading:
            continue
        if place in sentence.passage:
            agreement *= 0.9
        elif place not in article:
            return 0.0
        else:
            others = {place_stem(name.text) for name in find_names(sentence.folded, "place")} - set(question.places)
            agreement *= 0.35 if others else 0.7
    return agreement


def named(question: Question, sentence: Sentence) -> tuple[str, ...]:
    """The quoted names and codes of the question that neither the sentence nor its surroundings hold."""
    around = f"{sentence.folded} {sentence.heading} {sentence.passage}"
    plain = re.sub(r"\s", "", around)
    return tuple(name for name in (*question.quoted, *question.codes) if not share(name.replace(" ", ""), plain))
