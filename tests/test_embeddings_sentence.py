import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from embeddings import EncoderError, ModelBrokenError, load_encoder
from embeddings.sentence import SentenceEncoder
from tests.tiny_encoder import write_tiny_encoder

TEXTS = ["财政资金", "国务院印发意见", "", "a", "增长5.2%"]
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_encoder(tmp_path_factory.mktemp("models") / "tiny-bert")


def test_transformer_folder_goes_through_sentence_transformers(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    encoder = load_encoder(str(folder), device="cpu", batch_size=2)
    assert isinstance(encoder, SentenceEncoder)
    assert (encoder.info.name, encoder.info.dimension) == ("tiny-bert", 16)
    assert (encoder.info.question_prefix, encoder.info.passage_prefix) == ("问：", "文：")
    model = SentenceTransformer(str(folder), device="cpu")
    expected = model.encode(["文：" + text for text in TEXTS], normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode_passages(TEXTS), expected, atol=1e-5)
    asked = model.encode("问：" + TEXTS[0], normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode_question(TEXTS[0]), asked, atol=1e-5)


def test_given_prefix_replaces_the_models_own(folder: Path) -> None:
    encoder = load_encoder(str(folder), device="cpu", question_prefix="a")
    own = load_encoder(str(folder), device="cpu")
    assert encoder.info.question_prefix == "a"
    assert not np.allclose(encoder.encode_question(TEXTS[0]), own.encode_question(TEXTS[0]))


def test_fewer_dimensions_are_the_first_ones_scaled(folder: Path) -> None:
    whole = load_encoder(str(folder), device="cpu").encode_passages(TEXTS)[:, :5]
    rows = load_encoder(str(folder), device="cpu", dimension=5).encode_passages(TEXTS)
    np.testing.assert_allclose(rows, whole / np.linalg.norm(whole, axis=1, keepdims=True), atol=1e-5)
    with pytest.raises(EncoderError, match="choose 1 to 16"):
        load_encoder(str(folder), device="cpu", dimension=17)


def test_no_texts_give_no_rows(folder: Path) -> None:
    assert load_encoder(str(folder), device="cpu").encode_passages([]).shape == (0, 16)


def test_revision_is_of_the_content(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    first = load_encoder(str(folder), device="cpu").info.revision
    assert load_encoder(str(copy), device="cpu").info.revision == first
    weights = copy / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-2] ^= 1
    weights.write_bytes(content)
    assert load_encoder(str(copy), device="cpu").info.revision != first


def test_encoding_from_several_threads_gives_each_its_own(folder: Path) -> None:
    encoder = load_encoder(str(folder), device="cpu", batch_size=2)
    passages = encoder.encode_passages(TEXTS)
    questions = [encoder.encode_question(text) for text in TEXTS]
    with ThreadPoolExecutor(8) as threads:
        found = [threads.submit(encoder.encode_passages, TEXTS) for _ in range(8)]
        asked = [threads.submit(encoder.encode_question, text) for text in TEXTS * 8]
        for rows in found:
            np.testing.assert_allclose(rows.result(), passages, atol=1e-6)
        for row, expected in zip(asked, questions * 8, strict=True):
            np.testing.assert_allclose(row.result(), expected, atol=1e-6)


def test_the_order_and_the_batch_do_not_matter(folder: Path) -> None:
    rows = load_encoder(str(folder), device="cpu", batch_size=64).encode_passages(TEXTS * 3)
    encoder = load_encoder(str(folder), device="cpu", batch_size=1)
    np.testing.assert_allclose(encoder.encode_passages((TEXTS * 3)[::-1])[::-1], rows, atol=1e-5)


def test_precision_is_of_the_weights(folder: Path, tmp_path: Path) -> None:
    assert load_encoder(str(folder), device="cpu").info.precision == "float32"
    half = write_tiny_encoder(tmp_path / "half", dtype="bfloat16")
    assert load_encoder(str(half), device="cpu").info.precision == "bfloat16"


def test_a_folder_has_no_revision(folder: Path) -> None:
    for name in (str(folder), "wence-static"):
        with pytest.raises(EncoderError, match=r"is a folder, which has no revision 'v2'"):
            load_encoder(name, revision="v2")


def test_names_and_revisions_in_the_hubs_cache(folder: Path, tmp_path: Path) -> None:
    """One process for all of it: the hub's library reads where its cache is when it is imported."""
    commits = {"a" * 40: folder, "b" * 40: write_tiny_encoder(tmp_path / "other", seed=2)}
    cached = tmp_path / "home" / "hub" / "models--nobody--tiny"
    for commit, model in commits.items():
        shutil.copytree(model, cached / "snapshots" / commit)
    for reference, commit in {"main": "a" * 40, "v2": "b" * 40}.items():
        (cached / "refs").mkdir(exist_ok=True)
        (cached / "refs" / reference).write_text(commit, encoding="utf-8")
    asked = [
        ("nobody/tiny", ""),
        ("nobody/tiny", "v2"),
        ("nobody/tiny", "b" * 40),
        ("nobody/tiny", "v3"),
        ("nobody/none", ""),
    ]
    code = (
        "import sys, json; from embeddings import load_encoder, ModelNotFoundError\n"
        "for name, revision in json.loads(sys.argv[1]):\n"
        "    try: found = load_encoder(name, revision=revision, device='cpu')\n"
        "    except ModelNotFoundError as error: print(error)\n"
        "    else: print(json.dumps([found.info.name, found.info.revision, found.encode_question('a').tolist()]))"
    )
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-W", "ignore", "-c", code, json.dumps(asked)]
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    newest, tagged, pinned, missing, unknown = done.stdout.splitlines()
    for line, (commit, model) in zip(
        (newest, tagged, pinned), [*commits.items(), list(commits.items())[1]], strict=True
    ):
        name, revision, vector = json.loads(line)
        assert (name, revision) == ("nobody/tiny", commit)
        np.testing.assert_allclose(vector, load_encoder(str(model), device="cpu").encode_question("a"), atol=1e-6)
    assert missing.startswith("model nobody/tiny at revision v3 is neither a folder nor in the local model cache")
    assert unknown.startswith("model nobody/none is neither a folder nor in the local model cache")
    assert unknown.endswith("or use the built-in wence-static")
    assert done.stderr == ""


def test_folder_without_a_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    with pytest.raises(ModelBrokenError, match="notes"):
        load_encoder(str(tmp_path / "notes"))
