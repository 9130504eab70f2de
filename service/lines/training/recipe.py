"""Asked questions and articles in, a folder with a trained line model out: `wence train lines`.

Every question is looked up as the service does it, among all articles of its source; the forest learns which of the
sentences found holds the answer.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from embeddings import BUILT_IN, models_folder
from embeddings.errors import EncoderError
from embeddings.static import StaticEncoder
from embeddings.training.command import Parser, say
from index.building import build
from index.errors import WenceIndexError
from index.retrieval import Retriever
from index.snapshot import Snapshot
from service.answering.evidence import Match, for_slot, match, weigh
from service.answering.question import understand
from service.answering.sentence import sentences
from service.answering.telling import TOLD_KINDS
from service.errors import SpanModelError
from service.lines.calibration import calibrate
from service.lines.features import rows, scene
from service.lines.model import LineModel
from service.lines.training.card import write_card
from service.lines.training.selfmade import made_of
from service.lines.training.wanted import Collection, Wanted, of_contexts, of_questions, places
from service.spans.asked import Floats, read_slot
from service.spans.model import SpanModel
from service.spans.training.boosting import Boosting, boost, boost_order
from service.spans.training.examples import read_articles
from service.spans.trees import Forest

_GROWTH = Boosting(rounds=250, leaves=15, depth=6, rate=0.04, least=60, columns=0.3)
_LIKELIER = Boosting(rounds=250, leaves=15, depth=6, rate=0.06, least=60, columns=0.3)
_ORDERLIER = Boosting(rounds=800, leaves=15, depth=6, rate=0.06, least=60, columns=0.3)

_ORDER = 0.75
"""What trees that learn the order of a question's sentences count for, beside those that learn how likely each answers. The
former alone are better on questions like those they learned from, and worse on others.
"""

_HARD, _EASY = 9, 5
"""Wrong sentences kept of each question: those that say most of it, and some of the others, which stand for all of those."""

_HALF = 0.5
"""Share of an answer, or of the sentence, that both must have in common for the sentence to hold the answer."""

_OTHER_KIND = 0.5
"""What a question of a collection counts for that asks for a bare fact; the model is not asked about such in the service."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the outcome besides the text: how many `articles` are drawn, and of `each` source how many questions."""

    seed: int = 7
    articles: int = 1600
    each: int = 2500
    hold_out: int = 20


@dataclass(frozen=True, slots=True)
class Seen:
    """A question laid out: its sentences' rows, and which of them hold its answer."""

    wanted: Wanted
    table: Floats
    right: NDArray[np.bool_]


def train_lines(
    collections: Sequence[Collection], recipe: Recipe, onto: LineModel | None = None
) -> tuple[LineModel, dict[str, str]]:
    """A trained model, and by origin of its questions how often a forest trained on the other half puts a sentence with the
    answer first. The trees of `onto` stay, and the new ones learn what they get wrong. What the halves say of each other's
    questions calibrates the whole. Progress goes to stderr.
    """
    seen = [item for collection in collections for item in lay_out(collection, recipe)]
    if len(seen) < 2:
        raise SpanModelError(f"{len(seen)} questions to train on whose answer is found: give more")
    say(f"{len(seen):,} questions with {sum(len(item.table) for item in seen):,} sentences; growing …")
    known = onto.forest if onto else None
    halves = [_grow(seen[0::2], recipe.seed, known), _grow(seen[1::2], recipe.seed, known)]
    told = [halves[1 - number % 2].log_odds(item.table) for number, item in enumerate(seen)]
    first: dict[str, list[bool]] = {}
    for item, scores in zip(seen, told, strict=True):
        first.setdefault(item.wanted.origin, []).append(bool(item.right[int(np.argmax(scores))]))
    shares = {origin: f"{np.mean(found):.3f} of {len(found):,}" for origin, found in sorted(first.items())}
    calibration = calibrate(told, [item.right for item in seen], [item.wanted.weight for item in seen])
    return LineModel(_grow(seen, recipe.seed, known), calibration), shares


def lay_out(collection: Collection, recipe: Recipe) -> Iterator[Seen]:
    """The questions of one collection whose answer is among what is found for them, up to the recipe's number."""
    if not collection.articles:
        return
    rarity, encoder = SpanModel.load().rarity, StaticEncoder(models_folder() / BUILT_IN)
    rng, count = Random(recipe.seed), 0  # noqa: S311
    with TemporaryDirectory() as folder:
        build(collection.articles, Path(folder) / "snapshot", encoder)
        retriever = Retriever(Snapshot.open(Path(folder) / "snapshot"), encoder)
        for wanted in rng.sample(collection.wanted, len(collection.wanted)):
            if count == recipe.each:
                return
            if item := _look_up(retriever, wanted, rarity, encoder):
                count += 1
                yield item


def _look_up(retriever: Retriever, wanted: Wanted, rarity: Floats, encoder: StaticEncoder) -> Seen | None:
    question = understand(retriever.read(wanted.question).text)
    slot = question.slots[0]
    fact = slot.kind not in TOLD_KINDS
    if fact and wanted.article is not None:
        return None
    words = weigh(question, retriever.snapshot)
    found = sentences(retriever.search_as_it_stands(question.searched), retriever.snapshot)
    matches = match(question, words, [one for one in found if not _is_hidden(wanted, one.article.id, one.start)])
    own, own_words, own_matches = for_slot(question, slot, words, matches)
    laid = scene(own, slot, read_slot(own, slot, rarity), own_words, own_matches)
    right = _right(wanted, laid.matches)
    counted = replace(wanted, weight=wanted.weight * _OTHER_KIND) if fact else wanted
    return Seen(counted, rows(laid, encoder), right) if right.any() else None


