"""A running service and a question in, a picture of the chat page with its answer and the cited source out.

python -m eval.screenshot http://127.0.0.1:8000/ docs/chat-page.png --question 浙江有多少家“共富工坊”？

Needs Chromium and the `dev` extra (Playwright). Knows the page as a person does: it types, waits, and clicks the first marker.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
TIMEOUT_S = 20


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


def take(given: argparse.Namespace) -> None:
    """The picture that the arguments of `main` describe, written to a file."""
    with chromium(given.chromium) as browser:
        page = browser.new_page(
            viewport={"width": given.width, "height": given.height},
            color_scheme="dark" if given.dark else "light",
            locale="zh-CN",
        )
        page.set_default_timeout(TIMEOUT_S * 1000)
        page.goto(given.url)
        page.locator(".suggestions button").first.wait_for()
        for question in given.question:
            ask(page, question)
        marker = page.locator(".turn").last.locator(".answer .marker").first
        if given.question and given.source and marker.count():
            marker.click()
            page.locator("mark.current").first.wait_for()
        page.evaluate("document.activeElement?.blur()")
        given.picture.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=given.picture)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.screenshot", description="take a picture of the chat page")
    parser.add_argument("url")
    parser.add_argument("picture", type=Path)
    parser.add_argument("--question", action="append", default=[], help="asked in turn; none shows the first page")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=800)
    parser.add_argument("--dark", action="store_true", help="as a person who prefers a dark page sees it")
    parser.add_argument("--no-source", dest="source", action="store_false", help="leave the cited article closed")
    parser.add_argument("--chromium", type=Path, default=CHROMIUM)
    given = parser.parse_args()
    try:
        take(given)
    except Error as error:
        parser.exit(2, f"{parser.prog}: {error.message.splitlines()[0]}; is {given.url} serving?\n")


if __name__ == "__main__":
    main()
