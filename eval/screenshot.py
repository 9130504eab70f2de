"""A running service in, pictures of its page for the README out: an answer beside its source, figures, a reform, the
widget, a phone.

python -m eval.screenshot http://127.0.0.1:8000/ docs

Needs Chromium and the `dev` extra (Playwright). Knows the page as a person does: it types, waits, and clicks.
"""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Error, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
TIMEOUT_S = 20
_NEWSPAPER = """<!doctype html><html lang="zh-CN"><title>日报</title><style>body { font: 18px/1.9 serif; margin: 3rem 34rem 3rem 4rem }</style>
<h1>按数据给企业供地</h1><p>读者想知道这项改革做到了哪一步，可以在右边直接问。</p><script src="widget.js" data-theme="light" defer></script>"""


@contextmanager
def chromium(executable: Path = CHROMIUM) -> Iterator[Browser]:
    """A headless Chromium that calls nobody by itself."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def ask(page: Page, question: str) -> None:
    """Type a question, send it with Enter and wait for its answer, refusal or error."""
    turns = page.locator(".turn").count()
    page.get_by_label("问题").fill(question)
    page.get_by_label("问题").press("Enter")
    page.locator(".turn").nth(turns).locator(".badge, .error").wait_for()


def _answer(page: Page, questions: list[str]) -> None:
    for question in questions:
        ask(page, question)
    marker = page.locator(".answer .marker").first
    if marker.count():
        marker.click()
        page.locator("mark.current").first.wait_for()


def _figures(page: Page, _: list[str]) -> None:
    page.get_by_role("link", name="数据").click()
    page.get_by_role("button", name="时间").click()
    page.locator("[aria-sort=descending]").wait_for()
    page.wait_for_load_state("networkidle")


def _reform(page: Page, _: list[str]) -> None:
    page.get_by_role("link", name="改革").click()
    page.locator(".reforms a").first.click()
    page.locator(".dossier dd").first.wait_for()


def _phone(page: Page, questions: list[str]) -> None:
    ask(page, questions[0])


def _widget(page: Page, questions: list[str]) -> None:
    """The widget on a page of its own, which stands in for somebody else's site."""
    address = f"{page.url}newspaper"
    page.route(address, lambda route: route.fulfill(body=_NEWSPAPER, content_type="text/html; charset=utf-8"))
    page.goto(address)
    page.locator(".launcher").click()
    ask(page, questions[0])


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: the view it shows, how wide and high, in which theme."""

    name: str
    view: Callable[[Page, list[str]], None]
    width: int = 1280
    height: int = 800
    theme: Literal["light", "dark"] = "light"


PICTURES = (
    Picture("chat-page", _answer),
    Picture("figures", _figures, theme="dark"),
    Picture("reform", _reform),
    Picture("widget", _widget, height=640),
    Picture("phone", _phone, width=390, height=760),
)


def take(picture: Picture, browser: Browser, url: str, folder: Path, questions: list[str]) -> None:
    """Take one picture."""
    page = browser.new_page(
        viewport={"width": picture.width, "height": picture.height}, color_scheme=picture.theme, locale="zh-CN"
    )
    page.set_default_timeout(TIMEOUT_S * 1000)
    page.goto(url)
    page.locator(".suggestions button").first.wait_for()
    picture.view(page, questions)
    page.evaluate("document.activeElement?.blur()")
    page.screenshot(path=folder / f"{picture.name}.png")
    page.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.screenshot", description="take the pictures of the README")
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--question",
        action="append",
        help="asked in turn (温州“数据得地”累计给多少家企业供了多少亩地？ and 深圳市有多少家企业综合服务中心)",
    )
    parser.add_argument("--chromium", type=Path, default=CHROMIUM)
    given = parser.parse_args()
    questions = given.question or ["温州“数据得地”累计给多少家企业供了多少亩地？", "深圳市有多少家企业综合服务中心"]
    given.folder.mkdir(parents=True, exist_ok=True)
    try:
        with chromium(given.chromium) as browser:
            for picture in PICTURES:
                take(picture, browser, given.url, given.folder, questions)
    except Error as error:
        parser.exit(2, f"{parser.prog}: {error.message.splitlines()[0]}; is {given.url} serving?\n")


if __name__ == "__main__":
    main()
