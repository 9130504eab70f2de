"""Every command: what it prints, the exit status, and one line on stderr for everything that cannot be done."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from index.manifest import FORMAT
from index.snapshot import Snapshot
from service.cli import main
from service.records.tables import VERSION
from tests.policies import ARTICLES, write_articles

ROOT = Path(__file__).parent.parent
BUILT = re.compile(r"(\d+) articles, (\d+) passages \((\d+) encoded\) in \d+\.\d s, snapshot \d{6}-[0-9a-f]{8}")
STORY = "镜湖县修了一条绿道\n2023年，镜湖县新修绿道63公里，沿线建成驿站21座，周末游客日均4800人次。"


@dataclass(frozen=True, slots=True)
class Ran:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def wence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command here, in an empty working folder and without settings from outside."""
    for name in [name for name in os.environ if name.startswith("WENCE_")]:
        monkeypatch.delenv(name)
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")

    def run(*words: object) -> Ran:
        try:
            status = main([str(word) for word in words])
        except SystemExit as stop:
            status = int(str(stop.code or 0))
        return Ran(status, *capsys.readouterr())

    return run


def refused(ran: Ran, *says: str) -> None:
    """The one shape of a command that could do nothing: status 2, one line that holds all of `says`, no output."""
    assert ran.status == 2, ran
    assert ran.out == ""
    assert ran.err.count("\n") == 1
    assert ran.err.endswith("\n")
    assert ran.err.startswith("wence")
    assert "Traceback" not in ran.err
    for word in says:
        assert word in ran.err


