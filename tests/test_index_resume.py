"""An interrupted build goes on where it was: nothing read twice, nothing lost, the same snapshot in the end."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index import version_writer
from index.building import build_from
from index.command import Options, Progress
from index.dense import DenseWriter
from index.snapshot import Snapshot
from index.store_writer import StoreWriter
from index.verifying import faults
from index.versions import current
from tests.encoders import HashEncoder

ARTICLES = 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "articles"
    source.mkdir()
    for number in range(ARTICLES):
        text = f"第{number}县办事改革\n\n第{number}县把{number + 2}个窗口并成一个，办件{number}00件，群众满意。\n"
        (source / f"{number:03}.txt").write_text(text, encoding="utf-8")
    return source


@pytest.fixture(autouse=True)
def _save_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version_writer, "SAVE_ARTICLES", 5)


def contents(snapshot: Path) -> list[tuple[str, str, bytes]]:
    opened = Snapshot.open(snapshot)
    rows = [opened.store.rows_of(article.id) for article in opened.store.articles()]
    return [
        (article.id, article.text, opened.dense.vectors(*span).tobytes())
        for article, span in zip(opened.store.articles(), rows, strict=True)
    ]


def interrupted_after(articles: int) -> Progress:
    def stop(_: int, done: int, __: int) -> None:
        if done >= articles:
            raise KeyboardInterrupt

    return stop


@pytest.mark.parametrize("articles", [1, 5, 17, ARTICLES])
def test_a_build_goes_on_after_an_interruption(folder: Path, tmp_path: Path, articles: int) -> None:
    build_from([folder], tmp_path / "whole", HashEncoder())
    with pytest.raises(KeyboardInterrupt):
        build_from([folder], tmp_path / "s", HashEncoder(), Options(progress=interrupted_after(articles)))
    assert current(tmp_path / "s") is None
    encoder = HashEncoder()
    report = build_from([folder], tmp_path / "s", encoder)
    assert report.resumed == articles - articles % 5
    assert report.encoded == len(encoder.seen) == ARTICLES - report.resumed
    assert (report.articles, report.failures) == (ARTICLES, ())
    assert contents(tmp_path / "s") == contents(tmp_path / "whole")


def _change(folder: Path) -> None:
    (folder / "003.txt").write_text("第3县新篇\n\n内容在中断以后改过了，办件3100件。\n", encoding="utf-8")


def _remove(folder: Path) -> None:
    (folder / "003.txt").unlink()


def _describe(folder: Path) -> None:
    (folder / "003.txt.yaml").write_text("column: 新栏目\n", encoding="utf-8")


@pytest.mark.parametrize("change", [_change, _remove, _describe])
def test_files_that_changed_meanwhile_are_read_as_they_are_now(
    folder: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    with pytest.raises(KeyboardInterrupt):
        build_from([folder], tmp_path / "s", HashEncoder(), Options(progress=interrupted_after(20)))
    change(folder)
    assert build_from([folder], tmp_path / "s", HashEncoder()).resumed == 0
    build_from([folder], tmp_path / "whole", HashEncoder())
    assert contents(tmp_path / "s") == contents(tmp_path / "whole")
    columns = {article.column for article in Snapshot.open(tmp_path / "s").store.articles()}
    assert columns == ({"", "新栏目"} if change is _describe else {""})


@pytest.mark.parametrize("moment", ["store", "vectors", "publish"])
def test_a_build_goes_on_after_a_stop_at_its_very_end(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Whatever was written last, nothing is encoded again, and nothing is there twice."""

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    place = {
        "store": (StoreWriter, "close"),
        "vectors": (DenseWriter, "close"),
        "publish": (version_writer, "publish"),
    }[moment]
    with monkeypatch.context() as patched:
        patched.setattr(*place, stop)
        with pytest.raises(KeyboardInterrupt):
            build_from([folder], tmp_path / "s", HashEncoder())
    encoder = HashEncoder()
    build_from([folder], tmp_path / "s", encoder)
    assert encoder.seen == []
    assert list(faults(tmp_path / "s")) == []
    build_from([folder], tmp_path / "whole", HashEncoder())
    assert contents(tmp_path / "s") == contents(tmp_path / "whole")


def test_another_build_does_not_go_on_from_it(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        build_from([folder], tmp_path / "s", HashEncoder(), Options(progress=interrupted_after(20)))
    report = build_from([folder / "001.txt"], tmp_path / "s", HashEncoder())
    assert (report.articles, report.resumed) == (1, 0)


def test_a_killed_build_goes_on(folder: Path, tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from index import building, version_writer\n"
        "from index.command import Options; from tests.encoders import HashEncoder\n"
        "version_writer.SAVE_ARTICLES = 5\n"
        "told = lambda _, articles, __: (print(articles, flush=True), time.sleep(0.02))\n"
        "building.build_from([sys.argv[1]], Path(sys.argv[2]), HashEncoder(), Options(progress=told))\n"
    )
    root = Path(__file__).parent.parent
    command = [sys.executable, "-c", code, str(folder), str(tmp_path / "s")]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert "12\n" in iter(process.stdout.readline, "")
        process.kill()
    report = build_from([str(folder)], tmp_path / "s", HashEncoder())
    assert (report.articles, report.resumed >= 10) == (ARTICLES, True)
    assert len(contents(tmp_path / "s")) == ARTICLES
