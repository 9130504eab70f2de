"""A slot of a question and the sentences found in, one row of numbers for each sentence out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.static import StaticEncoder
from service.answering.evidence import Match, WeightedWord
from service.answering.listing import list_fit
from service.answering.question import Question
from service.answering.sentence import Sentence
from service.answering.signs import sentence_fit, subject
from service.answering.slots import Slot
from service.answering.wording import Kind
from service.lines.context import Columns, context
from service.lines.cues import CUE_NAMES, asked_cues, cues, name_cues
from service.lines.meaning import Meaning, meaning
from service.lines.nearness import nearness
from service.spans.asked import ELSEWHERE, LEFT, RIGHT, Asked, Floats
from service.spans.ground import Ground, Ints, Line, aligned, character_codes, lay, pair_hashes
from service.spans.overlap import Overlap, beside, find_terms, weighted

KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Scene:
    """A slot with the sentences looked at, those of one passage one after another in their order."""

    question: Question
    slot: Slot
    asked: Asked
    words: Sequence[WeightedWord]
    matches: Sequence[Match]
    ground: Ground
    pairs: Overlap
    singles: Overlap


def scene(
    question: Question, slot: Slot, asked: Asked, words: Sequence[WeightedWord], matches: Sequence[Match]
) -> Scene:
    """Lay the sentences out by passage, the best passage first, and look the question up in them."""
    passages: dict[tuple[str, str], int] = {}
    for found in sorted(matches, key=lambda one: (-one.sentence.score, one.sentence.place)):
        passages.setdefault((found.sentence.article.id, found.sentence.passage), len(passages))
    numbered = [(passages[one.sentence.article.id, one.sentence.passage], one) for one in matches]
    numbered.sort(key=lambda pair: (pair[0], pair[1].sentence.start))
    ground = lay([Line(one.sentence.text, number) for number, one in numbered])
    return Scene(
        question, slot, asked, words, [one for _, one in numbered], ground,
        find_terms(asked.pairs, ground, ground.pairs), find_terms(asked.singles, ground, ground.singles),
    )  # fmt: skip


def rows(seen: Scene, encoder: StaticEncoder) -> Floats:
    """Shape (sentences, columns); the columns are always the same in the same order. `encoder` tells what words mean."""
    columns: Columns = {}
    for part in (_overlap, _runs, _matched, _named, _placed, _signs, _expected):
        columns |= part(seen)
    columns |= context(_sentences(seen), seen.pairs, seen.singles)
    meant = meaning(encoder, seen.question.text, [one.sentence.folded for one in seen.matches])
    columns |= _meant(seen, meant)
    columns |= _against_best(columns, _RIVALS)
    near = _near(seen, encoder, meant)
    columns |= near | _against_best(near, tuple(near))
    table = np.empty((len(seen.matches), len(columns)), dtype=np.float32)
    for number, values in enumerate(columns.values()):
        table[:, number] = values
    return table


def _overlap(seen: Scene) -> Columns:
    """How much of the question the sentence, its best clause, its neighbours and its passage say."""
    ground = seen.ground
    columns: Columns = {}
    for name, overlap in (("pair", seen.pairs), ("char", seen.singles)):
        terms = overlap.terms
        line, around = overlap.lines, beside(overlap.lines, ground.passages)
        columns[f"{name} line"] = weighted(terms, line)
        columns[f"{name} clause"] = _best_of(weighted(terms, overlap.clauses), ground.clause_lines, len(ground.begins))
        columns[f"{name} two clauses"] = _best_of(
            weighted(terms, beside(overlap.clauses, ground.clause_lines)), ground.clause_lines, len(ground.begins)
        )
        columns[f"{name} before"] = _moved(weighted(terms, line), ground.passages, 1)
        columns[f"{name} after"] = _moved(weighted(terms, line), ground.passages, -1)
        columns[f"{name} around"] = weighted(terms, around)
        columns[f"{name} passage"] = weighted(terms, overlap.passages)[ground.passages]
        for side, number in (("left", LEFT), ("right", RIGHT), ("else", ELSEWHERE)):
            columns[f"{name} {side}"] = weighted(terms, line, number)
        columns[f"{name} missing"] = _heaviest(terms.weights, ~line)
        columns[f"{name} missing around"] = _heaviest(terms.weights, ~around)
        columns[f"{name} alone"] = _alone(terms.weights, line)
        columns[f"{name} untitled"] = _untitled(seen, overlap)
    return columns


def _best_of(shares: Floats, owners: Ints, count: int) -> Floats:
    best = np.zeros(count, dtype=np.float32)
    np.maximum.at(best, owners, shares)
    return best


def _moved(shares: Floats, passages: Ints, step: int) -> Floats:
    """The shares of the sentence before (step 1) or after (-1) in the same passage."""
    found = np.zeros_like(shares)
    if len(shares) > 1:
        same = passages[1:] == passages[:-1]
        if step > 0:
            found[1:] = np.where(same, shares[:-1], 0)
        else:
            found[:-1] = np.where(same, shares[1:], 0)
    return found


def _heaviest(weights: Floats, lacking: NDArray[np.bool_]) -> Floats:
    if not len(weights):
        return np.zeros(lacking.shape[1], dtype=np.float32)
    return np.asarray(np.where(lacking, weights[:, None], 0).max(axis=0), dtype=np.float32)


def _alone(weights: Floats, lines: NDArray[np.bool_]) -> Floats:
    """The share of the question that is said by fewer sentences the more it counts: each term's weight over how many say it."""
    often = np.maximum(lines.sum(axis=1), 1)
    return np.asarray((weights / often) @ lines, dtype=np.float32)