def process(*words: object, **settings: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WENCE_")} | settings
    command = [sys.executable, "-m", "service.cli", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)


# build, add, remove, articles, show


def test_build_says_what_it_wrote_and_which_file_it_could_not_read(wence: Run, tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    write_articles(folder / "a.jsonl")
    (folder / "b.txt").write_text(STORY, encoding="utf-8")
    ran = wence("build", folder, "--snapshot", tmp_path / "s")
    assert (ran.status, ran.err) == (0, "")
    assert (match := BUILT.search(ran.out)) is not None
    assert match.groups()[0] == str(len(ARTICLES) + 1)
    assert match[2] == match[3]
    (folder / "c.txt").write_bytes(b"")
    (folder / "d.md").write_bytes(b"\x00\x01\x02" * 50)
    ran = wence("build", folder, "--snapshot", tmp_path / "s")
    assert ran.status == 1
    assert BUILT.search(ran.out)
    assert "2 sources could not be read" in ran.out
    lines = ran.err.splitlines()
    assert [line.split(": ")[1] for line in lines] == [str(folder / "c.txt"), str(folder / "d.md")]
    assert "empty" in lines[0]
    assert "binary" in lines[1]
    assert len(wence("articles", "--snapshot", tmp_path / "s", "--json").json) == len(ARTICLES) + 1


def test_build_takes_globs_and_the_default_snapshot_folder(
    wence: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        (tmp_path / f"part{number}.txt").write_text(f"第{number}篇\n{STORY}", encoding="utf-8")
    assert wence("build", tmp_path / "part[01].txt").status == 0
    assert (Path.cwd() / "snapshot" / "CURRENT").is_file()
    assert [item["title"] for item in wence("articles", "--json").json] == ["第0篇", "第1篇"]
    monkeypatch.setenv("WENCE_SNAPSHOT", str(tmp_path / "elsewhere"))
    assert wence("build", tmp_path / "part2.txt").status == 0
    assert [item["title"] for item in wence("articles", "--json").json] == ["第2篇"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_source_is_read_right_whatever_its_encoding(wence: Run, tmp_path: Path, encoding: str) -> None:
    (tmp_path / "story.txt").write_bytes(STORY.encode(encoding))
    assert wence("build", tmp_path / "story.txt", "--snapshot", tmp_path / "s").status == 0
    found = wence("articles", "--snapshot", tmp_path / "s", "--json").json[0]
    shown = wence("show", found["id"], "--snapshot", tmp_path / "s", "--json").json
    assert [shown["title"], shown["text"]] == STORY.split("\n")
    asked = wence("ask", "镜湖县新修绿道多少公里？", "--snapshot", tmp_path / "s", "--json").json
    assert asked["short_answers"] == ["63公里"]


def test_add_and_remove_change_the_snapshot_in_place(wence: Run, tmp_path: Path, mine: Path) -> None:
    (tmp_path / "new.txt").write_text(STORY, encoding="utf-8")
    ran = wence("add", tmp_path / "new.txt", "--snapshot", mine)
    assert ran.status == 0
    assert (match := BUILT.search(ran.out)) is not None
    assert (match[1], match[3]) == (str(len(ARTICLES) + 1), "1")  # only the new passage is encoded
    listed = wence("articles", "--snapshot", mine, "--json").json
    assert [item["id"] for item in listed[:-1]] == [item["id"] for item in ARTICLES]
    assert "63公里" in wence("ask", "镜湖县新修绿道多少公里？", "--snapshot", mine).out
    ran = wence("remove", listed[-1]["id"], "beilan-bus", "--snapshot", mine)
    assert ran.status == 0
    left = [item["id"] for item in wence("articles", "--snapshot", mine, "--json").json]
    assert left == [item["id"] for item in ARTICLES if item["id"] != "beilan-bus"]
    assert "63公里" not in wence("ask", "镜湖县新修绿道多少公里？", "--snapshot", mine).out


def test_add_replaces_an_article_of_the_same_id_in_its_place(wence: Run, tmp_path: Path, mine: Path) -> None:
    edited = ARTICLES[7] | {"text": "2024年，北岚市新开公交线路33条。"}
    ran = wence("add", write_articles(tmp_path / "edited.jsonl", (edited,)), "--snapshot", mine)
    assert (match := BUILT.search(ran.out)) is not None
    assert (match[1], match[3]) == (str(len(ARTICLES)), "1")
    assert wence("articles", "--snapshot", mine, "--json").json[7]["id"] == edited["id"]
    assert wence("show", edited["id"], "--snapshot", mine, "--json").json["text"] == edited["text"]


def test_removing_every_article_leaves_a_snapshot_that_refuses(wence: Run, mine: Path) -> None:
    assert wence("remove", *[item["id"] for item in ARTICLES], "--snapshot", mine).status == 0
    assert wence("articles", "--snapshot", mine, "--json").json == []
    assert wence("search", "公交线路", "--snapshot", mine, "--json").json["hits"] == []
    assert wence("ask", "公交线路多少条？", "--snapshot", mine, "--json").json["status"] == "unanswerable"


def test_articles_lists_what_is_known_of_each(wence: Run, policies: Path) -> None:
    first, *rest = wence("articles", "--snapshot", policies, "--json").json
    assert first == {
        "id": "yunlan-window", "title": "云澜市：一扇窗口办成一揽子事", "authors": ["林岚", "周听"], "column": "政务",
        "issue": "云川政策 2024年第3期", "date": "2024-03-05", "page": "12", "language": "zh", "captions": 0,
        "characters": len(str(ARTICLES[0]["text"])),
    }  # fmt: skip
    assert [item["id"] for item in rest] == [item["id"] for item in ARTICLES[1:]]
    lines = wence("articles", "--snapshot", policies).out.splitlines()
    assert len(lines) == len(ARTICLES)
    assert lines[0].startswith("yunlan-window  云澜市：一扇窗口办成一揽子事  (林岚、周听 · 政务 · ")
    assert "第12页" in lines[0]


def test_show_prints_the_text_and_the_reference(wence: Run, policies: Path) -> None:
    shown = wence("show", "sisong", "--snapshot", policies, "--json").json
    assert shown["text"] == ARTICLES[3]["text"]
    assert shown["reference"] == "陶知秋：《“四送一办”走进工厂》，2024-05-06"
    out = wence("show", "sisong", "--snapshot", policies).out
    assert out.startswith(shown["reference"])
    assert shown["text"] in out


# compact, verify, versions, rollback


def test_versions_are_listed_and_gone_back_to(wence: Run, mine: Path) -> None:
    assert wence("remove", "beilan-bus", "--snapshot", mine).status == 0
    lines = wence("versions", "--snapshot", mine).out.splitlines()
    assert [line.split("  ")[0][:6] for line in lines] == ["000002", "000001"]
    assert [line.endswith("current") for line in lines] == [True, False]
    assert f"{len(ARTICLES) - 1} articles" in lines[0]
    ran = wence("rollback", "--snapshot", mine)
    assert (ran.status, ran.out) == (0, f"snapshot {lines[1].split('  ')[0]}\n")
    assert len(wence("articles", "--snapshot", mine, "--json").json) == len(ARTICLES)
    refused(wence("rollback", "--snapshot", mine), "no earlier version", "wence versions")
    refused(wence("rollback", "000009-00000000", "--snapshot", mine), "000009-00000000", "wence versions")
    assert wence("rollback", lines[0].split("  ")[0], "--snapshot", mine).status == 0
    assert len(wence("articles", "--snapshot", mine, "--json").json) == len(ARTICLES) - 1


def test_so_many_versions_are_kept_as_the_setting_says(
    wence: Run, tmp_path: Path, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENCE_VERSIONS", "3")
    source = write_articles(tmp_path / "a.jsonl")
    for command in (("build", source), ("remove", "beilan-bus"), ("add", source), ("compact",)):
        assert wence(*command, "--snapshot", mine).status == 0
    assert len(wence("versions", "--snapshot", mine).out.splitlines()) == 3
    monkeypatch.setenv("WENCE_VERSIONS", "0")
    refused(wence("versions", "--snapshot", mine), "WENCE_VERSIONS")


def test_compact_keeps_every_article_and_encodes_nothing(wence: Run, mine: Path) -> None:
    ran = wence("compact", "--snapshot", mine)
    assert ran.status == 0
    assert (match := BUILT.search(ran.out)) is not None
    assert (match[1], match[3]) == (str(len(ARTICLES)), "0")
    assert wence("verify", "--snapshot", mine).status == 0


def test_verify_names_every_fault(wence: Run, mine: Path) -> None:
    ran = wence("verify", "--snapshot", mine)
    assert (ran.status, ran.err) == (0, "")
    assert re.fullmatch(rf"\d{{6}}-[0-9a-f]{{8}}: {len(ARTICLES)} articles, \d+ passages, \d+ files, sound\n", ran.out)
    version = next((mine / "versions").iterdir())
    for name in ("store.sqlite", "vectors.faiss"):
        (version / name).write_bytes((version / name).read_bytes()[:-1])
    ran = wence("verify", "--snapshot", mine)
    assert (ran.status, ran.out) == (2, "")
    assert [line.split(": ")[1] for line in ran.err.splitlines()] == [
        str(version / name) for name in ("store.sqlite", "vectors.faiss")
    ]
    refused(wence("verify", "--snapshot", mine / "none"), "wence build")


@pytest.mark.parametrize("command", ["compact", "verify", "versions", "rollback"])
def test_without_a_snapshot_there_is_nothing_to_do(wence: Run, tmp_path: Path, command: str) -> None:
    refused(wence(command, "--snapshot", tmp_path / "none"), "none")
    assert not (tmp_path / "none").exists()


def test_as_of_a_day_only_what_was_there_answers(wence: Run, policies: Path) -> None:
    bus = next(item for item in ARTICLES if item["id"] == "beilan-bus")
    words = ("search", "公交线路", "--snapshot", policies, "--json")

    def found(*more: str) -> set[str]:
        return {hit["article_id"] for hit in wence(*words, *more).json["hits"]}

    assert "beilan-bus" in found()
    assert "beilan-bus" in found("--as-of", str(bus["date"]))
    assert "beilan-bus" not in found("--as-of", "2000-01-01")
    asked = wence("ask", "北岚市新开公交线路多少条？", "--snapshot", policies, "--json", "--as-of", "2000-01-01").json
    assert asked["status"] == "unanswerable"
    refused(wence(*words, "--as-of", "2024-02-30"), "2024-02-30", "YYYY-MM-DD")


# search and ask


def test_search_gives_hits_with_scores_best_first(wence: Run, policies: Path) -> None:
    found = wence("search", "公交线路", "--snapshot", policies, "--json", "--top-k", 3).json
    assert set(found) == {"hits", "snapshot"}
    assert found["hits"][0]["article_id"] == "beilan-bus"
    assert len(found["hits"]) <= 3
    fused = [hit["scores"]["fused"] for hit in found["hits"]]
    assert fused == sorted(fused, reverse=True)
    texts = {str(item["id"]): str(item["text"]) for item in ARTICLES}
    for hit in found["hits"]:
        assert set(hit) == {
            "passage_id",
            "article_id",
            "title",
            "heading",
            "text",
            "start",
            "end",
            "scores",
            "duplicates",
        }
        assert texts[hit["article_id"]][hit["start"] : hit["end"]] == hit["text"]
    out = wence("search", "公交线路", "--snapshot", policies, "--top-k", 1).out
    assert out.startswith("1. 民生 › 北岚市公交换新车  [")
    assert "lexical " in out
    assert "dense " in out


def test_ask_answers_for_people_and_as_json(wence: Run, policies: Path) -> None:
    answer = wence("ask", "北岚市新开公交线路多少条？", "--snapshot", policies, "--json").json
    assert set(answer) == {
        "id", "question", "status", "answer", "short_answers", "statements", "citations", "figures", "retrieved",
        "reason", "composer", "model", "timings_ms", "snapshot", "confidence",
    }  # fmt: skip
    assert (answer["id"], answer["status"], answer["short_answers"]) == (None, "answered", ["28条"])
    out = wence("ask", "北岚市新开公交线路多少条？", "--snapshot", policies).out
    first, *rest = out.splitlines()
    assert first == answer["answer"]
    citation = answer["citations"][0]
    assert [line.strip() for line in rest if line] == [f"[1] {citation['reference']}", citation["quote"]]


def test_a_file_of_questions_is_answered_in_order_with_ids_and_history(
    wence: Run, policies: Path, tmp_path: Path
) -> None:
    rows: list[dict[str, object]] = [
        {"id": "b", "question": "北岚市新开公交线路多少条？"},
        {"id": "a", "question": "投放新能源公交车多少辆呢？", "history": [
            {"role": "user", "content": "北岚市新开公交线路多少条？"}, {"role": "assistant", "content": "28条"}]},
        {"question": "松坪县建成多少家老年食堂？", "answers": ["147家"]},
        {"id": "empty", "question": "  "},
        {"id": "long", "question": "问" * 100_000},
    ]  # fmt: skip
    questions, answers = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    questions.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    ran = wence("ask", "--questions", questions, "--answers", answers, "--snapshot", policies)
    assert (ran.status, ran.out) == (0, "")
    assert ran.err.endswith("5/5\n")
    found = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in found] == ["b", "a", None, "empty", "long"]
    assert [row["short_answers"] for row in found[:3]] == [["28条"], ["460辆"], ["147家"]]
    assert [row["status"] for row in found[3:]] == ["unanswerable"] * 2
    assert "100000" in found[4]["reason"]
    single = wence("ask", str(rows[0]["question"]), "--snapshot", policies, "--json").json
    assert {**found[0], "id": None, "timings_ms": {}} == {**single, "timings_ms": {}}


def test_a_file_of_questions_for_hits(wence: Run, policies: Path, tmp_path: Path) -> None:
    questions, hits = tmp_path / "q.jsonl", tmp_path / "h.jsonl"
    questions.write_text('{"id": "1", "question": "公交线路"}\n\n{"id": "2", "question": "夜校"}\n', encoding="utf-8")
    ran = wence("search", "--questions", questions, "--hits", hits, "--top-k", 2, "--snapshot", policies)
    assert ran.status == 0
    found = [json.loads(line) for line in hits.read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["hits"][0]["article_id"]) for row in found] == [("1", "beilan-bus"), ("2", "night-school")]
    assert all(set(row) == {"id", "hits"} and len(row["hits"]) <= 2 for row in found)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_file_of_questions_is_read_whatever_its_encoding(
    wence: Run, policies: Path, tmp_path: Path, encoding: str
) -> None:
    line = json.dumps({"id": "1", "question": "北岚市新开公交线路多少条？"}, ensure_ascii=False)
    (tmp_path / "q.jsonl").write_bytes(line.encode(encoding))
    words = ("--questions", tmp_path / "q.jsonl", "--answers", tmp_path / "a.jsonl", "--snapshot", policies)
    assert wence("ask", *words).status == 0
    assert json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8"))["short_answers"] == ["28条"]


@pytest.mark.parametrize(
    "line",
    [
        "北岚市新开公交线路多少条？",
        '{"id": "x", "question": ',
        '["question"]',
        '{"id": "x"}',
        '{"id": "x", "question": 7}',
        '{"id": "x", "question": null}',
        '{"id": "x", "question": "谁？", "history": "北岚市"}',
        '{"id": "x", "question": "谁？", "history": ["北岚市"]}',
        '{"id": "x", "question": "谁？", "history": [{"role": "user"}]}',
        '{"id": "x", "question": "谁？", "history": [{"role": "user", "content": 7}]}',
        "[" * 100_000,
    ],
    ids=lambda line: str(line)[:40],
)
def test_a_line_that_is_no_question_is_named_and_the_rest_is_done(
    wence: Run, policies: Path, tmp_path: Path, line: str
) -> None:
    sound = json.dumps({"id": "sound", "question": "北岚市新开公交线路多少条？"}, ensure_ascii=False)
    (tmp_path / "q.jsonl").write_text(f"{sound}\n{line}\n{sound}\n", encoding="utf-8")
    for command, option in (("ask", "--answers"), ("search", "--hits")):
        output = tmp_path / f"{command}.jsonl"
        ran = wence(command, "--questions", tmp_path / "q.jsonl", option, output, "--snapshot", policies)
        assert ran.status == 1
        assert f"{tmp_path / 'q.jsonl'}:2: " in ran.err
        assert ran.err.count("wence: ") == 1
        rows = [json.loads(row) for row in output.read_text(encoding="utf-8").splitlines()]
        assert [row["id"] for row in rows] == ["sound", "sound"]


@pytest.mark.parametrize("field", ["question", "id"])
def test_half_a_surrogate_pair_in_a_file_of_questions(wence: Run, policies: Path, tmp_path: Path, field: str) -> None:
    row = {"id": "1", "question": "公交线路"} | {field: "公交\ud83d"}
    (tmp_path / "q.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    words = ("--questions", tmp_path / "q.jsonl", "--answers", tmp_path / "a.jsonl", "--snapshot", policies)
    assert "Traceback" not in wence("ask", *words).err
    assert json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8"))["id"] == row["id"]


# what cannot be done


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.txt", None, "does not exist"),
        ("empty.txt", b"", "is empty"),
        ("blank.md", " \n\t\n　\n".encode(), "is empty"),
        ("binary.txt", bytes(range(256)) * 8, "binary"),
        ("noise.txt", b"\xff\xfa\x81\x90" * 200, "UTF-8"),
        ("picture.png", b"\x89PNG\r\n", ".txt, .md, .jsonl"),
        ("broken.jsonl", b'{"title": "x"', "line 1"),
        ("untitled.jsonl", b'{"text": "x"}', '"title"'),
        ("no*match?.txt", None, "matches no file"),
    ],
)
def test_a_source_that_cannot_be_read(wence: Run, tmp_path: Path, name: str, content: bytes | None, says: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    refused(wence("build", tmp_path / name, "--snapshot", tmp_path / "s"), name, says)
    assert not (tmp_path / "s" / "CURRENT").exists()
    refused(wence("ask", "谁？", "--snapshot", tmp_path / "s"), "wence build")


def test_a_folder_without_documents(wence: Run, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    refused(wence("build", tmp_path / "docs", "--snapshot", tmp_path / "s"), "docs", "no documents")


@pytest.mark.parametrize(
    "words",
    [
        ("articles",),
        ("show", "sisong"),
        ("search", "公交"),
        ("ask", "公交多少辆？"),
        ("add", str(ROOT / "corpus" / "04-husuhu-tielu.md")),
        ("remove", "sisong"),
        ("serve", "--port", "0"),
    ],
)
def test_no_snapshot(wence: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    refused(wence(*words, "--snapshot", tmp_path / "none"), str(tmp_path / "none"), "no snapshot", "wence build")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("damage", ["truncated", "flipped", "removed"])
@pytest.mark.parametrize("name", ["CURRENT", "manifest.json", "store.sqlite", "vectors.faiss", "meta.json", "*.idx"])
def test_a_broken_snapshot_is_refused_and_a_build_mends_it(
    wence: Run, mine: Path, tmp_path: Path, name: str, damage: str
) -> None:
    path = next(mine.rglob(name))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle] ^= 0x01
    if damage == "removed":
        path.unlink()
    else:
        path.write_bytes(content if damage == "flipped" else content[:middle])
    for words in (("ask", "公交多少辆？"), ("articles",), ("serve", "--port", "0"), ("remove", "sisong")):
        refused(wence(*words, "--snapshot", mine), str(mine), "wence build")
    source = write_articles(tmp_path / "again.jsonl")
    assert wence("build", source, "--snapshot", mine).status == 0
    assert len(wence("articles", "--snapshot", mine, "--json").json) == len(ARTICLES)


@pytest.mark.parametrize(
    ("question", "says"),
    [("", "empty"), (" \n　", "empty"), ("问" * 100_000, "100000 characters"), ("公交\udcff", "surrogate")],
    ids=["none", "blank", "long", "half a pair"],
)
@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_that_cannot_be_asked(wence: Run, policies: Path, command: str, question: str, says: str) -> None:
    for form in ((), ("--json",)):
        refused(wence(command, question, *form, "--snapshot", policies), says)


@pytest.mark.parametrize(
    "question", ["😀", "？", "ＧＤＰ", "a", "国", "\0", "%s{}$(x)`", "多少" * 900, "公交\n线路\t多少条"]
)
def test_an_odd_question_is_answered_or_refused_in_one_piece(wence: Run, policies: Path, question: str) -> None:
    ran = wence("ask", question, "--snapshot", policies, "--json")
    assert (ran.status, ran.err) == (0, "")
    assert ran.json["question"] == question


def test_an_unknown_article(wence: Run, mine: Path) -> None:
    before = (mine / "CURRENT").read_text(encoding="utf-8")
    for words in (
        ("show", "nobody"),
        ("remove", "sisong", "nobody"),
        ("show", "\udcff"),
        ("show", "'; DROP TABLE articles"),
    ):
        refused(wence(*words, "--snapshot", mine), repr(words[-1]).strip("'\""), "wence articles")
    assert (mine / "CURRENT").read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "COMMAND"),
        (("sing",), "sing"),
        (("build",), "SOURCE"),
        (("remove",), "ARTICLE_ID"),
        (("show",), "ARTICLE_ID"),
        (("ask",), "--questions"),
        (("search",), "--questions"),
        (("ask", "谁？", "--top-k", "0"), "--top-k"),
        (("ask", "谁？", "--top-k", "many"), "'many'"),
        (("search", "谁？", "--top-k", "9" * 20), "--top-k"),
        (("ask", "谁？", "--loud"), "--loud"),
        (("ask", "--questions", "q.jsonl"), "--answers"),
        (("search", "--questions", "q.jsonl"), "--hits"),
        (("serve", "--port", "abc"), "abc"),
        (("serve", "--workers", "0"), "--workers"),
    ],
)
def test_wrong_arguments(wence: Run, words: tuple[str, ...], says: str) -> None:
    ran = wence(*words)
    refused(ran, says, "--help")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WENCE_PORT", "abc"),
        ("WENCE_PORT", "70000"),
        ("WENCE_TOP_K", "0"),
        ("WENCE_WORKERS", "-1"),
        ("WENCE_TOP_K", ""),
    ],
)
def test_a_setting_that_cannot_be_read(
    wence: Run, policies: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    refused(wence("ask", "谁？", "--snapshot", policies), name)


def test_a_file_of_questions_that_cannot_be_read_or_written(wence: Run, policies: Path, tmp_path: Path) -> None:
    questions, answers = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    last = ("--answers", answers, "--snapshot", policies)
    refused(wence("ask", "--questions", questions, *last), str(questions))
    refused(wence("ask", "--questions", tmp_path, *last), str(tmp_path))
    for content, says in ((b"", "no questions"), (b"\n \n", "no questions"), (bytes(range(256)) * 9, "binary")):
        questions.write_bytes(content)
        refused(wence("ask", "--questions", questions, *last), str(questions), says)
    assert not answers.exists()
    questions.write_text('{"question": "公交线路"}\n', encoding="utf-8")
    for output in (tmp_path / "none" / "a.jsonl", tmp_path):
        refused(wence("ask", "--questions", questions, "--answers", output, "--snapshot", policies), str(output))
    refused(wence("ask", "--questions", questions, "--answers", questions, "--snapshot", policies), str(questions))
    assert questions.read_text(encoding="utf-8") == '{"question": "公交线路"}\n'


def test_a_snapshot_folder_that_cannot_be_written(wence: Run, tmp_path: Path) -> None:
    source = write_articles(tmp_path / "a.jsonl")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/wence")):
        refused(wence("build", source, "--snapshot", folder), str(folder), "name another folder")
    refused(wence("build", source, "--snapshot", tmp_path / ("long" * 200)), "longlong")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


def test_a_folder_with_other_things_in_it_is_left_alone(wence: Run, tmp_path: Path) -> None:
    source = write_articles(tmp_path / "a.jsonl")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("x", encoding="utf-8")
    refused(wence("build", source, "--snapshot", tmp_path / "home"), str(tmp_path / "home"), "name another folder")
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["letter.txt"]


def test_a_port_in_use(wence: Run, policies: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused(wence("serve", "--port", port, "--snapshot", policies), f"127.0.0.1:{port}", "--port")
    refused(wence("serve", "--port", 70000, "--snapshot", policies), "70000", "--port")
    refused(wence("serve", "--host", "256.1.1.1", "--port", 0, "--snapshot", policies), "256.1.1.1")


def test_an_encoder_that_does_not_exist(
    wence: Run, tmp_path: Path, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENCE_ENCODER", "nobody/no-such-encoder")
    source = write_articles(tmp_path / "a.jsonl")
    for words in (("build", source), ("ask", "谁？")):
        refused(wence(*words, "--snapshot", mine), "nobody/no-such-encoder", "wence-static")
    assert len(wence("articles", "--snapshot", mine, "--json").json) == len(ARTICLES)  # needs no encoder


def test_a_snapshot_of_another_encoder(wence: Run, shared_folder: Path, tmp_path: Path) -> None:
    refused(wence("ask", "港口集团资产多少？", "--snapshot", shared_folder), "hash", "wence-static", "WENCE_ENCODER")
    copied = shutil.copytree(shared_folder, tmp_path / "copied")
    refused(wence("add", write_articles(tmp_path / "a.jsonl"), "--snapshot", copied), "hash", "wence upgrade")


def test_what_fails_leaves_the_snapshot_answering_as_before(wence: Run, mine: Path, tmp_path: Path) -> None:
    before = wence("ask", "北岚市新开公交线路多少条？", "--snapshot", mine, "--json").json
    (tmp_path / "empty.txt").write_bytes(b"")
    for command in ("build", "add"):
        ran = wence(command, tmp_path / "empty.txt", tmp_path / "missing.md", "--snapshot", mine)
        assert ran.status == (2 if command == "build" else 1)
        assert "empty.txt" in ran.err
        assert "missing.md" in ran.err
    refused(wence("remove", "nobody", "--snapshot", mine), "nobody")
    after = wence("ask", "北岚市新开公交线路多少条？", "--snapshot", mine, "--json").json
    assert {**after, "timings_ms": {}} == {**before, "timings_ms": {}}
    assert [path.name for path in (mine / "versions").iterdir()] == [before["snapshot"]]


# as a process


def test_as_a_process(policies: Path) -> None:
    ran = process("ask", "北岚市新开公交线路多少条？", "--json", WENCE_SNAPSHOT=str(policies), PYTHONWARNINGS="error")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["short_answers"] == ["28条"]
    ran = process("ask", "谁？", "--snapshot", policies / "nowhere")
    refused(Ran(ran.returncode, ran.stdout, ran.stderr), "nowhere", "wence build")


def test_a_reader_that_has_enough_is_no_error(policies: Path) -> None:
    command = f"{sys.executable} -m service.cli articles --snapshot {policies} | true; echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert (ran.stdout, ran.stderr) == ("0\n", "")


def test_help_names_every_command_and_version_is_printed(wence: Run) -> None:
    ran = wence("--help")
    assert ran.status == 0
    for command in ("build", "add", "remove", "articles", "show", "search", "ask", "serve", "train"):
        assert re.search(rf"^ +{command} ", ran.out, re.MULTILINE)
        assert wence(command, "--help").out.startswith(f"usage: wence {command}")


def test_the_version_has_one_source_and_the_newest_entry_of_the_changelog(wence: Run, policies: Path) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    first, formats, *models = wence("--version").out.splitlines()
    assert first == f"wence {version}"
    assert formats == f"snapshot format {FORMAT}, reads 1; records {VERSION}"
    assert [line.split()[0] for line in models] == sorted(path.name for path in (ROOT / "models").glob("wence-*"))
    assert f"wence-static {Snapshot.open(policies).encoder.revision}" in models
    headings = re.findall(r"^## \[(.+?)\](?: - \d{4}-\d\d-\d\d)?$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert headings[:2] == ["Unreleased", version]


def test_serve_says_where_it_listens_and_stops_when_told(policies: Path) -> None:
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0", "--snapshot", str(policies)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        assert service.stderr is not None
        line = service.stdout.readline()
        match = re.fullmatch(r"wence answers on http://127\.0\.0\.1:(\d+) \(snapshot (.+)\)\n", line)
        assert match is not None
        with socket.create_connection(("127.0.0.1", int(match[1])), timeout=20) as connection:
            connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            reply = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        service.send_signal(signal.SIGTERM)
        assert service.wait(timeout=20) in (0, -signal.SIGTERM)
        assert service.stderr.read() == ""
    assert reply.startswith("HTTP/1.1 200")
    ready = json.loads(reply.split("\r\n\r\n")[1])
    assert (ready["status"], ready["snapshot"]) == ("ok", match[2])
