"""Running text in, self-made (question, passage) pairs for contrastive training out. Knows no tokens and no vectors.

In Chinese the question word stands where the answer stood: a sentence with its number, date, name or title replaced by
多少亿元, 什么时候, 谁, 什么文件 is a grammatical question whose answer is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

Kind = Literal["asked", "made", "title", "lead", "neighbour"]

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*[”’」』）)]*")
_CLAUSE = re.compile(r"[^，,；;：:、。！？!?\n]+")
_UNITS = (
    "个百分点|平方公里|立方米|平方米|千瓦时|公顷|公里|千克|公斤|美元|欧元|万元|亿元|小时|分钟|项目|"
    "元|吨|人|家|个|项|户|亩|倍|名|次|件|种|台|辆|所|座|条|位|米|岁|天|年|期|篇|部|届|%|％"
)
_NUMBER = re.compile(
    rf"(?:近|超|约|超过|达到|达)?(?<![\d.])(?!\d{{4}}年)\d[\d,.]*\s?((?:百|千|万|亿|多|余){{0,3}}(?:{_UNITS}))"
)
_DATE = re.compile(r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}年(?:底|初|末)?|\d{1,2}日(?:上午|下午|晚)?")
_TITLE = re.compile(r"《[^》]{2,40}》")
_PERSON = re.compile(
    r"(?<=书记|主席|总理|部长|省长|市长|主任|院长|校长|经理|会长|局长|教授)[一-鿿]{2,3}(?=说|表示|指出|强调|介绍|认为|在|，)"
)
_BODY = re.compile(r"[一-鿿]{2,10}(?:委员会|公司|集团|银行|大学|学院|法院|协会|部|局|厅|院)(?=[一-鿿])")
_PLACE = re.compile(r"(?<=在)[一-鿿]{2,6}(?:省|市|县|区|州|国|镇|村)")

_WHEN = ("什么时候", "何时", "哪一天", "哪年")
_WHICH = ("什么文件", "哪部文件", "哪份文件", "哪部作品", "什么")
_WHO = ("谁", "哪位", "什么人")
_BODIES = ("哪个机构", "哪个部门", "什么单位", "哪家单位", "谁")
_WHERE = ("哪里", "什么地方", "哪儿", "哪个地方")
_ASKS = ("", "", "", "是什么", "有哪些", "如何", "怎么样", "为什么", "介绍一下", "请问", "关于")


@dataclass(frozen=True, slots=True)
class Document:
    """One article: its title ("" when it has none) and its passages in order.

    `asked` are questions that people asked, each with the number of the passage that answers it.
    """

    title: str
    passages: tuple[str, ...]
    asked: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """`question` is answered by, or stands near, passage number `passage` of its document."""

    kind: Kind
    question: str
    passage: int


def split_sentences(text: str) -> list[str]:
    """The sentences of `text`, stripped, with their end marks; joined they hold every non-blank character of it."""
    return [s for match in _SENTENCE.finditer(text) if (s := match.group().strip())]


def cut_passages(text: str, *, characters: int = 170) -> list[str]:
    """Whole sentences packed into passages of about `characters`; a longer sentence is a passage of its own."""
    passages: list[str] = []
    held = ""
    for sentence in split_sentences(text):
        if held and len(held) + len(sentence) > characters:
            passages.append(held)
            held = ""
        held += sentence
    return [*passages, held] if held else passages


def ask(sentence: str, rng: Random) -> str | None:
    """A question whose answer stands in `sentence`, or None where nothing in it can be asked for."""
    found = [(match.start(), match.end(), word) for match, word in _askable(sentence, rng)]
    if not found:
        return None
    start, end, word = rng.choice(found)
    marked = sentence[:start] + "\0" + sentence[end:]
    clauses = [match.group() for match in _CLAUSE.finditer(marked)]
    at = next(i for i, clause in enumerate(clauses) if "\0" in clause)
    first = max(0, at - rng.choice((0, 0, 1, 1, 2)))
    last = at + 1 + (rng.random() < 0.2)
    question = "".join(clauses[first:last]).replace("\0", word)
    return question if 6 <= len(question) <= 60 else None


def _askable(sentence: str, rng: Random) -> Iterator[tuple[re.Match[str], str]]:
    for match in _NUMBER.finditer(sentence):
        yield match, ("百分之多少" if match.group(1)[-1] in "%％" else "多少" + match.group(1).lstrip("多余"))
    named = ((_DATE, _WHEN), (_TITLE, _WHICH), (_PERSON, _WHO), (_BODY, _BODIES), (_PLACE, _WHERE))
    for pattern, words in named:
        for match in pattern.finditer(sentence):
            yield match, rng.choice(words)


def make_pairs(document: Document, rng: Random, *, made: int = 2) -> list[Pair]:
    """The asked questions where there are any, up to `made` self-made ones, and pairs by place in the article."""
    pairs = [Pair("asked", question, at) for question, at in document.asked]
    count = len(document.passages)
    most = len(pairs) + made
    for at in rng.sample(range(count), min(count, 2 * made)):
        question = ask(rng.choice(split_sentences(document.passages[at])), rng)
        if question and len(pairs) < most:
            pairs.append(Pair("made", question, at))
    return pairs + _by_place(document, rng)


def _by_place(document: Document, rng: Random) -> list[Pair]:
    """Title ↔ any passage, and either first sentence ↔ later passage or part of a sentence ↔ passage before it."""
    count = len(document.passages)
    pairs: list[Pair] = []
    if document.title:
        pairs.append(Pair("title", document.title + rng.choice(_ASKS), rng.randrange(count)))
    if count < 2:
        return pairs
    if rng.random() < 0.5:
        lead = split_sentences(document.passages[0])[0].removeprefix("原标题：")[:60]
        return [*pairs, Pair("lead", lead, rng.randrange(1, count))]
    at = rng.randrange(count - 1)
    clauses = _CLAUSE.findall(rng.choice(split_sentences(document.passages[at + 1])))
    piece = "".join(clauses[: rng.choice((1, 2, 3))])
    return [*pairs, Pair("neighbour", piece + rng.choice(_ASKS), at)] if piece else pairs
