"""A folder of models/ in, its arrays and configuration out, and back: `model.safetensors` and `config.json`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save

_WEIGHTS: Final = "model.safetensors"
_CONFIG: Final = "config.json"

Arrays = Mapping[str, NDArray[Any]]


def save_weights(folder: Path, arrays: Arrays, model: str, form: int, **config: Any) -> None:
    """Write them, each file whole or not at all; `form` is the number of their format."""
    folder.mkdir(parents=True, exist_ok=True)
    told = json.dumps({"model": model, "format": form, **config}, indent=0) + "\n"
    for name, content in (
        (_WEIGHTS, save({key: np.asarray(array) for key, array in arrays.items()})),
        (_CONFIG, told.encode()),
    ):
        beside = folder / f"{name}.part"
        beside.write_bytes(content)
        beside.chmod(0o644)
        beside.replace(folder / name)


def load_weights(folder: Path, form: int) -> tuple[Arrays, Mapping[str, Any]]:
    """The arrays and the configuration. Raises ValueError for another format, and what the libraries raise."""
    config = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
    if config["format"] != form:
        raise ValueError(f"format {config['format']}, not {form}")
    return load_file(folder / _WEIGHTS), config
