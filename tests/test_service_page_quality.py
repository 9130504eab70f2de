"""Every view of the page in both themes: no barrier that axe-core knows, pictures at three widths, weights and times."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from eval.screenshot import ask
from tests.browsing import AXE, CONFLICT_QUESTION, DATA_QUESTION, NEEDS_CHROMIUM, PICTURES, barriers, send_question
from tests.doubtful import DOUBTFUL, answering_with

pytestmark = NEEDS_CHROMIUM

WIDTHS = (320, 768, 1280)
FIRST_PAINT_MS, PAGE_BYTES, SHIFT = 500, 150_000, 0.01
# Resolves to when the page was first painted, in milliseconds; a paint may be told a frame after what it shows is there.
FIRST_PAINT = """new Promise(painted => new PerformanceObserver(found =>
    found.getEntriesByName("first-contentful-paint").forEach(paint => painted(paint.startTime))
).observe({type: "paint", buffered: true}))"""
REFUSED = "2031年火星基地的预算是多少亿元？"


def _welcome(page: Page) -> None:
    page.locator(".suggestions button").first.wait_for()


def _answered(page: Page) -> None:
    ask(page, DATA_QUESTION)


def _quoted(page: Page) -> None:
    ask(page, DATA_QUESTION)
    page.locator(".answer .marker").hover()
    page.locator(".preview").wait_for()


def _opened(page: Page) -> None:
    ask(page, DATA_QUESTION)
    page.locator(".answer .marker").click()
    page.locator("mark.current").wait_for()


def _refused(page: Page) -> None:
    ask(page, REFUSED)


def _conflict(page: Page) -> None:
    ask(page, CONFLICT_QUESTION)


def _doubtful(page: Page) -> None:
    answering_with(page, DOUBTFUL)
    ask(page, DOUBTFUL.question)


def _reconnecting(page: Page) -> None:
    page.route("**/v1/ask", lambda route: route.abort())
    send_question(page, DATA_QUESTION)
    page.locator(".reply.reconnecting").wait_for()


def _articles(page: Page) -> None:
    page.get_by_role("link", name="文章").click()
    page.locator(".cards button").first.wait_for()


def _figures(page: Page) -> None:
    page.get_by_role("link", name="数据").click()
    page.locator("td").first.wait_for()


def _bars(page: Page) -> None:
    _figures(page)
    page.get_by_role("button", name="图").click()
    page.locator(".plot").first.wait_for()


def _reforms(page: Page) -> None:
    page.get_by_role("link", name="改革").click()
    page.locator(".reforms a").first.wait_for()


def _dossier(page: Page) -> None:
    _reforms(page)
    page.locator(".reforms a").first.click()
    page.locator(".dossier dd").first.wait_for()


def _english(page: Page) -> None:
    ask(page, DATA_QUESTION)
    page.get_by_role("button", name="English").click()


VIEWS: dict[str, Callable[[Page], None]] = {
    view.__name__.strip("_"): view
    for view in (
        _welcome, _answered, _quoted, _opened, _refused, _conflict, _doubtful, _reconnecting, _articles, _figures, _bars, _reforms,
        _dossier, _english,
    )
}  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_has_no_barrier_and_fits(browser: Browser, served_url: str, view: str, theme: str) -> None:
    scheme: dict[str, str] = {"color_scheme": theme}
    page = browser.new_page(viewport={"width": WIDTHS[-1], "height": 800}, locale="zh-CN", **scheme)  # type: ignore[arg-type]
    page.set_default_timeout(10_000)
    page.goto(served_url)
    VIEWS[view](page)
    violations = barriers(page) if theme == "light" else []
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=PICTURES / f"{view}-{width}-{theme}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        violations += barriers(page) if theme == "dark" and width == WIDTHS[0] else []
    page.close()
    if not AXE.exists():
        pytest.skip("no axe-core in service/web/source/node_modules; `make web` brings it where npm is")
    assert violations == []


def test_the_page_is_light_quick_and_stays_where_it_is(browser: Browser, served_url: str) -> None:
    paints: list[float] = []
    # Again where it was slow, a few times: the machine has other things to do.
    while len(paints) < 5 and min(paints, default=FIRST_PAINT_MS) >= FIRST_PAINT_MS:
        page = browser.new_page(locale="zh-CN")
        page.add_init_script(
            "window.shifts = []; new PerformanceObserver(found => shifts.push(...found.getEntries().map(shift => shift.value)))"
            ".observe({type: 'layout-shift', buffered: true})"
        )
        page.goto(served_url)
        page.locator(".suggestions button").first.wait_for()
        paints.append(page.evaluate(FIRST_PAINT))
        loaded = page.evaluate("performance.getEntries().map(entry => entry.encodedBodySize ?? 0)")
        assert sum(loaded) < PAGE_BYTES
        assert sum(page.evaluate("shifts")) < SHIFT
        page.close()
    assert min(paints) < FIRST_PAINT_MS
