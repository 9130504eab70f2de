"""True answers in, how many of their falsified forms the verifier catches out, and how many true ones it doubts.

    python -m eval.mutations [--count 10000] [--seed 7] [--questions FILE] [--source PATH] [--misses N]

The true answers are those that wence itself gives, with their quotes, and the same rewritten (`eval.rewritings`). Half
of the falsified ones (`eval.falsifying`) are made from each. Caught is what the verifier does not call supported.
"""

import argparse
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from embeddings import load_encoder
from eval.falsifying import KINDS, falsify, name_pool
from eval.question import read_questions
from eval.rewritings import rewrite
from index.building import build
from index.reading import read_sources
from service.answer import Citation
from service.answering.verifier import verify
from service.pipeline import Pipeline
from service.settings import Settings

_HERE = Path(__file__).parent
TRIES = 40
"""How often one kind is tried on a statement drawn anew before the next kind has its turn."""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with the citations that it is checked against, and how it came to be."""

    text: str
    citations: tuple[Citation, ...]
    made: tuple[str, ...] = ()


@dataclass(slots=True)
class Rates:
    """(caught, all) by kind of falsification, once for quoted and once for rewritten statements; doubts of true ones."""

    caught: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    caught_rewritten: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    doubted: list[bool] = field(default_factory=list)
    doubted_rewritten: list[bool] = field(default_factory=list)
    doubted_by_rewriting: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    misses: list[tuple[str, str, str]] = field(default_factory=list)
    """(kind, falsified or rewritten statement, the true one) of each that the verifier got wrong."""

    @property
    def catch_rate(self) -> float:
        found = [hit for table in (self.caught, self.caught_rewritten) for hits in table.values() for hit in hits]
        return _share(found)


def _share(found: Sequence[bool]) -> float:
    return sum(found) / max(1, len(found))


def true_answers(questions: Path, source: Path) -> list[Said]:
    """Every statement that wence gives to the questions of a file, each once."""
    with tempfile.TemporaryDirectory() as folder:
        build(read_sources([source]), Path(folder) / "snapshot", encoder := load_encoder())
        pipeline = Pipeline(Path(folder) / "snapshot", Settings(), encoder)
        found: dict[str, Said] = {}
        for question in read_questions(questions):
            answer = pipeline.ask(question.text, question.history)
            for statement in answer.statements:
                cited = tuple(answer.citations[number - 1] for number in statement.citations)
                found.setdefault(statement.text, Said(statement.text, cited))
    return list(found.values())


def rewritten(said: Sequence[Said], rng: random.Random, rounds: int = 8) -> list[Said]:
    """The statements in other words, each text once."""
    found: dict[str, Said] = {}
    for number in range(rounds):
        for one in said:
            if new := rewrite(one.text, rng, 1 + number % 3):
                found.setdefault(new[0], Said(new[0], one.citations, new[1]))
    return list(found.values())


def measure(said: Sequence[Said], count: int, seed: int) -> Rates:
    """Rates over about `count` falsified statements, kinds in turn, and over all true ones."""
    rng = random.Random(seed)
    others = rewritten(said, rng)
    rates = Rates()
    for one in said:
        rates.doubted.append(_doubted(one))
        if rates.doubted[-1]:
            rates.misses.append(("true", one.text, one.text))
    for one in others:
        rates.doubted_rewritten.append(_doubted(one))
        for kind in one.made:
            rates.doubted_by_rewriting[kind].append(rates.doubted_rewritten[-1])
        if rates.doubted_rewritten[-1]:
            rates.misses.append(("true, " + " + ".join(one.made), one.text, one.citations[0].quote))
    pool = name_pool([one.text for one in said])
    made: set[str] = set()
    for base, table in ((said, rates.caught), (others, rates.caught_rewritten)):
        _falsified(base, table, pool, (count - len(made)) // (2 if base is said else 1), rng, made, rates)
    return rates


def _falsified(
    base: Sequence[Said], table: dict[str, list[bool]], pool: dict[str, list[str]], count: int,
    rng: random.Random, made: set[str], rates: Rates,
) -> None:  # fmt: skip
    left, kinds = count, list(KINDS)
    while left > 0 and kinds:
        for kind in kinds[:left]:
            false = _one(kind, base, pool, rng, made)
            if false is None:
                kinds.remove(kind)
                continue
            left -= 1
            table[kind].append(_doubted(false[0]))
            if not table[kind][-1]:
                rates.misses.append((kind, false[0].text, false[1].text))


def _one(
    kind: str, base: Sequence[Said], pool: dict[str, list[str]], rng: random.Random, made: set[str]
) -> tuple[Said, Said] | None:
    """A falsified statement that was not made before, with the true one; None when none is found."""
    for _ in range(TRIES):
        true = rng.choice(base)
        text = falsify(kind, true.text, [citation.quote for citation in true.citations], pool, rng)
        if text and text not in made:
            made.add(text)
            return Said(text, true.citations, (kind,)), true
    return None


def _doubted(said: Said) -> bool:
    return not verify(said.text, said.citations).supported


def _table(rates: Rates) -> str:
    rows = [f"{'falsification':34}{'quoted':>16}{'rewritten':>18}"]
    for kind in KINDS:
        cells = [
            f"{sum(hits)}/{len(hits)} {_share(hits):.4f}" if (hits := table.get(kind, [])) else "-"
            for table in (rates.caught, rates.caught_rewritten)
        ]
        rows.append(f"{kind:34}{cells[0]:>16}{cells[1]:>18}")
    for name, table in (("quoted", rates.caught), ("rewritten", rates.caught_rewritten)):
        hits = [hit for found in table.values() for hit in found]
        rows.append(f"caught, {name}: {sum(hits)}/{len(hits)} {_share(hits):.4f}")
    rows.append(f"caught, all: {rates.catch_rate:.4f}")
    for name, found in (("as wence gives them", rates.doubted), ("rewritten", rates.doubted_rewritten)):
        rows.append(f"false alarms, true answers {name}: {sum(found)}/{len(found)} {_share(found):.4f}")
    rows += [f"  {k}: {sum(f)}/{len(f)} {_share(f):.4f}" for k, f in sorted(rates.doubted_by_rewriting.items())]
    return "\n".join(rows)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.mutations", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--questions", type=Path, default=_HERE / "questions" / "sample-dev.jsonl")
    parser.add_argument("--source", type=Path, default=_HERE.parent / "corpus")
    parser.add_argument("--misses", type=int, default=0, help="print so many of what the verifier got wrong, by kind")
    arguments = parser.parse_args(argv)
    said = true_answers(arguments.questions, arguments.source)
    began = perf_counter()
    rates = measure(said, arguments.count, arguments.seed)
    print(_table(rates))
    print(
        f"{len(said)} true answers of {arguments.questions.name}, seed {arguments.seed}, {perf_counter() - began:.0f} s"
    )
    shown: dict[str, int] = defaultdict(int)
    for kind, text, true in rates.misses:
        shown[kind] += 1
        if shown[kind] <= arguments.misses:
            print(f"[{kind}]\n  {text}\n  {true}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
