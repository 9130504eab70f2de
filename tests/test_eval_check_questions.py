"""The checker of question files, on small texts of our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.check_questions import check, holds, load_rows, load_source, main, squeeze

TEXT = "青石镇去年修了18个凉\n亭，花费 1,250 万元；\n今年又修8个。湖心岛的木桥长６５．５米。"


def figure(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": "q-1",
        "question": "青石镇去年修了几个凉亭？",
        "answers": ["18个"],
        "must_include": [["18个", "十八个"]],
        "evidence": ["去年修了18个凉亭"],
        "type": "figure",
        "style": "plain",
    }
    row.update(changes)
    return {name: value for name, value in row.items() if value is not None}


def unanswerable(**changes: Any) -> dict[str, Any]:
    row = {"id": "q-9", "question": "桥是谁修的？", "type": "unanswerable", "unanswerable": True, "why": "not-given"}
    return {**row, **changes}


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def faults_of(tmp_path: Path, *rows: object) -> list[tuple[str, str]]:
    return check(load_rows([write(tmp_path / "q.jsonl", *rows)]), squeeze(TEXT))


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("修了18个", "8个", False),
        ("修了8个", "8个", True),
        ("1.5亿元", "5亿元", False),
        ("得78.65分", "78.6", False),
        ("得78.6分", "78.6", True),
        ("1,250 万元", "1250万元", True),
        ("占９５％", "95%", True),
        ("R&D强度", "R&D强度", True),
        ("甲", " ", False),
    ],
)
def test_keys_match_on_number_boundaries(text: str, key: str, expected: bool) -> None:
    assert holds(text, key) is expected


def test_sound_questions_have_no_faults(tmp_path: Path) -> None:
    bridge = figure(id="q-2", question="桥有多长？", must_include=[["65.5米"]], evidence=["木桥长65.5米"])
    follow = figure(id="q-3", style="follow-up", history=[{"role": "user", "content": "青石镇修凉亭了吗？"}])
    assert faults_of(tmp_path, figure(), bridge, follow, unanswerable()) == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (figure(evidence=["去年修了18座凉亭"], must_include=[["凉亭"]]), "evidence: not in the source"),
        (figure(must_include=[["8个"]]), "must_include: not in the evidence: 8个"),
        (figure(answers=None), "answers: missing"),
        (figure(answers="18个"), "answers: not a list of texts"),
        (figure(evidence=[]), "evidence: not a list of texts"),
        (figure(must_include=["18个"]), "must_include: not a list of lists"),
        (figure(question=" "), "question: missing"),
        (figure(type="number"), "type: 'number' is none of"),
        (figure(type="unanswerable"), "type: unanswerable, but"),
        (figure(style=3), "style: not text"),
        (figure(style="follow-up"), "history: missing"),
        (figure(history=[{"role": "user"}]), "history: not a list of turns"),
        (figure(unanswerable="no"), "unanswerable: not true or false"),
        (unanswerable(answers=["不详"]), "answers: not allowed"),
        (unanswerable(type="figure"), "type: 'figure', but"),
        (["no", "object"], "not a JSON object"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, row: object, expected: str) -> None:
    faults = faults_of(tmp_path, row)
    assert len(faults) == 1
    assert faults[0][1].startswith(expected)


def test_ids_and_questions_are_unique_over_files(tmp_path: Path, source: Path) -> None:
    first = write(tmp_path / "a.jsonl", figure())
    second = write(
        tmp_path / "b.jsonl", figure(question="别的？"), figure(id="q-5", question="青石镇 去年修了几个凉亭？")
    )
    faults = check(load_rows([first, second]), load_source([source]))
    assert faults == [("q-1", "id: already at a.jsonl:1"), ("q-5", "question: already at a.jsonl:1")]


def test_command_prints_counts_and_exits_zero(tmp_path: Path, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "q.jsonl", figure(), unanswerable())
    assert main([str(path), "--source", str(source)]) == 0
    printed = capsys.readouterr().out
    assert "2 questions" in printed
    assert "type: figure 1, unanswerable 1" in printed
    assert "why: not-given 1" in printed
    assert printed.endswith("0 faults\n")


def test_command_names_the_faulty_question(tmp_path: Path, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps(figure(evidence=["没有这句"])) + "\n{broken\n", encoding="utf-8")
    assert main([str(path), "--source", str(source)]) == 1
    printed = capsys.readouterr().out
    assert "q-1: evidence: not in the source: 没有这句" in printed
    assert "q.jsonl:2: not a JSON object" in printed


def test_source_may_be_articles_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    write(folder / "a.jsonl", {"title": "青石", "text": "镇里去年"}, {"title": "题", "text": "修了18个凉亭"})
    text = load_source([folder])
    assert "18个凉亭" in text
    assert "去年修了" not in text
    assert "青石镇里" not in text


def test_nothing_to_check_exits_two(tmp_path: Path, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = write(tmp_path / "q.jsonl", figure())
    empty = write(tmp_path / "empty.jsonl")
    articles = write(tmp_path / "articles.jsonl", {"title": "无正文"})
    (tmp_path / "none").mkdir()
    for file, text in [(tmp_path / "no.jsonl", source), (empty, source), (good, tmp_path / "none"), (good, articles)]:
        assert main([str(file), "--source", str(text)]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
