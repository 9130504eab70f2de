"""An English question and a collection in, the question in the collection's Chinese out: word by word, no grammar.

Each phrase has several translations; those are taken that stand together in the passages that hold most of the
question, so the collection itself decides what a word means in it.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from index.asking.characters import Characters
from index.asking.dictionary import ABBREVIATIONS, LONGEST_PHRASE, SUFFIXES, Dictionary, stems
from index.asking.frame import STOP_WORDS, framed
from index.asking.pairs import Pairs
from index.asking.pinyin import MOST_SYLLABLES, names
from index.asking.remembered import remembered
from index.snapshot import Snapshot
from index.terms import Terms, fold

NAME_COUNTS: Final = 1.2
"""What a name of the collection that is read as the word is written counts for beside a translation."""

EXACT: Final = 1.0
"""What a translation of the very phrase counts for."""

FEW_MEANINGS: Final = 4

USUAL: Final = 0.15
"""How strongly a translation gains by being usual in the collection: the exponent of its share of the passages."""

MOST_OPTIONS: Final = 12
MOST_TOKENS: Final = 120
PASSAGES, WITNESSES = 40, 3
"""Passages looked at, and how many of them, those that hold most of the question, decide between translations."""

_TOKEN = re.compile(r"[\u3400-\u9fff][\u3400-\u9fff\d％%，、]*|\d[\d,.]*%?|[A-Za-z]+|[^\sA-Za-z\d]")


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the question: as it is, or with its translations and what each counts for."""

    text: str
    options: dict[str, float]


