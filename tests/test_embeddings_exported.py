import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from embeddings import Backend, EncoderError, EncoderMismatchError, ModelBrokenError, load_encoder
from tests.tiny_encoder import write_tiny_encoder

TEXTS = ["财政资金", "国务院印发意见", "", "a", "增长5.2%，家" * 9, "国"]
PACKAGES = {"onnx": ["onnxruntime", "onnx"], "onnx-int8": ["onnxruntime", "onnx"], "openvino": ["openvino", "onnx"]}
pytestmark = pytest.mark.filterwarnings("ignore")


def needs(backend: Backend) -> None:
    for package in PACKAGES[backend]:
        pytest.importorskip(package)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_encoder(tmp_path_factory.mktemp("models") / "tiny-bert")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache") / "made" / "when needed"


def test_every_backend_is_tested() -> None:
    assert set(get_args(Backend)) == {"torch", *PACKAGES}


@pytest.mark.parametrize("backend", ["onnx", "openvino"])
def test_vectors_are_those_of_torch(folder: Path, cache: Path, backend: Backend) -> None:
    needs(backend)
    torch = load_encoder(str(folder), device="cpu")
    encoder = load_encoder(str(folder), backend=backend, cache=cache, batch_size=3)
    assert encoder.info == torch.info
    np.testing.assert_allclose(encoder.encode_passages(TEXTS), torch.encode_passages(TEXTS), atol=1e-5)
    for text in TEXTS:
        np.testing.assert_allclose(encoder.encode_question(text), torch.encode_question(text), atol=1e-5)
    cut = load_encoder(str(folder), backend=backend, cache=cache, dimension=5, question_prefix="a")
    expected = load_encoder(str(folder), device="cpu", dimension=5, question_prefix="a")
    np.testing.assert_allclose(cut.encode_question("国"), expected.encode_question("国"), atol=1e-5)


@pytest.mark.parametrize(
    ("kind", "pooling"), [("DistilBert", "cls"), ("XLMRoberta", "mean"), ("ModernBert", "mean"), ("Qwen3", "lasttoken")]
)
def test_other_transformers_and_poolings(tmp_path: Path, kind: str, pooling: str) -> None:
    needs("onnx")
    model = write_tiny_encoder(tmp_path / kind, kind, pooling)
    expected = load_encoder(str(model), device="cpu").encode_passages(TEXTS)
    found = load_encoder(str(model), backend="onnx", cache=tmp_path / "cache").encode_passages(TEXTS)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_int8_is_near_and_another_encoder(folder: Path, cache: Path) -> None:
    needs("onnx-int8")
    torch = load_encoder(str(folder), device="cpu")
    encoder = load_encoder(str(folder), backend="onnx-int8", cache=cache)
    found, expected = encoder.encode_passages(TEXTS), torch.encode_passages(TEXTS)
    assert (found * expected).sum(axis=1).min() >= 0.98
    assert not np.allclose(found, expected, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    with pytest.raises(EncoderMismatchError, match="precision 'float32' ≠ 'int8'"):
        torch.info.require(encoder.info)


def test_a_model_of_half_precision_runs_in_full(tmp_path: Path) -> None:
    needs("onnx")
    half = write_tiny_encoder(tmp_path / "half", dtype="bfloat16")
    torch, encoder = (load_encoder(str(half), backend=name, cache=tmp_path / "c") for name in ("torch", "onnx"))
    assert (torch.info.precision, encoder.info.precision) == ("bfloat16", "float32")
    assert (torch.encode_passages(TEXTS) * encoder.encode_passages(TEXTS)).sum(axis=1).min() > 0.99


def test_a_model_is_converted_once_and_anew_when_it_changes(folder: Path, tmp_path: Path) -> None:
    needs("onnx")
    cache = tmp_path / "cache"

    def made() -> dict[str, int]:
        load_encoder(str(folder), backend="onnx", cache=cache)
        return {str(path): path.stat().st_mtime_ns for path in cache.rglob("*")}

    first = made()
    assert len(first) == 2  # one folder, one file in it
    assert made() == first
    other = write_tiny_encoder(tmp_path / folder.name, seed=2)
    expected = load_encoder(str(other), device="cpu").encode_question("国")
    encoder = load_encoder(str(other), backend="onnx", cache=cache)
    np.testing.assert_allclose(encoder.encode_question("国"), expected, atol=1e-5)
    assert len(list(cache.iterdir())) == 2


@pytest.mark.parametrize(("backend", "package"), [(name, package) for name in PACKAGES for package in PACKAGES[name]])
def test_a_missing_package_is_named_with_its_extra(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: Backend, package: str
) -> None:
    needs(backend)
    monkeypatch.setitem(sys.modules, package, None)
    extra = backend.removesuffix("-int8")
    with pytest.raises(
        EncoderError, match=rf"backend {extra}\S* needs {package} .*pip install 'wence\[{extra}\]'"
    ) as caught:
        load_encoder(str(folder), backend=backend, cache=tmp_path / "cache")
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "cache").glob(".draft-*"))


def test_other_devices_are_refused(folder: Path, cache: Path) -> None:
    with pytest.raises(EncoderError, match="backend onnx runs on the processor, not on cuda"):
        load_encoder(str(folder), backend="onnx", cache=cache, device="cuda")


def test_a_cache_that_cannot_be_written_is_named(folder: Path, tmp_path: Path) -> None:
    needs("onnx")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EncoderError, match=r"cannot be kept in .*file.*WENCE_MODEL_CACHE"):
        load_encoder(str(folder), backend="onnx", cache=tmp_path / "file")


@pytest.mark.parametrize("backend", ["onnx", "openvino"])
def test_a_damaged_conversion_is_named(folder: Path, tmp_path: Path, backend: Backend) -> None:
    needs(backend)
    load_encoder(str(folder), backend=backend, cache=tmp_path)
    file = next(tmp_path.rglob("model.onnx"))
    file.write_bytes(file.read_bytes()[:2000])
    with pytest.raises(ModelBrokenError, match=r"model\.onnx cannot be loaded .*delete its folder"):
        load_encoder(str(folder), backend=backend, cache=tmp_path)


def test_a_model_without_a_transformer_is_refused(folder: Path, cache: Path, tmp_path: Path) -> None:
    needs("onnx")
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import Dense, StaticEmbedding  # noqa: PLC0415
    from tokenizers import Tokenizer  # noqa: PLC0415

    table = StaticEmbedding(Tokenizer.from_file(str(folder / "tokenizer.json")), embedding_dim=8)
    SentenceTransformer(modules=[table, Dense(8, 4)], device="cpu").save(str(tmp_path / "static"))
    assert load_encoder(str(tmp_path / "static"), device="cpu").encode_question("国").shape == (4,)
    with pytest.raises(EncoderError, match=r"no plain text transformer.*WENCE_ENCODER_BACKEND=torch"):
        load_encoder(str(tmp_path / "static"), backend="onnx", cache=cache)
