"""Sentences in, matches out: how much of the question each and its surroundings speak of, and what it contradicts."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.occurrences import occurrences
from index.snapshot import Snapshot
from service.answering.agreement import places_agree, years_agree
from service.answering.places import is_known
from service.answering.question import Question
from service.answering.resemblance import is_told, is_told_apart
from service.answering.sentence import Sentence
from service.answering.slots import Slot
from service.answering.wording import KIND_NOUNS

SENTENCE_WEIGHT, HEADING_WEIGHT, LEAD_WEIGHT, NEIGHBOUR_WEIGHT, PASSAGE_WEIGHT, ARTICLE_WEIGHT = (
    1.0,
    0.8,
    0.7,
    0.6,
    0.5,
    0.3,
)
"""What a question word counts for, by where it is found."""

UNSEEN_WEIGHT = 0.4
"""Share of its weight that a question word keeps when no passage holds it."""

NAME_WEIGHT = 1.25
"""What a name in quotation marks weighs beside another word as rare."""

WORD_CHARS, MOST_WORDS = 4, 2.5
"""Characters of a quoted name that count as one word, and the most words that it counts for."""

OTHER_PART_WEIGHT = 0.5
"""Share of its weight that a word keeps for a slot that stands in another part of the question."""

SUBJECT_SHARE = 0.01
"""A proper name in at most this share of the passages is what a question is about."""

STRANGE, STRANGE_BELOW = 0.45, 0.7
"""Agreement of a sentence whose article does not know what the question is about, unless the sentence says that much of
all the rest: then what is taken for a name is more likely a rare word.
"""

NAMELESS = 0.45
"""Share of its agreement that a sentence keeps whose article does not hold a name or code that the question quotes."""

KIND_NOUN_WEIGHT = 0.3
"""Share of its weight that a word keeps which names the kind of the answer (比例, 机构), or is a single character."""


@dataclass(frozen=True, slots=True)
class WeightedWord:
    """A content word of the question with its inverse document frequency."""

    text: str
    start: int
    weight: float
    others: tuple[str, ...] = ()
    subject: bool = False
    """Whether it is a proper name of few passages, without which a sentence speaks of something else."""
    known: int = 1
    """In how many passages it stands."""
    unheard: bool = False
    """Whether it is a name of three characters or more, or a place on the map, of which no two characters stand together
    in any passage.
    """


@dataclass(frozen=True, slots=True)
class Match:
    """How a sentence stands to a question. `coverage` in 0..1 is the weighted share of question words found in and
    around it, `inside` the share in the sentence itself; `agreement` in 0..1 falls where years or places differ.
    """

    sentence: Sentence
    coverage: float
    inside: float
    agreement: float
    missing: tuple[str, ...]

    @property
    def score(self) -> float:
        return self.agreement * (0.7 * self.coverage + 0.3 * self.inside) + 0.15 * self.sentence.score


def weigh(question: Question, snapshot: Snapshot) -> list[WeightedWord]:
    """Question words with their inverse document frequency over the passages.

    A word that no passage holds is more often another way to say something than the heart of the question, so it
    keeps only a part of its weight; a foreign word that no passage holds is dropped.
    """
    total = max(1, snapshot.store.passage_count)
    weighted = []
    for word in question.words:
        known = snapshot.lexical.document_frequency("words", word.text)
        unheard = False
        if not known and len(word.text) > 1:
            parts = [snapshot.lexical.document_frequency("bigrams", pair) for pair in pairs(word.text)]
            known, name = min(parts), word.proper and (len(word.text) > 2 or is_known(word.text))
            unheard = name and not any(parts) and not word.others
        if not known and word.text.isascii() and not word.others:
            continue
        weight = math.log(1 + total / (1 + known))
        weight *= (
            _name_weight(word.text)
            if word.text in (*question.quoted, question.remark)
            else 1.0
            if known
            else UNSEEN_WEIGHT
        )
        weight *= KIND_NOUN_WEIGHT if word.text in KIND_NOUNS or len(word.text) == 1 else 1.0
        subject = word.proper and len(word.text) > 1 and 0 < known <= max(3, total * SUBJECT_SHARE)
        weighted.append(WeightedWord(word.text, word.start, weight, word.others, subject, known, unheard))
    return weighted


def _name_weight(name: str) -> float:
    """What a quoted name weighs: a long one as much as the words that it is made of."""
    return NAME_WEIGHT * min(MOST_WORDS, max(1.0, len(name) / WORD_CHARS))


def match(question: Question, words: Sequence[WeightedWord], candidates: Iterable[Sentence]) -> list[Match]:
    """Every sentence with its match, best first."""
    shares = [_Shares(word) for word in words]
    found = (_match(question, shares, sentence) for sentence in candidates)
    if question.quoted or question.codes:
        nameless = _Nameless(question)
        found = (_without(match) if nameless.has(match.sentence) else match for match in found)
    return sorted(found, key=lambda match: -match.score)


def _without(match: Match) -> Match:
    """The match of a sentence whose article does not hold a name that the question quotes."""
    return replace(match, agreement=match.agreement * NAMELESS)


def for_slot(
    question: Question, slot: Slot, words: Sequence[WeightedWord], matches: Sequence[Match]
) -> tuple[Question, Sequence[WeightedWord], Sequence[Match]]:
    """The question, its words and the same sentences as one of several slots sees them; unchanged where there is one slot.

    Words of other parts of the question, or of another thing asked of in the same part (甲和乙各多少), weigh half; places
    named with another slot, and other things quoted by name (《甲》和《乙》各多少), are no concern of this one.
    """
    if len(question.slots) < 2:
        return question, words, matches
    own = tuple(place for place in question.places if place in slot.focus)
    others = set(question.places) - set(own) if own else set[str]()
    start, end = slot.part
    apart = [other.focus for other in question.slots if other.part == slot.part and other.focus != slot.focus]
    elsewhere = [name for name in question.quoted if name not in slot.focus and name in "\n".join(apart)]
    kept = [
        word
        if start <= word.start < end and (word.text in slot.focus or not any(word.text in focus for focus in apart))
        else replace(word, weight=word.weight * OTHER_PART_WEIGHT)
        for word in words
        if not any(word.text.startswith(place) for place in others) and word.text not in elsewhere
    ]
    asked = replace(question, places=own or question.places)
    return asked, kept, match(asked, kept, [found.sentence for found in matches])


class _Shares(dict[str, float]):
    """Shares of one word already worked out; sentences of a passage have most of their surroundings in common."""

    def __init__(self, word: WeightedWord) -> None:
        super().__init__()
        self.word = word

    def __missing__(self, text: str) -> float:
        self[text] = found = share(self.word, text)
        return found


class _Nameless:
    """Which sentences stand in an article without a name that the question quotes, worked out once for each article."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._known: dict[tuple[str, str], bool] = {}

    def has(self, sentence: Sentence) -> bool:
        around = sentence.heading, sentence.whole
        if around not in self._known:
            self._known[around] = bool(named(self._question, sentence))
        return self._known[around]


