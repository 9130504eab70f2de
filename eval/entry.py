"""Parsed words of `wence evaluate` in, a job run and its scores printed out."""

import os
import sys
from argparse import Namespace
from pathlib import Path

from eval.evaluation import Job, evaluate, lines
from eval.gate import Expected, ExpectedError, Verdict, read_expected
from eval.judge import Judge

GATE_RED, NOTHING_DONE = 1, 2


def main(arguments: Namespace) -> int:
    """0 done; 1 the gate is red; 2 nothing could be evaluated, with one line that says why."""
    try:
        expected = _expected(arguments.gate, arguments.questions) if arguments.gate else None
        finished, verdicts = evaluate(_job(arguments), expected)
    except ValueError as error:  # every error of eval is one
        print(f"wence evaluate: {' '.join(str(error).split())}", file=sys.stderr)
        return NOTHING_DONE
    for done in finished:
        print("\n".join(lines(done.report)))
        if compared := done.report.get("comparison"):
            print(f"  compared with {compared['with']}: {len(compared['won'])} won, {len(compared['lost'])} lost")
        print(f"  report: {done.folder / 'report.html'}")
    print_verdicts(verdicts)
    return GATE_RED if any(not verdict.holds for verdict in verdicts) else 0


def print_verdicts(verdicts: list[Verdict]) -> None:
    """The verdicts of a gate for a terminal, those that failed marked."""
    for verdict in verdicts:
        mark = "ok  " if verdict.holds else "FAIL"
        print(f"  {mark} {verdict.measure:20} expected {verdict.expected:g}, found {verdict.found:g} {verdict.note}")


def _expected(path: Path, questions: Path) -> Expected:
    found = [one for one in read_expected(path) if Path(one.questions).name == questions.name]
    if not found:
        raise ExpectedError(f"{path}: expects nothing of {questions.name}; `make eval-accept` writes expectations")
    return found[0]


def _job(arguments: Namespace) -> Job:
    judge = (
        Judge(arguments.judge, arguments.judge_model, os.environ.get("WENCE_JUDGE_KEY")) if arguments.judge else None
    )
    return Job(
        questions=arguments.questions,
        snapshot=arguments.snapshot,
        report=arguments.report,
        settings=arguments.settings,
        encoders=tuple(arguments.encoder),
        composers=tuple(arguments.composer),
        top_ks=tuple(arguments.top_k),
        answers=arguments.answers,
        task=arguments.task,
        qrels=arguments.qrels,
        noise=arguments.noise,
        passages=arguments.passages,
        limit=arguments.limit,
        compare=arguments.compare,
        judge=judge,
    )
