import gc
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from index.article import Article
from index.errors import SnapshotError, UnknownArticleError
from index.passage import Passage, split
from index.store import Filters, Store
from index.store_writer import StoreWriter

NASTY = (
    Article("nul", "空\0字符", "前\0后。" * 120),
    Article("emoji", "😀𠮷", "😀𠮷e\u0301。" * 100, metadata={"键": "值", "😀": "\0"}),
    Article(
        "quote'\";--",
        "'\"%_",
        "单'引\"号。\n标题\n反\\斜杠，后面还有一句话凑到三十二个字以上才算正文，所以再写几个字。",
    ),
    Article("empty", "", ""),
)


def _store(folder: Path, articles: Sequence[Article]) -> tuple[Store, list[Passage]]:
    writer = StoreWriter(folder / "store.sqlite")
    passages: list[Passage] = []
    for article in articles:
        writer.add(article, split(article))
        passages += split(article)
    writer.close()
    return Store(folder / "store.sqlite"), passages


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, articles: tuple[Article, ...]) -> Store:
    return _store(tmp_path_factory.mktemp("库 #1?"), articles)[0]


def test_articles_come_back_as_they_were(tmp_path: Path, articles: tuple[Article, ...]) -> None:
    every = (*articles, *NASTY)
    store, passages = _store(tmp_path, every)
    assert (store.article_count, store.passage_count) == (len(every), len(passages))
    assert tuple(store.articles()) == every
    for article in every:
        assert store.article(article.id) == article


def test_passages_come_back_in_the_order_asked_for(tmp_path: Path, articles: tuple[Article, ...]) -> None:
    store, passages = _store(tmp_path, (*articles, *NASTY))
    assert store.passages(range(len(passages))) == passages
    assert store.passages([5, 0, 5]) == [passages[5], passages[0], passages[5]]
    assert store.passages([]) == []
    assert store.passages([1] * 40_000) == [passages[1]] * 40_000
    for passage in passages:
        assert store.article(passage.article_id).text[passage.start : passage.end] == passage.text


def test_rows_follow_the_articles(store: Store, articles: tuple[Article, ...]) -> None:
    end = 0
    for article in articles:
        first, stop = store.rows_of(article.id)
        assert first == end < stop
        assert {passage.article_id for passage in store.passages(range(first, stop))} == {article.id}
        assert store.rows_by_content()[article.content_hash] == (first, stop)
        end = stop
    assert end == store.passage_count


@pytest.mark.parametrize("unknown", ["", "nobody", "PORT", "port ", "' OR 1=1 --", "\ud800", "\0"])
def test_unknown_ids_are_named(store: Store, unknown: str) -> None:
    for ask in (store.article, store.rows_of):
        with pytest.raises(UnknownArticleError) as caught:
            ask(unknown)
        assert caught.value.article_id == unknown


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(), ["port", "care", "forest", "note", "plain"]),
        (Filters(articles=("forest", "port", "nobody")), ["port", "forest"]),
        (Filters(columns=("深度",)), ["port", "forest"]),
        (Filters(columns=("深度", "民生")), ["port", "care", "forest"]),
        (Filters(authors=("陈望",)), ["port", "care"]),
        (Filters(authors=("陈望", "何青")), ["port", "care", "forest"]),
        (Filters(authors=("陈",)), []),
        (Filters(issues=("改革月刊2024年第4期",)), ["care", "forest"]),
        (Filters(date_from="2024-04-20"), ["care", "forest", "note"]),
        (Filters(date_to="2024-04-20"), ["port", "care", "forest"]),
        (Filters(date_from="2024-04-01", date_to="2024-04-30"), ["care", "forest"]),
        (Filters(columns=("深度",), authors=("陈望",)), ["port"]),
        (Filters(columns=("' OR 1=1 --",)), []),
        (Filters(authors=("\ud800", "何青")), ["forest"]),
        (Filters(articles=tuple(map(str, range(300_000)))), []),
    ],
)
def test_filters(store: Store, filters: Filters, ids: list[str]) -> None:
    assert [article_id for article_id, _, _ in store.matching(filters)] == ids
    for article_id, first, end in store.matching(filters):
        assert store.rows_of(article_id) == (first, end)


def test_empty_filters_are_false() -> None:
    assert not Filters()
    assert Filters(date_to="2024-01-01")


def test_threads_share_a_store(store: Store, articles: tuple[Article, ...]) -> None:
    wrong: list[object] = []

    def read() -> None:
        for _ in range(30):
            if tuple(store.articles()) != articles:
                wrong.append(1)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("content", [None, b"", b"not sqlite at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_broken_store_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SnapshotError, match=r"broken\.sqlite.*wence build"):
        Store(path)


def test_a_connection_ends_with_its_thread(tmp_path: Path, articles: tuple[Article, ...]) -> None:
    store, _ = _store(tmp_path, articles)
    before = _opened(tmp_path)
    seen: list[int] = []

    def read() -> None:
        assert store.article(articles[0].id) == articles[0]
        seen.append(_opened(tmp_path))

    gc.disable()
    try:
        for _ in range(3):
            thread = threading.Thread(target=read)
            thread.start()
            thread.join()
        assert (seen, _opened(tmp_path)) == ([before + 1] * 3, before)
    finally:
        gc.enable()


def _opened(folder: Path) -> int:
    """How often this process has the store open."""
    found = 0
    for file in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found += file.readlink() == folder / "store.sqlite"
    return found
