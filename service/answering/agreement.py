"""A question and a sentence in, how far they agree in years and places out, 0..1."""

import re
from collections.abc import Sequence
from itertools import pairwise

from service.answering.numerals import parse_number
from service.answering.periods import covers, dated, find_periods, years_in
from service.answering.places import contains, holds_part_of, is_province, is_wide, place_stems, related, sure_places
from service.answering.question import Question
from service.answering.sentence import Sentence
from service.answering.wording import FILLER

OFTEN = 4
"""An article that names a place this often is about it, though a sentence of it may not say so."""

SPOKEN_OF_OFTEN = 0.75
"""Agreement of a sentence of an article that names the place so often, where it does not itself."""

OWN_YEAR = 0.55
"""Agreement of a sentence without a year that follows one of another in an article of the year asked for, and of one of
the month asked for in an article without any year.
"""


def _is_told_of(question: Question, sentence: Sentence) -> bool:
    return any(re.search(rf"(?<!\d){year}(?!\d)", sentence.article.text) for year in question.years)


def years_agree(question: Question, sentence: Sentence) -> float:
    """1 where the sentence speaks of a year asked for; low where it or the text right before it speaks of another.

    A year told by its distance (去年) is counted from the year of the article, in the question as in the sentence; then
    only another year in the sentence itself speaks against it.
    """
    current = sentence.article.year
    years = question.years or tuple(current + distance for distance in question.distances if current)
    if not years:
        return 1.0
    if any(re.search(rf"(?<!\d){year}(?!\d)", sentence.folded) for year in question.years):
        return 1.0
    own = [period for found in find_periods(sentence.text) if (period := dated(found, current)).has_year]
    if own:
        return 1.0 if any(covers(period, years, current) for period in own) else 0.1
    if not question.years:
        return 1.0
    upto = sentence.article.text[: sentence.start]
    paragraph = upto[upto.rfind("\n") + 1 :]
    for text, agrees in ((paragraph, 0.95), (sentence.passage, 0.85), (sentence.heading, 0.85)):
        if years := years_in(text):
            if set(years) & set(question.years):
                return agrees
            return OWN_YEAR if current in question.years else 0.25
    if current:
        return 0.85 if current in question.years else 0.6 if _is_told_of(question, sentence) else 0.2
    if not years_in(sentence.article.text) and months_in(question.text) & months_in(sentence.text):
        return OWN_YEAR
    return 0.6 if _is_told_of(question, sentence) else 0.2


def months_agree(question: Question, sentence: Sentence) -> float:
    """0 where a month is asked for and the sentence, or else the text right before it in its paragraph, names others
    alone; 1 otherwise. A stretch of months holds those in it.
    """
    asked = months_in(question.text)
    if not asked:
        return 1.0
    for text in (sentence.text, sentence.before):
        if told := months_in(text):
            return float(bool(asked & told))
    return 1.0


def months_in(text: str) -> set[int]:
    """The months that the periods of a text name or span."""
    return {month for _, months in told_months(text) for month in months}


def told_months(text: str) -> list[tuple[int, frozenset[int]]]:
    """Where each period of a text that names months or spans them begins, and those months, in order."""
    periods, found = find_periods(text), []
    for period in periods:
        named = [] if text[: period.start].endswith("哪") else _NAMED_MONTHS.findall(period.text)  # 哪一月
        if named:
            months = [int(parse_number(month)) for month in named]
            found.append((period.start, frozenset(range(min(months), max(months) + 1))))
    for span in _SPAN.finditer(text):
        begins = next((period.start for period in periods if period.start <= span.start() < period.end), span.start())
        first = span["first"]
        found.append((begins, frozenset(range(1, int(parse_number(first)) + 1) if first else _SPANS[span.group()])))
    return sorted(found, key=lambda told: told[0])


_NAMED_MONTHS = re.compile(r"(\d{1,2}|十[一二]?|[一二三四五六七八九])(?=\s*月|\s*[—–~～至到-]\s*\d{1,2}\s*月)")
_SPANS = {"前三季度": range(1, 10), "上半年": range(1, 7), "下半年": range(7, 13), "一季度": range(1, 4), "二季度": range(4, 7),
          "三季度": range(7, 10), "四季度": range(10, 13), "全年": range(1, 13), "年初": range(1, 3), "年底": range(12, 13),
          "年末": range(12, 13)}  # fmt: skip
_SPAN = re.compile(rf"{'|'.join(_SPANS)}|前(?P<first>1[0-2]|[2-9]|十[一二]?|[二两三四五六七八九])个?月")


