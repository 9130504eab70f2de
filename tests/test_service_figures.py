import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.answering.figures import Figure, find_figures, fold_hedge
from service.answering.numerals import parse_number, spell

Row = tuple[str, str, int | float | tuple[float, float], str, str]

# text; the figure's own text; value, or (low, high); unit; hedge. Worked out by hand.
TABLE: list[Row] = [
    ("总投资12.1亿元", "12.1亿元", 1_210_000_000, "元", ""),
    ("近600万根", "近600万根", 6_000_000, "根", "近"),
    ("3200余万张", "3200余万张", 32_000_000, "张", "余"),
    ("百分之二十", "百分之二十", 20, "%", ""),
    ("百分之三点五", "百分之三点五", 3.5, "%", ""),
    ("百分之十二点五", "百分之十二点五", 12.5, "%", ""),
    ("百分之12.5", "百分之12.5", 12.5, "%", ""),
    ("百分之百", "百分之百", 100, "%", ""),
    ("百分之一百二十", "百分之一百二十", 120, "%", ""),
    ("近百分之三十", "近百分之三十", 30, "%", "近"),
    ("四分之三", "四分之三", 75, "%", ""),
    ("五分之二以上", "五分之二以上", 40, "%", "以上"),
    ("千分之五", "千分之五", 0.5, "%", ""),
    ("万分之三", "万分之三", 0.03, "%", ""),
    ("超过1/4", "超过1/4", 25, "%", "超过"),
    ("30%—40%", "30%—40%", (30, 40), "%", ""),
    ("10—15%", "10—15%", (10, 15), "%", ""),
    ("百分之七十到八十", "百分之七十到八十", (70, 80), "%", ""),
    ("百分之七十至百分之八十", "百分之七十至百分之八十", (70, 80), "%", ""),
    ("一万五千亿", "一万五千亿", 1_500_000_000_000, "", ""),
    ("1.5万亿", "1.5万亿", 1_500_000_000_000, "", ""),
    ("一亿三千万元", "一亿三千万元", 130_000_000, "元", ""),
    ("1亿5000万元", "1亿5000万元", 150_000_000, "元", ""),
    ("3亿5千万元", "3亿5千万元", 350_000_000, "元", ""),
    ("一亿零五百万元", "一亿零五百万元", 105_000_000, "元", ""),
    ("两万五千里", "两万五千里", 25_000, "里", ""),
    ("十二万五千人", "十二万五千人", 125_000, "人", ""),
    ("3万2000户", "3万2000户", 32_000, "户", ""),
    ("5个百分点", "5个百分点", 5, "百分点", ""),
    ("提高2百分点", "2百分点", 2, "百分点", ""),
    ("增长5.2％", "5.2％", 5.2, "%", ""),
    ("１２．１亿元", "１２．１亿元", 1_210_000_000, "元", ""),
    ("3,268亿元", "3,268亿元", 326_800_000_000, "元", ""),
    ("1,234,567.89元", "1,234,567.89元", 1234567.89, "元", ""),
    ("12.1 亿 元", "12.1 亿 元", 1_210_000_000, "元", ""),
    ("一千二百三十四个", "一千二百三十四个", 1234, "个", ""),
    ("一百零五件", "一百零五件", 105, "件", ""),
    ("十二点五公里", "十二点五公里", 12.5, "公里", ""),
    ("两百余人", "两百余人", 200, "人", "余"),
    ("百余家", "百余家", 100, "家", "余"),
    ("四千多万", "四千多万", 40_000_000, "", "多"),
    ("600多万元", "600多万元", 6_000_000, "元", "多"),
    ("十几个", "十几个", 10, "个", "几"),
    ("三四个", "三四个", (3, 4), "个", ""),
    ("十七八岁", "十七八岁", (17, 18), "岁", ""),
    ("七八百人", "七八百人", (700, 800), "人", ""),
    ("两三千元", "两三千元", (2000, 3000), "元", ""),
    ("5—10万元", "5—10万元", (50_000, 100_000), "元", ""),
    ("5万至10万元", "5万至10万元", (50_000, 100_000), "元", ""),
    ("8000—1万元", "8000—1万元", (8000, 10_000), "元", ""),
    ("8000元—1万元", "8000元—1万元", (8000, 10_000), "元", ""),
    ("30－50元", "30－50元", (30, 50), "元", ""),
    ("三到五年", "三到五年", (3, 5), "年", ""),
    ("不少于30人", "不少于30人", 30, "人", "不少于"),
    ("500元以上", "500元以上", 500, "元", "以上"),
    ("突破12.6亿吨", "突破12.6亿吨", 1_260_000_000, "吨", "突破"),
    ("签约120个项目", "120个", 120, "个", ""),
    ("节约3万元", "3万元", 30_000, "元", ""),
    ("附近3家", "3家", 3, "家", ""),
    ("超万家", "超万家", 10_000, "家", "超"),
    ("近千人", "近千人", 1000, "人", "近"),
    ("突破万亿元", "突破万亿元", 10**12, "元", "突破"),
    ("逾百亿元", "逾百亿元", 10**10, "元", "逾"),
    ("500千瓦", "500千瓦", 500, "千瓦", ""),
    ("30万千瓦时", "30万千瓦时", 300_000, "千瓦时", ""),
    ("66.3千米", "66.3千米", 66.3, "千米", ""),
    ("三年半", "三年半", 3.5, "年", ""),
    ("两个半小时", "两个半小时", 2.5, "小时", ""),
    ("3个多月", "3个多月", 3, "个月", "多"),
    ("50周年", "50周年", 50, "周年", ""),
    ("七成老人", "七成", 7, "成", ""),
    ("1.2亿人次", "1.2亿人次", 120_000_000, "人次", ""),
    ("增长-3.2%", "-3.2%", -3.2, "%", ""),
    ("增速为-3.2%", "-3.2%", -3.2, "%", ""),
    ("零下5度", "零下5度", -5, "度", ""),
    ("300来自各地", "300", 300, "", ""),
    ("0元", "0元", 0, "元", ""),
]

