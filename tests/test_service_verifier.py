import time
from statistics import median

import pytest

from service.answer import Citation, Support, Verdict
from service.answering.verifier import LONGEST_CHARS, Check, Doubt, check_figures, support, verify
from tests.paraphrases import PARAPHRASES


def citation(quote: str, n: int = 1) -> Citation:
    return Citation(n, f"a~{n}", "a", "题", (), "", "", None, None, quote, 0, len(quote), "《题》")


@pytest.mark.parametrize(
    ("statement", "quote", "verdict"),
    [
        ("投资12.1亿元", "总投资12.1亿元。", "exact"),
        ("投资12.1 亿元", "总投资12.1亿元。", "exact"),
        ("投资121000万元", "总投资12.1亿元。", "equal"),
        ("投资1,210,000,000元", "总投资12.1亿元。", "equal"),
        ("占20%", "占百分之二十", "equal"),
        ("占20％", "占20%", "equal"),
        ("占5%", "占2.5%", "not_found"),
        ("占5%", "占15%", "not_found"),
        ("占5%", "占-5%", "not_found"),
        ("占-5%", "占5%", "not_found"),
        ("共8个", "共18个", "not_found"),
        ("共8个", "共8家", "not_found"),
        ("提高5%", "提高5个百分点", "not_found"),
        ("建600万根", "建近600万根", "not_found"),
        ("建近600万根", "建600万根", "not_found"),
        ("超过30家", "30余家", "equal"),
        ("达到40%", "30%—40%", "not_found"),
        ("30%至40%", "30%—40%", "equal"),
        ("5个", "第5个", "not_found"),
        ("投资5000万元", "投资1亿5000万元", "not_found"),
        ("投资1.5亿元", "投资1亿5000万元", "equal"),
        ("投资5亿元", "", "not_found"),
        ("占七成", "占70%", "equal"),
        ("占三分之一", "占1/3", "equal"),
        ("有33万华侨", "有华侨33万人", "equal"),
        ("有华侨33万人", "有33万华侨", "not_found"),
        ("全长10千米", "全长10公里", "equal"),
        ("提高2百分点", "提高2个百分点", "equal"),
        ("约30家", "30家左右", "equal"),
        ("不少于30家", "30家以上", "equal"),
        ("不少于30家", "30余家", "not_found"),
    ],
)
def test_verdicts(statement: str, quote: str, verdict: Verdict) -> None:
    (check,) = check_figures(statement, [citation(quote)])
    assert check.verdict == verdict


def test_a_check_carries_the_figure_its_period_and_itscitation() -> None:
    quotes = [citation("没有数字。", 1), citation("2021年为3亿元，2023年前三季度，营收达12.1 亿元。", 2)]
    (check,) = check_figures("营收12.1亿元", quotes)
    assert (check.text, check.value, check.unit, check.hedge) == ("12.1亿元", 1_210_000_000, "元", "")
    assert (check.period, check.citation, check.verdict) == ("2023年前三季度", 2, "exact")


def test_an_exact_figure_goes_before_an_equal_one() -> None:
    quotes = [citation("投资5000万元", 1), citation("投资0.5亿元", 2)]
    assert [(check.citation, check.verdict) for check in check_figures("投资0.5亿元", quotes)] == [(2, "exact")]
    assert [(check.citation, check.verdict) for check in check_figures("投资五千万元", quotes)] == [(1, "equal")]


def test_without_a_quote_nothing_is_found() -> None:
    (check,) = check_figures("投资5亿元", [])
    assert (check.verdict, check.citation, check.period) == ("not_found", 0, None)


def test_every_figure_is_checked() -> None:
    checks = check_figures("由3天缩短至1天，每年少付近2.4亿元，第5次", [citation("由3天缩短至2天，少付近2.4亿元")])
    assert [(check.text, check.verdict) for check in checks] == [
        ("3天", "exact"),
        ("1天", "not_found"),
        ("近2.4亿元", "exact"),
    ]
    assert check_figures("没有数字", [citation("没有数字")]) == ()


@pytest.mark.parametrize(
    ("statement", "quotes", "expected"),
    [
        ("通关时间由3天缩短至1天。", ["通关时间由3天缩短至1天，企业受益。"], "supported"),
        ("通关时间由3天缩短至1天，企业受益。", ["通关时间由3天缩短至1天", "企业受益"], "supported"),
        ("通关时间由 3 天缩短至 1 天。", ["通关时间由3天缩短至1天。"], "supported"),
        ("企业受益，百姓也受益。", ["企业受益。"], "partly"),
        ("百姓受益。", ["企业受益。"], "unsupported"),
        ("通关时间缩短至2天。", ["通关时间缩短至1天。"], "unsupported"),
        ("企业受益，少付3亿元。", ["企业受益，少付2亿元。"], "unsupported"),
        ("企业受益。", [], "unsupported"),
        ("", ["企业受益。"], "unsupported"),
        ("，。", ["企业受益。"], "unsupported"),
        ("温州供地5亩，杭州供地3亩。", ["温州供地5亩，很快。", "杭州供地3亩。"], "supported"),
        ("温州供地3亩，杭州供地5亩。", ["温州供地5亩，很快。", "杭州供地3亩。"], "unsupported"),
        ("三档分别为3%、8%、5%。", ["三档分别为3%、5%、8%。"], "unsupported"),
        ("三档分别为3%、5%、8%。", ["三档分别为百分之三、百分之五、百分之八。"], "supported"),
        ("增长5%。", ["没有增长5%。"], "unsupported"),
        ("没有增长5%。", ["增长5%。"], "unsupported"),
        ("５％的企业受益。", ["5%的企业受益，很快。"], "supported"),
        ("5%的企业受益。", ["2.5%的企业受益。"], "unsupported"),
        ("8个项目开工。", ["18个项目开工。"], "unsupported"),
        ("😀", ["企业受益。"], "unsupported"),
        ("5%", [], "unsupported"),
        ("企业受益" * LONGEST_CHARS, ["企业受益。"], "unsupported"),
    ],
)
def test_support(statement: str, quotes: list[str], expected: Support) -> None:
    assert support(statement, [citation(quote, n) for n, quote in enumerate(quotes, 1)]) == expected


