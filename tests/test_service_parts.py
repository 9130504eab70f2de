"""Parts of a coined formula and names asked of together: what a question asks of, which sentences tell it."""

import pytest

from index.article import Article
from index.sentences import sentence_spans
from service.answering.evidence import Match
from service.answering.facts import Fact
from service.answering.parts import apart, asked_parts, counting, explained
from service.answering.question import understand
from service.answering.sentence import Sentence
from service.answering.slots import Slot
from service.answering.telling import by_told
from service.answering.wording import Kind
from service.lines.model import Told


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("“1+8+X”体系指什么", ("1", "8", "x")),
        ("“1+8+X”体系里的X是什么意思", ("x",)),
        ("“1+8+X”里，“1”和“8”各指什么", ("1", "8")),
        ("“1+8+X”体系2023年有8个领域，指什么", ("1", "8", "x")),
        ("“123456”工程里的“3”指什么", ("3",)),
        ("“1+1+3”服务包含什么", ()),
        ("“2023”是什么", ()),
        ("在“耕”“读”两处分别要做什么", ("耕", "读")),
        ("“耕”“读”是什么", ()),
        ("村里修了几条路", ()),
    ],
)
def test_the_parts_that_a_question_asks_of(question: str, parts: tuple[str, ...]) -> None:
    assert asked_parts(understand(question).text) == parts


TEXT = "村里建“1+2+N”体系。好处不少。“1”是村委会管账。“2”即两个社。人人参加。“N”指各户。"


def test_a_sentence_explains_a_part_in_so_many_words() -> None:
    assert explained(("1", "2", "n"), "“1”是村委会；“2”，两个社") == 1
    assert explained(("1", "2", "n"), "“1”是村委会；“2”即两个社；“Ｎ”指各户") == 3
    assert explained(("耕",), "在“耕”上下功夫") == 1
    assert not explained(("耕",), "耕地很多")


def test_the_parts_that_a_sentence_leaves_are_told_around_it() -> None:
    spans = sentence_spans(TEXT)
    told = [TEXT[slice(*span)] for span in apart(("1", "2", "n"), TEXT, spans, spans[0])]
    assert told == ["“1”是村委会管账。", "“2”即两个社。", "“N”指各户。"]
    told = [TEXT[slice(*span)] for span in apart(("1", "2", "n"), TEXT, spans, spans[3])]
    assert told == ["“1”是村委会管账。", "“N”指各户。"]
    assert apart(("7", "8", "n"), TEXT, spans, spans[0]) == []


def test_what_explains_the_part_goes_first() -> None:
    article = Article("a", "题", TEXT)

    def fact(start: int, end: int) -> Fact:
        text = TEXT[start:end]
        sentence = Sentence(article, start, end, text, text, "", "", TEXT, TEXT, 0.5)
        return Fact(Match(sentence, 0.5, 0.5, 1.0, ()), 0, end - start, text, 0.5, 0.0)

    ranked = [fact(*span) for span in sentence_spans(TEXT)]
    told = Told({("a", 0): (11, 0.9)})
    assert by_told(told, Slot(Kind.DEFINITION, "", 0), ranked)[0].text == "村里建“1+2+N”体系。"
    assert by_told(told, Slot(Kind.DEFINITION, "", 0, names=("n",)), ranked)[0].text == "“N”指各户。"


def test_names_asked_of_together_make_a_list_and_who_a_part_is_makes_a_definition() -> None:
    (slot,) = understand("在“耕”“读”两处分别要打造什么").slots
    assert (slot.kind, slot.names) == (Kind.LIST, ("耕", "读"))
    assert not understand("“1+8+X”体系里牵头的叫什么").slots[0].names
    (slot,) = understand("“1+8+X”体系里的X指的是谁").slots
    assert (slot.kind, slot.names) == (Kind.DEFINITION, ("x",))


def test_parts_that_nothing_explains_are_told_by_what_is_counted() -> None:
    text = "县里有“2+4+N”体系。以2家学校为龙头。以4个分院为骨干。人人高兴。"
    spans = sentence_spans(text)
    assert counting(("2",), text, spans, spans[0]) == [spans[1]]
    assert counting(("2", "4", "n"), text, spans, spans[0]) == [spans[1], spans[2]]
    assert counting(("3", "n"), text, spans, spans[0]) == []
    assert counting(("2", "n"), text, spans, spans[0]) == []


def test_the_first_number_of_a_formula_may_be_told_in_another_form() -> None:
    text = "村里推行“234”办法。做到无欠账、无欠租。账目公开。立3份账。约4个日子。人人高兴。"
    spans = sentence_spans(text)
    wanted = [spans[1], spans[3], spans[4]]
    assert counting(("2", "3", "4"), text, spans, spans[0]) == wanted
    assert counting(("2", "3", "4"), text, spans, spans[1]) == [spans[0], *wanted]
    assert counting(("2", "3", "5"), text, spans, spans[0]) == []


def test_a_number_before_is_no_formula() -> None:
    text = "2023年村里很忙。县里有“2+4+N”体系。以2家学校为龙头。以4个分院为骨干。"
    spans = sentence_spans(text)
    assert counting(("2",), text, spans, spans[1]) == [spans[2]]
    assert counting(("2", "4"), text, spans, spans[1]) == [spans[2], spans[3]]
