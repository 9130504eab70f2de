"""The views of the collection in a real browser: articles, the ledger of figures, the dossiers of reforms."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browsing import DATA, NEEDS_CHROMIUM

pytestmark = NEEDS_CHROMIUM

THROUGHPUT = "吞吐量"


def _figures(page: Page, q: str = "") -> None:
    page.get_by_role("link", name="数据").click()
    page.locator("td").first.wait_for()
    if q:
        page.get_by_role("searchbox").fill(q)
        expect(page.locator("tbody tr").filter(has_not_text=q)).to_have_count(0)


def _values(page: Page) -> list[str]:
    return page.locator("td.number button").all_inner_texts()


def test_articles_stand_by_column_and_are_searched(page: Page) -> None:
    page.get_by_role("link", name="文章").click()
    expect(page.locator("output")).to_have_text(re.compile(r"^[45] 篇$"))  # another test removes one
    expect(page.locator(".browse h2")).to_have_text(["本期关注", "<b>栏目</b>", "未分栏目"])
    page.get_by_role("searchbox").fill("公共数据集")
    expect(page.locator("output")).to_have_text("1 篇")
    page.locator(".cards button").click()
    expect(page.locator(".text")).to_contain_text(DATA)
    expect(page.locator(".reference")).to_have_text(
        "王海、李江：《浙江公共数据开放》，《今日浙江2024年第12期》，第18页"
    )
    page.keyboard.press("Escape")
    expect(page.locator(".cards button")).to_be_focused()
    page.get_by_role("searchbox").fill("没有这样的词")
    expect(page.locator(".none")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    page.get_by_label("栏目").select_option("本期关注")
    expect(page.locator("output")).to_have_text("1 篇")
    page.reload()  # what is looked for stands in the address
    expect(page.locator("output")).to_have_text("1 篇")


def test_an_address_opens_its_article(page: Page, served_url: str) -> None:
    page.goto(f"{served_url}#/articles/data-1")
    expect(page.locator(".pane h2")).to_have_text("浙江公共数据开放")


def test_the_ledger_is_sorted_by_value_and_by_time(page: Page) -> None:
    _figures(page, THROUGHPUT)
    assert sorted(_values(page)) == ["11.2亿吨", "11.8亿吨", "12.6亿吨", "13.1亿吨"]
    page.get_by_role("button", name="数值").click()
    expect(page.locator("th", has_text="数值")).to_have_attribute("aria-sort", "descending")
    expect(page.locator("td.number button")).to_have_text(["13.1亿吨", "12.6亿吨", "11.8亿吨", "11.2亿吨"])
    page.get_by_role("button", name="数值").click()
    expect(page.locator("td.number button")).to_have_text(["11.2亿吨", "11.8亿吨", "12.6亿吨", "13.1亿吨"])
    page.get_by_role("button", name="时间").click()
    expect(page.locator("td.period").last).to_have_text("2021年")


def test_a_cell_leads_to_its_quote(page: Page) -> None:
    _figures(page, THROUGHPUT)
    page.get_by_role("button", name="11.2亿吨", exact=True).click()
    expect(page.locator("mark.current")).to_contain_text("11.2亿吨")
    expect(page.locator("mark.current")).to_be_in_viewport(ratio=1)
    expect(page.locator(".pane h2")).to_have_text("东海港的五年")


def test_what_is_filtered_is_downloaded(page: Page, tmp_path: Path) -> None:
    _figures(page, THROUGHPUT)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 CSV").click()
    download.value.save_as(tmp_path / "figures.csv")
    lines = (tmp_path / "figures.csv").read_text(encoding="utf-8-sig").strip().splitlines()
    assert download.value.suggested_filename == "figures.csv"
    assert len(lines) == 1 + 4
    assert [value for value in ("11.2", "11.8", "12.6", "13.1") if not any(value in line for line in lines[1:])] == []


def test_bars_show_an_indicator_over_time_and_its_conflict(page: Page) -> None:
    _figures(page, THROUGHPUT)
    page.get_by_role("button", name="图").click()
    plot = page.locator(".plot").filter(has_text=THROUGHPUT)
    expect(plot.locator(".when")).to_have_text(["2021年", "2022年", "2023年", "2023年"])
    expect(plot.locator(".badge.conflict")).to_be_visible()
    widths = [
        float(width)
        for width in plot.locator("rect:not(.ground)").evaluate_all("all => all.map(r => r.getAttribute('width'))")
    ]
    assert [round(width / 100 * 13.1, 1) for width in widths] == [11.2, 11.8, 12.6, 13.1]
    plot.get_by_role("button", name="13.1亿吨").click()
    expect(page.locator("mark.current")).to_contain_text("13.1亿吨")


def test_a_dossier_fills_its_cells_with_quotes_or_says_that_nothing_does(page: Page) -> None:
    page.get_by_role("link", name="改革").click()
    page.get_by_role("link", name="一港通").click()
    expect(page.locator("h1")).to_contain_text("一港通")
    expect(page.locator(".dossier dd")).to_have_count(6)
    cells = {
        row.locator("dt").inner_text(): row.locator("dd").inner_text() for row in page.locator(".dossier > div").all()
    }
    assert list(cells) == ["是什么", "主要内容", "何时开始", "谁牵头", "在哪里", "目标"]
    assert "2021年6月" in cells["何时开始"]
    assert cells["目标"] == "文章没有说"
    page.locator(".dossier > div", has_text="何时开始").get_by_role("button").first.click()
    expect(page.locator("mark.current")).to_contain_text("2021年6月，东海省启动")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="什么是").click()
    expect(page.locator(".turn .answer")).to_contain_text("五个港口")


def test_an_unknown_reform_is_said_to_be_unknown(page: Page, served_url: str) -> None:
    page.goto(f"{served_url}#/reforms/没有这项改革")
    expect(page.get_by_role("alert")).to_have_text("收录的文章里没有这项改革。")
