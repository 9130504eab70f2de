"""Hits of a question in, the same hits in the order of the evidence in them out. Knows no index and composes no answer.

A passage that speaks of the question need not answer it. Where retrieval is not sure of its first passage, the best are
looked at again for what is asked: a figure of the right unit, a date, a name, a defining or listing sentence, near the
question's own words.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from index.asking.reading import Reading
from index.retrieval import Hit, Retriever
from index.snapshot import Snapshot
from index.store import Filters
from service.answering.evidence import for_slot, match, weigh
from service.answering.facts import facts
from service.answering.question import Question, understand
from service.answering.sentence import Place, sentences

DEPTH, BEHIND = 10, 0.25
"""Most passages that are looked at again, and how far behind the first in fused score: with no such limit recall@1 and @5
of the development questions were the same, for twice the work.
"""

SURE_MARGIN: Final = 0.2
"""Lead in fused score with which the first passage stays the first: for 58 in 100 development questions, and
recall@1 is within 0.003 of what it is without the exception.
"""

LEXICAL_WEIGHT, DENSE_WEIGHT, EVIDENCE_WEIGHT = 0.16, 0.43, 0.41
"""Shares in the score of BM25 (as a share of the best), cosine, and evidence. `python -m eval.ranking` fits them by
pairwise logistic regression and cross-validates over whole articles.
"""


class EvidenceRetriever(Retriever):
    """Searches as its parent does, and orders the best passages by evidence where their scores are close."""

    def find(self, reading: Reading, top_k: int, filters: Filters) -> list[Hit]:
        """The `top_k` best passages, those looked at twice with a score `rerank`, before the others."""
        hits = super().find(reading, max(DEPTH, top_k) if top_k > 0 else top_k, filters)
        if not is_sure(hits):
            hits = by_evidence(understand(reading.text), hits, self.snapshot)
        return hits[: max(0, top_k)]


def is_sure(hits: Sequence[Hit]) -> bool:
    """Whether the first passage leads so clearly that it need not be looked at again."""
    return len(hits) < 2 or hits[0].scores["fused"] - hits[1].scores["fused"] > SURE_MARGIN


def close(hits: Sequence[Hit]) -> list[Hit]:
    """The first of the hits, best first, that may change places: at most `DEPTH`."""
    return [hit for hit in hits[:DEPTH] if hits[0].scores["fused"] - hit.scores["fused"] <= BEHIND]


def by_evidence(question: Question, hits: Sequence[Hit], snapshot: Snapshot) -> list[Hit]:
    """The hits close behind the first in the order of their score `rerank`, then the others as they were."""
    looked_at = close(hits)
    rest = hits[len(looked_at) :]
    top = max((hit.scores.get("lexical", 0.0) for hit in looked_at), default=0.0) or 1.0
    scored = []
    for hit, found in zip(looked_at, evidence(question, looked_at, snapshot), strict=True):
        plain = LEXICAL_WEIGHT * hit.scores.get("lexical", 0.0) / top + DENSE_WEIGHT * hit.scores["dense"]
        score = round(plain + EVIDENCE_WEIGHT * found, 6)
        scored.append(replace(hit, scores={**hit.scores, "rerank": score}))
    return [*sorted(scored, key=lambda hit: -hit.scores["rerank"]), *rest]


def evidence(question: Question, hits: Sequence[Hit], snapshot: Snapshot) -> list[float]:
    """For each hit the score of the best fact in it, 0 or more, on the average of what is asked."""
    words = weigh(question, snapshot)
    matches = match(question, words, sentences(hits, snapshot))
    found = [0.0] * len(hits)
    for slot in question.slots:
        own_question, own_words, own_matches = for_slot(question, slot, words, matches)
        best: dict[Place, float] = {}
        for fact in facts(own_question, slot, own_words, own_matches):
            best.setdefault(fact.match.sentence.place, fact.score)
        for number, hit in enumerate(hits):
            passage = hit.passage
            scores = (score for (article, start), score in best.items()
                      if article == passage.article_id and passage.start <= start < passage.end)  # fmt: skip
            found[number] += max(scores, default=0.0) / len(question.slots)
    return found
