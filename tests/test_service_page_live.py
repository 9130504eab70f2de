"""The chat page while an answer is on its way: streamed, stopped, cut off by a restart of the service."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from eval.served import free_port
from tests.browsing import DATA_QUESTION, NEEDS_CHROMIUM, send_question, serving
from tests.chat import event, hang, raw, told
from tests.loopback import Endpoint
from tests.loopback import serving as loopback

pytestmark = NEEDS_CHROMIUM

FACT = "截至2023年底，浙江省累计开放公共数据集3.3万个。[1]"
HALF = [event(FACT), event("\n比上年增")]
LONG_TASK_MS, SHIFT = 100, 0.05
OBSERVER = """window.tasks = []; window.shifts = [];
new PerformanceObserver(found => tasks.push(...found.getEntries().map(task => task.duration))).observe({type: 'longtask'});
new PerformanceObserver(found => shifts.push(...found.getEntries().filter(shift => !shift.hadRecentInput).map(shift => shift.value)))
    .observe({type: 'layout-shift', buffered: true});"""


@pytest.fixture(scope="module")
def model() -> Iterator[Endpoint]:
    with loopback() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def generative(model: Endpoint) -> dict[str, str]:
    return {"WENCE_COMPOSER": "generative", "WENCE_GENERATOR": model.url, "WENCE_GENERATOR_MODEL": "qwen"}


@pytest.fixture(scope="module")
def live_url(page_snapshot: Path, generative: dict[str, str]) -> Iterator[str]:
    port = free_port()
    with serving(page_snapshot, port, **generative):
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture
def live(context: BrowserContext, live_url: str) -> Page:
    opened = context.new_page()
    opened.goto(live_url)
    return opened


def test_an_answer_streams_in_without_holding_up_or_moving_the_page(live: Page, model: Endpoint) -> None:
    pieces = told("".join(f"第{n}个。" if n % 9 else FACT for n in range(1, 100)), size=1)
    live.evaluate(OBSERVER)
    longest = []
    for turn in range(5):  # the best of five: the machine has other things to do
        model.script.append(raw(pieces, pause_s=0.005))
        live.evaluate("tasks.length = 0")
        send_question(live, DATA_QUESTION)
        writing = live.locator(".reply.writing .answer")
        expect(writing).to_contain_text("3.3万个")
        expect(writing.locator(".marker").first).to_have_text("1")
        expect(live.locator(".badge")).to_have_count(turn + 1, timeout=30_000)
        longest.append(max(live.evaluate("tasks"), default=0))
        if longest[-1] < LONG_TASK_MS:
            break
    assert min(longest) < LONG_TASK_MS
    assert sum(live.evaluate("shifts")) < SHIFT


def test_an_answer_is_stopped_and_asked_again(live: Page, model: Endpoint) -> None:
    model.script.extend([hang(HALF, 5), raw(told(FACT))])
    send_question(live, DATA_QUESTION)
    expect(live.locator(".reply.writing .answer")).to_contain_text("3.3万个")
    live.get_by_role("button", name="停止").click()
    expect(live.locator(".waiting")).to_have_text("已停止")
    expect(live.locator(".answer")).to_contain_text("3.3万个")
    live.get_by_role("button", name="再试一次").click()
    expect(live.locator(".badge")).to_have_text("已核实")
    expect(live.locator(".remarks")).to_contain_text("由模型 qwen 撰写")


def test_a_restart_of_the_service_in_mid_stream_is_ridden_out(
    context: BrowserContext, page_snapshot: Path, model: Endpoint, generative: dict[str, str]
) -> None:
    port = free_port()
    model.script.append(hang(HALF, 5))
    page = context.new_page()
    with serving(page_snapshot, port, **generative) as service:
        page.goto(f"http://127.0.0.1:{port}/")
        send_question(page, DATA_QUESTION)
        expect(page.locator(".reply.writing .answer")).to_contain_text("3.3万个")
        service.kill()
        service.wait()
        expect(page.locator(".waiting")).to_have_text("连接断了，正在重新连接…")
    with serving(page_snapshot, port):
        expect(page.locator(".badge")).to_have_text("已核实", timeout=20_000)
        expect(page.locator(".turn")).to_have_count(1)
        expect(page.locator(".answer")).to_contain_text("3.3万个")


def test_offline_is_said_and_ends(context: BrowserContext, live: Page, model: Endpoint) -> None:
    model.script.append(raw(told(FACT)))
    context.set_offline(True)
    expect(live.locator(".banner")).to_contain_text("没有网络")
    send_question(live, DATA_QUESTION)
    expect(live.locator(".remark")).to_contain_text("没有网络")
    context.set_offline(False)
    expect(live.locator(".banner")).to_have_count(0)
    expect(live.locator(".badge")).to_have_text("已核实", timeout=20_000)
