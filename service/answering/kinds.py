"""A question for a figure and its best fact in, out the kind of things asked of (韩资企业) where only others are told (外资企业)."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.sentences import clauses_around
from service.answering.evidence import WeightedWord, pairs
from service.answering.facts import Fact
from service.answering.names import tagged
from service.answering.question import Question
from service.answering.slots import Slot
from service.answering.wording import Kind

_CLASSES = frozenset(
    "产业 行业 企业 公司 项目 人才 基金 贷款 协会 医院 银行 大赛 论坛 展会 工厂 市场 用户 客户 学生 教师 医生".split()
)
ROW = 3
"""Kinds of one class named in a row from which a figure is told of them alone."""

_NO_KIND = frozenset("uprcdmqfvxy")


def other_kind(question: Question, slot: Slot, words: Sequence[WeightedWord], fact: Fact) -> str | None:
    """A kind of things that a figure is asked of (韩资企业), where its sentence tells of another kind alone (外资企业); a word that
    the collection does not know may be misspelt.
    """
    if slot.kind is not Kind.FIGURE:
        return None
    sentence = fact.match.sentence
    unknown = {word.text for word in words if not word.known}
    clause = clauses_around(sentence.text, fact.start, fact.end)
    for kind, noun in _kinds(slot.focus):
        others = [told for told in set(_kinds(sentence.folded)) if told[1] == noun and told[0] not in question.text]
        row = {mod for mod, other in _kinds(clause) if other == noun}
        if kind in unknown or not others:
            continue
        if len(row) >= ROW and kind not in clause:  # 龙泉青瓷是…，茶产业、丝绸产业、中药产业的规模均超过…
            return kind + noun
        around = sentence.folded + sentence.heading
        if not (any(pair in around for pair in pairs(kind)) or _abbreviates(kind, around)):
            return kind + noun
    return None


def _abbreviates(kind: str, text: str) -> bool:
    return re.search(".{0,3}?".join(map(re.escape, kind)), text) is not None


def _kinds(text: str) -> Iterator[tuple[str, str]]:
    """Nouns of a class with the word right before that says which kind of it."""
    for (start, word, tag), (at, noun, _) in pairwise(tagged(text)):
        if noun in _CLASSES and start + len(word) == at and len(word) > 1 and tag[0] not in _NO_KIND:
            yield word, noun
