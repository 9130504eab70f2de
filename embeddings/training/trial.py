"""A trained model and the articles that its training left out in, recall among their passages out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from embeddings.static import StaticEncoder
from embeddings.training.documents import read_documents
from embeddings.training.pairs import Document, ask, split_sentences

_QUESTIONS, _PASSAGES = 1000, 50_000


@dataclass(frozen=True, slots=True)
class Recall:
    """Shares of `questions` whose passage (of any of their article's, for a title) is the first, among the first ten."""

    name: str
    questions: int
    at_1: float
    at_10: float


def measure(folder: Path, sources: Sequence[Path], hold_out: int, *, seed: int = 7) -> tuple[int, list[Recall]]:
    """Number of passages, and recall of titles and of self-made questions, where the left-out articles have any."""
    rng = Random(seed)  # noqa: S311
    passages: list[str] = []
    places: list[tuple[Document, range]] = []
    documents = read_documents(sources, hold_out=hold_out, left_out=True)
    for document in rng.sample(documents, len(documents)):
        if len(passages) < _PASSAGES:
            places.append((document, range(len(passages), len(passages) + len(document.passages))))
            passages.extend(document.passages)
    made: list[tuple[str, range]] = []
    for document, place in places:
        at = rng.randrange(len(place))
        question = ask(rng.choice(split_sentences(document.passages[at])), rng)
        if question:
            made.append((question, place[at : at + 1]))
    titles = [(document.title, place) for document, place in places if document.title]
    encoder = StaticEncoder(folder)
    rows = encoder.encode_passages(passages)
    found: list[Recall] = []
    for name, pairs in (("self-made question → passage", made), ("title → article", titles)):
        ranks = []
        for question, right in pairs[:_QUESTIONS]:
            scores = rows @ encoder.encode_question(question)
            ranks.append(int(np.sum(scores > scores[right.start : right.stop].max())))
        if ranks:
            at_1, at_10 = (round(float(np.mean(np.array(ranks) < k)), 3) for k in (1, 10))
            found.append(Recall(name, len(ranks), at_1, at_10))
    return len(passages), found
