"""A figure or a name and a question in, how well its unit, year and role, or what the question says of it, suit out."""

import re

from service.answering.agreement import months_in, told_months
from service.answering.figures import Figure, find_figures
from service.answering.names import find_names
from service.answering.periods import covers, find_periods
from service.answering.question import Question
from service.answering.slots import Slot
from service.answering.sought import Sought
from service.answering.wording import MODIFIERS, MONEY_UNITS, SCORE_UNITS, TIME_UNITS, UNIT_FAMILIES


def figure_fit(figure: Figure, text: str, question: Question, slot: Slot) -> float:
    """How well a figure of a text suits a slot, 0..1: by its unit, size, period and role."""
    fit = unit_fit(figure, slot.units) * plainness(figure, text, question)
    fit *= of_its_need(figure, question) * of_its_share(figure, text, question) * of_its_stage(figure, text, question)
    fit *= of_its_size(figure, slot.word + slot.focus[slot.at :])
    fit *= of_its_year(figure, text, question) * of_its_months(figure, text, question)
    fit *= of_its_count(figure, text, slot) * of_its_average(figure, text, slot) * (not unasked_time(figure, slot))
    fit *= UNCHANGED if slot.change and not changed(text[: figure.start]) else 1.0
    return fit * of_its_name(figure.start, text, question, slot) * of_name_before(figure, text, question, slot)


def is_told_by(question: Question, figure: Figure) -> bool:
    """Whether the question itself tells a large figure, with its unit or without (2000万投资里…: 总投资2000万元)."""
    return figure.value >= LARGE and any(
        known.value == figure.value and known.unit in ("", figure.unit) for known in find_figures(question.text)
    )


LARGE = 100
UNCHANGED = 0.5
"""Fit of what is not the size of a change, where one is asked for."""


def unit_fit(figure: Figure, wanted: frozenset[str]) -> float:
    """How well a figure's unit suits: 1 for one asked for, 0.65 for one of the same family, 0.6 where the question
    leaves it open or the figure counts thousands without a unit (33万华侨); less for another without a unit; 0 for a unit
    of another kind.
    """
    if not figure.unit and wanted == SCORE_UNITS:
        return 0.9
    if not figure.unit:
        large = re.search("[万亿]", figure.text) and not wanted & MONEY_UNITS
        return 0.6 if large else 0.2 if wanted else 0.3
    if not wanted:
        return 0.6
    if figure.unit in wanted:
        return 1.0
    return 0.65 if any(figure.unit in family and wanted & family for family in UNIT_FAMILIES) else 0.0


def plainness(figure: Figure, text: str, question: Question) -> float:
    """Less than 1 for what is rarely asked for: small numerals in words (三个), and figures of a modifier (新增 9家) that
    the question does not have.
    """
    plain = 0.5 if figure.value < 10 and not re.search(r"\d", figure.text) else 1.0
    clause = re.split("[，；：。、]", text[: figure.start])[-1]
    unasked = [word for word in MODIFIERS if word not in question.text]
    if _TOTAL.search(question.text) and any(word in clause[-FAR_CHARS:] for word in unasked):
        return plain * PARTIAL
    return plain * (
        0.85 if any(word in text[max(0, figure.start - NEAR_CHARS) : figure.start] for word in unasked) else 1.0
    )


NEAR_CHARS, FAR_CHARS = 8, 12
"""Characters before a figure in which a modifier makes it another, and those of its clause where the whole is asked for."""

PARTIAL = 0.5
_TOTAL = re.compile("一共|总共|共有|总计|合计|累计|统共|拢共")
"""What asks for the whole, of which 新增 or 其中 is a part."""


def of_its_need(figure: Figure, question: Question) -> float:
    """Less than 1 for what has to be (不低于70%), where it is asked what was."""
    return NEEDED if figure.hedge in _NEEDED and not _NEEDING.search(question.text) else 1.0


def of_its_stage(figure: Figure, text: str, question: Question) -> float:
    """Less than 1 for where a change began (从465杆缩减至193杆), where it is asked what is left."""
    began = text[max(0, figure.start - 1) : figure.start] in ("从", "由") and _MOVING.match(text, figure.end)
    return OF_ANOTHER if began and _LEFT.search(question.text) else 1.0


_MOVING = re.compile("[\u4e00-\u9fff]{0,4}?[到至为]")
_LEFT = re.compile("还剩|剩下|剩[几多]")


def of_its_share(figure: Figure, text: str, question: Question) -> float:
    """Less than 1 for the share of something (80.2%的出口) that the question does not speak of, where the text tells that of
    something else, which it does speak of.
    """
    of = _SHARED.match(text, figure.end) if figure.unit == "%" else None
    if of is None or of["of"] in question.text:
        return 1.0
    others = (other["of"] for other in _SHARED.finditer(text))
    return OF_ANOTHER if any(other in question.text for other in others) else 1.0


OF_ANOTHER = 0.5
_SHARED = re.compile("(?<=[%％])的(?P<of>[\u4e00-\u9fff]{2})")
NEEDED = 0.5
_NEEDED = frozenset("不少于 不低于 不超过 不高于".split())
_NEEDING = re.compile(
    "要求|目标|至少|最[多少高低]|[底上下]限|底线|不[少低高超]|超过|以[上下内]|标准|规定|[要须应该]|设定|明确|提出|控制|起码|顶多|[多少高低]于"
)


def of_its_count(figure: Figure, text: str, slot: Slot) -> float:
    """Less than 1 for a single thing named with its measure word (一起纠纷), and for a bare number within a word (10大工坊), where
    something else is counted.
    """
    units = slot.units | TIME_UNITS
    single = figure.value == 1 and not re.search(r"\d", figure.text) and figure.unit not in units
    within = bool(slot.units) and not figure.unit and _WITHIN_WORD.match(text, figure.end) is not None
    return UNCOUNTED if single or (within and not re.search("[万亿]", figure.text)) else 1.0


