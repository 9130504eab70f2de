"""A question in, what it asks for out: its slots in order, its content words, and what an answer must agree with.

A slot is one thing asked for. In Chinese the question word stands where the answer would stand, so the words to its
left and right are the words to expect around the answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.asking.spelling import Correction
from index.terms import fold
from service.answering.names import SURNAMES, find_names, is_common, tagged
from service.answering.periods import relative_years, years_in
from service.answering.places import asked_places, is_known, is_name
from service.answering.sides import both_sides
from service.answering.slots import VAGUE, Slot, find_slots, taken_over
from service.answering.wording import FILLER, SYNONYMS


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of the question, and other ways in which a source may write it."""

    text: str
    start: int
    others: tuple[str, ...] = ()
    proper: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """`text` is the question folded to simplified script and normal width; `asked` is what the person wrote.

    `years`, `places`, `quoted` and `codes` are what evidence must agree with. Places are stems (深圳市 → 深圳).
    `background` is the question before, where this one leans on it. `corrections` is what was taken for misspelt.
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
    corrections: tuple[Correction, ...] = ()
    distances: tuple[int, ...] = ()
    """Years told by their distance from the article's own: 去年 is -1."""
    remark: str = ""
    """Words of somebody who is asked for; a source may tell them in part, or a little otherwise."""

    @property
    def searched(self) -> str:
        """What retrieval is asked: the question with the subject of the turn before, if it leans on one."""
        return f"{self.background} {self.text}".strip()


_CODE = re.compile(r"[A-Za-z]*\d+(?:\+[\dA-Za-z]+)+|[A-Z]{2,}\d*|[A-Za-z]+\d+|\d+[A-Za-z]+")
_QUOTED = re.compile(r"(?<=[“「『‘])[^“”「」『』‘’]{1,40}(?=[”」』’])|(?<=《)[^《》]+(?=》)")
_MEDIUM = re.compile(
    r"《(?P<name>[^《》]+)》(?:杂志|月刊|半月刊|周刊|这[一期本]|本期|谈|刊[登发载]|登载|发表|报道|上[的刊那一]|里那)"
)
"""A magazine or paper: what is asked for stands in it, and need not name it."""
_LEANING = re.compile(
    r"^(?:那么?|其中|它|他|她|这|该|其|还有|另外|又|再|上述|此外|同期|and|what about)|呢[？?]?$"
    r"|它|该市|该县|该中心|他们|这个|这些|这项|这种|这里|那里"
)
_BLANK = re.compile(r"[\da-z+]*几[\da-z+几]*")
"""A formula whose numbers a question leaves open (“1+几+几”)."""

_LATIN = re.compile(r"[a-z .'\-]+")
_PROPER = frozenset("nr nrt nrfg ns nt nz".split())
"""Tags of the word cutter for proper names."""

_PIECES = "g"
"""Tag of single characters, which may be pieces of a name."""

_COUNTED = re.compile("(?:什么|哪[个些种项家类位])$")
_NO_NAME = re.compile("[那这某每各几]|新一")
"""How words begin that the cutter takes for names (那阵子, 新一轮)."""

_LED_IN = re.compile("[按据照依被把让给](?P<name>[\u4e00-\u9fff]{2,3})")
"""A name with the preposition before it, which the cutter takes for its first character."""

_COSTS = ("成本", "费用", "支出")
"""What a fee is called too: 购置费, 购置成本."""

_ABBREVIATED = re.compile(".{0,2}|了?(?:多少|几|哪些|什么)[个项条件]?")
"""What may stand between two words that one of their first characters abbreviates (减轻多少负担: 减负)."""

_COLLOQUIAL = (
    (re.compile("头一(?=[个家批次届座条支所])"), "首"),
    (re.compile(r"头(?=(?:[两二三四五六七八九十几]|\d+)(?:个?月|年|天|批|个季度))"), "前"),
)
"""What is said 头一个 and 头几个月 is written 首个 and 前几个月."""

