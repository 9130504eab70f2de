"""What the span model does to the choice of facts: probabilities by place, what is not asked of it, what it refuses."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.retrieval import Retriever
from index.snapshot import Snapshot
from service.answering.evidence import Match, WeightedWord, match, weigh
from service.answering.facts import SENTENCE_SURE_WEIGHT, SURE_WEIGHT, Fact, facts
from service.answering.question import Question, understand
from service.answering.sentence import sentences
from service.answering.sureness import sureness
from service.spans.model import SpanModel
from tests.encoders import HashEncoder


@pytest.fixture(scope="module")
def model() -> SpanModel:
    return SpanModel.load()


def matched(folder: Path, asked: str) -> tuple[Question, list[WeightedWord], list[Match]]:
    snapshot = Snapshot.open(folder)
    question = understand(asked)
    words = weigh(question, snapshot)
    hits = Retriever(snapshot, HashEncoder()).search(asked, 10)
    return question, words, match(question, words, sentences(hits, snapshot))


def test_facts_carry_the_probability_of_their_place(shared_folder: Path, model: SpanModel) -> None:
    question, words, matches = matched(shared_folder, "清河县建成长者食堂多少家？")
    sure = sureness(model, question, question.slots[0], matches)
    assert sure is not None
    ranked = facts(question, question.slots[0], words, matches, sure)
    assert ranked[0].text == "218家"
    assert ranked[0].sure == sure.of(ranked[0].match, ranked[0].start) == sure.within(ranked[0].match)
    assert ranked[0].sure == max(fact.sure or 0 for fact in ranked)
    plain = facts(question, question.slots[0], words, matches)
    assert plain
    assert {fact.sure for fact in plain} == {None}


def test_sentences_carry_their_best_candidate(shared_folder: Path, model: SpanModel) -> None:
    question, words, matches = matched(shared_folder, "长者食堂亏损怎么办？")
    sure = sureness(model, question, question.slots[0], matches)
    assert sure is not None
    for fact in facts(question, question.slots[0], words, matches, sure):
        assert fact.whole
        assert fact.sure == sure.within(fact.match)


@pytest.mark.parametrize("asked", ["集团董事长是谁？", "食堂由哪两家单位办？"])
def test_names_are_not_asked_of_the_model(shared_folder: Path, model: SpanModel, asked: str) -> None:
    question, _, matches = matched(shared_folder, asked)
    assert sureness(model, question, question.slots[0], matches) is None
    assert sureness(model, question, question.slots[0], []) is None


def test_sureness_adds_to_the_score(shared_folder: Path) -> None:
    question, words, matches = matched(shared_folder, "清河县建成长者食堂多少家？")
    best = facts(question, question.slots[0], words, matches)[0]
    agreement = best.match.agreement
    assert replace(best, sure=0.0).score == best.score
    assert replace(best, sure=0.4).score == pytest.approx(best.score + 0.4 * SURE_WEIGHT * agreement)
    text = best.match.sentence.text
    whole = Fact(best.match, 0, len(text), text, 0.5, 0.0)
    assert replace(whole, sure=0.4).score == pytest.approx(whole.score + 0.4 * SENTENCE_SURE_WEIGHT * agreement)
