"""What every answer must keep to, whatever was asked."""

import json
import re
from collections.abc import Callable

from index.article import Article
from service.answer import Answer, Status
from service.answering.composer import render
from service.answering.figures import squeezed
from service.answering.question import understand
from service.answering.wording import Kind
from service.citation_id import article_of, locate
from service.pipeline import Pipeline

SHORT_CHARS, LONG_CHARS = 120, 400
LONG_KINDS = {Kind.DEFINITION, Kind.LIST, Kind.MEASURE, Kind.REASON, Kind.CHANGE, Kind.OPEN}


def assert_sound(answer: Answer, article: Callable[[str], Article]) -> None:
    """Quotes are verbatim, markers and citations agree, figures are verified, and the length is kept."""
    quotes = {}
    for citation in answer.citations:
        source = article(citation.article_id)
        assert source.text[citation.start : citation.end] == citation.quote != ""
        assert (citation.title, citation.reference) == (source.title, source.reference)
        assert article_of(citation.id) == citation.article_id
        assert locate(citation.id, source).standing == "unchanged"
        quotes[citation.n] = squeezed(citation.quote)
    markers = [int(number) for number in re.findall(r"\[(\d+)\]", answer.answer)]
    assert list(dict.fromkeys(markers)) == list(quotes) == list(range(1, len(quotes) + 1))
    for statement in answer.statements:
        assert statement.citations
        assert statement.support == "supported"
    for figure in answer.figures:
        assert figure.verdict == "exact"
        assert figure.text in quotes[figure.citation]
    for fact in answer.short_answers:
        assert fact
        assert fact in squeezed(answer.answer)
        signed = any(fact in citation.authors for citation in answer.citations)
        assert signed or any(fact in quote for quote in quotes.values())
    for passage in answer.retrieved:
        assert passage.text in article(passage.article_id).text
    if answer.status is Status.UNANSWERABLE:
        assert answer.short_answers == ()
        assert answer.reason
        assert answer.reason in answer.answer
    else:
        assert answer.answer == render(answer.statements)
        assert bool(answer.reason) == (answer.status is not Status.ANSWERED)
        slots = understand(answer.question).slots
        few = len(slots) <= 2 and not any(slot.kind in LONG_KINDS for slot in slots)
        assert len(answer.answer) < (SHORT_CHARS if few else LONG_CHARS)
    assert json.loads(json.dumps(answer.to_dict()))["answer"] == answer.answer


def assert_answers(pipeline: Pipeline, question: str, told: str) -> Answer:
    """The answer to a question, which is sound, complete and says what is `told`."""
    answer = pipeline.ask(question)
    assert_sound(answer, pipeline.article)
    assert answer.status is Status.ANSWERED
    assert told in answer.answer
    return answer


def assert_refuses(pipeline: Pipeline, question: str, missing: str) -> Answer:
    """The refusal of a question, which is sound and says what is `missing`."""
    answer = pipeline.ask(question)
    assert_sound(answer, pipeline.article)
    assert answer.status is Status.UNANSWERABLE
    assert missing in str(answer.reason)
    return answer