def _untitled(seen: Scene, overlap: Overlap) -> Floats:
    """The share of what the heading does not say already, by sentence: within an article only that tells sentences apart."""
    kept = np.empty_like(overlap.lines, dtype=np.float32)
    known: dict[str, Floats] = {}
    for number, one in enumerate(seen.matches):
        heading = one.sentence.heading
        if heading not in known:
            codes = character_codes(aligned(heading))
            said = set((codes if overlap is seen.singles else pair_hashes(codes)).tolist())
            new = [hash_ not in said for hash_ in overlap.terms.hashes.tolist()]
            known[heading] = np.where(new, overlap.terms.weights, 0).astype(np.float32)
        kept[:, number] = known[heading]
    return np.asarray((kept * overlap.lines).sum(axis=0) / np.maximum(kept.sum(axis=0), 1e-6), dtype=np.float32)


def _runs(seen: Scene) -> Columns:
    """The longest stretch that sentence and question share, and how much of the sentence is not in the question."""
    ground = seen.ground
    asked = np.unique(np.concatenate([pair_hashes(character_codes(text))[:-1] for text in _texts(seen)]))
    known = np.isin(ground.pairs, asked)
    counts = np.cumsum(known)
    runs: Ints = counts - np.maximum.accumulate(np.where(known, 0, counts))
    longest = np.maximum.reduceat(runs, ground.begins)
    lengths = (ground.ends - ground.begins).astype(np.float32)
    shared = np.add.reduceat(known, ground.begins).astype(np.float32)
    return {
        "run": longest,
        "run share": longest / max(1, len(seen.question.text)),
        "new": lengths - shared,
        "new share": 1 - shared / np.maximum(lengths, 1),
        "length": lengths,
    }


def _texts(seen: Scene) -> list[str]:
    return [aligned(text) for text in (seen.question.text, seen.question.background) if len(text) > 1] or ["  "]


def _matched(seen: Scene) -> Columns:
    """What the answering path itself thinks of the sentence."""
    table = np.array([(m.coverage, m.inside, m.agreement, m.score, m.sentence.score) for m in seen.matches])
    names = ("coverage", "inside", "agreement", "match", "found")
    return dict(zip(names, table.T.astype(np.float32), strict=True))


def _meant(seen: Scene, meant: Meaning) -> Columns:
    said = meant.said(meant.near)
    columns: Columns = {"meant": said, "meant least": meant.least, "meant whole": meant.whole}
    columns["meant before"] = _moved(said, seen.ground.passages, 1)
    columns["meant after"] = _moved(said, seen.ground.passages, -1)
    return columns


def _near(seen: Scene, encoder: StaticEncoder, meant: Meaning) -> Columns:
    at = seen.question.text.find(seen.slot.word) if seen.slot.word else -1
    return nearness(meant, encoder, at, seen.ground.passages, [one.sentence.heading for one in seen.matches])


def _named(seen: Scene) -> Columns:
    """Whether the sentence says what the subject of the question is, and how early in its article it speaks of it."""
    names = subjects(seen)
    table = np.array([name_cues(one.sentence.folded, names) for one in seen.matches], dtype=np.float32)
    mentions = np.array([any(name in one.sentence.folded for name in names) for one in seen.matches])
    titled = np.array([any(name in one.sentence.heading for name in names) for one in seen.matches])
    order = _in_article(seen)
    earlier = np.zeros(len(seen.matches), dtype=np.float32)
    counts: dict[str, int] = {}
    for number in order:
        article = seen.matches[number].sentence.article.id
        earlier[number] = counts.get(article, 0)
        counts[article] = counts.get(article, 0) + bool(mentions[number])
    return {
        "defines": table[:, 0], "name early": table[:, 1], "name marked": table[:, 2], "name titled": titled,
        "name brought": table[:, 3], "name followed": table[:, 4],
        "mentions before": earlier, "asks quoted": float(bool(seen.question.quoted)),
    }  # fmt: skip


