"""Text in, unit vectors out. Knows no articles, no FAISS, no HTTP but an embeddings endpoint's."""

from __future__ import annotations

from pathlib import Path

from embeddings.encoder import Encoder, EncoderInfo
from embeddings.errors import EncoderError, EncoderMismatchError, EndpointError, ModelBrokenError, ModelNotFoundError
from embeddings.sentence import CACHE, Backend, SentenceEncoder
from embeddings.static import StaticEncoder, is_static_model

__all__ = [
    "BUILT_IN",
    "CACHE",
    "Backend",
    "Encoder",
    "EncoderError",
    "EncoderInfo",
    "EncoderMismatchError",
    "EndpointError",
    "ModelBrokenError",
    "ModelNotFoundError",
    "StaticEncoder",
    "load_encoder",
    "models_folder",
]

BUILT_IN = "wence-static"


def models_folder() -> Path:
    """The shipped models: the folder `models` beside this package, in the repository and in a wheel alike."""
    return Path(__file__).resolve().parent.parent / "models"


def load_encoder(
    name_or_path: str = BUILT_IN,
    *,
    revision: str = "",
    backend: Backend = "torch",
    cache: Path = CACHE,
    url: str = "",
    key: str = "",
    timeout_s: float = 30.0,
    device: str | None = None,
    dimension: int | None = None,
    question_prefix: str = "",
    passage_prefix: str = "",
    batch_size: int = 64,
) -> Encoder:
    """The encoder for a setting: the built-in name, a folder, a name known to sentence-transformers, or, where a `url`
    is given, what an OpenAI-compatible endpoint calls its model.

    A folder with a StaticEmbedding is read without torch; `device` and `backend` do not matter to it. `dimension` keeps
    that many numbers of each vector, the first ones. An empty prefix means the model's own prompt, if it has one; an
    endpoint's model has none. Raises EncoderError.
    """
    if url:
        from embeddings.endpoint import EndpointEncoder  # noqa: PLC0415 - an HTTP client, for endpoints alone

        if name_or_path == BUILT_IN:
            raise EncoderError("WENCE_ENCODER_URL is set, but not what the model is called there: set WENCE_ENCODER")
        return EndpointEncoder(
            url,
            name_or_path,
            key=key,
            revision=revision,
            timeout_s=timeout_s,
            dimension=dimension,
            question_prefix=question_prefix,
            passage_prefix=passage_prefix,
            batch_size=batch_size,
        )
    folder = models_folder() / BUILT_IN if name_or_path == BUILT_IN else Path(name_or_path).expanduser()
    if name_or_path == BUILT_IN and not folder.is_dir():
        raise ModelNotFoundError(f"the built-in model {BUILT_IN} is missing at {folder}: install wence again")
    if revision and folder.is_dir():
        raise EncoderError(f"{name_or_path} is a folder, which has no revision {revision!r}: unset the revision")
    if name_or_path == BUILT_IN or is_static_model(folder):
        return StaticEncoder(
            folder,
            dimension=dimension,
            question_prefix=question_prefix,
            passage_prefix=passage_prefix,
            batch_size=batch_size,
        )
    return SentenceEncoder(
        name_or_path,
        revision=revision,
        backend=backend,
        cache=cache,
        device=device,
        dimension=dimension,
        question_prefix=question_prefix,
        passage_prefix=passage_prefix,
        batch_size=batch_size,
    )
