"""What belongs to a chosen sentence: neighbours as the model is unsure, enumerations, announced paragraphs, quotes made one."""

import pytest

from index.article import Article
from index.sentences import sentence_spans
from service.answering.composer import Quote, joined
from service.answering.enumeration import enumerations
from service.answering.evidence import Match
from service.answering.excerpt import excerpt
from service.answering.facts import Fact
from service.answering.sentence import Sentence
from service.answering.slots import Slot
from service.answering.telling import FORM_WEIGHT, by_told, rank
from service.answering.wording import Kind
from service.lines.model import Told


def quoted(
    text: str, home: str, chances: dict[str, float], kind: Kind = Kind.REASON, room: int = 360, count: int | None = None
) -> list[str]:
    """The excerpt's sentences; `chances` are the probabilities of the sentences that begin so."""
    article = Article("a", "题", text)
    start = text.index(home)
    sentence = Sentence(article, start, start + len(home), home, home, "", "", text, text, 0.5)
    fact = Fact(Match(sentence, 1.0, 1.0, 1.0, ()), 0, len(home), home, 0.5, 0.0)
    told = Told({
        ("a", begin): (end, chance) for begin, end in sentence_spans(text)
        for words, chance in chances.items() if text.startswith(words, begin)
    })  # fmt: skip
    return [text[part.start : part.end] for part in excerpt(fact, Slot(kind, "", 0, count=count), told, room)]


PLAIN = "县里的路很长。县里修了水渠。水渠管得很好。村里的人都很高兴很高兴的样子。"


def test_a_sure_sentence_stands_alone_and_an_unsure_one_with_what_may_answer_too() -> None:
    assert quoted(PLAIN, "县里修了水渠。", {"县里修了": 0.95, "水渠管得": 0.02, "县里的路": 0.01}) == ["县里修了水渠。"]
    unsure = {"县里的路": 0.02, "县里修了": 0.3, "水渠管得": 0.2, "村里的人": 0.2}
    assert quoted(PLAIN, "县里修了水渠。", unsure) == [
        "县里修了水渠。",
        "水渠管得很好。",
        "村里的人都很高兴很高兴的样子。",
    ]


def test_what_stands_in_other_paragraphs_is_not_quoted_however_likely() -> None:
    text = "机制很好。\n县里修了水渠。\n村里的人都很高兴很高兴的样子。"
    assert quoted(text, "县里修了水渠。", {"机制很好": 0.45, "县里修了": 0.3, "村里的人": 0.45}) == ["县里修了水渠。"]


def test_what_is_likely_farther_off_is_quoted_with_what_stands_between() -> None:
    text = "县里建立机制，开展巡查。水渠管得很好。村里的人都很高兴很高兴的样子。"
    assert quoted(text, "县里建立机制，开展巡查。", {"县里建立": 0.3, "村里的人": 0.9}) == [
        "县里建立机制，开展巡查。",
        "水渠管得很好。",
        "村里的人都很高兴很高兴的样子。",
    ]


def test_a_list_told_with_its_number_stands_alone() -> None:
    text = "县里打造渔业、林业、茶业三大产业。水渠管得很好。"
    assert quoted(text, text[:17], {"县里打造": 0.5, "水渠管得": 0.3}, Kind.LIST, count=3) == [text[:17]]


def test_one_part_of_a_formula_is_told_by_the_sentence_that_explains_it() -> None:
    text = "县里有“1+8+X”体系。“1”是县委牵头。“8”是八个单位。“X”是其他单位参加。"
    article = Article("a", "题", text)
    home = Sentence(article, 0, 13, text[:13], text[:13], "", "", text, text, 0.5)
    fact = Fact(Match(home, 1.0, 1.0, 1.0, ()), 0, 13, text[:13], 0.5, 0.0)
    slots = (Slot(Kind.DEFINITION, "", 0, names=names) for names in (("x",), ("1", "8", "x")))
    alone, all_parts = ([text[part.start : part.end] for part in excerpt(fact, slot, Told({}), 360)] for slot in slots)
    assert alone == ["“X”是其他单位参加。"]
    assert "".join(all_parts) == text


def test_what_is_announced_ends_with_the_last_that_is_asked_for() -> None:
    text = "县里有如下3个特点：\n抓修路。路好。\n抓种树。树多。\n抓养鱼。鱼肥。\n后来大家都很高兴。"
    home = text[: text.index("\n")]
    assert quoted(text, home, {"县里有如": 0.9}, Kind.LIST, count=3) == [home, "抓修路。", "抓种树。", "抓养鱼。"]


def test_an_excerpt_keeps_to_its_room() -> None:
    unsure = {"县里的路": 0.3, "县里修了": 0.3, "水渠管得": 0.2, "村里的人": 0.2}
    assert quoted(PLAIN, "县里修了水渠。", unsure, room=15) == ["县里修了水渠。", "水渠管得很好。"]
    assert quoted(PLAIN, "县里修了水渠。", unsure, room=3) == ["县里修了水渠。"]


