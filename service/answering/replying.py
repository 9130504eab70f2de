"""What was chosen for a question and what is missing in, the Answer out: answered, partly, told in two ways, or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from index.article import Article
from service.answer import Answer, Citation, FigureCheck, Statement, Status
from service.answerability.signs import Case
from service.answering.abstention import Missing
from service.answering.byline import opening
from service.answering.composer import (
    LONG_KINDS,
    Quote,
    cite,
    joined,
    quote_facts,
    quote_passages,
    render,
)
from service.answering.confidence import confidence
from service.answering.evidence import WeightedWord
from service.answering.facts import Fact
from service.answering.figures import squeezed
from service.answering.question import Question
from service.answering.slots import Slot
from service.answering.verifier import check_figures
from service.lines.model import Told

SIGNED_CONFIDENCE = 0.95
"""How sure it is that an article was meant whose author is told."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A fact for each slot that has one, why the others have none, and facts that another tells otherwise."""

    chosen: Sequence[tuple[Slot, Fact]]
    missing: Sequence[Missing]
    told: Sequence[tuple[Fact, Fact]] = ()
    likely: Mapping[Slot, Told] = field(default_factory=dict)
    """How likely each sentence answers a slot, for those that whole sentences answer."""


def reply(question: Question, words: Sequence[WeightedWord], choice: Choice) -> Answer:
    """The answer of at least one fact."""
    statements, citations = cite(quotes_of(choice.chosen, words, choice.likely, [other for _, other in choice.told]))
    facts = [fact for _, fact in choice.chosen if not fact.whole]
    facts += [other for _, other in choice.told]
    reasons = [f"两处说法不同：{squeezed(fact.text)}与{squeezed(other.text)}" for fact, other in choice.told]
    reasons += [item.text for item in choice.missing]
    status = Status.CONFLICT if choice.told else Status.PARTIAL if choice.missing else Status.ANSWERED
    return Answer(
        question.asked, status, render(statements), tuple(squeezed(told) for fact in facts for told in fact.told), statements, citations,
        _checked(statements, citations), reason="；".join(reasons) or None,
        confidence=confidence([fact for _, fact in choice.chosen]),
    )  # fmt: skip


def refuse(question: Question, words: Sequence[WeightedWord], missing: Sequence[Missing], near: str | None) -> Answer:
    """An answer that says what is missing, and the nearest thing that is there, quoted where it is about the same; it
    guesses nothing.
    """
    reason = "；".join(dict.fromkeys(item.text for item in missing)) or "没有找到相关内容"
    statements, citations = cite(quote_facts([item.instead for item in missing if item.instead][:1], words))
    hint = f"文章的说法是：{render(statements)}" if statements else f"最接近的是{near}。" if near else ""
    return Answer(
        question.asked, Status.UNANSWERABLE, f"现有文章不能回答这个问题：{reason}。{hint}", (), statements, citations,
        _checked(statements, citations), reason=reason,
    )  # fmt: skip


def signed(question: Question, article: Article) -> Answer:
    """Who wrote an article, as its record tells, before the line that it begins with, which is what can be cited."""
    (statement,), citations = cite([Quote(article, *opening(article))])
    statement = replace(statement, text=f"作者是{'、'.join(article.authors)}。{statement.text}")
    return Answer(
        question.asked, Status.ANSWERED, render([statement]), article.authors, (statement,), citations,
        _checked([statement], citations), confidence=SIGNED_CONFIDENCE,
    )  # fmt: skip


def _checked(statements: Sequence[Statement], citations: Sequence[Citation]) -> tuple[FigureCheck, ...]:
    return tuple(
        check for statement in statements
        for check in check_figures(statement.text, [citations[number - 1] for number in statement.citations])
    )  # fmt: skip


def quotes_of(
    chosen: Sequence[tuple[Slot, Fact]],
    words: Sequence[WeightedWord],
    likely: Mapping[Slot, Told],
    told: Sequence[Fact] = (),
) -> list[Quote]:
    """The stretches of the articles that tell the facts chosen, each once, and then what tells them otherwise."""
    short = [fact for slot, fact in chosen if slot.kind not in LONG_KINDS]
    quotes = quote_facts([*short, *told], words)
    long = [
        (slot, fact) for slot, fact in chosen
        if slot.kind in LONG_KINDS and not any(_within(fact, quote) for quote in quotes)
    ]  # fmt: skip
    return joined([*quotes, *quote_passages(long, likely)]) if long else quotes


def likely_of(cases: Sequence[Case]) -> dict[Slot, Told]:
    """How likely each sentence answers, by slot."""
    return {case.slot: case.told for case in cases if case.told}


def _within(fact: Fact, quote: Quote) -> bool:
    sentence = fact.match.sentence
    return sentence.article.id == quote.article.id and quote.start <= sentence.start and sentence.end <= quote.end
