"""Articles and asked questions in, a folder with a trained span model out: `wence train spans`.

Four boosted forests. The first ranks candidates, the second those of questions for figures and dates, the third learns
from asked questions how far an answer extends, the fourth whether there is one. The last two learn from what the first
two say of questions that they were not trained on.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import EncoderError
from embeddings.training.command import Parser, say
from embeddings.training.pairs import cut_passages
from service.answering.question import understand
from service.errors import SpanModelError
from service.spans.asked import Floats, read_slot
from service.spans.certainty import certainty_row
from service.spans.extents import widen
from service.spans.features import Field, rows
from service.spans.field import look
from service.spans.ground import BUCKETS, aligned, bucket, character_codes, lay, pair_hashes
from service.spans.model import RARITY_STEP, WIDENED, SpanModel, best_anchors, quantized
from service.spans.rivals import MEASURED, with_rivals
from service.spans.training.boosting import Boosting, boost
from service.spans.training.card import write_card
from service.spans.training.examples import Example, given, made_examples, read_articles, read_asked, robbed
from service.spans.training.labels import candidate_labels, extent_label
from service.spans.trees import Forest

_HARD, _EASY = 12, 18
"""Wrong candidates kept of each question: the likeliest, and some of the others, which stand for all of those."""

_ROBBED = 0.2
"""Part of the asked questions whose answer is taken out of their passage, in files without unanswerable ones."""

_NATURAL_WEIGHT = 5.0
"""What a question of a file with unanswerable ones weighs for the certainty."""

_RIGHT = 0.5
"""Label from which a candidate counts as right in the card."""

_CANDIDATES = Boosting(rounds=220, leaves=31, depth=7, rate=0.08, least=60, columns=0.5)
_EXTENTS = Boosting(rounds=220, leaves=31, depth=7, rate=0.1, least=40, columns=0.6)
_CERTAINTY = Boosting(rounds=300, leaves=9, depth=5, rate=0.04, least=30, columns=0.2)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the outcome besides the text: `articles` drawn, passages asked of `each`, asked questions `looked_up`
    among all passages, asked questions with their own passage `given`, and how many of those teach `extents`.
    """

    seed: int = 7
    articles: int = 1600
    each: int = 4
    looked_up: int = 4000
    given: int = 14000
    extents: int = 7000
    hold_out: int = 20


