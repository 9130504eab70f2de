"""Question files: what is read from them, and what is refused with the line named."""

import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from eval.question import Question, QuestionError, QuestionFileError, read_questions

OWN = sorted((Path(__file__).parent.parent / "eval" / "questions").glob("*.jsonl"))
FULL: dict[str, Any] = {
    "id": "q1", "question": "其中多少个开工？", "answers": ["24个"], "must_include": [["24个", "二十四个"]],
    "history": [
        {"role": "user", "content": "推介了多少个项目？"}, {"role": "assistant", "content": "72个。"},
        {"role": "user", "content": "其中多少个签约？"},
    ],
    "evidence": ["24个项目开工"], "type": "figure", "style": "follow-up", "difficulty": "hard", "article": "题目",
    "relevant": {"a1": 2}, "given": ["a1", "a2"], "forms": ["24个点"], "alternatives": ["24个", "24"], "fake": ["42个"], "why": "unknown field",
}  # fmt: skip


def test_every_field() -> None:
    assert Question.from_dict(FULL) == Question(
        id="q1", text="其中多少个开工？", history=("推介了多少个项目？", "其中多少个签约？"), answers=("24个",),
        must_include=(("24个", "二十四个"),), evidence=("24个项目开工",), type="figure", style="follow-up",
        difficulty="hard", article="题目", relevant={"a1": 2}, given=("a1", "a2"), forms=("24个点",), alternatives=("24个", "24"),
        fake=("42个",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("extra", "type_"),
    [({}, ""), ({"unanswerable": True}, "unanswerable"), ({"unanswerable": True, "type": "date"}, "date")],
)
def test_type_of_an_unanswerable_question(extra: dict[str, Any], type_: str) -> None:
    assert Question.from_dict({"id": "q", "question": "?", **extra}).type == type_


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_own_files_are_read_and_written_alike(path: Path) -> None:
    questions = read_questions(path)
    assert [Question.from_dict(json.loads(json.dumps(question.to_dict()))) for question in questions] == questions


def test_to_dict_leaves_empty_fields_out() -> None:
    assert Question("q", "谁？").to_dict() == {"id": "q", "question": "谁？"}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"id": None}, '"id"'), ({"id": " "}, '"id"'), ({"id": 7}, '"id"'), ({"question": ""}, '"question"'),
        ({"answers": "24个"}, '"answers"'), ({"answers": [24]}, '"answers"'), ({"evidence": [""]}, '"evidence"'),
        ({"must_include": ["24个"]}, '"must_include"'), ({"must_include": [[]]}, '"must_include"'),
        ({"must_include": [[1]]}, '"must_include"'), ({"type": 1}, '"type"'), ({"unanswerable": "yes"}, '"unanswerable"'),
        ({"history": ["earlier"]}, '"history"'), ({"history": {"role": "user"}}, '"history"'),
        ({"relevant": ["a1"]}, '"relevant"'), ({"relevant": {"a1": 0}}, '"relevant"'), ({"relevant": {"a1": True}}, '"relevant"'),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(QuestionError, match=named):
        Question.from_dict(FULL | change)


GOOD = json.dumps({"id": "q1", "question": "谁？"}, ensure_ascii=False)


@pytest.mark.parametrize("name", ["q.jsonl", "q.jsonl.xz"])
@pytest.mark.parametrize("text", [GOOD, f"\n{GOOD}\n\n", f"\ufeff{GOOD}\r\n", '{"id": "q1", "question": "谁？"}\n'])
def test_files(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(lzma.compress(text.encode()) if name.endswith(".xz") else text.encode())
    assert read_questions(path) == [Question("q1", "谁？")]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("q.jsonl", b"", "holds no question"), ("q.jsonl", b"\n \n", "holds no question"),
        ("q.jsonl", b"{", "line 1: is not JSON"), ("q.jsonl", b"[1]", "line 1: is no JSON object"),
        ("q.jsonl", f"{GOOD}\n\n{{}}".encode(), 'line 3: "id"'),
        ("q.jsonl", f"{GOOD}\n\n{GOOD}".encode(), "line 3: the id 'q1' is that of line 1"),
        ("q.jsonl", "问".encode("gb18030"), "is not UTF-8"), ("q.jsonl.xz", GOOD.encode(), "is not xz-compressed"),
        ("q.jsonl", b"[" * 100_000, "line 1: is not JSON"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_named_with_its_line(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(QuestionFileError, match=said) as raised:
        read_questions(tmp_path / name)
    assert str(tmp_path / name) in str(raised.value)


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(QuestionFileError, match="cannot be read"):
        read_questions(tmp_path / name)
