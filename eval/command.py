"""The words of `wence evaluate` in, an evaluation run and its exit status out. Heavy imports wait until it is called."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import get_args

from service.answer import Composer
from service.cli.arguments import up_to

ABOUT = """Score the answers to a file of questions and write report.html, report.json and rows.jsonl.

  wence evaluate --questions eval/questions/sample-dev.jsonl --snapshot snapshot --report report
  wence evaluate --questions mine.jsonl --report new --compare report        what changed, and is it chance
  wence evaluate --questions mine.jsonl --report sweep --top-k 5 10 20       one report for each, and a table of all
  wence evaluate --questions cmrc_dev.json --task reading --report cmrc      other people's tests bring their own text

Formats of --questions: wence's own JSON Lines; SQuAD-style files (CMRC 2018, DRCD, DuReader); BEIR and MTEB folders;
RGB files; TREC topics with --qrels. An interrupted run goes on where it was. Exit status 1: the gate is red."""


def add_arguments(parser: ArgumentParser) -> None:
    """The options of the command. --snapshot is every command's; it stays unset where questions bring their text."""
    parser.add_argument("--questions", type=Path, required=True, metavar="PATH", help="file or folder of questions")
    parser.add_argument("--report", type=Path, required=True, metavar="DIR", help="folder to write to")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="score these answers instead of asking")
    parser.add_argument("--compare", type=Path, metavar="DIR", help="folder of an earlier report to compare with")
    parser.add_argument("--gate", type=Path, metavar="FILE", help="expectations (expected.yaml); a drop fails")
    parser.add_argument("--encoder", nargs="+", default=[], metavar="NAME", help="embedding models to try")
    parser.add_argument(
        "--composer", nargs="+", default=["extractive"], choices=get_args(Composer), help="composers to try"
    )
    parser.add_argument(
        "--top-k", nargs="+", type=up_to(1000), default=[], metavar="K", help="numbers of passages to try"
    )
    parser.add_argument("--task", choices=["reading", "retrieval", "answering"], help="what to do with another's test")
    parser.add_argument("--qrels", type=Path, metavar="FILE", help="TREC judgements for the questions")
    parser.add_argument("--noise", type=float, metavar="SHARE", help="RGB: share of passages that do not help")
    parser.add_argument("--passages", type=int, metavar="N", help="RGB: passages given with each question")
    parser.add_argument(
        "--limit", type=int, metavar="N", help="ask only N questions, drawn at random but always the same"
    )
    parser.add_argument("--judge", metavar="URL", help="also judge by a model behind an OpenAI-compatible URL …/v1")
    parser.add_argument("--judge-model", default="", metavar="NAME", help="the model's name; key: WENCE_JUDGE_KEY")


def run(arguments: Namespace) -> int:
    """Evaluate, print the scores, and say where the report is."""
    from eval.entry import main  # noqa: PLC0415 - numpy, FAISS and the templates are for this command alone

    return main(arguments)
