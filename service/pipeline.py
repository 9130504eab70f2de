"""The whole path in one place: a snapshot folder in, answers, hits, articles and citations out.

The command line, the HTTP service and the evaluation all go through here, so they cannot differ.
"""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

from embeddings import Encoder, EncoderError, StaticEncoder
from index.article import Article
from index.errors import WenceIndexError
from index.memory import give_back
from index.retrieval import NO_FILTERS, Channels, Hit, Retriever
from index.snapshot import Snapshot
from index.store import Filters
from index.versions import current
from service.answer import Answer, Composer
from service.answering.answerer import Answerer
from service.answering.ranking import EvidenceRetriever
from service.citation_id import Place, article_of, locate
from service.engines import encoder_of, milvus_of, reader_of, reranker_of
from service.errors import GeneratorError, InvalidQuestionError, ModelError, ServiceError, UnknownCitationError
from service.generation.composer import BROKEN, UNSET, Event, GenerativeComposer, instead
from service.generation.generator import load_generator
from service.reranking import RerankingRetriever
from service.settings import Settings

RETRY_S = 10.0
"""How long a version that cannot be opened is left alone; it may be in the middle of being copied there."""

SHORT: Final = 200
"""Characters of a question that is searched in a few milliseconds."""

COMPUTING: Final = 1
"""Answers computed here at once: more would take the interpreter's lock from one another, and memory."""

logger = logging.getLogger("wence")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A citation looked up again: its article as it is now, and where in it the quote stands."""

    id: str
    article: Article
    place: Place
    snapshot: str


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a search, and the version that they are from."""

    hits: list[Hit]
    snapshot: str


@dataclass(frozen=True, slots=True)
class _Open:
    """One version with everything that reads it, exchanged as a whole."""

    snapshot: Snapshot
    retriever: Retriever
    answerer: Answerer


