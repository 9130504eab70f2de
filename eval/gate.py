"""What a set of questions is expected to yield and the rows of a run in, a verdict on every expectation out.

Whether questions were lost is asked question by question: the file of expectations names those that were wrong when
it was written. Other measures fail when what is expected lies above their 95 % interval, or below a `least`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml

from eval.comparison import SIGNIFICANT
from eval.metrics.significance import fewer_p, interval, mean
from eval.runs import Row
from eval.scoring import MEASURES


class ExpectedError(ValueError):
    """A file of expectations cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One set of questions, how it is run, and what it yields. `collection` and `questions` are paths from the root.

    `gate` says whether a drop fails `make eval`. `wrong` holds ids of the questions that were dealt with wrongly.
    """

    name: str
    title: str
    questions: str
    collection: str
    gate: bool
    count: int = 0
    scores: Mapping[str, float] = field(default_factory=dict)
    least: Mapping[str, float] = field(default_factory=dict)
    wrong: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one expectation holds, and what was found."""

    measure: str
    expected: float
    found: float
    holds: bool
    note: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def read_expected(path: Path) -> list[Expected]:
    """The sets of a file of expectations. Raises ExpectedError."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return [Expected(**{**entry, "wrong": frozenset(entry.get("wrong") or ())}) for entry in content["sets"]]
    except OSError as error:
        raise ExpectedError(f"{path}: cannot be read ({error.strerror})") from None
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise ExpectedError(f"{path}: is no file of expectations ({' '.join(str(error).split())})") from None


def write_expected(path: Path, sets: Sequence[Expected]) -> None:
    """The file that `read_expected` reads, with its comment on top."""
    rows = [
        asdict(one) | {"wrong": sorted(one.wrong), "scores": dict(one.scores), "least": dict(one.least)} for one in sets
    ]
    head = (
        "# What `make eval` is expected to yield; `make eval-accept` writes it. README's table is rendered from it.\n"
    )
    body = yaml.safe_dump({"sets": rows}, allow_unicode=True, sort_keys=False, width=120, default_flow_style=None)
    path.write_text(head + body, encoding="utf-8")


def check(expected: Expected, rows: Sequence[Row]) -> list[Verdict]:
    """One verdict for the questions as a whole, and one for each measure expected."""
    return [_lost(expected, rows), *(_measure(name, expected, rows) for name in {**expected.scores, **expected.least})]


def _lost(expected: Expected, rows: Sequence[Row]) -> Verdict:
    right = {row.question.id for row in rows if row.right}
    lost = sorted({row.question.id for row in rows} - right - expected.wrong)
    missing = max(0, expected.count - len(rows))
    won = len(right & expected.wrong)
    p = fewer_p(len(lost) + missing, won)
    note = f"{len(lost) + missing} lost, {won} won" + (f": {', '.join(lost[:12])}" if lost else "")
    before = expected.count - len(expected.wrong)
    return Verdict("questions", before, len(right), p >= SIGNIFICANT, f"{note} (p = {p:.3f})")


def _measure(name: str, expected: Expected, rows: Sequence[Row]) -> Verdict:
    values = [row.score(name) for row in rows]
    found, (low, high) = mean(values), interval(values)
    wanted = expected.scores.get(name, expected.least.get(name, 0.0))
    inside = wanted >= low if MEASURES[name].lower_is_better else wanted <= high
    enough = name not in expected.least or found >= expected.least[name]
    # A hair's breadth for the rounding of what the file holds.
    holds = enough and (inside or abs(found - wanted) < 1e-3)
    least = f", at least {expected.least[name]:g}" if name in expected.least else ""
    return Verdict(name, wanted, round(found, 4), holds, f"[{low:.3f}, {high:.3f}]{least}")
