"""Commands, settings, make targets, modules, links and tests that README, CONTRIBUTING and docs/ name, against the code."""

import ast
import os
import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from service.cli.arguments import parse
from service.cli.training import train
from service.settings import Settings

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BESIDE_SETTINGS = {"WENCE_JUDGE_KEY"}
"""What `wence evaluate` reads for itself."""


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def commands(text: str) -> Iterator[list[str]]:
    """The words of every `wence` command in the `sh` blocks of a page, also where docker or kubectl runs it."""
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for line in block.replace("\\\n", " ").splitlines():
            lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
            lexer.whitespace_split = True
            segment: list[str] = []
            for word in [*lexer, ";"]:
                if not set(word) <= set("();<>|&"):
                    segment.append(word)
                    continue
                if words := _of_wence(segment):
                    yield words
                segment = []


def _of_wence(segment: list[str]) -> list[str]:
    """What follows `wence` where that is what a simple command runs, else nothing."""
    words = list(segment)
    while words and re.fullmatch(r"\w+=.*", words[0]):
        del words[0]
    if words[:1] and words[0].rpartition("/")[2] == "wence":
        return words[1:]
    if words[:1] == ["kubectl"] and "--" in words:
        return _of_wence(words[words.index("--") + 1 :])
    if words[:1] == ["docker"] and "run" in words and "wence" in words:
        return words[len(words) - words[::-1].index("wence") :]
    return []


def shown(text: str) -> Iterator[list[str]]:
    """The words of every command that a page names in passing, between backticks, whole or in part."""
    for found in re.findall(r"`wence ([a-z][^`\n]*)`", text):
        if not re.search(r"…|\.\.\.|\|", found):
            yield shlex.split(found)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("WENCE_")]:
        monkeypatch.delenv(name)


def fault(words: list[str], capsys: pytest.CaptureFixture[str], whole: bool) -> str:
    """What the real parser says against a command; of one that is not `whole`, its name and options alone are looked at."""
    if not words:
        return ""
    of_recipe = words[0] == "train" and len(words) > 1
    try:
        if whole:
            parse(words)
        parse([words[0], "--help"])
    except SystemExit as stop:
        told = capsys.readouterr()
        if stop.code:
            return told.err
    if of_recipe:
        with pytest.raises(SystemExit):
            train(parse([*words[:2], "--help"]))
        told = capsys.readouterr()
    options = [word.partition("=")[0] for word in words[1:] if word.startswith("--")]
    return " ".join(f"unknown: {option}" for option in options if not re.search(rf"(?<![\w-]){option}\b", told.out))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_of_a_page_is_one(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = page.read_text(encoding="utf-8")
    found = {" ".join(words): fault(words, capsys, whole=True) for words in commands(text)}
    found |= {" ".join(words): fault(words, capsys, whole=False) for words in shown(text)}
    assert {command: said for command, said in found.items() if said} == {}
    if page.name == "README.md":
        assert len(found) > 30


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ("wence ask 谁 --snapshot s  # why\nmake run", [["ask", "谁", "--snapshot", "s"]]),
        ("A=b .venv/bin/wence serve && wence keys list > f", [["serve"], ["keys", "list"]]),
        ("docker build -t wence . && docker run --rm wence ask 谁", [["ask", "谁"]]),
        ("kubectl -n wence exec deploy/wence -- wence verify", [["verify"]]),
        ("kubectl create namespace wence\npip install 'wence[milvus]'", []),
        ("wence build \\\n  a b", [["build", "a", "b"]]),
    ],
)
def test_commands_are_found(block: str, words: list[list[str]]) -> None:
    assert list(commands(f"a `wence serve`\n\n```sh\n{block}\n```\n")) == words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("ask 谁 --snapshot s", ""),
        ("asks 谁", "invalid choice: 'asks'"),
        ("ask 谁 --snapshots s", "unrecognized arguments: --snapshots"),
        ("build", "required: SOURCE"),
        ("train spans a.jsonl --out o", ""),
        ("train spans a.jsonl --outs o", "unknown: --outs"),
    ],
)
def test_wrong_commands_are_seen(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = fault(words.split(), capsys, whole=True)
    assert said in told
    assert bool(said) == bool(told)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_what_else_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    settings = {f"WENCE_{field.upper()}" for field in Settings.model_fields} | BESIDE_SETTINGS
    assert set(re.findall(r"\bWENCE_[A-Z_]+[A-Z]\b", text)) - settings == set()
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^ *)make ([a-z][a-z-]*)", text, re.MULTILINE)) - targets == set()
    assert [module for module in re.findall(r"python -m ([a-z_.]+[a-z])", text) if find_spec(module) is None] == []
    links = [link.partition("#")[0] for link in re.findall(r"\]\((?!https?://|#)([^)]+)\)", text)]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name, test in re.findall(r"`(test_\w+)\.py::(test_\w+)`", text):
        tree = ast.parse((ROOT / "tests" / f"{name}.py").read_text(encoding="utf-8"))
        assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{name}.py::{test}"
