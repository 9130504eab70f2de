"""The span model: its trees, its view of text and question, its candidates, its ranking, and weights that are broken."""

from pathlib import Path

import numpy as np
import pytest

from index.sentences import sentence_spans
from service.answering.question import understand
from service.answering.wording import Kind
from service.errors import SpanModelError
from service.spans.asked import LEFT, RIGHT, read_slot
from service.spans.candidates import CLAUSE, FIGURE, NUMBER, PERIOD, TIME, candidates
from service.spans.extents import Anchor, widen
from service.spans.features import rows
from service.spans.field import MOST_LINES, best_lines, look
from service.spans.ground import BUCKETS, Line, aligned, character_codes, lay, pair_hashes
from service.spans.model import RARITY_STEP, SpanModel
from service.spans.overlap import FAR, distances, find_terms, weighted
from service.spans.regions import regions
from service.spans.rivals import with_rivals
from service.spans.trees import Forest, forest_of

EVEN = np.ones(BUCKETS, dtype=np.float32)
TREE = {
    "split_feature": 1, "threshold": 0.5,
    "left_child": {"leaf_value": -1.0},
    "right_child": {
        "split_feature": 0, "threshold": 2.0, "left_child": {"leaf_value": 0.25}, "right_child": {"leaf_value": 3.0},
    },
}  # fmt: skip


def lines(text: str, passage: int = 0, heading: str = "") -> list[Line]:
    return [Line(text[a:b], passage, heading) for a, b in sentence_spans(text)]


def sigmoid(value: float) -> float:
    return float(1 / (1 + np.exp(-value)))


def test_forest_follows_its_splits() -> None:
    forest = forest_of([{"tree_structure": TREE}, {"tree_structure": {"leaf_value": 0.5}}])
    table = np.array([[9, 0.5], [2, 0.6], [2.1, 0.6], [-1, 7]], dtype=np.float32)
    assert forest.depth == 2
    assert forest.predict(table) == pytest.approx([sigmoid(v) for v in (-0.5, 0.75, 3.5, 0.75)])
    assert forest.predict(table[:0]).shape == (0,)


def test_forest_survives_its_tensors() -> None:
    forest = forest_of([{"tree_structure": TREE}])
    again = Forest.of_tensors(forest.tensors())
    table = np.random.default_rng(1).normal(size=(50, 2)).astype(np.float32)
    assert np.array_equal(forest.predict(table), again.predict(table))


@pytest.mark.filterwarnings("ignore")
def test_forest_predicts_what_lightgbm_predicts() -> None:
    lightgbm = pytest.importorskip("lightgbm")
    rng = np.random.default_rng(3)
    table = rng.normal(size=(600, 7)).astype(np.float32)
    labels = (table[:, 0] * table[:, 1] > 0.1).astype(np.float32)
    booster = lightgbm.train(
        {"objective": "cross_entropy", "use_missing": False, "verbose": -1, "num_threads": 1, "min_data_in_leaf": 5},
        lightgbm.Dataset(table, label=labels), num_boost_round=30,
    )  # fmt: skip
    forest = forest_of(booster.dump_model()["tree_info"])
    assert forest.predict(table) == pytest.approx(booster.predict(table), abs=1e-6)


@pytest.mark.parametrize("text", ["", "龍", "１２３萬㎡ＡＢ", "😀ﬁ①½", "乾燥的裡面 \n", "\ud800x"])
def test_aligned_keeps_every_character_in_its_place(text: str) -> None:
    assert len(aligned(text)) == len(text)
    assert len(character_codes(aligned(text))) == len(text)


def test_aligned_folds_script_and_width() -> None:
    assert aligned("溫州１２萬ABC") == "温州12万abc"


def test_ground_knows_line_clause_and_passage() -> None:
    ground = lay([Line("甲乙，丙丁。", 0), Line("戊己。", 0), Line("庚。", 1)])
    assert ground.begins.tolist() == [0, 8, 13]
    assert ground.ends.tolist() == [6, 11, 15]
    assert ground.text[8:11] == "戊己。"
    assert ground.clauses.tolist() == [[0, 3], [3, 6], [8, 11], [13, 15]]
    assert ground.clause_lines.tolist() == [0, 0, 1, 2]
    assert ground.clause[[0, 2, 3, 8, 13]].tolist() == [0, 0, 1, 2, 3]
    assert ground.passages.tolist() == [0, 0, 1]
    assert ground.pairs[0] == pair_hashes(character_codes("甲乙"))[0]


def test_slot_terms_know_their_side_and_distance() -> None:
    question = understand("温州累计供地多少亩用于工业？")
    asked = read_slot(question, question.slots[0], EVEN)
    assert (asked.left, asked.right) == ("温州累计供地", "亩用于工业")
    found = dict(zip(asked.pairs.hashes.tolist(), zip(asked.pairs.sides, asked.pairs.gaps, strict=True), strict=True))
    assert found[int(pair_hashes(character_codes("供地"))[0])] == (LEFT, 0)
    assert found[int(pair_hashes(character_codes("温州"))[0])] == (LEFT, 4)
    assert found[int(pair_hashes(character_codes("工业"))[0])] == (RIGHT, 3)
    assert asked.pairs.weights.sum() == pytest.approx(1)


