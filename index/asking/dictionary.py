"""An English phrase in, the Chinese words it may stand for out: the table of `english.npz`."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

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
    """Some 108,000 phrases of CC-CEDICT, kept as one text in lines and two sorted arrays of hashes that lead to them: 6 MB,
    where dicts of them took 47, and no object for each, so that processes share them.
    """

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as table:
            self._text = table["text"].tobytes()
            numbers = np.arange(len(table["lengths"]), dtype=np.int32)
            self._starts = np.concatenate(([0], np.cumsum(table["lengths"], dtype=np.int32)))
            self._phrases = _Hashed(table["phrases"], numbers)
            self._family = _Hashed(table["roots"], np.repeat(numbers, table["words"]))
            """The phrases that hold a word of a family."""

    @staticmethod
    def write(path: Path, entries: Iterable[tuple[str, Sequence[str]]]) -> None:
        """The table of `path`: phrases of stems, each with its Chinese words, best first."""
        found = list(entries)
        lines = [f"{phrase}\t{' '.join(words)}\n".encode() for phrase, words in found]
        families = [[_hash(root.__wrapped__(word)) for word in phrase.split(" ")] for phrase, _ in found]
        np.savez_compressed(
            path,
            text=np.frombuffer(b"".join(lines), dtype=np.uint8),
            lengths=np.array([len(line) for line in lines], dtype=np.uint16),
            phrases=np.array([_hash(phrase) for phrase, _ in found], dtype=np.uint32),
            roots=np.array([one for family in families for one in family], dtype=np.uint32),
            words=np.array([len(family) for family in families], dtype=np.uint8),
        )

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


def _hash(text: str) -> int:
    return crc32(text.encode())


class _Hashed:
    """Numbers by the hash of a text, in the order in which they were given."""

    def __init__(self, hashes: NDArray[np.uint32], numbers: NDArray[np.int32]) -> None:
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._numbers = hashes[order], numbers[order]

    def of(self, text: str) -> list[int]:
        wanted = np.uint32(_hash(text))
        left, right = (int(self._hashes.searchsorted(wanted, side)) for side in ("left", "right"))
        found: list[int] = self._numbers[left:right].tolist()
        return found


def stems(words: list[str]) -> str:
    """A phrase as the table writes it."""
    return " ".join(stem(word) for word in words)
