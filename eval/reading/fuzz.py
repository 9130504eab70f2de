"""Fixtures of every format, changed at random, in; inputs tried and failures of the readers out. Judges no wording.

    python -m eval.reading.fuzz --seconds 300 [--seed N] [--only .html] [--input 1234]

Each input is made from the seed, its format and its number alone, so that a failure can be made again with `--only`
and `--input`. Asserted for each: nothing raised, nothing but articles, repeats and errors that say something, article
text in reading form, less than `--limit-s` seconds and `--memory-mb` of memory. A child process reads, so that a crash
or a hang of a parser in C is seen and counted too.
Exit status: 0 no failure; 1 failures, each named; 2 wrong arguments.
"""

import argparse
import multiprocessing
import random
import resource
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from eval.reading.mutations import mutated, restructured
from eval.reading.seeds import seeds, unzipped, zipped
from index.article import Article
from index.errors import SourceError
from index.found import Repeat
from index.reading import read_sources
from index.reading.files import EXTENSIONS

_PACKED = (".docx", ".epub")
_SWAPPED_SHARE = 0.05


class BrokenError(AssertionError):
    """What a reader gave breaks an invariant; the message says which."""


def input_of(seed: int, extension: str, number: int, pools: dict[str, list[bytes]]) -> tuple[str, bytes]:
    """The extension that the file gets (now and then a wrong one) and its bytes."""
    rng = random.Random(f"{seed}:{extension}:{number}")
    pool = pools[extension]
    if extension in _PACKED and rng.random() < 0.75:  # inside the package, which then is whole again
        members = unzipped(rng.choice(pool))
        for _ in range(rng.choice((1, 1, 2))):
            name = rng.choice([name for name in members if name.endswith(("xml", "opf", "rels"))] or list(members))
            change = restructured if rng.random() < 0.6 else mutated
            members[name] = change(rng, [members[name]])
        data = zipped(members)
    else:
        data = mutated(rng, pool)
    return rng.choice(list(pools)) if rng.random() < _SWAPPED_SHARE else extension, data


def check(items: Iterable[object]) -> Counter[str]:
    """How many articles and errors came; raises BrokenError where one is not as it must be."""
    told: Counter[str] = Counter()
    for item in items:
        if isinstance(item, SourceError):
            told["errors"] += 1
            if not item.reason.strip() or "\n" in item.reason or len(item.reason) > 1000:
                raise BrokenError(f"an error that cannot be shown: {item.reason[:200]!r}")
            item.reason.encode()
        elif isinstance(item, Article):
            told["articles"] += 1
            _check_article(item)
        elif isinstance(item, Repeat):
            told["repeats"] += 1
    if not told:
        raise BrokenError("neither an article nor an error came")
    return told


def _check_article(article: Article) -> None:
    for line in article.text.split("\n"):
        if not line or line != line.strip():
            raise BrokenError(f"a line that is empty or has space around it: {line[:80]!r}")
    if len(article.text.splitlines()) != article.text.count("\n") + 1:
        raise BrokenError("a line end other than \\n in the text")
    for name, value in (("text", article.text.replace("\n", "")), ("title", article.title), ("issue", article.issue)):
        bad = next((c for c in value if unicodedata.category(c) == "Cc" and c != "\t"), None)
        if bad is not None:
            raise BrokenError(f"a control character in the {name}: {bad!r}")
    if not article.title.strip() or "\n" in article.title or not article.id:
        raise BrokenError(f"a title or id that is none: {article.title[:80]!r} {article.id!r}")
    if article.date is not None:
        date.fromisoformat(article.date)
    (article.content_hash + article.reference).encode()


def read_one(folder: Path, extension: str, data: bytes) -> Counter[str]:
    """Reads one input as a file of that extension and checks what comes."""
    path = folder / f"input{extension}"
    path.write_bytes(data)
    try:
        return check(read_sources([path]))
    finally:
        path.unlink()


@dataclass(slots=True)
class Result:
    """What was tried for one format, and what failed."""

    tried: int = 0
    told: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    peak_mb: float = 0.0
    failures: list[str] = field(default_factory=list)


