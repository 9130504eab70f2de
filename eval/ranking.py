"""Question files and their snapshots in, the weights of reranking by evidence out, cross-validated over whole articles.

    python -m eval.ranking QUESTIONS=SNAPSHOT [QUESTIONS=SNAPSHOT ...]

Pairwise logistic regression (RankNet of one layer, Burges et al. 2005) of the first passage with evidence against each
of the others that were offered, every question counting alike. Prints recall@1 of the fusion, of the weights of the other
folds, and of those in use, by file.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from eval.metrics.text import evidence_ranks
from eval.question import read_questions
from index.asking.reading import Reader
from service.answering.question import understand
from service.answering.ranking import DENSE_WEIGHT, EVIDENCE_WEIGHT, LEXICAL_WEIGHT, close, evidence, is_sure
from service.pipeline import Pipeline
from service.settings import Settings

Floats = NDArray[np.float64]
FOLDS: Final = 5
_STEPS, _RIDGE = 50, 1.0
IN_USE: Final = np.array([LEXICAL_WEIGHT, DENSE_WEIGHT, EVIDENCE_WEIGHT])


@dataclass(frozen=True, slots=True)
class Offer:
    """The passages offered for one question: `columns` (n, 3) lexical share, cosine, evidence; which hold the evidence
    asked for; and whether retrieval was sure of the first.
    """

    group: str
    article: str
    columns: Floats
    relevant: NDArray[np.bool_]
    sure: bool

    def is_right(self, weights: Floats) -> bool:
        """Whether the first passage holds the evidence when ordered by these weights."""
        return bool(self.relevant[0 if self.sure else int(np.argmax(self.columns @ weights))])


def offers(questions: Path, snapshot: Path) -> list[Offer]:
    """What is offered for every question of a file that has evidence and no history."""
    pipeline = Pipeline(snapshot, Settings(reranker="none"))
    reader, found = Reader(pipeline.snapshot), []
    for question in read_questions(questions):
        hits = pipeline.search(question.text) if question.evidence and not question.history else []
        if not hits:
            continue
        sure, hits = is_sure(hits), close(hits)
        top = max(hit.scores.get("lexical", 0.0) for hit in hits) or 1.0
        proof = evidence(understand(reader.read(question.text).text), hits, pipeline.snapshot)
        columns = [(hit.scores.get("lexical", 0.0) / top, hit.scores["dense"], own)
                   for hit, own in zip(hits, proof, strict=True)]  # fmt: skip
        relevant = [evidence_ranks([hit.passage.text], question.evidence) for hit in hits]
        flags = np.array([any(rank is not None for rank in ranks) for ranks in relevant])
        found.append(Offer(questions.stem, question.article, np.array(columns), flags, sure))
    return found


def fit(train: Sequence[Offer]) -> Floats:
    """Weights, shape (3,), that sum to 1; by Newton's method on standardised differences."""
    pairs = [offer.columns[offer.relevant][:1] - offer.columns[~offer.relevant]
             for offer in train if offer.relevant.any() and not offer.relevant.all()]  # fmt: skip
    table = np.concatenate(pairs)
    share = np.concatenate([np.full(len(pair), 1 / len(pair)) for pair in pairs])
    scale = table.std(axis=0) + 1e-9
    table, weights = table / scale, np.zeros(table.shape[1])
    for _ in range(_STEPS):
        wrong = 1 / (1 + np.exp(table @ weights))
        slope = table.T @ (wrong * share) - _RIDGE * weights
        curve = (table.T * (wrong * (1 - wrong) * share)) @ table + _RIDGE * np.eye(len(weights))
        weights = weights + np.linalg.solve(curve, slope)
    weights = weights / scale
    return np.asarray(weights / weights.sum())


def cross_validated(found: Sequence[Offer]) -> list[bool]:
    """For each question whether weights fitted on the other folds put evidence first; an article is in one fold."""
    articles = sorted({offer.article for offer in found})
    np.random.default_rng(0).shuffle(articles)
    fold = {article: number % FOLDS for number, article in enumerate(articles)}
    weights = [fit([offer for offer in found if fold[offer.article] != number]) for number in range(FOLDS)]
    return [offer.is_right(weights[fold[offer.article]]) for offer in found]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.ranking", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("pairs", nargs="+", metavar="QUESTIONS=SNAPSHOT", help="a question file and what it asks of")
    found: list[Offer] = []
    for pair in parser.parse_args(argv).pairs:
        questions, _, snapshot = pair.partition("=")
        found += offers(Path(questions), Path(snapshot))
    print("weights: lexical {:.2f}, dense {:.2f}, evidence {:.2f}".format(*fit(found)))
    held_out = cross_validated(found)
    for group in dict.fromkeys(offer.group for offer in found):
        rows = [(offer, right) for offer, right in zip(found, held_out, strict=True) if offer.group == group]
        plain = np.mean([offer.relevant[0] for offer, _ in rows])
        in_use = np.mean([offer.is_right(IN_USE) for offer, _ in rows])
        print(f"{group}: fusion {plain:.3f}, cross-validated {np.mean([right for _, right in rows]):.3f},"
              f" in use {in_use:.3f} ({len(rows)} questions, {np.mean([o.sure for o, _ in rows]):.0%} sure)")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
