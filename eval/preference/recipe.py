"""Question files and their snapshots in, the model of preference with a table of what it gains out.

    python -m eval.preference.recipe --out models/wence-preference SNAPSHOT=FILE,FILE@FOLDER...

FOLDER holds a line model that has not seen the questions of its set (`wence train lines` without them): its opinion of
questions it was trained on would be worth too much. `--folds DIR` keeps, under the number of each set, the model that was
trained on the other sets.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embeddings import load_encoder
from eval.cases import Asker, Set
from eval.preference.examples import Contest, contests
from index.snapshot import Snapshot
from service.answerability.likeness import Likeness
from service.answering.ranking import EvidenceRetriever
from service.preference.model import BUILT_IN, Preference
from service.spans.training.boosting import Boosting, boost_order

SEED = 7
GROWTH = Boosting(rounds=200, leaves=8, depth=5, rate=0.05, least=30, columns=0.4)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eval.preference.recipe", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("sets", nargs="+", metavar="SNAPSHOT=FILE,FILE@FOLDER")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--folds", type=Path, help="where the models trained without one set go")
    arguments = parser.parse_args(argv)
    likeness = Likeness()
    print(train([_contests(Set.of(one), likeness) for one in arguments.sets], arguments.out, arguments.folds))
    return 0


def _contests(one: Set, likeness: Likeness) -> list[Contest]:
    asker = Asker(EvidenceRetriever(Snapshot.open(one.snapshot), load_encoder()), one.line_model(), None)
    return [contest for question in one.questions() for contest in contests(asker, question, likeness)]


def fit(found: Sequence[Contest]) -> Preference:
    """The forest that orders facts so that those that answer come first."""
    kept = [contest for contest in found if contest.is_open]
    names = tuple(kept[0].rows[0])
    table = np.array([[row[name] for name in names] for contest in kept for row in contest.rows], dtype=np.float32)
    labels = np.array([answers for contest in kept for answers in contest.answers], dtype=np.float32)
    return Preference(boost_order(table, labels, [len(contest.rows) for contest in kept], GROWTH, SEED), names)


def train(sets: Sequence[Sequence[Contest]], out: Path, folds: Path | None = None) -> str:
    """Fit and save; yields a table of how often the first fact answers, by score and as forests preferred that were fitted
    on the other sets.
    """
    lines = ["| set | things asked | first by score | preferred |", "|---|---|---|---|"]
    for number, held in enumerate(sets):
        preference = fit([contest for other in sets if other is not held for contest in other])
        if folds:
            preference.save(folds / str(number) / BUILT_IN)
        first = np.mean([contest.answers[0] for contest in held])
        preferred = np.mean([contest.answers[int(np.argmax(preference.scores(contest.rows)))] for contest in held])
        lines.append(f"| {number} | {len(held)} | {first:.3f} | {preferred:.3f} |")
    fit([contest for one in sets for contest in one]).save(out)
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
