"""Texts in, a Unigram tokenizer of Chinese words with characters as fallback out. Knows no vectors."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

import rjieba
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

UNKNOWN = "<unk>"
# Only runs of one script become tokens: punctuation and space carry nothing for a bag of words.
RUNS = r"\p{Han}+|[0-9]+|[a-z]+"
_RUN = re.compile(r"[㐀-䶿一-鿿]+|[0-9]+|[a-z]+")
_LONGEST_WORD = 8
_RAREST_CHARACTER = 20


def count_words(texts: Iterable[str]) -> Counter[str]:
    """How often each word stands in the texts, cut by rjieba's dictionary without guessing unknown words."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(rjieba.cut(text.lower(), False))
    return counts


def build_tokenizer(texts: Iterable[str], *, size: int) -> Tokenizer:
    """A tokenizer of at most `size` entries: the characters seen often enough, then words by frequency.

    Segmentation is the most probable one under the words' relative frequencies, so no word cutter is needed later.
    """
    counts = {word: n for word, n in count_words(texts).items() if _RUN.fullmatch(word)}
    characters: Counter[str] = Counter("0123456789abcdefghijklmnopqrstuvwxyz")
    for word, n in counts.items():
        for character in word:
            characters[character] += n
    kept = {c: max(counts.get(c, 0), 1) for c, n in characters.items() if n >= _RAREST_CHARACTER or c.isascii()}
    words = sorted((w for w in counts if 1 < len(w) <= _LONGEST_WORD), key=lambda w: (-counts[w], w))
    kept.update((word, counts[word]) for word in words[: max(0, size - 1 - len(kept))])
    total = sum(kept.values())
    entries = sorted(kept.items(), key=lambda item: (-item[1], item[0]))
    vocabulary = [(UNKNOWN, 0.0), *((word, round(math.log(n / total), 3)) for word, n in entries)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, 0, False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(RUNS), behavior="removed", invert=True)
    return tokenizer