@pytest.mark.parametrize(("statement", "quote"), [(true, quote) for quote, trues, _ in PARAPHRASES for true in trues])
def test_what_is_true_in_other_words_is_supported(statement: str, quote: str) -> None:
    found = verify(statement, [citation(quote)])
    assert (found.failures, found.support) == ((), "supported")
    assert "not_found" not in {check.verdict for check in found.checks}


@pytest.mark.parametrize(
    ("statement", "quote"), [(false, quote) for quote, _, falses in PARAPHRASES for false in falses]
)
def test_what_is_false_in_like_words_is_not_supported(statement: str, quote: str) -> None:
    found = verify(statement, [citation(quote)])
    assert found.support != "supported"
    assert found.failures


SOURCE = (
    "2023年，温州市供应工业用地5780亩，同比增长5%；杭州市供应193亩，位居全省第三。市委书记张国强要求落实《用地办法》，"
    "推行“数据得地”改革，项目审批由90天缩短至20天，尚未覆盖农村。预计2025年底全面推开。"
)


@pytest.mark.parametrize(
    ("statement", "text", "why"),
    [
        ("2022年，温州市供应工业用地5780亩。", "2022年", "not_found"),
        ("温州市供应工业用地5870亩。", "5870亩", "not_found"),
        ("杭州市供应工业用地，位居全省第二。", "第二", "not_found"),
        ("张国兴要求落实《用地办法》。", "兴", "replaced"),
        ("要求落实《用水办法》。", "用水办法", "not_found"),
        ("推行“数据用地”改革。", "数据用地", "not_found"),
        ("温州市供应工业用地5780亩，环比增长5%。", "5%", "comparator"),
        ("温州市供应工业用地5780亩，增长5%。", "5%", "comparator"),
        ("温州市供应工业用地5780亩，同比下降5%。", "5%", "direction"),
        ("项目审批缩短20天。", "20天", "direction"),
        ("温州市供应193亩。", "193亩", "subject"),
        ("2025年底全面推开了改革。", "2025年底", "plan"),
        ("改革已经覆盖农村。", "覆盖", "negation"),
        ("温州市不供应工业用地。", "不供应", "negation"),
        ("推行“数据得地”改革，带动旅游发展。", "旅游", "unsaid"),
    ],
)
def test_a_failure_says_what_and_why(statement: str, text: str, why: Doubt) -> None:
    failures = verify(statement, [citation(SOURCE)]).failures
    assert (text, why) in {(failure.text, failure.why) for failure in failures}


def test_each_thing_has_its_check() -> None:
    quotes = [citation("没有。", 1), citation(SOURCE, 2)]
    checks = verify("二〇二三年，温州供应工业用地5780亩；杭州市位居全省第3位，落实《用地办法》。", quotes).checks
    assert {check for check in checks if check.kind != "organisation"} == {
        Check("period", "二〇二三年", 2, "equal"),
        Check("place", "温州", 2, "exact"),
        Check("figure", "5780亩", 2, "exact"),
        Check("place", "杭州市", 2, "exact"),
        Check("rank", "第3位", 2, "equal"),
        Check("document", "用地办法", 2, "exact"),
    }


def test_the_title_names_but_proves_no_figure() -> None:
    untitled = citation("园区营收12亿元。")
    titled = Citation(1, "a~1", "a", "云澜市的30条经验", (), "", "", None, None, untitled.quote, 0, 8, "《题》")
    assert verify("云澜市园区营收12亿元。", [titled]).support == "supported"
    assert verify("园区营收12亿元，有30条经验。", [titled]).support != "supported"


def test_an_answer_is_verified_at_once() -> None:
    def milliseconds(statement: str, number: int) -> float:
        cited = citation(f"第{number}号。{SOURCE}")  # a text not seen before, so that nothing is remembered of it
        began = time.perf_counter()
        verify(statement, [cited])
        return (time.perf_counter() - began) * 1000

    clause = "2023年，温州市供应工业用地5780亩，同比增长5%；杭州市供应193亩，位居全省第三。"
    assert median(milliseconds(clause, number) for number in range(30)) < 2
    assert median(milliseconds("温州市2023年供应5780亩工业用地。", number) for number in range(30)) < 20


def test_the_last_of_a_list_may_be_joined_by_and() -> None:
    quote = citation("加快实现各县100%全覆盖、省市县三级贯通。")
    assert support("加快实现各县100%全覆盖和省市县三级贯通。", [quote]) == "supported"
    assert support("加快实现各县90%全覆盖和省市县三级贯通。", [quote]) == "unsupported"
