import pytest

from service.answer import Citation, Support, Verdict
from service.answering.verifier import check_figures, support


def _citation(quote: str, n: int = 1) -> Citation:
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
    ],
)
def test_verdicts(statement: str, quote: str, verdict: Verdict) -> None:
    (check,) = check_figures(statement, [_citation(quote)])
    assert check.verdict == verdict


def test_a_check_carries_the_figure_its_period_and_its_citation() -> None:
    quotes = [_citation("没有数字。", 1), _citation("2021年为3亿元，2023年前三季度，营收达12.1 亿元。", 2)]
    (check,) = check_figures("营收12.1亿元", quotes)
    assert (check.text, check.value, check.unit, check.hedge) == ("12.1亿元", 1_210_000_000, "元", "")
    assert (check.period, check.citation, check.verdict) == ("2023年前三季度", 2, "exact")


def test_an_exact_figure_goes_before_an_equal_one() -> None:
    quotes = [_citation("投资5000万元", 1), _citation("投资0.5亿元", 2)]
    assert [(check.citation, check.verdict) for check in check_figures("投资0.5亿元", quotes)] == [(2, "exact")]
    assert [(check.citation, check.verdict) for check in check_figures("投资五千万元", quotes)] == [(1, "equal")]


def test_without_a_quote_nothing_is_found() -> None:
    (check,) = check_figures("投资5亿元", [])
    assert (check.verdict, check.citation, check.period) == ("not_found", 0, None)


def test_every_figure_is_checked() -> None:
    checks = check_figures("由3天缩短至1天，每年少付近2.4亿元，第5次", [_citation("由3天缩短至2天，少付近2.4亿元")])
    assert [(check.text, check.verdict) for check in checks] == [
        ("3天", "exact"),
        ("1天", "not_found"),
        ("近2.4亿元", "exact"),
    ]
    assert check_figures("没有数字", [_citation("没有数字")]) == ()


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
    ],
)
def test_support(statement: str, quotes: list[str], expected: Support) -> None:
    assert support(statement, [_citation(quote, n) for n, quote in enumerate(quotes, 1)]) == expected
