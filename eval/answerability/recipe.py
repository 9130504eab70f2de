"""Question files and their snapshots in, the model of answerability with its card out.

    python -m eval.answerability.recipe --out models/wence-answerability SNAPSHOT=FILE,FILE@FOLDER... [--given …]

FOLDER holds a line model and a model of preference that have not seen the questions of its set. Questions of `--given` are
other people's, on their own collection: a row of theirs counts for less. The threshold is the one at which the given share
of the dev questions that have an answer would be refused.
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
from eval.cases import Asker, Set
from eval.question import Question, read_questions
from index.snapshot import Snapshot
from service.answerability.likeness import Likeness
from service.answering.places import cities, place_stems
from service.answering.ranking import EvidenceRetriever

SEED, ALTERED, GIVEN_SHARE, FALSE_REFUSALS = 7, 2, 0.15, 0.035
STRANGE = 30
"""Questions of the other collections that each collection is asked."""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eval.answerability.recipe", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("sets", nargs="+", metavar="SNAPSHOT=FILE,FILE@FOLDER")
    parser.add_argument("--given", nargs="*", default=[], metavar="SNAPSHOT=FILE,FILE@FOLDER")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args(argv)
    sets = [Set.of(one) for one in arguments.sets]
    own = [row for one in sets for row in rows_of(one, ALTERED, _others(one, sets))]
    given = [row for one in arguments.given for row in rows_of(Set.of(one), 1)]
    told = train(own, given, arguments.out)
    print(told)
    return 0


def _others(one: Set, sets: Sequence[Set]) -> list[Question]:
    """A few questions about the other collections."""
    found = [question for other in sets if other is not one for question in other.questions()]
    return random.Random(SEED).sample(found, min(STRANGE, len(found)))


def rows_of(one: Set, altered: int, strange: Sequence[Question] = ()) -> list[Row]:
    """The rows of the question files of one snapshot, and of questions about something else."""
    retriever = EvidenceRetriever(Snapshot.open(one.snapshot), load_encoder())
    maker = Maker(Asker(retriever, one.line_model(), one.preference()), Likeness())
    rng = random.Random(SEED)
    rows = [row for question in strange for row in maker.strange(question)]
    for file in one.files:
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