NO_FIGURE = [
    "", "政策", "第五次会议", "第1名", "第十四届", "第3—5位", "第 3 名", "“1+5+16”体系", "1—5月", "二〇二三年", "2023年5月1日",
    "2023-05-01", "2023.5.1", "2023年前5个月", "5月1日至3日", "20世纪90年代", "“十四五”期间", "5G基站", "G60科创走廊", "4A级景区",
    "PM2.5", "ISO9001", "80后", "统一", "一些", "十分重要", "一带一路", "“八八战略”", "“千万工程”", "千家万户", "一站式",
    "党的二十届三中全会", "一成不变", "一成立就", "几十个", "数十家", "上百家", "百元", "一百", "首个百亿项目", "超千亿级产业", "附近万人", "万家企业", "零距离", "7×24小时", "24/7",
    "0571-87654321", "零分之一", "0分之5", "1" * 5000, "一" * 50, "😀", "\ud800", "肩负重任", "二十一世纪",
]  # fmt: skip

SEVERAL = [
    ("从30%提高到40%", ["30%", "40%"]),
    ("由10天到3天", ["10天", "3天"]),
    ("5人到10家企业", ["5人", "10家"]),
    ("3家至2023年", ["3家"]),
    ("通关时间由3天缩短至1天，每年少付近2.4亿元。", ["3天", "1天", "近2.4亿元"]),
    ("建成218家，每日供餐3200余份，补贴1350万元", ["218家", "3200余份", "1350万元"]),
    ("2023年投资5亿元，2024年投资6亿元", ["5亿元", "6亿元"]),
]


def _ends(figure: Figure) -> Fraction | tuple[Fraction, Fraction]:
    return figure.value if figure.low is None else (figure.low, figure.value)


