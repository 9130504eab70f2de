"""A sidecar beside a file says what the file does not, and goes before what it does."""

from pathlib import Path

import pytest

from index.article import Article
from index.errors import SourceError
from tests.reading import items

BODY = "云岭县推行“一窗办”改革以来，企业开办时间从三天缩短到半天。"


def article(*sources: Path) -> Article:
    (found,) = items(*sources)
    assert isinstance(found, Article)
    return found


def test_a_sidecar_fills_and_overrides(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"---\ntitle: 旧题\nauthor: 甲\nkicker: 本刊特稿\n---\n{BODY}", encoding="utf-8")
    (tmp_path / "a.md.yaml").write_text(
        "title: 新题\nissue: 云岭月刊2024年第3期\ndate: 2024-03-01\npages: 4-5\neditor: 丁\n", encoding="utf-8"
    )
    found = article(tmp_path)
    assert (found.title, found.authors, found.issue) == ("新题", ("甲",), "云岭月刊2024年第3期")
    assert (found.date, found.page, found.text) == ("2024-03-01", "4-5", BODY)
    assert found.metadata == {"kicker": "本刊特稿", "editor": "丁"}
    assert found.reference == "甲：《新题》，《云岭月刊2024年第3期》，第4-5页"


def test_a_sidecar_speaks_for_every_article_of_a_file(tmp_path: Path) -> None:
    rows = "\n".join(f'{{"title": "题{n}", "text": "{BODY}{n}", "column": "时政"}}' for n in range(3))
    (tmp_path / "a.jsonl").write_text(rows, encoding="utf-8")
    (tmp_path / "a.jsonl.yaml").write_text("issue: 云岭月刊2024年第3期\ntitle: 不是一篇\n", encoding="utf-8")
    told, *found = items(tmp_path)
    assert isinstance(told, SourceError)
    assert "gives title, but the file holds several articles" in told.reason
    assert [(each.title, each.issue) for each in found if isinstance(each, Article)] == [
        (f"题{n}", "云岭月刊2024年第3期") for n in range(3)
    ]


@pytest.mark.parametrize("sidecar", ["- 1\n", "{", "plain", "\ufffd: [", "date: 三月"])
def test_a_broken_sidecar_is_named_and_loses_nothing(tmp_path: Path, sidecar: str) -> None:
    (tmp_path / "a.txt").write_text(f"题\n\n{BODY}", encoding="utf-8")
    (tmp_path / "a.txt.yaml").write_text(sidecar, encoding="utf-8")
    found = list(items(tmp_path))
    errors = [each for each in found if isinstance(each, SourceError)]
    assert [error.source for error in errors] == [str(tmp_path / "a.txt.yaml")]
    assert [each.title for each in found if isinstance(each, Article)] == ["题"]
