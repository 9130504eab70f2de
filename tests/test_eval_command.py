"""`wence evaluate` as a person calls it: reports, comparison, gate, sweeps, recorded answers, other people's tests."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.gate import Expected, write_expected
from service.cli import main
from tests.policies import write_articles

QUESTIONS: list[dict[str, Any]] = [
    {"id": "1", "question": "北岚市新开公交线路多少条？", "answers": ["28条"], "must_include": [["28条"]],
     "evidence": ["新开公交线路28条"], "type": "figure", "style": "plain"},
    {"id": "2", "question": "投放新能源公交车多少辆呢？", "history": [{"role": "user", "content": "北岚市新开公交线路多少条？"}],
     "answers": ["46辆"], "must_include": [["46辆"]], "evidence": ["没有这句话"], "type": "figure", "style": "follow-up"},
    {"id": "3", "question": "深圳市有多少条公交线路？", "type": "unanswerable", "unanswerable": True},
]  # fmt: skip


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluate")
    assert main(["build", str(write_articles(folder / "a.jsonl")), "--snapshot", str(folder / "snapshot")]) == 0
    return folder / "snapshot"


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(map(json.dumps, QUESTIONS)), encoding="utf-8")
    return path


def evaluate(snapshot: Path, questions: Path, report: Path, *more: str) -> int:
    words = ["evaluate", "--questions", questions, "--snapshot", snapshot, "--report", report, *more]
    return main([str(word) for word in words])


def report_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return found


def test_a_report_is_written(
    snapshot: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(snapshot, questions, tmp_path / "r") == 0
    report = report_of(tmp_path / "r")
    assert {name: report["scores"][name]["mean"] for name in ("right", "refused", "short", "evidence@1", "verbatim")} == {
        "right": 0.5, "refused": 1, "short": 0.5, "evidence@1": 0.5, "verbatim": 1,
    }  # fmt: skip
    assert report["failures"] == ["2"]
    assert {kind: group["questions"] for kind, group in report["by"]["type"].items()} == {
        "figure": 2,
        "unanswerable": 1,
    }
    assert set(report["latency_ms"]) == {"retrieve", "compose", "total"}
    assert report["run"]["cores"]
    assert len((tmp_path / "r" / "rows.jsonl").read_text(encoding="utf-8").splitlines()) == 3
    page = (tmp_path / "r" / "report.html").read_text(encoding="utf-8")
    assert "投放新能源公交车多少辆呢？" in page
    printed = capsys.readouterr().out
    assert "right" in printed
    assert "report.html" in printed


def test_recorded_answers_are_scored_and_compared(
    snapshot: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "answers.jsonl"
    words = ["ask", "--questions", questions, "--answers", answers, "--snapshot", snapshot]
    assert main([str(word) for word in words]) == 0
    assert evaluate(snapshot, questions, tmp_path / "all", "--answers", str(answers)) == 0
    whole = answers.read_text(encoding="utf-8").splitlines()
    answers.write_text("\n".join(whole[1:]), encoding="utf-8")
    compared = ("--answers", str(answers), "--compare", str(tmp_path / "all"))
    assert evaluate(snapshot, questions, tmp_path / "less", *compared) == 0
    report = report_of(tmp_path / "less")
    assert report["unanswered"] == 1
    assert report["scores"]["right"]["mean"] == 0
    assert (report["comparison"]["lost"], report["comparison"]["won"]) == (["1"], [])
    assert "0 won, 1 lost" in capsys.readouterr().out


def test_the_gate_decides_the_exit_status(
    snapshot: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gate = tmp_path / "expected.yaml"
    expected = Expected(
        "q", "q", "somewhere/q.jsonl", "a", True, 3, {"right": 0.5}, {"verbatim": 1.0}, frozenset({"2"})
    )
    write_expected(gate, [expected])
    assert evaluate(snapshot, questions, tmp_path / "r", "--gate", str(gate)) == 0
    (tmp_path / "none.jsonl").write_text("", encoding="utf-8")
    dropped = ("--gate", str(gate), "--answers", str(tmp_path / "none.jsonl"))
    assert evaluate(snapshot, questions, tmp_path / "r", *dropped) == 1
    assert "FAIL verbatim" in capsys.readouterr().out
    assert [verdict["holds"] for verdict in report_of(tmp_path / "r")["gate"] if verdict["measure"] == "verbatim"] == [
        False
    ]


def test_a_sweep_writes_a_report_for_each(snapshot: Path, questions: Path, tmp_path: Path) -> None:
    assert evaluate(snapshot, questions, tmp_path / "r", "--top-k", "1", "5") == 0
    folders = sorted(path.parent for path in (tmp_path / "r").glob("*/report.json"))
    assert len(folders) == 2
    assert report_of(folders[0])["variants"].keys() == {folder.name for folder in folders}


def test_another_encoder_has_the_articles_encoded_anew(
    snapshot: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENCE_ENCODER_DIMENSION", "64")
    assert evaluate(snapshot, questions, tmp_path / "r") == 0
    assert report_of(tmp_path / "r")["run"]["encoder"]["dimension"] == 64
    assert (tmp_path / "r" / "snapshot" / "CURRENT").exists()


SQUAD = {"data": [{"title": "港口", "paragraphs": [
    {"id": "c1", "context": "2021年，东海省把五个港口合为一家。集团董事长是周海平。", "qas": [
        {"id": "s1", "question": "集团董事长是谁？", "answers": [{"text": "周海平", "answer_start": 23}]}]},
    {"id": "c2", "context": "清河县建成长者食堂218家。", "qas": [
        {"id": "s2", "question": "清河县建成长者食堂多少家？", "answers": [{"text": "218家", "answer_start": 9}]}]},
]}]}  # fmt: skip


@pytest.mark.parametrize(
    ("task", "measures"), [("reading", {"em", "f1"}), ("retrieval", {"mrr", "ndcg@10", "evidence@1"})]
)
def test_other_peoples_tests_bring_their_text(tmp_path: Path, task: str, measures: set[str]) -> None:
    (tmp_path / "squad.json").write_text(json.dumps(SQUAD), encoding="utf-8")
    assert evaluate(tmp_path / "nowhere", tmp_path / "squad.json", tmp_path / task, "--task", task) == 0
    scores = report_of(tmp_path / task)["scores"]
    assert measures <= scores.keys()
    assert all(scores[name]["mean"] == 1 for name in measures)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--questions", "nowhere.jsonl"], "nowhere.jsonl"),
        (["--compare", "nowhere"], "holds no finished report"),
        (["--gate", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["--answers", "nowhere.jsonl"], "nowhere.jsonl"),
        (["--snapshot", "nowhere"], "nowhere"),
        (["--top-k", "0"], "0"),
        (["--top-k", "x"], "x"),
        (["--limit", "0"], "0"),
        (["--composer", "none"], "none"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    snapshot: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    try:
        status = evaluate(snapshot, questions, tmp_path / "r", *words)
    except SystemExit as stop:
        status = int(stop.code or 0)
    lines = capsys.readouterr().err.strip().splitlines()
    assert (status, len(lines)) == (2, 1), lines
    assert message in lines[0]
