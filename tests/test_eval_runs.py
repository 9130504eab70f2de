"""Runs: rows written one by one, an interruption gone on from, a finished run made anew, broken folders told of."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.comparison import compare
from eval.question import Question
from eval.runs import REPORT, ROWS, Row, RunError, read_rows, run
from eval.scoring import Given

QUESTIONS = [Question(f"q{i}", f"第{i}问？", must_include=((f"{i}个",),), evidence=(f"{i}个",)) for i in range(6)]
WHAT = {"snapshot": "1"}


class Asked:
    """Answers right, notes what it was asked, and breaks off before the question numbered `until`."""

    def __init__(self, until: int = 99) -> None:
        self.ids: list[str] = []
        self.until = until

    def __call__(self, question: Question) -> Given:
        if len(self.ids) == self.until:
            raise KeyboardInterrupt
        self.ids.append(question.id)
        return {"status": "answered", "answer": f"有{question.id[1:]}个\u2028。", "retrieved": []}


def go(folder: Path, asked: Asked, what: dict[str, Any] = WHAT) -> list[Row]:
    return list(run(QUESTIONS, asked, lambda _: None, folder, what))


def test_rows_are_what_was_asked(tmp_path: Path) -> None:
    rows = go(tmp_path, Asked())
    (tmp_path / REPORT).write_text("{}")
    assert [row.question for row in rows] == QUESTIONS
    assert all(row.right for row in rows)
    stored = read_rows(tmp_path)
    assert [row.to_dict() for row in stored] == [row.to_dict() for row in rows]
    assert [row.question for row in stored] == QUESTIONS


def test_an_interrupted_run_goes_on(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        go(tmp_path, Asked(until=2))
    with (tmp_path / ROWS).open("a") as file:
        file.write('{"question": {"id": "q2", "ques')  # the line that was being written
    again = Asked()
    assert [row.question.id for row in go(tmp_path, again)] == [question.id for question in QUESTIONS]
    assert again.ids == ["q2", "q3", "q4", "q5"]
    assert len((tmp_path / ROWS).read_text().strip().split("\n")) == len(QUESTIONS)


def test_another_run_does_not_take_over_rows(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        go(tmp_path, Asked(until=2))
    again = Asked()
    go(tmp_path, again, {"snapshot": "2"})
    assert len(again.ids) == len(QUESTIONS)


def test_a_finished_run_is_made_anew(tmp_path: Path) -> None:
    go(tmp_path, Asked())
    (tmp_path / REPORT).write_text("{}")
    again = Asked()
    go(tmp_path, again)
    assert len(again.ids) == len(QUESTIONS)
    assert not (tmp_path / REPORT).exists()


def test_folders_that_hold_no_report(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no finished report"):
        read_rows(tmp_path)
    (tmp_path / REPORT).write_text("{}")
    (tmp_path / ROWS).write_text(json.dumps({"question": {}}))
    with pytest.raises(RunError, match="line 1"):
        read_rows(tmp_path)


def row(number: int, right: bool) -> Row:
    return Row(
        QUESTIONS[number],
        {"status": "answered", "answer": f"{number}个" if right else "？"},
        {"right": (float(right), 1.0)},
    )


def test_two_runs_compared() -> None:
    before = [row(0, True), row(1, True), row(2, False), row(3, False)]
    after = [row(0, True), row(1, False), row(2, True), row(4, True)]
    found = compare(before, after)
    assert (found["questions"], found["left_out"], found["won"], found["lost"]) == (3, 2, ["q2"], ["q1"])
    assert found["scores"] == {"right": {"before": 0.6667, "after": 0.6667, "p": 1.0}}
