"""How many things a sentence lists, and which sentence answers for so many, by hand."""

import pytest

from service.answering.evidence import WeightedWord
from service.answering.listing import cut_short, items, list_fit, lists_all, lists_here
from service.answering.nearness import FAR_REACH_CHARS, focus_words, nearness
from service.answering.periods import find_periods
from service.answering.question import understand
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


@pytest.mark.parametrize(
    ("text", "count", "all_told"),
    [
        ("处理无处受理、无处咨询问题，多跨问题，疑难问题和其他问题等六类事项。", 6, True),
        ("提出“甲一”“甲二”，“甲三”3个方面。", 3, True),
        ("甲、乙、丙。", 3, True),
        ("实施三项举措，为企业办实事、解难题。", 3, False),
        ("六类事项由窗口处理、办结。", 6, False),
    ],
)
def test_a_list_is_all_told_where_its_number_closes_it(text: str, count: int, *, all_told: bool) -> None:
    assert lists_all(text, count) is all_told


@pytest.mark.parametrize(
    ("text", "here"),
    [
        ("县里打造渔业、林业、茶业三大产业，提升粮、油、糖等。", True),
        ("县里打造三大产业，提升粮、油、糖。", False),
        ("县里在粮、油、糖等方面提出“三个三”的举措。", False),
    ],
)
def test_a_list_stands_in_the_clause_that_counts_it(text: str, *, here: bool) -> None:
    assert lists_here(text, 3) is here


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


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("合作周的主题是什么？", Kind.OPEN),
        ("文章说世界上唯一属于陶瓷类的遗产是什么？", Kind.OPEN),
        ("“四送一办”是什么？", Kind.DEFINITION),
        ("云澜市推出的“四送一办”机制是什么？", Kind.DEFINITION),
        ("茶农贷款的核心机制是什么？", Kind.DEFINITION),
        ("县里新设的三张清单是什么？", Kind.DEFINITION),
    ],
)
def test_what_is_described_is_asked_for_by_name_and_what_is_named_for_its_meaning(text: str, kind: Kind) -> None:
    assert [slot.kind for slot in find_slots(text)] == [kind]


def test_a_date_belongs_to_its_own_side_of_a_semicolon() -> None:
    """Of two dates as near to the words asked about, the one across the semicolon is told of something else."""
    question = understand("省高院印发实施方案是什么时候？")
    text = "2021年8月，省高院印发实施方案；2023年3月，改革被列入专项行动。"
    periods = find_periods(text)
    words = [WeightedWord(word.text, word.start, 1.0) for word in question.words]
    slot = question.slots[0]
    near = [nearness(focus_words(slot, words), slot, period.start, period.end, text, periods, FAR_REACH_CHARS)
            for period in periods]  # fmt: skip
    assert [period.text for period in periods] == ["2021年8月", "2023年3月"]
    assert near[0] > near[1]


@pytest.mark.parametrize(
    ("text", "count", "short"),
    [
        ("实行先尝后买、损耗登记等7项制度。", None, True),
        ("实行先尝后买、损耗登记等7项制度。", 7, True),
        ("实行先尝后买、损耗登记等7项制度。", 5, False),
        ("建成10家中心，数量最多，并出台快递、电商、茶叶、药材等6部指引。", 6, True),
        ("处理无处受理问题，多跨问题，疑难问题、帮办问题和其他问题等五类事项。", 5, False),
        ("甲、乙、丙等3项。", 3, False),
    ],
)
def test_a_list_that_is_cut_short(text: str, count: int | None, short: bool) -> None:
    assert cut_short(text, count) is short


def test_a_sentence_that_counts_the_things_and_lists_others() -> None:
    others = "甲委、乙部、丙会印发指引，以“三张清单”推动敢为、敢闯、敢干、敢首创。"
    assert list_fit(others, 3, "清单") < list_fit("明确正面清单、负面清单、倡导清单。", 3, "清单") == 1.0


@pytest.mark.parametrize(
    ("question", "count"),
    [("服务业30条要建成的六个高地是哪几个？", 6), ("“三张清单”叫什么？", 3), ("民营经济32条包括哪些措施？", None)],
)
def test_how_many_things_are_asked_for(question: str, count: int | None) -> None:
    (slot,) = find_slots(question)
    assert slot.count == count
