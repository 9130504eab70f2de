"""Answers and feedback in, rows of the database out, many at once: no answer waits for a disk, and all feedback does.

One thread writes for a process, so that the writers of a file are no more than its processes. Holds the text of no
question unless it is told to; an answer that cannot be written for long is counted and let go.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple
from unicodedata import normalize
from uuid import uuid4

from service.answer import Answer, Rating
from service.errors import RecordsError, UnknownAnswerError
from service.records.answer_id import age_s

GATHER_S: Final = 0.2
"""How long rows are gathered before they are written together."""

LATE_S: Final = 10.0
"""How long after an answer was made its row may still be on its way from another process."""

MOST_WAITING: Final = 20_000
MOST_AT_ONCE: Final = 1000
RETRY_S: Final = 2.0

logger = logging.getLogger("wence")
Row = dict[str, Any]
Write = Callable[[list[Row], list[Row]], set[str]]


class _Rated(NamedTuple):
    """Feedback on its way, and who waits for it."""

    row: Row
    kept: "Future[str]"


def question_hash(question: str) -> str:
    """The same for questions that differ in spaces and width alone."""
    return sha256("".join(normalize("NFKC", question).split()).encode(errors="replace")).hexdigest()


class AnswerLog:
    """Writes in a thread of its own, which begins with the first row. `write` writes answers and feedback and tells which
    feedback has its answer, or raises RecordsError; `lost` is told how many answers will never be written.
    """

    def __init__(self, write: Write, lost: Callable[[int], None], *, keep_questions: bool) -> None:
        self._write, self._lost, self._keep_questions = write, lost, keep_questions
        self._changed = threading.Condition()
        self._waiting: deque[Row] = deque()
        self._rated: list[_Rated] = []
        self._closing = False
        self._thread: threading.Thread | None = None

    def put(self, answer: Answer, surface: str) -> None:
        """Have an answer written soon."""
        row = self._row(answer, surface)
        with self._changed:
            if len(self._waiting) >= MOST_WAITING or self._closing:
                self._lost(1)
                return
            self._waiting.append(row)
            self._begin()

    def rate(self, answer_id: str, rating: Rating, comment: str | None) -> "Future[str]":
        """The id of feedback once it is on disk, or UnknownAnswerError or RecordsError."""
        row = {"id": uuid4().hex, "at": datetime.now(UTC), "answer_id": answer_id, "rating": rating, "comment": comment}
        kept: Future[str] = Future()
        kept.set_running_or_notify_cancel()  # who has left does not take it back
        with self._changed:
            if len(self._rated) >= MOST_WAITING or self._closing:
                kept.set_exception(RecordsError("the database takes no feedback now; try again"))
            else:
                self._rated.append(_Rated(row, kept))
                self._begin()
        return kept

    def close(self, timeout_s: float = 5.0) -> None:
        """Write what is left, and stop."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join(timeout_s)

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="answer-log", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _row(self, answer: Answer, surface: str) -> Row:
        return {
            "id": answer.id,
            "at": datetime.now(UTC),
            "surface": surface,
            "question_hash": question_hash(answer.question),
            "question": answer.question.replace("\0", "") if self._keep_questions else None,
            "status": answer.status.value,
            "composer": answer.composer,
            "model": answer.model,
            "citations": [citation.id for citation in answer.citations],
            "timings_ms": answer.timings_ms,
            "snapshot": answer.snapshot,
        }

    def _run(self) -> None:
        late: list[Row] = []
        while True:
            with self._changed:
                if late:
                    self._changed.wait_for(lambda: self._rated or self._closing, RETRY_S)
                else:
                    self._changed.wait_for(lambda: self._waiting or self._rated or self._closing)
                if not self._closing:
                    self._changed.wait_for(lambda: self._closing, GATHER_S)
                elif not (late or self._waiting or self._rated):
                    return
                fresh = min(len(self._waiting), MOST_AT_ONCE - len(late))
                answers = late + [self._waiting.popleft() for _ in range(fresh)]
                rated, self._rated = self._rated, []
            late = self._written(answers, rated)

    def _written(self, answers: list[Row], rated: list[_Rated]) -> list[Row]:
        """Write both; the answers that are to be tried again. Feedback is tried once: who gave it waits."""
        try:
            kept = self._write(answers, [item.row for item in rated])
        except RecordsError as error:
            logger.error("%d answers are not logged yet: %s", len(answers), error)
            for item in rated:
                item.kept.set_exception(error)
            if not self._closing and len(self._waiting) < MOST_WAITING:
                return answers
            self._lost(len(answers))
        except Exception as error:
            logger.exception("%d answers cannot be logged", len(answers))
            for item in rated:
                item.kept.set_exception(error)
            self._lost(len(answers))
        else:
            self._tell(rated, kept)
        return []

    def _tell(self, rated: list[_Rated], kept: set[str]) -> None:
        """Acknowledge what is on disk; what is on a new answer waits until another process has written that."""
        for row, future in rated:
            answer_id = row["answer_id"]
            if row["id"] in kept:
                future.set_result(row["id"])
            elif not self._closing and abs(age_s(answer_id)) < LATE_S:
                with self._changed:
                    self._rated.append(_Rated(row, future))
            else:
                future.set_exception(
                    UnknownAnswerError(f"there is no answer {answer_id!r}; give the `id` of an answer of this service")
                )
