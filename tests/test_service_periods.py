import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.answering.periods import covers, dated, find_dates, find_periods, half_width, relative_years, years_in

# text; the period in it; the years that it names. Worked out by hand.
TABLE: list[tuple[str, str, tuple[int, ...]]] = [
    ("2023年", "2023年", (2023,)),
    ("二〇二三年", "二〇二三年", (2023,)),
    ("二零二三年", "二零二三年", (2023,)),
    ("一九七八年", "一九七八年", (1978,)),
    ("２０２３年５月", "２０２３年５月", (2023,)),
    ("2023 年 5 月", "2023 年 5 月", (2023,)),
    ("2023年5月1日起", "2023年5月1日起", (2023,)),
    ("2023-05-01", "2023-05-01", (2023,)),
    ("2023.5.1", "2023.5.1", (2023,)),
    ("2023/5/31", "2023/5/31", (2023,)),
    ("1—5月", "1—5月", ()),
    ("2023年1—5月", "2023年1—5月", (2023,)),
    ("3月至6月", "3月至6月", ()),
    ("5月1日至3日", "5月1日至3日", ()),
    ("5月1日—6月3日", "5月1日—6月3日", ()),
    ("2023年12月30日至2024年1月2日", "2023年12月30日至2024年1月2日", (2023, 2024)),
    ("2020—2023年", "2020—2023年", (2020, 2023)),
    ("2020年至2023年", "2020年至2023年", (2020, 2023)),
    ("从2019到2021年", "2019到2021年", (2019, 2021)),
    ("2023年上半年", "2023年上半年", (2023,)),
    ("2023年第一季度", "2023年第一季度", (2023,)),
    ("2023年一季度", "2023年一季度", (2023,)),
    ("2023年前三季度", "2023年前三季度", (2023,)),
    ("2023年前5个月", "2023年前5个月", (2023,)),
    ("今年前11个月", "今年前11个月", ()),
    ("2023年底", "2023年底", (2023,)),
    ("2023年年底", "2023年年底", (2023,)),
    ("2023年以来", "2023年以来", (2023,)),
    ("2020年前", "2020年前", (2020,)),
    ("今年以来", "今年以来", ()),
    ("去年", "去年", ()),
    ("5月份", "5月份", ()),
    ("5月底", "5月底", ()),
    ("5月上旬", "5月上旬", ()),
    ("十二月", "十二月", ()),
    ("五月一日", "五月一日", ()),
    ("二〇二三年五月二十一日", "二〇二三年五月二十一日", (2023,)),
    ("1990年代", "1990年代", (1990,)),
    ("20世纪90年代", "20世纪90年代", ()),
    ("上世纪80年代", "上世纪80年代", ()),
    ("二十世纪八十年代", "二十世纪八十年代", ()),
    ("“十四五”期间", "“十四五”期间", ()),
    ("十四五时期", "十四五时期", ()),
]


@pytest.mark.parametrize(("text", "own", "years"), TABLE, ids=[row[0] for row in TABLE])
@pytest.mark.parametrize("around", ["{}", "据统计，{}，", "（{}）"])
def test_periods_by_hand(text: str, own: str, years: tuple[int, ...], around: str) -> None:
    whole = around.format(text)
    periods = find_periods(whole)
    assert [(period.text, period.years, period.has_year) for period in periods] == [(own, years, bool(years))]
    assert whole[periods[0].start : periods[0].end] == own


@pytest.mark.parametrize(
    "text",
    ["", "三个月", "3个月", "三年", "近10年", "一年", "两千年", "13月", "1.5月", "112月", "2023.5", "2023家", "第一期",
     "十四五规划", "每月", "😀", "\ud800", "2023", "12345年"],
)  # fmt: skip
def test_what_is_no_period(text: str) -> None:
    assert not find_periods(text)


def test_several_periods() -> None:
    found = find_periods("2021年合并，2023年5月提速，去年又降费。")
    assert [period.text for period in found] == ["2021年", "2023年5月", "去年"]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2023年和二〇二四年", (2023, 2024)),
        ("2020—2023年", (2020, 2023)),
        ("2020-2023", (2020,)),
        ("2000至3000家", ()),
        ("2000到2500元", ()),
        ("12023年", ()),
        ("1899年", ()),
        ("2023家", ()),
        ("", ()),
    ],
)
def test_years_in(text: str, years: tuple[int, ...]) -> None:
    assert years_in(text) == years


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(alphabet="0129０２３年月日季度上下半前后至到—-./个十一二〇零今去世纪代初底“” 起以来", max_size=16),
        st.text(max_size=20),
    )
)
def test_any_text_gives_ordered_slices(text: str) -> None:
    end = 0
    for period in find_periods(text):
        assert text[period.start : period.end] == period.text == period.text.strip()
        assert end <= period.start < period.end
        end = period.end
    assert len(half_width(text)) == len(text)


@settings(max_examples=200, deadline=None)
@given(st.dates())
def test_dates_written_in_several_ways_are_found(day: object) -> None:
    year, month, date = map(int, str(day).split("-"))
    if not 1900 <= year < 2200:
        year = 1900 + year % 300
    spoken = str(year).translate(str.maketrans("0123456789", "〇一二三四五六七八九"))
    for way in (f"{year}年{month}月{date}日", f"{year} 年 {month} 月 {date} 日", f"{spoken}年{month}月{date}日"):
        found = find_periods(f"会议于{way}召开")
        assert [(period.text, period.years) for period in found] == [(way, (year,))]


@pytest.mark.parametrize(
    ("text", "distances"),
    [
        ("去年", (-1,)),
        ("今年1—5月和去年同期", (0, -1)),
        ("前年底", (-2,)),
        ("明年", (1,)),
        ("2023年", ()),
        ("十年前年轻", ()),
    ],
)
def test_years_told_by_their_distance(text: str, distances: tuple[int, ...]) -> None:
    assert relative_years(text) == distances


@pytest.mark.parametrize(
    ("text", "year", "years"),
    [
        ("今年1—5月", 2024, (2024,)),
        ("去年", 2024, (2023,)),
        ("去年", None, ()),
        ("2021年", 2024, (2021,)),
        ("1—5月", 2024, ()),
    ],
)
def test_a_relative_period_gets_the_year_that_the_article_gives_it(
    text: str, year: int | None, years: tuple[int, ...]
) -> None:
    assert dated(find_periods(text)[0], year).years == years


def test_dates_are_also_days_without_a_month_and_hours() -> None:
    told = [period.text for period in find_dates("于19日18时发布，年底具备条件，3日内答复，每月25日前完成")]
    assert told == ["19日18时", "年底", "每月25日前"]


def test_what_has_gone_on_since_a_year_goes_on_to_the_year_it_is_told_in() -> None:
    (since,) = find_periods("2022年以来，")
    assert covers(since, (2023,), 2024)
    assert not covers(since, (2030,), 2024)
    assert covers(since, (2030,))