class Pipeline:
    """Answers from the current version of a snapshot folder; a version published later is taken up by itself."""

    def __init__(self, folder: Path, settings: Settings, encoder: Encoder | None = None) -> None:
        self._folder = folder
        self._settings = settings
        self._encoder = encoder
        self._reranker, self._reader = reranker_of(settings), reader_of(settings)
        self._milvus = milvus_of(settings) if settings.milvus_url else None
        self._writer: GenerativeComposer | None = None
        self._lock, self._writer_lock = threading.Lock(), threading.Lock()
        self._broken = "", 0.0
        """The version that could not be opened last, and when to try it again."""
        self._settled = 0, 0
        """Inode and time of the file that names the current version, when that was found to be open."""
        self._open = self._load()
        self._computing = threading.Semaphore(COMPUTING if self.is_self_contained else 1000)
        if settings.composer == "generative":
            _ = self.writer  # so that a model that cannot be loaded is told at once

    @property
    def snapshot(self) -> Snapshot:
        return self._fresh().snapshot

    @property
    def encoder(self) -> Encoder:
        if self._encoder is None:
            self._encoder = encoder_of(self._settings)
        return self._encoder

    @property
    def writer(self) -> GenerativeComposer:
        """The generative composer, its model loaded when first asked for. Raises GeneratorError, ModelError."""
        with self._writer_lock:
            if self._writer is None:
                self._writer = GenerativeComposer(load_generator(self._settings))
            return self._writer

    def ask(
        self,
        question: str,
        history: tuple[str, ...] = (),
        top_k: int | None = None,
        filters: Filters = NO_FILTERS,
        composer: Composer | None = None,
    ) -> Answer:
        """One answer. `history` holds the person's earlier questions, oldest first; `composer` goes before the
        setting.
        """
        events = self.compose(question, history, top_k, filters, composer)
        return next(event for event in events if isinstance(event, Answer))

    def compose(
        self,
        question: str,
        history: tuple[str, ...] = (),
        top_k: int | None = None,
        filters: Filters = NO_FILTERS,
        composer: Composer | None = None,
    ) -> Iterator[Event]:
        """What `ask` does, as it happens: a language model's statements as they are proven, and last the Answer."""
        self.check(question)
        opened = self._fresh()
        with self._computing:
            plain = opened.answerer.ask(question, history, top_k or self._settings.top_k, filters)
        if (composer or self._settings.composer) == "extractive":
            yield plain
            return
        try:
            writer = self.writer
        except (GeneratorError, ModelError) as error:
            logger.error("%s; answering with quotes alone", error)
            yield instead(plain, BROKEN if self._settings.generator else UNSET)
            return
        yield from writer.compose(plain, history, opened.snapshot)

    def search(self, question: str, top_k: int = 10, filters: Filters = NO_FILTERS) -> list[Hit]:
        """The best passages, each with its scores."""
        return self.find(question, top_k, filters).hits

    def find(self, question: str, top_k: int = 10, filters: Filters = NO_FILTERS) -> Found:
        """The same, with the version that they are from."""
        self.check(question)
        opened = self._fresh()
        return Found(opened.retriever.search(question, top_k, filters), opened.snapshot.name)

    def is_at_hand(self, question: str) -> bool:
        """Whether a search for it is a few milliseconds of computing here: no model but the built-in encoder, no other
        server and no file to be opened first.
        """
        return len(question) <= SHORT and self.is_self_contained and not self._news()

    @property
    def is_self_contained(self) -> bool:
        """Whether the built-in models and the snapshot's own files do it all, so that nothing is asked elsewhere and a
        process with it can be copied.
        """
        others = self._reranker or self._reader or self._milvus or self._writer
        return others is None and isinstance(self._encoder, StaticEncoder)

    @property
    def at_once(self) -> int:
        """How many answers are worth a thread at once: few where they are computed here, many where others are waited for."""
        waits = self._settings.generator or not self.is_self_contained
        return self._settings.concurrency if waits else COMPUTING

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
        snapshot = self.snapshot
        article = snapshot.store.article(article_id)
        return Resolved(citation_id, article, locate(citation_id, article), snapshot.name)

    def renew(self) -> None:
        """Take up the current version now, so that every later question is answered from it; load it into Milvus before
        where that searches.
        """
        if self._milvus:
            from index.milvus.loading import load  # noqa: PLC0415 - pymilvus, for who uses Milvus alone

            load(self._folder, self._milvus)
        self._fresh(wait=True)

    def _fresh(self, wait: bool = False) -> _Open:
        """What is open, after taking up a newer version if there is one; while another thread is at it, the old one,
        unless `wait`. A broken newer version leaves the old open.
        """
        if self._news() and self._lock.acquire(blocking=wait):
            name = ""
            try:
                if name := self._news():
                    self._open = self._load()
                    give_back()  # what read the version before holds itself in cycles, and its files on disk
            except (WenceIndexError, EncoderError, ServiceError, OSError) as error:
                self._broken = name, monotonic() + RETRY_S
                logger.error("%s; answering from %s still", error, self._open.snapshot.name)
            finally:
                self._lock.release()
        return self._open

    def _news(self) -> str:
        """The name of the current version where it is to be taken up, else nothing. Read again when the file that says it
        is another: every question comes by here.
        """
        try:
            found = (self._folder / "CURRENT").stat()
        except OSError:
            return ""
        seen = found.st_ino, found.st_mtime_ns
        if seen == self._settled:
            return ""
        name, (broken, again_at) = current(self._folder) or "", self._broken
        if name == self._open.snapshot.name:
            self._settled = seen
            return ""
        return "" if name == broken and monotonic() <= again_at else name

    def _load(self) -> _Open:
        snapshot = Snapshot.open(self._folder)
        channels = self._channels(snapshot)
        retriever = self._retriever(snapshot, channels)
        answerer = Answerer(retriever, reader=self._reader)
        answerer.ask("预热")  # the word cutter and the engines load on first use; no question should wait for that
        answerer.read("warm up")  # nor for the English table, which workers share when it is here before they are
        return _Open(snapshot, retriever, answerer)

    def _retriever(self, snapshot: Snapshot, channels: Channels | None) -> Retriever:
        """What orders the passages found: a cross-encoder where one is set, else the evidence in them."""
        if self._reranker:
            depth = self._settings.reranker_depth
            return RerankingRetriever(snapshot, self.encoder, self._reranker, depth, channels)
        plain = self._settings.reranker == "none"
        return (Retriever if plain else EvidenceRetriever)(snapshot, self.encoder, channels)

    def _channels(self, snapshot: Snapshot) -> Channels | None:
        """What searches instead of the snapshot's own files, if anything."""
        if self._milvus is None:
            return None
        from index.milvus.channels import MilvusChannels  # noqa: PLC0415 - as above

        return MilvusChannels(snapshot, self._milvus)
