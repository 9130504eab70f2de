"""An article in, its figures out as entries of the ledger: what each counts, of whom, when, against what, and its quote.

Reads sentence by sentence; what a sentence does not say stays empty. Knows no other article and no storage.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.article import Article
from index.sentences import sentence_spans
from service.answering.figures import Figure, find_figures
from service.answering.periods import Period
from service.ledger.dates import NO_DAYS, Days, days_of, find_times
from service.ledger.manner import Manner, manner_of
from service.ledger.subjects import Subject, first_body, nearest_body, subject_of
from service.ledger.tokens import Token, tokens

_DIGIT = re.compile(r"[\d二两三四五六七八九十百千万亿半]|一成")
_MARK = re.compile(r"[，；：。！？!?;（）()\n]|——|,(?!\d)")
_ONE = re.compile(
    r"一\s*(?:个|种|家|名|位|项|条|件|次|场|批|份|台|套|张|座|处|部|篇|股|款|类|组|届|轮|代|本|道|步|点|种|线|流|级|支|对|辈|站|里|度|期|年|天|日|月|县|市|村|镇|国|省|乡|户|人|区|门|网|站|所|头|根|棵|辆|架|艘|笔|斤|起|块|边|面|方|直|共|般|旦|致|同|切|些|部分|体|幅|层|番|味|向)"
)
_NAMES = re.compile(r"“[^“”，。；]{2,30}”|《[^《》]{2,60}》")
"""What stands in quotation marks and titles is a name (“两个维护”, 《…三十条措施》); its numbers count nothing."""

_STRETCH = re.compile(r"(?:近|过去|最近|未来|每)$")
_GOES_ON = re.compile("(?:其中|分别|达到?|达|高达|位居|排名|为)$")
"""Before a figure whose subject the clause before names."""

_TOPIC = 16
"""Characters of a clause before that may be what a figure counts (资产总额，共 712 亿元)."""

_LASTING = re.compile("(?:[的从由为到至于了达]|历时|用时|为期|持续|耗时|需|缩短)$")
_YEAR = re.compile(r"1[0-8]\d\d\s?年")
_CLOCK = re.compile(r"\s*(?:世纪|年代|时(?!间|长|尚|段|效|代)|点)")
_MAGNITUDES = re.compile("[十百千万亿]+")
_JOINT = re.compile(r"\s*[、和与及]\s*")
_WORD = re.compile("理器|理|本|次|队|门|式|号|后|前(?!列)|分局|支队|连(?!续)")
"""What makes a word with a unit before it, so that the number is a model's or a name's (2400 处理器, 44.6 版本)."""

_SPANS = frozenset("年 个月 月 天 日 小时 分钟 周 周年".split())
_MOVED = re.compile(
    "同比|环比|(?:同比|环比)?(?:增长|增加|增幅|增速|提高|提升|上升|上涨|下降|减少|降低|降幅|下跌|下滑|回落|涨|跌|涨幅|跌幅)"
)
_BARE = 10**6
"""From here on a number without a unit is a key (生产批号为 20211201)."""

_LONGEST_SENTENCE = 4000


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure of an article: `article.text[figure_start:figure_end] == text`, its quote at `[start, end)`.

    `value` is a JSON number, a pair for a range. `period` is what the text says, `days` what it means. `grows` is the
    start of the figure that this one is the growth of, None where it is none's.
    """

    figure_start: int
    figure_end: int
    start: int
    end: int
    text: str
    value: float | int | list[float | int]
    unit: str
    hedge: str
    subject: str
    about: str
    period: str
    days: Days
    comparator: str
    change: str
    grows: int | None

    @property
    def indicator(self) -> str:
        """What tells one indicator from another: whom it is about, what it counts, how, in which unit."""
        how = " ".join(part for part in (self.comparator, self.change) if part)
        return "·".join(part for part in (self.about, self.subject, how, self.unit) if part)


def entries(article: Article) -> list[Entry]:
    """Every figure of an article, in order. 一个, 一种 and the like are no figures, nor are ordinals and codes."""
    found: list[Entry] = []
    for start, end in sentence_spans(article.text):
        if end - start <= _LONGEST_SENTENCE and _DIGIT.search(article.text, start, end):
            found += _Sentence(article.text[start:end], start, article.date).entries()
    return found


@dataclass(slots=True)
class _Read:
    """A figure with what was found for it so far."""

    figure: Figure
    clause: tuple[int, int]
    manner: Manner
    subject: Subject | None
    borrowed: "_Read | None" = None


