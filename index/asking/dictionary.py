"""An English phrase in, the Chinese words it may stand for out: the table of `english.tsv.xz`, turned around."""

import lzma
from collections import defaultdict
from pathlib import Path
from typing import Final

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
    """Some 80,000 phrases of CC-CEDICT, 30 MB when loaded."""

    def __init__(self, path: Path) -> None:
        self._words: dict[str, tuple[str, ...]] = {}
        self._family: dict[str, list[str]] = defaultdict(list)
        """The phrases that hold a word of a family."""
        with lzma.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                phrase, words = line.rstrip("\n").split("\t")
                self._words[phrase] = tuple(words.split(" "))
                for word in phrase.split(" "):
                    self._family[root(word)].append(phrase)

    def holds(self, phrase: str) -> bool:
        """Whether a phrase of stems is translated as it is."""
        return phrase in self._words or phrase in ABBREVIATIONS

    def translations(self, phrase: str) -> dict[str, float]:
        """Chinese words for a phrase of stems, each with what it counts for (0..1)."""
        found: dict[str, float] = dict.fromkeys(ABBREVIATIONS.get(phrase, ()), 1.0)
        for word in self._words.get(phrase, ()):
            found.setdefault(word, 1.0)
        if " " not in phrase:
            for other in self._family.get(root(phrase), ()):
                words = other.split(" ")
                counts = DERIVED if len(words) == 1 else PARTIAL if phrase in words else DISTANT
                for word in self._words[other]:
                    found[word] = max(counts, found.get(word, 0.0))
        return found


def stems(words: list[str]) -> str:
    """A phrase as the table writes it."""
    return " ".join(stem(word) for word in words)
