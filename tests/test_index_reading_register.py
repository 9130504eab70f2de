"""The same article twice is stored once and remembers both sources; ids stay unique."""

from pathlib import Path

import pytest

from index.article import Article
from index.building import add, build
from index.errors import SourceError
from index.found import Repeat
from index.reading import read_sources
from index.reading.register import Register
from index.snapshot import Snapshot
from tests.encoders import HashEncoder

BODY = "云岭县推行“一窗办”改革以来，企业开办时间从三天缩短到半天，群众满意率达到98.6%，办件量同比增长12%。" * 2


def article(title: str = "题", text: str = BODY, source: str = "a.txt", given: str = "") -> Article:
    return Article(given, title, text, source=source)


@pytest.mark.parametrize(
    "other",
    [
        article(source="b.txt"),
        article(title="另一个标题", source="b.txt"),
        article(text=BODY.replace("，", ",\n"), source="b.txt"),
        article(text=BODY.replace("98.6%", "９８．６％"), source="b.txt"),
    ],
)
def test_the_same_words_are_one_article(other: Article) -> None:
    register = Register()
    first = register.admit(article())
    assert isinstance(first, Article)
    assert register.admit(other) == Repeat(first.id, "b.txt")


def test_short_bodies_need_the_same_title() -> None:
    register = Register()
    assert isinstance(register.admit(article("甲", "简讯。")), Article)
    assert isinstance(register.admit(article("乙", "简讯。")), Article)
    assert isinstance(register.admit(article("甲", "简讯。", "b.txt")), Repeat)


def test_clashing_ids() -> None:
    register = Register()
    first, second = register.admit(article()), register.admit(article(text=BODY + "后来又有变化。"))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert second.id == f"{first.id}-2"
    assert isinstance(register.admit(article(text=BODY * 2, given=first.id)), SourceError)


def test_a_snapshot_remembers_both_sources(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(f"云岭改革\n{BODY}\n", encoding="utf-8")
    (tmp_path / "d.txt").write_text(
        "东湖改革\n" + BODY.replace("云岭", "东湖").replace("98.6", "97.1"), encoding="utf-8"
    )
    folder, encoder = tmp_path / "snapshot", HashEncoder()
    report = build(read_sources([tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "c.txt"]), folder, encoder)
    assert (report.articles, report.failures) == (1, ())
    add(read_sources([tmp_path / "d.txt"]), folder, encoder)
    store = Snapshot.open(folder).store
    first = next(store.articles())
    assert store.also_in(first.id).sources == (str(tmp_path / "b.txt"), str(tmp_path / "c.txt"))


def test_near_duplicates_are_linked_both_ways(tmp_path: Path) -> None:
    sentences = [f"第{number}条措施由东山市第{number}局牵头落实到每个乡镇" for number in range(10)]
    one = Article("one", "原文", "。\n".join(sentences) + "。")
    two = Article("two", "转载", "。\n".join(sentences[:9]) + "。\n转载时编者略有删改并加了说明。")
    three = Article("three", "别的", BODY)
    build([one, two, three], tmp_path / "s", HashEncoder())
    store = Snapshot.open(tmp_path / "s").store
    assert store.also_in("one").articles == (("two", "转载", 0.9),)
    assert store.also_in("two").articles == (("one", "原文", 0.9),)
    assert store.also_in("three").articles == ()