_LACKING = re.compile("没有?(?P<what>[\u4e00-\u9fff])(?=的)")
"""What something lacks, as it is said; written it is one word (没有主的: 无主)."""

_HOW_MANY = re.compile(r"(?:[二三四五六七八九十两]|\d+)大")
"""How many things a list has (十大产业): whether it lists them all is seen there."""

_PLACE_RANK = re.compile("[国省州市县区镇乡村岛山江河湖港]$")

_CARRY_NOTHING = frozenset("x u uj ul uv uz y r p c d m q f".split())
"""Tags of the word cutter for marks, particles, pronouns, prepositions, adverbs, numerals and measure words."""


def understand(asked: str, history: tuple[str, ...] = ()) -> Question:
    """Read a question. `history` holds the person's earlier questions, oldest first.

    A question that leans on the one before (那、其中、它…, or with hardly a content word of its own) is read together
    with it: its words, and its places and names where the question gives none.
    """
    text = re.sub(r'"([^"]*)"', r"“\1”", re.sub(r"\s+", " ", fold(asked))).strip()
    for said, written in _COLLOQUIAL:
        text = said.sub(written, text)
    words, slots = _content_words(text), both_sides(find_slots(text), text)
    background = ""
    if history and (_LEANING.search(text) or (len(words) < 2 and not _quoted(text))):
        background = fold(history[-1])
        own = {word.text for word in words}
        words += tuple(word for word in _content_words(background) if word.text not in own)
        if all(slot.kind in VAGUE for slot in slots):
            slots = taken_over(find_slots(background), text)
    quoted = _quoted(text) or _quoted(background)
    remark = _remark(text, quoted)
    codes = [fold(code) for code in _CODE.findall(asked) if is_chinese(text) and fold(code) not in SYNONYMS]
    return Question(
        asked=asked,
        text=text,
        slots=slots,
        words=_with_names(words, quoted, text),  # a remark too
        years=years_in(text) or _bare_years(text) or years_in(background),
        places=asked_places(text) or asked_places(background),
        quoted=tuple(name for name in quoted if name != remark),
        codes=tuple(codes),
        background=background,
        distances=relative_years(text) or relative_years(background),
        remark=remark,
    )


def translated(question: Question) -> Question:
    """The question without the names that a translation word by word makes up, where it was asked in another language;
    places on the map stay.
    """
    if is_chinese(question.asked):
        return question
    words = tuple(replace(word, proper=word.proper and is_known(word.text)) for word in question.words)
    return replace(question, words=words, places=tuple(filter(is_known, question.places)), codes=())


def is_chinese(text: str) -> bool:
    """Whether most letters of a question are Chinese; names in others are only translated, word by word."""
    return len(re.findall(r"[\u4e00-\u9fff]", text)) > len(re.findall("[A-Za-z]", text))


def _with_names(words: tuple[Word, ...], names: tuple[str, ...], text: str) -> tuple[Word, ...]:
    """Content words with each quoted name as one word in place of its pieces."""
    for name in names:
        start = text.find(name)
        if len(name) > 2:
            kept = tuple(word for word in words if start < 0 or not start <= word.start < start + len(name))
            words = (*kept, Word(name, max(0, start)))
    return words


def _bare_years(text: str) -> tuple[int, ...]:
    """Years given without 年: in a keyword query (2022 合作周 签约金额), or before a name (2023住房公积金年度), which may begin
    with a place (2024杭州亚运会).
    """
    places = asked_places(text)
    return tuple(
        int(match[1])
        for match in _BARE_YEAR.finditer(text)
        if match["alone"] is not None or text.startswith(places, match.end())
    )


_BARE_YEAR = re.compile(r"(?<![\d.])((?:19|20)\d\d)(?P<alone>(?=$|\s|[\u4e00-\u9fff]{2,8}年度))?")


def _quoted(text: str) -> tuple[str, ...]:
    media = {match["name"] for match in _MEDIUM.finditer(text)}
    no_names = (quote for quote in _QUOTED.findall(text) if _LATIN.fullmatch(quote) or _BLANK.fullmatch(quote))
    return tuple(quote for quote in _QUOTED.findall(text) if quote not in {*media, *no_names})


