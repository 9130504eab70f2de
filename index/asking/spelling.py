"""A question and the collection's own words in, the question without its misspellings out.

A noisy channel over characters (Kernighan, Church & Gale 1990): a character is taken for another of its sound where
that makes the text far likelier, judged by the pairs it forms in the collection and in Chinese at large, and where it
yields a word of the collection. What the dictionary or the collection knows as it stands is left alone.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import rjieba

from index.asking.characters import Characters
from index.asking.pairs import Pairs
from index.asking.remembered import remembered
from index.snapshot import Snapshot
from index.terms import Terms, fold

LEAST_GAIN: Final = 6.5
"""By how much the text must become likelier, as a natural logarithm, where it holds no word that anybody knows."""

LEAST_GAIN_OF_WORD: Final = 11.0
"""The same for a character that may well stand alone as a word."""

LENGTH_GAIN: Final = 1.0
"""What each character more of the word that comes out is worth."""

MOST_CORRECTIONS: Final = 3
MOST_LOOKED_UP: Final = 5
LONGEST_WORD, LONGEST_TERM = 4, 12
LONGEST_CORRECTED: Final = 300
"""Characters of a question that are looked at; whoever writes more says things twice."""


PAIRS_OF_PASSAGE: Final = 160
"""Pairs that a passage holds on average."""

PASSAGES_OF_NOISE: Final = 50_000
"""What stands in no more than one of so many passages may be somebody's misspelling itself."""

UNSEEN: Final = 2e-9
"""Likelihood of a pair that nobody has seen."""

_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_OPENING, _CLOSING = frozenset('“「『‘《"'), frozenset('”」』’》"')
_FUNCTION_TAGS: Final = frozenset("pmqrucyftkd")
"""First letters of the word cutter's tags for words that stand alone: prepositions, numerals, particles…"""

_NAME_TAGS: Final = ("nr", "ns", "nt", "nz")

_ATTACHED: Final = frozenset("各每到里是了过着上下中出完好成得起来去给掉住走开不没会要能就都也还")
"""Characters that make a phrase, not a word, with what stands beside them."""

_NUMERALS: Final = frozenset("〇零一二三四五六七八九十百千万亿两")
"""What is never changed, nor anything into it."""

_ASKING: Final = frozenset("哪谁啥咋")
"""What is never changed either (指哪四难)."""

_RANKS: Final = "省市县区镇乡村州"

_BEFORE_VERB: Final = frozenset("各共都")
"""What stands before a verb of one character that is right as it is (各提了多少)."""


_HOW_MANY: Final = ("多少", "几")
"""What stands before the measure word of things asked for (多少份), which is right as it is."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A stretch of the question as it was written, and as it was read."""

    written: str
    read: str


class _Change(NamedTuple):
    gain: float
    at: int
    character: str
    start: int
    end: int


class _Cut(NamedTuple):
    """A run of characters as words: what each character must gain to be changed, and where no word can begin."""

    least: dict[int, float]
    inside: frozenset[int]


