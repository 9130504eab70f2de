"""Scores of single answers, worked by hand, and the cheats that must not pay."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from eval.metrics.significance import mean
from eval.question import Question
from eval.runs import Row
from eval.scoring import MEASURES, Given, is_right, score
from eval.summary import scores, summarise
from service.answer import Answer

TEXT = "2023年全省兑现资金712亿元，惠及近2000家企业。另有一句闲话。" + "还有很多别的内容，也写在这里。" * 30
QUOTE = TEXT[:27]
FIGURE = Question(
    "q1", "兑现了多少资金？惠及多少企业？", answers=("712亿元", "近2000家"), must_include=(("712亿元",), ("2000家",)),
    evidence=("2023年全省兑现资金712亿元，惠及近2000家企业",), type="figure",
)  # fmt: skip
NONE = Question("q2", "2021年兑现了多少资金？", type="unanswerable", unanswerable=True)
LIST = replace(FIGURE, id="q3", type="list", answers=(), must_include=(("712亿元",),))


def text_of(article_id: str) -> str | None:
    return TEXT if article_id == "a" else None


def citation(quote: str = QUOTE, n: int = 1, article_id: str = "a") -> dict[str, Any]:
    start = TEXT.find(quote)
    return {"n": n, "article_id": article_id, "quote": quote, "start": start, "end": start + len(quote)}


def answer(text: str = QUOTE, *citations: dict[str, Any], **fields: Any) -> dict[str, Any]:
    cited = list(citations) or [citation()]
    numbers = [one["n"] for one in cited]
    return {
        "status": "answered",
        "answer": text + "".join(f"[{n}]" for n in numbers),
        "short_answers": ["712亿元", "近2000家"],
        "statements": [{"text": text, "citations": numbers}],
        "citations": cited,
        "retrieved": [{"article_id": "b", "text": "闲话"}, {"article_id": "a", "text": TEXT}],
        **fields,
    }


REFUSAL: dict[str, Any] = {
    "status": "unanswerable",
    "answer": "没有。",
    "statements": [],
    "citations": [],
    "retrieved": [],
}


def applying(question: Question, given: Given | None) -> dict[str, float]:
    return {name: points / of for name, (points, of) in score(question, given, text_of).items() if of}


def test_a_perfect_answer() -> None:
    assert applying(FIGURE, answer()) == {
        "right": 1, "false_refusals": 0, "short": 1, "value": 1, "unit": 1, "hedge": 1, "period": 1,
        "evidence@1": 0, "evidence@5": 1, "evidence@10": 1, "mrr": 0.5, "ndcg@10": pytest.approx(0.6309, abs=1e-4),
        "verbatim": 1, "citation_precision": 1, "citation_recall": 1, "support": 1, "concise": 1,
    }  # fmt: skip


def test_a_bare_fact_may_be_written_in_another_form() -> None:
    one = Question("q", "资产多少？", answers=("712亿元的资产",), forms=("712亿元",), type="figure")
    given = answer(short_answers=["712亿元"])
    assert applying(one, given)["short"] == 1
    assert applying(replace(one, forms=()), given)["short"] == 0


def test_a_refusal() -> None:
    assert applying(NONE, REFUSAL) == {"refused": 1, "refusal_precision": 1}
    assert applying(FIGURE, REFUSAL) == {
        "right": 0, "false_refusals": 1, "refusal_precision": 0, "short": 0, "value": 0, "unit": 0, "hedge": 0,
        "period": 0, "evidence@1": 0, "evidence@5": 0, "evidence@10": 0, "mrr": 0, "ndcg@10": 0, "citation_recall": 0,
    }  # fmt: skip


def test_no_answer_at_all_is_wrong_and_no_refusal() -> None:
    assert is_right(FIGURE, None) is False
    assert is_right(NONE, None) is False
    assert applying(NONE, None) == {"refused": 0}
    assert applying(FIGURE, None)["right"] == 0


CHANGES: list[tuple[str, dict[str, Any], dict[str, float]]] = [
    ("a changed digit", answer(QUOTE.replace("712", "717")), {"right": 0, "support": 0, "value": 0.5}),
    (
        "a changed quote",
        answer(QUOTE, citation() | {"quote": QUOTE.replace("712", "717")}),
        {"verbatim": 0, "support": 0},
    ),
    ("a shifted quote", answer(QUOTE, citation() | {"start": 1, "end": 28}), {"verbatim": 0}),
    ("an unknown article", answer(QUOTE, citation(article_id="x")), {"verbatim": 0}),
    ("no citations", answer() | {"citations": []}, {"verbatim": 0, "citation_recall": 0, "support": 0}),
    (
        "a citation beside the point",
        answer(QUOTE, citation(), citation("另有一句闲话。", 2)),
        {"citation_precision": 0.5},
    ),
    ("another order of facts", answer(short_answers=["近2000家", "712亿元"]), {"short": 0, "right": 1}),
    ("a lost hedge", answer(QUOTE.replace("近", "")), {"hedge": 0.5, "value": 1}),
    ("another year", answer(QUOTE.replace("2023", "2022")), {"period": 0, "support": 0}),
    ("too long", answer(QUOTE + "。" * 100), {"right": 0, "concise": 0}),
]


@pytest.mark.parametrize(("given", "expected"), [change[1:] for change in CHANGES], ids=[name for name, *_ in CHANGES])
def test_every_fault_costs(given: dict[str, Any], expected: dict[str, float]) -> None:
    found = applying(FIGURE, given)
    assert {measure: found[measure] for measure in expected} == expected


@pytest.mark.parametrize(("length", "right"), [(400, True), (401, False)])
def test_a_list_may_be_longer(length: int, right: bool) -> None:
    assert is_right(LIST, answer() | {"answer": "712亿元".ljust(length, "。")}) is right


def test_partial_answers_count_and_unanswerable_ones_must_be_refused() -> None:
    assert is_right(FIGURE, answer(status="partial"))
    assert not is_right(NONE, answer(status="partial"))


def test_reference_answers() -> None:
    span = Question("c1", "谁？", alternatives=("周海平", "董事长周海平"), given=("a",))
    assert applying(span, answer(short_answers=["周海平"]) | {"answer": "董事长是周海平。[1]"})["em"] == 1
    assert applying(span, answer(short_answers=[]) | {"answer": "董事长周海平。[1]"})["em"] == 1
    assert applying(span, REFUSAL)["f1"] == 0
    assert applying(replace(span, alternatives=(), unanswerable=True), REFUSAL)["em"] == 1


def test_judged_articles() -> None:
    judged = Question("b1", "什么？", relevant={"a": 2, "z": 1})
    found = applying(
        judged,
        {
            "retrieved": [
                {"article_id": "b", "text": ""},
                {"article_id": "b", "text": ""},
                {"article_id": "a", "text": ""},
            ]
        },
    )
    assert (found["mrr"], found["evidence@1"], found["evidence@5"]) == (0.5, 0, 1)
    assert found["ndcg@10"] == pytest.approx((2 / 1.58496) / (2 + 1 / 1.58496), abs=1e-4)


def test_planted_answers() -> None:
    planted = replace(FIGURE, fake=("717亿元",))
    assert applying(planted, answer(QUOTE.replace("712", "717")))["fake"] == 1
    assert applying(planted, answer())["fake"] == 0
    assert applying(planted, REFUSAL)["fake"] == 0


def test_the_shape_of_an_answer_is_what_the_service_gives() -> None:
    assert {"status", "answer", "short_answers", "statements", "citations", "retrieved"} <= {
        *Answer.__dataclass_fields__
    }


QUESTIONS = [FIGURE, LIST, replace(FIGURE, id="q4"), NONE]
CHEATS: dict[str, Callable[[Question], Given | None]] = {
    "dumps the passage": lambda question: answer(TEXT, citation(TEXT)),
    "cites everything": lambda question: answer(
        QUOTE, citation(), *(citation(TEXT[i : i + 8], i) for i in range(2, len(TEXT) - 8))
    ),
    "refuses everything": lambda question: REFUSAL,
    "answers nothing": lambda question: None,
    "answers empty": lambda question: {"status": "answered", "answer": "", "citations": [], "statements": []},
    "answers everything": lambda question: answer(),
}
CAUGHT = {
    "dumps the passage": {"right": 0.0, "concise": 0.0},
    "cites everything": {"citation_precision": 0.1},
    "refuses everything": {"right": 0.0, "verbatim": 0.0, "citation_recall": 0.0, "refusal_precision": 0.25},
    "answers nothing": {
        "right": 0.0,
        "refused": 0.0,
        "verbatim": 0.0,
        "support": 0.0,
        "evidence@10": 0.0,
        "short": 0.0,
    },
    "answers empty": {"right": 0.0, "refused": 0.0, "verbatim": 0.0, "support": 0.0},
    "answers everything": {"refused": 0.0},
}


@pytest.mark.parametrize("cheat", CHEATS)
def test_cheats_do_not_pay(cheat: str) -> None:
    rows = [Row(one, given := CHEATS[cheat](one), score(one, given, text_of)) for one in QUESTIONS]
    found = scores(rows)
    assert {name: found[name]["mean"] for name, most in CAUGHT[cheat].items() if found[name]["mean"] > most} == {}


def test_a_question_without_an_answer_stays_in_every_mean() -> None:
    answered = [Row(one, answer(), score(one, answer(), text_of)) for one in (FIGURE, replace(FIGURE, id="q4"))]
    lost = [answered[0], Row(answered[1].question, None, score(answered[1].question, None, text_of))]
    for name in ("right", "short", "value", "evidence@5", "citation_recall"):
        assert mean([row.score(name) for row in lost]) == mean([row.score(name) for row in answered]) / 2, name
    assert summarise(lost)["unanswered"] == 1


def test_every_measure_is_told_of() -> None:
    assert set(score(FIGURE, answer(), text_of)) == set(MEASURES)
