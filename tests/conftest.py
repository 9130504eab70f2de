"""Shared fixtures: a handful of small articles, the hash encoder, and a snapshot of both."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # no test may fetch a model

import shutil
from pathlib import Path

import pytest

from index.article import Article
from index.building import build
from index.snapshot import Snapshot
from tests.encoders import HashEncoder
from tests.policies import build_policies

pytest_plugins = ["tests.browsing", "tests.loopback"]

ARTICLES = (
    Article(
        id="port",
        title="海港一体化改革三年记",
        text="改革之初\n2021年，东海省把五个港口合为一家，港口集团资产达712亿元，货物吞吐量突破12.6亿吨，居全国首位。\n"
        "改革之后\n通关时间由3天缩短至1天，企业每年少付费用近2.4亿元。集团董事长周海平说，合并不是目的，协同才是目的。",
        authors=("林一舟", "陈望"),
        column="深度",
        issue="改革月刊2024年第3期",
        date="2024-03-15",
        page="12",
        captions=("五港合一示意图",),
        source="port.md",
        metadata={"subtitle": "从分到合"},
    ),
    Article(
        id="care",
        title="长者食堂的一碗饭",
        text="清河县建成长者食堂218家，每日供餐3200余份，七成老人步行15分钟可到。\n"
        "县财政每年补贴1350万元，每餐最多补5元。食堂由社区、企业和志愿者共同运营，亏损时由县慈善总会兜底。",
        authors=("陈望",),
        column="民生",
        issue="改革月刊2024年第4期",
        date="2024-04-20",
        source="care.md",
    ),
    Article(
        id="forest",
        title="一片林子的账本",
        text="云岭林场有林地36.5万亩，森林覆盖率达百分之九十一。\n林场把碳汇卖给三家企业，第一笔收入486万元。"
        "林农户均增收1.2万元，其中工资占三分之一。",
        authors=("何青",),
        column="深度",
        issue="改革月刊2024年第4期",
        date="2024-04-20",
        source="forest.md",
    ),
    Article(id="note", title="编者按", text="", column="卷首", date="2024-05-01", source="note.md"),
    Article(
        id="plain",
        title="没有标点的来稿",
        text="这里没有一个标点符号" * 90,
        authors=("佚名",),
        source="plain.txt",
    ),
)


@pytest.fixture(scope="session")
def articles() -> tuple[Article, ...]:
    return ARTICLES


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of ARTICLES that no test may change."""
    folder = tmp_path_factory.mktemp("shared") / "snapshot"
    build(ARTICLES, folder, HashEncoder())
    return folder


@pytest.fixture(scope="session")
def shared(shared_folder: Path) -> Snapshot:
    return Snapshot.open(shared_folder)


@pytest.fixture(scope="session")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of `tests.policies`, made with the built-in encoder, that no test may change."""
    folder = tmp_path_factory.mktemp("policies") / "snapshot"
    build_policies(folder)
    return folder


@pytest.fixture
def mine(policies: Path, tmp_path: Path) -> Path:
    """A copy of the shared snapshot that a test may change."""
    return shutil.copytree(policies, tmp_path / "mine")
