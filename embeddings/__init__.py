"""Text in, unit vectors out. Knows no articles, no FAISS, no HTTP."""

from __future__ import annotations

from pathlib import Path

from embeddings.encoder import Encoder, EncoderInfo
from embeddings.errors import EncoderError, EncoderMismatchError, ModelBrokenError, ModelNotFoundError
from embeddings.sentence import SentenceEncoder
from embeddings.static import StaticEncoder, is_static_model

__all__ = [
    "BUILT_IN",
    "Encoder",
    "EncoderError",
    "EncoderInfo",
    "EncoderMismatchError",
    "ModelBrokenError",
    "ModelNotFoundError",
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
    device: str | None = None,
    dimension: int | None = None,
    question_prefix: str = "",
    passage_prefix: str = "",
    batch_size: int = 64,
) -> Encoder:
    """The encoder for a setting: the built-in name, a folder, or a name known to sentence-transformers.

    A folder with a StaticEmbedding is read without torch, and `device` does not matter to it. `dimension` keeps that
    many numbers of each vector, the first ones. An empty prefix means the model's own prompt, if it has one.
    Raises EncoderError.
    """
    folder = models_folder() / BUILT_IN if name_or_path == BUILT_IN else Path(name_or_path).expanduser()
    if name_or_path == BUILT_IN and not folder.is_dir():
        raise ModelNotFoundError(f"the built-in model {BUILT_IN} is missing at {folder}: install wence again")
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
        device=device,
        dimension=dimension,
        question_prefix=question_prefix,
        passage_prefix=passage_prefix,
        batch_size=batch_size,
    )
