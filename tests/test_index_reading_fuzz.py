"""A short run of eval.reading.fuzz: changed documents of every format, none of which may make a reader fail."""

import random
import resource
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.reading.fuzz import BrokenError, check, fuzz, input_of, read_one
from eval.reading.mutations import mutated, restructured
from eval.reading.seeds import docx_report, seeds, unzipped
from index.article import Article
from index.errors import SourceError

SECONDS_PER_FORMAT, LIMIT_S, GROWTH_MB = 1.5, 20.0, 400
FORMATS = sorted(seeds())


@pytest.mark.parametrize("extension", FORMATS)
def test_no_changed_document_makes_a_reader_fail(
    extension: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pools, tried, told = seeds(), 0, Counter[str]()
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    until = time.monotonic() + SECONDS_PER_FORMAT
    while time.monotonic() < until:
        started = time.monotonic()
        told += read_one(tmp_path, *input_of(0, extension, tried, pools))
        assert time.monotonic() - started < LIMIT_S, f"input {tried} of seed 0"
        tried += 1
    with capsys.disabled():
        print(f" {extension}: {tried} inputs, {told['articles']} articles, {told['errors']} errors")  # noqa: T201
    assert tried
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb) / 1024 < GROWTH_MB


@pytest.mark.parametrize("extension", FORMATS)
def test_an_unchanged_document_is_read(extension: str, tmp_path: Path) -> None:
    for data in seeds()[extension]:
        assert read_one(tmp_path, extension, data)["articles"] >= 1


def test_inputs_can_be_made_again() -> None:
    pools = seeds()
    assert [input_of(3, ".html", n, pools) for n in range(20)] == [input_of(3, ".html", n, pools) for n in range(20)]
    assert input_of(3, ".html", 0, pools) != input_of(4, ".html", 0, pools)
    assert mutated(random.Random(1), pools[".txt"]) != mutated(random.Random(2), pools[".txt"])
    part = unzipped(docx_report())["word/document.xml"]
    assert restructured(random.Random(1), [part]) != part


@pytest.mark.parametrize(
    "article",
    [
        Article(id="a", title="题", text="甲\n\n乙"),
        Article(id="a", title="题", text=" 甲"),
        Article(id="a", title="题", text="甲\u2028乙"),
        Article(id="a", title="题", text="甲\0乙"),
        Article(id="a", title="", text="甲"),
    ],
)
def test_what_breaks_an_invariant_is_seen(article: Article) -> None:
    with pytest.raises(BrokenError):
        check([article])


def test_a_file_that_gives_nothing_is_seen() -> None:
    with pytest.raises(BrokenError):
        check([])
    with pytest.raises(BrokenError):
        check([SourceError("a", "two\nlines")])
    assert check([SourceError("a", "is empty; give text")]) == {"errors": 1}


@pytest.mark.slow
def test_a_child_process_reads_and_is_counted() -> None:
    result = fuzz(".jsonl", seed=0, seconds=1.0, limit_s=20, memory_mb=700)
    assert result.failures == []
    assert result.tried > 0


@settings(max_examples=60, deadline=None)
@given(extension=st.sampled_from(FORMATS), data=st.data())
def test_no_bytes_that_hypothesis_finds_make_a_reader_fail(extension: str, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(seeds()[extension]))
    cut = data.draw(st.integers(0, len(whole)))
    skipped = data.draw(st.integers(0, 200))
    changed = whole[:cut] + data.draw(st.binary(max_size=60)) + whole[cut + skipped :]
    with TemporaryDirectory() as folder:
        read_one(Path(folder), extension, changed)
