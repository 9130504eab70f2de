"""The errors that asking can raise on purpose, each message saying what, which, and what to do.

ServiceError
├── InvalidQuestionError   an empty question, or one longer than the limit
├── UnknownCitationError   an id that no citation of this collection has
├── UnknownReformError     a name that has no dossier
├── NoLedgerError          the snapshot was written without the ledger
├── UnknownAnswerError     feedback on an answer that was never given
├── KeyRefusedError        a key that cannot be made, or none to revoke
├── RecordsError           the database of answers, feedback and keys cannot be used
├── NotReadyError          the service has no snapshot open yet
├── SpanModelError         a span model cannot be read, or there is too little to train one on
├── AnswerabilityError     the weights that tell whether a question is answered cannot be read
├── ModelError             a reader or reranker cannot be loaded, run or trained
├── TracingError           traces are asked for, and what sends them is not installed
└── GeneratorError         a language model cannot be used, or its reply cannot
    └── GeneratorTimeoutError   it did not reply in time
"""


class ServiceError(Exception):
    """Base of the errors of the service package."""


class InvalidQuestionError(ServiceError):
    """The question cannot be asked as it is."""


class UnknownCitationError(ServiceError):
    """No article of the snapshot has this citation."""


class UnknownReformError(ServiceError):
    """No reform of the snapshot has this name; `near` are names that are close to it."""

    def __init__(self, name: str, near: tuple[str, ...]) -> None:
        self.near = near
        told = f"; near it: {'、'.join(near)}" if near else "; `wence reforms` lists those there are"
        super().__init__(f"no reform is called {name!r}{told}")


class NoLedgerError(ServiceError):
    """The snapshot holds no figures and reforms; it says which command makes them."""


class UnknownAnswerError(ServiceError):
    """No answer of the service has this id."""


class KeyRefusedError(ServiceError):
    """A key cannot be created as asked for, or there is none of this id."""


class RecordsError(ServiceError):
    """The database cannot be opened, read or written."""


class NotReadyError(ServiceError):
    """There is nothing to answer from yet."""


class SpanModelError(ServiceError):
    """The span model cannot be read or trained."""


class AnswerabilityError(ServiceError):
    """The model of answerability cannot be read."""


class PreferenceError(ServiceError):
    """The model of preference cannot be read."""


class TracingError(ServiceError):
    """Traces cannot be sent."""


class ModelError(ServiceError):
    """A reader or reranker cannot be loaded, run or trained."""


class GeneratorError(ServiceError):
    """A language model cannot be loaded or reached, or what it sent is no reply."""


class GeneratorTimeoutError(GeneratorError):
    """A language model did not reply in time."""
