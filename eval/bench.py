"""What a user waits for, from the magazine to two million passages. Prints and stores JSON with its machine, tables and a plot.

    python -m eval.bench [--all] [--passages N...] [--store NAME]

First a collection of articles with the development questions; then news in several sizes, past its end repeated with
changes. The largest is built with `--all` alone, which takes half an hour and keeps it; from then on it is measured too.
Beside them stands what the machine and the engines allow, and where an ask spends its time.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from embeddings import load_encoder
from eval.bearing import bare, bears, dev_questions
from eval.growth import store, table
from eval.machine import ROOT, machine
from eval.news import NEWS
from eval.question import read_questions
from eval.scale import measured
from eval.stages import stages, told
from index.building import build
from index.command import Options
from index.reading import read_sources
from service.ledger.writing import LEDGER

_SIZES: Final = (1_000, 60_000, 250_000, 2_000_000)
_BUILT: Final = 250_000
"""Larger collections are not built each time."""

_PROFILED: Final = 200
_PARTS: Final = ("numpy", "faiss-cpu", "tantivy", "tokenizers", "fastapi", "uvicorn")


def of_source(source: Path, questions: list[str], seconds: float) -> dict[str, Any]:
    """Build, cold start, searches and asks over a collection as a user has it, and where an ask spends its time."""
    with tempfile.TemporaryDirectory(prefix="wence-bench-") as folder:
        snapshot = Path(folder) / "snapshot"
        began = time.perf_counter()
        report = build(read_sources([source]), snapshot, load_encoder(), Options(derived=(LEDGER,)))
        found = {
            "source": os.path.relpath(source, ROOT),
            "articles": report.articles,
            "passages": report.passages,
            "build_s": round(time.perf_counter() - began, 2),
        }
        found |= bears(snapshot, questions, questions, seconds)
        return found | {"stages": stages(snapshot, questions[:_PROFILED])}


def main(argv: list[str] | None = None) -> int:
    arguments = _parsed(argv)
    found: dict[str, Any] = {
        **machine(),
        "versions": {name: version(name) for name in _PARTS},
        "bare": bare(arguments.seconds),
        "sizes": [],
    }
    _say(f"a route that does nothing: {found['bare']['a_second']:.0f} requests/s")
    found["collection"] = of_source(arguments.source, _questions(arguments.questions), arguments.seconds)
    for passages in arguments.passages if arguments.news.exists() else ():
        with _folder(passages, arguments) as folder:
            if folder is None:
                _say(f"{passages:,} passages: left out; with --all they are built, once")
                continue
            _say(f"{passages:,} passages")
            found["sizes"].append(measured(passages, arguments.news, folder, arguments.seconds))
        store(found, arguments.store)  # after each, as the largest takes long
    store(found, arguments.store)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    print(f"{told(found['collection']['stages'])}\n\n{table(found['sizes'])}")
    return 0


def _parsed(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description=(__doc__ or "").split("\n\n")[0])
    shared = ROOT.parent / "shared" / "corpus"
    parser.add_argument("--source", type=Path, default=shared if shared.is_dir() else ROOT / "corpus")
    parser.add_argument("--questions", type=Path, help="that are asked of it (default: the development questions)")
    parser.add_argument("--passages", type=int, nargs="*", default=_SIZES, help="sizes (default: %(default)s)")
    parser.add_argument(
        "--news", type=Path, default=NEWS, help="JSON Lines of date and text, xz (default: %(default)s)"
    )
    parser.add_argument("--all", action="store_true", help=f"build those of over {_BUILT:,} passages as well")
    parser.add_argument(
        "--keep", type=Path, default=ROOT / "bench" / "snapshots", help="where those stay (default: %(default)s)"
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="of each load over HTTP (default: %(default)s)")
    parser.add_argument(
        "--store", type=Path, metavar="NAME", default=ROOT / "bench" / "bench", help="NAME.json, .md, .svg"
    )
    return parser.parse_args(argv)


def _questions(path: Path | None) -> list[str]:
    return [question.text for question in read_questions(path)] if path else dev_questions()


@contextmanager
def _folder(passages: int, arguments: argparse.Namespace) -> Iterator[Path | None]:
    """Where the snapshot of a size is or will be; None where it is neither there nor to be built."""
    if passages <= _BUILT:
        with tempfile.TemporaryDirectory(prefix="wence-bench-") as scratch:
            yield Path(scratch) / str(passages)
        return
    kept = arguments.keep / str(passages)
    yield kept if arguments.all or (kept / "CURRENT").exists() else None


def _say(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
