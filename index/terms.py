"""Text in, search terms out: folded words and character bigrams. Knows no index engine."""

import re
import unicodedata
from functools import cache, lru_cache
from operator import add
from typing import NamedTuple

import rjieba
from opencc import OpenCC

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+|[a-z0-9]+(?:[.+%][a-z0-9]+)*")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


class Terms(NamedTuple):
    """The terms of one text: `words` as a dictionary cuts them, `bigrams` of each run of Han characters."""

    words: list[str]
    bigrams: list[str]


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Width, case and script folded (NFKC, lower case, simplified). Lengths change: never use it for offsets."""
    whole = text.encode(errors="replace").decode()  # the converter takes no half surrogate pair
    return str(_converter().convert(unicodedata.normalize("NFKC", whole))).lower()


def terms(text: str) -> Terms:
    """The words and bigrams of a passage or a question, repeated as often as they occur.

    Single Han characters are no words of their own, but a run of one character counts as its bigram.
    """
    folded = fold(text) if len(text) < 512 else fold.__wrapped__(text)
    words = [
        word for word in rjieba.cut_for_search(folded) if word.isalnum() and (len(word) > 1 or not _HAN.match(word))
    ]
    bigrams: list[str] = []
    for run in _RUN.findall(folded):
        if len(run) > 1 and _HAN.match(run):
            bigrams += map(add, run, run[1:])
        else:
            bigrams.append(run)
    return Terms(words, bigrams)
