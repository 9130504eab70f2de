"""A loaded sentence-transformers model in, the same model with its transformer run by ONNX Runtime or OpenVINO out.

The transformer is written once as ONNX into a cache folder, and checked there against what torch makes of the same
texts. Tokenizer, pooling and everything after it stay the model's own. Imported only where a model is to run this way.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from embeddings.errors import EncoderError, ModelBrokenError

Runtime = Literal["onnx", "onnx-int8", "openvino"]

_MADE_BY: Final = f"1-torch{torch.__version__}"
"""Part of the cache's key: change the number when the files are made in another way."""

_TRACED: Final = ["国务院印发意见。", "a"]
_CHECKED: Final = ["2024年6月，财政部印发通知，惠及企业193家。", "国务院", "a"]
_LEAST_COSINE: Final = {"float32": 0.9999, "int8": 0.9}
"""How near a conversion must come to torch, over the mean of the tokens' vectors of _CHECKED."""

_TORCH: Final = "WENCE_ENCODER_BACKEND=torch"

_Run = Callable[[dict[str, NDArray[Any]]], NDArray[np.float32]]


def run_by(model: Any, runtime: Runtime, cache: Path, name: str, revision: str) -> None:
    """Makes `model` compute its token vectors by `runtime`, on the processor. Raises EncoderError, ModelBrokenError."""
    _need("openvino" if runtime == "openvino" else "onnxruntime", runtime)
    transformer = model[0]
    text = (getattr(transformer, "modality_config", None) or {}).get("text", {})
    output = text.get("method_output_name")  # a name, or the names from the outside in
    if text.get("method") != "forward" or output not in ("last_hidden_state", ["last_hidden_state"]):
        raise EncoderError(f"model {name} has no plain text transformer to run by {runtime}: set {_TORCH}")
    if not revision:
        raise EncoderError(f"model {name} has no known revision to keep its conversion under: set {_TORCH}")
    file = _converted(model, runtime, cache, name, revision)
    try:
        engine = _engine(runtime, file, transformer.model.config)
    except Exception as error:  # both runtimes raise their own bare types
        raise ModelBrokenError(f"{file} cannot be loaded ({_first_line(error)}): delete its folder") from error
    transformer.model = engine


class _Engine(torch.nn.Module):
    """Stands where the transformer stood: takes its inputs, gives its last hidden state, shape (n, tokens, d)."""

    def __init__(self, config: Any, inputs: Sequence[str], run: _Run) -> None:
        super().__init__()
        self.config = config
        self._inputs = tuple(inputs)
        self._run = run

    def forward(self, **features: Any) -> dict[str, torch.Tensor]:
        given = {name: features[name].numpy() for name in self._inputs}
        try:
            found = self._run(given)
        except Exception as error:
            raise RuntimeError(_first_line(error)) from error
        return {"last_hidden_state": torch.from_numpy(found)}


def _engine(runtime: Runtime, file: Path, config: Any) -> _Engine:
    if runtime == "openvino":
        openvino = _need("openvino", runtime)
        core = openvino.Core()
        graph = core.read_model(str(file))
        # Without the hint a processor with bfloat16 would use it, and its vectors would differ from other machines'.
        compiled = core.compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        inputs = [item.any_name for item in graph.inputs]
        return _Engine(config, inputs, lambda given: np.array(compiled(given)[0]))
    onnxruntime = _need("onnxruntime", runtime)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    return _Engine(config, [item.name for item in session.get_inputs()], lambda given: session.run(None, given)[0])


def _need(package: str, runtime: Runtime) -> Any:
    try:
        return import_module(package)
    except ImportError as error:
        extra = runtime.removesuffix("-int8")
        raise EncoderError(
            f"backend {runtime} needs {package} ({_first_line(error)}): pip install 'wence[{extra}]', or set {_TORCH}"
        ) from error


