import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.article import Article
from index.building import add, build
from index.errors import SnapshotError
from index.manifest import FORMAT
from index.retrieval import Retriever
from index.snapshot import Snapshot
from index.terms import terms
from index.versions import current, new_version, writing
from tests.conftest import ARTICLES
from tests.encoders import HashEncoder

KINDS = 13
"""manifest, store, vectors, clauses, CURRENT, two JSON files of the lexical index, and six kinds of its segment files."""


@pytest.fixture
def folder(tmp_path: Path, shared_folder: Path) -> Path:
    """A copy of the shared snapshot, to be spoiled."""
    shutil.copytree(shared_folder, tmp_path / "copy")
    return tmp_path / "copy"


def _version(folder: Path) -> Path:
    return folder / "versions" / str(current(folder))


def _files(folder: Path) -> list[Path]:
    """One file of each kind that a version is made of."""
    kinds: dict[str, Path] = {}
    for path in sorted(_version(folder).rglob("*")):
        if path.is_file() and not path.name.endswith(".lock"):
            segment = path.parent.name == "lexical" and path.suffix != ".json"
            kinds.setdefault(path.suffix if segment else path.name, path)
    return [*kinds.values(), folder / "CURRENT"]


def test_open_finds_every_kind_of_file(shared_folder: Path) -> None:
    names = {path.name for path in _files(shared_folder)}
    assert {"manifest.json", "store.sqlite", "vectors.faiss", "meta.json", "CURRENT"} <= names
    assert len(names) == KINDS


def test_rows_of_store_vectors_and_lexical_are_the_same_passages(shared: Snapshot) -> None:
    encoder, count = HashEncoder(), shared.manifest.passages
    assert shared.store.passage_count == len(shared.dense) == count > 5
    for row, passage in enumerate(shared.store.passages(range(count))):
        article = shared.store.article(passage.article_id)
        assert article.text[passage.start : passage.end] == passage.text
        assert np.array_equal(shared.dense.vectors(row, row + 1)[0], encoder.encode_question(passage.indexed_text))
        first, end = shared.store.rows_of(passage.article_id)
        assert row in range(first, end)
        asked = terms(passage.indexed_text)
        rows, scores = shared.lexical.search(asked, count)
        if passage.article_id != "plain":  # whose passages repeat one another
            assert row in rows[np.isclose(scores, scores[0])]
        within = shared.lexical.search(asked, count, [passage.article_id])[0]
        assert sorted(within.tolist()) == list(range(first, end))


def test_manifest_says_what_is_there(shared: Snapshot, shared_folder: Path) -> None:
    assert shared.manifest.format == FORMAT
    assert shared.manifest.articles == len(ARTICLES) == shared.store.article_count
    assert shared.encoder == HashEncoder().info
    on_disk = {
        path.relative_to(_version(shared_folder)).as_posix()
        for path in _version(shared_folder).rglob("*")
        if path.is_file() and not path.name.endswith(".lock")
    }
    assert set(shared.manifest.files) == on_disk - {"manifest.json"}


def _delete(path: Path) -> None:
    path.unlink()


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _flip_first(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[0] ^= 0x10
    path.write_bytes(data)


def _flip_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x01
    path.write_bytes(data)


def _grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def _folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("spoil", [_delete, _truncate, _empty, _flip_first, _flip_middle, _grow, _folder_instead])
@pytest.mark.parametrize("number", range(KINDS - 1))
def test_a_spoiled_file_is_named(folder: Path, number: int, spoil: Callable[[Path], None]) -> None:
    path = _files(folder)[number]
    spoil(path)
    with pytest.raises(SnapshotError) as caught:
        Snapshot.open(folder)
    assert str(path) in str(caught.value)
    assert "wence build" in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\xff\xfe", b"../..", b"a\0b", b"000001-zzzzzzzz", b"MANIFEST-000001"]
)
def test_a_spoiled_current_is_named_and_building_mends_it(folder: Path, content: bytes) -> None:
    (folder / "CURRENT").write_bytes(content)
    with pytest.raises(SnapshotError, match=r"CURRENT: does not name a version; run `wence build` again"):
        Snapshot.open(folder)
    assert current(folder) is None
    build(ARTICLES[:1], folder, HashEncoder())
    assert Snapshot.open(folder).store.article_count == 1


def test_current_as_a_folder_is_refused(folder: Path) -> None:
    _folder_instead(folder / "CURRENT")
    for attempt in (lambda: Snapshot.open(folder), lambda: build(ARTICLES, folder, HashEncoder())):
        with pytest.raises(SnapshotError, match="copy"):
            attempt()


def test_current_that_names_a_version_that_is_gone(folder: Path) -> None:
    shutil.rmtree(_version(folder))
    with pytest.raises(SnapshotError, match=r"manifest.json: missing or damaged; run `wence build` again"):
        Snapshot.open(folder)


