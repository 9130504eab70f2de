"""Places: what is one, and which lies in which."""

import pytest

from service.answering.places import asked_places, contains, holds_part_of, is_wide, place_stems, related, stem


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("水稻和田鱼各起什么作用？", ()),
        ("新疆和田有多少亩耕地？", ("新疆", "和田")),
        ("义乌那边建了多少家驿站呀", ("义乌",)),
        ("余姚的平台对接多少家机构", ("余姚",)),
        ("湖州市本级和县区级各解决了多少个问题？", ("湖州",)),
        ("安徽和县去年产了多少蔬菜", ("安徽", "和县")),
        ("杭州市滨江区与县市合作", ("杭州", "滨江")),
        ("诸暨有多少家国家级企业", ("诸暨",)),
        ("全面依法治省办副主任是谁", ()),
        ("", ()),
    ],
)
def test_places_of_a_question(text: str, places: tuple[str, ...]) -> None:
    assert place_stems(text) == places


@pytest.mark.parametrize(
    ("place", "other", "inside", "kin"),
    [
        ("浙江", "诸暨市", True, True),
        ("绍兴", "诸暨", True, True),
        ("诸暨", "绍兴", False, True),
        ("宁波", "杭州", False, False),
        ("钱塘区", "钱塘", False, True),
        ("上海", "浦东新区", True, True),
    ],
)
def test_which_lies_in_which(place: str, other: str, inside: bool, kin: bool) -> None:
    assert contains(place, other) is inside
    assert related(place, other) is kin


def test_a_text_names_a_part_of_a_province() -> None:
    assert holds_part_of("浙江", "我们到嘉善县看了看")
    assert not holds_part_of("江苏", "我们到嘉善县看了看")
    assert not holds_part_of("无此地", "我们到嘉善县看了看")
    assert is_wide("浙江省")
    assert not is_wide("嘉善")


@pytest.mark.parametrize(
    ("place", "short"),
    [("广西壮族自治区", "广西"), ("恩施土家族苗族自治州", "恩施"), ("云县", "云县"), ("浦东新区", "浦东")],
)
def test_a_place_without_its_rank(place: str, short: str) -> None:
    assert stem(place) == short


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("宁波北仑建了什么工坊？", ("北仑",)),
        ("怎样利用村集体的闲置资产？", ()),
        ("卫星村的电线杆有多少？", ("卫星",)),
        ("除了杭州，还在哪些城市办了活动？", ()),
        ("除杭州外，宁波办了几场？", ("宁波",)),
        ("杭州和宁波各有多少家？", ("杭州", "宁波")),
        ("镇里怎么做到群众无感？", ()),
    ],
)
def test_places_that_an_answer_has_to_be_about(text: str, places: tuple[str, ...]) -> None:
    assert asked_places(text) == places


def test_an_adjective_after_an_adverb_of_degree_is_no_place_that_is_asked_about() -> None:
    assert asked_places("有个地方在搞一站式服务，挺新鲜的，是哪个市？") == ()
    assert asked_places("稻鱼共生推广到日本的面积有多少亩？") == ("日本",)
