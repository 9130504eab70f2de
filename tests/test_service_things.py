from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.answering.canonical import canonical
from service.answering.numerals import spell
from service.answering.things import atoms, dated, names, period_key, plain, says_period


@pytest.mark.parametrize(
    "forms",
    [
        ("2023年5月", "二〇二三年五月", "二零二三年五月份", "2023 年 05 月", "２０２３年５月"),
        ("2023年5月1日", "2023-05-01", "2023.5.1", "2023/5/1", "二〇二三年五月一日"),
        ("2020—2023年", "2020年至2023年", "2020-2023年", "2020到2023年"),
        ("2023年1—5月", "2023年1月至5月"),
        ("2023年一季度", "2023年第一季度", "2023年第1季度"),
        ("2023年底", "2023年末", "2023年年底"),
        ("“十四五”期间", "十四五时期"),
        ("2020年以来", "2020年起", "2020年之后"),
        ("今年前5个月", "今年前五个月"),
    ],
)
def test_a_period_has_one_key(forms: tuple[str, ...]) -> None:
    assert len({period_key(form) for form in forms}) == 1


@settings(max_examples=200, deadline=None)
@given(st.integers(1949, 2099), st.integers(1, 12), st.integers(1, 28))
def test_dates_written_in_several_ways_are_one(year: int, month: int, day: int) -> None:
    spoken = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    ways = [
        f"{year}年{month}月{day}日",
        f"{year}-{month:02}-{day:02}",
        f"{year} 年 {month} 月 {day} 日",
        f"{spoken}年{spell(Fraction(month))}月{spell(Fraction(day))}日",
    ]
    for way in ways:
        assert [(thing.kind, thing.key) for thing in atoms(plain(f"于{way}，施行"))] == [
            ("period", f"{year}年{month}月{day}日")
        ], way


@pytest.mark.parametrize(
    ("stated", "quote", "point", "said"),
    [
        ("2023年", "2023年5月1日", False, True),
        ("2023年", "2023年5月", True, True),
        ("2023年", "2023年5月", False, False),
        ("2023年", "2023年前5个月", True, False),
        ("2023年", "2023年上半年", True, False),
        ("2023年5月1日", "2023年5月", True, False),
        ("2023年5月1日", "2023年5月10日", True, False),
        ("2024年3月1日", "2024年3月1日起", False, True),
        ("2023年1月", "2023年1—5月", True, False),
        ("2022年", "2023年", True, False),
    ],
)
def test_what_a_period_says(stated: str, quote: str, point: bool, said: bool) -> None:
    assert says_period(period_key(stated), [period_key(quote)], point) is said


def test_a_month_takes_the_year_named_before() -> None:
    assert dated(["2023年", "5月", "去年"]) == [("2023年",), ("5月", "2023年5月"), ("去年",)]


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("居全国第一位", "rank", "1"), ("列第１名", "rank", "1"), ("居全省首位", "rank", "1"), ("全国第3", "rank", "3"),
        ("列第十二位", "rank", "12"), ("第3—5位", "rank", "3-5"), ("PM2.5", "code", "pm2.5"), ("“1+5+16”", "code", "1+5+16"),
        ("ＡＩ", "code", "ai"), ("12.1亿元", "figure", "~1210000000|元|"), ("七成", "figure", "~70|%|"),
    ],
)  # fmt: skip
def test_atoms(text: str, kind: str, key: str) -> None:
    assert [(thing.kind, thing.key) for thing in atoms(plain(text))] == [(kind, key)]


def test_names() -> None:
    found = {(thing.kind, thing.text) for thing in names("杭州市中级人民法院印发《纠纷办法》，推行“市场化解纷”。")}
    assert {("document", "纠纷办法"), ("term", "市场化解纷"), ("place", "杭州市")} <= found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("占百分之二十，共2.1万户。", "占20％,共21000户", True),
        ("二〇二三年，居首位", "2023年居第一位", True),
        ("占5%", "占2.5%", False),
        ("提高5%", "提高5个百分点", False),
        ("近5亿元", "5亿元", False),
        ("8个", "18个", False),
        ("1、2、3项", "123项", False),
    ],
)
def test_the_one_form(one: str, other: str, same: bool) -> None:
    assert (canonical(one).form == canonical(other).form) is same
    assert bool(canonical(other).find(canonical(one).form)) is same


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="温州供地5亩，。；：第三位2023年一百分之%“”《》 \n1.,万x", max_size=40))
def test_places_lie_in_the_text_and_clauses_make_the_form(raw: str) -> None:
    form = canonical(raw)
    assert form.text == plain(raw)
    assert len(form.places) == len(form.form)
    assert list(form.places) == sorted(form.places)
    assert "".join(clause.form for clause in form.clauses) == form.form
    assert all(form.text[thing.start : thing.end] == thing.text for thing in atoms(form.text))