def share(word: WeightedWord, text: str) -> float:
    """How much of a word a text says, 0..1: all of it, in other words, abbreviated or at length, or in part."""
    name = word.text
    if name in text:
        return 1.0
    if ("、" in name or len(name) == 2) and is_told_apart(name, text):
        return 1.0
    if word.others and any(map(text.__contains__, word.others)):
        return 0.85
    if len(name) >= 3:
        found = sum(map(text.__contains__, pairs(name))) / (len(name) - 1)
        if found >= 0.5:
            return found
    return 0.7 if 2 <= len(name) <= 4 and _at_length(name, text) else 0.0


@lru_cache(maxsize=4096)
def pairs(word: str) -> tuple[str, ...]:
    """The character pairs of a word; a single character is its own."""
    return tuple(word[i : i + 2] for i in range(len(word) - 1)) or (word,)


ABBREVIATED_CHARS = 3
"""Most characters that an abbreviation leaves out between two that it keeps."""


def _at_length(word: str, text: str) -> bool:
    """Whether a text holds what a short word may abbreviate: 民企 in 民营企业, 发改委 in 发展和改革委员会."""
    if not all(map(text.__contains__, word)):
        return False
    ends = [at + 1 for at in occurrences(text, word[0])]
    for character in word[1:]:
        after = ((end, text[end : end + 1 + ABBREVIATED_CHARS].partition("\n")[0]) for end in ends)
        ends = [end + gap + 1 for end, line in after for gap, own in enumerate(line) if own == character]
    return bool(ends)


def _match(question: Question, words: Sequence[_Shares], sentence: Sentence) -> Match:
    total = sum(shares.word.weight for shares in words) or 1.0
    covered = inside = 0.0
    missing = []
    strange = False
    around = (
        (HEADING_WEIGHT, sentence.heading),
        (LEAD_WEIGHT, sentence.lead),
        (NEIGHBOUR_WEIGHT, sentence.before),
        (PASSAGE_WEIGHT, sentence.passage),
        (ARTICLE_WEIGHT, sentence.whole),
    )
    for shares in words:
        word, own = shares.word, shares[sentence.folded]
        best = SENTENCE_WEIGHT * own
        for weight, text in around:
            if weight <= best:
                break
            if (found := weight * shares[text]) > best:
                best = found
        covered += word.weight * best
        inside += word.weight * own
        if not best:
            missing.append(word.text)
            strange = strange or word.subject
    agreement = years_agree(question, sentence) * places_agree(question, sentence)
    agreement *= STRANGE if strange and inside < STRANGE_BELOW * total else 1.0
    return Match(sentence, covered / total, inside / total, agreement, tuple(missing))


def named(question: Question, sentence: Sentence) -> tuple[str, ...]:
    """The quoted names and codes of the question that the sentence's article does not hold."""
    around = f"{sentence.heading}{sentence.whole}"
    plain = "".join(around.split())
    wanted = ("".join(name.split()) for name in (*question.quoted, *question.codes))
    return tuple(name for name in wanted if not is_told(name, plain))
