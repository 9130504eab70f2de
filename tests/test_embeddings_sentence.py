import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings import EncoderError, ModelBrokenError, load_encoder
from embeddings.sentence import SentenceEncoder

TEXTS = ["财政资金", "国务院印发意见", "", "a", "增长5.2%"]
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transformer of random weights with character tokens, saved as sentence-transformers saves its models."""
    import torch  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer  # noqa: PLC0415
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers  # noqa: PLC0415
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast  # noqa: PLC0415

    torch.manual_seed(1)
    base = tmp_path_factory.mktemp("bert")
    letters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set("".join(TEXTS) + "问文："))]
    characters = Tokenizer(models.WordLevel({letter: i for i, letter in enumerate(letters)}, unk_token="[UNK]"))
    characters.pre_tokenizer = pre_tokenizers.Split(Regex("."), behavior="isolated")
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=characters, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(base)
    config = BertConfig(
        vocab_size=len(letters), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    BertModel(config).save_pretrained(base)
    words = Transformer(str(base))
    prompts = {"query": "问：", "document": "文："}
    saved = tmp_path_factory.mktemp("models") / "tiny-bert"
    modules: list[Any] = [words, Pooling(16)]
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(saved))
    return saved


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
    import shutil  # noqa: PLC0415

    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    first = load_encoder(str(folder), device="cpu").info.revision
    assert load_encoder(str(copy), device="cpu").info.revision == first
    weights = copy / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-2] ^= 1
    weights.write_bytes(content)
    assert load_encoder(str(copy), device="cpu").info.revision != first


def test_unknown_name_offline_says_which_and_what_to_do() -> None:
    code = (
        "from embeddings import load_encoder, ModelNotFoundError\n"
        "try: load_encoder('nobody/none')\n"
        "except ModelNotFoundError as error: print(error)"
    )
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.count("\n") == 1
    assert done.stdout.startswith("model nobody/none is neither a folder nor in the local model cache")
    assert "use the built-in wence-static" in done.stdout
    assert done.stderr == ""


def test_folder_without_a_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    with pytest.raises(ModelBrokenError, match="notes"):
        load_encoder(str(tmp_path / "notes"))
