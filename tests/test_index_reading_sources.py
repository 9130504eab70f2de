"""index.reading.sources and .files: which files are read, what is said of those that are not, and unique ids."""

import json
import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article, article_id
from index.errors import SourceError
from index.reading import MAX_FILE_BYTES
from tests.reading import items

BODY = "各县把办事窗口并到一处，来办事的人少跑了路。"


def line(**fields: object) -> str:
    return json.dumps({"title": "窗口并到一处", "text": BODY, **fields}, ensure_ascii=False)


def articles(*sources: str | Path) -> list[Article]:
    read = list(items(*sources))
    assert not [each for each in read if isinstance(each, SourceError)]
    return [each for each in read if isinstance(each, Article)]


def error(source: str | Path) -> SourceError:
    (read,) = items(source)
    assert isinstance(read, SourceError)
    return read


def test_a_folder_is_read_in_order_without_hidden_files_and_readmes(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b/2.txt", "a.txt", "c.md", ".hidden.txt", ".git/x.txt", "README.md", "LICENSE.txt", "readme.txt"):
        (tmp_path / name).write_text(f"篇名{name}\n\n{BODY}{name}", encoding="utf-8")
    read = articles(tmp_path)
    assert [Path(article.source).name for article in read] == ["a.txt", "2.txt", "c.md"]


def test_globs_and_files_name_the_same_file_once(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.md"):
        (tmp_path / name).write_text(f"篇名{name}\n\n{BODY}{name}", encoding="utf-8")
    read = articles(str(tmp_path / "*.txt"), tmp_path / "a.txt", tmp_path)
    assert [Path(article.source).name for article in read] == ["a.txt", "b.txt", "c.md"]


def test_a_readme_named_itself_is_read(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"# 说明\n\n{BODY}", encoding="utf-8")
    assert [article.title for article in articles(tmp_path / "README.md")] == ["说明"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text(f"外面\n\n{BODY}", encoding="utf-8")
    (inside / "a.txt").write_text(f"里面\n\n{BODY}", encoding="utf-8")
    (inside / "link.txt").symlink_to(outside / "secret.txt")
    (inside / "folder").symlink_to(outside)
    assert [article.title for article in articles(inside)] == ["里面"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.txt", b"", "is empty"),
        ("unseen.txt", "\u200b\n\ufeff\u2060\n".encode(), "is empty"),
        ("blank.txt", b" \n\t\n", "is empty"),
        ("nul.txt", b"abc\0def", "binary"),
        ("control.txt", b"\x01\x02\x03\x04\x05abc", "binary"),
        ("broken.txt", "很好".encode() + b"\xff\xff\xff\xff" + b"\x81", "save it as UTF-8"),
        ("sheet.xlsx", b"PK", "not read (.xlsx)"),
        ("noextension", b"abc", "no extension"),
        ("bad.md", b"---\ntitle: [x\n---\n# a\nb", "not YAML"),
        ("bad.jsonl", b"{\n", "line 1: is not JSON"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    told = error(tmp_path / name)
    assert reason in told.reason
    assert told.source == str(tmp_path / name)
    assert ";" in told.reason  # why; what to do


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("missing.txt", "does not exist"),
        ("*.none", "matches no file"),
        ("nothing", "holds no documents"),
        ("x" * 5000, "cannot be looked at|does not exist"),
        ("a\0b", "cannot be looked at|does not exist"),
    ],
)
def test_what_is_not_there_says_so(tmp_path: Path, source: str, reason: str) -> None:
    (tmp_path / "nothing").mkdir()
    assert re.search(reason, error(str(tmp_path / source)).reason)


def test_a_pipe_is_no_document(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "no regular file" in error(tmp_path / "pipe.txt").reason


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    assert "too large (64 MB, more than 64 MB)" in error(tmp_path / "large.txt").reason


def test_one_bad_file_or_line_loses_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\0")
    (tmp_path / "b.jsonl").write_text(f"{line(id='b1')}\n[1]\n\n{line(title='二')}\n", encoding="utf-8")
    (tmp_path / "c.txt").write_text(f"三\n\n{BODY}", encoding="utf-8")
    read = list(items(tmp_path))
    assert [each.title if isinstance(each, Article) else str(getattr(each, "reason", each))[:20] for each in read] == [
        "holds NUL bytes, so ",
        "窗口并到一处",
        "line 2: is no JSON o",
        "二",
        "三",
    ]


def test_made_ids_come_from_the_name_and_clashes_get_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(line(text=f"{BODY}{n}") for n in range(3)), encoding="utf-8")
    made = article_id("窗口并到一处")
    assert [article.id for article in articles(tmp_path)] == [made, f"{made}-2", f"{made}-3"]


def test_the_very_same_article_comes_once(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f"{line()}\n{line()}", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(line(), encoding="utf-8")
    assert len(articles(tmp_path)) == 1


def test_a_given_id_is_kept_and_must_be_unique(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        f"{line(id='x')}\n{line(id='x', text='别的。')}\n{line(id='y', title='又')}", encoding="utf-8"
    )
    first, second, third = items(tmp_path)
    assert isinstance(first, Article)
    assert isinstance(third, Article)
    assert (first.id, third.id) == ("x", "y")
    assert isinstance(second, SourceError)
    assert "gives the id 'x', which another article has" in second.reason


@pytest.mark.parametrize("bad", ["", "a b", "a/b", "a\\b", "a\nb", "a\x07", "x" * 129, 1.5, True, ["a"]])
def test_a_bad_id_is_an_error(tmp_path: Path, bad: object) -> None:
    (tmp_path / "a.jsonl").write_text(line(id=bad), encoding="utf-8")
    assert 'line 1: "id" must be' in error(tmp_path / "a.jsonl").reason


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    for n in range(3):
        (tmp_path / f"{n}.txt").write_text(f"篇{n}\n\n{BODY}{n}", encoding="utf-8")
    stream = items(tmp_path)
    next(stream)
    (tmp_path / "1.txt").unlink()
    told = next(stream)
    assert isinstance(told, SourceError)
    assert "cannot be opened" in told.reason
    assert isinstance(next(stream), Article)


@settings(max_examples=80, deadline=None)
@given(
    data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))),
    name=st.sampled_from(["a.txt", "a.md", "a.jsonl"]),
    head=st.sampled_from([b"", b"---\ntitle: x\n", b'{"title": "x", "text": "', "■袁 卫\n".encode(), b"\xff\xfe"]),
)
def test_no_bytes_make_it_raise(data: bytes, name: str, head: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(head + data)
        for each in items(path):
            assert isinstance(each, SourceError) or (
                isinstance(each, Article) and each.id and each.title and each.text.strip()
            )
