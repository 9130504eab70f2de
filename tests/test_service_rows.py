"""Things told one by one after the sentence that leads up to them: by the noun that is counted, by how they end."""

import pytest

from index.article import Article
from index.sentences import sentence_spans
from service.answering.evidence import Match
from service.answering.excerpt import excerpt
from service.answering.facts import Fact
from service.answering.question import understand
from service.answering.rows import counted_noun, rows
from service.answering.sentence import Sentence
from service.lines.model import Told


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("村里列了哪三张清单？", "清单"),
        ("村里列了哪三张项目推介清单？", "清单"),
        ("村里管账的“三张清单”是哪三张？", "清单"),
        ("村里完善了哪三套工作机制？", "机制"),
        ("村里在哪三个方面下功夫？", None),
    ],
)
def test_the_noun_that_a_question_counts(question: str, noun: str | None) -> None:
    assert counted_noun(understand(question).slots[0]) == noun


THREE = "村里列了哪三张清单？"
LED = "村里要建机制。路修好了。建立三项机制。建立记账机制。建立对账机制，月月对。建立查账机制。路上有机制。"
ENDINGS = "村里下足三功。在管账上下功夫。账管得很好。在修路上下功夫。在种树上下功夫。"


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        (THREE, "村里有三张清单。用花钱清单管账。人人高兴。用用人清单管人。用办事清单管事。", ["用花钱清单管账。", "用用人清单管人。", "用办事清单管事。"]),
        (THREE, "村里有三张清单。办法很好。建花钱清单，建用人清单，建办事清单。", ["建花钱清单，建用人清单，建办事清单。"]),
        (THREE, "村里有花钱清单、用人清单和办事清单。用清单管账。用清单管人。用清单管事。", []),
        (THREE, "村里有三张清单。用花钱清单管账。", []),
        ("村里建立了哪三项机制？", LED, ["建立三项机制。", "建立记账机制。", "建立对账机制，月月对。", "建立查账机制。"]),
        ("村里在哪三个方面下功夫？", ENDINGS, ["在管账上下功夫。", "在修路上下功夫。", "在种树上下功夫。"]),
        ("村里在哪两个方面下功夫？", ENDINGS, []),
        ("村里在哪些方面下功夫？", ENDINGS, []),
    ],
)  # fmt: skip
def test_what_is_told_one_by_one(question: str, text: str, told: list[str]) -> None:
    found = rows(understand(question).slots[0], text, sentence_spans(text)[0])
    assert [text[slice(*span)] for span in found] == told


def test_a_sentence_that_does_not_speak_of_the_things_gives_way_to_them() -> None:
    text = "村里办法很多。建花钱清单，建用人清单，建办事清单。"
    sentence = Sentence(Article("a", "题", text), 0, 7, text[:7], text[:7], "", "", text, text, 0.5)
    fact = Fact(Match(sentence, 1.0, 1.0, 1.0, ()), 0, 7, text[:7], 0.5, 0.0)
    quotes = excerpt(fact, understand(THREE).slots[0], Told({}), 360)
    assert [text[quote.start : quote.end] for quote in quotes] == ["建花钱清单，建用人清单，建办事清单。"]
