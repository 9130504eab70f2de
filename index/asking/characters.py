"""A character in, the characters that are easily written for it out: those that sound or look alike."""

import re
from collections import defaultdict
from functools import cached_property, lru_cache
from itertools import product
from pathlib import Path
from typing import Final

NEAR_SOUND_COST: Final = 1.5
"""How much less likely, as a natural logarithm, a character of nearly the same sound is written than one of the same."""

LOOK_COST: Final = 2.5
"""The same for one that only looks alike."""


class Characters:
    """The table of `characters.tsv`: readings of the common characters and those that look like them, and what rarer
    ones are variants of.
    """

    def __init__(self, path: Path) -> None:
        self._readings: dict[str, tuple[str, ...]] = {}
        self._variants: dict[str, str] = {}
        self._alike: dict[str, str] = {}
        self._confusable: dict[str, dict[str, float]] = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            character, value, self._alike[character] = line.split("\t")
            if value.startswith("="):
                self._variants[character] = value[1:]
            else:
                self._readings[character] = tuple(value.split())

    def standard(self, text: str) -> str:
        """The text with old and regional forms of characters in their common form (衞 → 卫), length unchanged."""
        return "".join(self._variants.get(character, character) for character in text)

    def readings(self, character: str) -> tuple[str, ...]:
        """Without tones (`lv` for lü); empty for what is no common character."""
        return self._readings.get(character, ())

    def romanised(self, word: str) -> set[str]:
        """Every way to write a word in pinyin without tones, as one word."""
        return {"".join(parts) for parts in product(*map(self.readings, word))}

    def sounding(self, syllable: str) -> str:
        """The characters that are read exactly so."""
        return self._of_syllable.get(syllable, "")

    def confusable(self, character: str) -> dict[str, float]:
        """Characters that may have been meant, each with what it costs to take it (0 for one of the same sound)."""
        if character not in self._confusable:
            exact = set(self.readings(character))
            found = dict.fromkeys(self._alike.get(character, ""), LOOK_COST)
            for other in {other for reading in exact for other in self._of_sound.get(sound(reading), "")}:
                found[other] = NEAR_SOUND_COST if exact.isdisjoint(self.readings(other)) else 0.0
            found.pop(character, None)
            self._confusable[character] = dict(sorted(found.items()))
        return self._confusable[character]

    @cached_property
    def _of_syllable(self) -> dict[str, str]:
        found: dict[str, str] = defaultdict(str)
        for character, readings in self._readings.items():
            for reading in readings:
                found[reading] += character
        return dict(found)

    @cached_property
    def _of_sound(self) -> dict[str, str]:
        found: dict[str, str] = defaultdict(str)
        for syllable, characters in self._of_syllable.items():
            found[sound(syllable)] += characters
        return dict(found)


@lru_cache(maxsize=1024)
def sound(syllable: str) -> str:
    """A syllable without what is often confused: zh/z, ch/c, sh/s, n/l, ang/an, eng/en, ing/in."""
    return re.sub("(?<=[aei])ng$", "n", re.sub("^n", "l", re.sub("^([zcs])h", r"\1", syllable)))
