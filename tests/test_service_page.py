"""The chat page in a real browser, against a real service over a snapshot built here."""

import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from eval.screenshot import ask
from tests.browsing import DATA, DATA_QUESTION, FERRY, NEEDS_CHROMIUM, ROOT, SNIPPET, wence

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


def test_an_error_shows_the_message_of_the_service(page: Page) -> None:
    with page.expect_response("**/v1/ask") as refused:
        ask(page, "问" * 2001)
    assert refused.value.status == 422
    expect(page.locator(".turn .error")).to_have_text(refused.value.json()["error"]["message"])
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
    expect(page.locator(".pane .note")).to_contain_text("ferry")
    expect(page.locator(".pane blockquote")).to_have_text(FERRY)


def _history(request: Request) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(request.post_data or "")["history"]
    return found
