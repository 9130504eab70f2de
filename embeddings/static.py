"""A StaticEmbedding folder (tokenizer.json, model.safetensors, modules.json) in, an Encoder without torch out.

The same vectors as `SentenceTransformer(folder).encode(texts, normalize_embeddings=True)`: the mean of the tokens'
rows, scaled to unit length. Also writes such folders. Knows no training.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save
from tokenizers import Tokenizer

from embeddings.encoder import EncoderInfo
from embeddings.errors import EncoderError, ModelBrokenError

_TOKENIZER = "tokenizer.json"
_WEIGHTS = "model.safetensors"
_MODULES = "modules.json"
_CONFIG = "config_sentence_transformers.json"
_STATIC_TYPE = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"


def is_static_model(folder: Path) -> bool:
    """Whether `folder` holds a StaticEmbedding, alone or followed by a Normalize, in its root."""
    try:
        modules = json.loads((folder / _MODULES).read_text(encoding="utf-8"))
        kinds = [str(module["type"]).rsplit(".", 1)[-1] for module in modules]
        return kinds in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"]) and not modules[0]["path"]
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return False


class StaticEncoder:
    """Encodes with one table of token vectors. Reading it takes milliseconds; vectors do not depend on the batch."""

    def __init__(
        self,
        folder: Path,
        *,
        name: str | None = None,
        dimension: int | None = None,
        question_prefix: str = "",
        passage_prefix: str = "",
        batch_size: int = 64,
    ) -> None:
        """`dimension` keeps the first that many numbers of each vector. Raises ModelBrokenError, EncoderError."""
        self.folder = folder
        self._tokenizer, self._table = _read(folder, _written(folder))
        full = self._table.shape[1]
        if dimension is not None and not 1 <= dimension <= full:
            raise EncoderError(f"dimension {dimension} asked of {folder.name}, which has {full}: choose 1 to {full}")
        if batch_size < 1:
            raise EncoderError(f"batch size {batch_size}: choose 1 or more")
        self._table = self._table[:, : dimension or full]
        self._batch_size = batch_size
        prompts = _prompts(folder)
        self.info = EncoderInfo(
            name=name or folder.name,
            revision=content_hash(folder, (_TOKENIZER, _WEIGHTS)),
            dimension=dimension or full,
            question_prefix=question_prefix or prompts.get("query", ""),
            passage_prefix=passage_prefix or prompts.get("document", ""),
        )

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (n, d), unit rows; a text without any known token gives a zero row."""
        rows = np.zeros((len(texts), self.info.dimension), dtype=np.float32)
        for at in range(0, len(texts), self._batch_size):
            batch = [self.info.passage_prefix + text for text in texts[at : at + self._batch_size]]
            self._encode(batch, rows[at : at + len(batch)])
        return rows

    def encode_question(self, text: str) -> NDArray[np.float32]:
        """Shape (d,), unit length; zero where the text holds no known token."""
        row = np.zeros((1, self.info.dimension), dtype=np.float32)
        self._fill(row, [self.ids(self.info.question_prefix + text)])
        return np.asarray(row[0])

    def ids(self, text: str) -> list[int]:
        """The tokens of one text."""
        # Not as a batch of one, for which the tokenizer would wake its threads.
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def means(self, tokens: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Shape (n, d), unit rows: what the texts of these tokens are encoded as; zero for one without any. For short texts."""
        rows = np.zeros((len(tokens), self.info.dimension), dtype=np.float32)
        lengths = np.array([len(ids) for ids in tokens])
        some = np.flatnonzero(lengths)
        if len(some):
            begins = np.cumsum(lengths[some]) - lengths[some]
            sums = np.add.reduceat(self.rows([*chain.from_iterable(tokens)]), begins, axis=0)
            rows[some] = sums / lengths[some, None].astype(np.float32)
        return _unit(rows)

    def tokens(self, texts: Sequence[str]) -> list[list[tuple[int, tuple[int, int]]]]:
        """The tokens of each text with the span of characters that each stands for."""
        found = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [list(zip(one.ids, one.offsets, strict=True)) for one in found]

    def rows(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """The vectors of tokens, shape (n, d), not scaled."""
        return self._table.take(tokens, axis=0).astype(np.float32, copy=False)

    def _encode(self, texts: list[str], rows: NDArray[np.float32]) -> None:
        """Fills `rows`, which are zero."""
        encodings = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        self._fill(rows, [encoding.ids for encoding in encodings])

    def _fill(self, rows: NDArray[np.float32], tokens: list[list[int]]) -> None:
        for row, ids in zip(rows, tokens, strict=True):
            if ids:
                np.divide(self.rows(ids).sum(axis=0), len(ids), out=row)
        _unit(rows)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows themselves, scaled to unit length where they are not zero."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, lengths, out=rows, where=lengths > 0))


def write_static_model(folder: Path, tokenizer: Tokenizer, table: NDArray[Any]) -> None:
    """Writes a folder that StaticEncoder and sentence-transformers both read; `table` has shape (tokens, d)."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / _TOKENIZER, tokenizer.to_str(pretty=False).encode("utf-8"))
    _write(folder / _WEIGHTS, save({"embedding.weight": np.ascontiguousarray(table)}))
    _write(folder / _MODULES, _json([{"idx": 0, "name": "0", "path": "", "type": _STATIC_TYPE}]))
    config = {
        "model_type": "SentenceTransformer",
        "prompts": {"query": "", "document": ""},
        "similarity_fn_name": "cosine",
    }
    _write(folder / _CONFIG, _json(config))


def content_hash(folder: Path, names: Sequence[str]) -> str:
    """Sixteen hexadecimal digits of the SHA-256 over the named files' bytes, in the order given."""
    digest = hashlib.sha256()
    for name in names:
        with (folder / name).open("rb") as file:
            hashlib.file_digest(file, lambda: digest)  # in pieces: what is read whole stays with the process
    return digest.hexdigest()[:16]


def _written(folder: Path) -> tuple[int, ...]:
    """When a model's files were written; what tells a table from one that took its place."""
    files = (folder / name for name in (_TOKENIZER, _WEIGHTS))
    return tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in files)


