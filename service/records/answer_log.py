"""Answers in, rows of the database out, a little later and many at once, so that no answer waits for a disk.

Holds the text of no question unless it is told to; what cannot be written for long is counted and let go.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from unicodedata import normalize

from service.answer import Answer
from service.errors import RecordsError

GATHER_S: Final = 0.2
"""How long rows are gathered before they are written together."""

MOST_WAITING: Final = 20_000
RETRY_S: Final = 2.0

logger = logging.getLogger("wence")
Row = dict[str, Any]


def question_hash(question: str) -> str:
    """The same for questions that differ in spaces and width alone."""
    return sha256("".join(normalize("NFKC", question).split()).encode(errors="replace")).hexdigest()


class AnswerLog:
    """Writes in a thread of its own, which begins with the first answer. `write` writes rows or raises RecordsError;
    `lost` is told how many answers will never be written.
    """

    def __init__(
        self, write: Callable[[list[Row]], None], lost: Callable[[int], None], *, keep_questions: bool
    ) -> None:
        self._write, self._lost, self._keep_questions = write, lost, keep_questions
        self._changed = threading.Condition()
        self._waiting: deque[Row] = deque()
        self._put = self._done = 0
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
            self._put += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="answer-log", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self, timeout_s: float) -> bool:
        """Wait until what was put before is written; False when that takes too long."""
        with self._changed:
            upto = self._put
            return self._changed.wait_for(lambda: self._done >= upto, timeout_s)

    def close(self, timeout_s: float = 5.0) -> None:
        """Write what is left, and stop."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join(timeout_s)

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
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return
                if not self._closing:
                    self._changed.wait_for(lambda: self._closing, GATHER_S)
                rows = [self._waiting.popleft() for _ in range(min(len(self._waiting), 1000))]
            self._insert(rows)
            with self._changed:
                self._done += len(rows)
                self._changed.notify_all()

    def _insert(self, rows: list[Row]) -> None:
        """Tried until it is done, there is no more room to wait, or the service ends."""
        while True:
            try:
                self._write(rows)
            except RecordsError as error:
                logger.error("%d answers are not logged yet: %s", len(rows), error)
                if self._closing or len(self._waiting) >= MOST_WAITING:
                    self._lost(len(rows))
                    return
                time.sleep(RETRY_S)
            except Exception:
                logger.exception("%d answers cannot be logged", len(rows))
                self._lost(len(rows))
                return
            else:
                return
