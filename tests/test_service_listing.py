"""How many things a sentence lists, and which sentence answers for so many, by hand."""

import pytest

from service.answering.listing import items, list_fit
from service.answering.slots import find_slots
from service.answering.wording import Kind


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("甲、乙、丙。", 3),
        ("甲、乙和丙。", 3),
        ("共有四类：甲、乙，以及丙、丁。", 4),
        ("按方式、特点和形式，分为甲式、乙式、丙式、丁式等4种。", 4),
        ("要做“甲家”“乙家”和“丙家”。", 3),
        ("一是做甲，二是做乙，三是做丙。", 3),
        ("做甲；做乙；做丙。", 3),
        ("甲和乙。", 2),
    ],
)
def test_what_a_sentence_lists(text: str, count: int) -> None:
    assert count in items(text)


def test_a_sentence_that_lists_nothing() -> None:
    assert items("只有一件事。") == frozenset()


def test_the_announced_list_fits_best() -> None:
    ranked = [
        "路径有三条：甲、乙、丙。",
        "要做甲、乙、丙。",
        "路径有三条。",
        "甲、乙、丙、丁、戊。",
        "三条路径中，甲、乙都好。",
        "只有一件事。",
    ]
    fits = [list_fit(text, 3) for text in ranked]
    assert fits == sorted(fits, reverse=True)
    assert len(set(fits)) == len(fits)


@pytest.mark.parametrize(
    ("text", "kind", "count"),
    [
        ("“五大计划”，每一项叫什么？", Kind.LIST, 5),
        ("“234”举措分别指什么？", Kind.DEFINITION, 3),
        ("“1+5+16”分别代表什么？", Kind.DEFINITION, 3),
        ("金华 三类合规", Kind.LIST, 3),
        ("看病要走哪五步？", Kind.LIST, 5),
    ],
)
def test_questions_for_several_things(text: str, kind: Kind, count: int) -> None:
    (slot,) = find_slots(text)
    assert (slot.kind, slot.count) == (kind, count)