def test_what_points_back_is_quoted_with_its_subject() -> None:
    text = "县里修了水渠。它管得很好。村里的人都很高兴。"
    assert quoted(text, "它管得很好。", {"它管": 0.9}) == ["县里修了水渠。", "它管得很好。"]
    assert quoted(text, "村里的人都很高兴。", {"村里": 0.9}) == ["村里的人都很高兴。"]


def test_a_list_takes_in_the_enumeration_that_it_leads_up_to() -> None:
    text = "县里有办法。据介绍，一是修水渠。水渠很长。二是种果树。果树很多。三是办食堂。大家高兴。"
    expected = ["县里有办法。", "据介绍，一是修水渠。", "二是种果树。", "三是办食堂。"]
    assert quoted(text, "县里有办法。", {"县里有": 0.9}, Kind.MEASURE) == expected
    assert quoted(text, "二是种果树。", {"二是": 0.9}, Kind.MEASURE) == ["二是种果树。"]
    assert quoted(text, "二是种果树。", {"二是": 0.9}, Kind.LIST) == expected[1:]


def test_a_number_of_things_not_in_the_sentence_is_in_what_it_announces() -> None:
    text = "县里有三张清单。\n第一张管花钱。其余的话。\n第二张管用人。\n第三张管办事。"
    expected = ["县里有三张清单。", "第一张管花钱。", "第二张管用人。", "第三张管办事。"]
    assert quoted(text, "县里有三张清单。", {"县里有": 0.9}, Kind.LIST, count=3) == expected
    whole = "三张清单是甲单、乙单、丙单。\n村里的人都很高兴很高兴的样子。"
    assert quoted(whole, "三张清单是甲单、乙单、丙单。", {"三张": 0.3, "村里": 0.3}, Kind.LIST, count=3) == [
        whole.split("\n", maxsplit=1)[0]
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "主要分三个方面：一、供给。甲、乙。二、服务。三、监管。",
            ["主要分三个方面：一、供给。", "二、服务。", "三、监管。"],
        ),
        ("（一）甲。（二）乙。", ["（一）甲。", "（二）乙。"]),
        ("一是甲，二是乙。", []),
        ("二是甲。三是乙。", []),
        ("一是甲。丁。丁。丁。丁。丁。二是乙。", []),
        ("第一，甲。第二，乙。第一批。", ["第一，甲。", "第二，乙。"]),
    ],
)
def test_enumerations_over_several_sentences(text: str, expected: list[str]) -> None:
    found = [[text[a:b] for a, b in chain] for chain in enumerations(text, sentence_spans(text))]
    assert found == ([expected] if expected else [])


def test_quotes_that_overlap_or_touch_are_made_one() -> None:
    article, other = Article("a", "题", "甲甲甲。乙乙乙。\n丙丙丙。"), Article("b", "题", "甲甲甲。")
    quotes = [Quote(article, 0, 4), Quote(other, 0, 4), Quote(article, 4, 8), Quote(article, 9, 13)]
    assert joined(quotes) == [Quote(article, 0, 13), Quote(other, 0, 4)]
    assert joined([Quote(article, 0, 4), Quote(article, 9, 13)]) == [Quote(article, 0, 4), Quote(article, 9, 13)]


OPEN = Slot(Kind.OPEN, "", 0)


def test_the_likelier_sentence_comes_first_unless_it_contradicts() -> None:
    article = Article("a", "题", "甲甲甲。乙乙乙。")

    def fact(start: int, agreement: float, fit: float = 0.5) -> Fact:
        text = article.text[start : start + 4]
        sentence = Sentence(article, start, start + 4, text, text, "", "", article.text, article.text, 0.5)
        return Fact(Match(sentence, 0.5, 0.5, agreement, ()), 0, 4, text, fit, 0.0)

    told = Told({("a", 0): (4, 0.2), ("a", 4): (8, 0.7)})
    assert rank(fact(4, 1.0), OPEN, told) == pytest.approx(fact(4, 1.0).score + 0.7)
    assert rank(fact(4, 1.0, 0.95), OPEN, told) == pytest.approx(fact(4, 1.0, 0.95).score + 0.7 + FORM_WEIGHT * 0.5)
    assert rank(fact(4, 1.0, 0.95), OPEN, None) == fact(4, 1.0, 0.95).score
    assert [one.text for one in by_told(told, OPEN, [fact(0, 1.0), fact(4, 1.0)])] == ["乙乙乙。", "甲甲甲。"]
    assert [one.text for one in by_told(told, OPEN, [fact(0, 1.0), fact(4, 0.0)])] == ["甲甲甲。", "乙乙乙。"]
