"""The line model: signs of a sentence, nearness of meaning, probabilities of sentences, and the weights on disk."""

import shutil
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from embeddings import models_folder
from embeddings.static import StaticEncoder
from index.article import Article
from index.building import build
from index.retrieval import Retriever
from index.snapshot import Snapshot
from service.answering.evidence import Match, WeightedWord, match, weigh
from service.answering.question import Question, understand
from service.answering.sentence import sentences
from service.errors import SpanModelError
from service.lines.calibration import Calibration, calibrate
from service.lines.context import FAR, context
from service.lines.cues import CUE_NAMES, cues, name_cues
from service.lines.features import Scene, rows, scene, subjects
from service.lines.meaning import meaning
from service.lines.model import LineModel, Told
from service.lines.nearness import nearness
from service.spans.asked import read_slot
from service.spans.model import SpanModel

ARTICLES = (
    Article("a", "东溪区帮办中心", "东溪区的“帮办站”今年办了很多事。“帮办站”是指设在园区里替企业跑腿的窗口。“帮办站”去年办件3.2万件。"),
    Article("b", "北岭县林场", "北岭县林场面积很大。为了让林农增收，北岭县通过林下种药和碳票质押两条路子帮助农户。林农收入增长12%。"),
)  # fmt: skip


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder(models_folder() / "wence-static")


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory, encoder: StaticEncoder) -> Retriever:
    folder = tmp_path_factory.mktemp("lines") / "snapshot"
    build(ARTICLES, folder, encoder)
    return Retriever(Snapshot.open(folder), encoder)


@pytest.fixture(scope="module")
def model() -> LineModel:
    return LineModel.load()


@pytest.fixture(scope="module")
def spans() -> SpanModel:
    return SpanModel.load()


def matched(retriever: Retriever, asked: str) -> tuple[Question, list[WeightedWord], list[Match]]:
    question = understand(asked)
    words = weigh(question, retriever.snapshot)
    return question, words, match(question, words, sentences(retriever.search(asked), retriever.snapshot))


def laid(retriever: Retriever, spans: SpanModel, asked: str) -> Scene:
    question, words, matches = matched(retriever, asked)
    slot = question.slots[0]
    return scene(question, slot, read_slot(question, slot, spans.rarity), words, matches)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("“帮办站”是什么？", "“帮办站”是指设在园区里替企业跑腿的窗口。"),
        ("北岭县怎样让林农增收？", "为了让林农增收，北岭县通过林下种药和碳票质押两条路子帮助农户。"),
    ],
)
def test_the_sentence_that_answers_is_the_likeliest(
    retriever: Retriever, model: LineModel, spans: SpanModel, asked: str, answer: str
) -> None:
    question, words, matches = matched(retriever, asked)
    told = model.tell(question, question.slots[0], words, matches, spans.rarity)
    assert max(matches, key=told.of).sentence.text == answer
    assert all(0 < told.of(one) < 1 for one in matches)
    again = model.tell(question, question.slots[0], words, list(reversed(matches)), spans.rarity)
    assert [again.of(one) for one in matches] == [told.of(one) for one in matches]


def test_nothing_is_told_of_no_sentences(retriever: Retriever, model: LineModel, spans: SpanModel) -> None:
    question, words, _ = matched(retriever, "“帮办站”是什么？")
    assert model.tell(question, question.slots[0], words, [], spans.rarity).places == {}


def test_rows_stand_in_the_order_of_the_articles(
    retriever: Retriever, spans: SpanModel, encoder: StaticEncoder
) -> None:
    seen = laid(retriever, spans, "“帮办站”是什么？")
    starts = [one.sentence.start for one in seen.matches if one.sentence.article.id == "a"]
    assert starts == sorted(starts)
    assert len(starts) == 3
    table = rows(seen, encoder)
    assert table.shape[0] == len(seen.matches)
    assert np.isfinite(table).all()
    assert subjects(seen) == ("帮办站",)


def test_a_sentence_is_told_what_stands_before_it(retriever: Retriever, spans: SpanModel) -> None:
    seen = laid(retriever, spans, "“帮办站”替企业跑腿吗？")
    found = [one.sentence for one in seen.matches]
    columns = context(found, seen.pairs, seen.singles)
    own = [number for number, one in enumerate(found) if one.article.id == "a"]
    other = [number for number, one in enumerate(found) if one.article.id == "b"]
    assert [found[number].text[:3] for number in own] == ["东溪区", "“帮办", "“帮办"]
    told = {name: np.asarray(values) for name, values in columns.items()}
    assert told["strongest: steps"][own].tolist() == [-1, 0, 1]
    assert told["before: steps"][own].tolist() == [FAR, 1, 1]
    assert told["in paragraph"][own].tolist() == [0, 1, 2]
    assert told["pair with 2 before"][own[2]] == told["pair with 2 before"][own[1]] > told["pair with 2 before"][own[0]]
    assert not told["pair with 4 before"][other].any()


