"""A reader and questions with known answers in, exact match, F1 and how well it refuses out.

F1 is on the longest common run of characters, as CMRC 2018 has it (Cui et al., EMNLP 2019), white space, letter case and
punctuation apart; a word of another script counts by its letters, so it is near the official figure, not the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from service.reader.reading import Reader

FALSE_REFUSALS = 0.05


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares of 1: EM and F1 of the best extract over `answered` questions that have an answer; the area under the ROC
    curve of answerability, and the share of `unanswered` ones refused at 5 % false refusals, None without either sort.
    """

    answered: int
    exact: float
    f1: float
    unanswered: int
    area: float | None
    refused: float | None


def score(reader: Reader, rows: Sequence[Mapping[str, Any]]) -> Scores:
    """Every question read on its own context."""
    exact, shares = list[float](), list[float]()
    sure: dict[bool, list[float]] = {True: [], False: []}
    for row in rows:
        found = reader.read(row["question"], [row["context"]], most=1)
        answers = [str(answer["text"]) for answer in row["answers"]]
        sure[bool(answers)].append(found.answerability)
        if answers:
            text = found.extracts[0].text if found.extracts else ""
            exact.append(float(plain(text) in map(plain, answers)))
            shares.append(max(f1(text, answer) for answer in answers))
    area, refused = _apart(np.array(sure[True]), np.array(sure[False]))
    right, share = (float(np.mean(values)) if values else 0.0 for values in (exact, shares))
    return Scores(len(exact), right, share, len(sure[False]), area, refused)


def plain(text: str) -> str:
    """Letters and digits alone, lower case."""
    return "".join(filter(str.isalnum, text.lower()))


def f1(found: str, wanted: str) -> float:
    """Harmonic mean of the common run's shares of both."""
    first, second = plain(found), plain(wanted)
    longest, ending = 0, [0] * (len(second) + 1)
    for character in first:
        ending = [0, *(ending[i] + 1 if character == other else 0 for i, other in enumerate(second))]
        longest = max(longest, *ending)
    return 2 * longest / (len(first) + len(second)) if longest else 0.0


def _apart(yes: Any, no: Any) -> tuple[float | None, float | None]:
    if not len(yes) or not len(no):
        return None, None
    higher = (yes[:, None] > no[None, :]).mean() + (yes[:, None] == no[None, :]).mean() / 2
    return float(higher), float((no < np.quantile(yes, FALSE_REFUSALS)).mean())
