"""What questions ask for: counts, hours, measures of keyword queries, places; and what English ones are framed as."""

import pytest

from index.asking.frame import framed
from service.answering.classed import named_things, said_to_be
from service.answering.figures import find_figures
from service.answering.nearness import beside
from service.answering.periods import find_dates
from service.answering.places import asked_places
from service.answering.question import understand
from service.answering.slots import find_slots
from service.answering.sought import Sought
from service.answering.told import reported
from service.answering.wording import AREA_UNITS, MONEY_UNITS, Kind


@pytest.mark.parametrize(
    ("question", "kind", "units"),
    [
        ("暂扣了几辆洒土的车？", Kind.FIGURE, {"辆"}),
        ("用上了几颗遥感卫星？", Kind.FIGURE, {"颗"}),
        ("几个工作日能答复？", Kind.FIGURE, {"个工作日"}),
        ("预警是几点升的？", Kind.DATE, {"时"}),
        ("行动是哪几天搞的？", Kind.DATE, {"日"}),
        ("他是何年何月上任的？", Kind.DATE, {"月"}),
        ("他是哪年哪月上任的？", Kind.DATE, {"月"}),
        ("办法自何日起施行？", Kind.DATE, {"日"}),
        ("甲厂贷到多少款？", Kind.FIGURE, set(MONEY_UNITS)),
        ("甲厂设计了多少款新品？", Kind.FIGURE, {"款"}),
        ("甲厂拿到多大一块地？", Kind.FIGURE, set(AREA_UNITS)),
        ("甲县今年的投资项目数目标是多少？", Kind.FIGURE, set()),
        ("甲画的成交价是多少？", Kind.FIGURE, set(MONEY_UNITS)),
        ("“1+2+n”里的“2”所指为何？", Kind.DEFINITION, set()),
        ("“1+2+n”里的“n”指谁？", Kind.DEFINITION, set()),
        ("这四个字怎么讲？", Kind.DEFINITION, set()),
        ("哪个非洲国家学了去？", Kind.PLACE, set()),
        ("法官最后想了个什么招？", Kind.MEASURE, set()),
        ("工坊取了什么招牌？", Kind.OPEN, set()),
        ("办理用时前后变化如何？", Kind.CHANGE, set()),
        ("路为何修得慢？", Kind.REASON, set()),
        ("甲县 便民服务活动 场次", Kind.FIGURE, {"场"}),
        ("甲厂 长粽 每日产能", Kind.FIGURE, set()),
    ],
)
def test_the_kind_and_unit_of_what_is_asked(question: str, kind: Kind, units: set[str]) -> None:
    (slot,) = find_slots(question)
    assert (slot.kind, set(slot.units)) == (kind, units)


def test_a_thing_of_a_class_asked_for_in_a_part_of_its_own_is_a_slot() -> None:
    assert [slot.kind for slot in find_slots("手艺始于哪个朝代，做一件要多少道工序？")] == [Kind.OPEN, Kind.FIGURE]
    assert [slot.kind for slot in find_slots("甲和乙各多少，哪个更多？")] == [Kind.FIGURE, Kind.FIGURE]


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("重卡油费涨了多少？", ()),
        ("美国建了几座厂？", ("美国",)),
        ("雾溪镇有几座桥？", ("雾溪",)),
        ("这话出自谁之口？", ()),
    ],
)
def test_a_place_is_on_the_map_or_has_a_rank_or_is_abroad(question: str, places: tuple[str, ...]) -> None:
    assert asked_places(question) == places


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("记者8月4日从市交通局获悉，查处一起案件", True),
        ("中新网杭州8月7日电（记者甲）", True),
        ("8月7日，察尔森水库放水", False),
    ],
)
def test_a_date_line_is_not_the_date_of_what_it_reports(text: str, found: bool) -> None:
    assert reported(text, find_dates(text)[0]) is found


@pytest.mark.parametrize(
    ("question", "chinese"),
    [
        ("What is the community that Pinghu built called?", "that Pinghu built community 叫什么 ?"),
        ('Who is the "half-full hermit" (半饱居士)?', "谁 is the 半饱居士 ?"),
        ("What was the jobless rate in July?", "多少 the jobless rate in July?"),
    ],
)
def test_english_is_framed_as_chinese_asks(question: str, chinese: str) -> None:
    assert " ".join(framed(question).split()) == chinese


@pytest.mark.parametrize(
    ("question", "subjects"),
    [
        ("整治前后，电杆各有多少根？", ["电杆各有根", "电杆各有根"]),
        ("甲工具和乙贷款哪个余额大，各有多少？", ["甲工具各有", "乙贷款各有"]),
        ("甲产业和乙产业相比谁的增速更高？分别是多少？", ["甲产业分别是", "乙产业分别是"]),
        ("浙江有多少家工坊？", ["浙江有家工坊"]),
    ],
)
def test_both_sides_of_what_is_compared_are_asked_for(question: str, subjects: list[str]) -> None:
    assert [slot.focus for slot in understand(question).slots] == subjects


def test_what_stands_beside_a_figure_says_what_it_counts() -> None:
    text = "覆盖全国重点网络平台551家、店铺2134万家。"
    figures = find_figures(text)
    assert [beside(text, figures, figure, "管着家店铺") for figure in figures] == [0.0, 1.0]


def test_each_of_several_names_is_a_slot() -> None:
    assert [slot.kind for slot in understand("省里哪两个厅联手？").slots] == [Kind.ORGANISATION] * 2
    for asked in ("称号给了哪两位作家？", "他的名字排在哪两个人之间？"):
        assert [slot.kind for slot in understand(asked).slots] == [Kind.PERSON] * 2


def test_a_name_is_told_whole_and_by_its_class() -> None:
    bank = Sought("银行", ("银行",), body=True)
    firm = Sought("公司", ("公司",), body=True)
    text = "服务专员请来杭州联合银行，甲联集成电路制造股份有限公司负责人说"
    assert [text[slice(*_span(text, wanted))] for wanted in (bank, firm)] == [
        "杭州联合银行",
        "甲联集成电路制造股份有限公司",
    ]


def _span(text: str, wanted: Sought) -> tuple[int, int]:
    best = max(
        named_things(text, Kind.ORGANISATION, wanted),
        key=lambda item: text[item.start : item.end].endswith(wanted.noun),
    )
    return best.start, best.end


@pytest.mark.parametrize(("question", "proper"), [("新一轮春风行动有多少条？", False), ("税务总局出了多少条？", True)])
def test_what_begins_as_no_name_does_is_none(question: str, proper: bool) -> None:
    assert understand(question).words[0].proper is proper


def test_who_is_said_outright_to_be_something() -> None:
    text = "纲要强调，各级党委（党组）是本地区落实纲要的责任主体，要推动落实"
    assert [text[one.start : one.end] for one in said_to_be(text, "责任主体")] == ["各级党委（党组）"]
    assert not said_to_be(text, "第一书记")
