"""The chat page in a real browser, against a real service over a snapshot built here."""

import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from eval.screenshot import ask
from tests.browsing import CONFLICT_QUESTION, DATA, DATA_QUESTION, FERRY, NEEDS_CHROMIUM, ROOT, SNIPPET, wence
from tests.doubtful import DOUBTFUL, answering_with

pytestmark = NEEDS_CHROMIUM


def test_a_marker_opens_the_article_with_its_quote_in_view(page: Page) -> None:
    ask(page, DATA_QUESTION)
    turn = page.locator(".turn")
    expect(turn.locator(".badge")).to_have_text("已核实")
    expect(turn.locator(".answer")).to_contain_text("累计开放公共数据集3.3万个")
    expect(turn.locator(".figure.exact").filter(has_text="3.3万个")).to_have_count(1)
    turn.locator(".answer .marker").click()
    panel = page.locator(".pane")
    expect(panel.get_by_role("heading", name="浙江公共数据开放")).to_be_focused()
    expect(panel.locator(".byline")).to_have_text("王海、李江 · 本期关注 · 今日浙江2024年第12期 · 第18页")
    expect(panel.locator(".reference")).to_have_text(
        "王海、李江：《浙江公共数据开放》，《今日浙江2024年第12期》，第18页"
    )
    quote = panel.locator("mark.current")
    expect(quote).to_have_text(DATA)  # the offsets count code points: letters outside the BMP stand before it
    expect(quote).to_be_in_viewport(ratio=1)
    assert panel.locator(".paper").evaluate("paper => paper.scrollTop") > 500
    expect(panel.locator(".text p")).to_have_count(42)


def test_a_question_without_an_answer_is_refused_with_the_reason(page: Page) -> None:
    ask(page, "2031年火星基地的预算是多少亿元？")
    turn = page.locator(".turn")
    expect(turn.locator(".badge")).to_have_text("文中没有")
    expect(turn.locator(".answer")).to_contain_text("不能回答")
    expect(turn.locator(".answer .marker, .short, .figure")).to_have_count(0)


def test_markup_in_a_source_stays_text(page: Page) -> None:
    ask(page, "龙泉青瓷研究院的院训有多少个字？")
    expect(page.locator(".answer")).to_contain_text(SNIPPET)
    page.locator(".answer .marker").first.click()
    expect(page.locator(".pane h2")).to_have_text("<i>院训</i>的来历")
    expect(page.locator("mark.current")).to_contain_text(SNIPPET)
    expect(page.locator(".view img, .view b, .view i, .pane img, .pane b, .pane i")).to_have_count(0)
    assert page.title() == "问策 · 政策文章问答"


def test_works_by_keyboard_and_gives_the_focus_back(page: Page) -> None:
    expect(page.get_by_label("问题")).to_be_focused()
    page.keyboard.type("第一行")
    page.keyboard.press("Shift+Enter")
    expect(page.get_by_label("问题")).to_have_value("第一行\n")
    ask(page, DATA_QUESTION)
    page.locator(".answer .marker").focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark.current")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".pane")).to_be_hidden()
    expect(page.locator(".answer .marker")).to_be_focused()


def test_the_way_back_of_the_browser_closes_the_article(page: Page, served_url: str) -> None:
    ask(page, DATA_QUESTION)
    for _ in range(2):
        page.locator(".answer .marker").click()
        expect(page.locator("mark.current")).to_be_visible()
        page.go_back()
        expect(page.locator(".pane")).to_have_count(0)
        expect(page.locator(".answer .marker")).to_be_focused()
    assert page.url == served_url
    page.locator(".answer .marker").click()
    page.get_by_role("button", name="关闭").click()
    expect(page.locator(".pane")).to_have_count(0)
    page.wait_for_function("history.state === null")


def test_the_conversation_goes_back_with_the_next_question(page: Page) -> None:
    ask(page, DATA_QUESTION)
    with page.expect_request("**/v1/ask") as sent:
        ask(page, "比上年增加了多少个？")
    history = _history(sent.value)
    assert [turn["role"] for turn in history] == ["user", "assistant"]
    assert history[0]["content"] == DATA_QUESTION
    assert "3.3万个" in history[1]["content"]
    page.get_by_role("button", name="新对话").click()
    expect(page.locator(".turn")).to_have_count(0)
    with page.expect_request("**/v1/ask") as sent:
        ask(page, DATA_QUESTION)
    assert _history(sent.value) == []


def test_an_error_is_said_in_the_language_of_the_reader(page: Page) -> None:
    with page.expect_response("**/v1/ask") as refused:
        ask(page, "问" * 2001)
    assert refused.value.status == 422
    assert refused.value.json()["error"]["code"] == "invalid_question"
    expect(page.locator(".turn .error")).to_have_text("这个问题太长，或者是空的；请改一改再问。")
    expect(page.locator(".turn .error")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="再试一次")).to_be_visible()