@dataclass(frozen=True, slots=True)
class _Seen:
    """A question laid out: its field, its candidates' rows, and how right each is."""

    example: Example
    field: Field
    table: Floats
    right: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, and by origin of its questions what the forest trained on the other half of them got right."""

    model: SpanModel
    scores: dict[str, str]


def train_spans(articles: Sequence[Mapping[str, Any]], asked: Sequence[Mapping[str, Any]], recipe: Recipe) -> Trained:
    """A trained model; progress goes to stderr. Equal input on one machine gives an equal model."""
    if len(articles) + len(asked) < 2:
        raise SpanModelError(f"{len(articles)} articles and {len(asked)} questions to train on: give at least two")
    say(f"{len(articles):,} articles, {len(asked):,} asked questions; rarities …")
    rarity = count_rarity([*(row["text"] for row in articles), *(row["context"] for row in asked)])
    rng = Random(recipe.seed)  # noqa: S311
    drawn = rng.sample(list(asked), len(asked))
    examples = list(made_examples(articles, drawn[: recipe.looked_up], each=recipe.each, seed=recipe.seed))
    natural = {row["origin"] for row in asked if not row["answers"]}
    for row in sorted(drawn, key=lambda row: row["origin"] not in natural)[: recipe.given]:
        example = given(row)
        examples.append(robbed(example) if row["origin"] not in natural and rng.random() < _ROBBED else example)
    rng.shuffle(examples)
    seen = _lay_out(examples, rarity)
    say(f"{len(seen):,} questions with {sum(len(item.table) for item in seen):,} candidates; candidates …")
    ranker, chances = _rank(seen, recipe.seed), _out_of_fold(seen, recipe.seed)
    say("figures and dates …")
    figures, of_figures = rank_figures(seen, recipe.seed) or (ranker, {})
    chances = [of_figures.get(number, found) for number, found in enumerate(chances)]
    say("certainty …")
    certain = np.stack(
        [certainty_row(item.field, item.table, found) for item, found in zip(seen, chances, strict=True)]
    )
    answered = np.array([bool(item.example.gold) for item in seen], dtype=np.float32)
    weights = np.array([_NATURAL_WEIGHT if item.example.origin in natural else 1 for item in seen], dtype=np.float32)
    certainty = boost(certain, answered, weights, _CERTAINTY, recipe.seed)
    say("extents …")
    extents = _extend(seen, chances, asked[0]["origin"] if asked else "made", recipe)
    return Trained(SpanModel(rarity, ranker, figures, extents, certainty), _scores(seen, chances))


def rank_figures(seen: Sequence[_Seen], seed: int) -> tuple[Forest, dict[int, NDArray[np.float64]]] | None:
    """Train the forest that ranks figures and dates, on the questions for them; with it, by number, the probabilities of
    their candidates by a forest that was not trained on the question. None without such questions.
    """
    measured = {
        number: replace(item, table=with_rivals(item.field, item.table))
        for number, item in enumerate(seen)
        if item.field.asked.slot.kind in MEASURED
    }
    if not any(item.example.gold for item in measured.values()):
        return None
    items = list(measured.values())
    return _rank(items, seed), dict(zip(measured, _out_of_fold(items, seed), strict=True))


def _scores(seen: Sequence[_Seen], chances: Sequence[NDArray[np.float64]]) -> dict[str, str]:
    """How often the first candidate is the answer or overlaps it by half, by origin and for figures and dates alone."""
    right: dict[str, list[bool]] = {}
    for item, found in zip(seen, chances, strict=True):
        if item.example.gold:
            told = item.field.asked.slot.kind in MEASURED
            for group in (item.example.origin, f"{item.example.origin}, figures and dates" if told else ""):
                right.setdefault(group, []).append(bool(item.right[int(np.argmax(found))] >= _RIGHT))
    return {
        group: f"{sum(items) / len(items):.3f} of {len(items):,}" for group, items in sorted(right.items()) if group
    }


def count_rarity(texts: Sequence[str]) -> Floats:
    """Inverse document frequency of character pairs and characters over passages, by bucket, as a model keeps it."""
    counts, total = np.zeros(BUCKETS, dtype=np.int64), 0
    for text in texts:
        for passage in cut_passages(text):
            codes = character_codes(aligned(passage))
            counts[np.unique(np.concatenate((bucket(pair_hashes(codes)[:-1]), bucket(codes))))] += 1
            total += 1
    return np.asarray(quantized(np.log(1 + total / (1 + counts)).astype(np.float32)) * np.float32(RARITY_STEP))


def _lay_out(examples: Sequence[Example], rarity: Floats) -> list[_Seen]:
    seen, begun = [], time.monotonic()
    for number, example in enumerate(example for example in examples if example.lines):
        question = understand(example.question)
        asked = read_slot(question, question.slots[0], rarity)
        field = look(asked, example.lines, lay(example.lines))
        if field.found:
            seen.append(_Seen(example, field, rows(field), *candidate_labels(field, example)))
        if number % 2000 == 1999:
            say(f"  {number + 1:,} of {len(examples):,} laid out, {time.monotonic() - begun:.0f} s")
    if not seen:
        raise SpanModelError("no question has a candidate answer: give longer articles")
    return seen


def _rank(seen: Sequence[_Seen], seed: int) -> Forest:
    """Train the forest that ranks candidates, on the right ones and a part of the wrong ones."""
    rng = np.random.default_rng(seed)
    tables, labels, weights = [], [], []
    for item in seen:
        kept, weight = _kept(item, rng)
        tables.append(item.table[kept])
        labels.append(item.right[kept])
        weights.append(weight)
    return boost(np.concatenate(tables), np.concatenate(labels), np.concatenate(weights), _CANDIDATES, seed)


def _kept(item: _Seen, rng: np.random.Generator) -> tuple[NDArray[np.int64], Floats]:
    """All right candidates, the wrong ones that say most of the question, and a draw of the others weighing for all."""
    wrong = np.flatnonzero((item.right == 0) & (item.weights > 0))
    order = wrong[np.argsort(-item.table[wrong, 0], kind="stable")]
    rest = order[_HARD:]
    drawn = rng.choice(rest, min(_EASY, len(rest)), replace=False) if len(rest) else rest
    kept = np.concatenate((np.flatnonzero(item.right > 0), order[:_HARD], drawn))
    weight = np.ones(len(kept), dtype=np.float32)
    if len(drawn):
        weight[-len(drawn) :] = len(rest) / len(drawn)
    return kept, weight


def _out_of_fold(seen: Sequence[_Seen], seed: int) -> list[NDArray[np.float64]]:
    """Every question's candidates ranked by a forest trained on the other half of the questions."""
    halves = [seen[0::2], seen[1::2]]
    forests = [_rank(half or seen, seed) for half in halves]
    return [forests[1 - number % 2].predict(item.table) for number, item in enumerate(seen)]