def _exact(value: float | tuple[float, float]) -> Fraction | tuple[Fraction, Fraction]:
    return (Fraction(str(value[0])), Fraction(str(value[1]))) if isinstance(value, tuple) else Fraction(str(value))


def test_the_table_is_long_enough() -> None:
    assert len({row[0] for row in TABLE}) + len(NO_FIGURE) >= 110


@pytest.mark.parametrize(("text", "own", "value", "unit", "hedge"), TABLE, ids=[row[0] for row in TABLE])
@pytest.mark.parametrize("around", ["{}", "全省共{}。", "{}，", "据统计，{}"])
def test_figures_by_hand(text: str, own: str, value: float, unit: str, hedge: str, around: str) -> None:
    whole = around.format(text)
    figures = find_figures(whole)
    assert [(figure.text, _ends(figure), figure.unit, figure.hedge) for figure in figures] == [
        (own, _exact(value), unit, hedge)
    ]
    assert whole[figures[0].start : figures[0].end] == own


@pytest.mark.parametrize("text", NO_FIGURE, ids=lambda text: ascii(text[:20]))
def test_what_is_no_figure(text: str) -> None:
    assert not find_figures(text)


@pytest.mark.parametrize(("text", "figures"), SEVERAL)
def test_several_figures(text: str, figures: list[str]) -> None:
    assert [figure.text for figure in find_figures(text)] == figures


def test_thirds_are_exact() -> None:
    assert find_figures("三分之一")[0].value == Fraction(100, 3)
    assert find_figures("三分之一")[0].number == pytest.approx(33.3333333)


@pytest.mark.parametrize(
    ("text", "number"), [("12.1亿元", 1_210_000_000), ("5.2%", 5.2), ("30%—40%", [30, 40]), ("2.5—3倍", [2.5, 3])]
)
def test_number_is_json(text: str, number: object) -> None:
    found = find_figures(text)[0].number
    assert found == number
    assert type(found) is type(number)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("12.1亿元", "121000万元", True),
        ("12.1亿元", "1,210,000,000元", True),
        ("百分之二十", "20%", True),
        ("五分之一", "20％", True),
        ("3200余万张", "3200多万张", True),
        ("超过30人", "30余人", True),
        ("两个半小时", "2.5小时", True),
        ("1.5个小时", "1.5小时", True),
        ("一万五千亿元", "1.5万亿元", True),
        ("5—10万元", "5万元至10万元", True),
        ("12.1亿元", "12.1亿吨", False),
        ("近600万根", "600万根", False),
        ("30%—40%", "40%", False),
        ("-3.2%", "3.2%", False),
        ("5%", "5个百分点", False),
        ("30人以上", "30人以下", False),
    ],
)
def test_same_claim(one: str, other: str, same: bool) -> None:
    first, second = find_figures(one)[0], find_figures(other)[0]
    assert first.same_claim(second) is same
    assert second.same_claim(first) is same
    assert first.same_claim(first)


def test_hedges_fold_to_one_word() -> None:
    assert {fold_hedge(hedge) for hedge in ("余", "多", "逾", "超", "超过", "突破", "高于", "几")} == {"超"}
    assert fold_hedge("") == ""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("12.1", "12.1"), ("3,268", 3268), ("１２", 12), ("二〇二三", 2023), ("十", 10), ("十五", 15), ("二十", 20),
        ("一百零五", 105), ("一千零一", 1001), ("两千", 2000), ("九千九百九十九", 9999), ("十点五", "10.5"), ("零点零五", "0.05"),
        ("1.5万亿", 1_500_000_000_000), ("3万亿5000亿", 3_500_000_000_000), ("一亿三千万", 130_000_000), ("5千", 5000),
    ],
)  # fmt: skip
def test_parse_number(text: str, value: int | str) -> None:
    assert parse_number(text) == Fraction(value)


