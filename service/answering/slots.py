"""The text of a question in, its slots out: each thing asked for, in order, with its kind, units and own stretch of text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.sentences import Span
from service.answering.names import find_names, tagged
from service.answering.parts import asked_parts
from service.answering.units import CHANGING, LASTING, MEASURED, counted_in, units_of
from service.answering.wording import (
    BITS,
    KEYWORD_ENDS,
    LONG_TOLD,
    QUESTION_WORDS,
    SUPPOSED,
    Kind,
)

VAGUE = (Kind.OPEN, Kind.YES_NO)


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing asked for. `units` are the units an answer may have (年 or 日 for a date asked for to the year or
    day); empty when any will do. `count` is how many items a list should have, when the question says so.

    `change` when the size of a change is asked for (降了多少), `rank` when a place in an order is (第几期, 名次).

    `focus` is the stretch of the question that says which thing is meant, `at` where in it the question word stood;
    `part` is the span of the part of a compound question that it stands in.
    """

    kind: Kind
    focus: str
    at: int
    units: frozenset[str] = frozenset()
    change: bool = False
    rank: bool = False
    count: int | None = None
    part: Span = (0, 0)
    word: str = ""
    """The question word, with the noun that it takes in (哪家公司)."""
    names: tuple[str, ...] = ()
    """The parts of something that are asked of one by one (“1+8+x”: 1, 8 and x)."""


_EACH = re.compile("每一?[项个条种类件]|分别|各自?(?=是|叫|指)|逐[项一条]")
"""Words that ask for each of several things told of before (“五大计划”每一项叫什么)."""

_NAMES_ALONE = re.compile("(?:全部|完整|各自)?(?:名称|名字|名单)")
"""What asks for the names of things told of before (7项行动，全部名称是哪些)."""

_RANK = re.compile("名次|排名|位次")

_SPAN_OF_TIME = re.compile("从(?:哪|什么|何|几).{1,8}到(?:哪|什么|何|几)")
"""A period asked for by both its ends is one thing asked for (从哪年到哪年)."""

_NAMED = (Kind.PERSON, Kind.ORGANISATION, Kind.PLACE)
_DIVIDED = frozenset({Kind.FIGURE, Kind.DATE, Kind.OPEN, Kind.DEFINITION, Kind.DOCUMENT, *_NAMED})
"""Kinds that may be asked for of several things at once (甲和乙各多少, 甲和乙分别由谁牵头)."""

_FEW = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "2": 2, "3": 3, "4": 4, "5": 5}
"""How many names are asked for (哪两个机关): each is a slot of its own."""

_SEVERAL = re.compile("^.*?哪")

_JOINING = ("和", "与", "及", "以及", "、", "跟")


_Asked = tuple[int, int, Kind]
"""Start, end and kind of a question word, or of what stands for one."""


def find_slots(text: str) -> tuple[Slot, ...]:
    """The slots of a folded question; one vague slot for a question without a question word."""
    parts = [(part, text[slice(*part)].rstrip("？?；;，,。 ")) for part in _parts(text)]
    asked = [(part, bare, _question_words(bare)) for part, bare in parts]
    if not any(taken for *_, taken in asked):
        asked = [(part, bare, _keywords(bare)) for part, bare in parts]
    slots = [replace(slot, part=part) for part, bare, taken in asked for slot in _slots_of(bare, taken)]
    if _SPAN_OF_TIME.search(text):
        dates = [slot for slot in slots if slot.kind is Kind.DATE]
        slots = [slot for slot in slots if slot.kind is not Kind.DATE or slot is dates[0]]
    slots = [slot for slot in slots if slot.word != "名单" or len(slots) == 1]  # 为什么跌出十强名单 asks for none
    slots = [_of_named_group(_of_parts(slot, text)) for slot in slots]
    count = _count(text) or _coded(text)
    if count and (_EACH.search(text) or _NAMES_ALONE.fullmatch(slots[-1].focus if slots else "")):
        slots = [_of_each(slot, count) for slot in slots]
    slots = [slot for slot in slots if not SUPPOSED.search(text[slice(*slot.part)])] or slots
    clear = [slot for slot in slots if slot.kind not in VAGUE]
    chosen = [slot for slot in slots if slot in clear or _asks_apart(slot, clear)] if clear else _first(slots)
    kind = Kind.LIST if count else Kind.OPEN
    return tuple(chosen) or (Slot(kind, text, len(text), count=count, part=(0, len(text))),)


def _asks_apart(slot: Slot, others: Sequence[Slot]) -> bool:
    """Whether a vague slot asks for one thing of a class in a part of its own (始于哪个朝代，要几道工序)."""
    thing = tagged(slot.focus[slot.at :])[:1]
    classed = _OF_CLASS.fullmatch(slot.word) is not None and any(tag.startswith("n") for *_, tag in thing)
    return slot.kind is Kind.OPEN and classed and all(slot.part != other.part for other in others)


