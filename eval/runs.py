"""Questions and something that answers them in, a folder with one scored row a question out.

`run.json` says what was run, `rows.jsonl` grows by a line a question. A run that was interrupted goes on where it
was; a finished one, which has a report.json too, is made anew.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.metrics.significance import Score
from eval.question import Question
from eval.scoring import Given, TextOf, is_right, score

ROWS, RUN, REPORT = "rows.jsonl", "run.json", "report.json"

Ask = Callable[[Question], Given | None]
"""Yields the answer to a question; None where there is none."""


class RunError(ValueError):
    """A folder of a run cannot be used; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question, what was answered, and its scores."""

    question: Question
    answer: Given | None
    scores: Mapping[str, Score]

    @property
    def right(self) -> bool:
        """Answered right, or refused where it must be."""
        return is_right(self.question, self.answer)

    def to_dict(self) -> dict[str, Any]:
        scores = {name: list(value) for name, value in self.scores.items() if value[1]}
        return {"question": self.question.to_dict(), "right": self.right, "scores": scores, "answer": self.answer}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> "Row":
        scores = {name: (float(points), float(of)) for name, (points, of) in record["scores"].items()}
        return cls(Question.from_dict(record["question"]), record["answer"], scores)

    def score(self, measure: str) -> Score:
        """(points, of) of a measure; (0, 0) where it does not apply."""
        return self.scores.get(measure, (0.0, 0.0))


def run(
    questions: Sequence[Question], ask: Ask, text_of: TextOf, folder: Path, what: Mapping[str, Any]
) -> Iterator[Row]:
    """Yields the row of every question in order, each written as soon as it is there.

    `what` identifies the run; rows of an interrupted one are taken over where it is the same, else thrown away.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = _unfinished(folder, what)
    with (folder / ROWS).open("a", encoding="utf-8", errors="backslashreplace") as file:
        for question in questions:
            if row := done.get(question.id):
                yield row
                continue
            answer = ask(question)
            row = Row(question, answer, score(question, answer, text_of))
            file.write(_line(row))
            file.flush()
            yield row


def _unfinished(folder: Path, what: Mapping[str, Any]) -> dict[str, Row]:
    """The rows of an interrupted run of the same, which alone stay in the folder."""
    header = json.dumps(what, ensure_ascii=False, indent=1, sort_keys=True)
    begun = folder / RUN
    same = begun.exists() and begun.read_text(encoding="utf-8") == header and not (folder / REPORT).exists()
    rows = {row.question.id: row for row in _complete_rows(folder / ROWS)} if same else {}
    (folder / REPORT).unlink(missing_ok=True)
    _replace(folder / ROWS, "".join(map(_line, rows.values())))
    _replace(begun, header)
    return rows


def _line(row: Row) -> str:
    return json.dumps(row.to_dict(), ensure_ascii=False) + "\n"


def _replace(path: Path, text: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8", errors="backslashreplace")
    beside.replace(path)


def _complete_rows(path: Path) -> Iterator[Row]:
    """Rows up to the first that was cut off in the middle."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").split("\n"):
        try:
            yield Row.from_dict(json.loads(line))
        except (ValueError, KeyError, TypeError):
            return


def read_rows(folder: Path) -> list[Row]:
    """The rows of a finished run. Raises RunError."""
    path = folder / ROWS
    if not path.exists() or not (folder / REPORT).exists():
        raise RunError(f"{folder}: holds no finished report ({ROWS} and {REPORT}); name the folder of one")
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").rstrip("\n").split("\n"), 1):
        try:
            found.append(Row.from_dict(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise RunError(f"{path}, line {number}: is no row of a report ({error!r}); evaluate again") from None
    return found
