"""A collection in, how long its changes take out: build, then add, replace, remove, verify and compact.

python -m eval.life [--articles N] [--changed N]
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from embeddings import load_encoder
from eval.machine import machine
from eval.switching import filler
from index.building import add, build, compact, remove
from index.command import Options
from index.snapshot import Snapshot
from index.verifying import faults
from service.ledger.writing import LEDGER


def measure(folder: Path, articles: int, changed: int) -> dict[str, Any]:
    """Seconds and processor seconds of every change to a collection of so many articles, each to `changed` of them."""
    encoder, options = load_encoder(), Options(derived=(LEDGER,))
    everything = filler(articles + changed)
    new, known = everything[articles:], everything[:changed]
    edited = [replace(article, text=f"{article.text}\n补充一句：此事已经办结。") for article in known]
    steps: dict[str, Callable[[], object]] = {
        "build": lambda: build(everything[:articles], folder, encoder, options),
        "add": lambda: add(new, folder, encoder, options),
        "replace": lambda: add(edited, folder, encoder, options),
        "remove": lambda: remove([article.id for article in known], folder, encoder, options),
        "open": lambda: Snapshot.open(folder),
        "verify": lambda: list(faults(folder, derived=(LEDGER,))),
        "compact": lambda: compact(folder, encoder, options),
    }
    found: dict[str, Any] = {"articles": articles, "changed": changed, "machine": machine()}
    for name, step in steps.items():
        began, worked = time.perf_counter(), time.process_time()
        step()
        found[name] = {
            "seconds": round(time.perf_counter() - began, 2),
            "processor_seconds": round(time.process_time() - worked, 2),
        }
    found["passages"] = Snapshot.open(folder).store.passage_count
    found["faults"] = len(list(faults(folder, derived=(LEDGER,))))
    return found


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.life", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--articles", type=int, default=60_000, help="in the collection (default: %(default)s)")
    parser.add_argument("--changed", type=int, default=100, help="by every change (default: %(default)s)")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="wence-life-") as folder:
        found = measure(Path(folder) / "snapshot", arguments.articles, arguments.changed)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 1 if found["faults"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
