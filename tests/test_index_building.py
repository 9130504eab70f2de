import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.article import Article
from index.building import add, build, remove
from index.command import Options
from index.errors import SnapshotError, SourceError, UnknownArticleError
from index.passage import split
from index.retrieval import Retriever
from index.snapshot import Snapshot
from index.vectors import ENCODE_PASSAGES
from index.versions import current
from tests.conftest import ARTICLES
from tests.encoders import HashEncoder

ROOT = Path(__file__).parent.parent
NEW = Article("new", "灵溪镇的夜校", "灵溪镇办夜校46期，培训村民2100人次。", ("何青",), source="new.md")


def _texts(folder: Path) -> dict[str, str]:
    return {article.id: article.text for article in Snapshot.open(folder).store.articles()}


def _same_as_built(folder: Path, articles: list[Article], tmp_path: Path) -> None:
    """A snapshot that was changed answers as one that was built from nothing."""
    build(articles, tmp_path / "fresh", HashEncoder())
    fresh, changed = Snapshot.open(tmp_path / "fresh"), Snapshot.open(folder)
    assert list(changed.store.articles()) == list(fresh.store.articles()) == articles
    count = fresh.store.passage_count
    assert changed.store.passages(range(count)) == fresh.store.passages(range(count))
    assert np.array_equal(changed.dense.vectors(0, count), fresh.dense.vectors(0, count))
    for question in ("港口", "长者食堂补贴", "夜校", "没有标点", "新的正文"):
        one, other = Retriever(changed, HashEncoder()), Retriever(fresh, HashEncoder())
        assert one.search(question, 100) == other.search(question, 100)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build(ARTICLES, tmp_path / "s", HashEncoder())
    return tmp_path / "s"


def test_build_then_open_then_search(tmp_path: Path, encoder: HashEncoder) -> None:
    seen: list[tuple[int, int, int]] = []
    report = build(ARTICLES, tmp_path / "s", encoder, Options(progress=lambda *counts: seen.append(counts)))
    passages = [passage for article in ARTICLES for passage in split(article)]
    assert (report.articles, report.passages, report.encoded) == (len(ARTICLES), len(passages), len(passages))
    assert report.failures == ()
    assert report.snapshot == current(tmp_path / "s") == Snapshot.open(tmp_path / "s").name
    assert encoder.seen == [passage.indexed_text for passage in passages]
    assert [articles for _, articles, _ in seen] == [1, 2, 3, 4, 5]
    assert seen[-1] == (0, len(ARTICLES), len(passages))
    hit = Retriever(Snapshot.open(tmp_path / "s"), encoder).search("港口集团资产")[0]
    assert "712亿元" in hit.passage.text


def test_build_replaces_what_was_there(folder: Path) -> None:
    report = build([NEW], folder, HashEncoder())
    assert (report.articles, report.encoded) == (1, 1)
    assert _texts(folder) == {"new": NEW.text}


def test_add_encodes_only_what_is_new(folder: Path, tmp_path: Path, encoder: HashEncoder) -> None:
    report = add([NEW], folder, encoder)
    assert (report.articles, report.encoded) == (6, 1)
    assert encoder.seen == [split(NEW)[0].indexed_text]
    _same_as_built(folder, [*ARTICLES, NEW], tmp_path)


def test_adding_the_same_again_encodes_nothing(folder: Path, tmp_path: Path, encoder: HashEncoder) -> None:
    report = add(ARTICLES, folder, encoder)
    assert (report.articles, report.encoded, encoder.seen) == (5, 0, [])
    _same_as_built(folder, list(ARTICLES), tmp_path)


def test_a_changed_article_is_replaced_in_its_place(folder: Path, tmp_path: Path, encoder: HashEncoder) -> None:
    changed = Article("care", "长者食堂的一碗饭", "新的正文，短了许多。")
    report = add([NEW, changed], folder, encoder)
    assert (report.articles, report.encoded) == (6, 2)
    assert sorted(encoder.seen) == sorted(split(article)[0].indexed_text for article in (NEW, changed))
    _same_as_built(folder, [ARTICLES[0], changed, *ARTICLES[2:], NEW], tmp_path)


