"""eval.reading.structure and its parts: scores worked by hand, and the second issue in each of its makes above its floors."""

from dataclasses import fields

import pytest

from eval.reading import structure
from eval.reading.gold import Gold, bare, magazine_gold
from eval.reading.make import make_of
from eval.reading.scores import (
    Scores,
    below,
    boundary_f1,
    caption_f1,
    characters_of,
    order_share,
    paired,
    scores_of,
    shadows_left,
)
from eval.reading.second_issue import SEEDS, second_issue
from eval.reading.structure import MAGAZINE_FLOORS, SECOND_FLOORS, main, second_report
from eval.reading.typesetting import doubled, wrapped
from index.article import Article

FIRST = Gold(
    "一扇窗",
    ("李明",),
    "民生",
    "甲乙丙丁戊己庚辛",
    "一二三四五六七八",
    ("办事大厅里人不多",),
    body=("甲乙丙丁戊己庚辛一二三四五六七八",),
)
SECOND = Gold("茶账", (), "", "子丑寅卯辰巳午未", "天地玄黄宇宙洪荒", (), body=("子丑寅卯辰巳午未天地玄黄宇宙洪荒",))
WINDOW = Article("", "一 扇窗", FIRST.body[0], ("李明",), "民生", captions=("▲办事大厅里人不多",))
TEA = Article("", "茶账", SECOND.body[0])


def test_a_perfect_reading_scores_one_in_each() -> None:
    assert scores_of([WINDOW, TEA], [FIRST, SECOND]) == Scores(*[1.0] * len(fields(Scores)))
    assert characters_of([WINDOW, TEA], [FIRST, SECOND]) == (32, 0, 0, 0)


def test_what_is_wrong_costs_its_share() -> None:
    wrong = Article("", "茶账", SECOND.body[0], ("赵强",), "民生")
    scores = scores_of([WINDOW, wrong], [FIRST, SECOND])
    assert (scores.title, scores.author, scores.column, scores.boundary) == (1.0, 0.5, 0.5, 1.0)


def test_an_inferred_column_is_right_where_none_is_printed() -> None:
    inferred = Article("", "茶账", SECOND.body[0], column="民生", metadata={"column_inferred": "true"})
    assert scores_of([inferred], [SECOND]).column == 1.0
    assert scores_of([inferred], [FIRST]).column == 0.0


def test_a_missing_article_scores_zero_and_one_read_as_two_costs_precision() -> None:
    scores = scores_of([WINDOW], [FIRST, SECOND])
    assert (scores.title, scores.author, scores.order) == (0.5, 0.5, 0.5)
    assert scores.boundary == pytest.approx(2 * 2 / (2 + 4))
    half = Article("", "半篇", "天地玄黄宇宙洪荒")
    assert boundary_f1([WINDOW, TEA, half], [FIRST, SECOND]) == pytest.approx(2 * 4 / (6 + 4))


def test_articles_pair_by_title_then_by_start_then_by_end() -> None:
    untitled = Article("", "子丑寅卯", SECOND.body[0])
    tail = Article("", "别的", "别的开头一二三四五六七八")
    assert paired([untitled, WINDOW], [FIRST, SECOND]) == [1, 0]
    assert paired([tail, untitled], [FIRST, SECOND]) == [0, 1]
    assert paired([], [FIRST]) == [None]


@pytest.mark.parametrize(
    ("pairs", "share"),
    [([0, 1, 2, 3], 1.0), ([1, 0, 2, 3], 0.75), ([3, 2, 1, 0], 0.25), ([0, None, 1, None], 0.5), ([], 1.0)],
)
def test_order_is_the_longest_run_in_order(pairs: list[int | None], share: float) -> None:
    assert order_share(pairs) == share


def test_captions_count_for_their_article_only() -> None:
    assert caption_f1([(("办事大厅里人不多",), ("办事大厅里人",)), ((), ())]) == 0.0  # six characters are not eight
    assert caption_f1([(("▲茶山 钱亮 摄",), ("茶山钱亮摄",)), ((), ("码头",))]) == pytest.approx(2 / 3)
    assert caption_f1([((), ("码头",)), (("码头",), ())]) == 0.0
    assert caption_f1([]) == 1.0


def test_characters_lost_doubled_and_foreign() -> None:
    half = Article("", "一扇窗", "甲乙丙丁戊己庚辛")
    assert characters_of([half, TEA], [FIRST, SECOND]) == (32, 8, 0, 0)
    twice = Article("", "一扇窗", FIRST.body[0] + "子丑寅卯辰巳午未")
    assert characters_of([twice, TEA], [FIRST, SECOND]) == (32, 0, 8, 0)
    furniture = Article("", "一扇窗", FIRST.body[0] + "第12页")
    assert characters_of([furniture, TEA], [FIRST, SECOND]) == (32, 0, 0, 4)


@pytest.mark.parametrize(
    ("row", "shadow"),
    [
        ("营造环境营造环境", True),
        ("““法锁法锁””守门守门", True),
        ("人人都说好，前前后后", False),
        ("茶茶", False),
        ("一扇窗办成所有事", False),
    ],
)
def test_shadow_print_left_is_found(row: str, shadow: bool) -> None:
    assert shadows_left([Article("", row, "正文。")]) == ([row] if shadow else [])


def test_scores_below_their_floors_are_named() -> None:
    low = Scores(1.0, 0.9, 1.0, 0.94, 1.0, 1.0, 1.0, 1.0)
    assert below(low, SECOND_FLOORS) == ["author", "boundary"]
    assert below(low, MAGAZINE_FLOORS) == ["author", "boundary"]


def test_the_gold_list_of_the_magazine_holds_short_marks_only() -> None:
    gold = magazine_gold()
    assert len(gold) == 50
    assert all(len(entry.start) == len(entry.end) == 8 for entry in gold)
    assert all(len(caption) <= 8 and not entry.body for entry in gold for caption in entry.captions)


def test_typesetting() -> None:
    assert doubled("“一窗”2023年") == "““一窗一窗””20232023年年"
    assert wrapped("甲乙丙丁，戊己庚辛2023年。", 6, "", whole_numbers=True) == ["甲乙丙丁，", "戊己庚辛2023", "年。"]
    assert wrapped("甲乙丙丁戊（己）", 6, "　　", whole_numbers=False) == ["　　甲乙丙丁", "戊（己）"]


def test_the_second_issue_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert second_issue(1) == second_issue(1)
    texts = {second_issue(seed)[0] for seed in SEEDS}
    assert len(texts) == len(SEEDS)
    assert {(make_of(seed).heads, make_of(seed).contents) for seed in SEEDS} == {
        (h, c) for h in range(3) for c in range(4)
    }


def test_the_second_issue_prints_every_character_of_its_bodies() -> None:
    for seed in SEEDS:
        text, gold = second_issue(seed)
        printed = bare(text)
        assert all(entry.start[:4] in printed and entry.end[-2:] in printed for entry in gold)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_make_of_the_second_issue_is_rebuilt(seed: int) -> None:
    report = second_report(seed)
    assert report.failed == ()


def test_the_command_prints_scores_and_says_what_it_skips(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(structure, "ISSUE", structure.ISSUE.parent / "absent.txt")
    assert main(["--issue", "both", "--seeds", "1"]) == 0
    printed = capsys.readouterr().out
    assert "magazine: skipped" in printed
    assert "second 1" in printed