def _work(pipe: Connection, extension: str, seed: int, limit: tuple[int, int], memory_mb: int) -> None:
    """The child: reads inputs from the first to the last number, telling the parent before and after each."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 4 * 2**20, memory_mb * 4 * 2**20))
    pools = seeds()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(*limit):
            name, data = input_of(seed, extension, number, pools)
            pipe.send(("start", number, None, 0.0))
            started, failure, told = time.perf_counter(), "", Counter[str]()
            try:
                told = read_one(Path(folder), name, data)
            except BaseException as error:  # whatever a reader lets out is what is looked for
                failure = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
            peak_mb = _peak_mb()
            if peak_mb > memory_mb:
                failure = failure or f"memory of {peak_mb:.0f} MB"
            pipe.send((failure, time.perf_counter() - started, told, peak_mb))


def _peak_mb() -> float:
    """The most memory this process has had; `ru_maxrss` would tell that of the parent it was started from."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def fuzz(extension: str, seed: int, seconds: float, limit_s: float, memory_mb: int, first: int = 0) -> Result:
    """Inputs of one format for that many seconds, each in a child process that is started again when it dies."""
    result, number, until = Result(), first, time.monotonic() + seconds
    context = multiprocessing.get_context("spawn")
    while time.monotonic() < until and len(result.failures) < 20:
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(
            target=_work, args=(theirs, extension, seed, (number, number + 100_000), memory_mb), daemon=True
        )
        child.start()
        theirs.close()
        for event in _events(ours, limit_s, until):
            if isinstance(event, str):
                result.failures.append(f"{extension} input {number}: {event}")
                number += 1
                break
            failure, took_s, told, peak_mb = event
            result.tried += 1
            result.told += told
            result.slowest_s, result.peak_mb = max(result.slowest_s, took_s), max(result.peak_mb, peak_mb)
            if failure:
                result.failures.append(f"{extension} input {number}: {failure}")
            number += 1
            if failure.startswith("memory"):
                break
        child.kill()
        child.join()
        ours.close()
    return result


def _events(pipe: Connection, limit_s: float, until: float) -> Iterator[tuple[str, float, Counter[str], float] | str]:
    """What the child says of each input; a text when it hangs or dies. Ends when the time is over."""
    starting = True
    while starting or time.monotonic() < until:
        try:
            if not pipe.poll(60 if starting else limit_s):
                yield f"hangs for more than {limit_s:.0f} s"
                return
            pipe.recv()
            starting = False
            if not pipe.poll(limit_s):
                yield f"hangs for more than {limit_s:.0f} s"
                return
            yield pipe.recv()
        except (EOFError, OSError):
            yield "the process died (crash or out of memory)"
            return


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzzes every reader for its share of the time and prints a line for each."""
    parser = argparse.ArgumentParser(prog="python -m eval.reading.fuzz", description="Fuzz the readers of all formats.")
    parser.add_argument("--seconds", type=float, default=300, help="for all formats together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="one format, e.g. .html")
    parser.add_argument("--input", type=int, help="one input again, by its number; needs --only")
    parser.add_argument("--limit-s", type=float, default=20, help="seconds that one input may take")
    parser.add_argument("--memory-mb", type=int, default=700, help="memory that the child process may take")
    given = parser.parse_args(arguments)
    pools = seeds()
    known = [extension for extension in pools if extension in EXTENSIONS]
    if given.only is not None and given.only not in pools:
        parser.error(f"--only knows {' '.join(pools)}")
    if given.input is not None:
        if given.only is None:
            parser.error("--input needs --only")
        with tempfile.TemporaryDirectory() as folder:
            print(dict(read_one(Path(folder), *input_of(given.seed, given.only, given.input, pools))))
        return 0
    failures: list[str] = []
    formats = [given.only] if given.only else known
    print(f"seed {given.seed}, {given.seconds:.0f} s for {len(formats)} formats")
    for extension in formats:
        result = fuzz(extension, given.seed, given.seconds / len(formats), given.limit_s, given.memory_mb)
        print(
            f"{extension:7} {result.tried:7} inputs  {result.told['articles']:7} articles  {result.told['errors']:7} errors  "
            f"slowest {result.slowest_s:5.2f} s  peak {result.peak_mb:4.0f} MB  {len(result.failures)} failures",
            flush=True,
        )
        failures += result.failures
    for failure in failures:
        print(f"FAILED {failure}  (again: python -m eval.reading.fuzz --seed {given.seed} --only ... --input ...)")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