@pytest.mark.parametrize(
    "text", ["", "[]", "3", "null", "{}", '{"format": 1}', '{"format": [], "x": 1}', "\ud800", "{" * 9]
)
def test_a_manifest_of_nonsense_is_named(folder: Path, text: str) -> None:
    (_version(folder) / "manifest.json").write_text(text, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(SnapshotError, match=r"manifest.json.*wence build"):
        Snapshot.open(folder)


@pytest.mark.parametrize("found", [FORMAT + 1, 0, "1"])
def test_another_format_is_named(folder: Path, found: object) -> None:
    path = _version(folder) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"format": found}), encoding="utf-8")
    with pytest.raises(
        SnapshotError, match=rf"manifest.json: format {found}, this wence reads {FORMAT}; .*wence build"
    ):
        Snapshot.open(folder)


def test_files_of_another_version_are_seen(folder: Path, tmp_path: Path) -> None:
    build(ARTICLES[:2], tmp_path / "other", HashEncoder())
    for name in ("store.sqlite", "vectors.faiss", "manifest.json"):
        spoiled = tmp_path / f"with-{name}"
        shutil.copytree(folder, spoiled)
        shutil.copy(_version(tmp_path / "other") / name, _version(spoiled) / name)
        with pytest.raises(SnapshotError, match=name):
            Snapshot.open(spoiled)


def test_no_snapshot_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "photo.jpg").write_bytes(b"x")
    for name in ("missing", "file", "foreign"):
        assert current(tmp_path / name) is None
        with pytest.raises(SnapshotError, match=f"{name}: no snapshot there; make one with `wence build"):
            Snapshot.open(tmp_path / name)


@pytest.mark.parametrize("foreign", ["photo.jpg", "CURRENT and MANIFEST-000001", "index"])
def test_a_foreign_folder_is_left_alone(tmp_path: Path, foreign: str) -> None:
    for name in foreign.split(" and "):
        (tmp_path / name).write_text("MANIFEST-000001\n", encoding="utf-8")
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(SnapshotError, match="not empty and not a snapshot; name another folder"):
        build(ARTICLES, tmp_path, HashEncoder())
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_path_that_cannot_be_a_folder(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(SnapshotError, match="name another folder"):
        build(ARTICLES, tmp_path / place, HashEncoder())


def test_things_beside_the_versions_do_no_harm(folder: Path) -> None:
    for name in ("lost+found", ".DS_Store", "notes", ".draft-99999"):
        (folder / "versions" / name).mkdir()
    before = Snapshot.open(folder).name
    report = build(ARTICLES[:2], folder, HashEncoder())
    assert int(report.snapshot[:6]) == int(before[:6]) + 1
    assert Snapshot.open(folder).store.article_count == 2
    left = {path.name for path in (folder / "versions").iterdir()}
    assert left == {"lost+found", ".DS_Store", "notes", before, report.snapshot}


def test_versions_count_up_and_all_but_two_are_removed(tmp_path: Path) -> None:
    names = [build(ARTICLES[:1], tmp_path / "s", HashEncoder()).snapshot for _ in range(4)]
    assert [int(name[:6]) for name in names] == [1, 2, 3, 4]
    assert {path.name for path in (tmp_path / "s" / "versions").iterdir()} == set(names[-2:])


def test_an_open_version_is_read_while_another_is_published(folder: Path) -> None:
    old = Retriever(Snapshot.open(folder), HashEncoder())
    expected = old.search("长者食堂")
    build([Article("new", "新文", "别的内容。")], folder, HashEncoder())
    assert old.search("长者食堂") == expected
    assert Snapshot.open(folder).store.article_count == 1


def test_a_second_writer_is_refused_in_the_same_process(folder: Path) -> None:
    with writing(folder), pytest.raises(SnapshotError, match="another process is writing"):
        build(ARTICLES, folder, HashEncoder())
    build(ARTICLES[:1], folder, HashEncoder())


def test_a_second_writer_is_refused_in_another_process(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index.versions import writing\n"
        "with writing(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(folder)]
    with subprocess.Popen(
        command, cwd=Path(__file__).parent.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(SnapshotError, match=f"{folder.name}: another process is writing.*try again"):
            add(ARTICLES, folder, HashEncoder())
        assert Snapshot.open(folder).store.article_count == len(ARTICLES), "readers are not blocked"
        holder.kill()
    assert add(ARTICLES, folder, HashEncoder()).articles == len(ARTICLES), "a dead writer holds no lock"


def test_a_draft_that_is_not_published_is_thrown_away(folder: Path) -> None:
    def spoil() -> None:
        with writing(folder), new_version(folder) as draft:
            (draft / "half.sqlite").write_text("x", encoding="utf-8")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        spoil()
    assert not list((folder / "versions").glob(".draft*"))


def test_an_odd_path_is_no_trouble(tmp_path: Path) -> None:
    odd = tmp_path / "问策 #1 %20?" / "快照'\"&"
    build(ARTICLES, odd, HashEncoder())
    assert Retriever(Snapshot.open(odd), HashEncoder()).search("长者食堂")[0].passage.article_id == "care"