def _chinese(number: int) -> str:
    """A numeral below 10^16 as it is read aloud, written from the rules here and not from the code under test."""
    for size, mark in ((10**12, "万亿"), (10**8, "亿"), (10**4, "万")):
        if number >= size:
            head, tail = divmod(number, size)
            zero = "零" if tail and tail * 10 < size else ""
            return _chinese(head) + mark + zero + (_chinese(tail) if tail else "")
    digits, text, skipped = "零一二三四五六七八九", "", False
    for size, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            text += ("零" if skipped and text else "") + digits[digit] + mark
            skipped = False
        else:
            skipped = True
    return text or "零"


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 10**16 - 1))
def test_chinese_numerals_are_read_back(number: int) -> None:
    assert parse_number(_chinese(number)) == number


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(st.integers(1, 9999), st.integers(1, 99).map(lambda number: number * 100)),
    st.sampled_from(["", "万", "亿"]),
    st.sampled_from(["元", "人次", "吨", "户", "平方米", "家"]),
    st.sampled_from([("", ""), ("近", ""), ("", "余"), ("超过", ""), ("约", "")]),
)
def test_figures_written_in_several_ways_are_read_back(
    number: int, magnitude: str, unit: str, hedges: tuple[str, str]
) -> None:
    value = number * {"": 1, "万": 10**4, "亿": 10**8}[magnitude]
    before, inner = hedges
    arabic = [str(number), f"{number:,}", str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))]
    ways = [f"{before}{digits}{inner}{magnitude}{unit}" for digits in arabic]
    if number >= 11 or not inner:
        ways.append(f"{before}{_chinese(number)}{inner}{magnitude}{unit}")
    if magnitude and not inner:
        ways += [f"{before}{value}{unit}", f"{before}{value:,}{unit}", f"{before}{number} {magnitude} {unit}"]
    for way in ways:
        figures = find_figures(f"其中，{way}。")
        assert [(figure.value, figure.unit, figure.hedge) for figure in figures] == [
            (Fraction(value), unit, before or inner)
        ], way
        assert figures[0].text == way


@settings(max_examples=200, deadline=None)
@given(st.decimals("0.01", "999.99", places=2))
def test_percentages_written_in_several_ways_are_read_back(share: object) -> None:
    whole, _, decimals = str(share).partition(".")
    spoken = f"{_chinese(int(whole))}点{''.join('零一二三四五六七八九'[int(digit)] for digit in decimals)}"
    for way in (f"{share}%", f"{share}％", f"{share} %", f"百分之{share}", f"百分之{spoken}"):
        figures = find_figures(f"增长{way}，")
        assert [(figure.value, figure.unit) for figure in figures] == [(Fraction(str(share)), "%")], way


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(
            alphabet="0129０５．.,%％-−—~至到第约近超不少于余多来几十百千万亿零〇一二两三九点分之个半年月日元人负下/+×（）” ",
            max_size=16,
        ),
        st.text(max_size=20),
    )
)
def test_any_text_gives_ordered_slices(text: str) -> None:
    end = 0
    for figure in find_figures(text):
        assert text[figure.start : figure.end] == figure.text == figure.text.strip()
        assert end <= figure.start < figure.end
        end = figure.end


@pytest.mark.parametrize("piece", ["1", "一", "十", "1,111", "1—", "三分之", "1万", " ", "负", "A1", "2023年"])
def test_no_text_takes_long(piece: str) -> None:
    began = time.perf_counter()
    find_figures(piece * (10_000 // len(piece)))
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    ("text", "figure", "value"),
    [
        ("为企业减负3268亿元。", "3268亿元", 326_800_000_000),
        ("企业负债300亿元", "300亿元", 30_000_000_000),
        ("税负1200万元", "1200万元", 12_000_000),
        ("增速为负3.2%", "负3.2%", Fraction(-16, 5)),
        ("气温降到负2度", "负2度", -2),
        ("，负5度", "负5度", -5),
    ],
)
def test_a_minus_in_words_is_no_end_of_another_word(text: str, figure: str, value: Fraction) -> None:
    assert [(found.text, found.value) for found in find_figures(text)] == [(figure, value)]


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**16 - 1), st.integers(0, 10**6))
def test_what_is_spelled_is_read_back(whole: int, decimals: int) -> None:
    assert parse_number(spell(Fraction(whole))) == whole
    value = whole + Fraction(decimals, 10**6)
    assert parse_number(spell(value)) == value


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**16 - 1))
def test_spelling_is_that_of_the_rules(number: int) -> None:
    ruled = _chinese(number)
    assert spell(Fraction(number)) == (ruled.removeprefix("一") if ruled.startswith("一十") else ruled)


