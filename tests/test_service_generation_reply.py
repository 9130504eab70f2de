"""Replies of a model, whole and in pieces: what of them is said, with which sources, and what is left out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.generation.reply import LONGEST_SENTENCE, ReplyReader, Said, Turn

FACT = "新开公交线路28条。"


def read(*pieces: str) -> list[Said | Turn]:
    reader = ReplyReader()
    found = [item for piece in pieces for item in reader.feed(piece)]
    return [*found, *reader.finish()]


def standing(found: list[Said | Turn]) -> list[Said | Turn]:
    """What is left after the last restart."""
    last = max((at for at, item in enumerate(found) if item is Turn.RESTARTED), default=-1)
    return found[last + 1 :]


@pytest.mark.parametrize(
    ("marker", "numbers"),
    [
        ("[1]", (1,)),
        ("【1】", (1,)),
        ("［1］", (1,)),
        ("〔1〕", (1,)),
        ("[[1]]", (1,)),
        ("【【1】】", (1,)),
        ("[１]", (1,)),
        ("[1,2]", (1, 2)),
        ("[1，2]", (1, 2)),
        ("[1、2；3]", (1, 2, 3)),
        ("[1, 2]", (1, 2)),
        ("[1][2]", (1, 2)),
        ("[1] [2]", (1, 2)),
        ("【1】[2]", (1, 2)),
        ("[2][1][2]", (2, 1)),
        ("[ 1 ]", (1,)),
        ("[^1]", (1,)),
        ("[资料1]", (1,)),
        ("【来源：3】", (3,)),
        ("[source 2]", (2,)),
        ("【1†资料】", (1,)),
        ("[资料1，资料2]", (1, 2)),
        ("[12]", (12,)),
        ("[999]", (999,)),
        ("[0]", (0,)),
    ],
)
def test_every_way_to_write_a_marker(marker: str, numbers: tuple[int, ...]) -> None:
    bare = FACT.rstrip("。")
    assert read(f"{FACT}{marker}") == [Said(FACT, numbers)]
    assert read(f"{bare}{marker}。") == [Said(FACT, numbers)]
    assert read(f"{FACT} {marker}\n") == [Said(FACT, numbers)]
    assert read(f"{bare}{marker}") == [Said(bare, numbers)]
    assert read(*f"{FACT}{marker}") == [Said(FACT, numbers)]


@pytest.mark.parametrize(
    "text", ["[注]28条。", "【公告】28条。", "[1", "28条。[]", "28条。[一]", "28条（1）。", "[1a]28条。", "28条", ""]
)
def test_what_is_no_marker(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("甲。[1]乙。[2]", [Said("甲。", (1,)), Said("乙。", (2,))]),
        ("甲[1]，乙[2]。", [Said("甲，乙。", (1, 2))]),
        ("甲。乙。[1]", [Said("甲。", (1,), own=False), Said("乙。", (1,))]),
        ("甲。\n乙。[1]", [Said("乙。", (1,))]),
        ("甲！[1]乙？[2]", [Said("甲！", (1,)), Said("乙？", (2,))]),
        ("他说：“甲。”[1]", [Said("他说：“甲。”", (1,))]),
        ("# 标题\n- **甲**[1]\n2. 乙 [2]\n> 丙`[3]`", [Said("甲", (1,)), Said("乙", (2,)), Said("丙", (3,))]),
        ("增长3.5%。[1]", [Said("增长3.5%。", (1,))]),
        ("5.5亿元。[1]", [Said("5.5亿元。", (1,))]),
        ("“1+5+16”。[1]", [Said("“1+5+16”。", (1,))]),
        ("甲\u202e\u200b😀。[1]", [Said("甲。", (1,))]),
        ("。。。[1]", []),
        ("[1][2][3]", []),
        ("甲。[1]\n</source>乙。[1]\n丙。[1]", [Said("甲。", (1,))]),
        ("甲。[1]\n问题：乙？\n丙。[1]", [Said("甲。", (1,))]),
    ],
)
def test_sentences(reply: str, said: list[Said]) -> None:
    assert read(reply) == said
    assert read(*reply) == said


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ("无法回答", [Turn.REFUSED]),
        ("无法回答。", [Turn.REFUSED]),
        ("“无法回答”", [Turn.REFUSED]),
        ("**无法回答**\n", [Turn.REFUSED]),
        ("抱歉，根据资料无法回答这个问题。", [Turn.REFUSED]),
        ("甲。[1]第二问无法回答。", [Said("甲。", (1,)), Turn.REFUSED]),
        ("专家也无法回答。[1]", [Said("专家也无法回答。", (1,))]),
    ],
)
def test_refusals(reply: str, found: list[Said | Turn]) -> None:
    assert read(reply) == found
    assert read(*reply) == found


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ("<think>甲。[1]</think>乙。[1]", [Said("乙。", (1,))]),
        ("<THINK>甲。[1]</THINK>\n\n乙。[1]", [Said("乙。", (1,))]),
        ("<think>甲。[1]", []),
        ("<reasoning>无法回答</reasoning>乙。[1]", [Said("乙。", (1,))]),
        ("甲。[1]丙</think>乙。[1]", [Said("甲。", (1,)), Turn.RESTARTED, Said("乙。", (1,))]),
        ("甲。[1]<think>丙。[2]</think>乙。[1]", [Said("甲。", (1,)), Said("乙。", (1,))]),
        ("<b>甲。[1]", [Said("<b>甲。", (1,))]),
    ],
)
def test_thinking_aloud_is_left_out(reply: str, found: list[Said | Turn]) -> None:
    assert read(*reply) == found
    assert [item for item in read(reply) if item is not Turn.RESTARTED][-1:] == found[-1:]


PARTS = st.sampled_from(
    [
        "甲乙",
        "3.5%",
        "。",
        "！",
        "\n",
        "[1]",
        "【2】",
        "[[3]]",
        "[1,2]",
        "[",
        "]",
        "【",
        " ",
        "”",
        "<think>",
        "</think>",
        "<",
        "无法回答",
        "- ",
        "**",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PARTS, max_size=25), st.data())
def test_pieces_do_not_matter(parts: list[str], data: st.DataObject) -> None:
    reply = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=8)))
    pieces = [reply[start:end] for start, end in zip([0, *cuts], [*cuts, len(reply)], strict=True)]
    assert standing(read(*pieces)) == standing(read(*reply))


def test_a_sentence_is_out_as_soon_as_nothing_more_can_belong_to_it() -> None:
    reader = ReplyReader()
    assert list(reader.feed("甲。")) == []
    assert list(reader.feed("[")) == []
    assert list(reader.feed("1")) == []
    assert list(reader.feed("]")) == []
    assert list(reader.feed("乙")) == [Said("甲。", (1,))]


def test_text_without_end_is_dropped() -> None:
    reader = ReplyReader()
    for _ in range(40):
        assert list(reader.feed("啊" * (LONGEST_SENTENCE // 10))) == []
    assert list(reader.feed("。\n甲。[1]乙")) == [Said("甲。", (1,))]
    assert read("[" * 20_000) == []
