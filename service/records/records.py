"""Settings in, the records of one process out: opened when first needed, closed with the service."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from service.answer import Answer, Rating
from service.records.answer_log import AnswerLog, Row
from service.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from service.records.feedback import Feedback
    from service.records.keys import Key


def database_of(settings: Settings) -> str:
    """The address of the database that the settings name: without one, a file beside the snapshot."""
    if address := settings.database.get_secret_value():
        return address
    folder = settings.snapshot.absolute()
    return f"sqlite:///{folder.with_name(folder.name + '.records.sqlite')}"


class Records:
    """The database of one process. SQLAlchemy takes as long to load as many an answer, so the log's thread loads it."""

    def __init__(self, settings: Settings, lost: Callable[[int], None] = lambda _: None) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._log = AnswerLog(self._write, lost, keep_questions=settings.log_questions)

    @property
    def engine(self) -> "Engine":
        """Raises RecordsError when the database cannot be used."""
        with self._lock:
            if self._engine is None:
                from service.records.database import open_database  # noqa: PLC0415 - as above

                self._engine = open_database(database_of(self._settings))
            return self._engine

    def check(self) -> None:
        """Raises RecordsError when the database cannot be read now."""
        from service.records.database import check  # noqa: PLC0415 - as above

        check(self.engine)

    def log(self, answer: Answer, surface: str) -> None:
        """Have an answer logged soon."""
        self._log.put(answer, surface)

    def add_feedback(self, answer_id: str, rating: Rating, comment: str | None) -> "Future[str]":
        """The id of the feedback once it is on disk, or UnknownAnswerError or RecordsError."""
        return self._log.rate(answer_id, rating, comment)

    def list_feedback(self, limit: int, before: str | None) -> "list[Feedback]":
        """The latest feedback, newest first. Raises RecordsError."""
        from service.records.feedback import list_feedback  # noqa: PLC0415 - as above

        return list_feedback(self.engine, limit, before)

    def list_keys(self) -> "list[Key]":
        """Every key, revoked ones too. Raises RecordsError."""
        from service.records.keys import list_keys  # noqa: PLC0415 - as above

        return list_keys(self.engine)

    def count_use(self, key: "Key") -> int:
        """How often a key has been used today, this time included. Raises RecordsError."""
        from service.records.keys import count_use  # noqa: PLC0415 - as above

        return count_use(self.engine, key, datetime.now(UTC).date())

    def close(self) -> None:
        """Write what is left."""
        self._log.close()
        if self._engine:
            self._engine.dispose()

    def _write(self, answers: list[Row], feedback: list[Row]) -> set[str]:
        from service.records.batches import write  # noqa: PLC0415 - as above

        return write(self.engine, answers, feedback)
