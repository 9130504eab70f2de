"""Texts in, a tokenizer of single characters out, so that every answer begins and ends at a token."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Any

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def build_tokenizer(texts: Iterable[str], *, size: int, longest: int) -> Any:
    """A fast tokenizer of at most `size` tokens; a letter or digit after another has a token of its own (##1).

    Width and letter case are folded. It knows the pair layout [CLS] question [SEP] passage [SEP].
    """
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors  # noqa: PLC0415

    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(unicodedata.normalize("NFKC", text).lower())
    pieces: Counter[str] = Counter()
    for character, count in counts.items():
        if not character.isspace():
            pieces[character] += count
            if character.isalnum() and not "\u2e80" <= character <= "\u9fff":
                pieces[f"##{character}"] += count
    common = sorted(pieces, key=lambda piece: (-pieces[piece], piece))[: max(0, size - len(SPECIAL))]
    vocabulary = {piece: number for number, piece in enumerate((*SPECIAL, *common))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.BertNormalizer(strip_accents=False)])
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = [(name, vocabulary[name]) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", ends)
    return as_pretrained(tokenizer, longest=longest)


def as_pretrained(tokenizer: Any, *, longest: int) -> Any:
    """The tokenizer as transformers loads and saves it, cutting at `longest` tokens."""
    from transformers import PreTrainedTokenizerFast  # noqa: PLC0415

    names = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token", "mask_token"), SPECIAL, strict=True))
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, model_max_length=longest,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"], **names,
    )  # fmt: skip
