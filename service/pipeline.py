"""The whole path in one place: a snapshot folder in, answers, hits, articles and citations out.

The command line, the HTTP service and the evaluation all go through here, so they cannot differ.
"""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from embeddings import Encoder, EncoderError, load_encoder
from index.article import Article
from index.errors import WenceIndexError
from index.retrieval import NO_FILTERS, Hit, Retriever
from index.snapshot import Snapshot, current
from index.store import Filters
from service.answer import Answer
from service.answering.answerer import Answerer
from service.citation_id import Place, article_of, locate
from service.errors import InvalidQuestionError, UnknownCitationError
from service.settings import Settings

RETRY_S = 10.0
"""How long a version that cannot be opened is left alone; it may be in the middle of being copied there."""

logger = logging.getLogger("wence")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A citation looked up again: its article as it is now, and where in it the quote stands."""

    id: str
    article: Article
    place: Place


@dataclass(frozen=True, slots=True)
class _Open:
    """One version with everything that reads it, exchanged as a whole."""

    snapshot: Snapshot
    retriever: Retriever
    answerer: Answerer


def encoder_of(settings: Settings) -> Encoder:
    """The encoder that the settings name. Raises the errors of `embeddings`."""
    return load_encoder(
        settings.encoder,
        revision=settings.encoder_revision,
        backend=settings.encoder_backend,
        cache=settings.model_cache,
        url=settings.encoder_url,
        key=settings.encoder_key.get_secret_value(),
        timeout_s=settings.encoder_timeout_s,
        device=settings.encoder_device,
        dimension=settings.encoder_dimension,
        question_prefix=settings.encoder_question_prefix,
        passage_prefix=settings.encoder_passage_prefix,
        batch_size=settings.encoder_batch,
    )


class Pipeline:
    """Answers from the current version of a snapshot folder; a version published later is taken up by itself."""

    def __init__(self, folder: Path, settings: Settings, encoder: Encoder | None = None) -> None:
        self._folder = folder
        self._settings = settings
        self._encoder = encoder
        self._lock = threading.Lock()
        self._broken = "", 0.0
        """The version that could not be opened last, and when to try it again."""
        self._open = self._load()

    @property
    def snapshot(self) -> Snapshot:
        return self._fresh().snapshot

    @property
    def encoder(self) -> Encoder:
        if self._encoder is None:
            self._encoder = encoder_of(self._settings)
        return self._encoder

    def ask(
        self, question: str, history: tuple[str, ...] = (), top_k: int | None = None, filters: Filters = NO_FILTERS
    ) -> Answer:
        """One answer. `history` holds the person's earlier questions, oldest first."""
        self.check(question)
        return self._fresh().answerer.ask(question, history, top_k or self._settings.top_k, filters)

    def search(self, question: str, top_k: int = 10, filters: Filters = NO_FILTERS) -> list[Hit]:
        """The best passages, each with its scores."""
        self.check(question)
        return self._fresh().retriever.search(question, top_k, filters)

    def check(self, question: str) -> None:
        """Raise InvalidQuestionError unless the question can be asked."""
        if not question.strip():
            raise InvalidQuestionError("the question is empty; write what you want to know")
        if len(question) > self._settings.question_chars:
            raise InvalidQuestionError(
                f"the question has {len(question)} characters, at most {self._settings.question_chars} are accepted;"
                " shorten it, or raise WENCE_QUESTION_CHARS"
            )
        if any("\ud800" <= character <= "\udfff" for character in question):
            raise InvalidQuestionError(
                "the question holds half of a surrogate pair (\\ud800 to \\udfff); write the whole character"
            )

    def articles(self) -> Iterator[Article]:
        return self.snapshot.store.articles()

    def article(self, article_id: str) -> Article:
        """UnknownArticleError when the snapshot does not hold it."""
        return self.snapshot.store.article(article_id)

    def citation(self, citation_id: str) -> Resolved:
        """A citation of an earlier answer in its article as it is now."""
        article_id = article_of(citation_id)
        if article_id is None:
            raise UnknownCitationError(f"{citation_id!r} is no citation id; answers carry theirs in `citations`")
        article = self.article(article_id)
        return Resolved(citation_id, article, locate(citation_id, article))

    def _fresh(self) -> _Open:
        """What is open, after taking up a newer version if there is one. A broken newer version leaves the old open."""
        name = current(self._folder)
        if name is not None and self._is_news(name):
            with self._lock:
                if self._is_news(name):
                    try:
                        self._open = self._load()
                    except (WenceIndexError, EncoderError, OSError) as error:
                        self._broken = name, monotonic() + RETRY_S
                        logger.error("%s; answering from %s still", error, self._open.snapshot.name)
        return self._open

    def _is_news(self, name: str) -> bool:
        broken, again_at = self._broken
        return name != self._open.snapshot.name and (name != broken or monotonic() > again_at)

    def _load(self) -> _Open:
        snapshot = Snapshot.open(self._folder)
        retriever = Retriever(snapshot, self.encoder)
        answerer = Answerer(retriever)
        answerer.ask("预热")  # the word cutter and the engines load on first use; no question should wait for that
        return _Open(snapshot, retriever, answerer)