class _Sentence:
    """One sentence and what stands in it."""

    def __init__(self, text: str, offset: int, date: str | None) -> None:
        self._text, self._offset, self._date = text, offset, date
        named = [match.span() for match in _NAMES.finditer(text)]
        self._figures = [
            figure
            for figure in find_figures(text)
            if _counts(figure, text) and not any(start < figure.start and figure.end < end for start, end in named)
        ]
        self._marks: list[tuple[int, int]] = []

    def entries(self) -> Iterator[Entry]:
        if not self._figures:
            return
        text = self._text
        self._times = find_times(text)
        taken = [(figure.start, figure.end) for figure in self._figures]
        self._marks = [
            match.span()
            for match in _MARK.finditer(text)
            if not any(a < match.end() and match.start() < b for a, b in taken)
        ]
        self._starts = [0, *(end for _, end in self._marks)]
        times = [(time.start, time.end) for time in self._times]
        self._tokens = [
            token for token in tokens(text, (*taken, *times))
            if token.kind != "mark" or not any(start <= token.start < end for start, end in times)
        ]  # fmt: skip
        self._token_starts = [token.start for token in self._tokens]
        read: list[_Read] = []
        for number in range(len(self._figures)):
            read.append(self._read(number, read))
        self._share_out(read)
        yield from (self._entry(item) for item in read)

    def _read(self, number: int, earlier: Sequence[_Read]) -> _Read:
        figure = self._figures[number]
        clause = self._clause(figure.start)
        previous = self._figures[number - 1] if number else None
        following = self._figures[number + 1].start if number + 1 < len(self._figures) else len(self._text)
        left = max(clause[0], previous.end if previous else 0)
        right = min(clause[1], following)
        manner = manner_of(self._text[left : figure.start], self._text[figure.end : right])
        if previous and left == previous.end and earlier and _JOINT.fullmatch(self._text[left : figure.start]):
            manner = replace(earlier[-1].manner, ends=None) if previous.unit == figure.unit else manner
        before, after = self._between(left, figure.start), self._between(figure.end, right)
        if manner.ends is not None:
            before = [_cut(token, left + manner.ends) for token in before if token.start < left + manner.ends]
        subject = subject_of(before, after, figure.unit, left == clause[0])
        if subject is None and manner.change:
            subject = subject_of(self._between(left, figure.start), after, figure.unit)  # 增收 5 元: moved, and counted
            subject = None if subject and _MOVED.fullmatch(subject.text) else subject
        item = _Read(figure, clause, manner, subject)
        if subject is None or (not subject.text and earlier):
            self._borrow(item, earlier)
        return item

    def _borrow(self, item: _Read, earlier: Sequence[_Read]) -> None:
        """Take the subject from the figure before, or else from the words that end the clause before."""
        near = earlier[-1] if earlier else None
        carries_on = item.manner.change or item.manner.comparator or _GOES_ON.search(self._text[: item.figure.start])
        if near and near.subject and (near.clause == item.clause or carries_on):
            source = near.borrowed or near if item.manner.change and near.manner.change else near
            item.subject, item.borrowed = near.subject, source
            return
        cut = bisect_right(self._starts, item.clause[0]) - 1
        clause = self._starts[cut - 1], self._starts[cut] - 1
        if item.figure.unit in _SPANS:
            return
        if cut > 0 and clause[1] - clause[0] <= _TOPIC and not (near and near.figure.end > clause[0]):
            item.subject = subject_of(self._between(*clause), (), "")

    def _share_out(self, read: Sequence[_Read]) -> None:
        """Give each figure of a list told with 分别 its own subject (甲、乙分别为 1 家、2 家)."""
        for match in re.finditer("分别", self._text):
            clause = self._clause(match.start())
            group = [
                item for item in read if item.figure.start > match.end() and self._clause(item.figure.start) == clause
            ]
            later = list(self._between(clause[0], match.start()))
            names = _listed(later)
            if len(group) > 1 and len(names) == len(group):
                for item, (text, about, start) in zip(group, names, strict=True):
                    item.subject, item.borrowed = Subject(text, about, start), None
            elif len(group) > 1 and all(token.kind == "link" for token in later):
                before = [item for item in read if item.figure.end <= clause[0]][-len(group) :]
                if len(before) == len(group):
                    for item, source in zip(group, before, strict=True):
                        item.subject, item.borrowed = source.subject, source

    def _entry(self, item: _Read) -> Entry:
        figure, subject = item.figure, item.subject
        about, at = (subject.about, subject.start) if subject else ("", figure.start)
        if not about and (body := self._body(min(at, figure.start))):
            about, place = body
            at = min(at, place)
        time = self._time(figure, item.clause)
        start = min(item.clause[0], *(self._clause(place)[0] for place in (at, time.start if time else at)))
        end = max(item.clause[1], self._clause(time.start)[1] if time else 0)
        end += self._text[end : end + 1] in ("。", "）", "！")
        while self._text[start].isspace():
            start += 1
        moved = item.manner.change and item.borrowed
        return Entry(
            self._offset + figure.start, self._offset + figure.end, self._offset + start, self._offset + end,
            figure.text, figure.number, figure.unit, figure.hedge, subject.text if subject else "", about,
            time.text if time else "", days_of(time.text, self._date) if time else NO_DAYS,
            item.manner.comparator or ("由" if item.manner.opens else ""), item.manner.change,
            self._offset + item.borrowed.figure.start if moved and item.borrowed else None,
        )  # fmt: skip

    def _body(self, before: int) -> tuple[str, int] | None:
        """The place or body named before a subject in its clause, else the one that a clause before begins with."""
        number = bisect_right(self._starts, before) - 1
        if near := nearest_body(self._between(self._starts[number], before)):
            return near
        for cut in range(number - 1, -1, -1):
            if body := first_body(self._between(self._starts[cut], self._starts[cut + 1] - 1)):
                return body
        return None

    def _time(self, figure: Figure, clause: tuple[int, int]) -> Period | None:
        """The time named last before the figure, else the first after it in its clause."""
        before = [time for time in self._times if time.end <= figure.start and not self._measures(time)]
        after = [time for time in self._times if figure.end <= time.start < clause[1]]
        return before[-1] if before else after[0] if after else None

    def _measures(self, time: Period) -> bool:
        """Whether a time is what something is measured against (比去年增长), not when it was."""
        return self._text[max(0, time.start - 1) : time.start] in ("比", "较", "与")

    def _clause(self, at: int) -> tuple[int, int]:
        number = bisect_right(self._starts, at) - 1
        end = self._marks[number][0] if number < len(self._marks) else len(self._text)
        return self._starts[number], end

    def _between(self, start: int, end: int) -> list[Token]:
        first = bisect_right(self._token_starts, start - 1)
        return [token for token in self._tokens[first : bisect_right(self._token_starts, end - 1)] if token.end <= end]