def places_agree(question: Question, sentence: Sentence) -> float:
    """1 where every place asked for is named in the sentence or above it; 0 where one is not in the article at all.

    Of places named one in the other (宁波市江北区) the one that is there speaks for both. A province or city is in an
    article that tells of a place in it.
    """
    places = [place for place in question.places if place not in FILLER]
    if not places:
        return 1.0
    around = sentence.heading + sentence.whole
    within = [place for place in places if any(contains(other, place) for other in places)]
    found = [_place_agrees(place, question, sentence) if _is_told(place, around) else 0.0 for place in within or places]
    nested = any(re.search(f"{a}[省市县区]?{b}", question.text) for a, b in pairwise(question.places))
    return (max if nested else min)(found)


def _is_told(place: str, text: str) -> bool:
    return _is_named(place, text) or holds_part_of(place, text)


def _is_named(place: str, text: str) -> bool:
    """Whether a text names a place, and not only its port (宁波舟山港); a pair of provinces in short (浙台) is named where both
    stand close together.
    """
    if place in text:
        return f"{place}港" not in text or place in text.replace(f"{place}港", "")
    return _PAIR.fullmatch(place) is not None and re.search(f"{place[0]}.{{0,3}}{place[1]}", text) is not None


_PAIR = re.compile("[京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼港澳台]{2}")
"""Two provinces by the characters that stand for them."""


def _place_agrees(place: str, question: Question, sentence: Sentence) -> float:
    if "除" in sentence.folded and re.search(f"除了?{re.escape(place)}[^，。]{{0,6}}外", sentence.folded):
        return 0.1
    if _is_named(place, sentence.folded) or _is_named(place, sentence.heading):
        return 1.0
    named = sure_places(sentence.folded)
    if any(contains(place, other) for other in named):
        return 0.9
    if is_province(place) and (_ALL_OF_IT.search(sentence.folded) or _is_of_its_body(place, question, sentence)):
        return 0.9
    others = [other for other in named if other not in question.places and not contains(other, place)]
    if _is_of_all(place, named, question, sentence):
        return 0.35
    if place in sentence.passage:
        return 0.45 if others else _spoken_of(place, sentence)
    if others:
        return 0.35
    told_before = not is_wide(place) and place in sentence.paragraph
    if told_before and (spoken := _spoken_of(place, sentence)) > SPOKEN_OF_OFTEN:
        return spoken
    if holds_part_of(place, sentence.heading) or not _is_named(place, sentence.whole):
        return 0.9
    if is_wide(place) and all(related(place, other) for other in sure_places(sentence.passage)):
        return 0.8
    if place in sentence.lead:
        return 0.9
    return SPOKEN_OF_OFTEN if sentence.whole.count(place) >= OFTEN else 0.45


def _spoken_of(place: str, sentence: Sentence) -> float:
    """Whether the place named last before a sentence, in its passage, is the one asked for, one in it or around it, or its
    paragraph begins with that, or its article names it often.
    """
    paragraph = sentence.paragraph
    sure = {place, *sure_places(paragraph)}
    last = max((other for other in place_stems(paragraph) if other in sure), key=paragraph.rfind, default=place)
    if related(place, last) or 0 <= paragraph.find(place) <= BEGINNING:
        return 0.9
    said_before = place in sentence.before and not sure_places(sentence.folded)
    return SPOKEN_OF_OFTEN if said_before or sentence.whole.count(place) >= OFTEN else 0.45


_FIGURE = re.compile(r"\d")


def _is_of_all(place: str, named: Sequence[str], question: Question, sentence: Sentence) -> bool:
    """Whether a sentence with figures tells of the province, by name or as a whole (全省), where a place in it is asked of that
    nothing around the sentence names.
    """
    wider = [other for other in named if contains(other, place) and other not in question.text]
    near = f"{sentence.before}{sentence.heading}{sentence.lead}{sentence.passage}"
    return bool(wider) and _FIGURE.search(sentence.folded) is not None and place not in near


BEGINNING = 4
"""A paragraph that names a place within its first characters is about it (宁波市北仑区是宁波舟山港核心港区…)."""


def _is_of_its_body(place: str, question: Question, sentence: Sentence) -> bool:
    """Whether a sentence speaks of a body of the province that the question names with its province (省司法厅)."""
    bodies = re.findall(rf"{re.escape(place)}(省[\u4e00-\u9fff]{{1,8}}?[厅局委院办])", question.text)
    return any(re.search(rf"(?<![\u4e00-\u9fff]){body}|[、，和与由]{body}", sentence.folded) for body in bodies)


_ALL_OF_IT = re.compile("全省|我省|省内")
