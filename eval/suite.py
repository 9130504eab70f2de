"""Every set of questions at hand in, a report for each and the verdict of the gate out.

    python -m eval.suite [--accept] [--out DIR] [--only NAME ...]

The sets, their collections and what they are expected to yield are in eval/expected.yaml. With --accept what was
found becomes what is expected, and README's table is rendered anew. Exit status 1: a set that gates has dropped.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from eval.entry import print_verdicts
from eval.evaluation import Finished, Job, evaluate, lines
from eval.gate import Expected, Verdict, read_expected, write_expected
from eval.machine import ROOT
from index.building import build
from index.reading import read_sources
from service.engines import encoder_of
from service.settings import Settings

EXPECTED = ROOT / "eval" / "expected.yaml"
KEPT = "right refused false_refusals short evidence@1 evidence@5 citation_precision citation_recall support verbatim".split()
"""Measures whose values are expected again."""

_TABLE = re.compile(r"(?<=<!-- eval -->\n).*?(?=<!-- /eval -->)", re.DOTALL)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.suite", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--accept", action="store_true", help="expect from now on what is found now")
    parser.add_argument("--out", type=Path, default=ROOT / "artefacts" / "eval", help="folder of the reports")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these sets alone")
    arguments = parser.parse_args(argv)
    sets = read_expected(EXPECTED)
    chosen = [one for one in sets if not arguments.only or one.name in arguments.only]
    red = False
    found: dict[str, Expected] = {}
    for one in chosen:
        if not (ROOT / one.collection).exists():
            print(f"{one.name}: left out, {one.collection} is not there")
            continue
        done, verdicts = run_set(one, arguments.out)
        print("\n".join(lines(done.report)))
        print(f"  report: {done.folder / 'report.html'}")
        if one.gate and not arguments.accept:
            print_verdicts(verdicts)
            red = red or any(not verdict.holds for verdict in verdicts)
        found[one.name] = accepted(one, done)
    if arguments.accept:
        sets = [found.get(one.name, one) for one in sets]
        write_expected(EXPECTED, sets)
        write_table(ROOT / "README.md", sets)
    return 1 if red else 0


def run_set(one: Expected, out: Path) -> tuple[Finished, list[Verdict]]:
    """Build the set's collection, once for all sets that share it, and evaluate."""
    settings = Settings()
    snapshot = out / "snapshots" / re.sub(r"\W+", "-", one.collection).strip("-")
    build(read_sources([ROOT / one.collection]), snapshot, encoder_of(settings))
    finished, verdicts = evaluate(Job(ROOT / one.questions, snapshot, out / one.name, settings), one)
    return finished[0], verdicts


def accepted(one: Expected, done: Finished) -> Expected:
    """The set with what was found as what is expected."""
    scores = {name: done.report["scores"][name]["mean"] for name in KEPT if name in done.report["scores"]}
    wrong = frozenset(row.question.id for row in done.rows if not row.right)
    return replace(one, count=len(done.rows), scores=scores, wrong=wrong)


def write_table(readme: Path, sets: Sequence[Expected]) -> None:
    """Render README's table of scores between its marks."""
    text = readme.read_text(encoding="utf-8")
    readme.write_text(_TABLE.sub(table(sets).replace("\\", r"\\"), text), encoding="utf-8")


def table(sets: Iterable[Expected]) -> str:
    """What the sets are expected to yield, as a Markdown table."""
    head = (
        "questions",
        "n",
        "right",
        "refused",
        "by mistake",
        "short",
        "evidence @1 / @5",
        "citations",
        "support",
        "verbatim",
    )
    rows = [head, ("---",) * len(head)]
    for one in sets:
        cell = dict.fromkeys(KEPT, "–") | {name: f"{value:.2f}" for name, value in one.scores.items()}
        rows.append((
            one.title, str(one.count), cell["right"], cell["refused"], cell["false_refusals"], cell["short"],
            f"{cell['evidence@1']} / {cell['evidence@5']}", f"{cell['citation_precision']} / {cell['citation_recall']}",
            cell["support"], cell["verbatim"],
        ))  # fmt: skip
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
