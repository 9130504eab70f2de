"""A real browser before a real service over a small collection of its own, for the tests of the page and the widget."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from eval.screenshot import CHROMIUM, chromium
from eval.served import free_port

ROOT = Path(__file__).parent.parent
START_S = 60
PICTURES = ROOT / "artefacts/page"
"""Where the tests leave a picture of every view."""

AXE = ROOT / "service/web/source/node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}; `apt-get install chromium` brings it"
    ),
]

DATA = "截至2023年底，浙江省累计开放公共数据集3.3万个，比上年增加6200个。"
DATA_QUESTION = "截至2023年底，浙江累计开放了多少个公共数据集？"
CONFLICT_QUESTION = "东海港2023年货物吞吐量是多少？"
SNIPPET = '<img src=x onerror="document.title=1"><b>龙泉青瓷</b>'
GLAZE = f"龙泉青瓷研究院的院训写作“{SNIPPET}”，院训共有12个字。"
FERRY = "舟山轮渡站2022年安全运送旅客415万人次。"
REFORM = "2021年6月，东海省启动“一港通”改革。“一港通”改革是指把五个港口合为一家。"
_FILLER = [f"第{n}天的工作简报记录了会议安排、来访接待和材料归档等日常事务，各处室按分工办理。" for n in range(1, 41)]
_DATA_TEXT = ["开放数据🚄🚄🚄", *_FILLER[:20], f"数据是新的生产要素𠮷。{DATA}各地还在扩大试点。", *_FILLER[20:]]
ARTICLES: list[dict[str, object]] = [
    {
        "id": "data-1",
        "title": "浙江公共数据开放",
        "text": "\n".join(_DATA_TEXT),
        "authors": ["王海", "李江"],
        "column": "本期关注",
        "issue": "今日浙江2024年第12期",
        "page": "18",
    },
    {
        "id": "glaze",
        "title": "<i>院训</i>的来历",
        "text": f"龙泉的瓷土细白。\n{GLAZE}\n学徒每天诵读院训。",
        "authors": ["<script>document.title='2'</script>"],
        "column": "<b>栏目</b>",
        "captions": ["<svg onload=\"document.title='3'\">"],
        "page": "7",
    },
    {
        "id": "harbour",
        "title": "东海港的五年",
        "text": f"港口变化大。\n{REFORM}\n2021年，东海港货物吞吐量达到11.2亿吨。\n2022年，东海港货物吞吐量达到11.8亿吨。\n"
        "2023年，东海港货物吞吐量达到12.6亿吨。",
        "date": "2024-03-15",
    },
    {
        "id": "harbour-again",
        "title": "东海港年报",
        "text": "年报讲了一年的工作。\n2023年，东海港货物吞吐量达到13.1亿吨。",
        "date": "2024-04-20",
    },
    {"id": "ferry", "title": "轮渡站的一年", "text": f"海岛离不开船。\n{FERRY}\n冬季航班有所减少。"},
]


def wence(*words: str) -> list[str]:
    """The command line of `wence`, run by this Python."""
    return [sys.executable, "-m", "service.cli", *words]


def build(folder: Path, articles: list[dict[str, object]]) -> Path:
    """A snapshot of these articles under a folder."""
    source = folder / "articles.jsonl"
    source.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in articles), encoding="utf-8")
    subprocess.run(wence("build", str(source), "--snapshot", str(folder / "snapshot")), cwd=ROOT, check=True)
    return folder / "snapshot"


@contextmanager
def serving(snapshot: Path, port: int, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A service over a snapshot, ready; its settings are these alone."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("WENCE_")}
    words = wence("serve", "--port", str(port), "--snapshot", str(snapshot))
    with subprocess.Popen(words, cwd=ROOT, env=surroundings | settings) as service:
        try:
            _wait_for(f"http://127.0.0.1:{port}/readyz", service)
            yield service
        finally:
            service.terminate()


def _wait_for(url: str, service: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        assert service.poll() is None, "the service has stopped; its own message is above"
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{url} did not answer within {START_S} s")


@pytest.fixture(scope="session")
def page_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("page"), ARTICLES)


@pytest.fixture(scope="session")
def served_url(page_snapshot: Path) -> Iterator[str]:
    """Base URL of a service over the snapshot, with a slash at its end."""
    port = free_port()
    with serving(page_snapshot, port):
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 720}, locale="zh-CN")
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, served_url: str) -> Page:
    opened = context.new_page()
    opened.goto(served_url)
    return opened


def send_question(page: Page, question: str) -> None:
    """Type a question and send it; the answer is not waited for."""
    page.get_by_label("问题").fill(question)
    page.get_by_label("问题").press("Enter")


def barriers(page: Page) -> list[str]:
    """What axe-core finds wrong, each with the element it finds it in."""
    if not AXE.exists():
        return []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", _RULES)
    assert len(found["passes"]) > 10
    return [f"{item['id']}: {node['html'][:150]}" for item in found["violations"] for node in item["nodes"]]
