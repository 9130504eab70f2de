"""A question in, what it asks for out: its slots in order, its content words, and what an answer must agree with.

A slot is one thing asked for. In Chinese the question word stands where the answer would stand, so the words to its
left and right are the words to expect around the answer.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from index.terms import fold
from service.answering.figures import MEASURE_WORDS, MONEY
from service.answering.names import find_names, place_stem, tagged
from service.answering.periods import find_periods, years_in
from service.answering.wording import (
    FILLER,
    MONEY_UNITS,
    NUMERIC_NOUNS,
    QUESTION_WORDS,
    SHARE_UNITS,
    SYNONYMS,
    TIME_UNITS,
    Kind,
)


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing asked for. `units` are the units an answer may have (年 or 日 for a date asked for to the year or
    day); empty when any will do. `count` is how many items a list should have, when the question says so.

    `focus` is the stretch of the question that says which thing is meant, `at` where in it the question word stood.
    """

    kind: Kind
    focus: str
    at: int
    units: frozenset[str] = frozenset()
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of the question, and other ways in which a source may write it."""

    text: str
    start: int
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """`text` is the question folded to simplified script and normal width; `asked` is what the person wrote.

    `years`, `places`, `quoted` and `codes` are what evidence must agree with. Places are stems (深圳市 → 深圳).
    `background` is the question before, where this one leans on it.
    """

    asked: str
    text: str
    slots: tuple[Slot, ...]
    words: tuple[Word, ...]
    years: tuple[int, ...] = ()
    places: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    background: str = ""

    @property
    def searched(self) -> str:
        """What retrieval is asked: the question with the subject of the turn before, if it leans on one."""
        return f"{self.background} {self.text}".strip()


_UNIT = re.compile(rf"(?:万亿|千万|百万|亿|万|千|百)?(?P<unit>{MONEY}|钱|{MEASURE_WORDS}|人|个百分点|百分点)")
_CODE = re.compile(r"[A-Za-z]*\d+(?:\+[\dA-Za-z]+)+|[A-Z]{2,}\d*|[A-Za-z]+\d+|\d+[A-Za-z]+")
_QUOTED = re.compile(r"(?<=[“「『‘])[^“”「」『』‘’]{1,40}(?=[”」』’])|(?<=《)[^《》]+(?=》)")
_LEANING = re.compile(
    r"^(?:那么?|其中|它|他|她|这|该|其|还有|另外|又|再|上述|此外|同期|and|what about)|呢[？?]?$"
    r"|它|该市|该县|该中心|他们|这个|这些|这项|这种|这里|那里"
)
_CHANGING = re.compile(r"(?:[降升涨增减缩提扩]|下滑|翻)[低长加少短高升大减]?了?$")
"""What ends before the question word where a change is asked for: 成本降了多少 may be told an amount or a share."""

_LATIN = re.compile(r"[a-z .'\-]+")
_CARRY_NOTHING = frozenset("x u uj ul uv uz y r p c d m q f".split())
"""Tags of the word cutter for marks, particles, pronouns, prepositions, adverbs, numerals and measure words."""


def understand(asked: str, history: tuple[str, ...] = ()) -> Question:
    """Read a question. `history` holds the person's earlier questions, oldest first.

    A question that leans on the one before (那、其中、它…, or with hardly a content word of its own) is read together
    with it: its words, and its places and names where the question gives none.
    """
    text = re.sub(r'"([^"]*)"', r"“\1”", re.sub(r"\s+", " ", fold(asked))).strip()
    words = _content_words(text)
    background = ""
    if history and (_LEANING.search(text) or (len(words) < 2 and not _quoted(text))):
        background = fold(history[-1])
        own = {word.text for word in words}
        words += tuple(word for word in _content_words(background) if word.text not in own)
    quoted = _quoted(text) or _quoted(background)
    words += tuple(Word(name, max(0, text.find(name))) for name in quoted if len(name) > 2)
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text)) * 2 > len(text)
    codes = [fold(code) for code in _CODE.findall(asked) if chinese and fold(code) not in SYNONYMS]
    return Question(
        asked=asked,
        text=text,
        slots=_slots(text),
        words=words,
        years=years_in(text),
        places=_place_stems(text) or _place_stems(background),
        quoted=quoted,
        codes=tuple(codes),
        background=background,
    )


def _place_stems(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place_stem(name.text) for name in find_names(text, "place")))


def _quoted(text: str) -> tuple[str, ...]:
    return tuple(quote for quote in _QUOTED.findall(text) if not _LATIN.fullmatch(quote))


def _slots(text: str) -> tuple[Slot, ...]:
    slots = [slot for part in _parts(text) for slot in _slots_of(part)]
    vague = (Kind.OPEN, Kind.YES_NO)
    chosen = [slot for slot in slots if slot.kind not in vague] or slots[:1]
    return tuple(chosen) or (Slot(Kind.OPEN, text, len(text)),)


def _parts(text: str) -> list[str]:
    """Stretches of a compound question, cut at question marks, semicolons and commas."""
    cuts = [0, *(match.end() for match in re.finditer(r"[？?；;，,。]", text)), len(text)]
    return [text[a:b] for a, b in pairwise(cuts) if text[a:b].strip()]


def _slots_of(part: str) -> list[Slot]:
    taken: list[tuple[int, int, Kind]] = []
    bare = part.rstrip("？?；;，,。 ")
    for kind, pattern in QUESTION_WORDS:
        for match in pattern.finditer(bare):
            if all(match.end() <= start or match.start() >= end for start, end, _ in taken):
                taken.append((*match.span(), kind))
    taken.sort()
    slots: list[Slot] = []
    for number, (start, end, kind) in enumerate(taken):
        left = taken[number - 1][1] if number else 0
        right = taken[number + 1][0] if number + 1 < len(taken) else len(bare)
        units = _units(bare, start, end, kind)
        subjects = _coordinated(bare[left:start], bare[end:right]) if kind in (Kind.FIGURE, Kind.DATE) else []
        for subject in subjects:
            slots.append(Slot(kind, subject, len(subject), units))
        if not subjects:
            slots.append(Slot(kind, bare[left:start] + bare[end:right], start - left, units, _count(bare)))
    return slots


def _count(part: str) -> int | None:
    match = re.search(r"([2-9]|[1-9]\d|[二三四五六七八九十两])(?:大|个|项|种|类|方面|条|化|样|点)", part)
    if not match:
        return None
    return (
        int(match[1])
        if match[1].isdigit()
        else {"两": 2, "十": 10}.get(match[1]) or "零一二三四五六七八九".index(match[1])
    )


def _coordinated(left: str, right: str) -> list[str]:
    """The subjects of “A和B各多少”, “A、B分别是多少” or “分别给多少种A、B和C…”; empty when there is just one."""
    if match := re.search(r"^(?P<subjects>.+?)(?:分别|各自?)(?P<verb>.{0,6})$", left):
        return [subject + match["verb"] for subject in _listed(match["subjects"])]
    if "分别" in left:
        return _listed(right)
    return []


def _listed(text: str) -> list[str]:
    subjects, piece = [], ""
    for _, word, _tag in tagged(text):
        if word in ("和", "与", "及", "以及", "、", "跟"):
            subjects.append(piece)
            piece = ""
        else:
            piece += word
    subjects.append(piece)
    return [subject for subject in subjects if subject.strip()] if len(subjects) > 1 else []


def _units(part: str, start: int, end: int, kind: Kind) -> frozenset[str]:
    """The units that fit: the measure word after the question word, else what the noun beside it is counted in."""
    word = part[start:end]
    if kind is Kind.DATE:
        return frozenset("年" if "年" in word or "year" in word else "日" if re.search("[天日号]", word) else "")
    if kind is not Kind.FIGURE:
        return frozenset()
    starts = {position for position, _, _ in tagged(part)} | {len(part)}
    after = _UNIT.match(part, end)
    if after and (after.end() in starts or after["unit"] in ("家", "名", "件", "人次", "钱")):
        unit = after["unit"]
        return MONEY_UNITS if unit == "钱" or unit in MONEY_UNITS else frozenset({unit})
    if "百分" in word or "成" in word or word == "多高":
        return SHARE_UNITS
    if word in ("多久", "多长时间", "how long"):
        return TIME_UNITS
    if _CHANGING.search(part[:start]):
        return frozenset()
    for beside in (part[end : end + 8], part[max(0, start - 8) : start] + word):
        for noun, units in NUMERIC_NOUNS:
            if noun.search(beside):
                return units
    return frozenset()


def _content_words(text: str) -> tuple[Word, ...]:
    """Words that say what the question is about; two that follow each other also stand for their first characters
    (减轻负担 → 减负).
    """
    periods = [(period.start, period.end) for period in find_periods(text)]
    found = [
        (word, start)
        for start, word, tag in tagged(text)
        if word not in FILLER
        and tag not in _CARRY_NOTHING
        and re.search(r"\w", word)
        and not any(begin <= start < end for begin, end in periods)
    ]
    words = []
    for number, (word, start) in enumerate(found):
        others = list(SYNONYMS.get(word, ()))
        for other, begin in found[max(0, number - 1) : number + 2]:
            if len(word) == len(other) == 2 and 0 < abs(begin - start) <= 4:
                others.append(word[0] + other[0] if start < begin else other[0] + word[0])
        words.append(Word(word, start, tuple(others)))
    return tuple(words)
