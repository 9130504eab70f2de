"""The widget in a real browser, on pages of other origins than the service, under a strict content security policy."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from eval.served import free_port
from tests.browsing import (
    DATA,
    DATA_QUESTION,
    NEEDS_CHROMIUM,
    PICTURES,
    ROOT,
    barriers,
    send_question,
    serving,
    wence,
)

pytestmark = NEEDS_CHROMIUM


@contextmanager
def newspaper() -> Iterator[tuple[str, dict[str, str]]]:
    """A site of its own: its origin, and its pages by their path, which may be changed. Scripts and calls are allowed to and
    from the service alone, and no style at all.
    """
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            service = pages["service"]
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header(
                "Content-Security-Policy", f"default-src 'none'; script-src {service}; connect-src {service}"
            )
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", pages
        server.shutdown()


@pytest.fixture(scope="module")
def service(page_snapshot: Path) -> Iterator[str]:
    """A service that wants keys."""
    port = free_port()
    with serving(page_snapshot, port, WENCE_KEYS="on"):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def allowed(service: str, page_snapshot: Path) -> Iterator[str]:
    """The address of a page with the widget and a token for its origin."""
    with newspaper() as (origin, pages):
        pages["service"] = service
        pages["token"] = key(page_snapshot, "--origin", origin, "--per-day", "1000")
        pages["/"] = html(service, f'data-token="{pages["token"]}" data-theme="light" data-language="zh"')
        pages["/inline"] = (
            html(service, "") + f'<wence-chat inline token="{pages["token"]}" language="en"></wence-chat>'
        )
        yield origin


@pytest.fixture
def token(context: BrowserContext, allowed: str) -> str:
    page = context.new_page()
    page.goto(allowed)
    return page.locator("script").get_attribute("data-token") or ""


def key(snapshot: Path, *limits: str) -> str:
    """A new key for questions."""
    words = wence("keys", "create", "daily", "--scope", "ask", *limits, "--snapshot", str(snapshot))
    return subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()[0]


def html(service: str, attributes: str) -> str:
    return (
        '<!doctype html><html lang="zh-CN"><head><title>日报</title></head><body><main><h1>日报</h1><p>正文</p></main>'
        f'<script src="{service}/widget.js" {attributes} defer></script></body></html>'
    )


def _complaints(page: Page) -> list[str]:
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_one_script_tag_brings_answers_and_their_sources(context: BrowserContext, allowed: str) -> None:
    page = context.new_page()
    complaints = _complaints(page)
    page.goto(allowed)
    page.get_by_role("button", name="向政策文章提问").click()
    expect(page.get_by_label("问题")).to_be_focused()
    send_question(page, DATA_QUESTION)
    expect(page.locator(".badge")).to_have_text("已核实")
    expect(page.locator(".figure.exact").filter(has_text="3.3万个")).to_have_count(1)
    with page.expect_response("**/v1/feedback") as kept:
        page.get_by_role("button", name="有用").click()
    assert kept.value.status == 201
    page.locator(".answer .marker").hover()
    expect(page.get_by_role("tooltip")).to_contain_text(DATA)
    page.locator(".answer .marker").click()
    expect(page.locator("mark.current")).to_have_text(DATA)
    expect(page.locator("mark.current")).to_be_in_viewport(ratio=1)
    expect(page.locator(".reference")).to_contain_text("王海、李江")
    page.keyboard.press("Escape")
    expect(page.locator(".answer .marker")).to_be_focused()
    with page.expect_request("**/v1/ask") as sent:
        send_question(page, "比上年增加了多少个？")
    assert DATA_QUESTION in (sent.value.post_data or "")
    expect(page.locator(".badge")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="向政策文章提问")).to_be_focused()
    assert complaints == []


def test_a_site_without_permission_is_told_so(context: BrowserContext, allowed: str, service: str, token: str) -> None:
    with newspaper() as (origin, pages):
        pages["service"] = service
        pages["/"] = html(service, f'data-token="{token}"')
        page = context.new_page()
        page.goto(origin)
        page.get_by_role("button", name="向政策文章提问").click()
        send_question(page, DATA_QUESTION)
        expect(page.locator(".error")).to_contain_text(f"{origin} 没有获准")
        expect(page.locator(".answer")).to_have_count(0)


def test_the_token_opens_nothing_else(context: BrowserContext, allowed: str, service: str, token: str) -> None:
    page = context.new_page()
    page.goto(allowed)
    status = """async ([url, token, method]) => {
        const headers = {Authorization: `Bearer ${token}`};
        return (await fetch(url, {method, headers}).catch(() => ({status: 'blocked'}))).status;
    }"""
    assert page.evaluate(status, [f"{service}/v1/articles/data-1", token, "GET"]) == 200
    assert page.evaluate(status, [f"{service}/v1/articles/data-1", token, "DELETE"]) == 403
    assert page.evaluate(status, [f"{service}/v1/figures", token, "GET"]) == 403
    assert page.evaluate(status, [f"{service}/v1/articles/data-1", "wrong", "GET"]) == "blocked"


def test_sits_in_the_page_in_english_where_it_is_put(context: BrowserContext, allowed: str) -> None:
    page = context.new_page()
    page.goto(f"{allowed}/inline")
    expect(page.locator("wence-chat")).to_have_count(1)
    page.get_by_label("Question").fill(DATA_QUESTION)
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".badge")).to_have_text("Verified")


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (1280, "light"), (1280, "dark")])
def test_has_no_barrier_and_fits(context: BrowserContext, allowed: str, width: int, theme: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(allowed)
    page.locator("wence-chat").evaluate("(element, theme) => element.setAttribute('theme', theme)", theme)
    page.get_by_role("button", name="向政策文章提问").click()
    send_question(page, DATA_QUESTION)
    expect(page.locator(".badge")).to_be_visible()
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"widget-{width}-{theme}.png")
    assert page.locator(".panel").evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    assert page.locator(".panel").bounding_box() == (
        {"x": 0, "y": 0, "width": 320, "height": 700}
        if width == 320
        else {"x": 828, "y": 20, "width": 432, "height": 660}
    )
    assert barriers(page) == []


def test_the_style_of_the_page_stays_outside(context: BrowserContext, allowed: str) -> None:
    page = context.new_page()
    page.goto(allowed)
    page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync('html { font-size: 62.5%; color: red } button { background: lime; font-size: 40px } * { margin: 9px }');
        document.adoptedStyleSheets = [sheet]; }"""
    )
    launcher = page.get_by_role("button", name="向政策文章提问")
    style = launcher.evaluate(
        "b => { const s = getComputedStyle(b); return [s.fontSize, s.margin, s.backgroundColor] }"
    )
    assert style == ["16px", "0px", "rgb(163, 49, 42)"]


def test_the_chat_page_asks_for_a_key_where_one_is_needed(
    context: BrowserContext, service: str, page_snapshot: Path
) -> None:
    page = context.new_page()
    page.goto(service)
    send_question(page, DATA_QUESTION)
    expect(page.locator(".error")).to_have_text("这个服务要有密钥才能用。")
    page.get_by_label("这个服务要有密钥才能用，请填写").fill(key(page_snapshot))
    page.get_by_role("button", name="确定").click()
    expect(page.locator(".badge")).to_have_text("已核实")
    expect(page.locator(".key")).to_have_count(0)
    page.reload()
    page.get_by_role("link", name="数据").click()
    expect(page.locator("td").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 CSV").click()
    assert download.value.suggested_filename == "figures.csv"