_OF_CLASS = re.compile("哪(?:个|种|项|款|类|条|座|部)")


def _of_named_group(slot: Slot) -> Slot:
    """A slot that asks what several things are called asks for a list."""
    group = slot.kind is Kind.OPEN and slot.word.startswith("叫") and slot.count
    return replace(slot, kind=Kind.LIST) if group and _GROUP_CALLED.search(slot.focus[: slot.at]) else slot


_EXPLAINED = (Kind.DEFINITION, Kind.LIST)
"""Kinds that ask of all parts of a formula where they name none of them."""


def _of_parts(slot: Slot, text: str) -> Slot:
    """A slot with the parts that it asks of; a vague one that asks of several asks for a list."""
    if slot.kind not in (*_EXPLAINED, Kind.MEASURE, Kind.OPEN):
        return slot
    names = asked_parts(text, slot.kind in _EXPLAINED)
    several = slot.kind is Kind.OPEN and len(names) > 1
    return replace(slot, names=names, kind=Kind.LIST if several else slot.kind)


_NAME_NOUN = re.compile(
    "(?:^|[^\u4e00-\u9fff])(?:歌名|书名|片名|剧名|校名|店名|品牌名|项目名|全称|全名|名称|名字|题目|主题|标题|口号)$"
)
"""Nouns for a name, alone before what asks for it."""

_DESCRIBED = re.compile(r"(?<![说讲提指谓称搞推])的(?P<noun>[^的“”《》，,、各]{2,16})$")


def _is_described(bare: str, start: int, end: int) -> bool:
    """Whether a thing is asked for by what is said of it (合作周的主题是什么), and not what a thing is that is named."""
    if _NAME_NOUN.search(bare[:start]) and re.fullmatch("是(?:什么|啥)", bare[start:end]):
        return True
    described = _DESCRIBED.search(bare[:start])
    return (
        described is not None
        and re.fullmatch("是(?:什么|啥)", bare[start:end]) is not None
        and not _count(bare[:start])
        and not LONG_TOLD.search(described["noun"])
    )


def _first(slots: list[Slot]) -> list[Slot]:
    """The first of several vague slots, with those that ask the same of other things (甲和乙各处于什么位置)."""
    return [
        slot for slot in slots if (slot.part, slot.word) == (slots[0].part, slots[0].word) and slot.kind is Kind.OPEN
    ] or slots[:1]


def _of_each(slot: Slot, count: int) -> Slot:
    """A slot that asks for each of several things told of before."""
    if slot.kind is Kind.OPEN:
        return replace(slot, kind=Kind.LIST, count=count)
    return replace(slot, count=slot.count or count) if slot.kind in (Kind.LIST, Kind.DEFINITION) else slot


def _coded(text: str) -> int | None:
    """How many parts a code has, as “1+5+16” or “234”."""
    code = re.search(r"\d+(?:\+[\dA-Za-z]+)+|(?<=“)\d{2,4}(?=”)", text)
    if not code:
        return None
    return code[0].count("+") + 1 if "+" in code[0] else len(code[0])


def taken_over(slots: tuple[Slot, ...], text: str) -> tuple[Slot, ...]:
    """The slots of an earlier question, asked now about the subject of `text` (那文化驿站呢？)."""
    subject = re.sub(r"^(?:那么?|其中)|呢?[？?]?$", "", text)
    return tuple(replace(slot, focus=subject, at=len(subject), part=(0, len(text))) for slot in slots)


