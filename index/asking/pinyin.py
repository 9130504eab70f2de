"""A name in pinyin and the collection in, the names of the collection that are read so out (Yuecheng → 越城)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from index.asking.characters import Characters
from index.lexical import LexicalIndex

MOST_SYLLABLES: Final = 4
MOST_NAMES: Final = 4
MOST_BEGINNINGS: Final = 200
"""Most beginnings of names that are gone on with."""

_SYLLABLE = re.compile(
    "(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|an|en|in|un|vn|ai|ao|ei|ia|ie|"
    "iu|ou|ua|ue|ve|ui|uo|er|a|e|i|o|u|v)"
)


def names(pinyin: str, characters: Characters, lexical: LexicalIndex) -> list[str]:
    """The words of the collection that are read like `pinyin`, `lv` for lü, those of most passages first."""
    found: dict[str, int] = {}
    for syllables in _readings(re.sub("[^a-z]", "", pinyin.lower())):
        begun = list(characters.sounding(syllables[0]))
        for syllable in syllables[1:]:
            nexts = characters.sounding(syllable)
            begun = [
                begin + character
                for begin in begun
                for character in nexts
                if lexical.document_frequency("bigrams", begin[-1] + character)
            ][:MOST_BEGINNINGS]
        found |= {name: _passages_with(name, lexical) for name in begun}
    known = sorted((name for name in found if found[name]), key=lambda name: -found[name])
    return known[:MOST_NAMES]


def _passages_with(name: str, lexical: LexicalIndex) -> int:
    """Passages with a name as a word; a name of three or more that the word cutter does not know counts by its pairs."""
    known = lexical.document_frequency("words", name)
    return known or min(lexical.document_frequency("bigrams", name[i : i + 2]) for i in range(len(name) - 1))


@lru_cache(maxsize=1024)
def _readings(letters: str) -> tuple[tuple[str, ...], ...]:
    """Every way to cut letters into two syllables or more."""
    return tuple(cut for cut in _cuts(letters, MOST_SYLLABLES) if len(cut) > 1)


def _cuts(letters: str, most: int) -> Iterator[tuple[str, ...]]:
    if not letters:
        yield ()
    elif most:
        for length in range(1, min(6, len(letters)) + 1):
            if _SYLLABLE.fullmatch(letters[:length]):
                for rest in _cuts(letters[length:], most - 1):
                    yield (letters[:length], *rest)