def test_remove(folder: Path, tmp_path: Path, encoder: HashEncoder) -> None:
    report = remove(["care", "note", "care"], folder, encoder)
    assert (report.articles, report.encoded, encoder.seen) == (3, 0, [])
    _same_as_built(folder, [ARTICLES[0], ARTICLES[2], ARTICLES[4]], tmp_path)


def test_remove_of_an_unknown_id_removes_nothing(folder: Path) -> None:
    before = current(folder)
    with pytest.raises(UnknownArticleError, match=r"'nobody'.*wence articles"):
        remove(["port", "nobody"], folder, HashEncoder())
    assert current(folder) == before
    assert set(_texts(folder)) == {article.id for article in ARTICLES}


def test_remove_all_then_add(folder: Path, tmp_path: Path) -> None:
    remove([article.id for article in ARTICLES], folder, HashEncoder())
    empty = Snapshot.open(folder)
    assert (empty.store.article_count, empty.store.passage_count, len(empty.dense)) == (0, 0, 0)
    assert Retriever(empty, HashEncoder()).search("港口") == []
    add(ARTICLES, folder, HashEncoder())
    _same_as_built(folder, list(ARTICLES), tmp_path)


def test_failures_are_reported_and_the_rest_is_done(tmp_path: Path) -> None:
    broken = SourceError("x.pdf", "is a PDF; give its text")
    report = build([ARTICLES[0], broken, ARTICLES[1]], tmp_path / "s", HashEncoder())
    assert (report.articles, report.failures) == (2, (broken,))
    report = add([broken], tmp_path / "s", HashEncoder())
    assert (report.articles, report.encoded, report.failures) == (2, 0, (broken,))


@pytest.mark.parametrize("write", [build, add])
def test_an_id_given_twice_is_a_failure(folder: Path, write: object) -> None:
    assert callable(write)
    report = write([NEW, Article("new", "又一篇", "不同的正文。", source="two.md")], folder, HashEncoder())
    assert [str(failure) for failure in report.failures] == ["two.md: gives the id 'new' a second time; change one"]
    assert _texts(folder)["new"] == NEW.text


def test_nothing_to_index_leaves_the_folder_as_it_was(folder: Path, tmp_path: Path) -> None:
    before = current(folder)
    with pytest.raises(SnapshotError, match=r"nothing to index: x\.md: is empty"):
        build([SourceError("x.md", "is empty")], folder, HashEncoder())
    assert current(folder) == before
    with pytest.raises(SnapshotError, match="no article in the sources"):
        build([], tmp_path / "none", HashEncoder())
    assert current(tmp_path / "none") is None
    build([NEW], tmp_path / "none", HashEncoder())
    assert current(tmp_path / "none")


@pytest.mark.parametrize("other", [HashEncoder(32), HashEncoder(revision="2")])
def test_another_encoder_is_refused(folder: Path, other: HashEncoder) -> None:
    before = current(folder)
    with pytest.raises(SnapshotError, match=r"made with another encoder.*wence upgrade.*WENCE_ENCODER=hash"):
        add([NEW], folder, other)
    with pytest.raises(SnapshotError, match=r"made with another encoder.*wence upgrade.*WENCE_ENCODER=hash"):
        remove(["port"], folder, other)
    assert current(folder) == before


def test_add_and_remove_need_a_snapshot(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="no snapshot there; make one with `wence build"):
        add([NEW], tmp_path / "none", HashEncoder())
    with pytest.raises(SnapshotError, match="no snapshot there"):
        remove(["a"], tmp_path / "none", HashEncoder())


def test_a_source_that_breaks_midway_leaves_the_last_version(folder: Path) -> None:
    before = current(folder)

    def sources() -> object:
        yield NEW
        raise RuntimeError("the disk was pulled out")

    with pytest.raises(RuntimeError):
        build(sources(), folder, HashEncoder())  # type: ignore[arg-type]
    assert current(folder) == before
    assert len(list((folder / "versions").iterdir())) == 1
    assert set(_texts(folder)) == {article.id for article in ARTICLES}


