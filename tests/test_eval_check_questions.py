"""The checker of question files, on small texts of our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.check_questions import check, load_rows, load_source, main

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
    row = {
        "id": "q-9",
        "question": "桥是谁修的？",
        "type": "unanswerable",
        "unanswerable": True,
        "why": "not-given: searched 桥",
        "absent": [["桥", "承建"], ["桥", "设计"]],
        **changes,
    }
    return {name: value for name, value in row.items() if value is not None}


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def faults_of(tmp_path: Path, *rows: object) -> list[tuple[str, str]]:
    source = tmp_path / "source.txt"
    source.write_text(TEXT, encoding="utf-8")
    return check(load_rows([write(tmp_path / "q.jsonl", *rows)]), load_source([source]))


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
        (unanswerable(type=None), "type: None, but"),
        (unanswerable(absent=None), "absent: missing"),
        (unanswerable(absent=[]), "absent: not a list of lists"),
        (unanswerable(absent=["桥"]), "absent: not a list of lists"),
        (unanswerable(absent=[["桥", " "]]), "absent: not a list of lists"),
        (figure(absent=[["木桥", "承建"]]), "absent: not allowed"),
        (["no", "object"], "not a JSON object"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, row: object, expected: str) -> None:
    faults = faults_of(tmp_path, row)
    assert len(faults) == 1
    assert faults[0][1].startswith(expected)


@pytest.mark.parametrize(
    ("group", "paragraph"),
    [
        (["木桥", "65.5"], "今年又修8个。湖心岛的木桥长65.5米。"),
        (["8个", "木 桥"], "今年又修8个。湖心岛的木桥长65.5米。"),
        (["1250万元"], "亭,花费1250万元;"),
        (["凉亭说"], "凉亭说了什么"),
        (["图中", "老王"], "图中是老王"),
        (["凉亭", "花费"], None),
        (["花费", "8个"], None),
        (["木桥", "5米"], None),
        (["250万元"], None),
    ],
)
def test_absent_terms_do_not_stand_in_one_paragraph(tmp_path: Path, group: list[str], paragraph: str | None) -> None:
    path = tmp_path / "article.jsonl"
    write(path, {"title": "凉亭说了什么", "text": TEXT.replace("凉\n亭", "凉亭\n亭"), "captions": ["图中是老王"]})
    faults = check(load_rows([write(tmp_path / "q.jsonl", unanswerable(absent=[group]))]), load_source([path]))
    told = f"absent: {' + '.join(group)} stand together in: {paragraph}"
    assert faults == ([("q-9", told)] if paragraph else [])


def test_a_long_paragraph_is_named_by_its_beginning(tmp_path: Path) -> None:
    article = write(tmp_path / "article.jsonl", {"title": "题", "text": "起" * 60 + "木桥"})
    rows = load_rows([write(tmp_path / "q.jsonl", unanswerable(absent=[["甲"], ["木桥"]]))])
    assert check(rows, load_source([article])) == [("q-9", f"absent: 木桥 stand together in: {'起' * 40}")]


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
    source = load_source([folder])
    text = source.text
    assert "18个凉亭" in text
    assert "去年修了" not in text
    assert "青石镇里" not in text
    assert sorted(source.paragraphs) == ["修了18个凉亭", "镇里去年", "青石", "题"]


def test_nothing_to_check_exits_two(tmp_path: Path, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = write(tmp_path / "q.jsonl", figure())
    empty = write(tmp_path / "empty.jsonl")
    articles = write(tmp_path / "articles.jsonl", {"title": "无正文"})
    (tmp_path / "none").mkdir()
    for file, text in [(tmp_path / "no.jsonl", source), (empty, source), (good, tmp_path / "none"), (good, articles)]:
        assert main([str(file), "--source", str(text)]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