def test_suggested_questions_are_made_from_titles_and_ask(page: Page) -> None:
    page.get_by_role("button", name="《浙江公共数据开放》主要讲了什么？").click()
    expect(page.locator(".turn .answer")).not_to_be_empty()
    expect(page.locator(".welcome")).to_be_hidden()


def test_the_reference_is_copied(context: BrowserContext, page: Page) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, DATA_QUESTION)
    page.locator(".answer .marker").click()
    page.get_by_role("button", name="复制出处").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator(".reference").inner_text()


def test_asks_nobody_else_and_breaks_no_policy(page: Page, served_url: str) -> None:
    requested: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    loaded = page.goto(served_url)
    ask(page, DATA_QUESTION)
    page.locator(".answer .marker").click()
    expect(page.locator("mark.current")).to_be_visible()
    assert loaded is not None
    assert "default-src 'self'" in loaded.headers["content-security-policy"]
    assert complaints == []
    assert len(requested) >= 5
    assert [url for url in requested if not url.startswith(served_url)] == []


@pytest.mark.parametrize("width", [320, 600, 1000])
def test_fits_a_narrow_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 600})
    ask(page, DATA_QUESTION)
    overflow = "['.top', '.view', '.scroll', '.rail', '.pane', '.paper'].filter(name => { const e = document.querySelector(name); return e && e.scrollWidth > e.clientWidth })"
    assert page.evaluate(overflow) == []
    page.locator(".answer .marker").click()
    expect(page.locator("mark.current")).to_be_in_viewport(ratio=1)
    assert page.evaluate(overflow) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="关闭").click()
    expect(page.locator(".answer .marker")).to_be_focused()


def test_says_so_when_the_cited_article_is_gone(page: Page, page_snapshot: Path) -> None:
    ask(page, "舟山轮渡站2022年运送旅客多少万人次？")
    expect(page.locator(".answer")).to_contain_text("415万人次")
    subprocess.run(wence("remove", "ferry", "--snapshot", str(page_snapshot)), cwd=ROOT, check=True)
    page.locator(".answer .marker").first.click()
    expect(page.locator(".pane .note")).to_have_text("这篇文章已不在收录之列。")
    expect(page.locator(".pane blockquote")).to_have_text(FERRY)


def test_hovering_and_focusing_a_marker_shows_its_quote(page: Page) -> None:
    ask(page, DATA_QUESTION)
    marker = page.locator(".answer .marker")
    marker.hover()
    expect(page.get_by_role("tooltip")).to_contain_text(DATA)
    page.get_by_role("tooltip").hover()  # it stays to be read and copied
    expect(page.get_by_role("tooltip")).to_be_visible()
    page.mouse.move(5, 5)
    expect(page.get_by_role("tooltip")).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    marker.focus()
    expect(page.get_by_role("tooltip")).to_contain_text(DATA)
    expect(marker).to_have_attribute("aria-describedby", page.get_by_role("tooltip").get_attribute("id") or "none")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_have_count(0)
    expect(marker).to_be_focused()


def test_a_first_tap_shows_the_quote_and_a_second_opens_the_article(browser: Browser, served_url: str) -> None:
    with browser.new_context(viewport={"width": 390, "height": 700}, has_touch=True, locale="zh-CN") as phone:
        page = phone.new_page()
        page.goto(served_url)
        ask(page, DATA_QUESTION)
        page.locator(".answer .marker").tap()
        expect(page.get_by_role("tooltip")).to_contain_text(DATA)
        expect(page.locator(".pane")).to_have_count(0)
        page.locator(".answer .marker").tap()
        expect(page.locator("mark.current")).to_be_in_viewport(ratio=1)


def test_the_language_is_switched_and_kept(page: Page) -> None:
    ask(page, DATA_QUESTION)
    page.get_by_role("button", name="English").click()
    expect(page.locator(".badge")).to_have_text("Verified")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.title() == "wence · ask about policy"
    page.reload()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_the_theme_is_switched_and_kept(page: Page) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.get_by_role("button", name="深色").click()
    dark = page.evaluate(background)
    assert dark != light
    page.reload()
    assert page.evaluate(background) == dark


def test_a_link_to_a_question_asks_it(context: BrowserContext, page: Page, served_url: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, DATA_QUESTION)
    page.get_by_role("button", name="复制链接").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{served_url}?q=")
    other = context.new_page()
    other.goto(link)
    expect(other.locator(".turn h2")).to_have_text(DATA_QUESTION)
    expect(other.locator(".badge")).to_have_text("已核实")
    assert other.url == served_url  # a reload does not ask again


