"""An English phrase in, the Chinese words it may stand for out: the table of `english.tsv.xz`, turned around."""

import lzma
from array import array
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np

from index.asking.inflection import root, stem

LONGEST_PHRASE: Final = 4
DERIVED, PARTIAL, DISTANT = 0.8, 0.5, 0.35
"""What a translation counts for that is of a word of the same family (notarize, notarization), of a longer phrase, or
of a longer phrase with a word of the family.
"""

ABBREVIATIONS: Final[dict[str, tuple[str, ...]]] = {
    "tcm": ("中医", "中医药"),
    "sm": ("中小企业",),
    "r d": ("研发",),
    "ai": ("人工智能",),
}

SUFFIXES: Final = {"rat": "率", "week": "周", "number": "数", "charg": "费", "fe": "费", "mu": "亩", "festival": "节"}
"""Words that are a single character at the end of a longer word (success rate → 成功率)."""


class Dictionary:
    """Some 80,000 phrases of CC-CEDICT, kept as the lines that they were read from: 20 MB, where dicts of them took 47."""

    def __init__(self, path: Path) -> None:
        with lzma.open(path) as file:
            self._text = file.read()
        starts, phrases, roots, owners = array("q", [0]), array("q"), array("q"), array("q")
        root_of: dict[str, int] = {}
        for number, line in enumerate(BytesIO(self._text)):
            phrase = line[: line.index(b"\t")].decode()
            phrases.append(hash(phrase))
            for word in phrase.split(" "):
                if word not in root_of:
                    root_of[word] = hash(root.__wrapped__(word))
                roots.append(root_of[word])
                owners.append(number)
            starts.append(starts[-1] + len(line))
        self._starts = np.array(starts)
        self._phrases = _Hashed(phrases, range(len(phrases)))
        self._family = _Hashed(roots, owners)
        """The phrases that hold a word of a family."""

    def holds(self, phrase: str) -> bool:
        """Whether a phrase of stems is translated as it is."""
        return bool(self._words(phrase)) or phrase in ABBREVIATIONS

    def translations(self, phrase: str) -> dict[str, float]:
        """Chinese words for a phrase of stems, each with what it counts for (0..1)."""
        found: dict[str, float] = dict.fromkeys(ABBREVIATIONS.get(phrase, ()), 1.0)
        for word in self._words(phrase):
            found.setdefault(word, 1.0)
        if " " not in phrase:
            family = root(phrase)
            for other, chinese in map(self._line, self._family.of(family)):
                words = other.split(" ")
                if family not in map(root, words):
                    continue  # another of the same hash
                counts = DERIVED if len(words) == 1 else PARTIAL if phrase in words else DISTANT
                for word in chinese:
                    found[word] = max(counts, found.get(word, 0.0))
        return found

    def _words(self, phrase: str) -> tuple[str, ...]:
        lines = map(self._line, self._phrases.of(phrase))
        return next((words for found, words in lines if found == phrase), ())

    def _line(self, number: int) -> tuple[str, tuple[str, ...]]:
        line = self._text[self._starts[number] : self._starts[number + 1]].decode()
        phrase, words = line.rstrip("\n").split("\t")
        return phrase, tuple(words.split(" "))


class _Hashed:
    """Numbers by the hash of a text, in the order in which they were given."""

    def __init__(self, hashes: Sequence[int], numbers: Sequence[int]) -> None:
        order = np.argsort(np.array(hashes, dtype=np.int64), kind="stable")
        self._hashes = np.array(hashes, dtype=np.int64)[order]
        self._numbers = np.array(numbers, dtype=np.int32)[order]

    def of(self, text: str) -> list[int]:
        left, right = (int(np.searchsorted(self._hashes, hash(text), side)) for side in ("left", "right"))
        found: list[int] = self._numbers[left:right].tolist()
        return found


def stems(words: list[str]) -> str:
    """A phrase as the table writes it."""
    return " ".join(stem(word) for word in words)