class Speller:
    """Corrects questions to one collection."""

    def __init__(self, snapshot: Snapshot, characters: Characters, pairs: Pairs) -> None:
        passages = snapshot.store.passage_count
        self._store = snapshot.store
        self._lexical = snapshot.lexical
        self._rare = passages / PASSAGES_OF_NOISE
        self._in_collection = 1 / (2 * PAIRS_OF_PASSAGE * max(1, passages))
        self._at_large = 1 / (2 * pairs.total)
        self._characters = characters
        self._pairs = pairs
        self._likelihood = remembered(self._log_likelihood, 1 << 15)

    def correct(self, text: str) -> tuple[str, tuple[Correction, ...]]:
        """The text in simplified script, its length unchanged, and what was corrected in it."""
        corrections: list[Correction] = []
        for found in _RUN.finditer(text[:LONGEST_CORRECTED]):
            run = found.group()
            quoted = (
                text[found.start() - 1 : found.start()] in _OPENING and text[found.end() : found.end() + 1] in _CLOSING
            )
            if quoted and (read := self._quoted(run)):
                corrections.append(Correction(run, read))
                run = read
            elif not quoted or len(run) > LONGEST_WORD:
                run = self._plain(run, corrections)
            text = text[: found.start()] + run + text[found.end() :]
        return text, tuple(corrections)

    def _plain(self, run: str, corrections: list[Correction]) -> str:
        while len(corrections) < MOST_CORRECTIONS and (change := max(self._changes(run), default=None)):
            read = run[: change.at] + change.character + run[change.at + 1 :]
            part = slice(change.start, change.end)
            corrections.append(Correction(run[part], read[part]))
            run = read
        return run

    def _quoted(self, term: str) -> str | None:
        """A term in quotation marks as a passage has it. Who quotes means a name, so its words protect nothing; but the
        whole term that comes out must stand in such marks itself, or be a word of the collection.
        """
        if len(term) > LONGEST_TERM or all(map(self._knows, _pairs(term))):
            return None
        found = {read: self._likely(read) - cost for read, cost in self._one_slip_away(term)}
        likeliest = sorted(found, key=found.__getitem__, reverse=True)[:MOST_LOOKED_UP]
        coined = len(rjieba.cut(term, False)) > 1
        return next((read for read in likeliest if self._stands(read) or (coined and self._is_word(read))), None)

    def _one_slip_away(self, term: str) -> Iterator[tuple[str, float]]:
        """Terms of known pairs with one character changed, or two that follow each other exchanged."""
        for at, own in enumerate(term):
            for character, cost in self._slips(own):
                read = term[:at] + character + term[at + 1 :]
                if (not cost or len(term) > 2) and all(map(self._knows, _pairs(read))):
                    yield read, cost
            read = term[:at] + term[at + 1 : at + 2] + own + term[at + 2 :]
            if len(term) > 2 and all(map(self._knows, _pairs(read))):
                yield read, 0.0

    def _slips(self, character: str) -> Iterator[tuple[str, float]]:
        """What may have been meant by a character, and what it costs to take it."""
        if character not in _NUMERALS and character not in _ASKING:
            for other, cost in self._characters.confusable(character).items():
                if other not in _NUMERALS:
                    yield other, cost

    def _stands(self, term: str) -> bool:
        rows, _ = self._lexical.search(Terms([], _pairs(term)), MOST_LOOKED_UP)
        marked = re.compile(f"[{''.join(_OPENING)}]{re.escape(term)}[{''.join(_CLOSING)}]")
        return any(marked.search(fold(passage.indexed_text)) for passage in self._store.passages(rows.tolist()))

    def _likely(self, text: str) -> float:
        return sum(map(self._likelihood, _pairs(text)))

    def _changes(self, run: str) -> Iterator[_Change]:
        cut = self._cut(run)
        for at, least in cut.least.items():
            around = _pairs(run[max(0, at - 1) : at + 2])
            if all(map(self._knows, around)):
                continue
            before = self._likely(run[max(0, at - 1) : at + 2])
            for character, cost in self._slips(run[at]):
                read = run[:at] + character + run[at + 1 :]
                around = _pairs(read[max(0, at - 1) : at + 2])
                if not (all if least == LEAST_GAIN_OF_WORD else any)(map(self._knows, around)):
                    continue
                gain = self._likely(read[max(0, at - 1) : at + 2]) - before - cost
                if gain < least - LENGTH_GAIN * (LONGEST_WORD - 2):
                    continue
                if (word := self._word(read, at, cut)) and not _names_place(run, word):
                    gain += LENGTH_GAIN * (word[1] - word[0] - 2)
                    if gain >= least:
                        yield _Change(gain, at, character, *word)

    def _cut(self, run: str) -> _Cut:
        least: dict[int, float] = {}
        inside: set[int] = set()
        start = 0
        for word, tag in rjieba.tag(run):
            end = start + len(word)
            first = start + run[:start].endswith(_HOW_MANY)
            if len(word) > 1 and (self._is_word(word) or self._is_ordinary(word, tag)):
                inside.update(range(start + 1, end))
            elif len(word) > 2 or (len(word) == 2 and not _ATTACHED.intersection(word)):
                least.update(dict.fromkeys(range(first, end), LEAST_GAIN))
            elif len(word) == 2 or not (tag[0] in _FUNCTION_TAGS or _is_verb_of_each(run, start, tag)):
                least.update(dict.fromkeys(range(first, end), LEAST_GAIN_OF_WORD))
            start = end
        return _Cut(least, frozenset(inside))

    def _is_ordinary(self, word: str, tag: str) -> bool:
        """Whether the dictionary has a word; a longer name of which the collection knows nothing is likelier a slip."""
        known = len(word) == 2 or not tag.startswith(_NAME_TAGS) or any(map(self._knows, _pairs(word)))
        return known and len(rjieba.cut(word, False)) == 1

    def _word(self, run: str, at: int, cut: _Cut) -> tuple[int, int] | None:
        """The longest word of the collection over a place that takes known words whole or not at all."""
        for length in range(LONGEST_WORD, 1, -1):
            for start in range(max(0, at - length + 1), min(at, len(run) - length) + 1):
                end = start + length
                if not {start, end} & cut.inside and self._is_word(run[start:end]):
                    return start, end
        return None

    def _is_word(self, word: str) -> bool:
        return self._lexical.document_frequency("words", word) > self._rare

    def _knows(self, pair: str) -> bool:
        return self._count(pair) > self._rare

    def _count(self, pair: str) -> int:
        return self._lexical.document_frequency("bigrams", pair)

    def _log_likelihood(self, pair: str) -> float:
        seen = self._count(pair) * self._in_collection + self._pairs.count(pair) * self._at_large
        return math.log(seen + UNSEEN)


def _pairs(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)]


def _is_verb_of_each(run: str, at: int, tag: str) -> bool:
    return tag[0] == "v" and run[at - 1 : at] in _BEFORE_VERB


def _names_place(run: str, word: tuple[int, int]) -> bool:
    """Whether two characters stand before the rank of a place: one place is easily "corrected" into another."""
    start, end = word
    return end - start == 2 and run[end : end + 1] in _RANKS and end < len(run)
