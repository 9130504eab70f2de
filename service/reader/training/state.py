"""The state of a training run in a file, so that it can be killed and go on; no pickle."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FILE = "state.safetensors"
_MOMENTS = ("exp_avg", "exp_avg_sq")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: its stage by number, steps done in it and in the one before, seconds of the run at the stage's
    begin and until now.
    """

    stage: int
    steps: int
    before: int
    began_s: float
    seconds: float


def save(folder: Path, progress: Progress, network: Any, optimizer: Any) -> None:
    """Store weights, the optimizer's moments and the progress, beside and then in place of the last."""
    from safetensors.torch import save_file  # noqa: PLC0415

    tensors = {}
    for name, weights in network.named_parameters():
        tensors[f"weights.{name}"] = weights.detach().contiguous()
        for moment in _MOMENTS:
            tensors[f"{moment}.{name}"] = optimizer.state[weights][moment].contiguous()
    told = {name: repr(getattr(progress, name)) for name in ("stage", "steps", "before", "began_s", "seconds")}
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / f"{_FILE}.part", metadata=told)
    (folder / f"{_FILE}.part").replace(folder / _FILE)


def saved(folder: Path) -> Progress | None:
    """How far the stored run was; None where nothing usable is stored."""
    from safetensors import SafetensorError, safe_open  # noqa: PLC0415

    try:
        with safe_open(folder / _FILE, framework="pt") as file:
            told = file.metadata()
        return Progress(
            int(told["stage"]), int(told["steps"]), int(told["before"]), float(told["began_s"]), float(told["seconds"])
        )
    except (OSError, SafetensorError, KeyError, TypeError):
        return None


def restore(folder: Path, progress: Progress, network: Any, optimizer: Any) -> None:
    """Put the stored weights and moments of `progress` back."""
    import torch  # noqa: PLC0415
    from safetensors.torch import load_file  # noqa: PLC0415

    tensors = load_file(folder / _FILE)
    with torch.no_grad():
        for name, weights in network.named_parameters():
            weights.copy_(tensors[f"weights.{name}"])
            moments = {moment: tensors[f"{moment}.{name}"].to(weights.device) for moment in _MOMENTS}
            optimizer.state[weights] = {"step": torch.tensor(float(progress.steps)), **moments}