def test_told_knows_places() -> None:
    told = Told({("a", 0): (9, 0.5), ("a", 9): (12, 0.1), ("b", 3): (4, 0.2)})
    assert told.at("a", 9) == 0.1
    assert told.at("a", 4) == 0.0
    assert told.of_article("a") == [(0, 9, 0.5), (9, 12, 0.1)]


def test_signs_of_a_sentence() -> None:
    found = dict(zip(CUE_NAMES, cues("此外，通过建立机制，一是减负，二是增收20%：甲、乙、丙。"), strict=True))
    assert found["starts: goes on"] == 1
    assert found["means"] == 1
    assert found["numbered"] == 2
    assert found["pauses"] == 2
    assert found["figures"] == 1
    assert found["ends open"] == 0
    assert dict(zip(CUE_NAMES, cues("主要有两条："), strict=True))["ends open"] == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“帮办站”是指替企业跑腿的窗口。", (1.0, 1 - 1 / 16, 1.0, 0.0, 12.0)),
        ("帮办站为企业跑腿。", (0.6, 1.0, 0.0, 0.0, 6.0)),
        ("帮办站很忙。", (0.0, 1.0, 0.0, 0.0, 3.0)),
        ("今年打造“帮办站”。", (0.0, 1 - 5 / 10, 1.0, 1.0, 2.0)),
        ("别的窗口也很忙。", (0.0, 0.0, 0.0, 0.0, 0.0)),
    ],
)
def test_what_a_sentence_says_of_a_name(text: str, expected: tuple[float, ...]) -> None:
    assert name_cues(text, ("帮办站",)) == pytest.approx(expected)


def test_meaning_is_nearest_for_the_same_words(encoder: StaticEncoder) -> None:
    found = meaning(encoder, "企业融资难怎么解决", ["企业融资难的解决办法", "林场里种了很多树", ""])
    said = found.said(found.near)
    assert said[0] > said[1] > said[2] - 1e-6
    assert said[0] > 0.9
    assert found.least[0] < found.least[1]
    assert found.echoed[0] > found.echoed[1]
    nothing = meaning(encoder, "怎么", ["林场"])
    assert nothing.said(nothing.near).tolist() == nothing.least.tolist() == [0.0]


def test_meaning_is_told_by_side_clause_and_heading(encoder: StaticEncoder) -> None:
    asked, lines = "林场怎么融资", ["林场很大，企业融资难", "林场很大", "企业融资难"]
    meant = meaning(encoder, asked, lines)
    columns = nearness(meant, encoder, asked.index("怎么"), np.array([0, 0, 1]), ["林场", "林场", "别的"])
    told = {name: np.asarray(values) for name, values in columns.items()}
    assert told["near left"][0] == pytest.approx(told["near left"][1])
    assert told["near left"][1] > told["near left"][2]
    assert told["near right"][0] == pytest.approx(told["near right"][2])
    assert told["near right"][2] > told["near right"][1]
    assert told["near clause"][0] < meant.said(meant.near)[0]
    assert told["near with 1 before"][1] == pytest.approx(meant.said(meant.near)[0])
    assert told["near with 1 before"][2] == pytest.approx(meant.said(meant.near)[2])
    assert told["near heading"][0] > told["near heading"][2]
    assert told["near untitled"][0] > told["near untitled"][1]


def test_a_score_is_the_less_likely_right_the_more_its_rivals_have() -> None:
    calibration = Calibration(1.0, -0.5, 0.0)
    alone, beside = calibration.chances(np.array([1.0])), calibration.chances(np.array([1.0, 1.0, -3.0]))
    assert alone[0] > beside[0] == beside[1] > beside[2]


def test_calibration_is_found_again() -> None:
    rng = np.random.default_rng(7)
    scores = [rng.normal(0, 2, 12) for _ in range(2000)]
    made = Calibration(1.2, -0.6, 0.3)
    right = [rng.random(12) < made.chances(own) for own in scores]
    found = calibrate(scores, right, [1.0] * len(scores))
    assert astuple(found) == pytest.approx(astuple(made), abs=0.1)


def test_weights_survive_saving_and_broken_ones_are_named(tmp_path: Path, model: LineModel) -> None:
    model.save(tmp_path / "copy")
    assert (tmp_path / "copy" / "model.safetensors").read_bytes() == (
        models_folder() / "wence-lines" / "model.safetensors"
    ).read_bytes()
    LineModel.load(tmp_path / "copy")
    shutil.copytree(tmp_path / "copy", tmp_path / "broken")
    (tmp_path / "broken" / "config.json").write_text('{"format": 0}', encoding="utf-8")
    with pytest.raises(SpanModelError, match="format 0"):
        LineModel.load(tmp_path / "broken")