@pytest.mark.parametrize("value", [Fraction(-1), Fraction(10**16), Fraction(1, 3)])
def test_what_cannot_be_spelled_is_refused(value: Fraction) -> None:
    with pytest.raises(ValueError, match="cannot be spelled"):
        spell(value)


def _decimal(value: Fraction) -> str:
    return f"{Decimal(value.numerator) / value.denominator:f}"


HEDGES = [
    ("", "", ""), ("近", "", "近"), ("接近", "", "近"), ("将近", "", "近"), ("约", "", "约"), ("大约", "", "约"), ("", "左右", "约"),
    ("", "上下", "约"), ("超", "", "超"), ("超过", "", "超"), ("逾", "", "超"), ("突破", "", "超"), ("", "以上", "以上"),
    ("不少于", "", "以上"), ("不低于", "", "以上"), ("至少", "", "以上"), ("", "以下", "以下"), ("不超过", "", "以下"), ("", "以内", "以下"),
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.integers(11, 10**12), st.sampled_from(["元", "户", "吨", "公里", "人次"]), st.sampled_from(HEDGES), st.data())
def test_every_written_form_makes_the_same_claim(
    number: int, unit: str, hedge: tuple[str, str, str], data: st.DataObject
) -> None:
    before, after, folded = hedge
    value = Fraction(number)
    forms = [str(number), f"{number:,}", spell(value)]
    forms += [
        f"{_decimal(value / size)}{mark}"
        for size, mark in ((10**4, "万"), (10**8, "亿"))
        if number % (size // 100) == 0
    ]
    if number >= 10**4 and number % 10**4 >= 1000:
        forms.append(f"{number // 10**4}万{number % 10**4}")
    form = data.draw(st.sampled_from(forms))
    wide = data.draw(st.booleans())
    text = f"{before}{form}{unit}{after}"
    text = text.translate(str.maketrans("0123456789.", "０１２３４５６７８９．")) if wide else text
    assert [figure.claim for figure in find_figures(f"其中{text}，")] == [(value, None, unit, folded)], text


@settings(max_examples=200, deadline=None)
@given(
    st.integers(11, 5000), st.integers(1, 5000), st.sampled_from(["—", "-", "至", "到", "~"]), st.sampled_from("元户吨")
)
def test_ranges_are_read_back(low: int, more: int, joint: str, unit: str) -> None:
    high = low + more
    for text in (f"{low}{joint}{high}{unit}", f"{low}{unit}{joint}{high}{unit}", f"{low}万{joint}{high}万{unit}"):
        size = 10**4 if "万" in text else 1
        assert [figure.claim for figure in find_figures(text)] == [
            (Fraction(high * size), Fraction(low * size), unit, "")
        ], text


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 99), st.integers(2, 99))
def test_shares_are_one_claim_however_written(above: int, below: int) -> None:
    share = Fraction(above * 100, below)
    forms = [f"{spell(Fraction(below))}分之{spell(Fraction(above))}"]
    if above < below:
        forms.append(f"{above}/{below}")
    if 100 % below == 0:
        forms += [f"{_decimal(share)}%", f"百分之{spell(share)}"]
    for form in forms:
        assert [figure.claim for figure in find_figures(f"占{form}。")] == [(share, None, "%", "")], form
