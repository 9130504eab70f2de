import random
from pathlib import Path

import pytest

from eval.falsifying import KINDS, falsify
from eval.mutations import Said, measure, rewritten, true_answers
from eval.rewritings import REWRITINGS
from service.answering.figures import find_figures
from service.answering.periods import find_periods
from tests.test_service_verifier import citation

ROOT = Path(__file__).parent.parent
QUOTE = (
    "2023年9月，浙江省供应工业用地5780亩，同比增长5%，近30家企业累计投资2.1亿元，提高2个百分点；温州市供应193亩，位居全省第三，"
    "推行“数据得地”改革，七成老人受益。"
)
POOL = {"place": ["云澜市", "清河县"], "person": ["周海平"], "organisation": ["东海省港口集团"]}


def test_the_verifier_catches_what_is_false_and_lets_pass_what_is_true(tmp_path: Path) -> None:
    """The short form of `python -m eval.mutations`, over the answers to some of the dev questions."""
    lines = (ROOT / "eval" / "questions" / "sample-dev.jsonl").read_text(encoding="utf-8").splitlines()
    questions = tmp_path / "questions.jsonl"
    questions.write_text("\n".join(lines[::2]), encoding="utf-8")
    said = true_answers(questions, ROOT / "corpus")
    rates = measure(said, count=1000, seed=1)
    made = sum(len(hits) for table in (rates.caught, rates.caught_rewritten) for hits in table.values())
    assert len(said) >= 60
    assert made >= 950
    assert rates.catch_rate >= 0.995, rates.misses
    assert sum(rates.doubted) == 0, rates.misses
    assert sum(rates.doubted_rewritten) <= 0.01 * len(rates.doubted_rewritten), rates.misses
    assert len(rates.caught_rewritten) >= 18


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_falsification_says_what_no_quote_says(kind: str) -> None:
    made = {falsify(kind, QUOTE, [QUOTE], POOL, random.Random(seed)) for seed in range(20)} - {None}
    if kind not in ("person", "organisation", "other year of the quote", "other name of the quote"):
        assert made
    for text in made:
        assert text is not None
        assert text.rstrip("。") not in QUOTE
        assert sum(a != b for a, b in zip(text, QUOTE, strict=False)) or len(text) != len(QUOTE)


@pytest.mark.parametrize("kind", ["digit changed", "magnitude", "unit", "hedge added", "hedge removed", "% and 百分点"])
def test_a_falsified_figure_claims_something_else(kind: str) -> None:
    true = {figure.claim for figure in find_figures(QUOTE)}
    for seed in range(20):
        text = falsify(kind, QUOTE, [QUOTE], POOL, random.Random(seed))
        assert text is not None
        assert len({figure.claim for figure in find_figures(text)} - true) == 1


def test_what_stays_true_is_no_falsification() -> None:
    for seed in range(30):
        assert falsify("two figures swapped", "有5%、8%两档。", ["有5%、8%两档。"], POOL, random.Random(seed)) is None
        swapped = "温州5亩、杭州3亩。"
        both = f"{swapped}温州3亩、杭州5亩。"
        assert falsify("two figures swapped", swapped, [both], POOL, random.Random(seed)) is None
        assert falsify("hedge added", "有5个。", ["有近5个、超5个、约5个、逾5个。"], POOL, random.Random(seed)) is None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("number form", "有2.1万户。"), ("number form", "增长20%。"), ("full width", "有21户。"), ("hedge form", "近30家。"),
        ("hedge form", "30余家。"),
    ],
)  # fmt: skip
def test_a_rewritten_figure_claims_the_same(kind: str, text: str) -> None:
    (true,) = find_figures(text)
    for seed in range(20):
        new = REWRITINGS[kind](text, random.Random(seed))
        assert new is not None
        assert [figure.claim for figure in find_figures(new)] == [true.claim], new


def test_rewritten_dates_stay_the_same_dates() -> None:
    for seed in range(20):
        new = REWRITINGS["date form"]("2023年9月1日开会。", random.Random(seed))
        assert new is not None
        assert [period.years for period in find_periods(new)] == [(2023,)]
    assert REWRITINGS["date behind subject"]("2023年9月，浙江召开会议。", random.Random(1)) == "浙江2023年9月召开会议。"


def test_measuring_is_the_same_again() -> None:
    said = [Said(QUOTE, (citation(QUOTE),))]
    one, two = measure(said, 60, 3), measure(said, 60, 3)
    assert one == two
    assert [item.text for item in rewritten(said, random.Random(5))] == [
        item.text for item in rewritten(said, random.Random(5))
    ]