def test_an_answer_is_copied_with_its_references(context: BrowserContext, page: Page) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, DATA_QUESTION)
    page.get_by_role("button", name="连出处复制").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("[1]\n[1] 王海、李江：《浙江公共数据开放》，《今日浙江2024年第12期》，第18页")
    assert "3.3万个" in copied


def test_conversations_are_kept_taken_up_exported_and_deleted(page: Page, tmp_path: Path) -> None:
    ask(page, DATA_QUESTION)
    page.get_by_role("button", name="新对话").click()
    expect(page.locator(".turn")).to_have_count(0)
    ask(page, "2031年火星基地的预算是多少亿元？")
    page.reload()
    expect(page.locator(".kept .title")).to_have_text(["2031年火星基地的预算是多少亿元？", DATA_QUESTION])
    page.locator(".kept .title").last.click()
    expect(page.locator(".turn h2")).to_have_text(DATA_QUESTION)
    with page.expect_request("**/v1/ask") as sent:
        ask(page, "比上年增加了多少个？")
    assert len(_history(sent.value)) == 2
    with page.expect_download() as download:
        page.get_by_role("button", name="导出").click()
    download.value.save_as(tmp_path / "kept.md")
    written = (tmp_path / "kept.md").read_text(encoding="utf-8")
    assert written.startswith(f"# {DATA_QUESTION}\n")
    assert f"   > {DATA}" in written
    assert "王海、李江：《浙江公共数据开放》" in written
    page.get_by_role("button", name=f"删除对话：{DATA_QUESTION}").click()
    expect(page.locator(".kept .title")).to_have_count(1)
    expect(page.locator(".kept .title")).to_be_focused()


def test_a_rating_and_a_comment_are_sent(page: Page) -> None:
    ask(page, DATA_QUESTION)
    page.get_by_role("button", name="不对").click()
    page.get_by_label("哪里不对").fill("单位写错了")
    with page.expect_response("**/v1/feedback") as kept:
        page.get_by_role("button", name="提交").click()
    assert kept.value.status == 201
    sent = json.loads(kept.value.request.post_data or "")
    assert (sent["rating"], sent["comment"]) == ("down", "单位写错了")
    expect(page.locator(".actions [role=status]")).to_have_text("谢谢，已记下")
    expect(page.get_by_role("button", name="不对")).to_be_disabled()


def test_contradicting_sources_stand_side_by_side(page: Page) -> None:
    ask(page, CONFLICT_QUESTION)
    expect(page.locator(".badge")).to_have_text("说法不一")
    titles = {"12.6亿吨": "《东海港的五年》", "13.1亿吨": "《东海港年报》"}
    first, second = page.locator(".short").inner_text().split("、")  # neither is likelier
    assert {first, second} == set(titles)
    expect(page.locator(".reason")).to_contain_text(f"{first}与{second}")
    expect(page.locator(".sides li")).to_have_count(2)
    expect(page.locator(".sides .figure.exact")).to_have_text([first, second])
    expect(page.locator(".sides li").nth(0)).to_contain_text(titles[first])
    page.locator(".sides .marker").nth(0).click()
    expect(page.locator("mark.current")).to_contain_text(first)


def test_a_statement_that_is_not_proven_is_marked(page: Page) -> None:
    answering_with(page, DOUBTFUL)
    ask(page, DOUBTFUL.question)
    expect(page.locator(".badge")).to_have_text("未全部核实")
    expect(page.locator(".answer .partly")).to_have_text(DOUBTFUL.statements[1].text)
    expect(page.locator(".figure.exact")).to_have_text("12.6亿吨")
    expect(page.locator(".figure.not_found")).to_have_text("1.5倍")
    expect(page.locator(".answer .marker")).to_have_count(2)


def test_a_refusal_shows_what_is_nearest(page: Page) -> None:
    ask(page, "2031年火星基地的预算是多少亿元？")
    nearest = page.locator(".nearest .source")
    expect(nearest.first).to_be_visible()
    nearest.first.click()
    expect(page.locator("mark.current").first).to_be_visible()


def test_a_screen_reader_is_told_the_text_and_the_verdict(page: Page) -> None:
    ask(page, DATA_QUESTION)
    live = page.locator(".chat > [aria-live=polite]")
    expect(live).to_contain_text("3.3万个")
    expect(live.locator("p").last).to_have_text("已核实，出处 1 处")


def test_prints_the_conversation_without_its_controls(page: Page) -> None:
    ask(page, DATA_QUESTION)
    page.emulate_media(media="print")
    expect(page.locator(".answer")).to_be_visible()
    for control in (".field", ".actions", ".rail", ".tools"):
        expect(page.locator(control)).to_be_hidden()


def _history(request: Request) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(request.post_data or "")["history"]
    return found
