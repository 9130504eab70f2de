"""A reader of random weights against the same network asked by hand; what models it takes and which it refuses."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from service.errors import ModelError
from service.reader.reading import Extract
from service.reader.transformer import LONGEST_ANSWER, TransformerReader
from service.reader.windows import cut_windows, overlap_types
from tests.tiny_transformers import write_tiny_transformer

QUESTION = "公交线路开通多少年？"
SHORT = "县镇公交线路2023年开通。"
LONG = "国务院印发意见，财政资金增长5.2%。县镇公交线路12家，开通3年。" * 5
NASTY = [
    "",
    " ",
    "a",
    "😀",
    "２０２３年，公交線路開通　",
    "公交\ud800线路",
    "\n\n县\t镇 公交 \n",
    "没有一个标点符号" * 30,
    LONG,
]
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_transformer(tmp_path_factory.mktemp("models") / "reader")


@pytest.fixture(scope="module")
def reader(folder: Path) -> TransformerReader:
    return TransformerReader(str(folder), device="cpu", batch_size=3)


def by_hand(folder: Path, question: str, passage: str) -> tuple[float, int, int]:
    """Score and span of the best answer, every window run alone and every span of it looked at."""
    import torch  # noqa: PLC0415
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer  # noqa: PLC0415

    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    network = AutoModelForQuestionAnswering.from_pretrained(folder).eval()
    nulls, spans = [], []
    for window in cut_windows(tokenizer, [question], [passage], longest=48, overlap=False):
        with torch.inference_mode():
            found = network(torch.tensor([window.ids.tolist()]), token_type_ids=torch.tensor([window.types.tolist()]))
        start, end = found.start_logits[0].tolist(), found.end_logits[0].tolist()
        nulls.append(start[0] + end[0])
        told = [i for i, readable in enumerate(window.readable) if readable]
        spans += [
            (start[i] + end[j], int(window.offsets[i][0]), int(window.offsets[j][1]))
            for i in told for j in told if i <= j < i + LONGEST_ANSWER
        ]  # fmt: skip
    score, first, last = max(spans)
    return score - min(nulls), first, last


@pytest.mark.parametrize("passage", [SHORT, LONG, "年"])
def test_the_best_extract_is_the_one_found_by_hand(folder: Path, reader: TransformerReader, passage: str) -> None:
    score, start, end = by_hand(folder, QUESTION, passage)
    reading = reader.read(QUESTION, [passage])
    best = reading.extracts[0]
    assert (best.start, best.end, best.text) == (start, end, passage[start:end])
    assert best.score == pytest.approx(score, abs=1e-4)
    assert reading.answerability == pytest.approx(1 / (1 + np.exp(-score)), abs=1e-4)


def test_a_long_passage_is_read_in_windows_that_overlap(folder: Path) -> None:
    from transformers import AutoTokenizer  # noqa: PLC0415

    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    windows = list(cut_windows(tokenizer, [QUESTION], [LONG], longest=48, overlap=False))
    assert len(windows) > 3
    assert all(len(window.ids) <= 48 for window in windows)
    places = [[tuple(pair) for pair in window.offsets[window.readable].tolist()] for window in windows]
    for before, after in pairwise(places):
        assert before[-16:] == after[:16]
    assert {place for found in places for place in found} == {(i, i + 1) for i in range(len(LONG))}
    long_question = list(cut_windows(tokenizer, [LONG], [SHORT], longest=48, overlap=False))
    assert {place for window in long_question for place in map(tuple, window.offsets[window.readable].tolist())} == {
        (i, i + 1) for i in range(len(SHORT))
    }


@pytest.mark.parametrize("passage", NASTY)
def test_extracts_stand_word_for_word(reader: TransformerReader, passage: str) -> None:
    reading = reader.read(QUESTION, ["前面的一段。", passage], most=20)
    for extract in reading.extracts:
        text = ("前面的一段。", passage)[extract.passage]
        assert text[extract.start : extract.end] == extract.text == extract.text.strip() != ""
    assert reader.read(passage, [SHORT]).extracts
    scores = [extract.score for extract in reading.extracts]
    assert scores == sorted(scores, reverse=True)
    for number, one in enumerate(reading.extracts):
        for other in reading.extracts[:number]:
            assert one.passage != other.passage or one.end <= other.start or other.end <= one.start


@pytest.mark.parametrize("passages", [[], [""], [" ", "\n"]])
def test_nothing_to_read_is_not_answerable(reader: TransformerReader, passages: list[str]) -> None:
    reading = reader.read(QUESTION, passages)
    assert reading.extracts == ()
    assert reading.answerability == 0.0


def flat(extracts: tuple[Extract, ...]) -> list[tuple[object, ...]]:
    return [(extract.passage, extract.start, extract.end, round(extract.score, 3)) for extract in extracts]


def test_a_passage_reads_the_same_alone_in_company_and_in_any_batch(folder: Path, reader: TransformerReader) -> None:
    passages = [SHORT, LONG, "", "财政资金增长"]
    together = flat(reader.read(QUESTION, passages, most=200).extracts)
    alone = [
        (number, *row[1:])
        for number, passage in enumerate(passages)
        for row in flat(reader.read(QUESTION, [passage], most=200).extracts)
    ]
    assert {row[:3] for row in together} >= {row[:3] for row in alone}
    single = TransformerReader(str(folder), device="cpu", batch_size=1)
    assert flat(single.read(QUESTION, passages).extracts) == flat(reader.read(QUESTION, passages).extracts)
    assert len(reader.read(QUESTION, passages, most=2).extracts) == 2


def test_threads_do_not_disturb_each_other(reader: TransformerReader) -> None:
    questions = [QUESTION, "谁印发意见？", "财政资金增长多少" * 9, "a"] * 6
    wanted = [reader.read(question, [SHORT, LONG]) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda question: reader.read(question, [SHORT, LONG]), questions)) == wanted


@pytest.mark.parametrize("kind", ["Roberta", "DistilBert", "Electra", "ModernBert"])
def test_other_kinds_of_network_read_too(tmp_path: Path, kind: str) -> None:
    reader = TransformerReader(str(write_tiny_transformer(tmp_path / "model", kind=kind)), device="cpu", batch_size=2)
    [first, *_] = reader.read(QUESTION, [LONG, SHORT]).extracts
    assert (LONG, SHORT)[first.passage][first.start : first.end] == first.text


def test_it_reads_in_bfloat16_where_it_is_told_to(folder: Path) -> None:
    halved = TransformerReader(str(folder), device="cpu", precision="bfloat16")
    [found] = halved.read(QUESTION, [SHORT], most=1).extracts
    assert SHORT[found.start : found.end] == found.text
    assert found.score == pytest.approx(by_hand(folder, QUESTION, SHORT)[0], rel=0.2)
    assert found.score == np.float32(found.score)


def test_overlap_types_by_hand() -> None:
    #            [CLS] 1  2  3 [SEP] 9  1  2  9  1  2  3  3 [SEP]
    ids = np.array([0, 1, 2, 3, 0, 9, 1, 2, 9, 1, 2, 3, 3, 0])
    parts = np.array([-1, 0, 0, 0, -1, 1, 1, 1, 1, 1, 1, 1, 1, -1])
    assert overlap_types(ids, parts).tolist() == [0, 0, 0, 0, 0, 1, 3, 3, 1, 4, 4, 4, 2, 1]
    assert overlap_types(ids[:5], parts[:5]).tolist() == [0, 0, 0, 0, 0]


def test_what_cannot_read_is_refused_in_words(tmp_path: Path) -> None:
    headless = write_tiny_transformer(tmp_path / "headless", head="")
    with pytest.raises(ModelError, match=r"headless has no trained head for QuestionAnswering .*qa_outputs"):
        TransformerReader(str(headless), device="cpu")
    (tmp_path / "empty").mkdir()
    for name in ("no/such-model", str(tmp_path / "empty")):
        with pytest.raises(ModelError, match=f"model {name} (is neither|cannot be loaded)"):
            TransformerReader(name, device="cpu")
    broken = write_tiny_transformer(tmp_path / "broken")
    (broken / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelError, match="broken cannot be loaded"):
        TransformerReader(str(broken), device="cpu")


def test_the_service_imports_no_engine() -> None:
    code = (
        "import sys, service.cli, service.pipeline, service.api.app, service.reader.transformer, service.reranking;"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'lightgbm'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