def test_batches_of_passages_equal_single_ones(tmp_path: Path) -> None:
    """More passages than one batch holds, old and new ones mixed, each row still its own passage's vector."""
    many = [Article(f"m{n}", f"题{n}", f"第{n}篇的正文，说{n * 31}件事。") for n in range(ENCODE_PASSAGES + 10)]
    encoder = HashEncoder(16)
    build(many[::2], tmp_path / "s", encoder)
    report = add(many, tmp_path / "s", encoder)
    assert report.encoded == len(many) // 2
    snapshot = Snapshot.open(tmp_path / "s")
    for row in range(0, len(many), 101):
        single = encoder.encode_question(snapshot.store.passages([row])[0].indexed_text)
        assert np.array_equal(snapshot.dense.vectors(row, row + 1)[0], single)


# A process that adds an article and kills itself with SIGKILL at the n-th call that touches the file system.
_KILLED = """
import os, signal, sys
from pathlib import Path
from index.article import Article
from index.building import add
from tests.encoders import HashEncoder

folder, moments = Path(sys.argv[1]), sys.argv[2:]
article = Article("new", "新文", "新的正文。")

def killed_at(moment):
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    calls = 0
    def count(event, arguments):
        nonlocal calls
        if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "sqlite3.connect"):
            calls += 1
            if calls == moment:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(count)
    add([article], folder, HashEncoder())
    os._exit(0)

for moment in moments:
    status = killed_at(int(moment))
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    print(moment, "killed" if killed else f"done {status}", flush=True)
    if sys.stdin.readline() != "go\\n":
        break
"""


def test_a_killed_writer_leaves_the_last_version(folder: Path) -> None:
    """SIGKILL at ever later moments of an `add`, until one gets through; after each, one whole version is open."""
    before, expected = current(folder), _texts(folder)
    moments = [str(moment) for moment in (*range(1, 200, 6), 100_000)]
    command = [sys.executable, "-c", _KILLED, str(folder), *moments]
    kills = 0
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in process.stdout:
            found = _texts(folder)
            if line.endswith("killed\n"):
                kills += 1
                assert found in (expected, expected | {"new": "新的正文。"})
                assert len(list((folder / "versions").iterdir())) <= 4, (
                    "a version, its forerunner, and at most two torn ones"
                )
            else:
                assert line.endswith("done 0\n")
                assert found == expected | {"new": "新的正文。"}
                break
            process.stdin.write("go\n")
            process.stdin.flush()
    assert kills >= 10
    assert current(folder) != before
    add([NEW], folder, HashEncoder())
    assert not list((folder / "versions").glob(".draft*"))
    assert len(list((folder / "versions").iterdir())) == 2


@pytest.mark.parametrize("delay_s", [0.0, 0.02, 0.05, 0.1])
def test_a_first_build_that_is_killed_can_be_done_again(tmp_path: Path, delay_s: float) -> None:
    code = (
        "import itertools, sys; from pathlib import Path; from index.building import build\n"
        "from tests.conftest import ARTICLES; from tests.encoders import HashEncoder\n"
        "print('go', flush=True)\n"
        "for _ in itertools.count(): build(ARTICLES, Path(sys.argv[1]), HashEncoder())"
    )
    folder = tmp_path / "s"
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            process.wait(delay_s)
        except subprocess.TimeoutExpired:
            process.kill()
    if current(folder):
        assert _texts(folder) == {article.id: article.text for article in ARTICLES}
    assert build(ARTICLES, folder, HashEncoder()).articles == len(ARTICLES)
    assert _texts(folder) == {article.id: article.text for article in ARTICLES}


@pytest.mark.parametrize("name", ["CURRENT.new", "write.lock"])
def test_what_a_killed_first_build_leaves_is_no_foreign_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("000001-0123abcd\n", encoding="utf-8")
    (tmp_path / "versions").mkdir()
    assert build(ARTICLES, tmp_path, HashEncoder()).articles == len(ARTICLES)