def _is_hidden(wanted: Wanted, article: str, start: int) -> bool:
    return wanted.hidden == start and wanted.article == article


def _right(wanted: Wanted, matches: Sequence[Match]) -> NDArray[np.bool_]:
    """Which sentences hold a half of an answer, or are half answer."""
    spans = {} if wanted.article is None else {wanted.article: list(wanted.spans)}
    right = np.zeros(len(matches), dtype=bool)
    for number, found in enumerate(matches):
        sentence = found.sentence
        if wanted.article is None and sentence.article.id not in spans:
            spans[sentence.article.id] = places(sentence.article.text, wanted.quotes)
        for start, end in spans.get(sentence.article.id, ()):
            common = min(end, sentence.end) - max(start, sentence.start)
            right[number] |= common > 0 and common >= _HALF * min(end - start, sentence.end - sentence.start)
    return right


def _grow(seen: Sequence[Seen], seed: int, onto: Forest | None) -> Forest:
    rng = np.random.default_rng(seed)
    tables, labels, weights = [], [], []
    for item in seen:
        wrong = np.flatnonzero(~item.right)
        hardest = wrong[np.argsort(-item.table[wrong, 0], kind="stable")]
        rest = hardest[_HARD:]
        drawn = rng.choice(rest, min(_EASY, len(rest)), replace=False) if len(rest) else rest
        kept = np.concatenate((np.flatnonzero(item.right), hardest[:_HARD], drawn))
        weight = np.full(len(kept), item.wanted.weight, dtype=np.float32)
        if len(drawn):
            weight[-len(drawn) :] *= len(rest) / len(drawn)
        tables.append(item.table[kept])
        labels.append(item.right[kept].astype(np.float32))
        weights.append(weight)
    table, right = np.concatenate(tables), np.concatenate(labels)
    likely = boost(table, right, np.concatenate(weights), _LIKELIER if onto else _GROWTH, seed, onto)
    if onto is None:
        return likely
    groups = [len(own) for own in tables]
    whole = np.repeat(np.array([item.wanted.weight for item in seen], dtype=np.float32), groups)
    order = boost_order(table, right, groups, _ORDERLIER, seed, whole, onto)
    return onto.with_trees(order, _ORDER).with_trees(likely, 1 - _ORDER)


_HELP = {
    "seed": "decides every draw",
    "articles": "articles drawn from TEXT, for self-made questions",
    "each": "most questions of a source",
    "hold_out": "leave out every n-th article of TEXT, for measuring; 0 for none",
}


def main(argv: Sequence[str] | None = None) -> int:
    """`wence train lines`: JSON Lines in, a model folder with its card out."""
    parser = Parser(prog="wence train lines", description=main.__doc__)
    parser.add_argument("sources", nargs="*", type=Path, metavar="TEXT", help="articles: rows of {text, title?}")
    parser.add_argument(
        "--questions", nargs="+", type=Path, default=[], metavar="FILE",
        help="asked questions with their text: rows of {context, question, answers: [{text, start}]}",
    )  # fmt: skip
    parser.add_argument(
        "--asked", nargs="+", type=Path, action="append", default=[], metavar=("COLLECTION", "FILE"),
        help="a collection and question files about it, as `wence evaluate` takes them; may be given again",
    )  # fmt: skip
    parser.add_argument(
        "--asked-weight", type=float, default=15.0, metavar="N", help="what a question of --asked counts for"
    )
    parser.add_argument(
        "--onto", type=Path, metavar="DIR", help="a model whose trees stay: the new ones learn what it gets wrong"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the model's folder")
    for name, default in asdict(Recipe()).items():
        parser.add_argument("--" + name.replace("_", "-"), type=int, default=default, metavar="N", help=_HELP[name])
    given = vars(parser.parse_args(argv))
    sources, questions, asked, weight, onto, out = (
        given.pop(name) for name in ("sources", "questions", "asked", "asked_weight", "onto", "out")
    )
    recipe, begun = Recipe(**given), time.monotonic()
    try:
        collections = list(_collections(sources, questions, asked, weight, recipe))
        model, scores = train_lines(collections, recipe, LineModel.load(onto) if onto else None)
        model.save(out)
        counted = Counter(wanted.origin for collection in collections for wanted in collection.wanted)
        write_card(out, onto, sources, questions, asked, counted, asdict(recipe), scores, time.monotonic() - begun)
    except (EncoderError, SpanModelError, WenceIndexError, OSError) as error:
        say(f"wence train lines: {error}")
        return 2
    say(f"written to {out} after {time.monotonic() - begun:.0f} s")
    return 0


def _collections(
    sources: Sequence[Path], questions: Sequence[Path], asked: Sequence[Sequence[Path]], weight: float, recipe: Recipe
) -> Iterator[Collection]:
    yield from (of_contexts([path]) for path in questions)
    yield from (of_questions(files, collection, weight) for collection, *files in asked)
    if sources:
        articles = read_articles(sources, count=recipe.articles, hold_out=recipe.hold_out, seed=recipe.seed)
        yield made_of(articles, Random(recipe.seed))  # noqa: S311


if __name__ == "__main__":
    raise SystemExit(main())
