"""A candidate and its line in, the spans that it may be widened or cut to out, one row of numbers for each.

A question for a year wants 1963年 of 1963年10月1日; a question for a length may want 长60厘米. How much around a candidate
belongs to the answer is learned from asked questions.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from index.sentences import clause_spans
from service.answering.figures import MEASURE_WORDS, MONEY
from service.answering.names import tagged
from service.answering.wording import Kind
from service.spans.asked import Asked, Floats
from service.spans.candidates import CLAUSE, SORTS, Candidate
from service.spans.ground import Ints, aligned

OUTSIDE: Final = 7
INSIDE: Final = 5
"""Most word borders looked at on either side of a candidate's own borders."""

FAR_CHARS: Final = 60
"""How far off a clause may begin or end that the candidate is widened to."""

_GROUPS = {tag: float(number) for number, tag in enumerate("x n v m q u p c d r a t f j s b i l y z e".split(), 1)}
_MARKS, _OPEN, _SHUT = "，。；：、！？,;:!?", "“《（(「『", "”》）)」』"
_WORDS = tuple(re.compile(word) for word in (
    "多少", "几", "哪一?年|何年", "什么时[候间]|何时", "谁", "哪里|何处|何地|什么地方|哪儿", "为什么|为何", "如何|怎", "哪些", "哪",
    "是什么", "什么", "多[大长高久远快]", "分别", "第几", "吗", "约|大概", "期间|间隔|在位|生卒|起讫|时段", "[从自]|起|开始", "何地|何因|何种",
    "[天日号]", "月", "人口|人数", "[长高宽重深]|面积|距离",
))  # fmt: skip
_ROLES = (
    "于在自从由至到", "约近大", "达超逾过突", "是为有共计", "全总仅只最", "体身长高宽重深", "不少多余", "起后前间时", "左右上下内", "初末底中晚",
    "年月日号", "的了之", "第每", "元人个名位", "%％°℃",
)  # fmt: skip
_ROLE_OF = {mark: float(number) for number, marks in enumerate(_ROLES, 1) for mark in marks}
"""What a character beside a border may do there; the numbers are features of the model."""
_KINDS = tuple(Kind)
_NUMERALS = "〇零一二两三四五六七八九十百千万亿几多余"
_UNIT = re.compile(
    f"(?:{MEASURE_WORDS}|{MONEY}|%|人|位|名|届|代|分|号|[公英光](?:尺|寸|吋|分|厘|里|呎|哩|年)|摄氏|度|°|毫|微|[a-z]{{1,3}}(?![a-z]))"
)