def test_terms_are_found_where_they_stand() -> None:
    question = understand("温州供地多少亩？")
    asked = read_slot(question, question.slots[0], EVEN)
    ground = lay([Line("温州去年供地，共58亩。", 0), Line("宁波没有。", 1)])
    overlap = find_terms(asked.pairs, ground, ground.pairs)
    assert weighted(asked.pairs, overlap.lines)[1] == 0
    assert overlap.passages.any(axis=0).tolist() == [True, False]
    left, right = distances(overlap, ground, np.array([8]), np.array([11]), 2)
    near = dict(zip(asked.pairs.hashes.tolist(), left[:, 0].tolist(), strict=True))
    assert near[int(pair_hashes(character_codes("供地"))[0])] == 2 + 4  # two characters and a clause border
    assert (right >= FAR).all()


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("惠及企业近1.2万余家。", Kind.FIGURE, [("近1.2万余家", FIGURE, "近1.2万")]),
        ("第11部作品，编号SS14。", Kind.FIGURE, [("第11", NUMBER, "第11"), ("SS14", NUMBER, "SS14")]),
        ("2023年5月8日成立。", Kind.DATE, [("2023年5月8日", PERIOD, "2023年5月8日")]),
        ("始建于公元前221年。", Kind.DATE, [("公元前221年", TIME, "公元前221年")]),
        ("于1660年4月23日签订。", Kind.DATE, [("1660年4月23日", TIME, "1660年4月23日")]),
        ("1556年至1572年在位。", Kind.DATE, [("1556年至1572年", TIME, "1556年至1572年")]),
        (
            "南北战争结束前，21岁时。",
            Kind.DATE,
            [("南北战争结束前", CLAUSE, "南北战争结束前"), ("21岁时", TIME, "21岁时")],
        ),
        ("", Kind.FIGURE, []),
        ("😀", Kind.OPEN, []),
    ],
)
def test_candidates(text: str, kind: Kind, wanted: list[tuple[str, int, str]]) -> None:
    found = candidates(text, kind)
    assert [(text[c.start : c.end], c.sort, text[c.start : c.core]) for c in found] == wanted


def test_clauses_names_and_noun_phrases_are_candidates() -> None:
    text = "中心主任李明表示，《营商环境条例》已经施行。"
    found = {text[item.start : item.end] for item in candidates(text, Kind.OPEN)}
    assert {"李明", "《营商环境条例》", "中心主任李明表示"} <= found
    assert any(item.sort == CLAUSE for item in candidates(text, Kind.OPEN))


def test_rows_do_not_depend_on_other_questions() -> None:
    passages = lines("温州已累计供地5780亩，惠及企业193家。") + lines("宁波供地12亩。", 1)
    question = understand("温州累计供了多少亩地？")
    asked = read_slot(question, question.slots[0], EVEN)
    first = rows(look(asked, passages, lay(passages)))
    assert first.shape[0] == 3
    assert np.isfinite(first).all()
    assert np.array_equal(first, rows(look(asked, passages, lay(passages))))


def test_only_the_best_lines_are_looked_at() -> None:
    many = [Line(f"第{number}句什么也没有。", number) for number in range(60)] + [Line("温州供地5780亩。", 60)]
    question = understand("温州供地多少亩？")
    asked = read_slot(question, question.slots[0], EVEN)
    best = best_lines(asked, lay(many)).tolist()
    assert len(best) == MOST_LINES[Kind.FIGURE]
    assert 60 in best


def test_spans_are_widened_within_their_clause_and_cut() -> None:
    text = "雌鸟体长约60厘米，高31厘米。"
    question = understand("雌鸟体长是多少？")
    item = next(c for c in candidates(text, Kind.FIGURE) if "60" in text[c.start : c.end])
    spans, table = widen(read_slot(question, question.slots[0], EVEN), text, Anchor(0, item, 0.5, 0), 0.5)
    assert {"约60厘米", "60", "体长约60厘米", "雌鸟体长约60厘米"} <= {text[a:b] for a, b in spans}
    assert len(table) == len(spans) == len(set(spans))
    assert np.isfinite(table).all()


