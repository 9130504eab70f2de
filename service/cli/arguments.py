"""Command-line words in, parsed arguments out, each command with the function that runs it."""

import argparse
import re
from collections.abc import Callable
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path
from typing import NoReturn, get_args

from pydantic import ValidationError

from index.milvus import DenseKind
from service.answer import Composer
from service.cli import asking, collection, keys, ledger, milvus, serving, training
from service.cli.version import VersionAction
from service.ledger.ledger import Sort
from service.settings import Settings

_ABOUT = """问策 · wence answers questions over collections of Chinese policy articles, each statement with its quote.

  wence build corpus/ --snapshot snapshot     read files or folders into a snapshot
  wence ask 温州“数据得地”供了多少亩地？          ask it
  wence serve                                 answer over HTTP, chat page at /

Every setting has an environment variable WENCE_*; the README lists them."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; `{self.prog} --help` shows the usage\n")


def parse(argv: list[str]) -> argparse.Namespace:
    """The arguments, with `run` to call and `settings` read from the environment. Exits with 2 on wrong words."""
    parser = _Parser(prog="wence", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", action=VersionAction)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "WENCE_" + "_".join(str(part) for part in first["loc"]).upper()
        parser.error(f"{name}: {first['msg']}")
    _collection_commands(commands)
    _asking_commands(commands, settings)
    _ledger_commands(commands)
    _serve_command(commands, settings)
    _keys_command(commands)
    _milvus_command(commands)
    _train_command(commands)
    _added_commands(commands)
    for command in commands.choices.values():
        command.add_argument(
            "--snapshot", type=Path, default=settings.snapshot, metavar="DIR",
            help="snapshot folder (default: WENCE_SNAPSHOT, else ./snapshot)",
        )  # fmt: skip
        command.set_defaults(settings=settings)
    arguments = parser.parse_args(argv)
    if getattr(arguments, "questions", None) is None and getattr(arguments, "question", "") is None:
        parser.error("a question or --questions FILE is needed")
    if (
        arguments.run in (asking.ask, asking.search)
        and arguments.questions
        and not (getattr(arguments, "answers", None) or getattr(arguments, "hits", None))
    ):
        parser.error("--questions needs a file to write to: --answers FILE (ask) or --hits FILE (search)")
    return arguments


def _collection_commands(commands: "argparse._SubParsersAction[_Parser]") -> None:
    build = _command(commands, "build", collection.build, "read files, folders or globs and write a snapshot")
    add = _command(commands, "add", collection.add, "add articles to a snapshot, replacing those with the same id")
    for command in (build, add):
        command.add_argument(
            "sources", nargs="+", metavar="SOURCE", help="file, folder or glob (.txt .md .jsonl .pdf .docx .html .epub)"
        )
    remove = _command(commands, "remove", collection.remove, "remove articles from a snapshot")
    remove.add_argument("ids", nargs="+", metavar="ARTICLE_ID", help="id as `wence articles` lists it")
    _command(commands, "compact", collection.compact, "write a snapshot anew, without what is gone from it")
    _command(
        commands, "upgrade", collection.upgrade, "write a snapshot anew for this wence and the encoder set, keeping all"
    )
    _command(commands, "verify", collection.verify, "check every file of a snapshot and that they agree")
    _command(commands, "versions", collection.versions, "list the versions of a snapshot that are kept")
    rollback = _command(commands, "rollback", collection.rollback, "go back to an earlier version of a snapshot")
    rollback.add_argument("version", nargs="?", metavar="VERSION", help="as `wence versions` lists it; the one before")
    articles = _command(commands, "articles", collection.articles, "list the articles of a snapshot")
    show = _command(commands, "show", collection.show, "show one article with its text")
    show.add_argument("id", metavar="ARTICLE_ID")
    for command in (articles, show):
        command.add_argument("--json", action="store_true", help="print JSON")


def _asking_commands(commands: "argparse._SubParsersAction[_Parser]", settings: Settings) -> None:
    search = _command(commands, "search", asking.search, "the best passages for a question, with scores per channel")
    ask = _command(commands, "ask", asking.ask, "one answer, or a file of them")
    for command in (search, ask):
        command.add_argument("question", nargs="?", metavar="QUESTION")
        command.add_argument(
            "--top-k", type=up_to(1000), default=settings.top_k, metavar="K", help="passages to look at"
        )
        command.add_argument("--json", action="store_true", help="print JSON")
        command.add_argument("--questions", type=Path, metavar="FILE", help="JSON Lines file of questions")
        command.add_argument("--as-of", type=day, metavar="DATE", help="only articles dated YYYY-MM-DD or before")
    ask.add_argument(
        "--composer", choices=get_args(Composer), default=settings.composer, help="who words it (default: %(default)s)"
    )
    ask.add_argument("--answers", type=Path, metavar="FILE", help="where the answers to --questions go")
    search.add_argument("--hits", type=Path, metavar="FILE", help="where the hits for --questions go")


def _ledger_commands(commands: "argparse._SubParsersAction[_Parser]") -> None:
    figures = _command(commands, "figures", ledger.figures, "the figures of the articles, each with its quote")
    figures.add_argument(
        "query",
        nargs="?",
        default="",
        metavar="QUERY",
        help="words that must all stand in the row or its article's title",
    )
    figures.add_argument("--unit", default="", help="only figures in this unit (万元 is 元)")
    figures.add_argument("--article", default="", metavar="ARTICLE_ID", help="only figures of this article")
    figures.add_argument("--indicator", default="", help="only this indicator, as the JSON names it")
    figures.add_argument(
        "--sort", choices=get_args(Sort), default="article", help="order (default: as in the articles)"
    )
    shape = figures.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="print JSON")
    shape.add_argument("--csv", action="store_true", help="print CSV that spreadsheets open")
    reforms = _command(commands, "reforms", ledger.reforms, "the named reforms and programmes that have a dossier")
    reforms.add_argument("query", nargs="?", default="", metavar="QUERY", help="words in the name")
    reform = _command(
        commands, "reform", ledger.reform, "what the articles say of one reform, each cell with its quote"
    )
    reform.add_argument("name", metavar="NAME", help="in any of its spellings")
    for command in (reforms, reform):
        command.add_argument("--json", action="store_true", help="print JSON")


def _serve_command(commands: "argparse._SubParsersAction[_Parser]", settings: Settings) -> None:
    serve = _command(commands, "serve", serving.serve, "answer over HTTP, with the chat page at /")
    serve.add_argument("--host", default=settings.host, help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=int, default=settings.port, help="port to listen on (default: %(default)s)")
    serve.add_argument(
        "--workers",
        type=up_to(1000),
        default=settings.workers,
        help="processes (default: one a core, or one where models of your own are set)",
    )


def _keys_command(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = _command(commands, "keys", keys.keys, "make, list and revoke the keys that requests show")
    command.add_argument("action", choices=["create", "list", "revoke"])
    command.add_argument("what", nargs="?", metavar="NAME|ID", help="a name for the new key; the id to revoke")
    command.add_argument(
        "--scope", choices=["ask", "admin"], default="ask", help="what it opens (default: %(default)s)"
    )
    command.add_argument(
        "--origin", action="append", default=[], metavar="ORIGIN",
        help="for web pages of this origin alone, as https://example.org; may be repeated",
    )  # fmt: skip
    command.add_argument("--per-day", type=up_to(999_999_999), metavar="N", help="questions a day that it has")
    command.add_argument("--json", action="store_true", help="print JSON")


def _milvus_command(commands: "argparse._SubParsersAction[_Parser]") -> None:
    command = _command(commands, "milvus", milvus.milvus, "fill Milvus from a snapshot, drop it, tell how it stands")
    command.add_argument(
        "action", choices=["load", "status", "drop"],
        help="load what is missing or changed; compare with the snapshot; remove the collection",
    )  # fmt: skip
    command.add_argument(
        "--index", choices=get_args(DenseKind), default="FLAT",
        help="kind of index for the vectors of a new collection (default: %(default)s, exact)",
    )  # fmt: skip


def _train_command(commands: "argparse._SubParsersAction[_Parser]") -> None:
    train = _command(commands, "train", training.train, "train a built-in model from text")
    train.add_argument(
        "model",
        choices=["encoder", "spans", "lines", "reader"],
        help="which model; `wence train MODEL --help` tells the rest",
    )
    train.add_argument("words", nargs=argparse.REMAINDER, metavar="…", help="what its recipe takes")


def _added_commands(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """Commands that packages above this one add, such as `wence evaluate`: modules with ABOUT, add_arguments and run."""
    for found in entry_points(group="wence.commands"):
        module = found.load()
        command = _command(commands, found.name, module.run, module.ABOUT.split("\n")[0])
        command.description, command.formatter_class = module.ABOUT, argparse.RawDescriptionHelpFormatter
        module.add_arguments(command)


def _command(
    commands: "argparse._SubParsersAction[_Parser]", name: str, run: Callable[[argparse.Namespace], int], about: str
) -> _Parser:
    command = commands.add_parser(name, help=about, description=about)
    command.set_defaults(run=run)
    return command


def up_to(most: int) -> Callable[[str], int]:
    """A reader of whole numbers from 1 to `most`."""

    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", text) or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {most}")
        return int(text)

    return read


def day(text: str) -> str:
    """A day as it is written, YYYY-MM-DD."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is no day written YYYY-MM-DD")