class Anchor(NamedTuple):
    """A ranked candidate of line number `line`: its probability, and its rank from 0."""

    line: int
    candidate: Candidate
    probability: float
    rank: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with its words and the borders between them."""

    text: str
    folded: str
    starts: list[int]
    words: list[tuple[str, str]]
    cuts: list[int]
    heads: set[int]
    tails: set[int]


def widen(asked: Asked, text: str, anchor: Anchor, best: float) -> tuple[list[tuple[int, int]], Floats]:
    """Spans of the line and their rows; `best` is the probability of the best candidate of the question."""
    item = anchor.candidate
    line = _read(text, item)
    begins, ends = _borders(line, item)
    pairs = np.array([(i, j) for i, a in enumerate(begins) for j, b in enumerate(ends) if a < b], dtype=np.int64)
    if not len(pairs):
        return [], np.zeros((0, 0), dtype=np.float32)
    first, last = line.cuts.index(item.start), line.cuts.index(item.end)
    left = np.array([_beside(asked, line, cut, first, cut in line.heads) for cut in begins], dtype=np.float32)
    right = np.array([_beside(asked, line, cut, last, cut in line.tails) for cut in ends], dtype=np.float32)
    at = np.array(begins, dtype=np.int64)[pairs[:, 0]]
    to = np.array(ends, dtype=np.int64)[pairs[:, 1]]
    inside = _inside(asked, line, at, to, item)
    common = np.tile(np.array(_common(asked, anchor, best), dtype=np.float32), (len(pairs), 1))
    spans = list(zip(at.tolist(), to.tolist(), strict=True))
    return spans, np.hstack((left[pairs[:, 0]], right[pairs[:, 1]], inside, common))


def _read(text: str, item: Candidate) -> _Line:
    tags = tagged(text)
    clauses = clause_spans(text)
    heads = {start for start, _ in clauses} | {0}
    tails = {end - (text[end - 1] in _MARKS) for _, end in clauses}
    cuts = sorted({start for start, *_ in tags} | {item.start, item.end, item.core, len(text)} | heads | tails)
    return _Line(text, aligned(text), [start for start, *_ in tags], [(aligned(word), tag) for _, word, tag in tags],
                 cuts, heads, tails)  # fmt: skip


def _borders(line: _Line, item: Candidate) -> tuple[list[int], list[int]]:
    """Where spans may begin and end: words around both ends within the clause, and where clauses begin and end."""
    text, cuts = line.text, line.cuts
    head = max(cut for cut in line.heads if cut <= item.start)
    tail = min((cut for cut in line.tails if cut >= item.end), default=len(text))
    first, last = cuts.index(item.start), cuts.index(item.end)
    begins = {cut for cut in cuts[max(0, first - OUTSIDE) : first + INSIDE] if head <= cut < item.end}
    begins.update(sorted(cut for cut in line.heads if item.start - FAR_CHARS < cut < item.start)[-2:])
    ends = {cut for cut in cuts[max(0, last - INSIDE) : last + 1 + OUTSIDE] if item.start < cut <= tail}
    ends.update(sorted(cut for cut in line.tails if item.end < cut < item.end + FAR_CHARS)[:3])
    return (
        sorted(cut for cut in begins if cut < len(text) and text[cut] not in _MARKS + _SHUT),
        sorted(cut for cut in ends if text[cut - 1] not in _MARKS + _OPEN),
    )


def _beside(asked: Asked, line: _Line, at: int, home: int, edge: bool) -> tuple[float, ...]:
    """What stands left and right of a border."""
    before = line.words[number] if (number := bisect_left(line.starts, at) - 1) >= 0 else ("", "")
    number = bisect_right(line.starts, at)
    inner = number - 1 if number and line.starts[number - 1] + len(line.words[number - 1][0]) > at else number
    after = line.words[inner] if inner < len(line.words) else ("", "")
    left, right = line.folded[max(0, at - 1) : at], line.folded[at : at + 1]
    return (
        bisect_left(line.cuts, at) - home, edge, _GROUPS.get(before[1][:1], 0.0), _GROUPS.get(after[1][:1], 0.0),
        bool(before[0]) and before[0] in asked.text, len(before[0]), bool(after[0]) and after[0] in asked.text, len(after[0]),
        left in "是为叫即称", left in "于在至由", right in "的", right in "是为",
        bool(left) and asked.left.endswith(left), bool(right) and asked.right.startswith(right),
        bool(_UNIT.match(line.folded, at)),
        left.isdigit(),
        right.isdigit(),
        left in _NUMERALS,
        right in _NUMERALS,
        left in "年",
        left in "月",
        left in "日号",
        right in "起至到前后初末底间以之",
        left in "约近达可为长共全有",
        _ROLE_OF.get(left, 0.0), _ROLE_OF.get(right, 0.0), _ROLE_OF.get(after[0][-1:], 0.0),
        bool(before[0]) and asked.right.startswith(before[0]), bool(after[0]) and asked.right.startswith(after[0]),
        bool(before[0]) and asked.left.endswith(before[0]), bool(after[0]) and asked.left.endswith(after[0]),
        bool(left) and asked.right.startswith(left), bool(right) and asked.left.endswith(right),
        _within_number(line.folded, at),
        left in _MARKS, right in _MARKS, right in "（(", left in _OPEN, right in _OPEN, left in _SHUT, right in _SHUT,
    )  # fmt: skip


def _within_number(text: str, at: int) -> bool:
    """Whether a border cuts a number or a word of Latin letters in two."""
    left, right = text[max(0, at - 1) : at], text[at : at + 1]
    if left.isdigit() or left in ".,":
        return right.isdigit() or (right in ".,/%" and text[at + 1 : at + 2].isdigit())
    return left.isascii() and left.isalpha() and right.isascii() and right.isalpha()


def _inside(asked: Asked, line: _Line, at: Ints, to: Ints, item: Candidate) -> Floats:
    """What the spans hold, by running counts."""
    text = line.folded
    shared = [text[i : i + 2] in asked.text for i in range(len(text) - 1)] + [False]
    counted = [
        shared,
        *(
            [mark in marks for mark in text]
            for marks in ("，；", "、", _OPEN, _SHUT, "0123456789", "年", "日", "月", "第", "约")
        ),
    ]
    sums: Floats = np.concatenate(
        (np.zeros((1, len(counted))), np.cumsum(np.array(counted, dtype=np.float32).T, axis=0))
    )
    held = sums[to] - sums[at]
    length = (to - at).astype(np.float32)
    of = np.array([text[end - 1] == "的" for end in to.tolist()])
    return np.column_stack((
        length, held[:, 0], held[:, 0] / np.maximum(1, length - 1), held[:, 1:5], held[:, 3] - held[:, 4], held[:, 5:] > 0,
        at < item.start, to > item.end, (at == item.start) & (to == item.end), length - (item.end - item.start),
        to >= item.core, of,
    )).astype(np.float32)  # fmt: skip


def _common(asked: Asked, anchor: Anchor, best: float) -> tuple[float, ...]:
    item, text = anchor.candidate, asked.text
    return (
        anchor.probability, best - anchor.probability, anchor.rank, item.sort == CLAUSE, item.sort / SORTS,
        item.end - item.start, _KINDS.index(asked.slot.kind), *(bool(word.search(text)) for word in _WORDS),
        len(text), not asked.right.strip("？?。 "), len(asked.left), bool(asked.slot.units),
    )  # fmt: skip