def subjects(seen: Scene) -> tuple[str, ...]:
    """What the question is about: what it quotes, else the stretch before the question word, else its heaviest word."""
    if seen.question.quoted or seen.question.codes:
        return (*seen.question.quoted, *seen.question.codes)
    before = subject(seen.slot).rstrip("是的")
    heaviest = max(seen.words, key=lambda word: word.weight, default=None)
    return tuple(filter(None, (before if len(before) >= 2 else "", heaviest.text if heaviest else "")))


def _in_article(seen: Scene) -> list[int]:
    return sorted(range(len(seen.matches)), key=lambda number: seen.matches[number].sentence.place)


def _placed(seen: Scene) -> Columns:
    """Where the sentence stands: in its passage, paragraph and article, and among what was found."""
    ground = seen.ground
    sentences = [one.sentence for one in seen.matches]
    articles = [sentence.article.id for sentence in sentences]
    counts = {article: articles.count(article) for article in set(articles)}
    first = articles[int(np.argmax([sentence.score for sentence in sentences]))]
    return {
        "passage": ground.passages,
        "in passage": np.arange(len(ground.passages)) - np.searchsorted(ground.passages, ground.passages),
        "in article": np.array([s.start / max(1, len(s.article.text)) for s in sentences]),
        "start": np.array([min(s.start, 5000) for s in sentences]),
        "opens paragraph": np.array([not s.start or "\n" in s.article.text[max(0, s.start - 4) : s.start] for s in sentences]),
        "sentences of article": np.array([counts[article] for article in articles]),
        "best article": np.array([article == first for article in articles]),
        "sentences": float(len(sentences)),
    }  # fmt: skip


_SEEN_BEFORE = ("counts", "colon", "question", "ends open", "problem", "target", "deeds", "numbered", "starts: aims")
_SEEN_AFTER = (
    "starts: lists",
    "starts: goes on",
    "starts: goes on listing",
    "starts: points back",
    "starts: so",
    "deeds",
)


def _signs(seen: Scene) -> Columns:
    table = np.array([cues(one.sentence.folded) for one in seen.matches], dtype=np.float32)
    columns: Columns = {f"sign {name}": table[:, number] for number, name in enumerate(CUE_NAMES)}
    for name in _SEEN_BEFORE:
        columns[f"before: {name}"] = _moved(table[:, CUE_NAMES.index(name)], seen.ground.passages, 1)
    for name in _SEEN_AFTER:
        columns[f"after: {name}"] = _moved(table[:, CUE_NAMES.index(name)], seen.ground.passages, -1)
    return columns


def _expected(seen: Scene) -> Columns:
    """What is asked for."""
    slot, text = seen.slot, seen.question.text
    columns: Columns = {f"asks {kind}": float(slot.kind is kind) for kind in KINDS}
    columns |= {f"asks word {number}": value for number, value in enumerate(asked_cues(text))}
    columns["asks count"] = float(slot.count or 0)
    columns["asks slots"] = float(len(seen.question.slots))
    columns["question length"] = float(len(text))
    columns["terms"] = float(len(seen.asked.pairs.hashes))
    columns["fit"] = np.array([sentence_fit(seen.question, slot, s.text, s.folded) for s in _sentences(seen)])
    columns["list fit"] = (
        np.array([list_fit(one.sentence.text, slot.count) for one in seen.matches]) if slot.count else -1.0
    )
    return columns


def _sentences(seen: Scene) -> list[Sentence]:
    return [one.sentence for one in seen.matches]


_RIVALS = (
    "pair line", "char line", "pair clause", "pair around", "char around", "pair alone", "char alone", "match", "found", "inside",
    "pair untitled", "char untitled", "fit", "meant", "meant whole", "meant least", "run", "pair left", "pair right",
)  # fmt: skip


def _against_best(columns: Columns, names: Sequence[str]) -> Columns:
    """Columns again as the distance to the best sentence, and the rank by them."""
    found: Columns = {}
    for name in names:
        values = np.asarray(columns[name], dtype=np.float32)
        found[f"{name} below"] = values - values.max()
        found[f"{name} rank"] = np.searchsorted(np.sort(-values), -values)
    return found
