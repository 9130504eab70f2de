"""Any sentence-transformers model by name or folder in, an Encoder out. The only importer of sentence_transformers."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import EncoderInfo
from embeddings.errors import EncoderError, ModelBrokenError, ModelNotFoundError

Backend = Literal["torch", "onnx", "onnx-int8", "openvino"]
"""What computes the transformer; all but the int8 one give the same vectors."""

CACHE = Path("~/.cache/wence")
"""Where converted models are kept unless told otherwise."""

_WEIGHT_SUFFIXES = (".safetensors", ".bin", ".onnx", ".xml")


class SentenceEncoder:
    """Encodes with a sentence-transformers model, on `device` or the one torch prefers."""

    def __init__(
        self,
        name_or_path: str,
        *,
        revision: str = "",
        backend: Backend = "torch",
        cache: Path = CACHE,
        device: str | None = None,
        dimension: int | None = None,
        question_prefix: str = "",
        passage_prefix: str = "",
        batch_size: int = 64,
    ) -> None:
        """`revision` is a commit, branch or tag on the hub; a folder has none. `dimension` keeps that many first numbers.
        An empty prefix means the model's own. `cache` holds what `backend` is converted to. Raises EncoderError.
        """
        folder = Path(name_or_path).expanduser()
        if batch_size < 1:
            raise EncoderError(f"batch size {batch_size}: choose 1 or more")
        if backend != "torch" and device not in (None, "cpu"):
            raise EncoderError(f"backend {backend} runs on the processor, not on {device}: leave the device empty")
        self._model = _load(name_or_path, revision, device if backend == "torch" else "cpu")
        full = int(self._model.get_embedding_dimension())
        if dimension is not None and not 1 <= dimension <= full:
            raise EncoderError(f"dimension {dimension} asked of {name_or_path}, which has {full}: choose 1 to {full}")
        name = folder.name if folder.is_dir() else name_or_path
        found = _folder_hash(folder) if folder.is_dir() else _hub_revision(self._model, name_or_path, revision)
        precision = _precision(self._model)
        if backend != "torch":
            from embeddings.exported import run_by  # noqa: PLC0415 - torch and a runtime, for these backends alone

            run_by(self._model, backend, cache, name, found)
            precision = "int8" if backend == "onnx-int8" else "float32"
        prompts: Mapping[str, str] = self._model.prompts or {}
        usual = prompts.get(self._model.default_prompt_name or "", "")
        self._model.default_prompt_name = None
        self._batch_size = batch_size
        self._lock = threading.Lock()
        self.info = EncoderInfo(
            name=name,
            revision=found,
            dimension=dimension or full,
            question_prefix=question_prefix or prompts.get("query") or usual,
            passage_prefix=passage_prefix or prompts.get("document") or prompts.get("passage") or usual,
            precision=precision,
        )

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (n, d), unit rows. What an empty text gives is up to the model; a zero row stays zero."""
        rows = np.zeros((len(texts), self.info.dimension), dtype=np.float32)
        alike = sorted(range(len(texts)), key=lambda i: -len(texts[i]))  # of like length: little padding
        for at in range(0, len(alike), self._batch_size):
            batch = alike[at : at + self._batch_size]
            rows[batch] = self._encode([texts[i] for i in batch], self.info.passage_prefix)
        return rows

    def encode_question(self, text: str) -> NDArray[np.float32]:
        """Shape (d,), unit length."""
        row: NDArray[np.float32] = self._encode([text], self.info.question_prefix)[0]
        return row

    def _encode(self, texts: list[str], prefix: str) -> NDArray[np.float32]:
        """One batch. One at a time: a tokenizer cannot pad for two threads at once. A question waits for one batch."""
        try:
            with self._lock:
                found = self._model.encode(
                    texts,
                    prompt=prefix or None,
                    batch_size=self._batch_size,
                    show_progress_bar=False,
                    convert_to_numpy=True,
                )
        except RuntimeError as error:  # torch: out of memory, a lost device
            raise EncoderError(
                f"model {self.info.name} failed on {len(texts)} texts ({error}): try a smaller batch size or device cpu"
            ) from error
        rows = np.asarray(found, dtype=np.float32)[:, : self.info.dimension]
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def _load(name_or_path: str, revision: str, device: str | None) -> Any:
    folder = Path(name_or_path).expanduser()
    if folder.exists() and not (folder / "config.json").exists() and not (folder / "modules.json").exists():
        raise ModelBrokenError(
            f"{folder} holds neither modules.json nor config.json: name a sentence-transformers folder"
        )
    try:
        from huggingface_hub.utils.tqdm import disable_progress_bars  # noqa: PLC0415

        if not sys.stderr.isatty():
            disable_progress_bars()  # before the next import, which asks for it once
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    except ImportError as error:
        raise EncoderError(
            f"model {name_or_path} needs sentence-transformers ({error}): install it, or use the built-in encoder"
        ) from error
    reason = ""
    for local in (True, False):
        if not local and (folder.exists() or not hub_reachable()):
            break
        try:
            return SentenceTransformer(
                str(folder) if folder.exists() else name_or_path,
                device=device,
                revision=revision or None,
                local_files_only=local,
            )
        except Exception as error:
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    if folder.exists():
        raise ModelBrokenError(f"model {folder} cannot be loaded ({reason}): restore its files")
    at = f" at revision {revision}" if revision else ""
    raise ModelNotFoundError(
        f"model {name_or_path}{at} is neither a folder nor in the local model cache, and cannot be fetched ({reason}): "
        "download it while online, give the path of its folder, or use the built-in wence-static"
    )


def hub_reachable() -> bool:
    """Whether to ask the hub at all: it would retry for over a minute where there is no network."""
    from huggingface_hub import constants  # noqa: PLC0415

    if constants.HF_HUB_OFFLINE:
        return False
    if any(os.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")):
        return True
    try:
        return bool(socket.getaddrinfo(urlsplit(constants.ENDPOINT).hostname, 443))
    except OSError:
        return False


def _hub_revision(model: Any, name: str, revision: str) -> str:
    """The commit that the hub's cache holds, "" where neither cache nor model says."""
    from huggingface_hub import snapshot_download  # noqa: PLC0415

    try:
        return Path(snapshot_download(name, revision=revision or None, local_files_only=True)).name
    except (OSError, ValueError):  # not the hub's usual cache
        config = getattr(getattr(model[0], "model", None), "config", None)
        return str(getattr(config, "_commit_hash", None) or "")


def _precision(model: Any) -> str:
    """The kind of number of the weights, as "float32" or "bfloat16"."""
    kinds = {str(weights.dtype).removeprefix("torch.") for weights in model.parameters()}
    return "+".join(sorted(kinds)) or "float32"


def _folder_hash(folder: Path) -> str:
    """Sixteen hexadecimal digits over names and bytes of configuration, tokenizer and weight files."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (path.suffix in _WEIGHT_SUFFIXES or path.suffix in (".json", ".txt", ".model")):
            digest.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()[:16]
