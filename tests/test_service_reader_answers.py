"""What a reader finds competes with the other candidate answers, and only where the setting names one."""

import math
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from embeddings import load_encoder
from index.retrieval import Retriever
from index.snapshot import Snapshot
from service.answering.answerer import Answerer
from service.answering.evidence import match, weigh
from service.answering.facts import facts
from service.answering.question import understand
from service.answering.reading import read_too
from service.answering.sentence import sentences
from service.cli import main
from service.reader.reading import Extract, Reading
from tests.tiny_transformers import write_tiny_transformer

pytestmark = pytest.mark.filterwarnings("ignore")


@dataclass(frozen=True, slots=True)
class Needle:
    """Finds one text wherever it stands."""

    text: str
    score: float = 6.0

    def read(self, question: str, passages: Sequence[str], most: int = 5) -> Reading:
        found = [
            Extract(number, at, at + len(self.text), self.text, self.score)
            for number, passage in enumerate(passages)
            if (at := passage.find(self.text)) >= 0
        ]
        return Reading(tuple(found[:most]), 0.9 if found else 0.0)


@pytest.fixture(scope="module")
def retriever(policies: Path) -> Retriever:
    return Retriever(Snapshot.open(policies), load_encoder())


def test_a_find_of_no_known_kind_of_name_becomes_the_answer(retriever: Retriever) -> None:
    question = "“四送一办”由谁解决诉求？"
    assert Answerer(retriever).ask(question).short_answers != ("服务专员",)
    answer = Answerer(retriever, reader=Needle("服务专员")).ask(question)
    assert answer.short_answers == ("服务专员",)
    [citation] = answer.citations
    article = retriever.snapshot.store.article(citation.article_id)
    assert article.text[citation.start : citation.end] == citation.quote
    assert "服务专员" in citation.quote


@pytest.mark.parametrize(
    ("asked", "needle", "touched"),
    [
        ("雾溪镇接待游客多少人次？", "52万", ["52万人次"]),  # a figure stays whole
        ("雾溪镇接待游客多少人次？", "游客36万人次", ["36万人次"]),
        ("雾溪镇哪一年接待游客52万人次？", "2023年，雾溪镇", ["2023年"]),
        ("雾溪镇为什么重新热闹起来？", "修缮老屋", ["镇里通过修缮老屋、引进民宿、培训向导，让古村落重新热闹起来。"]),
    ],
)
def test_what_an_extract_touches_is_as_near_as_it_is_likely(
    retriever: Retriever, asked: str, needle: str, touched: list[str]
) -> None:
    question = understand(asked)
    words = weigh(question, retriever.snapshot)
    matches = match(question, words, sentences(retriever.search(asked), retriever.snapshot))
    ranked = facts(question, question.slots[0], words, matches)
    read = read_too(Needle(needle), question, question.slots[0], matches, ranked)
    moved = [fact for fact in read if fact not in ranked]
    assert [fact.text for fact in moved] == touched
    assert moved[0].near == pytest.approx(1 / (1 + math.exp(-6)))
    assert {fact.text for fact in read} == {fact.text for fact in ranked}
    assert [fact.score for fact in read] == sorted((fact.score for fact in read), reverse=True)


@pytest.mark.parametrize(
    "reader", [Needle("36万人次", score=-1.0), Needle("nowhere to be found"), Needle("雾溪镇有古村落")]
)
def test_what_is_less_likely_than_no_answer_or_no_figure_changes_nothing(retriever: Retriever, reader: Needle) -> None:
    question = "雾溪镇接待游客多少人次？"
    plain, read = Answerer(retriever).ask(question), Answerer(retriever, reader=reader).ask(question)
    assert (read.status, read.answer, read.short_answers) == (plain.status, plain.answer, plain.short_answers)


def test_a_refusal_stays_one(retriever: Retriever) -> None:
    question = "深圳市综合窗口共办理事项多少件？"
    assert Answerer(retriever, reader=Needle("86.4万件")).ask(question).status == "unanswerable"


def test_without_the_settings_no_engine_is_imported(policies: Path) -> None:
    code = (
        "import sys; from service.cli import main;"
        f"assert main(['ask', '雾溪镇接待游客多少人次？', '--snapshot', {str(policies)!r}]) == 0;"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_setting_names_any_model(
    policies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WENCE_MODEL_DEVICE", "cpu")
    monkeypatch.setenv("WENCE_READER", str(write_tiny_transformer(tmp_path / "reader")))
    assert main(["ask", "雾溪镇接待游客多少人次？", "--snapshot", str(policies)]) == 0
    assert "雾溪镇" in capsys.readouterr().out
    monkeypatch.setenv("WENCE_READER", str(write_tiny_transformer(tmp_path / "headless", head="")))
    assert main(["ask", "雾溪镇接待游客多少人次？", "--snapshot", str(policies)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("wence: model ")
    assert "no trained head" in said
    assert said.count("\n") == 1
    monkeypatch.setenv("WENCE_MODEL_DEVICE", "toaster")
    assert main(["ask", "雾溪镇接待游客多少人次？", "--snapshot", str(policies)]) == 2
    assert "device toaster" in capsys.readouterr().err
