"""The state of a training run in a folder beside its outcome, so that it can be killed and go on; no pickle."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

_ARRAYS, _STATE, _KEY = "prepared.safetensors", "state.safetensors", "prepared.json"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What one run needs to go on. `key` names its recipe and sources: a state of another run is not taken up."""

    folder: Path
    key: str

    def prepared(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]] | None:
        """The arrays and the record that `keep` stored for this key, or None."""
        try:
            record = json.loads((self.folder / _KEY).read_text(encoding="utf-8"))
            return (load_file(self.folder / _ARRAYS), record) if record.get("key") == self.key else None
        except (OSError, ValueError, SafetensorError):
            return None

    def keep(self, arrays: Mapping[str, NDArray[Any]], record: Mapping[str, Any]) -> None:
        """Store what took long to prepare, and forget what another run left."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        _replace(self.folder / _ARRAYS, arrays)
        text = json.dumps({**record, "key": self.key}, ensure_ascii=False)
        (self.folder / _KEY).write_text(text, encoding="utf-8")

    def load(self, table: Any, optimizer: Any) -> tuple[int, float]:
        """Put weights and moments back; after how many steps and seconds they were saved, zeros where nothing was."""
        import torch  # noqa: PLC0415

        try:
            state = load_file(self.folder / _STATE)
        except (OSError, SafetensorError):
            return 0, 0.0
        moments = {name: torch.from_numpy(state[name]) for name in ("exp_avg", "exp_avg_sq")}
        steps = int(state["steps"][0])
        with torch.no_grad():
            table.weight.copy_(torch.from_numpy(state["table"]))
        optimizer.state[table.weight] = {"step": torch.tensor(float(steps)), **moments}
        return steps, float(state["seconds"][0])

    def save(self, table: Any, optimizer: Any, steps: int, seconds: float) -> None:
        """Store weights and the optimizer's moments after that many steps, which took so many seconds."""
        moments = optimizer.state[table.weight]
        _replace(
            self.folder / _STATE,
            {
                "table": table.weight.detach().numpy(),
                "exp_avg": moments["exp_avg"].numpy(),
                "exp_avg_sq": moments["exp_avg_sq"].numpy(),
                "steps": np.array([steps]),
                "seconds": np.array([seconds]),
            },
        )

    def forget(self) -> None:
        """Remove the folder: the run is over."""
        shutil.rmtree(self.folder, ignore_errors=True)


def run_key(sources: list[Path], settings: Mapping[str, Any]) -> str:
    """A short hash over the settings and over name, size and time of every source file."""
    found = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in sources]
    return hashlib.sha256(json.dumps([settings, found], sort_keys=True).encode()).hexdigest()[:16]


def _replace(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    beside = path.with_name(path.name + ".part")
    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, beside)
    beside.replace(path)