def _converted(model: Any, runtime: Runtime, cache: Path, name: str, revision: str) -> Path:
    """The model's ONNX file, made where it is not in the cache yet."""
    precision = "int8" if runtime == "onnx-int8" else "float32"
    key = hashlib.sha256("\x1f".join((name, revision, _MADE_BY)).encode()).hexdigest()[:16]
    label = re.sub(r"[^\w.-]+", "-", name).strip("-")[:60]
    try:
        folder = cache.expanduser() / f"{label}-{key}-{precision}"
        if not (folder / "model.onnx").is_file():
            exact = None if precision == "float32" else _converted(model, "onnx", cache, name, revision)
            with _new_folder(folder) as draft:
                _convert(model, runtime, draft / "model.onnx", exact)
    except (OSError, RuntimeError) as error:
        raise EncoderError(
            f"the converted model cannot be kept in {cache} ({_first_line(error)}): name another by WENCE_MODEL_CACHE"
        ) from error
    return folder / "model.onnx"


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """A folder to write into, renamed when it is whole; who comes second keeps what the first one wrote."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    try:
        yield draft
        for path in draft.iterdir():
            path.chmod(0o644)
            with path.open("rb") as file:
                os.fsync(file.fileno())
        draft.chmod(0o755)
        try:
            draft.rename(folder)
        except OSError:
            if not folder.exists():
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _convert(model: Any, runtime: Runtime, file: Path, exact: Path | None) -> None:
    """Writes the transformer of `model` as ONNX, or `exact`, which it was written to before, with int8 weights."""
    _need("onnx", runtime)
    try:
        with _quiet():
            if exact is None:
                _export(model, file)
            else:
                _quantise(exact, file)
            cosine = _likeness(model, runtime, file)
    except Exception as error:  # the exporter and the runtimes raise their own bare types
        raise EncoderError(
            f"the model cannot be converted for {runtime} ({_first_line(error)}): set {_TORCH}"
        ) from error
    if not cosine >= _LEAST_COSINE["float32" if exact is None else "int8"]:
        raise EncoderError(
            f"converted for {runtime}, the model gives other vectors (cosine {cosine:.4f} to torch): set {_TORCH}"
        )


class _Plain(torch.nn.Module):
    """The transformer with its inputs by position and its output bare, as the exporter wants it."""

    def __init__(self, transformer: torch.nn.Module, names: Sequence[str]) -> None:
        super().__init__()
        self.transformer = transformer
        self.names = tuple(names)

    def forward(self, *given: torch.Tensor) -> torch.Tensor:
        found = self.transformer(**dict(zip(self.names, given, strict=True)), return_dict=True)
        return torch.as_tensor(found["last_hidden_state"])


def _export(model: Any, file: Path) -> None:
    inputs = _inputs(model, _TRACED)
    names = [*inputs]
    axes = {name: {0: "texts", 1: "tokens"} for name in (*names, "token_vectors")}
    # The exporter leaves the mode of the module it is given behind, so the wrapper must be out of training, too.
    plain = _Plain(model[0].model.float(), names).eval()
    # The exporter by tracing: the newer one needs a further package and gave nothing better.
    torch.onnx.export(
        plain, tuple(inputs.values()), str(file),
        input_names=names, output_names=["token_vectors"], dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip


def _quantise(exact: Path, file: Path) -> None:
    quantization = import_module("onnxruntime.quantization")
    # Seven of the eight bits: with all of them, processors without VNNI overflow and give other vectors.
    quantization.quantize_dynamic(
        exact, file, weight_type=quantization.QuantType.QInt8, per_channel=True, reduce_range=True
    )


def _likeness(model: Any, runtime: Runtime, file: Path) -> float:
    """The least cosine between the texts' mean token vectors of torch and of the written file."""
    inputs = _inputs(model, _CHECKED)
    transformer, engine = model[0].model, _engine(runtime, file, None)
    with torch.no_grad():
        found = [run(**inputs)["last_hidden_state"].float() for run in (transformer, engine)]
    mask = inputs["attention_mask"][..., None]
    one, other = ((vectors * mask).sum(1) for vectors in found)
    return float(torch.nn.functional.cosine_similarity(one, other).min())


def _inputs(model: Any, texts: list[str]) -> dict[str, torch.Tensor]:
    """What the tokenizer makes of the texts, padded to one length, as far as the transformer takes it."""
    taken = model[0].model_forward_params  # None where it takes anything
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if taken is None or name in taken]
    found = model.preprocess(texts)
    return {name: found[name] for name in names if name in found}


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the exporter's and the quantiser's advice off the terminal."""
    before, handlers = logging.root.manager.disable, logging.root.handlers[:]
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
        logging.root.handlers[:] = handlers  # the quantiser's first word would add one that stays


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
