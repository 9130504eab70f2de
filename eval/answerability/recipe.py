"""Question files and their snapshots in, the model of answerability with its card out.

    python -m eval.answerability.recipe --out models/wence-answerability SNAPSHOT=FILE,FILE... [--given SNAPSHOT=FILE...]

Questions of `--given` are other people's, on their own collection: a row of theirs counts for less. The threshold is
the one at which the given share of the dev questions that have an answer would be refused.
"""

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embeddings import load_encoder
from eval.answerability.altering import Pool
from eval.answerability.examples import Maker, Row
from eval.answerability.fitting import Floats, fit, held_out, questions_of
from eval.question import Question, read_questions
from index.snapshot import Snapshot
from service.answerability.likeness import Likeness
from service.answering.places import cities, place_stems
from service.answering.ranking import EvidenceRetriever
from service.spans.model import SpanModel

SEED, ALTERED, GIVEN_SHARE, FALSE_REFUSALS = 7, 2, 0.15, 0.025
STRANGE = 30
"""Questions of the other collections that each collection is asked."""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eval.answerability.recipe", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("sets", nargs="+", metavar="SNAPSHOT=FILE,FILE...")
    parser.add_argument("--given", nargs="*", default=[], metavar="SNAPSHOT=FILE,FILE...")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args(argv)
    own = [row for one in arguments.sets for row in rows_of(one, ALTERED, _others(one, arguments.sets))]
    given = [row for one in arguments.given for row in rows_of(one, 1)]
    told = train(own, given, arguments.out)
    print(told)
    return 0


def _others(one: str, sets: Sequence[str]) -> list[Question]:
    """A few questions about the other collections."""
    found = [question for other in sets if other != one for file in _files(other) for question in read_questions(file)]
    return random.Random(SEED).sample(found, min(STRANGE, len(found)))


def _files(one: str) -> list[Path]:
    return [Path(file) for file in one.partition("=")[2].split(",")]


def rows_of(one: str, altered: int, strange: Sequence[Question] = ()) -> list[Row]:
    """The rows of the question files of one snapshot, and of questions about something else."""
    snapshot = Snapshot.open(Path(one.partition("=")[0]))
    maker = Maker(EvidenceRetriever(snapshot, load_encoder()), SpanModel.load(), Likeness())
    rng = random.Random(SEED)
    rows = [row for question in strange for row in maker.strange(question)]
    for file in _files(one):
        questions = read_questions(file)
        texts = [question.text for question in questions]
        pool = Pool(texts, [*cities(), *(place for text in texts for place in place_stems(text) * 3)])
        rows += [row for question in questions for row in maker.rows(question, pool, rng, altered)]
    return rows


def train(own: Sequence[Row], given: Sequence[Row], out: Path) -> str:
    """Fit, calibrate on held-out articles, save; yields a table of what the held-out rows say."""
    rows = [*own, *given]
    shares = [1.0] * len(own) + [GIVEN_SHARE] * len(given)
    chances = held_out(rows, shares)[: len(own)]
    threshold = float(np.quantile(questions_of(own, chances, "answered"), FALSE_REFUSALS))
    fit(rows, shares, round(threshold, 3)).save(out)
    return table(own, chances)


def table(rows: Sequence[Row], chances: Floats) -> str:
    """Shares refused at several shares of false refusals, as Markdown."""
    answered = questions_of(rows, chances, "answered")
    origins = ("unanswerable", "strange", "removed", "altered")
    lines = [
        "| refused by mistake | unanswerable | of another collection | sentence taken out | altered |",
        "|---|---|---|---|---|",
    ]
    for share in (0.01, 0.02, 0.03, 0.05, 0.08):
        least = np.quantile(answered, share)
        refused = (questions_of(rows, chances, origin) < least for origin in origins)
        lines.append(
            f"| {share:.2f} | " + " | ".join(f"{cell.mean():.2f}" if len(cell) else "" for cell in refused) + " |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
