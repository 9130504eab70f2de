"""A question as somebody wrote it in, the question as the collection would write it out, with what was changed."""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from embeddings import models_folder
from index.asking.abbreviations import Abbreviations
from index.asking.characters import Characters
from index.asking.colloquial import plain
from index.asking.dictionary import Dictionary
from index.asking.english import Translator
from index.asking.frame import STOP_WORDS
from index.asking.numerals import in_digits
from index.asking.pairs import Pairs
from index.asking.remembered import remembered
from index.asking.spelling import Correction, Speller
from index.snapshot import Snapshot
from index.terms import fold, normal


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` is the question to answer; `corrections` are what was taken for misspelt in it; `also` are long forms of
    what it abbreviates, to be searched as well. `translated` says that the question was English.
    """

    asked: str
    text: str
    corrections: tuple[Correction, ...] = ()
    also: tuple[str, ...] = ()
    translated: bool = False

    @property
    def searched(self) -> str:
        """What retrieval looks for."""
        return " ".join((self.text, *self.also))


class Reader:
    """Reads questions against one snapshot version."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        characters, pairs = _characters(), _pairs()
        self._characters = characters
        self._speller = Speller(snapshot, characters, pairs)
        self._abbreviations = Abbreviations(snapshot)
        self.read = remembered(self._read, 512)
        """The question as the collection would write it."""

    def as_it_stands(self, text: str) -> Reading:
        """A text that is the collection's own, or was read before: nothing in it is taken for misspelt."""
        return Reading(text, text, also=self._abbreviations.long_forms(fold(text)))

    def _read(self, asked: str) -> Reading:
        sound = asked.encode(errors="replace").decode()  # no engine takes half a surrogate pair
        standard = normal(sound)
        if _is_english(standard):
            return Reading(asked, self._translator.translate(standard), translated=True)
        text = plain(self._characters.standard(standard).replace("甚麼", "什么").replace("甚么", "什么"))
        text = in_digits(text, self._is_known)
        corrected, corrections = self._speller.correct(folded := fold(text))
        if corrections:
            text = _laid_over(text, folded, corrected)
        text = sound if text == standard else text
        return Reading(asked, text, corrections, self._abbreviations.long_forms(corrected))

    @cached_property
    def _translator(self) -> Translator:
        return Translator(self._snapshot, _dictionary(), self._characters, _pairs())

    def _is_known(self, numeral: str) -> bool:
        pairs = (numeral[i : i + 2] for i in range(len(numeral) - 1))
        return all(self._snapshot.lexical.document_frequency("bigrams", pair) for pair in pairs)


def _is_english(text: str) -> bool:
    letters, han = (len(re.findall(kind, text)) for kind in ("[A-Za-z]", "[\u3400-\u9fff]"))
    words = re.findall(r"[a-z]{2,}", text.lower())
    return letters > 2 * han and len(words) > 1 and (not han or not STOP_WORDS.isdisjoint(words))


def _laid_over(text: str, folded: str, corrected: str) -> str:
    """The text with what was corrected in its folded form; letters keep their case where folding kept lengths."""
    if len(text) != len(folded):
        return corrected
    characters = zip(text, folded, corrected, strict=True)
    return "".join(new if new != old else own for own, old, new in characters)


def _table(name: str) -> Path:
    return models_folder() / "wence-lexicon" / name


@cache
def _characters() -> Characters:
    return Characters(_table("characters.tsv"))


@cache
def _pairs() -> Pairs:
    return Pairs(_table("pairs.npz"))


@cache
def _dictionary() -> Dictionary:
    return Dictionary(_table("english.npz"))