UNCOUNTED = 0.1
_WITHIN_WORD = re.compile("[大城强县]")


def unasked_time(figure: Figure, slot: Slot) -> bool:
    """Whether a figure is a stretch of time where nothing speaks of time."""
    return figure.unit in TIME_UNITS and not (slot.units or slot.change or _TIMELY.search(slot.focus))


_TIMELY = re.compile("[时久年月天日期快早长短缩]|提前|推迟")


def of_its_average(figure: Figure, text: str, slot: Slot) -> float:
    """Less than 1 for a figure that its clause does not call an average, where one is asked for."""
    clause = re.split("[，。；]", text[: figure.start])[-1]
    return UNLIKE if _AVERAGE.search(slot.focus) and not _AVERAGE.search(clause) else 1.0


UNLIKE = 0.4
_AVERAGE = re.compile("平均|人均|户均|年均|亩均|月均|日均")


def of_its_size(figure: Figure, asked: str) -> float:
    """0 for a figure far smaller than what the question counts in (多少亿: 166所)."""
    least = next((size for word, size in _SIZES if re.search(f"(?:多少|几[十百千]?){word}", asked)), 0)
    return float(abs(figure.value) * TENFOLD >= least)


TENFOLD = 10
"""How many times less than what it counts in a question may be told (近0.9亿 for 多少亿)."""

_SIZES = (("万亿", 10**12), ("亿", 10**8), ("万", 10**4))


def of_its_year(figure: Figure, text: str, question: Question) -> float:
    """0 for a figure that its own sentence puts in another year than the question's: the year named last before it."""
    before = [period for period in find_periods(text) if period.has_year and period.end <= figure.start]
    return 0.0 if question.years and before and not covers(before[-1], question.years) else 1.0


def of_its_months(figure: Figure, text: str, question: Question) -> float:
    """0 for a figure that its own sentence puts in other months than the question's: those told last before it, but not
    as what it is compared with. Of two stretches of months both have to be the same.
    """
    asked = months_in(question.text)
    told = [
        months for start, months in told_months(text) if start < figure.start and not _COMPARED.search(text[:start])
    ]
    if not asked or not told:
        return 1.0
    return float(bool(asked & told[-1]) and (asked == told[-1] or len(asked) == 1 or len(told[-1]) == 1))


def of_its_name(start: int, text: str, question: Question, slot: Slot) -> float:
    """0 for what stands after a name that the question quotes for another of its slots, and its own name before that or not at
    all.
    """
    own = [name for name in question.quoted if name in slot.focus]
    others = [name for name in question.quoted if name not in slot.focus]
    if len(question.slots) < 2 or not own or not others:
        return 1.0
    last = max(text.rfind(name, 0, start) for name in others)
    return float(last <= max(text.rfind(name, 0, start) for name in own))


def of_name_before(figure: Figure, text: str, question: Question, slot: Slot) -> float:
    """Less than 1 for what follows another name in quotation marks than those that the slot's part of the question quotes,
    where one of these has a figure of the same unit after it (“甲”1个工作日答复，“乙”3个工作日答复).
    """
    own = [name for name in question.quoted if name in question.text[slice(*slot.part)]]
    last = _last_quoted(text, figure.start)
    if not own or last is None or last in own:
        return 1.0
    others = (other for other in find_figures(text) if other.start > figure.start and other.unit == figure.unit)
    return OF_ANOTHER if any(_last_quoted(text, other.start) in own for other in others) else 1.0


def _last_quoted(text: str, end: int) -> str | None:
    return next((name.text for name in reversed(list(find_names(text[:end], "term")))), None)


_COMPARED = re.compile("[比较于]$")

_CHANGED = re.compile(
    r"(?:增长|增加|提高|提升|上升|上涨|下降|降低|减少|缩短|缩减|提前|提速|[增降减涨升]幅|翻|涨|降|增|减)了?[约近超达为]?$"
)
"""What stands before the size of a change."""


def changed(before: str) -> bool:
    """Whether a figure after this text is the size of a change (增长了约…)."""
    return bool(_CHANGED.search(before))


KNOWN_WEIGHT, LONG_NAME = 0.5, 4
"""Share of its fit that a name loses that the question itself says, and the least characters of such a name."""

LEAST_QUOTED = 3
"""Least characters of a name in quotation marks that the question gives: who asks which firm is a “清廉民企” is not told
清廉民企示范企业.
"""


def novelty(question: Question, name: str, wanted: Sought | None) -> float:
    """1 for a name that tells something; less the more of it, but for the class noun at its end, the question says; 0
    for a body named by what the question quotes.
    """
    if wanted and wanted.body and any(len(quoted) >= LEAST_QUOTED and quoted in name for quoted in question.quoted):
        return 0.0
    form = next((form for form in wanted.forms if name.endswith(form)), "") if wanted else ""
    own = name.removesuffix(form)
    if len(own) < LONG_NAME:
        return 1.0
    said = {at + i for at in range(len(own) - 1) for i in (0, 1) if own[at : at + 2] in question.text}
    return 1.0 - KNOWN_WEIGHT * max(0.0, 2 * len(said) / len(own) - 1)


def shortened(question: Question, name: str) -> bool:
    """Whether a word of the question is the name shortened (发改委, 省发展改革委)."""
    words = (word.text for word in question.words if len(word.text) > 2 and word.text not in name)
    return any(re.search(".{0,3}?".join(map(re.escape, word)) + "$", name) for word in words)
