"""A sentence-transformers model of random weights for tests, made on the spot: characters in, 16 numbers out."""

from pathlib import Path
from typing import Any

LETTERS = "财政资金国务院印发意见a增长5.2%问文：。，家"
PROMPTS = {"query": "问：", "document": "文："}


def write_tiny_encoder(
    folder: Path, kind: str = "Bert", pooling: str = "mean", dtype: str = "float32", seed: int = 1
) -> Path:
    """Writes the folder and returns it. `kind` is a transformer's name in transformers."""
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer  # noqa: PLC0415
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers  # noqa: PLC0415

    transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.manual_seed(seed)
    base = folder.with_name(f"{folder.name}-base")
    letters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set(LETTERS))]
    characters = Tokenizer(models.WordLevel({letter: i for i, letter in enumerate(letters)}, unk_token="[UNK]"))
    characters.pre_tokenizer = pre_tokenizers.Split(Regex("."), behavior="isolated")
    transformers.PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=characters, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(base)
    config = getattr(transformers, f"{kind}Config")(
        vocab_size=len(letters), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        pad_token_id=0, bos_token_id=2, eos_token_id=3, dtype=dtype,
        **({"num_key_value_heads": 1, "head_dim": 8} if kind == "Qwen3" else {}),
    )  # fmt: skip
    getattr(transformers, f"{kind}Model")(config).to(getattr(torch, dtype)).save_pretrained(base)
    modules: list[Any] = [Transformer(str(base)), Pooling(16, pooling_mode=pooling)]
    SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu").save(str(folder))
    return folder
