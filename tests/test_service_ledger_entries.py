"""Figures as entries of the ledger: hand-worked sentences cell by cell, and what must hold of every entry."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.reading import read_sources
from service.answering.figures import find_figures
from service.ledger.entries import Entry, entries
from service.ledger.reading import read, rows_of

CORPUS = Path(__file__).parent.parent / "corpus"
DATE = "2024-06-25"


def read_text(text: str) -> list[Entry]:
    return entries(Article("a", "标题", text, date=DATE))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("改革实施以来，温州已累计供地5780亩。", ("温州", "供地", 5780, "亩", "", "累计", "", "改革实施以来")),
        ("2023年，全省技术交易总额达4.3万亿元。", ("全省", "技术交易总额", 4300000000000, "元", "", "", "", "2023年")),
        ("清河县建成长者食堂218家。", ("清河县", "建成长者食堂", 218, "家", "", "", "", "")),
        ("清河县已有5500余家企业。", ("清河县", "企业", 5500, "家", "余", "", "", "")),
        (
            "今年1—5月，白石市进出口总值超1.2亿美元。",
            ("白石市", "进出口总值", 120000000, "美元", "超", "", "", "今年1—5月"),
        ),
        ("去年，白石市用电量同比增长7.5%。", ("白石市", "用电量", 7.5, "%", "", "同比", "增长", "去年")),
        ("白石市失业率环比下降0.3个百分点。", ("白石市", "失业率", 0.3, "百分点", "", "环比", "下降", "")),
        ("白石市企业数比上年末增加近两百家。", ("白石市", "企业数", 200, "家", "近", "比上年末", "增加", "")),
        ("白石市森林覆盖率达百分之九十一。", ("白石市", "森林覆盖率", 91, "%", "", "", "", "")),
        ("清河县耕地面积占全县面积的三分之一。", ("清河县", "耕地面积", 100 / 3, "%", "", "占全县面积", "", "")),
        ("白石市给每家企业补助5—10万元。", ("白石市", "企业补助", [50000, 100000], "元", "", "每家", "", "")),
        ("截至2024年5月底，白石市办结率在90%以上。", ("白石市", "办结率", 90, "%", "以上", "", "", "2024年5月底")),
        ("“十四五”期间，白石市将新建公园约30个。", ("白石市", "新建公园", 30, "个", "约", "", "", "“十四五”期间")),
        ("白石市生产总值增速高于全国2.3个百分点。", ("白石市", "生产总值增速", 2.3, "百分点", "", "高于全国", "", "")),
        ("白石市发现不规范合同518件。", ("白石市", "不规范合同", 518, "件", "", "", "", "")),
        ("全省亲清指数最高分为78.6。", ("全省", "亲清指数最高分", 78.6, "", "", "", "", "")),
        ("由白石市人社局发放补贴35万元。", ("白石市人社局", "发放补贴", 350000, "元", "", "", "", "")),
        ("海港集团资产总额712亿元。", ("海港集团", "资产总额", 71200000000, "元", "", "", "", "")),
        ("人均居民收入提高到6.5万元。", ("", "居民收入", 65000, "元", "", "人均", "", "")),
    ],
)
def test_one_figure_with_all_its_cells(sentence: str, expected: tuple[object, ...]) -> None:
    (entry,) = read_text(sentence)
    value = pytest.approx(entry.value)
    found = (entry.about, entry.subject, entry.unit, entry.hedge, entry.comparator, entry.change, entry.period)
    assert found == (expected[0], expected[1], *expected[3:])
    assert value == expected[2]


def told(sentence: str) -> list[tuple[str, str, str, str, str]]:
    return [(entry.text, entry.about, entry.subject, entry.comparator, entry.change) for entry in read_text(sentence)]


def test_a_growth_rate_belongs_to_its_figure() -> None:
    total, growth, share = read_text("2023年，海港集团营业收入712亿元，同比增长7.5%，占全省的三成。")
    assert growth.grows == total.figure_start
    assert (growth.subject, growth.about, growth.period) == ("营业收入", "海港集团", "2023年")
    assert share.grows is None
    assert (share.subject, share.comparator, share.value) == ("营业收入", "占全省", 3)


def test_a_change_from_one_value_to_another_names_both() -> None:
    assert told("通关时间由3天缩短至1天，费用下降20%。") == [
        ("3天", "", "通关时间", "由", ""),
        ("1天", "", "通关时间", "", ""),
        ("20%", "", "费用", "", "下降"),
    ]


def test_a_stretch_of_time_that_is_counted_is_a_figure_and_one_that_is_meant_is_a_period() -> None:
    assert [(entry.text, entry.subject, entry.period) for entry in read_text("办结用时从原来的近30天降至5天。")] == [
        ("近30天", "办结用时", ""),
        ("5天", "办结用时", ""),
    ]
    assert [(entry.text, entry.subject, entry.period) for entry in read_text("近30天，该市售出门票12万张。")] == [
        ("12万张", "售出门票", "近30天"),
    ]


def test_respectively_gives_each_its_own() -> None:
    assert told("杭州、宁波供地分别为12亩、15亩，同比分别增长5%和6%。") == [
        ("12亩", "杭州", "供地", "", ""),
        ("15亩", "宁波", "供地", "", ""),
        ("5%", "杭州", "供地", "同比", "增长"),
        ("6%", "宁波", "供地", "同比", "增长"),
    ]
    assert [(text, subject) for text, _, subject, _, _ in told("茶叶产量和产值分别达到100吨和2亿元。")] == [
        ("100吨", "茶叶产量"),
        ("2亿元", "产值"),
    ]


def test_a_list_of_figures_keeps_each_with_its_noun() -> None:
    found = told("白石市建成公园12个、书房5个，培训农民800人次。")
    assert [(text, subject) for text, _, subject, _, _ in found] == [
        ("12个", "建成公园"),
        ("5个", "书房"),
        ("800人次", "培训农民"),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "这是一个好办法，也是一种尝试。",
        "坚持“两个毫不动摇”。",
        "印发《推动服务业发展三十条措施》。",
        "第3批项目已经开工。",
        "构建“1+5+16”体系。",
        "近三年来，干部作风明显好转。",
        "请拨打12345热线，或于27日到现场办理。",
        "早上7点开门，零件另售。",
        "1742年，他中了探花，那是18世纪。",
        "近6个月连续上涨。",
    ],
)
def test_what_counts_nothing_is_no_figure(sentence: str) -> None:
    assert read_text(sentence) == []


def test_what_a_sentence_does_not_say_stays_empty() -> None:
    (entry,) = read_text("共2.1万亿元。")
    assert (entry.subject, entry.about, entry.period, entry.comparator, entry.change) == ("", "", "", "", "")
    assert (entry.days.start, entry.days.end, entry.grows) == (None, None, None)


def test_a_time_that_something_is_measured_against_is_not_its_own() -> None:
    (entry,) = read_text("白石市企业数比去年增加300家。")
    assert (entry.period, entry.comparator) == ("", "比去年")


def test_the_quote_is_the_least_that_shows_every_cell() -> None:
    text = "市里开了会。2023年，白石市修路，全市新建绿道63公里，同比增长一成；沿线有驿站21座。"
    found = {entry.text: text[entry.start : entry.end] for entry in read_text(text)}
    assert found == {
        "63公里": "2023年，白石市修路，全市新建绿道63公里",
        "一成": "2023年，白石市修路，全市新建绿道63公里，同比增长一成",
        "21座": "2023年，白石市修路，全市新建绿道63公里，同比增长一成；沿线有驿站21座。",
    }


def holds(article: Article) -> int:
    """Assert what must hold of every entry of an article; how many there are."""
    found = entries(article)
    for entry in found:
        quote = article.text[entry.start : entry.end]
        assert article.text[entry.figure_start : entry.figure_end] == entry.text
        assert entry.start <= entry.figure_start < entry.figure_end <= entry.end
        assert quote == quote.strip()
        again = [figure for figure in find_figures(quote) if figure.start == entry.figure_start - entry.start]
        assert [(figure.number, figure.unit, figure.hedge) for figure in again] == [
            (entry.value, entry.unit, entry.hedge)
        ]
        if entry.period:
            assert entry.period in quote
        assert entry.grows is None or entry.grows in [other.figure_start for other in found]
    return len(found)


def test_every_quote_of_the_sample_collection_is_verbatim_and_its_value_reads_again() -> None:
    assert sum(holds(article) for article in read_sources([CORPUS]) if isinstance(article, Article)) > 300


PIECES = st.sampled_from(
    "温州 全省 企业 2023年 去年 今年1—5月 “十四五”期间 同比 增长 下降 累计 约 近 超 分别 由 至 达 为 占 的 和 、 ， ； 。 （ ） “ ” 3 12.5 三 1,200 万 亿 元 % 个 家 亩 "
    "百分点 余 以上 第 每 其中 供地 总额 \n 0 - — 两 半 天 A +".split(" ")
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_entries_of_any_text_stand_where_they_say(text: str) -> None:
    for entry in read_text(text):
        assert text[entry.figure_start : entry.figure_end] == entry.text
        assert entry.start <= entry.figure_start < entry.figure_end <= entry.end <= len(text)
        assert entry.days.start is None or entry.days.end is None or entry.days.start <= entry.days.end


@pytest.mark.parametrize(
    "text", ["", "。", "🚂" * 50, "3", "％" * 30, "一" * 500, "1" * 500, "无标点" * 3000, "\ud800三家"]
)
def test_nasty_texts_are_read(text: str) -> None:
    assert isinstance(read_text(text), list)


def test_many_articles_are_read_by_other_processes_to_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "service").mkdir()  # a folder of this name where the command is given is none of its business
    (tmp_path / "service" / "__init__.py").write_text("raise SystemExit(3)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    articles = [
        Article(
            f"a{number}", "标题", f"去年，白石市新建公园{number + 2}个，“口袋公园”改革是指把边角地改成公园。", date=DATE
        )
        for number in range(1100)
    ]
    found: list[tuple[Article, Any]] = list(read(articles))
    assert [article for article, _ in found] == articles
    assert [rows for _, rows in found[:40]] == [rows_of(article) for article in articles[:40]]
    assert [rows["figures"][0][5] for _, rows in found] == [f"{number + 2}个" for number in range(1100)]
