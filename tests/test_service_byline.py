"""Who wrote an article is told from its record; what is cited is the line that it begins with."""

from pathlib import Path

import pytest

from index.article import Article
from index.building import build
from service.pipeline import Pipeline
from service.settings import Settings
from tests.encoders import HashEncoder
from tests.invariants import assert_refuses, assert_sound

ARTICLES = (
    Article(
        id="bridge",
        title="雾溪镇的“三座桥”",
        text="雾溪镇新修三座桥，方便了两岸村民。\n桥的设计者是林望溪。",
        authors=("江一舟", "许闻笛"),
    ),
    Article(
        id="tea",
        title="茶山的早晨",
        text="青屿县的茶农清早上山采茶，一天能采八斤。",
        authors=("方知夏",),
        metadata={"role": "青屿县茶业协会副会长"},
    ),
    Article(id="night", title="夜里的灯", text="夜校的灯亮到十点，写文章的人也来听课。", authors=("许灯明",)),
    Article(id="rule", title="夜校管理办法", text="《云澜市夜校管理办法》共二十条，由云澜市教育局制定。"),
)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    folder: Path = tmp_path_factory.mktemp("bylines") / "snapshot"
    build(ARTICLES, folder, HashEncoder())
    return Pipeline(folder, Settings(), HashEncoder())


@pytest.mark.parametrize(
    ("question", "authors", "cited"),
    [
        ("《雾溪镇的“三座桥”》这篇文章的作者是谁？", ("江一舟", "许闻笛"), "bridge"),
        ("写青屿县茶农采茶的那篇文章是谁写的？", ("方知夏",), "tea"),
        ("“三座桥”的作者是谁？", ("江一舟", "许闻笛"), "bridge"),
    ],
)
def test_the_authors_of_an_article(pipeline: Pipeline, question: str, authors: tuple[str, ...], cited: str) -> None:
    answer = pipeline.ask(question)
    assert_sound(answer, pipeline.article)
    assert answer.short_answers == authors
    assert answer.answer.startswith(f"作者是{'、'.join(authors)}。")
    assert [citation.article_id for citation in answer.citations] == [cited]


@pytest.mark.parametrize("question", ["雾溪镇三座桥的设计者是谁？", "《云澜市夜校管理办法》的作者是谁？"])
def test_who_made_something_else_is_no_question_of_bylines(pipeline: Pipeline, question: str) -> None:
    assert not pipeline.ask(question).answer.startswith("作者是")


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("写茶农采茶的方知夏担任什么职务？", "正文没有说明方知夏的职务，署名处写的是“青屿县茶业协会副会长”"),
        ("写夜校的许灯明担任什么职务？", "正文没有说明许灯明的职务"),
    ],
)
def test_the_office_of_an_author_is_told_as_missing(pipeline: Pipeline, question: str, missing: str) -> None:
    assert assert_refuses(pipeline, question, missing).reason == missing


def test_the_article_meant_is_the_one_that_tells_the_topic(pipeline: Pipeline) -> None:
    assert pipeline.ask("讲茶农的那篇文章是谁写的？").short_answers == ("方知夏",)
    assert not pipeline.ask("讲量子计算的那篇文章是谁写的？").answer.startswith("作者是")