@lru_cache(maxsize=2)
def _read(folder: Path, written: tuple[int, ...]) -> tuple[Tokenizer, NDArray[np.floating[Any]]]:  # noqa: ARG001 - the cache's key
    """Tokenizer and table, kept: retrieval and the line model use the built-in ones together."""
    try:
        tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        table = _fold(load_file(folder / _WEIGHTS))
    except Exception as error:  # both libraries raise their own bare types
        raise ModelBrokenError(
            f"model {folder} cannot be read ({error}): restore its {_TOKENIZER} and {_WEIGHTS}"
        ) from error
    if len(table) < tokenizer.get_vocab_size():
        raise ModelBrokenError(
            f"model {folder} has {len(table)} vectors for {tokenizer.get_vocab_size()} tokens: "
            f"{_TOKENIZER} and {_WEIGHTS} are of different models"
        )
    tokenizer.no_padding()
    return tokenizer, table


def _fold(tensors: dict[str, Any]) -> NDArray[np.floating[Any]]:
    """One row per token id; model2vec's folders keep a shared row and a weight per token instead."""
    if "embedding.weight" in tensors:
        table: NDArray[np.floating[Any]] = tensors["embedding.weight"]
        return table  # of half the precision where the file is, and in half the memory: a row is made wider when it is read
    table = np.asarray(tensors["embeddings"], dtype=np.float32)
    if "mapping" in tensors:
        table = table[tensors["mapping"]]
    if "weights" in tensors:
        table = table * np.asarray(tensors["weights"], dtype=np.float32)[:, None]
    return table


def _prompts(folder: Path) -> dict[str, str]:
    try:
        prompts = json.loads((folder / _CONFIG).read_text(encoding="utf-8")).get("prompts") or {}
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ModelBrokenError(f"model {folder}: {_CONFIG} is no JSON ({error}): restore it") from error
    return {str(key): str(value) for key, value in prompts.items()}


def _json(record: object) -> bytes:
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _write(path: Path, content: bytes) -> None:
    """Beside, then renamed; readable for everybody, for a container's user too."""
    beside = path.with_name(path.name + ".part")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.chmod(0o644)
    beside.replace(path)