def test_a_full_date_is_cut_to_its_year() -> None:
    text = "该条约于1660年4月23日在王国签订。"
    question = understand("该条约在哪一年签订？")
    item = candidates(text, Kind.DATE)[0]
    spans, table = widen(read_slot(question, question.slots[0], EVEN), text, Anchor(0, item, 0.5, 0), 0.5)
    rows_of = {text[a:b]: row for (a, b), row in zip(spans, table, strict=True)}
    assert {"1660年", "1660年4月", "1660年4月23日"} <= set(rows_of)
    assert not np.array_equal(rows_of["1660年"], rows_of["1660年4月23日"])


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("去年清理文件48件、审查12447件，共废止985件。", ("去年清理文件48件、", "审查12447件，", "共废止985件。")),
        ("541项事项全程网办，170项实现即办。", ("541项事项全程网办，", "170项实现即办。")),
        ("在18个省份建立39家联络站。", ("在18个省份", "建立39家联络站。")),
        ("创造了67.2%的产值、71.7%的税收。", ("创造了67.2%的产值、", "71.7%的税收。")),
        ("据介绍，惠及193家。", ("惠及193家。",)),
        ("没有数。", ()),
    ],
)
def test_every_figure_has_words_of_its_own(text: str, own: tuple[str, ...]) -> None:
    spans = tuple((item.start, item.end) for item in candidates(text, Kind.FIGURE))
    assert tuple(text[a:b] for a, b in regions(text, spans)) == own


def test_what_a_question_says_of_one_figure_alone() -> None:
    question = understand("废止了多少件文件？")
    asked = read_slot(question, question.slots[0], EVEN)
    text = lines("去年清理文件48件、审查12447件，共废止985件。")
    field = look(asked, text, lay(text))
    table = rows(field)
    wide = with_rivals(field, table)
    assert np.array_equal(wide[:, : table.shape[1]], table)
    owned, alone, elsewhere, below = wide[:, table.shape[1] :][:, :4].T
    assert owned[2] == alone[2] > 0 == alone[1]
    assert elsewhere[1] > elsewhere[2]
    assert below.max() == 0 > below[1]


def tiny_model() -> SpanModel:
    forest = forest_of([{"tree_structure": TREE}])
    rarity = (np.arange(BUCKETS) % 160 * RARITY_STEP).astype(np.float32)
    return SpanModel(rarity, forest, forest, forest, forest)


def test_model_survives_its_folder(tmp_path: Path) -> None:
    model = tiny_model()
    model.save(tmp_path / "model")
    again = SpanModel.load(tmp_path / "model")
    question = understand("温州累计供了多少亩地？")
    asked = lines("温州已累计供地5780亩，惠及企业193家。")
    first, second = (m.rank(question, question.slots[0], asked) for m in (model, again))
    assert first.spans == second.spans
    assert first.certainty == second.certainty
    assert model.exact(first, asked) == again.exact(second, asked)


@pytest.mark.parametrize("break_it", ["missing", "weights", "config", "format"])
def test_broken_model_is_refused(tmp_path: Path, break_it: str) -> None:
    if break_it != "missing":
        tiny_model().save(tmp_path)
    if break_it == "weights":
        (tmp_path / "model.safetensors").write_bytes(b"\0" * 40)
    if break_it == "config":
        (tmp_path / "config.json").write_text("{", encoding="utf-8")
    if break_it == "format":
        (tmp_path / "config.json").write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(SpanModelError, match="train it again"):
        SpanModel.load(tmp_path)


@pytest.fixture(scope="module")
def built_in() -> SpanModel:
    return SpanModel.load()


PASSAGE = "改革实施以来，温州已累计供地5780亩，惠及优质企业193家，2023年6月被评为全省最佳实践，带动投资约12.6亿元。"


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("温州累计供了多少亩地？", "5780亩"),
        ("惠及了多少家优质企业？", "193家"),
        ("什么时候被评为全省最佳实践？", "2023年6月"),
        ("带动了多少投资？", "12.6亿元"),
        ("溫州惠及優質企業多少家", "193家"),
    ],
)
def test_built_in_model_ranks_the_answer_first(built_in: SpanModel, asked: str, wanted: str) -> None:
    question = understand(asked)
    given = lines(PASSAGE) + lines("宁波建成书房18家，占地20亩。", 1)
    best = built_in.rank(question, question.slots[0], given).spans[0]
    assert wanted in given[best.line].text[best.start : best.end]


def test_built_in_model_is_surer_of_what_is_there(built_in: SpanModel) -> None:
    there, absent = understand("温州累计供了多少亩地？"), understand("杭州去年种了多少棵树？")
    given = lines(PASSAGE)
    sure, unsure = (built_in.rank(question, question.slots[0], given).certainty for question in (there, absent))
    assert sure > 0.6 > 0.4 > unsure


@pytest.mark.parametrize("text", ["", "😀", "。", "a", "１２"])
def test_nothing_to_find(built_in: SpanModel, text: str) -> None:
    question = understand("温州供地多少亩？")
    given = [Line(text, 0)]
    ranking = built_in.rank(question, question.slots[0], given)
    assert 0 <= ranking.certainty <= 1
    built_in.exact(ranking, given)
    assert built_in.rank(question, question.slots[0], []).spans == ()
