"""Settings in, the engines that they name out: encoder, Milvus, reranker, reader. Loads each when asked, and answers nothing.

The language model is loaded by `service.generation.generator`.
"""

from typing import TYPE_CHECKING

from embeddings import Encoder, load_encoder
from index.errors import MilvusError
from service.reader.reading import Reader
from service.reader.transformer import TransformerReader
from service.reranking import Reranker
from service.settings import BUILT_IN_RERANKERS, Settings

if TYPE_CHECKING:
    from index.milvus.collection import MilvusCollection


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


def milvus_of(settings: Settings) -> "MilvusCollection":
    """The collection of Milvus that the settings name. Raises MilvusError."""
    from index.milvus.collection import MilvusCollection  # noqa: PLC0415 - pymilvus, for who uses Milvus alone

    if not settings.milvus_url:
        raise MilvusError("WENCE_MILVUS_URL is not set; set it to `http://host:19530`, or to a path ending in `.db`")
    return MilvusCollection(settings.milvus_url, settings.milvus_collection, settings.milvus_token.get_secret_value())


def reranker_of(settings: Settings) -> Reranker | None:
    """The cross-encoder that the settings name, if any. Raises ModelError."""
    if settings.reranker in BUILT_IN_RERANKERS:
        return None
    return Reranker(
        settings.reranker,
        device=settings.model_device,
        precision=settings.model_precision,
        batch_size=settings.model_batch,
    )


def reader_of(settings: Settings) -> Reader | None:
    """The reader that the settings name, if any. Raises ModelError."""
    if not settings.reader:
        return None
    return TransformerReader(
        settings.reader,
        device=settings.model_device,
        precision=settings.model_precision,
        batch_size=settings.model_batch,
    )
