"""A question file (JSON Lines, also .xz) in, Questions out; knows no snapshot, no answers and no measures.

The file is the one that `wence evaluate` takes. Beyond it a Question holds what test sets of other people give:
judged articles, the only articles it may be answered from, reference answers any of which is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.jsonl import lines_of, object_of, read_text

UNANSWERABLE = "unanswerable"
_TEXTS = ("answers", "forms", "evidence", "given", "alternatives", "fake")
_NAMES = ("type", "style", "difficulty", "article")


class QuestionError(ValueError):
    """A field of a question is missing or of the wrong kind; the message names it."""


class QuestionFileError(ValueError):
    """A question file cannot be used; the message names the file, the line, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with everything it can be scored by; what a test set does not give stays empty.

    `history`: the person's earlier questions, oldest first. `answers`: the bare facts in the order asked for.
    `forms`: other ways to write the one bare fact that is asked for (6003个, 6003个指标).
    `must_include`: groups of alternatives, one of each has to be in the answer. `evidence`: verbatim source quotes.
    `relevant`: article id -> grade above 0. `given`: ids of the only articles it may be answered from.
    `alternatives`: reference answers any of which is right. `fake`: wrong answers that planted articles suggest.
    """

    id: str
    text: str
    history: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    must_include: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[str, ...] = ()
    type: str = ""
    style: str = ""
    difficulty: str = ""
    article: str = ""
    unanswerable: bool = False
    relevant: Mapping[str, int] = field(default_factory=dict, hash=False)
    given: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    fake: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> "Question":
        """The question of one line; fields it does not know are left out. Raises QuestionError."""
        unanswerable = record.get("unanswerable", False)
        if not isinstance(unanswerable, bool):
            raise QuestionError('"unanswerable" must be true or false')
        return cls(
            id=_text(record, "id", required=True),
            text=_text(record, "question", required=True),
            history=_earlier(record.get("history", [])),
            answers=_texts(record, "answers"),
            forms=_texts(record, "forms"),
            must_include=_groups(record.get("must_include", [])),
            evidence=_texts(record, "evidence"),
            type=_text(record, "type") or (UNANSWERABLE if unanswerable else ""),
            style=_text(record, "style"),
            difficulty=_text(record, "difficulty"),
            article=_text(record, "article"),
            unanswerable=unanswerable,
            relevant=_grades(record.get("relevant", {})),
            given=_texts(record, "given"),
            alternatives=_texts(record, "alternatives"),
            fake=_texts(record, "fake"),
        )

    def to_dict(self) -> dict[str, Any]:
        """The record of the question file, without empty fields; `from_dict` of it gives an equal question."""
        record: dict[str, Any] = {"id": self.id, "question": self.text}
        record["history"] = [{"role": "user", "content": asked} for asked in self.history]
        record |= {name: list(getattr(self, name)) for name in _TEXTS}
        record["must_include"] = [list(group) for group in self.must_include]
        record |= {name: getattr(self, name) for name in _NAMES}
        record["unanswerable"] = self.unanswerable
        record["relevant"] = dict(self.relevant)
        return {name: value for name, value in record.items() if value}


def read_questions(path: Path) -> list[Question]:
    """The questions of a file in their order; no id comes twice. Raises QuestionFileError."""
    questions: list[Question] = []
    seen: dict[str, int] = {}
    for number, line in lines_of(read_text(path, QuestionFileError)):
        try:
            question = Question.from_dict(object_of(line))
        except ValueError as error:
            raise QuestionFileError(f"{path}, line {number}: {error}") from None
        if question.id in seen:
            raise QuestionFileError(
                f"{path}, line {number}: the id {question.id!r} is that of line {seen[question.id]}"
            )
        seen[question.id] = number
        questions.append(question)
    if not questions:
        raise QuestionFileError(f'{path}: holds no question; write one {{"id", "question", ...}} a line')
    return questions


def _text(record: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    value = record.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        raise QuestionError(f'"{name}" is missing or no text')
    return value


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = record.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise QuestionError(f'"{name}" must be a list of texts')
    return tuple(value)


def _groups(value: object) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list) or not all(isinstance(group, list) and group for group in value):
        raise QuestionError('"must_include" must be a list of groups, each a list of alternatives')
    return tuple(_texts({"must_include": group}, "must_include") for group in value)


def _grades(value: object) -> dict[str, int]:
    grades = value if isinstance(value, dict) else {"": 0}
    if not all(isinstance(grade, int) and not isinstance(grade, bool) and grade > 0 for grade in grades.values()):
        raise QuestionError('"relevant" must map article ids to whole numbers above 0')
    return dict(grades)


def _earlier(value: object) -> tuple[str, ...]:
    """The turns of the person; what was answered is left out, as the service asks for."""
    turns: list[Any] = value if isinstance(value, list) else [value]
    for turn in turns:
        if not (isinstance(turn, dict) and isinstance(turn.get("role"), str) and isinstance(turn.get("content"), str)):
            raise QuestionError('"history" must be a list of turns {"role", "content"}')
    return tuple(turn["content"] for turn in turns if turn["role"] == "user")