def _cut(token: Token, end: int) -> Token:
    """A word without what goes beyond a place (口占 of 人口占)."""
    return token if token.end <= end else replace(token, end=end, text=token.text[: end - token.start], kind="noun")


def _listed(words: Sequence[Token]) -> list[tuple[str, str, int]]:
    """The things that a list names, as (what, of whom, where); places share what stands after the last of them."""
    while words and words[-1].kind == "link":
        words = words[:-1]
    items: list[list[Token]] = [[]]
    for word in words:
        if word.kind == "joint":
            items.append([])
        elif word.kind in ("link", "mark"):
            items[-1] = []
        else:
            items[-1].append(word)
    if len(items) < 2 or not all(items):
        return []
    if all(item[0].kind == "place" for item in items):
        shared = "".join(word.text for word in items[-1][1:])
        return [(shared, item[0].text, item[0].start) for item in items]
    return [("".join(word.text for word in item), "", item[0].start) for item in items]


def _counts(figure: Figure, text: str) -> bool:
    """Whether a figure counts something: not 一个 or 一种, not a bare number, not the length of a time meant (近三年)."""
    if _ONE.fullmatch(figure.text) and not figure.hedge:
        return False
    if figure.unit in _SPANS and re.match("(?:前|后(?![续来])|以前|之前|之后|以后|以来|来(?!自))", text[figure.end :]):
        return False
    if figure.unit in _SPANS and (figure.hedge == "近" or _STRETCH.search(text, 0, figure.start)):
        return bool(_LASTING.search(text, 0, figure.start))
    if figure.unit == "年" and _YEAR.fullmatch(figure.text):
        return False
    if figure.hedge == "来" and not figure.unit:
        return False
    if figure.text[0] == "零" or (figure.unit == "点" and figure.value.denominator == 1):  # 零件, 早上7点
        return False
    if figure.unit == "日" and not figure.hedge and not text.startswith("内", figure.end):
        return False
    if figure.unit in ("处", "版", "站", "部") and figure.text[-1] == figure.unit and _WORD.match(text, figure.end):
        return False
    if not figure.unit and (_CLOCK.match(text, figure.end) or _MAGNITUDES.fullmatch(figure.text)):
        return False
    if not figure.unit and not figure.hedge and not re.search("[万亿]", figure.text):
        return figure.value < _BARE and bool(re.search("[达为至到超是有数分值]$", text[: figure.start]))
    return True