_SAID = re.compile(
    "谁(?:之口|[的所]?说|[的所]?讲|的话|的原话)|(?:这|那)[句番段]?话|出自谁|哪位.{0,8}(?:说|讲)|who said"
)
REMARK_CHARS = 6


def _remark(text: str, quoted: Sequence[str]) -> str:
    """The words that a question quotes to hear who said them."""
    longest = max(quoted, key=len, default="")
    return longest if len(longest) >= REMARK_CHARS and _SAID.search(text) else ""


def _joined(words: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    """The words with single characters that follow each other as one: a name that the cutter does not know (浣江)."""
    joined: list[tuple[str, int, str]] = []
    for word, start, tag in words:
        last = joined[-1] if joined else ("", 0, "")
        single = len(word) == 1 and not word.isascii()
        if single and 0 < len(last[0]) < 3 and last[2] == _PIECES and last[1] + len(last[0]) == start:
            joined[-1] = last[0] + word, last[1], _PIECES
        else:
            joined.append((word, start, _PIECES if single else tag))
    return joined


def _may_name(word: str, tag: str, before: str, after: str) -> bool:
    """Whether a word that the cutter takes for a name may be one: not what a question word counts (什么荣誉), and no place
    that is neither on the map nor of a rank.
    """
    if (
        (tag == "nr" and len(word) == 2 and (word[0] not in SURNAMES or is_common(word)))
        or (tag == "nz" and is_common(word))
        or _COUNTED.search(before)
        or _NO_NAME.match(word)
        or (tag == "ns" and not (is_known(word) or _PLACE_RANK.search(word)))
    ):
        return False
    return is_name(word, after)


def _with_persons(text: str) -> list[tuple[int, str, str]]:
    """The words of a text, with persons named after their office whole where the cutter cuts them in two (传承 人缪成 金拜)."""
    cut = list(tagged(text))
    for name in find_names(text, "person"):
        if any((start, word) == (name.start, name.text) for start, word, _ in cut):
            continue
        kept = []
        for start, word, tag in cut:
            end = start + len(word)
            if end <= name.start or name.end <= start:
                kept.append((start, word, tag))
            else:
                rests = (
                    (start, word[: max(0, name.start - start)]),
                    (max(start, name.end), word[max(0, name.end - start) :]),
                )
                kept += [(at, rest, "x" if len(rest) == 1 else tag) for at, rest in rests if rest]
        cut = sorted([*kept, (name.start, name.text, "nr")])
    return cut


def _content_words(text: str) -> tuple[Word, ...]:
    """Words that say what the question is about; two that follow each other also stand for their first characters
    (减轻负担 → 减负).
    """
    found = _joined([
        (word, start, tag)
        for start, word, tag in _with_persons(text)
        if word not in FILLER and tag not in _CARRY_NOTHING and word[0] != "哪" and re.search(r"\w", word) and not _HOW_MANY.fullmatch(word)
    ])  # fmt: skip
    found += [("无" + lack["what"], lack.start(), "n") for lack in _LACKING.finditer(text)]
    words, chinese = [], is_chinese(text)
    for number, (word, start, tag) in enumerate(found):
        others = [*SYNONYMS.get(word, ()), *(word[:-1] + cost for cost in _COSTS if word[-1] == "费" and len(word) > 2)]
        for other, begin, _ in found[max(0, number - 1) : number + 2]:
            if (
                len(word) == len(other) == 2
                and begin != start
                and _ABBREVIATED.fullmatch(text[min(start, begin) + 2 : max(start, begin)])
            ):
                others.append(word[0] + other[0] if start < begin else other[0] + word[0])
        proper = chinese and tag in _PROPER and _may_name(word, tag, text[:start], text[start + len(word) :])
        led = proper and _LED_IN.fullmatch(word)  # 按辛鸣的说法
        words.append(
            Word(led["name"], start + 1, tuple(others), True) if led else Word(word, start, tuple(others), proper)
        )
    return tuple(words)
