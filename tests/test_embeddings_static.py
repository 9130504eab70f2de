import json
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from embeddings import EncoderError, ModelBrokenError, load_encoder
from embeddings.static import StaticEncoder, is_static_model, write_static_model
from embeddings.training.vocabulary import build_tokenizer

TEXTS = [
    "国务院印发关于加快建设全国统一大市场的意见",
    "２０２３年，ＧＤＰ增长5.2%",
    "國務院",
    "财",
    "没有标点的一段话里面有政策也有财政资金",
    "GDP growth，增长\n换行\t制表",
    "😀",
    "",
    "。，！",
    "财政" * 500,
]
EMPTY = ["", "😀", "。，！", "   "]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return build_tokenizer(["国务院印发意见，财政资金增长，政策加快建设统一大市场"] * 30, size=200)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny"
    table = np.random.default_rng(3).standard_normal((tokenizer.get_vocab_size(), 24)).astype(np.float32)
    table[0] = 0
    write_static_model(folder, tokenizer, table)
    return folder


@pytest.mark.parametrize("name", ["tiny", "built-in"])
def test_same_vectors_as_sentence_transformers(folder: Path, name: str) -> None:
    encoder = load_encoder() if name == "built-in" else load_encoder(str(folder))
    assert isinstance(encoder, StaticEncoder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        model = SentenceTransformer(str(folder if name == "tiny" else encoder.folder), device="cpu")
        # torch averages a float16 table in float16; the same table in float32 is the authority
        expected = model.float().encode(TEXTS, normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode_passages(TEXTS), expected, atol=2e-6)


def test_rows_have_unit_length_and_batch_equals_single(folder: Path) -> None:
    encoder = load_encoder(str(folder), batch_size=3)
    rows = encoder.encode_passages(TEXTS)
    assert rows.shape == (len(TEXTS), 24)
    assert rows.dtype == np.float32
    for text, row in zip(TEXTS, rows, strict=True):
        single = encoder.encode_passages([text])[0]
        assert np.array_equal(single, row)
        assert np.array_equal(encoder.encode_question(text), row)
        assert np.linalg.norm(row) == pytest.approx(0 if text in EMPTY else 1, abs=1e-5)


@pytest.mark.parametrize("text", EMPTY)
def test_text_without_known_token_gives_zero(folder: Path, text: str) -> None:
    encoder = load_encoder(str(folder))
    assert not encoder.encode_question(text).any()
    assert not encoder.encode_passages([text]).any()


def test_no_texts_give_no_rows(folder: Path) -> None:
    assert load_encoder(str(folder)).encode_passages([]).shape == (0, 24)


def test_full_width_letters_are_folded(folder: Path) -> None:
    encoder = load_encoder(str(folder))
    assert np.array_equal(encoder.encode_question("ＧＤＰ２０２３"), encoder.encode_question("gdp2023"))


def test_fewer_dimensions_are_the_first_ones_scaled(folder: Path) -> None:
    whole = load_encoder(str(folder)).encode_question(TEXTS[0])[:8]
    encoder = load_encoder(str(folder), dimension=8)
    assert encoder.info.dimension == 8
    np.testing.assert_allclose(encoder.encode_question(TEXTS[0]), whole / np.linalg.norm(whole), atol=1e-6)


def test_prefixes_go_before_their_side(folder: Path) -> None:
    plain, prefixed = (
        load_encoder(str(folder)),
        load_encoder(str(folder), question_prefix="政策", passage_prefix="财政"),
    )
    assert np.array_equal(prefixed.encode_question("增长"), plain.encode_question("政策增长"))
    assert np.array_equal(prefixed.encode_passages(["增长"])[0], plain.encode_question("财政增长"))
    assert (prefixed.info.question_prefix, prefixed.info.passage_prefix) == ("政策", "财政")


def test_prompts_of_the_model_are_its_prefixes(tmp_path: Path, tokenizer: Tokenizer) -> None:
    write_static_model(tmp_path, tokenizer, np.ones((tokenizer.get_vocab_size(), 4), dtype=np.float32))
    (tmp_path / "config_sentence_transformers.json").write_text(
        json.dumps({"prompts": {"query": "问：", "document": "文："}}), encoding="utf-8"
    )
    info = load_encoder(str(tmp_path)).info
    assert (info.question_prefix, info.passage_prefix) == ("问：", "文：")


def test_model2vec_tables_are_unfolded(tmp_path: Path, tokenizer: Tokenizer) -> None:
    size = tokenizer.get_vocab_size()
    rng = np.random.default_rng(5)
    shared = rng.standard_normal((7, 4)).astype(np.float32)
    mapping, weights = rng.integers(0, 7, size), rng.random(size).astype(np.float32)
    write_static_model(tmp_path, tokenizer, shared[mapping] * weights[:, None])
    expected = load_encoder(str(tmp_path)).encode_passages(TEXTS)
    save_file({"embeddings": shared, "mapping": mapping, "weights": weights}, tmp_path / "model.safetensors")
    np.testing.assert_allclose(load_encoder(str(tmp_path)).encode_passages(TEXTS), expected, atol=1e-6)


def test_revision_is_of_the_content(tmp_path: Path, tokenizer: Tokenizer) -> None:
    table = np.ones((tokenizer.get_vocab_size(), 4), dtype=np.float32)
    for name in ("one", "copy"):
        write_static_model(tmp_path / name, tokenizer, table)
    write_static_model(tmp_path / "other", tokenizer, table * 2)
    one, copy, other = (load_encoder(str(tmp_path / name)).info.revision for name in ("one", "copy", "other"))
    assert one == copy != other


@pytest.mark.parametrize("damage", ["weights", "tokenizer", "missing", "short"])
def test_damaged_model_is_named(tmp_path: Path, tokenizer: Tokenizer, damage: str) -> None:
    folder = tmp_path / "broken-one"
    rows = 3 if damage == "short" else tokenizer.get_vocab_size()
    write_static_model(folder, tokenizer, np.ones((rows, 4), dtype=np.float32))
    if damage == "weights":
        (folder / "model.safetensors").write_bytes(b"\0" * 9)
    elif damage == "tokenizer":
        (folder / "tokenizer.json").write_text("{", encoding="utf-8")
    elif damage == "missing":
        (folder / "model.safetensors").unlink()
    with pytest.raises(ModelBrokenError, match="broken-one"):
        load_encoder(str(folder))


@pytest.mark.parametrize("wrong", [{"dimension": 0}, {"dimension": 25}, {"batch_size": 0}])
def test_impossible_settings_are_refused(folder: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(EncoderError, match="choose 1"):
        load_encoder(str(folder), **wrong)  # type: ignore[arg-type]


def test_only_static_folders_take_the_fast_path(tmp_path: Path, folder: Path) -> None:
    assert is_static_model(folder)
    assert not is_static_model(tmp_path)
    kinds = ["StaticEmbedding", "Dense"]
    modules = [{"idx": i, "name": str(i), "path": "", "type": f"x.{kind}"} for i, kind in enumerate(kinds)]
    (tmp_path / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    assert not is_static_model(tmp_path)


def test_built_in_model_needs_no_torch_and_loads_fast() -> None:
    code = (
        "import sys, time; from embeddings import load_encoder; begun = time.perf_counter(); e = load_encoder();"
        "took = time.perf_counter() - begun; e.encode_question('改革');"
        "print(took, sorted({'torch', 'sentence_transformers', 'transformers'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    took, heavy = done.stdout.split(maxsplit=1)
    assert heavy.strip() == "[]"
    assert float(took) < 5  # 0.1 s on a quiet machine


def test_built_in_model_is_small_and_knows_what_is_alike() -> None:
    encoder = load_encoder()
    assert isinstance(encoder, StaticEncoder)
    assert sum(path.stat().st_size for path in encoder.folder.iterdir()) < 14_000_000
    rows = encoder.encode_passages(["居民医保的报销比例提高", "基本医疗保险待遇", "足球比赛的比分"])
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2
