from dataclasses import replace

import pytest

from index.article import Article, article_id

FULL = Article(
    "a1",
    "数字化改革",
    "正文。",
    ("林一舟", "陈望"),
    "深度",
    "改革月刊2024年第3期",
    "2024-03-15",
    "12",
    ("图",),
    "x.md",
    {"k": "v"},
)


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "别的"}, {"text": "正文。 "}, {"authors": ("林一舟",)}, {"authors": ("林一舟", "陈望", "何青")},
        {"column": "民生"}, {"issue": ""}, {"date": None}, {"page": "13"}, {"captions": ()}, {"metadata": {"k": "w"}},
    ],
)  # fmt: skip
def test_content_hash_sees_all_that_is_shown(changed: dict[str, object]) -> None:
    assert replace(FULL, **changed).content_hash != FULL.content_hash  # type: ignore[arg-type]


@pytest.mark.parametrize("changed", [{"id": "other"}, {"source": "elsewhere.md"}])
def test_content_hash_ignores_id_and_source(changed: dict[str, str]) -> None:
    assert replace(FULL, **changed).content_hash == FULL.content_hash  # type: ignore[arg-type]


def test_content_hash_does_not_hang_on_the_order_of_metadata() -> None:
    one, two = replace(FULL, metadata={"a": "1", "b": "2"}), replace(FULL, metadata={"b": "2", "a": "1"})
    assert one.content_hash == two.content_hash


@pytest.mark.parametrize(
    ("article", "reference"),
    [
        (FULL, "林一舟、陈望：《数字化改革》，《改革月刊2024年第3期》，第12页"),
        (Article("a", "题", ""), "《题》"),
        (Article("a", "题", "", issue="《改革》2024年第1期"), "《题》，《改革》2024年第1期"),
        (Article("a", "题", "", ("甲",), date="2024-01-02"), "甲：《题》，2024-01-02"),
        (Article("a", "题", "", issue="刊", date="2024-01-02"), "《题》，《刊》"),
        (Article("a", "题", "", page="3—4"), "《题》，第3—4页"),
    ],
)
def test_reference_gives_what_is_known(article: Article, reference: str) -> None:
    assert article.reference == reference


def test_article_id_is_stable_and_folds_width_case_and_space() -> None:
    made = article_id("GDP 增长", ("张三",), "第1期", "2024-01-01")
    assert made == "4fddca21dc50"  # printf 'gdp增长\x1f张三\x1f第1期\x1f2024-01-01' | sha256sum
    assert article_id("题", ("甲",)) != article_id("题甲")
    assert article_id("ｇｄｐ增长", ("张 三",), "第１期", "2024-01-01") == made
    assert article_id("GDP 增长", ("张三",), "第2期", "2024-01-01") != made
    assert article_id("GDP 增长", (), "第1期", "2024-01-01") != made


@pytest.mark.parametrize(
    ("date", "told", "year"),
    [
        ("2023-11-02", "2024", 2023),
        (None, "2024", 2024),
        (None, "", None),
        (None, "二〇二四", None),
        (None, "24", None),
    ],
)
def test_the_year_is_that_of_the_date_or_else_of_the_metadata(date: str | None, told: str, year: int | None) -> None:
    assert Article("a", "题", "", date=date, metadata={"year": told}).year == year


@pytest.mark.parametrize("title", ["", "题", "😀", "臺灣", "\u3000", "a" * 10_000])
def test_article_id_has_twelve_hexadecimal_digits(title: str) -> None:
    made = article_id(title)
    assert len(made) == 12
    assert int(made, 16) >= 0


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("浙江优化营商环境。", "zh"),
        ("浙江GDP增长5%，IT业、AI与5G发展很快。", "zh"),
        ("臺灣的營商環境", "zh"),
        ("The reform of government services.", "en"),
        ("これは日本語の記事です。", "ja"),
        ("2024 — 5%", "und"),
        ("", "und"),
    ],
)
def test_language_by_script(text: str, language: str) -> None:
    assert Article("a", "题", text).language == language