def _extend(seen: Sequence[_Seen], chances: Sequence[NDArray[np.float64]], origin: str, recipe: Recipe) -> Forest:
    """Train the forest that widens and cuts, on the answered questions of one origin."""
    rng = np.random.default_rng(recipe.seed)
    tables, labels, weights = [], [], []
    chosen = [n for n, item in enumerate(seen) if item.example.gold and item.example.origin == origin]
    chosen.sort(key=lambda n: len(seen[n].example.lines))  # those with their own passage alone come first
    for number in chosen[: recipe.extents]:
        item = seen[number]
        anchors = best_anchors(item.field, chances[number], WIDENED)
        for anchor in anchors:
            text = item.example.lines[anchor.line].text
            spans, table = widen(item.field.asked, text, anchor, anchors[0].probability)
            label = np.array([extent_label(text[a:b], item.example.answers) for a, b in spans], dtype=np.float32)
            kept = (label >= 1) | (rng.random(len(label)) < 0.3)
            tables.append(table[kept])
            labels.append(label[kept])
            weights.append(np.where(label[kept] >= 1, 1, 1 / 0.3).astype(np.float32))
    tables = [table for table in tables if len(table)]
    return boost(np.concatenate(tables), np.concatenate([x for x in labels if len(x)]),
                 np.concatenate([x for x in weights if len(x)]), _EXTENTS, recipe.seed)  # fmt: skip


_HELP = {
    "seed": "decides every draw",
    "articles": "articles drawn from TEXT",
    "each": "passages of an article that are asked about",
    "looked_up": "asked questions looked up among all passages",
    "given": "asked questions with their own passage alone",
    "extents": "questions that teach how far an answer extends",
    "hold_out": "leave out every n-th article of a source, for measuring; 0 for none",
}


def main(argv: Sequence[str] | None = None) -> int:
    """`wence train spans`: JSON Lines in, a model folder with its card out."""
    parser = Parser(prog="wence train spans", description=main.__doc__)
    parser.add_argument("sources", nargs="*", type=Path, metavar="TEXT", help="articles: rows of {text, title?}")
    parser.add_argument(
        "--questions", nargs="+", type=Path, default=[], metavar="FILE",
        help="asked questions: rows of {context, question, answers: [{text, start}]}, answers empty where there is none;"
        " the first file teaches how much of the words around it belong to an answer",
    )  # fmt: skip
    parser.add_argument(
        "--held-back", type=float, default=0.2, metavar="SHARE",
        help="the last part of each question file with unanswerable questions that is left for measuring",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the model's folder")
    for name, default in asdict(Recipe()).items():
        parser.add_argument("--" + name.replace("_", "-"), type=int, default=default, metavar="N", help=_HELP[name])
    given_ = vars(parser.parse_args(argv))
    sources, questions, out, held_back = (given_.pop(name) for name in ("sources", "questions", "out", "held_back"))
    recipe, begun = Recipe(**given_), time.monotonic()
    try:
        articles = read_articles(sources, count=recipe.articles, hold_out=recipe.hold_out, seed=recipe.seed)
        asked = read_asked(questions, held_back=held_back)
        trained = train_spans(articles, asked, recipe)
        trained.model.save(out)
        write_card(
            out, sources, questions, len(articles), asked, asdict(recipe), trained.scores, time.monotonic() - begun
        )
    except (EncoderError, SpanModelError, OSError) as error:
        say(f"wence train spans: {error}")
        return 2
    say(f"written to {out} after {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