def _parts(text: str) -> list[Span]:
    """Stretches of a compound question, cut at question marks, semicolons and commas."""
    cuts = [0, *(match.end() for match in re.finditer(r"[？?；;，,。]", text)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if text[a:b].strip()]


def _slots_of(bare: str, taken: Sequence[_Asked]) -> list[Slot]:
    """The slots of a part without its last mark, whose question words are `taken`."""
    slots: list[Slot] = []
    for number, (start, end, asked) in enumerate(taken):
        left = taken[number - 1][1] if number else 0
        right = taken[number + 1][0] if number + 1 < len(taken) else len(bare)
        kind = Kind.OPEN if asked is Kind.DEFINITION and _is_described(bare, start, end) else asked
        units = units_of(bare, start, end, kind)
        subjects = _coordinated(bare[left:start], bare[end:right]) if kind in _DIVIDED else []
        if kind in VAGUE and BITS.search(bare[left:start]):  # 交易前、中、后各用哪句口诀
            subjects = []
        for subject in subjects:
            told = MEASURED.match(bare, end) or bare[start:end] in LASTING
            own = counted_in(subject) if units and not told else units
            focus = subject if subject in bare[end:right] else subject + bare[end:right]
            slots.append(Slot(kind, focus, len(subject), own, word=bare[start:end]))
        if not subjects:
            change = kind is Kind.FIGURE and bool(CHANGING.search(bare[:start]))
            slot = Slot(
                kind,
                bare[left:start] + bare[end:right],
                start - left,
                units,
                change,
                bare[start:end].startswith("第") or bool(_RANK.fullmatch(bare[start:end])),
                _count(bare, start),
                word=bare[start:end],
            )
            slots.extend(
                [slot] * (_FEW.get(_SEVERAL.sub("", slot.word)[:1], 1) if kind in (*_NAMED, Kind.DOCUMENT) else 1)
            )
    return slots


def _question_words(part: str) -> list[_Asked]:
    """The question words in order."""
    taken: list[_Asked] = []
    for kind, pattern in QUESTION_WORDS:
        for match in pattern.finditer(part):
            if all(match.end() <= start or match.start() >= end for start, end, _ in taken):
                figurative = kind is Kind.PLACE and _NO_GROUND.search(part[: match.start()])
                taken.append((*match.span(), Kind.OPEN if figurative else kind))
    return sorted(taken)


def _keywords(part: str) -> list[_Asked]:
    """The noun that stands for a question word in a keyword query: the last that says what is counted, done or when."""
    if not (nouns := list(KEYWORD_ENDS.finditer(part))):
        return []
    noun = nouns[-1]
    kind = Kind.DATE if noun["date"] else Kind.MEASURE if noun["measure"] else Kind.FIGURE
    return [(*noun.span(), kind)]


_NO_GROUND = re.compile("(?:重[点心]|核心|关键|优势|不同|区别|亮点|难点|差距|问题|原因|特色).{0,6}在$")
"""What comes before 哪里 where it asks for no place (重点放在哪里)."""


_COUNT = re.compile(
    r"(?<![\d一二三四五六七八九十百])([2-9]|1\d|20|[二三四五六七八九十两])(?:大|个|项|种|类|方面|条|化|样|点|步|路|张|招|道|套|级(?!市|城))"
)
_GROUP_CALLED = re.compile(rf"{_COUNT.pattern}[\u4e00-\u9fff]{{1,4}}”?(?:分别|各自?|都)?$")
"""Several things together right before what asks for their names (“三张清单”叫什么)."""

_ASKED_COUNT = re.compile(rf"哪{_COUNT.pattern}")
"""How many things are asked for goes before how many others there are (三十条措施…哪六大高地)."""


_ASKED_MANY = re.compile(r"哪([5-9]|1\d|[五六七八九十])(?=[\u4e00-\u9fff])(?![一二三四五六七八九十个大项种类方条])")
"""So many that they are things of one group, whatever they are counted by (哪十礼)."""


def _count(part: str, at: int | None = None) -> int | None:
    """How many things a part asks for: the number told last before the question word `at`, else the first."""
    before = list(_COUNT.finditer(part[:at])) if at else []
    match = _ASKED_COUNT.search(part) or _ASKED_MANY.search(part) or (before[-1] if before else _COUNT.search(part))
    if not match:
        return None
    if match[1].isdigit():
        return int(match[1])
    return {"两": 2, "十": 10}.get(match[1]) or "零一二三四五六七八九".index(match[1])


def _coordinated(left: str, right: str) -> list[str]:
    """The subjects of “A和B各多少”, “A、B分别是多少” or “分别给多少种A、B和C…”; empty when there is just one."""
    if match := re.search(r"^(?P<subjects>.+?)(?:分别|各自?)(?P<verb>.{0,8})$", left):
        subjects = _with_shared_noun(listed(_TOGETHER.sub("", match["subjects"])))
        if subjects:
            return [subject + match["verb"] for subject in subjects]
    if "分别" in left:
        return listed(right)
    if re.search("各$", left) or re.match("各", right):
        return _with_shared_noun(listed(left))
    return []


_TOGETHER = re.compile("这?[两二三四五][个者块地市县区家方类种项]$")
"""What sums up the things named before it (人才和开放两块)."""


def _with_shared_noun(subjects: list[str]) -> list[str]:
    """Places that share what is asked of them each get it: 甲市和乙市的满意率 → 甲市的满意率, 乙市的满意率."""
    if len(subjects) < 2 or not all(_is_place(subject) for subject in subjects[:-1]):
        return subjects
    last = find_names(subjects[-1], "place")
    if not last or last[0].start:
        return subjects
    shared = subjects[-1][last[0].end :]
    return [*(subject + shared for subject in subjects[:-1]), subjects[-1]]


def _is_place(text: str) -> bool:
    names = find_names(text, "place")
    return bool(names) and names[0].start == 0 and names[-1].end == len(text)


def listed(text: str) -> list[str]:
    """The things that a stretch of text names one after another (甲、乙和丙); none where it names one alone."""
    subjects, end = [], 0
    for start, word, tag in tagged(text):
        joined = tag == "ns" and len(word) > 1 and word[0] in _JOINING and start > end  # 市本级 和县 区级
        if word in _JOINING or joined:
            subjects.append(text[end:start])
            end = start + (1 if joined else len(word))
    subjects.append(text[end:])
    return [subject for subject in subjects if subject.strip()] if len(subjects) > 1 else []
