"""What is derived from the articles of a draft is the same whether it is made here or in a process beside."""

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from index.article import Article
from index.derived import written
from index.passage import split
from index.store_writer import StoreWriter

ARTICLES = [Article(f"a{n}", f"第{n}篇", f"这是第{n}篇文章。") for n in range(3)]


class Titles:
    """Writes the titles, and the process that wrote them."""

    def write(self, draft: Path, articles: Iterable[Article], before: Path | None) -> None:
        lines = [article.title for article in articles]
        if before:
            raise ValueError("nothing can be taken over")
        (draft / "titles").write_text("\n".join(lines), encoding="utf-8")
        (draft / "process").write_text(str(os.getpid()), encoding="utf-8")

    def change(self, draft: Path, before: Path, put: Sequence[Article], gone: Collection[str]) -> None:
        raise NotImplementedError

    def faults(self, version: Path, articles: Iterable[Article]) -> Iterator[str]:
        yield from ()


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    store = StoreWriter(tmp_path / "store.sqlite")
    for article in ARTICLES:
        store.add(article, split(article))
    store.save()
    store.abandon()
    return tmp_path


@pytest.mark.parametrize("many", [1, 4])
def test_files_are_there_after_the_block(draft: Path, many: int) -> None:
    with written([Titles()], draft, None, len(ARTICLES), many):
        (draft / "meanwhile").touch()
    assert (draft / "titles").read_text(encoding="utf-8") == "第0篇\n第1篇\n第2篇"
    beside = int((draft / "process").read_text(encoding="utf-8")) != os.getpid()
    assert beside == (len(ARTICLES) >= many)


@pytest.mark.parametrize("many", [1, 4])
def test_what_goes_wrong_is_raised_here(draft: Path, many: int) -> None:
    with pytest.raises(ValueError, match="taken over"), written([Titles()], draft, draft, len(ARTICLES), many):
        pass


def test_a_block_that_fails_ends_it(draft: Path) -> None:
    with pytest.raises(KeyError), written([Titles()], draft, None, len(ARTICLES), 1):
        raise KeyError
    assert not (draft / "titles").exists()
