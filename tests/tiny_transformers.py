"""Transformers of random weights for tests, made on the spot: characters in, answers or classes out."""

from pathlib import Path
from typing import Any

LETTERS = "财政资金国务院印发意见增长县镇公交线路开通多少谁何时年月日人家a.%0123456789，。？"


def write_tiny_transformer(
    folder: Path, head: str = "QuestionAnswering", kind: str = "Bert", *, labels: int = 1, positions: int = 48
) -> Path:
    """Writes the folder and returns it. `head` and `kind` are as in `BertForQuestionAnswering`; weights are large, so
    that what the network prefers does not hang on the last bit.
    """
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415

    from service.reader.training.characters import build_tokenizer  # noqa: PLC0415

    transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.manual_seed(5)
    tokenizer = build_tokenizer([LETTERS], size=200, longest=positions)
    if kind != "Bert":
        tokenizer.model_input_names = ["input_ids", "attention_mask"]
    tokenizer.save_pretrained(folder)
    sizes: dict[str, Any] = (
        {"dim": 16, "hidden_dim": 32, "n_layers": 2, "n_heads": 2}
        if kind == "DistilBert"
        else {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    )
    config = getattr(transformers, f"{kind}Config")(
        vocab_size=len(tokenizer), max_position_embeddings=positions + (2 if kind == "Roberta" else 0),
        pad_token_id=0, num_labels=2 if head == "QuestionAnswering" else labels, initializer_range=0.5, **sizes,
    )  # fmt: skip
    getattr(transformers, f"{kind}For{head}" if head else f"{kind}Model")(config).save_pretrained(folder)
    return folder