class Translator:
    """Puts English questions into the words of one collection."""

    def __init__(self, snapshot: Snapshot, dictionary: Dictionary, characters: Characters, pairs: Pairs) -> None:
        self._snapshot = snapshot
        self._pairs = pairs
        self._dictionary = dictionary
        self._characters = characters
        self._passages_with = remembered(self._count, 1 << 14)
        self._options = remembered(self._translated, 1 << 12)

    def translate(self, question: str) -> str:
        """The question in Chinese words, in the order of the English ones; names and numbers stay."""
        plain = re.sub(r"['’]s?\b", "", question.replace("ü", "v"))  # as pinyin is typed
        parts = list(self._parts(_TOKEN.findall(framed(plain))[:MOST_TOKENS]))
        witnesses = self._witnesses(parts)
        text = ""
        for part in parts:
            word = self._suffix(text, part.text) or (self._chosen(part, witnesses) if part.options else part.text)
            text += word if self._joins(text, word) else f" {word}"
        return text.strip()

    def _suffix(self, text: str, word: str) -> str:
        """The character that a word becomes at the end of a longer one, where the collection has it there."""
        suffix = SUFFIXES.get(stems([word.lower()]), "")
        return suffix if suffix and text and self._passages_with(text[-1] + suffix) else ""

    def _parts(self, tokens: Sequence[str]) -> Iterator[_Part]:
        at = 0
        while at < len(tokens):
            if not tokens[at].isascii() or not tokens[at][0].isalpha():
                if tokens[at] != "-":
                    yield _Part(tokens[at], {})
                at += 1
                continue
            for length in range(LONGEST_PHRASE, 0, -1):
                phrase = tokens[at : at + length]
                if len(phrase) == length and (options := self._options(tuple(phrase))):
                    yield _Part(" ".join(phrase), options)
                    at += length
                    break
            else:
                if tokens[at].lower() not in STOP_WORDS:
                    yield _Part(tokens[at], {})
                at += 1

    def _translated(self, words: tuple[str, ...]) -> dict[str, float]:
        """Translations of a phrase and names read like it, those that the collection holds; one that it does not hold
        where a single word has no other.
        """
        if any(not word.isascii() or not word[0].isalpha() for word in words):
            return {}
        lower = [word.lower() for word in words]
        if lower[0] in STOP_WORDS or lower[-1] in STOP_WORDS:
            return {}
        found: dict[str, float] = {}
        phrase = stems(lower)
        if len(words) == 1 < len(words[0]) and words[0].isupper() and phrase not in ABBREVIATIONS:
            return {}  # GDP is written so in Chinese too
        if len(words) == 1 or self._dictionary.holds(phrase):
            found = self._dictionary.translations(phrase)
        if all(word[0].isupper() for word in words) and len(words) < MOST_SYLLABLES:
            found = self._with_names(found, "".join(lower))
        known = {word: weight for word, weight in found.items() if self._passages_with(word)}
        if not known:
            return self._lacking(found) if len(words) == 1 else {}
        best = sorted(known, key=lambda word: (-known[word], -self._passages_with(word)))
        return {word: known[word] for word in best[:MOST_OPTIONS]}

    def _lacking(self, found: dict[str, float]) -> dict[str, float]:
        """The commonest translation of a word that the collection lacks altogether: it has to stay in the question, or
        what is not there could not be refused. A word of many meanings is left out.
        """
        exact = [word for word, weight in found.items() if weight >= EXACT]
        if not 0 < len(exact) <= FEW_MEANINGS:
            return {}
        return {max(exact, key=lambda word: self._pairs.count(word[:2])): EXACT}

    def _with_names(self, found: dict[str, float], pinyin: str) -> dict[str, float]:
        """The translations of a word with a capital and the names that are read so, those alone where there are any:
        Suzhou is no Suzhou Creek, and a place that the collection lacks is none of its own. China is no pinyin.
        """
        exact = [word for word, weight in found.items() if weight >= EXACT]
        read_so = [word for word in exact if pinyin in self._characters.romanised(word)]
        if exact and not read_so:
            return found
        known = names(pinyin, self._characters, self._snapshot.lexical)
        return dict.fromkeys(known, NAME_COUNTS) or dict.fromkeys(read_so, EXACT) or found

    def _count(self, word: str) -> int:
        """Passages with a word, or with its rarest pair where the word cutter does not know it."""
        lexical = self._snapshot.lexical
        return lexical.document_frequency("words", word) or min(
            (lexical.document_frequency("bigrams", pair) for pair in _pairs_of(word)), default=0
        )

    def _witnesses(self, parts: Sequence[_Part]) -> list[tuple[float, str]]:
        """The passages that hold most of the question under any translation, with how much they hold."""
        options = [option for part in parts for option in part.options]
        pairs = [pair for option in options for pair in _pairs_of(option)]
        pairs += [pair for part in parts if not part.options for pair in _pairs_of(fold(part.text))]
        rows, _ = self._snapshot.lexical.search(Terms([], pairs), PASSAGES)
        texts = [fold(passage.indexed_text) for passage in self._snapshot.store.passages(rows.tolist())]
        weighed = [
            (sum(max((self._weight(part, option) for option in part.options if option in text), default=0.0)
                 for part in parts), text)
            for text in texts
        ]  # fmt: skip
        return sorted(weighed, reverse=True)[:WITNESSES]

    def _weight(self, part: _Part, option: str) -> float:
        """What a translation found in a passage says for it: more the rarer the English word must be, judged by its most
        usual translation, and the more usual the translation itself.
        """
        most = max(map(self._passages_with, part.options)) or 1
        total = self._snapshot.store.passage_count
        usual: float = (max(1, self._passages_with(option)) / most) ** USUAL
        return part.options[option] * usual * math.log(1 + total / (1 + most))

    def _chosen(self, part: _Part, witnesses: Sequence[tuple[float, str]]) -> str:
        def standing(option: str) -> tuple[float, float]:
            heard = sum(weight for weight, text in witnesses if option in text)
            weight = self._weight(part, option)
            return heard * weight, weight

        return max(part.options, key=standing)

    def _joins(self, text: str, word: str) -> bool:
        """Whether a word goes on with the text: where the collection has them side by side, and around marks."""
        if not text or not word or not _is_han(text[-1]) or not _is_han(word[0]):
            return True
        return self._snapshot.lexical.document_frequency("bigrams", text[-1] + word[0]) > 0


def _pairs_of(word: str) -> list[str]:
    return [word[i : i + 2] for i in range(len(word) - 1)]


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
