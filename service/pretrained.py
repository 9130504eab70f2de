"""A model's name or folder in, its tokenizer and network out. Loads no engine at import, and what is here unasked of any hub."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from embeddings.sentence import hub_reachable
from service.errors import ModelError

Precision = Literal["auto", "float32", "bfloat16"]
"""What a network computes in; auto is bfloat16 on a GPU that has units for it, else float32."""

Task = Literal["QuestionAnswering", "SequenceClassification", "CausalLM"]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pretrained:
    """A network ready to run on `device`. `longest` is how many tokens it may be given at once."""

    name: str
    tokenizer: Any
    network: Any
    device: Any
    longest: int


def load(
    task: Task, name_or_path: str, *, device: str | None = None, precision: Precision = "auto", longest: int
) -> Pretrained:
    """A transformers model with a trained head for the task, from its folder, the local cache, or the hub.

    `longest` is cut to what the model can take. Raises ModelError.
    """
    folder = Path(name_or_path).expanduser()
    try:
        import torch  # noqa: PLC0415
        import transformers  # noqa: PLC0415
    except ImportError as error:
        raise ModelError(f"model {name_or_path} needs torch and transformers ({error}): install them") from error
    no_bars()
    where = device_of(device)
    kind = torch.bfloat16 if halved(precision, where) else torch.float32
    reason = ""
    for local in (True, False):
        if not local and (folder.exists() or not hub_reachable()):
            break
        source: dict[str, Any] = {
            "pretrained_model_name_or_path": str(folder) if folder.exists() else name_or_path,
            "local_files_only": local,
        }
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(**source)
            network, found = getattr(transformers, f"AutoModelFor{task}").from_pretrained(
                **source, dtype=kind, output_loading_info=True
            )
            network = network.to(where).eval()
        except Exception as error:
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            continue
        return _ready(Pretrained(name_or_path, tokenizer, network, where, longest), task, found["missing_keys"])
    what = "cannot be loaded" if folder.exists() else "is neither a folder nor in the local model cache"
    raise ModelError(f"model {name_or_path} {what} ({reason}): restore its files, or download it while online")


def device_of(name: str | None) -> Any:
    """The torch device of this name, or the best there is. Raises ModelError."""
    import torch  # noqa: PLC0415

    try:
        return torch.device(name or (torch.accelerator.current_accelerator() or "cpu"))
    except RuntimeError as error:
        raise ModelError(f"device {name} is none that torch knows: choose cpu, cuda or mps") from error


def halved(precision: Precision, device: Any) -> bool:
    """Whether to multiply matrices in bfloat16."""
    import torch  # noqa: PLC0415

    if precision == "auto":
        return bool(device.type == "cuda" and torch.cuda.is_bf16_supported())
    return precision == "bfloat16"


def no_bars() -> None:
    """Turn off the engine's progress bars and advice where nobody looks."""
    import transformers  # noqa: PLC0415

    if not sys.stderr.isatty():
        transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]


def _ready(model: Pretrained, task: Task, missing: Any) -> Pretrained:
    """The model after a look at its head and its tokenizer, and with a token to pad with."""
    if missing:
        raise ModelError(
            f"model {model.name} has no trained head for {task} ({sorted(missing)[0]} is missing): name one"
        )
    if not model.tokenizer.is_fast:
        raise ModelError(f"model {model.name} has a tokenizer without character offsets: give one with tokenizer.json")
    config = model.network.config
    if model.tokenizer.pad_token_id is None:
        model.tokenizer.pad_token = model.tokenizer.eos_token
    if config.pad_token_id is None:
        config.pad_token_id = model.tokenizer.pad_token_id
    positions = getattr(config, "max_position_embeddings", None) or model.longest
    longest = min(model.longest, model.tokenizer.model_max_length, positions)
    return Pretrained(model.name, model.tokenizer, model.network, model.device, longest)


def run(model: Pretrained, rows: list[Ints], types: list[Ints] | None) -> Any:
    """The network's outputs for rows of token ids, padded to the longest. Raises ModelError where the engine fails."""
    import torch  # noqa: PLC0415

    width = max(map(len, rows))
    ids = np.full((len(rows), width), model.tokenizer.pad_token_id, dtype=np.int64)
    mask, kinds = np.zeros_like(ids), np.zeros_like(ids)
    for number, row in enumerate(rows):
        ids[number, : len(row)], mask[number, : len(row)] = row, 1
        if types is not None:
            kinds[number, : len(row)] = types[number]
    given = {"input_ids": ids, "attention_mask": mask, **({"token_type_ids": kinds} if types is not None else {})}
    try:
        with torch.inference_mode():
            return model.network(**{name: torch.from_numpy(array).to(model.device) for name, array in given.items()})
    except RuntimeError as error:  # torch: out of memory, a lost device
        raise ModelError(
            f"model {model.name} failed on {len(rows)} texts ({error}): set a smaller WENCE_MODEL_BATCH, or"
            " WENCE_MODEL_DEVICE=cpu"
        ) from error
