"""Words for times, and the days that they mean in an article of a date."""

import pytest

from service.ledger.dates import Days, days_of, find_times

DATE = "2024-06-25"


@pytest.mark.parametrize(
    ("words", "start", "end", "resolved"),
    [
        ("2023年", "2023-01-01", "2023-12-31", False),
        ("二〇二三年", "2023-01-01", "2023-12-31", False),
        ("去年", "2023-01-01", "2023-12-31", True),
        ("今年1—5月", "2024-01-01", "2024-05-31", True),
        ("今年以来", "2024-01-01", DATE, True),
        ("2021年以来", "2021-01-01", DATE, True),
        ("2021年上线以来", "2021-01-01", DATE, True),
        ("2020—2023年", "2020-01-01", "2023-12-31", False),
        ("“十四五”期间", "2021-01-01", "2025-12-31", False),
        ("2023年底", "2023-12-31", "2023-12-31", False),
        ("2025年底前", None, "2025-12-31", False),
        ("2024年5月底", "2024-05-31", "2024-05-31", False),
        ("2023年上半年", "2023-01-01", "2023-06-30", False),
        ("今年前三季度", "2024-01-01", "2024-09-30", True),
        ("前8个月", "2023-01-01", "2023-08-31", True),
        ("一季度", "2024-01-01", "2024-03-31", True),
        ("2023年9月20日至25日", "2023-09-20", "2023-09-25", False),
        ("2023年5月11日至2023年8月9日", "2023-05-11", "2023-08-09", False),
        ("2023年08月01日", "2023-08-01", "2023-08-01", False),
        ("2024年2月", "2024-02-01", "2024-02-29", False),
        ("12月", "2023-12-01", "2023-12-31", True),
        ("6月25日", "2024-06-25", "2024-06-25", True),
        ("近三年来", "2021-06-25", DATE, True),
        ("目前", None, DATE, True),
        ("上世纪90年代", "1990-01-01", "1999-12-31", False),
        ("改革实施以来", None, None, False),
        ("去年同期", None, None, False),
        ("2023年2月30日", None, None, False),
    ],
)
def test_days_of_a_time(words: str, start: str | None, end: str | None, resolved: bool) -> None:
    (time,) = find_times(f"会议指出，{words}，全县")
    assert time.text == words
    found = days_of(time.text, DATE)
    assert (found.start, found.end) == (start, end)
    assert found.resolved is resolved


@pytest.mark.parametrize("words", ["去年", "一季度", "6月25日", "近三年来", "目前", "今年以来"])
def test_without_a_date_of_the_article_a_relative_time_means_no_days(words: str) -> None:
    assert days_of(words, None) == Days(None, None)
